// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/d1/d1database.h"

#include "core/bindings/d1/d1connection.h"
#include "core/storage/database.h"
#include "core/storage/names.h"

#include <utility>

namespace cleat::bindings::d1 {

class D1Database::Private final
{
public:
    Private(const std::filesystem::path &state, std::string databaseId, std::chrono::milliseconds timeout)
        : id(std::move(databaseId)),
          file(storage::databaseFile(state, storage::d1Layout, id)),
          busyTimeout(timeout)
    {}

    base::Result<Connection *> open();

    const std::string id;
    const std::filesystem::path file;
    const std::chrono::milliseconds busyTimeout;
    std::function<bool()> stop;
    std::unique_ptr<Connection> connection;
};

base::Result<Connection *> D1Database::Private::open()
{
    if (connection && connection->moved())
        connection.reset();
    if (!connection) {
        auto opened = storage::Database::open(file, storage::Database::Mode::Create, busyTimeout);
        if (!opened)
            return std::unexpected(std::move(opened.error()));
        connection = std::make_unique<Connection>(std::move(*opened), stop);
    }
    return connection.get();
}

D1Database::D1Database(const std::filesystem::path &state, std::string id, std::chrono::milliseconds busyTimeout)
    : d(std::make_unique<Private>(state, std::move(id), busyTimeout))
{}

D1Database::~D1Database() = default;

const std::string &D1Database::id() const
{
    return d->id;
}

std::filesystem::path D1Database::file() const
{
    return d->file;
}

void D1Database::setStop(std::function<bool()> stop)
{
    d->stop = std::move(stop);
}

base::Result<D1Database::Outcome> D1Database::run(std::span<const Query> queries, Session session)
{
    auto connection = d->open();
    if (!connection)
        return std::unexpected(std::move(connection.error()));
    return (*connection)->run(queries, session);
}

} // namespace cleat::bindings::d1
