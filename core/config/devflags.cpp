// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/devscript.h"

#include "core/config/fill.h"
#include "core/config/names.h"

#include <algorithm>
#include <array>

namespace cleat::config {

namespace {

using Word = DevScript::Word;

/// How many words a flag takes: yargs, as wrangler sets it up.
enum class Takes { Nothing, One, Several };

struct Flag {
    std::string_view name;
    char letter;
    Takes takes;
    std::string_view why; ///< for a flag that stays where it is; empty: it is imported
};

constexpr std::string_view runs = "It says how the project runs on this machine, which is not in the file; cleat dev has flags of its own.";
constexpr std::string_view serves = "Cleat serves with what it has itself here.";
constexpr std::string_view old = "It is out of date, and the file has nothing for it.";
constexpr std::string_view byHand = "Set no_bundle in the file by hand.";

constexpr std::array knownFlags{
    Flag{"kv", 'k', Takes::Several, ""},
    Flag{"d1", 0, Takes::Several, ""},
    Flag{"r2", 0, Takes::Several, ""},
    Flag{"do", 'o', Takes::Several, ""},
    Flag{"service", 0, Takes::Several, ""},
    Flag{"ai", 0, Takes::One, ""},
    Flag{"version-metadata", 0, Takes::One, ""},
    Flag{"binding", 'b', Takes::Several, ""},
    Flag{"compatibility-date", 0, Takes::One, ""},
    Flag{"compatibility-flags", 0, Takes::Several, ""},
    Flag{"compatibility-flag", 0, Takes::Several, ""},
    Flag{"ip", 0, Takes::One, runs},
    Flag{"port", 0, Takes::One, runs},
    Flag{"persist-to", 0, Takes::One, "It says where the local data lies, which is not in the file; cleat dev has the same flag."},
    Flag{"inspector-port", 0, Takes::One, runs},
    Flag{"local-protocol", 0, Takes::One, runs},
    Flag{"https-key-path", 0, Takes::One, runs},
    Flag{"https-cert-path", 0, Takes::One, runs},
    Flag{"live-reload", 0, Takes::Nothing, serves},
    Flag{"log-level", 0, Takes::One, serves},
    Flag{"show-interactive-dev-session", 0, Takes::Nothing, serves},
    Flag{"env-file", 0, Takes::Several, "Cleat reads .dev.vars, or .env and .env.local, beside the file."},
    Flag{"cwd", 0, Takes::One, "Open that folder instead."},
    Flag{"config", 'c', Takes::Several, "A file of another place cannot be taken over from here."},
    Flag{"env", 'e', Takes::One, "Pages has no such flag."},
    Flag{"bundle", 0, Takes::Nothing, byHand},
    Flag{"no-bundle", 0, Takes::Nothing, byHand},
    Flag{"proxy", 0, Takes::One, old},
    Flag{"script-path", 0, Takes::One, old},
    Flag{"node-compat", 0, Takes::Nothing, old},
    Flag{"local", 0, Takes::Nothing, old},
    Flag{"experimental-local", 0, Takes::Nothing, old},
};

/// --compatibilityDate is --compatibility-date to yargs.
std::string dashed(std::string_view name)
{
    std::string out;
    for (const char c : name) {
        if (c >= 'A' && c <= 'Z')
            out += '-';
        out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

std::pair<std::string, std::optional<std::string>> splitAt(std::string_view text, char separator)
{
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos)
        return {std::string(text), std::nullopt};
    return {std::string(text.substr(0, at)), std::string(text.substr(at + 1))};
}

bool isDate(std::string_view text)
{
    constexpr std::string_view pattern = "0000-00-00";
    return std::ranges::equal(text, pattern, [](char c, char wanted) { return wanted == '0' ? c >= '0' && c <= '9' : c == wanted; });
}

class Importer final
{
public:
    DevImport run(const std::vector<Word> &words)
    {
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (words[i].text == "--") {
                rest(words, i + 1);
                break;
            }
            if (words[i].text.size() > 1 && words[i].text.starts_with('-'))
                i = flag(words, i);
            else
                positional(words[i]);
        }
        return std::move(m_import);
    }

private:
    void leave(std::string flag, std::string_view why) { m_import.left.push_back({std::move(flag), std::string(why)}); }

    void rest(const std::vector<Word> &words, std::size_t from)
    {
        std::string command;
        for (; from < words.size(); ++from)
            command += (command.empty() ? "" : " ") + words[from].text;
        if (!command.empty())
            leave(command, "A command that wrangler starts and passes requests on to has no place in the file; it is out of date.");
    }

    void positional(const Word &word)
    {
        if (m_import.outputDir)
            leave(word.text, "The folder is named already.");
        else if (word.expands)
            leave(word.text, "Only a shell knows what this is.");
        else if (!word.text.empty())
            m_import.outputDir = word.text;
    }

    /// Returns the index of the last word taken.
    std::size_t flag(const std::vector<Word> &words, std::size_t at)
    {
        const std::string &whole = words[at].text;
        const bool isLong = whole.starts_with("--");
        auto [name, value] = splitAt(std::string_view(whole).substr(isLong ? 2 : 1), '=');
        const auto known = std::ranges::find_if(knownFlags, [&](const Flag &candidate) {
            return isLong ? candidate.name == dashed(name) : candidate.letter != 0 && name.size() == 1 && name[0] == candidate.letter;
        });
        if (known == knownFlags.end()) {
            leave(whole, "Cleat does not know this flag.");
            return at;
        }
        const std::string spelled = (isLong ? "--" : "-") + name;
        std::vector<Word> values;
        if (value)
            values.push_back({*value, words[at].expands});
        const auto isValue = [&](std::size_t i) { return i < words.size() && !(words[i].text.size() > 1 && words[i].text.starts_with('-')); };
        if (known->takes == Takes::One && !value && isValue(at + 1))
            values.push_back(words[++at]);
        while (known->takes == Takes::Several && isValue(at + 1))
            values.push_back(words[++at]);
        if (known->takes == Takes::Nothing && !value && at + 1 < words.size() && (words[at + 1].text == "true" || words[at + 1].text == "false"))
            values.push_back(words[++at]);
        if (!known->why.empty()) {
            std::string told = spelled;
            for (const Word &word : values)
                told += (value ? "=" : " ") + word.text;
            leave(told, known->why);
            return at;
        }
        if (values.empty())
            leave(spelled, "It has no value.");
        for (const Word &word : values)
            take(*known, spelled + (value ? "=" : " ") + word.text, word);
        return at;
    }

    void take(const Flag &flag, const std::string &told, const Word &word)
    {
        if (word.expands) {
            leave(told, "Only a shell knows what this is.");
        } else if (flag.name == "compatibility-date") {
            if (isDate(word.text))
                m_import.compatibilityDate = word.text;
            else
                leave(told, "This is no date like 2026-11-01.");
        } else if (flag.name.starts_with("compatibility-flag")) {
            if (std::ranges::find(m_import.compatibilityFlags, word.text) == m_import.compatibilityFlags.end())
                m_import.compatibilityFlags.push_back(word.text);
        } else if (flag.name == "binding") {
            variable(told, word.text);
        } else {
            binding(flag.name, told, word.text);
        }
    }

    /// Whether the name can be used; else it is left.
    bool claim(const std::string &told, const std::string &name)
    {
        if (const auto fine = checkSpelling(name); !fine) {
            leave(told, fine.error().message);
            return false;
        }
        if (std::ranges::find(m_names, name) != m_names.end()) {
            leave(told, fill("The name {} is there already.", name));
            return false;
        }
        m_names.push_back(name);
        return true;
    }

    void variable(const std::string &told, const std::string &text)
    {
        const auto [name, value] = splitAt(text, '=');
        if (!value)
            leave(told, "A variable is written NAME=VALUE.");
        else if (claim(told, name))
            m_import.edits.push_back(AddVariable{Scope::TopLevel, {name, Field::Kind::Text, *value}});
    }

    void binding(std::string_view flag, const std::string &told, const std::string &text)
    {
        const auto [name, target] = splitAt(text, '=');
        const std::string ref = target.value_or(std::string());
        Binding entry;
        entry.name = name;
        if (flag == "kv") {
            entry.kind = Kind::KvNamespace;
            entry.set("id", ref);
        } else if (flag == "d1") {
            entry.kind = Kind::D1Database;
            entry.set("database_id", ref);
        } else if (flag == "r2") {
            entry.kind = Kind::R2Bucket;
            entry.set("bucket_name", ref);
        } else if (flag == "ai") {
            entry.kind = Kind::Ai;
            entry.name = text;
        } else if (flag == "version-metadata") {
            entry.kind = Kind::VersionMetadata;
            entry.name = text;
        } else if (flag == "do") {
            entry.kind = Kind::DurableObject;
            const auto [className, script] = splitAt(ref, '@');
            entry.set("class_name", className);
            entry.set("script_name", script.value_or(std::string()));
        } else {
            entry.kind = Kind::Service;
            const auto [service, entrypoint] = splitAt(ref, '#');
            const auto [script, environment] = splitAt(service, '@');
            entry.set("service", script);
            entry.set("environment", environment.value_or(std::string()));
            entry.set("entrypoint", entrypoint.value_or(std::string()));
        }
        if (entry.kind == Kind::DurableObject && !entry.value("class_name").empty() && !entry.find("script_name"))
            leave(told, "In the file, Pages wants the name of the Worker that has the class: NAME=CLASS@WORKER.");
        else if (const auto fields = checkFields(entry); !fields)
            leave(told, fields.error().message);
        else if (isSingle(entry.kind) && hasKind(entry.kind))
            leave(told, "There can be only one of these.");
        else if (claim(told, entry.name))
            m_import.edits.push_back(AddBinding{Scope::TopLevel, std::move(entry)});
    }

    static bool isSingle(Kind kind) { return kind == Kind::Ai || kind == Kind::VersionMetadata; }

    bool hasKind(Kind kind) const
    {
        return std::ranges::any_of(m_import.edits, [&](const Edit &edit) {
            const auto *add = std::get_if<AddBinding>(&edit);
            return add && add->entry.kind == kind;
        });
    }

    DevImport m_import;
    std::vector<std::string> m_names;
};

std::string shownEntry(const Edit &edit)
{
    if (const auto *add = std::get_if<AddBinding>(&edit))
        return add->entry.name;
    const auto *add = std::get_if<AddVariable>(&edit);
    return add ? add->entry.name : std::string();
}

} // namespace

DevImport importFlags(const DevScript &script)
{
    return Importer().run(script.words);
}

DevImport importInto(DevImport flags, const WranglerConfig &config)
{
    constexpr std::string_view there = "The file has one already.";
    const auto drop = [&](std::optional<std::string> &value, const std::optional<std::string> &own, std::string_view name) {
        if (value && own && *value != *own)
            flags.left.push_back({fill("{} {}", name, *value), std::string(there)});
        if (own)
            value.reset();
    };
    drop(flags.outputDir, config.pagesBuildOutputDir, "pages_build_output_dir");
    drop(flags.compatibilityDate, config.compatibilityDate, "compatibility_date");
    for (const std::string &flag : flags.compatibilityFlags) {
        if (std::ranges::find(config.compatibilityFlags, flag) == config.compatibilityFlags.end())
            flags.left.push_back({flag, "Add it to compatibility_flags in the file by hand."});
    }
    flags.compatibilityFlags.clear();
    std::erase_if(flags.edits, [&](const Edit &edit) {
        const std::string name = shownEntry(edit);
        const auto fine = checkName(config, Scope::TopLevel, name);
        if (fine)
            return false;
        flags.left.push_back({name, fine.error().message});
        return true;
    });
    return flags;
}

} // namespace cleat::config
