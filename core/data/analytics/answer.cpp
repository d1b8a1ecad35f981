// SPDX-License-Identifier: GPL-3.0-or-later
// The formats of results ("FORMAT clause"), as ClickHouse writes them.

#include "core/data/analytics/civiltime.h"
#include "core/data/analytics/query.h"
#include "core/data/outputfile.h"
#include "core/data/query.h"

#include <nlohmann/json.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace cleat::data::analytics {

namespace {

std::string jsonText(std::string_view text)
{
    return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string numberText(double value)
{
    if (!std::isfinite(value))
        return std::isnan(value) ? "nan" : value > 0 ? "inf" : "-inf";
    if (value == 0)
        value = 0; // also of -0, which is none here
    std::array<char, 40> text{};
    const auto [end, ec] = std::to_chars(text.data(), text.data() + text.size(), value);
    return {text.data(), end};
}

std::string integerText(std::int64_t value, const Type &type)
{
    return type.isSigned ? std::to_string(value) : std::to_string(static_cast<std::uint64_t>(value));
}

std::string momentText(std::int64_t seconds, const Type &type)
{
    if (type.kind == Type::Kind::Date)
        return dateText(seconds);
    const auto zone = Zone::named(type.zone.empty() ? "Etc/UTC" : type.zone);
    return timeText(seconds + (zone ? zone->offsetAt(seconds) : 0));
}

/// The elements of an array, which SQLite has as JSON.
std::vector<Cell> elementsOf(const std::string &json, const Type &type)
{
    std::vector<Cell> cells;
    const auto list = nlohmann::json::parse(json, nullptr, false);
    for (const auto &element : list.is_array() ? list : nlohmann::json::array()) {
        if (element.is_string())
            cells.emplace_back(element.get<std::string>());
        else if (type.kind == Type::Kind::Float)
            cells.emplace_back(element.is_number() ? element.get<double>() : std::nan(""));
        else if (element.is_number())
            cells.emplace_back(element.get<std::int64_t>());
        else
            cells.emplace_back();
    }
    return cells;
}

std::string jsonOf(const Cell &cell, const Type &type)
{
    if (std::holds_alternative<std::monostate>(cell))
        return "null";
    switch (type.kind) {
    case Type::Kind::Integer: {
        const std::string text = integerText(std::get<std::int64_t>(cell), type);
        return type.bits == 64 ? '"' + text + '"' : text; // beyond what JavaScript's numbers hold
    }
    case Type::Kind::Bool:
        return std::get<std::int64_t>(cell) != 0 ? "true" : "false";
    case Type::Kind::Float:
        return std::isfinite(std::get<double>(cell)) ? numberText(std::get<double>(cell)) : "null";
    case Type::Kind::DateTime:
    case Type::Kind::Date:
        return '"' + momentText(std::get<std::int64_t>(cell), type) + '"';
    case Type::Kind::Array: {
        std::string out = "[";
        for (const Cell &element : elementsOf(std::get<std::string>(cell), *type.element))
            out += (out.size() > 1 ? "," : "") + jsonOf(element, *type.element);
        return out + ']';
    }
    case Type::Kind::String:
    case Type::Kind::Interval:
    case Type::Kind::Nothing:
        break;
    }
    return jsonText(std::get<std::string>(cell));
}

std::string escaped(std::string_view text, bool quotes)
{
    std::string out;
    for (const char c : text) {
        switch (c) {
        case '\t':
            out += "\\t";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\0':
            out += "\\0";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\'':
            out += quotes ? "\\'" : "'";
            break;
        default:
            out += c;
            break;
        }
    }
    return out;
}

std::string tabbed(const Cell &cell, const Type &type)
{
    if (std::holds_alternative<std::monostate>(cell))
        return type.kind == Type::Kind::Float ? "nan" : "\\N";
    if (type.kind == Type::Kind::String)
        return escaped(std::get<std::string>(cell), false);
    if (type.kind != Type::Kind::Array)
        return shown(cell, type);
    std::string out = "[";
    for (const Cell &element : elementsOf(std::get<std::string>(cell), *type.element)) {
        const bool quoted = type.element->kind == Type::Kind::String || type.element->isTime();
        out += (out.size() > 1 ? "," : "") + (quoted ? '\'' + escaped(shown(element, *type.element), true) + '\'' : shown(element, *type.element));
    }
    return out + ']';
}

std::string csvField(std::string_view text)
{
    if (!text.empty() && text.find_first_of(",\"\r\n") == text.npos && text.front() != ' ' && text.back() != ' ')
        return std::string(text);
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

std::string objectOf(const std::vector<OutputColumn> &columns, const std::vector<Cell> &row)
{
    std::string out = "{";
    for (std::size_t i = 0; i < columns.size(); ++i)
        out += (i ? "," : "") + jsonText(columns[i].name) + ':' + jsonOf(row[i], columns[i].type);
    return out + '}';
}

} // namespace

std::string shown(const Cell &cell, const Type &type)
{
    if (std::holds_alternative<std::monostate>(cell))
        return "NULL";
    switch (type.kind) {
    case Type::Kind::Integer:
        return integerText(std::get<std::int64_t>(cell), type);
    case Type::Kind::Bool:
        return std::get<std::int64_t>(cell) != 0 ? "true" : "false";
    case Type::Kind::Float:
        return numberText(std::get<double>(cell));
    case Type::Kind::DateTime:
    case Type::Kind::Date:
        return momentText(std::get<std::int64_t>(cell), type);
    case Type::Kind::Array:
        return jsonOf(cell, type);
    case Type::Kind::String:
    case Type::Kind::Interval:
    case Type::Kind::Nothing:
        break;
    }
    return std::get<std::string>(cell);
}

std::string written(const Answer &answer, Format format)
{
    std::string out;
    switch (format) {
    case Format::Json:
        out = "{\"meta\":[";
        for (std::size_t i = 0; i < answer.columns.size(); ++i)
            out += (i ? "," : "") + std::string("{\"name\":") + jsonText(answer.columns[i].name) + ",\"type\":" + jsonText(answer.columns[i].type.name()) + '}';
        out += "],\"data\":[";
        for (std::size_t i = 0; i < answer.rows.size(); ++i)
            out += (i ? ",\n" : "\n") + objectOf(answer.columns, answer.rows[i]);
        return out + "],\"rows\":" + std::to_string(answer.rows.size()) + "}\n";
    case Format::JsonEachRow:
        for (const auto &row : answer.rows)
            out += objectOf(answer.columns, row) + '\n';
        return out;
    case Format::TabSeparated:
        for (const auto &row : answer.rows) {
            for (std::size_t i = 0; i < row.size(); ++i)
                out += (i ? "\t" : "") + tabbed(row[i], answer.columns[i].type);
            out += '\n';
        }
        return out;
    }
    return out;
}

base::Result<void> writeCsv(const Answer &answer, const std::filesystem::path &file, const Control &control)
{
    constexpr std::size_t told = 5000; // rows between two reports
    auto output = OutputFile::create(file);
    if (!output)
        return std::unexpected(std::move(output.error()));
    std::string line;
    for (std::size_t i = 0; i < answer.columns.size(); ++i)
        line += (i ? "," : "") + csvField(answer.columns[i].name);
    if (auto written = output->write(line + "\r\n"); !written)
        return written;
    for (std::size_t number = 0; number < answer.rows.size(); ++number) {
        if (number % told == 0) {
            if (auto go = proceed(control.stop); !go)
                return go;
            if (control.progress)
                control.progress({number, answer.rows.size(), {}});
        }
        const auto &row = answer.rows[number];
        line.clear();
        for (std::size_t i = 0; i < row.size(); ++i) {
            line += i ? "," : "";
            if (!std::holds_alternative<std::monostate>(row[i]))
                line += csvField(shown(row[i], answer.columns[i].type));
        }
        if (auto written = output->write(line + "\r\n"); !written)
            return written;
    }
    return output->finish();
}

std::string_view contentType(Format format)
{
    switch (format) {
    case Format::Json:
        return "application/json; charset=utf-8";
    case Format::JsonEachRow:
        return "application/x-ndjson; charset=utf-8";
    case Format::TabSeparated:
        return "text/tab-separated-values; charset=utf-8";
    }
    return {};
}

} // namespace cleat::data::analytics
