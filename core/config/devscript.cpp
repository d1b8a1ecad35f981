// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/devscript.h"

#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace cleat::config {

namespace {

using Word = DevScript::Word;
using Command = std::vector<Word>;

/// Splits a shell command line into simple commands (POSIX, Shell Command Language 2.2 and 2.3): quotes, escapes, operators, comments. Redirections are left out.
class Shell final
{
public:
    explicit Shell(std::string_view text) : m_text(text) {}

    std::vector<Command> run()
    {
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == ' ' || c == '\t') {
                endWord();
                ++m_at;
            } else if (c == '#' && !m_open) {
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            } else if (c == '<' || c == '>') {
                redirection();
            } else if (c == '&' || c == '|' || c == ';' || c == '(' || c == ')' || c == '\n') {
                endCommand();
                ++m_at;
            } else {
                m_open = true;
                character(c);
            }
        }
        endCommand();
        return std::move(m_commands);
    }

private:
    void put(char c) { m_word.text += c; }

    void character(char c)
    {
        ++m_at;
        switch (c) {
        case '\\':
            if (m_at < m_text.size() && m_text[m_at] != '\n')
                put(m_text[m_at]);
            ++m_at;
            return;
        case '\'': {
            const std::size_t end = std::min(m_text.find('\'', m_at), m_text.size());
            m_word.text += m_text.substr(m_at, end - m_at);
            m_at = end + 1;
            return;
        }
        case '"':
            doubleQuoted();
            return;
        default:
            m_word.expands |= c == '$' || c == '`';
            put(c);
        }
    }

    void doubleQuoted()
    {
        for (; m_at < m_text.size() && m_text[m_at] != '"'; ++m_at) {
            const char c = m_text[m_at];
            if (c == '\\' && m_at + 1 < m_text.size() && std::string_view("\\\"$`\n").find(m_text[m_at + 1]) != std::string_view::npos) {
                if (m_text[++m_at] != '\n')
                    put(m_text[m_at]);
                continue;
            }
            m_word.expands |= c == '$' || c == '`';
            put(c);
        }
        ++m_at;
    }

    void redirection()
    {
        const bool descriptor = std::ranges::all_of(m_word.text, [](char c) { return c >= '0' && c <= '9'; });
        if (m_open && descriptor) { // 2> is no word
            m_open = false;
            m_word = {};
        }
        endWord();
        while (m_at < m_text.size() && std::string_view("<>&|").find(m_text[m_at]) != std::string_view::npos)
            ++m_at;
        m_dropNext = true;
    }

    void endWord()
    {
        if (m_open && !m_dropNext)
            m_command.push_back(std::move(m_word));
        if (m_open)
            m_dropNext = false;
        m_word = {};
        m_open = false;
    }

    void endCommand()
    {
        endWord();
        if (!m_command.empty())
            m_commands.push_back(std::move(m_command));
        m_command.clear();
        m_dropNext = false;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    bool m_open = false; ///< a word has begun, perhaps an empty one
    bool m_dropNext = false;
    Word m_word;
    Command m_command;
    std::vector<Command> m_commands;
};

bool isWrangler(std::string_view word)
{
    word.remove_prefix(word.rfind('/') == std::string_view::npos ? 0 : word.rfind('/') + 1);
    return word == "wrangler" || word.starts_with("wrangler@") || word == "wrangler.cmd";
}

std::optional<std::vector<Word>> findDev(std::string_view text, int depth)
{
    for (const Command &command : Shell(text).run()) {
        for (std::size_t i = 0; i + 2 < command.size(); ++i) {
            if (isWrangler(command[i].text) && command[i + 1].text == "pages" && command[i + 2].text == "dev")
                return Command(command.begin() + static_cast<std::ptrdiff_t>(i) + 3, command.end());
        }
        for (const Word &word : command) {
            if (depth < 2 && word.text.find("wrangler") != std::string::npos && word.text.find(' ') != std::string::npos) {
                if (auto inner = findDev(word.text, depth + 1))
                    return inner;
            }
        }
    }
    return std::nullopt;
}

} // namespace

std::vector<DevScript> findDevScripts(std::string_view packageJson)
{
    std::vector<DevScript> found;
    const base::Json package = base::Json::parse(packageJson, nullptr, false);
    if (!package.is_object() || !package.contains("scripts") || !package["scripts"].is_object())
        return found;
    for (const auto &[name, script] : package["scripts"].items()) {
        if (!script.is_string())
            continue;
        const auto &command = script.get_ref<const std::string &>();
        if (auto words = findDev(command, 0))
            found.push_back({name, command, std::move(*words)});
    }
    return found;
}

} // namespace cleat::config
