// SPDX-License-Identifier: GPL-3.0-or-later
// Listing a bucket.
#include "core/bindings/r2/r2store.h"

#include "core/base/bytes.h"
#include "core/bindings/listcursor.h"

#include <algorithm>
#include <utility>

namespace cleat::bindings::r2 {

using base::Result;
using storage::Database;
using storage::Statement;

namespace {

/// The first text, in byte order, after all that begin with `prefix`; the prefix is not empty and is UTF-8, which has no 0xFF.
std::string endOfPrefix(std::string prefix)
{
    prefix.back() = static_cast<char>(static_cast<unsigned char>(prefix.back()) + 1);
    return prefix;
}

void bindEnd(Statement &statement, int parameter, const std::string &end)
{
    if (end.empty())
        statement.bindEmptyBlob(parameter);
    else
        statement.bindText(parameter, end);
}

Object objectOf(Statement &row, const ListOptions &options)
{
    return {std::string(row.text(0)), std::string(row.text(1)), row.integer(2), std::string(row.text(3)), row.integer(4), std::string(row.text(5)),
        options.includeHttpMetadata ? std::string(row.text(6)) : "{}", options.includeCustomMetadata ? std::string(row.text(7)) : "{}", std::nullopt};
}

} // namespace

Result<ListResult> R2Store::list(const ListOptions &options, int limit)
{
    ListResult result;
    auto database = reader(Check::Now);
    if (!database)
        return std::unexpected(std::move(database.error()));
    // wrangler compares prefixes with SQLite's length(), which stops at NUL, so there such a prefix finds nothing.
    if (!*database || options.prefix.contains('\0'))
        return result;
    // What follows a text directly in byte order is that text and a NUL.
    std::string from = options.startAfter ? *options.startAfter + '\0' : std::string();
    if (!options.cursor.empty())
        from = std::max(from, decodeCursor(options.cursor) + '\0');
    from = std::max(from, options.prefix);
    const std::string end = options.prefix.empty() ? std::string() : endOfPrefix(options.prefix);
    std::string last; // the largest key that the result stands for
    bool more = true; // keys may follow `from`
    while (more) {
        more = false;
        // One run over the rows, as far as the first group of a common prefix; behind the group begins the next.
        auto statement = (*database)->statement("SELECT key, version, size, etag, uploaded, checksums, http_metadata, custom_metadata FROM _mf_objects "
                                                "WHERE key >= ?1 AND key < ?2 ORDER BY key");
        if (!statement)
            return std::unexpected(std::move(statement.error()));
        statement->bindText(1, from);
        bindEnd(*statement, 2, end);
        for (;;) {
            auto step = statement->step();
            if (!step)
                return std::unexpected(std::move(step.error()));
            if (*step == Statement::Step::Done)
                break;
            if (result.objects.size() + result.delimitedPrefixes.size() == static_cast<std::size_t>(limit)) {
                result.truncated = true;
                result.cursor = base::toBase64(base::asBytes(last));
                return result;
            }
            const std::string_view key = statement->text(0);
            const std::size_t at = options.delimiter.empty() ? key.npos : key.find(options.delimiter, options.prefix.size());
            if (at == key.npos) {
                result.objects.push_back(objectOf(*statement, options));
                last = result.objects.back().key;
                continue;
            }
            const std::string group(key.substr(0, at + options.delimiter.size()));
            const std::string groupEnd = endOfPrefix(group);
            auto largest = run(
                **database, "SELECT max(key) FROM _mf_objects WHERE key >= ?1 AND key < ?2",
                [&](Statement &read) {
                    read.bindText(1, group);
                    read.bindText(2, groupEnd);
                },
                [&](Statement &row) { last = row.text(0); });
            if (!largest)
                return std::unexpected(std::move(largest.error()));
            result.delimitedPrefixes.push_back(group);
            from = groupEnd;
            more = true;
            break;
        }
    }
    return result;
}

} // namespace cleat::bindings::r2
