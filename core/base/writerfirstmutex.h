// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <pthread.h>

namespace cleat::base {

/// A shared mutex where a thread that wants it alone comes before those that would share it later. With std::shared_mutex (glibc's default kind of lock) readers who follow each
/// other closely keep a writer out for as long as they like. For std::unique_lock, std::shared_lock and std::condition_variable_any. A thread must not share it twice. Any thread.
/// Source: pthread_rwlockattr_setkind_np(3).
class WriterFirstMutex final
{
public:
    WriterFirstMutex()
    {
        pthread_rwlockattr_t kind;
        pthread_rwlockattr_init(&kind);
        pthread_rwlockattr_setkind_np(&kind, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
        pthread_rwlock_init(&m_lock, &kind);
        pthread_rwlockattr_destroy(&kind);
    }
    ~WriterFirstMutex() { pthread_rwlock_destroy(&m_lock); }
    WriterFirstMutex(const WriterFirstMutex &) = delete;
    WriterFirstMutex &operator=(const WriterFirstMutex &) = delete;

    void lock() { pthread_rwlock_wrlock(&m_lock); }
    void unlock() { pthread_rwlock_unlock(&m_lock); }
    void lock_shared() { pthread_rwlock_rdlock(&m_lock); }
    void unlock_shared() { pthread_rwlock_unlock(&m_lock); }

private:
    pthread_rwlock_t m_lock;
};

} // namespace cleat::base
