// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/candidates.h"

#include "core/base/file.h"
#include "core/functions/routes.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace cleat::functions {

namespace fs = std::filesystem;

namespace {

bool isWordCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$';
}

bool holdsWord(std::string_view text, std::string_view word)
{
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !isWordCharacter(text[at - 1])) && (end == text.size() || !isWordCharacter(text[end])))
            return true;
    }
    return false;
}

// "export *", also with comments or line ends between the two.
bool holdsExportAll(std::string_view text)
{
    for (std::size_t at = text.find("export"); at != std::string_view::npos; at = text.find("export", at + 1)) {
        std::size_t i = at + 6;
        while (i < text.size()) {
            if (text[i] == ' ' || text[i] == '\t' || text[i] == '\r' || text[i] == '\n')
                ++i;
            else if (const std::size_t end = text.find("*/", i + 2); text.substr(i).starts_with("/*") && end != std::string_view::npos)
                i = end + 2;
            else if (text.substr(i).starts_with("//"))
                i = std::min(text.size(), text.find('\n', i));
            else
                break;
        }
        if (i < text.size() && text[i] == '*')
            return true;
    }
    return false;
}

std::optional<Candidate> candidateOf(std::string path, std::string_view text)
{
    if (!holdsWord(text, "export"))
        return std::nullopt;
    Candidate candidate{std::move(path), {}, {}, holdsExportAll(text)};
    const bool escaped = text.find("\\u") != std::string_view::npos; // an identifier may be spelled with escapes
    for (const std::string &name : handlerNames()) {
        const bool here = escaped || holdsWord(text, name);
        if (here)
            candidate.inText.push_back(name);
        if (here || candidate.reexportsAll)
            candidate.names.push_back(name);
    }
    if (candidate.names.empty())
        return std::nullopt;
    return candidate;
}

} // namespace

base::Result<std::vector<Candidate>> findCandidates(const fs::path &functions)
{
    std::vector<Candidate> candidates;
    std::error_code error;
    fs::recursive_directory_iterator walk(functions, error);
    for (; !error && walk != fs::recursive_directory_iterator(); walk.increment(error)) {
        const fs::directory_entry &entry = *walk;
        const fs::file_status status = entry.symlink_status(error);
        if (error)
            break;
        const std::string name = entry.path().filename().string();
        if (fs::is_directory(status)) {
            if (name == "node_modules")
                walk.disable_recursion_pending();
            continue;
        }
        if (!fs::is_regular_file(status) || !isFunctionFile(name) || name.ends_with(".d.ts"))
            continue;
        base::Result<std::string> text = base::readFile(entry.path());
        if (!text) {
            if (text.error().code == "file.missing") // went between the listing and the reading
                continue;
            return std::unexpected(text.error());
        }
        if (auto candidate = candidateOf(entry.path().lexically_relative(functions).generic_string(), *text))
            candidates.push_back(*std::move(candidate));
    }
    if (error)
        return base::fail("bundle.failed", "The folder " + functions.string() + " cannot be read: " + error.message() + ".");
    std::ranges::sort(candidates, {}, &Candidate::path);
    return candidates;
}

} // namespace cleat::functions
