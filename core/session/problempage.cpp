// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/problempage.h"

namespace cleat::session {

namespace {

std::string escaped(std::string_view text)
{
    std::string made;
    made.reserve(text.size());
    for (const char c : text) {
        switch (c) {
        case '&':
            made += "&amp;";
            break;
        case '<':
            made += "&lt;";
            break;
        case '>':
            made += "&gt;";
            break;
        case '"':
            made += "&quot;";
            break;
        default:
            made += c;
        }
    }
    return made;
}

constexpr std::string_view style =
    "body { margin: 0; background: #1d1f23; color: #f3f3f3; font: 16px/1.5 system-ui, sans-serif; }\n"
    "main { max-width: 900px; margin: 8vh auto; padding: 20px 24px; border-top: 4px solid #ff6b5e; }\n"
    "h1 { margin: 0; font-size: 20px; color: #ff8d83; }\n"
    "code, pre { font: 14px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }\n"
    "p:last-child { color: #aaa; }\n";

} // namespace

std::string problemTitle(const base::Error &problem)
{
    return problem.code.starts_with("bundle.") || problem.code.starts_with("build.") || problem.code.starts_with("routes.") ? "The code could not be built" : "The code does not start";
}

std::string problemPlace(const base::Error &problem)
{
    std::string place = problem.place.file;
    if (!place.empty() && problem.place.line > 0) {
        place += ':' + std::to_string(problem.place.line);
        if (problem.place.column > 0)
            place += ':' + std::to_string(problem.place.column);
    }
    return place;
}

std::string problemPage(const base::Error &problem, std::string_view script)
{
    const std::string title = escaped(problemTitle(problem));
    const std::string place = escaped(problemPlace(problem));
    std::string page = "<!doctype html>\n<html lang=\"en\" data-cleat-problem>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>" + title + "</title>\n<style>\n";
    page.append(style).append("</style>\n<main>\n<h1>").append(title).append("</h1>\n");
    if (!place.empty())
        page.append("<p><code>").append(place).append("</code></p>\n");
    page.append("<pre>").append(escaped(problem.message)).append("</pre>\n<p>");
    page.append(script.empty() ? "Load the page again when it is mended." : "This page loads again by itself when it is mended.").append("</p>\n</main>\n");
    page.append(script).append("</html>\n");
    return page;
}

} // namespace cleat::session
