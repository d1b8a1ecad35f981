// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/d1/scriptfile.h"

#include "core/data/d1/scriptcutter.h"
#include "core/data/d1/sqlscript.h"
#include "core/data/query.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <vector>

namespace cleat::data::d1 {

using base::Result;

namespace {

constexpr std::size_t pieceBytes = 1U << 20;
/// D1 takes 100,000 bytes; what is longer is not read into memory only to be refused.
constexpr std::size_t longest = 4U << 20;

std::string firstWord(std::string_view statement)
{
    std::string word;
    for (const char c : statement) {
        if ((c < 'a' || c > 'z') && (c < 'A' || c > 'Z'))
            break;
        word += c >= 'a' ? static_cast<char>(c - 32) : c;
    }
    return word;
}

class FileRun final
{
public:
    FileRun(ScriptRunner &runner, const std::filesystem::path &file) : m_runner(runner), m_file(file) {}

    void one(std::size_t begin, std::string_view statement)
    {
        if (m_error)
            return;
        const std::string word = firstWord(statement);
        if (word == "BEGIN") {
            if (std::exchange(m_begun, true))
                return refuse(begin, "The file contains several transactions. D1 runs the whole file in one transaction: take BEGIN and COMMIT out of it.");
            return;
        }
        if (m_begun && !m_ended && (word == "COMMIT" || word == "END")) {
            m_ended = true;
            return;
        }
        ++m_statements;
        if (auto done = m_runner.run(statement); !done) {
            m_error = std::move(done.error());
            if (m_error->code == "data.sql")
                m_error->place = placeInFile(m_file, begin + m_runner.errorAt().value_or(0));
        }
    }
    void refuse(std::size_t at, const char *sentence) { m_error = base::Error{"data.format", sentence, placeInFile(m_file, at)}; }
    std::optional<base::Error> &error() { return m_error; }
    std::uint64_t statements() const { return m_statements; }

private:
    ScriptRunner &m_runner;
    const std::filesystem::path &m_file;
    std::optional<base::Error> m_error;
    std::uint64_t m_statements = 0;
    bool m_begun = false;
    bool m_ended = false;
};

} // namespace

base::Place placeInFile(const std::filesystem::path &file, std::size_t offset)
{
    base::Place place{file.string(), 1, 1};
    std::ifstream in(file, std::ios::binary);
    std::vector<char> piece(pieceBytes);
    while (offset > 0 && in) {
        in.read(piece.data(), static_cast<std::streamsize>(std::min(offset, piece.size())));
        const auto read = static_cast<std::size_t>(in.gcount());
        if (read == 0)
            break;
        for (std::size_t i = 0; i < read; ++i) {
            place.column = piece[i] == '\n' ? 1 : place.column + 1;
            place.line += piece[i] == '\n' ? 1 : 0;
        }
        offset -= read;
    }
    return place;
}

Result<std::uint64_t> runScriptFile(ScriptRunner &runner, const std::filesystem::path &script, const Control &control)
{
    std::ifstream in(script, std::ios::binary);
    if (!in)
        return base::fail(errno == ENOENT ? "file.missing" : errno == EACCES ? "file.denied" : "file.read",
            "Could not read " + script.string() + ": " + std::strerror(errno) + ".", {script.string()});
    std::error_code ignored;
    const std::uint64_t total = std::filesystem::file_size(script, ignored);
    FileRun run(runner, script);
    ScriptCutter cutter;
    std::string text; // from `from` on
    std::size_t from = 0;
    const auto found = [&](std::size_t begin, std::size_t length) { run.one(begin, std::string_view(text).substr(begin - from, length)); };
    std::string piece(pieceBytes, '\0');
    for (bool first = true; in; first = false) {
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        std::string_view read(piece.data(), static_cast<std::size_t>(in.gcount()));
        if (in.bad())
            return base::fail("file.read", "Could not read " + script.string() + " to its end: " + std::strerror(errno) + ".", {script.string()});
        if (first && read.starts_with("\xef\xbb\xbf")) {
            std::memcpy(piece.data(), "   ", 3); // a byte order mark is none of the SQL
        }
        text += read;
        cutter.feed(read, found);
        if (run.error())
            return std::unexpected(std::move(*run.error()));
        text.erase(0, cutter.begin() - from);
        from = cutter.begin();
        if (text.size() > longest)
            return base::fail("data.format", "A statement begins here that is longer than D1 allows (100000 bytes). Is a quotation mark not closed?", placeInFile(script, from));
        if (auto on = proceed(control.stop); !on)
            return std::unexpected(std::move(on.error()));
        if (control.progress)
            control.progress({from, total, script.filename().string()});
    }
    cutter.finish(found);
    if (run.error())
        return std::unexpected(std::move(*run.error()));
    return run.statements();
}

} // namespace cleat::data::d1
