// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/kv/keybulk.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/data/blobsize.h"
#include "core/data/keyrange.h"
#include "core/data/outputfile.h"
#include "core/data/query.h"
#include "core/data/statefile.h"
#include "core/storage/blobstore.h"
#include "core/storage/names.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

namespace cleat::data::kv {

using base::Json;
using base::Result;
using storage::Statement;

namespace {

constexpr int maxDepth = 1024; // metadata of 1024 bytes nest less
constexpr std::uint64_t stopCheck = 1024; // entries
constexpr int pageKeys = 500;
constexpr std::uint64_t progressEach = 256; // keys

constexpr auto shape =
    "The file must be a JSON array of objects like {\"key\": \"...\", \"value\": \"...\"}, with \"expiration\", \"expiration_ttl\", \"metadata\" and "
    "\"base64\" where needed.";

struct BadEntry {
    std::string code = "data.format";
    std::string sentence;
};
using Problem = std::optional<BadEntry>;

Problem bad(std::string sentence)
{
    return BadEntry{"data.format", std::move(sentence)};
}

Problem readWhole(const Json &json, const char *name, std::optional<std::int64_t> &number)
{
    const auto field = json.find(name);
    if (field == json.end() || field->is_null())
        return {};
    const double value = field->is_number() ? field->get<double>() : NAN;
    if (!(std::abs(value) < 1e15))
        return bad(std::string("\"") + name + "\" must be a number of seconds.");
    number = static_cast<std::int64_t>(value);
    return {};
}

Problem readText(const Json &json, const char *name, std::string &text)
{
    const auto field = json.find(name);
    if (field == json.end() || !field->is_string())
        return bad(std::string("\"") + name + "\" must be there, and be a text.");
    text = field->get<std::string>();
    return {};
}

Problem decode(const Json &json, std::string &bytes)
{
    const auto field = json.find("base64");
    if (field == json.end() || field->is_null())
        return {};
    if (!field->is_boolean())
        return bad("\"base64\" must be true or false.");
    if (!field->get<bool>())
        return {};
    std::erase_if(bytes, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    auto decoded = base::fromBase64(bytes);
    if (!decoded)
        return bad("\"value\" is not base64, though \"base64\" is true.");
    bytes = std::move(*decoded);
    return {};
}

Problem interpret(const Json &json, std::int64_t now, KeyEdit &edit)
{
    std::optional<std::int64_t> ttl;
    for (auto problem : {readText(json, "key", edit.key), readText(json, "value", edit.value.bytes), readWhole(json, "expiration", edit.value.expiration),
             readWhole(json, "expiration_ttl", ttl), decode(json, edit.value.bytes)}) {
        if (problem)
            return problem;
    }
    if (ttl && *ttl <= 0)
        return bad("\"expiration_ttl\" must be greater than 0.");
    if (ttl)
        edit.value.expiration = now + *ttl;
    if (const auto metadata = json.find("metadata"); metadata != json.end() && !metadata->is_null())
        edit.value.metadata = metadata->dump();
    if (auto checked = checkEdit(edit); !checked)
        return BadEntry{checked.error().code, checked.error().message};
    return {};
}

base::Place placeOf(const std::string &text, std::size_t byte, const std::filesystem::path &file)
{
    const std::string_view before = std::string_view(text).substr(0, byte > 0 ? byte - 1 : 0);
    const std::size_t line = before.rfind('\n');
    return {file.string(), static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(before.size() - (line == before.npos ? 0 : line + 1)) + 1};
}

/// All entries, or why one of them is wrong.
Result<std::vector<KeyEdit>> readEntries(const std::string &text, const std::filesystem::path &file, const std::stop_token &stop)
{
    std::vector<KeyEdit> edits;
    Problem problem;
    std::uint64_t entries = 0;
    const std::int64_t now = base::wallMs() / 1000;
    bool tooDeep = false;
    bool inList = false;
    // Each entry is turned into an edit as soon as it is read, so that the file is never in memory as a tree.
    const auto read = [&](int depth, Json::parse_event_t event, Json &parsed) {
        using Event = Json::parse_event_t;
        tooDeep = tooDeep || depth > maxDepth;
        inList = inList || (depth == 0 && event == Event::array_start);
        const bool isEntry = inList && depth == 1 && (event == Event::object_end || event == Event::array_end || event == Event::value);
        if (!isEntry)
            return !tooDeep && !problem;
        ++entries;
        if (problem || tooDeep || (entries % stopCheck == 0 && stop.stop_requested()))
            return false;
        KeyEdit edit;
        problem = event == Event::object_end ? interpret(parsed, now, edit) : bad("It is no object.");
        if (problem)
            problem->sentence = "Entry " + std::to_string(entries) + " of " + file.string() + ": " + problem->sentence;
        else
            edits.push_back(std::move(edit));
        return false;
    };
    bool isArray = false;
    try {
        isArray = Json::parse(text, read).is_array();
    } catch (const Json::parse_error &error) {
        auto place = placeOf(text, error.byte, file);
        return base::fail("data.format",
            file.string() + " is not JSON: it stops making sense at line " + std::to_string(place.line) + ", column " + std::to_string(place.column) + ". "
                + shape,
            std::move(place));
    }
    if (auto go = proceed(stop); !go)
        return std::unexpected(std::move(go.error()));
    if (tooDeep)
        return base::fail("data.format", "The values in " + file.string() + " nest too deeply for KV's metadata.", {file.string()});
    if (problem)
        return base::fail(std::move(problem->code), std::move(problem->sentence), {file.string()});
    if (!isArray)
        return base::fail("data.format", file.string() + " holds no list. " + shape, {file.string()});
    return edits;
}

std::string jsonText(const std::string &text)
{
    return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// One namespace, key by key, into a file.
class Exporter final
{
public:
    Exporter(const std::filesystem::path &state, const std::string &id, OutputFile &out)
        : m_file(storage::databaseFile(state, storage::kvLayout, id), "_mf_entries"),
          m_blobs(storage::blobFolder(state, storage::kvLayout, id)),
          m_out(out)
    {}

    struct Row {
        std::string key;
        std::string blob;
        std::optional<std::int64_t> expirationMs;
        std::optional<std::string> metadata;
    };

    /// The rows of the range, some hundred at most.
    Result<std::vector<Row>> page(const KeyRange &range)
    {
        return rows("SELECT key, blob_id, expiration, metadata FROM _mf_entries WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3", [&](Statement &statement) {
            statement.bindText(1, range.from);
            if (range.end)
                statement.bindText(2, *range.end);
            else
                statement.bindEmptyBlob(2);
            statement.bindInteger(3, pageKeys);
        });
    }

    Result<std::optional<Row>> row(const std::string &key)
    {
        auto found =
            rows("SELECT key, blob_id, expiration, metadata FROM _mf_entries WHERE key = ?1", [&](Statement &statement) { statement.bindText(1, key); });
        if (!found)
            return std::unexpected(std::move(found.error()));
        return found->empty() ? std::nullopt : std::optional(std::move(found->front()));
    }

    /// What is expired, or has no value, is not there.
    Result<void> write(Row row)
    {
        const std::string key = row.key;
        for (std::string missing;;) {
            if (row.expirationMs && *row.expirationMs <= base::wallMs())
                return {};
            auto bytes = m_blobs.read(row.blob);
            if (!bytes)
                return std::unexpected(std::move(bytes.error()));
            if (*bytes)
                return write(row, **bytes);
            // Somebody may have replaced the value meanwhile: then a second look finds another.
            if (row.blob == missing)
                return {};
            missing = row.blob;
            auto again = this->row(key);
            if (!again)
                return std::unexpected(std::move(again.error()));
            if (!*again)
                return {};
            row = std::move(**again);
        }
    }
    std::uint64_t written() const { return m_written; }

private:
    template <typename Bind>
    Result<std::vector<Row>> rows(std::string_view sql, Bind &&bind)
    {
        std::vector<Row> found;
        auto reading = m_file.read();
        if (!reading)
            return std::unexpected(std::move(reading.error()));
        if (!*reading)
            return found;
        auto done = query((*reading)->database(), sql, bind, [&](const Statement &row) {
            found.push_back({std::string(row.text(0)), std::string(row.text(1)), row.isNull(2) ? std::nullopt : std::optional(row.integer(2)),
                row.isNull(3) ? std::nullopt : std::optional<std::string>(row.text(3))});
        });
        if (!done)
            return std::unexpected(std::move(done.error()));
        return found;
    }

    Result<void> write(const Row &row, const std::string &bytes)
    {
        const bool isText = base::isUtf8(bytes);
        std::string entry = m_written == 0 ? "\n  {\"key\":" : ",\n  {\"key\":";
        entry += jsonText(row.key) + ",\"value\":" + (isText ? jsonText(bytes) : '"' + base::toBase64(base::asBytes(bytes)) + '"');
        if (row.expirationMs)
            entry += ",\"expiration\":" + std::to_string(secondsOf(*row.expirationMs));
        if (row.metadata)
            entry += ",\"metadata\":" + (Json::accept(*row.metadata) ? *row.metadata : jsonText(*row.metadata));
        entry += isText ? "}" : ",\"base64\":true}";
        ++m_written;
        return m_out.write(entry);
    }

    StateFile m_file;
    const storage::BlobStore m_blobs;
    OutputFile &m_out;
    std::uint64_t m_written = 0;
};

/// Opens the file, lets `writeAll` fill the list, and closes it.
template <typename WriteAll>
Result<std::uint64_t> exportInto(const std::filesystem::path &state, const std::string &id, const std::filesystem::path &file, WriteAll &&writeAll)
{
    auto out = OutputFile::create(file);
    if (!out)
        return std::unexpected(std::move(out.error()));
    Exporter exporter(state, id, *out);
    if (auto begun = out->write("["); !begun)
        return std::unexpected(std::move(begun.error()));
    if (auto done = writeAll(exporter); !done)
        return std::unexpected(std::move(done.error()));
    if (auto ended = out->write(exporter.written() == 0 ? "]\n" : "\n]\n"); !ended)
        return std::unexpected(std::move(ended.error()));
    if (auto finished = out->finish(); !finished)
        return std::unexpected(std::move(finished.error()));
    return exporter.written();
}

} // namespace

Result<std::uint64_t> importKeys(const std::filesystem::path &state, const std::string &id, const std::filesystem::path &file, const Control &control)
{
    Result<std::vector<KeyEdit>> edits;
    {
        auto text = base::readFile(file);
        if (!text)
            return std::unexpected(std::move(text.error()));
        edits = readEntries(*text, file, control.stop);
    }
    if (!edits)
        return std::unexpected(std::move(edits.error()));
    if (edits->empty())
        return 0;
    if (auto put = KeyEditor(state, id).put(*edits, control); !put)
        return std::unexpected(std::move(put.error()));
    return edits->size();
}

Result<std::uint64_t> exportKeys(
    const std::filesystem::path &state, const std::string &id, const KeyFilter &filter, const std::filesystem::path &file, const Control &control)
{
    auto total = KeyList(state, id).count(filter, control.stop);
    if (!total)
        return total;
    const Needle needle(filter.text);
    return exportInto(state, id, file, [&](Exporter &exporter) -> Result<void> {
        KeyRange range = rangeOf(filter.prefix);
        for (std::uint64_t seen = 0;;) {
            auto rows = exporter.page(range);
            if (!rows)
                return std::unexpected(std::move(rows.error()));
            if (rows->empty())
                return {};
            range.from = justAfter(rows->back().key);
            for (Exporter::Row &row : *rows) {
                if (!needle.isIn(row.key))
                    continue;
                if (auto go = proceed(control.stop); !go)
                    return go;
                if (control.progress && seen++ % progressEach == 0)
                    control.progress({seen - 1, *total, row.key});
                if (auto written = exporter.write(std::move(row)); !written)
                    return written;
            }
        }
    });
}

Result<std::uint64_t> exportKeys(
    const std::filesystem::path &state, const std::string &id, std::span<const std::string> keys, const std::filesystem::path &file, const Control &control)
{
    return exportInto(state, id, file, [&](Exporter &exporter) -> Result<void> {
        for (std::uint64_t i = 0; i < keys.size(); ++i) {
            if (auto go = proceed(control.stop); !go)
                return go;
            if (control.progress && i % progressEach == 0)
                control.progress({i, keys.size(), keys[i]});
            auto row = exporter.row(keys[i]);
            if (!row)
                return std::unexpected(std::move(row.error()));
            if (!*row)
                continue;
            if (auto written = exporter.write(std::move(**row)); !written)
                return written;
        }
        return {};
    });
}

} // namespace cleat::data::kv
