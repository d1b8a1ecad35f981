// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/survival.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/bindings/cache/httpcache.h"
#include "core/bindings/d1/d1database.h"
#include "core/bindings/kv/kvnamespace.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/storage/blobremoval.h"
#include "core/storage/database.h"
#include "core/storage/names.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace cleat;
using namespace std::chrono_literals;

namespace {

constexpr auto name = "survival";

struct Backends {
    explicit Backends(const std::filesystem::path &state) : kv(state, name), r2(state, name), d1(state, name), cache(state, "") {}
    bindings::kv::KvNamespace kv;
    bindings::r2::R2Bucket r2;
    bindings::d1::D1Database d1;
    bindings::cache::HttpCache cache;
};

bool write(Backends &to, Survival::Kind kind, int number)
{
    const bool remove = number < 0;
    const int n = remove ? -number : number;
    const std::string key = Survival::key(n % Survival::slots_);
    const std::string value = Survival::value(n);
    switch (kind) {
    case Survival::Kind::Kv:
        return remove ? to.kv.remove(key).has_value() : to.kv.put(key, base::asBytes(value), {}).has_value();
    case Survival::Kind::Object:
        return remove ? to.r2.remove({key}).has_value() : to.r2.put(key, base::asBytes(value)).has_value();
    case Survival::Kind::Parts: {
        const std::string parts = "parts/" + key;
        const auto id = to.r2.createMultipartUpload(parts);
        auto writer = to.r2.write("uploadPart");
        if (!id || !writer || !writer->write(base::asBytes(value)))
            return false;
        const auto etag = to.r2.uploadPart(parts, *id, 1, std::move(*writer));
        return etag && to.r2.completeMultipartUpload(parts, *id, {{1, *etag}}).has_value();
    }
    case Survival::Kind::Rows: {
        const std::vector<bindings::d1::Query> queries{{"CREATE TABLE IF NOT EXISTS t (n INTEGER, half INTEGER)", {}}, {"INSERT INTO t VALUES (?, 1)", {double(n)}},
            {"INSERT INTO t VALUES (?, 2)", {double(n)}}};
        return to.d1.run(queries).has_value();
    }
    case Survival::Kind::Cache: {
        const std::string url = Survival::url(n % Survival::slots_);
        if (remove)
            return to.cache.remove(url).has_value();
        auto writer = to.cache.write();
        return writer && writer->write(base::asBytes(value)) && to.cache.put(url, {200, {{"x-n", std::to_string(n)}}, 0}, std::move(*writer), base::wallMs() + 3'600'000);
    }
    }
    return false;
}

/// What is there: a text, nothing, or an error.
base::Result<std::optional<std::string>> read(Backends &from, Survival::Kind kind, int slot)
{
    const std::string key = Survival::key(slot);
    switch (kind) {
    case Survival::Kind::Kv: {
        auto entry = from.kv.read(key);
        if (!entry)
            return std::unexpected(entry.error());
        return *entry ? std::optional(*(*entry)->value) : std::nullopt;
    }
    case Survival::Kind::Object:
    case Survival::Kind::Parts: {
        auto got = from.r2.get(kind == Survival::Kind::Parts ? "parts/" + key : key);
        if (!got)
            return std::unexpected(got.error());
        if (!*got)
            return std::nullopt;
        if ((*got)->whole)
            return *(*got)->whole;
        return (*got)->value->read(static_cast<std::size_t>((*got)->value->left()));
    }
    case Survival::Kind::Cache: {
        auto match = from.cache.match(Survival::url(slot));
        if (!match)
            return std::unexpected(match.error());
        if (!*match)
            return std::nullopt;
        if (!(*match)->missing.empty())
            return base::fail("test", "missing: " + (*match)->missing.string());
        if ((*match)->whole)
            return *(*match)->whole;
        std::string bytes(static_cast<std::size_t>((*match)->blob->size()), '\0');
        if (auto done = (*match)->blob->read(0, std::as_writable_bytes(std::span(bytes))); !done)
            return std::unexpected(done.error());
        return bytes;
    }
    case Survival::Kind::Rows:
        break;
    }
    return std::nullopt;
}

} // namespace

std::string Survival::value(int n)
{
    // Some small, some beyond what is kept in memory.
    const auto size = static_cast<std::size_t>(n % 11 == 0 ? 100'000 + n % 1000 : n % 97 * 13);
    return std::to_string(n) + ':' + std::string(size, static_cast<char>('a' + n % 26));
}

void Survival::child(int pipe) const
{
    Backends backends(m_state);
    for (int n = m_next;; ++n) {
        // Which kind comes first varies, so that each of them is met in its first write, too.
        for (int i = 0; i < 5; ++i) {
            const auto kind = static_cast<Kind>((n + i) % 5);
            const bool removes = n % 4 == 3 && kind != Kind::Parts && kind != Kind::Rows;
            Report report{kind, removes ? -n : n, Report::Phase::Begins};
            if (::write(pipe, &report, sizeof report) != sizeof report)
                ::_exit(2);
            if (!write(backends, kind, report.number))
                ::_exit(1);
            report.phase = Report::Phase::Done;
            if (::write(pipe, &report, sizeof report) != sizeof report)
                ::_exit(2);
        }
    }
}

QString Survival::round()
{
    int ends[2];
    if (::pipe(ends) != 0)
        return QStringLiteral("no pipe");
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::close(ends[0]);
        child(ends[1]);
    }
    ::close(ends[1]);
    std::optional<Report> pending;
    const auto take = [&] {
        Report report;
        if (::read(ends[0], &report, sizeof report) != sizeof report)
            return false;
        m_next = std::max(m_next, std::abs(report.number) + 1);
        pending = report;
        if (report.phase == Report::Phase::Begins)
            return true;
        pending.reset();
        ++m_writes;
        if (report.kind == Kind::Rows)
            m_rows.push_back(report.number);
        else
            m_known[{report.kind, report.slot()}] = report.number < 0 ? std::nullopt : std::optional(report.number);
        return true;
    };
    // From the first moment, in which files are made and opened, to some writes later.
    const int before = static_cast<int>(m_random() % 12);
    bool alive = true;
    for (int i = 0; i < before && alive; ++i)
        alive = take();
    ::usleep(m_random() % 3000);
    ::kill(pid, SIGKILL);
    while (take()) {}
    ::close(ends[0]);
    int status = 0;
    ::waitpid(pid, &status, 0);
    if (!WIFSIGNALED(status))
        return QStringLiteral("a write failed: the process ended with %1").arg(WEXITSTATUS(status));
    return check(pending);
}

