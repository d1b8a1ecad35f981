// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

namespace cleat::storage {

class Database;

/// A write transaction. wrangler does not wait for locks, so what is slow (values, folders) is done before begin(), and commit() follows at once.
/// Without commit() the end of the scope takes everything back.
class Transaction final
{
public:
    /// Yes: for the database's busy timeout. No: storage.busy at once when another program is writing.
    enum class Wait { Yes, No };

    static base::Result<Transaction> begin(Database &database, Wait wait = Wait::Yes);
    ~Transaction();
    Transaction(Transaction &&other) noexcept;
    Transaction(const Transaction &) = delete;
    Transaction &operator=(const Transaction &) = delete;
    Transaction &operator=(Transaction &&) = delete;

    base::Result<void> commit();

private:
    explicit Transaction(Database &database) : m_database(&database) {}

    Database *m_database; ///< null when over
};

} // namespace cleat::storage
