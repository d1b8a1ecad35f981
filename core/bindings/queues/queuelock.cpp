// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/bindings/queues/queuestore.h"
#include "core/storage/failure.h"

#include <cerrno>
#include <fcntl.h>
#include <span>
#include <sys/file.h>
#include <unistd.h>

namespace cleat::bindings::queues {

base::Result<std::unique_ptr<QueueLock>> QueueLock::take(const std::filesystem::path &state, std::string_view queue)
{
    // A queue's name may be anything, a file's not.
    const std::filesystem::path folder = QueueStore::fileOf(state).parent_path() / "delivery";
    const std::filesystem::path file = folder / (base::toHex(base::asBytes(queue.substr(0, 100))) + ".lock");
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return std::unexpected(storage::systemFailure("make", folder, error.value()));
    const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (descriptor < 0)
        return std::unexpected(storage::systemFailure("open", file, errno));
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        return std::unique_ptr<QueueLock>(new QueueLock(descriptor));
    const int why = errno;
    ::close(descriptor);
    if (why == EWOULDBLOCK)
        return nullptr;
    return std::unexpected(storage::systemFailure("lock", file, why));
}

QueueLock::~QueueLock()
{
    ::close(m_descriptor);
}

} // namespace cleat::bindings::queues
