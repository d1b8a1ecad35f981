// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/server/transcript.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace cleat::server::test {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    throw std::runtime_error("not a lower-case hexadecimal digit");
}

std::string unescape(std::string_view line)
{
    std::string out;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] != '\\') {
            out += line[i];
            continue;
        }
        if (++i == line.size())
            throw std::runtime_error("a backslash ends the line");
        switch (line[i]) {
        case 'r':
            out += '\r';
            break;
        case 'n':
            out += '\n';
            break;
        case 't':
            out += '\t';
            break;
        case '\\':
            out += '\\';
            break;
        case 's':
            out += ' ';
            break;
        case 'x':
            out += static_cast<char>(hexDigit(line.at(i + 1)) * 16 + hexDigit(line.at(i + 2)));
            i += 2;
            break;
        case '*': { // \*{1000}{text}
            const std::size_t countEnd = line.find("}{", i);
            const std::size_t end = line.find('}', countEnd + 2);
            const std::string text = unescape(line.substr(countEnd + 2, end - countEnd - 2));
            int count = 0;
            std::from_chars(line.data() + i + 2, line.data() + countEnd, count);
            for (int n = 0; n < count; ++n)
                out += text;
            i = end;
            break;
        }
        default:
            throw std::runtime_error("an unknown escape");
        }
    }
    return out;
}

std::string escape(std::string_view bytes)
{
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        std::size_t run = 1;
        while (i + run < bytes.size() && bytes[i + run] == c)
            ++run;
        if (run > 40 && c >= 'A' && c <= 'z' && c != '\\') {
            out += "\\*{" + std::to_string(run) + "}{" + c + "}";
            i += run - 1;
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\n') {
            out += "\\n\n";
        } else if (c == '\\') {
            out += "\\\\";
        } else if (c == ' ' && (i + 1 == bytes.size() || bytes[i + 1] == '\n')) {
            out += "\\s";
        } else if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7F) {
            constexpr std::string_view digits = "0123456789abcdef";
            out += "\\x";
            out += digits[static_cast<unsigned char>(c) >> 4];
            out += digits[static_cast<unsigned char>(c) & 15];
        } else {
            out += c;
        }
    }
    if (!out.empty() && out.back() != '\n')
        out += '\n';
    return out;
}

void setLimit(Limits &limits, const std::string &name, std::uint64_t value)
{
    if (name == "targetBytes")
        limits.targetBytes = value;
    else if (name == "headBytes")
        limits.headBytes = value;
    else if (name == "fields")
        limits.fields = value;
    else if (name == "bodyBytes")
        limits.bodyBytes = value;
    else if (name == "pipelined")
        limits.pipelined = static_cast<int>(value);
    else
        throw std::runtime_error("an unknown limit");
}

void applySetting(Transcript &transcript, const std::string &setting)
{
    std::istringstream words(setting);
    std::string what, name;
    std::uint64_t value = 0;
    words >> what;
    if (what == "half-close")
        transcript.halfClose = true;
    else if (what == "whole")
        transcript.whole = true;
    else if (what == "limit" && words >> name >> value)
        setLimit(transcript.limits, name, value);
    else
        throw std::runtime_error("an unknown setting");
    transcript.settings.push_back(setting);
}

TranscriptFile readFile(const std::filesystem::path &path)
{
    enum class Part { Preamble, Settings, Input, Output, Calls };
    TranscriptFile file;
    file.path = path;
    Part part = Part::Preamble;
    std::ifstream stream(path);
    std::string line;
    for (int number = 1; std::getline(stream, line); ++number) {
        try {
            if (line.starts_with("=== ")) {
                file.transcripts.emplace_back().name = line.substr(4);
                part = Part::Settings;
            } else if (part == Part::Preamble) {
                file.preamble += line + '\n';
            } else if (line == "> send") {
                part = Part::Input;
            } else if (line == "> receive, open" || line == "> receive, closed") {
                file.transcripts.back().closes = line == "> receive, closed";
                part = Part::Output;
            } else if (line == "> calls") {
                part = Part::Calls;
            } else if (line.empty()) {
                continue;
            } else if (part == Part::Settings) {
                applySetting(file.transcripts.back(), line);
            } else if (part == Part::Calls) {
                file.transcripts.back().calls += line + '\n';
            } else {
                (part == Part::Input ? file.transcripts.back().input : file.transcripts.back().output) += unescape(line);
            }
        } catch (const std::exception &problem) {
            throw std::runtime_error(path.string() + ":" + std::to_string(number) + ": " + problem.what());
        }
    }
    return file;
}

} // namespace

std::vector<TranscriptFile> readTranscripts(const std::filesystem::path &folder)
{
    std::vector<TranscriptFile> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".http")
            files.push_back(readFile(entry.path()));
    }
    std::sort(files.begin(), files.end(), [](const auto &a, const auto &b) { return a.path < b.path; });
    return files;
}

void writeTranscripts(const TranscriptFile &file)
{
    std::ofstream out(file.path, std::ios::trunc);
    out << file.preamble;
    const char *separator = "";
    for (const Transcript &transcript : file.transcripts) {
        out << separator << "=== " << transcript.name << '\n';
        for (const std::string &setting : transcript.settings)
            out << setting << '\n';
        out << "> send\n" << escape(transcript.input);
        out << (transcript.closes ? "> receive, closed\n" : "> receive, open\n") << escape(transcript.output);
        out << "> calls\n" << transcript.calls;
        separator = "\n";
    }
}

} // namespace cleat::server::test
