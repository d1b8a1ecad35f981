// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/discovery.h"

#include "core/base/file.h"
#include "core/config/document.h"
#include "core/config/fill.h"

#include <system_error>

namespace cleat::config {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view deployConfig = ".wrangler/deploy/config.json";

/// nullopt where there is no such folder.
std::optional<fs::path> startOf(const fs::path &folder)
{
    std::error_code error;
    fs::path start = fs::absolute(folder, error).lexically_normal();
    if (error)
        return std::nullopt;
    if (!start.has_filename()) // a trailing slash
        start = start.parent_path();
    return start;
}

std::optional<fs::path> findUpwards(const fs::path &start, std::string_view name)
{
    std::error_code error;
    for (fs::path at = start;; at = at.parent_path()) {
        fs::path file = at / name;
        if (fs::is_regular_file(file, error))
            return file;
        if (at == at.parent_path())
            return std::nullopt;
    }
}

/// A path as a person in the project's folder would write it.
std::string shownFrom(const fs::path &start, const fs::path &path)
{
    return path.lexically_relative(start).string();
}

base::Result<fs::path> readRedirect(const fs::path &from, const std::string &shownPath)
{
    const base::Place whole{from.string(), 0, 0};
    const auto text = base::readFile(from);
    if (!text)
        return base::fail("redirect.read", fill("{} would name the Wrangler file, but cannot be read: {}", shownPath, text.error().message), whole);
    const auto document = parseDocument(*text, Form::Jsonc, from.string());
    if (!document)
        return base::fail("redirect.parse", fill("{} would name the Wrangler file, but is no JSON object: {}", shownPath, document.error().message), document.error().place);
    const Node *node = document->root.find("configPath");
    if (!node || !node->text() || node->text()->empty()) {
        return base::fail("redirect.path", fill("{} has no \"configPath\", which would name the Wrangler file. Build again, or delete it when it is left over from a build.", shownPath),
                          node ? document->place(node->begin, from.string()) : whole);
    }
    fs::path to = (from.parent_path() / *node->text()).lexically_normal();
    std::error_code error;
    if (!fs::is_regular_file(to, error)) {
        return base::fail("redirect.missing", fill("{} names {} as the Wrangler file, which does not exist. Build again, or delete the former when it is left over from a build.",
                                                   shownPath, *node->text()),
                          document->place(node->begin, from.string()));
    }
    return to;
}

} // namespace

std::optional<fs::path> findWranglerFile(const fs::path &folder)
{
    const auto start = startOf(folder);
    if (!start)
        return std::nullopt;
    for (const char *name : {"wrangler.json", "wrangler.jsonc", "wrangler.toml"}) {
        if (auto file = findUpwards(*start, name))
            return file;
    }
    return std::nullopt;
}

base::Result<std::optional<FoundFile>> discoverWranglerFile(const fs::path &folder)
{
    const auto start = startOf(folder);
    if (!start)
        return std::nullopt;
    const auto userFile = findWranglerFile(*start);
    const auto from = findUpwards(*start, deployConfig);
    if (!from) {
        if (!userFile)
            return std::nullopt;
        return FoundFile{*userFile, std::nullopt, userFile};
    }
    auto to = readRedirect(*from, shownFrom(*start, *from));
    if (!to)
        return std::unexpected(std::move(to.error()));
    if (userFile && userFile->parent_path() / deployConfig != *from) {
        return base::fail("redirect.elsewhere",
                          fill("{} names another Wrangler file, but does not stand beside {}, so it is not clear which of the two is meant. Delete the former when it is left over "
                               "from a build, or open the folder that holds the one you want.",
                               shownFrom(*start, *from), shownFrom(*start, *userFile)),
                          {from->string(), 0, 0});
    }
    return FoundFile{std::move(*to), from, userFile};
}

std::vector<Finding> redirectFindings(std::string_view text, Form form, const std::string &path)
{
    const auto document = parseDocument(std::string(text), form, path);
    const Node *env = document ? document->root.find("env") : nullptr;
    if (!env || !env->isTable() || env->members.empty())
        return {};
    std::string names;
    for (const Node::Entry &entry : env->members)
        names += (names.empty() ? "" : ", ") + entry.name;
    return {{Finding::Severity::Error, "file.redirected-env",
             fill("A Wrangler file that a build tool made and .wrangler/deploy/config.json names cannot hold environments, but this one holds {}. The tool that made it is at fault.", names),
             document->place(env->begin, path)}};
}

} // namespace cleat::config
