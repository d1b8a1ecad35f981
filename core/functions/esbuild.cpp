// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/esbuild.h"

#include <charconv>
#include <optional>

namespace cleat::functions {

namespace {

constexpr std::string_view errorMark = "\xE2\x9C\x98 [ERROR] ";
constexpr std::string_view warningMark = "\xE2\x96\xB2 [WARNING] ";

// "    functions/a.ts:3:18:" as a place; esbuild counts columns from 0.
std::optional<base::Place> placeOf(std::string_view line)
{
    if (!line.starts_with("    ") || !line.ends_with(':'))
        return std::nullopt;
    line = line.substr(4, line.size() - 5);
    const std::size_t second = line.rfind(':');
    const std::size_t first = second == std::string_view::npos || second == 0 ? std::string_view::npos : line.rfind(':', second - 1);
    if (first == std::string_view::npos || first == 0)
        return std::nullopt;
    base::Place place{std::string(line.substr(0, first)), 0, 0};
    const auto number = [&](std::size_t from, std::size_t to, int &value) {
        if (line[from] < '0' || line[from] > '9')
            return false;
        const auto [end, error] = std::from_chars(line.data() + from, line.data() + to, value);
        return error == std::errc{} && end == line.data() + to;
    };
    if (!number(first + 1, second, place.line) || !number(second + 1, line.size(), place.column))
        return std::nullopt;
    ++place.column;
    return place;
}

/// "@a/b/c" is in the package "@a/b".
std::string_view packageOf(std::string_view path)
{
    std::size_t slash = path.find('/');
    if (path.starts_with('@') && slash != std::string_view::npos)
        slash = path.find('/', slash + 1);
    return path.substr(0, slash);
}

} // namespace

base::Result<EsbuildRun> runEsbuild(const std::filesystem::path &binary, const std::filesystem::path &folder, const std::vector<std::string> &arguments,
    std::string_view input, std::chrono::milliseconds limit)
{
    auto process = EsbuildProcess::start(binary, folder, arguments);
    if (!process)
        return std::unexpected(std::move(process.error()));
    return process->finish(input, limit);
}

std::vector<EsbuildMessage> parseEsbuildMessages(std::string_view output)
{
    std::vector<EsbuildMessage> messages;
    while (!output.empty()) {
        const std::size_t end = output.find('\n');
        const std::string_view line = output.substr(0, end);
        output.remove_prefix(end == std::string_view::npos ? output.size() : end + 1);
        const bool isError = line.starts_with(errorMark);
        if (isError || line.starts_with(warningMark)) {
            EsbuildMessage message;
            message.kind = isError ? EsbuildMessage::Kind::Error : EsbuildMessage::Kind::Warning;
            std::string_view first = line.substr(isError ? errorMark.size() : warningMark.size());
            const std::size_t bracket = first.rfind(" [");
            if (first.ends_with(']') && bracket != std::string_view::npos) {
                message.id = first.substr(bracket + 2, first.size() - bracket - 3);
                first = first.substr(0, bracket);
            }
            message.text = first;
            message.block = line;
            messages.push_back(std::move(message));
            continue;
        }
        if (messages.empty())
            continue;
        EsbuildMessage &message = messages.back();
        if (message.place.file.empty()) {
            if (auto place = placeOf(line))
                message.place = *std::move(place);
        }
        // A hint at options that nobody can give here.
        constexpr std::string_view hint = "  You can mark the path \"";
        if (const std::size_t quote = line.find('"', hint.size()); line.starts_with(hint) && quote != std::string_view::npos) {
            message.block += "\n  Is it a package? Then install it: npm install ";
            message.block += packageOf(line.substr(hint.size(), quote - hint.size()));
            continue;
        }
        message.block += '\n';
        message.block += line;
    }
    for (EsbuildMessage &message : messages) {
        // The last block also holds esbuild's count of errors and warnings, after an empty line and without indentation.
        if (const std::size_t tail = message.block.rfind("\n\n"); tail != std::string::npos && tail + 2 < message.block.size()) {
            const char c = message.block[tail + 2];
            if (c >= '0' && c <= '9')
                message.block.resize(tail);
        }
        while (!message.block.empty() && message.block.back() == '\n')
            message.block.pop_back();
    }
    return messages;
}

} // namespace cleat::functions
