// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/assetrules.h"

#include "core/base/file.h"

#include <algorithm>
#include <tuple>

namespace cleat::session {

namespace {

constexpr std::size_t mostProblems = 20; ///< of one file that are told

void tell(std::vector<std::pair<events::Level, base::Error>> &notices, const std::string &file, std::size_t rules, const char *what, const std::vector<base::Error> &problems)
{
    std::string text = file + ": " + std::to_string(rules) + ' ' + what + (rules == 1 ? " rule." : " rules.");
    if (!problems.empty())
        text.replace(text.size() - 1, 1, "; " + std::to_string(problems.size()) + (problems.size() == 1 ? " line is" : " lines are") + " left out.");
    notices.emplace_back(problems.empty() ? events::Level::Info : events::Level::Warn, base::Error{"assets.rules", text, {}});
    for (std::size_t i = 0; i < std::min(problems.size(), mostProblems); ++i)
        notices.emplace_back(events::Level::Warn, problems[i]);
    if (problems.size() > mostProblems)
        notices.emplace_back(events::Level::Warn, base::Error{"assets.rules", file + ": and " + std::to_string(problems.size() - mostProblems) + " more.", {}});
}

} // namespace

AssetRulesFiles::File AssetRulesFiles::load(const std::filesystem::path &path)
{
    auto text = base::readFile(path);
    if (text)
        return {*std::move(text), std::nullopt};
    if (text.error().code == "file.missing")
        return {};
    return {std::nullopt, text.error()};
}

std::optional<AssetRulesFiles::Read> AssetRulesFiles::read(const std::filesystem::path &directory, const std::filesystem::path &project)
{
    const std::filesystem::path headersPath = directory / "_headers";
    const std::filesystem::path redirectsPath = directory / "_redirects";
    File headers = load(headersPath);
    File redirects = load(redirectsPath);
    if (m_known && headers == m_headers && redirects == m_redirects)
        return std::nullopt;
    const File oldHeaders = std::exchange(m_headers, headers);
    const File oldRedirects = std::exchange(m_redirects, redirects);
    m_known = true;

    Read made;
    const auto nameOf = [&project](const std::filesystem::path &path) { return path.lexically_proximate(project).string(); };
    for (const auto &[file, old, path] : {std::tuple(&headers, &oldHeaders, &headersPath), std::tuple(&redirects, &oldRedirects, &redirectsPath)}) {
        if (*file == *old)
            continue;
        if (file->error)
            made.notices.emplace_back(events::Level::Warn, *file->error);
        else if (!file->text)
            made.notices.emplace_back(events::Level::Info, base::Error{"assets.rules", nameOf(*path) + " is gone, and its rules with it.", {}});
    }
    auto rules = std::make_shared<functions::AssetRules>();
    if (headers.text) {
        rules->headers = functions::HeadersFile::parse(*headers.text, nameOf(headersPath));
        if (headers != oldHeaders)
            tell(made.notices, nameOf(headersPath), rules->headers.ruleCount(), "header", rules->headers.problems());
    }
    if (redirects.text) {
        rules->redirects = functions::RedirectsFile::parse(*redirects.text, nameOf(redirectsPath));
        if (redirects != oldRedirects)
            tell(made.notices, nameOf(redirectsPath), rules->redirects.ruleCount(), "redirect", rules->redirects.problems());
    }
    if (headers.text || redirects.text)
        made.rules = std::move(rules);
    return made;
}

void AssetRulesFiles::forget()
{
    m_known = false;
    m_headers = {};
    m_redirects = {};
}

} // namespace cleat::session
