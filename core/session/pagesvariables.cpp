// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/pagesvariables.h"

#include "core/base/file.h"

#include <algorithm>
#include <optional>

namespace cleat::session {

namespace {

namespace fs = std::filesystem;

std::string firstLine(const fs::path &file)
{
    const auto text = base::readFile(file);
    return text ? text->substr(0, text->find('\n')) : std::string();
}

bool isCommit(std::string_view name)
{
    return (name.size() == 40 || name.size() == 64) // SHA-1 or SHA-256
        && std::ranges::all_of(name, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

/// The folder that holds HEAD and refs: .git itself, or where a linked worktree's .git file points.
std::optional<fs::path> gitFolder(fs::path folder)
{
    for (std::error_code ec;; folder = folder.parent_path()) {
        const fs::path git = folder / ".git";
        if (fs::is_directory(git, ec))
            return git;
        if (fs::is_regular_file(git, ec)) {
            const std::string line = firstLine(git);
            if (line.starts_with("gitdir: "))
                return folder / line.substr(8);
        }
        if (folder == folder.parent_path())
            return std::nullopt;
    }
}

std::string commitOf(const fs::path &git, const std::string &reference)
{
    fs::path common = git;
    if (const std::string line = firstLine(git / "commondir"); !line.empty())
        common = git / line;
    for (const fs::path &root : {git, common}) {
        if (const std::string sha = firstLine(root / reference); isCommit(sha))
            return sha;
    }
    const auto packed = base::readFile(common / "packed-refs");
    for (std::string_view rest = packed ? std::string_view(*packed) : std::string_view(); !rest.empty();) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::size_t space = line.find(' ');
        if (space != std::string_view::npos && line.substr(space + 1) == reference && isCommit(line.substr(0, space)))
            return std::string(line.substr(0, space));
    }
    return {};
}

} // namespace

std::vector<std::pair<std::string, std::string>> pagesVariables(const fs::path &project, std::string_view projectName)
{
    std::string branch = "local";
    std::string sha(40, '0');
    if (const auto git = gitFolder(project)) {
        const std::string head = firstLine(*git / "HEAD");
        if (head.starts_with("ref: refs/heads/")) {
            branch = head.substr(16);
            if (const std::string commit = commitOf(*git, head.substr(5)); !commit.empty())
                sha = commit;
        } else if (isCommit(head)) {
            sha = head;
        }
    }
    return {{"CF_PAGES", "1"}, {"CF_PAGES_BRANCH", branch}, {"CF_PAGES_COMMIT_SHA", sha},
        {"CF_PAGES_URL", "https://" + sha.substr(0, 8) + '.' + std::string(projectName) + ".pages.dev"}};
}

} // namespace cleat::session
