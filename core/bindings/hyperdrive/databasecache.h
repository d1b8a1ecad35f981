// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/hyperdrive/querycache.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cleat::bindings::hyperdrive {

/// Stands between a client and its database, for one connection, and answers from a QueryCache what was asked before, in place of the database. What it does not understand it lets pass, for good.
/// An answer that is too old but may still be given is given at once; the question then goes to the database all the same, and the client does not see what is answered. Belongs to one thread.
class DatabaseCache
{
public:
    /// Is told the text of each query that is answered here; may be empty.
    using Answered = std::function<void(std::string_view sql)>;

    virtual ~DatabaseCache() = default;
    DatabaseCache(const DatabaseCache &) = delete;
    DatabaseCache &operator=(const DatabaseCache &) = delete;

    struct Passed {
        std::string toServer;
        std::string toClient;
    };
    /// `nowMs`: of a clock that does not go back.
    virtual Passed fromClient(std::string_view bytes, std::int64_t nowMs) = 0;
    /// What the client gets of it.
    virtual std::string fromServer(std::string_view bytes, std::int64_t nowMs) = 0;

protected:
    DatabaseCache() = default;
};

} // namespace cleat::bindings::hyperdrive