QString Survival::check(const std::optional<Report> &pending)
{
    Backends backends(m_state);
    for (auto &[place, number] : m_known) {
        const auto &[kind, slot] = place;
        const auto found = read(backends, kind, slot);
        const QString where = QStringLiteral("kind %1, slot %2: ").arg(static_cast<int>(kind)).arg(slot);
        if (!found)
            return where + QString::fromStdString(found.error().message);
        const auto expected = number ? std::optional(value(*number)) : std::nullopt;
        if (*found == expected)
            continue;
        // The write that was cut off may have come through.
        if (pending && pending->kind == kind && pending->slot() == slot && *found == (pending->number < 0 ? std::nullopt : std::optional(value(pending->number)))) {
            number = pending->number < 0 ? std::nullopt : std::optional(pending->number);
            continue;
        }
        return where + QStringLiteral("%1 was acknowledged, but there is %2")
                           .arg(QString::fromStdString(expected.value_or("nothing").substr(0, 20)), QString::fromStdString((*found).value_or("nothing").substr(0, 20)));
    }
    if (pending && pending->kind != Kind::Rows && !m_known.contains({pending->kind, pending->slot()})) {
        const auto found = read(backends, pending->kind, pending->slot());
        if (!found || (*found && **found != value(std::abs(pending->number))))
            return QStringLiteral("the first write of a key was torn");
        m_known[{pending->kind, pending->slot()}] = *found ? std::optional(pending->number) : std::nullopt;
    }
    const bool rowPending = pending && pending->kind == Kind::Rows;
    if (!m_rows.empty() || rowPending) {
        const std::vector<bindings::d1::Query> queries{{"SELECT n FROM t GROUP BY n HAVING sum(half) = 3 ORDER BY n", {}}, {"SELECT count(*) FROM t", {}}};
        const auto outcome = backends.d1.run(queries);
        if (!outcome && m_rows.empty() && outcome.error().message.contains("no such table"))
            return {};
        if (!outcome)
            return QString::fromStdString(outcome.error().message);
        std::vector<int> there;
        for (const auto &cell : outcome->results[0].rows.cells)
            there.push_back(static_cast<int>(cell.type == bindings::d1::Cell::Type::Real ? cell.real : static_cast<double>(cell.integer)));
        if (rowPending && std::ranges::binary_search(there, pending->number))
            m_rows.push_back(pending->number);
        if (there != m_rows)
            return QStringLiteral("%1 rows were acknowledged, %2 are there").arg(m_rows.size()).arg(there.size());
        if (outcome->results[1].rows.cells[0].integer != static_cast<std::int64_t>(2 * there.size()))
            return QStringLiteral("half of a batch is there");
    }
    return {};
}

QString Survival::sweep()
{
    const std::string kvRows = "SELECT blob_id FROM _mf_entries";
    const std::string r2Rows = "SELECT blob_id FROM _mf_objects WHERE blob_id IS NOT NULL UNION SELECT blob_id FROM _mf_multipart_parts";
    for (const auto &[layout, id, sql] : {std::tuple(storage::kvLayout, std::string(name), kvRows), std::tuple(storage::r2Layout, std::string(name), r2Rows),
             std::tuple(storage::cacheLayout, std::string("default"), kvRows)}) {
        const std::filesystem::path file = storage::databaseFile(m_state, layout, id);
        const storage::BlobStore store(storage::blobFolder(m_state, layout, id));
        auto database = storage::Database::open(file, storage::Database::Mode::Existing);
        if (!database)
            return QString::fromStdString(database.error().message);
        std::set<std::string> named;
        {
            auto statement = (*database)->statement(sql);
            for (auto step = statement->step(); step && *step == storage::Statement::Step::Row; step = statement->step())
                named.emplace(statement->text(0));
            auto whole = (*database)->statement("PRAGMA integrity_check");
            if (!whole || !whole->step() || whole->text(0) != "ok")
                return QString::fromStdString(file.string()) + QStringLiteral(" is damaged");
        }
        const auto swept = storage::sweepBlobs(store, file.stem().string().substr(0, 16), 0s,
            [&](std::string_view blob) -> base::Result<bool> { return named.contains(std::string(blob)); });
        if (!swept)
            return QString::fromStdString(swept.error().message);
        std::set<std::string> there;
        for (const auto &entry : std::filesystem::directory_iterator(store.folder()))
            there.insert(entry.path().filename().string());
        if (there != named)
            return QStringLiteral("%1: %2 rows name files, %3 files are there").arg(QString::fromUtf8(layout.folder)).arg(named.size()).arg(there.size());
        if (const auto marks = store.folder().parent_path() / ".cleat"; std::filesystem::exists(marks) && !std::filesystem::is_empty(marks))
            return QString::fromStdString(marks.string()) + QStringLiteral(" is not empty");
    }
    return {};
}
