// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/har.h"

#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/events/harentry.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cleat::events {

namespace {

using Json = nlohmann::json; // finds members in order of log n: files may hold objects with very many

constexpr std::uintmax_t largestFile = 512U << 20;
constexpr std::size_t mostEntries = 1'000'000;
constexpr std::size_t mostValues = 500'000; ///< of one entry
constexpr std::size_t deepest = 64; ///< in what is kept; what is passed over may be as deep as it likes

/// Takes the members of log.entries one by one, so that no tree of the whole file is ever held.
class Reader final : public nlohmann::json_sax<Json>
{
public:
    explicit Reader(const std::filesystem::path &file) : m_file(file) {}

    bool null() override { return value(nullptr); }
    bool boolean(bool is) override { return value(is); }
    bool number_integer(number_integer_t number) override { return value(number); }
    bool number_unsigned(number_unsigned_t number) override { return value(number); }
    bool number_float(number_float_t number, const string_t &) override { return value(number); }
    bool string(string_t &text) override { return value(std::move(text)); }
    bool binary(binary_t &) override { return value(nullptr); }
    bool key(string_t &name) override
    {
        if (m_stack.empty())
            m_atKey = m_depth <= 2 ? std::move(name) : std::string();
        else
            m_key = std::move(name);
        return true;
    }
    bool start_object(std::size_t) override { return start(Json::object()); }
    bool start_array(std::size_t) override { return start(Json::array()); }
    bool end_object() override { return end(); }
    bool end_array() override { return end(); }
    bool parse_error(std::size_t position, const std::string &, const nlohmann::detail::exception &reason) override
    {
        m_position = position;
        m_reason = reason.what();
        return false;
    }

    base::Result<std::vector<RequestRecord>> read(std::string_view text)
    {
        const bool whole = Json::sax_parse(text.begin(), text.end(), this);
        if (m_error)
            return std::unexpected(std::move(*m_error));
        if (!whole)
            return broken(text);
        if (!m_foundEntries)
            return base::fail("har.format",
                m_file.string() + " is no HTTP archive: it has no list log.entries. Choose a file that a browser or Cleat exported.", {m_file.string()});
        return std::move(m_records);
    }

private:
    bool value(Json &&json)
    {
        if (m_stack.empty()) {
            if (m_inEntries && m_depth == 3)
                return refuse("har.format", "Entry " + std::to_string(m_records.size() + 1) + " of " + m_file.string() + " is no object.");
            return true;
        }
        return place(std::move(json)) != nullptr;
    }

    Json *place(Json &&json)
    {
        if (++m_values > mostValues || m_stack.size() > deepest) {
            refuse("har.format",
                "Entry " + std::to_string(m_records.size() + 1) + " of " + m_file.string()
                    + " holds more than an entry can: too many values, or too deep ones.");
            return nullptr;
        }
        Json &parent = *m_stack.back();
        if (parent.is_array())
            return &parent.emplace_back(std::move(json));
        return &(parent[m_key] = std::move(json));
    }

    bool start(Json &&json)
    {
        ++m_depth;
        if (!m_stack.empty()) {
            Json *const placed = place(std::move(json));
            if (placed)
                m_stack.push_back(placed);
            return placed != nullptr;
        }
        if (m_depth == 2)
            m_inLog = m_atKey == "log" && json.is_object();
        if (m_depth == 3 && m_inLog && m_atKey == "entries" && json.is_array()) {
            m_inEntries = true;
            m_foundEntries = true;
        } else if (m_depth == 4 && m_inEntries) {
            if (!json.is_object())
                return refuse("har.format", "Entry " + std::to_string(m_records.size() + 1) + " of " + m_file.string() + " is no object.");
            m_entry = std::move(json);
            m_values = 0;
            m_stack.push_back(&m_entry);
        }
        return true;
    }

    bool end()
    {
        if (m_depth == 3)
            m_inEntries = false;
        --m_depth;
        if (m_stack.empty())
            return true;
        m_stack.pop_back();
        if (!m_stack.empty())
            return true;
        if (m_records.size() == mostEntries)
            return refuse("har.size", m_file.string() + " holds more than a million entries. Split it, or export fewer requests.");
        auto record = recordOfHarEntry(m_entry);
        if (!record)
            return refuse("har.format", "Entry " + std::to_string(m_records.size() + 1) + " of " + m_file.string() + " cannot be read: " + record.error());
        m_records.push_back(std::move(*record));
        m_entry = Json();
        return true;
    }

    bool refuse(std::string code, std::string message)
    {
        if (!m_error)
            m_error = base::Error{std::move(code), std::move(message), {m_file.string()}};
        return false;
    }

    std::unexpected<base::Error> broken(std::string_view text) const
    {
        const std::string_view before = text.substr(0, std::min(m_position > 0 ? m_position - 1 : 0, text.size()));
        const auto line = static_cast<int>(std::ranges::count(before, '\n')) + 1;
        const std::size_t lineStart = before.rfind('\n');
        const auto column = static_cast<int>(before.size() - (lineStart == std::string_view::npos ? 0 : lineStart + 1)) + 1;
        return base::fail("har.format",
            m_file.string() + " is no valid JSON at line " + std::to_string(line) + ", column " + std::to_string(column)
                + ": it is damaged, cut off, or no HTTP archive.",
            {m_file.string(), line, column});
    }

    const std::filesystem::path &m_file;
    std::vector<RequestRecord> m_records;
    std::optional<base::Error> m_error;
    std::string m_reason;
    std::size_t m_position = 0;
    std::size_t m_depth = 0;
    std::string m_atKey; ///< the last one outside of entries, down to log's members
    bool m_inLog = false;
    bool m_inEntries = false;
    bool m_foundEntries = false;
    Json m_entry;
    std::vector<Json *> m_stack; ///< open values of the entry
    std::string m_key;
    std::size_t m_values = 0;
};

} // namespace

base::Result<std::vector<RequestRecord>> readHar(const std::filesystem::path &file)
{
    std::error_code error;
    if (std::filesystem::exists(file, error) && !std::filesystem::is_regular_file(file, error))
        return base::fail("har.read", file.string() + " is no file. Choose a .har file.", {file.string()});
    if (const std::uintmax_t size = std::filesystem::file_size(file, error); !error && size > largestFile)
        return base::fail("har.size", file.string() + " is larger than 512 MiB. Split it, or export fewer requests.", {file.string()});
    auto text = base::readFile(file);
    if (!text)
        return base::fail("har.read", text.error().message, {file.string()});
    return Reader(file).read(*text);
}

} // namespace cleat::events
