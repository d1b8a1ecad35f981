// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/config/editproperty.h"

#include <algorithm>
#include <map>

namespace cleat::config::property {

namespace {

std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        out.emplace_back(line);
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(end + 1);
    }
    return out;
}

/// The length of the longest common subsequence.
std::size_t commonLines(const std::vector<std::string> &a, const std::vector<std::string> &b)
{
    std::vector<std::size_t> row(b.size() + 1);
    for (const std::string &line : a) {
        std::size_t diagonal = 0;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t above = row[j + 1];
            row[j + 1] = line == b[j] ? diagonal + 1 : std::max(above, row[j]);
            diagonal = above;
        }
    }
    return row.back();
}

/// Values without places and spelling of numbers.
struct Plain {
    bool present;
    std::vector<KvNamespace> namespaces;
    std::map<std::string, Variable> variables;
    std::vector<std::pair<std::string, std::string>> others; ///< names of other kinds
    bool operator==(const Plain &) const = default;
};

Plain plain(const BindingSet &set)
{
    Plain out{set.present, {}, {}, {}};
    for (const auto &entry : set.kvNamespaces)
        out.namespaces.push_back(entry.value);
    for (const auto &entry : set.variables)
        out.variables[entry.value.name] = entry.value;
    for (const TakenName &name : set.takenNames) {
        if (name.kind != "a variable" && name.kind != "a KV namespace")
            out.others.emplace_back(name.name, name.kind);
    }
    std::ranges::sort(out.others); // their order in the file is not their meaning
    return out;
}

struct Expectation {
    Plain &set;
    std::size_t lostLines = 0; ///< of the old text, at most; npos for any
    std::size_t newLines = 0;  ///< in the new text, at most

    static constexpr std::size_t any = std::size_t(-1);

    void operator()(const AddKvNamespace &edit)
    {
        set.present = true;
        set.namespaces.push_back(edit.entry);
        lostLines = 1;
        newLines = any;
    }
    void operator()(const ChangeKvNamespace &edit)
    {
        const auto it = std::ranges::find(set.namespaces, edit.binding, &KvNamespace::binding);
        if (it != set.namespaces.end())
            *it = edit.entry;
        lostLines = any; // an old value may take several lines
        newLines = 4;
    }
    void operator()(const RemoveKvNamespace &edit)
    {
        const auto it = std::ranges::find(set.namespaces, edit.binding, &KvNamespace::binding);
        if (it != set.namespaces.end())
            set.namespaces.erase(it);
        lostLines = any;
        newLines = 2;
    }
    void operator()(const AddVariable &edit)
    {
        set.present = true;
        set.variables[edit.entry.name] = edit.entry;
        lostLines = 1;
        newLines = any;
    }
    void operator()(const ChangeVariable &edit)
    {
        set.variables.erase(edit.name);
        set.variables[edit.entry.name] = edit.entry;
        lostLines = any;
        newLines = any;
    }
    void operator()(const RemoveVariable &edit)
    {
        set.variables.erase(edit.name);
        lostLines = any;
        newLines = 2;
    }
};

/// JSON of variables is compared as text; where the edit's own JSON text is spelled in another way, the new text decides.
void adoptSpelling(Plain &wanted, const Plain &seen)
{
    for (auto &[name, variable] : wanted.variables) {
        const auto it = seen.variables.find(name);
        if (it != seen.variables.end() && variable.kind == it->second.kind && variable.kind == Variable::Kind::Json)
            variable.value = it->second.value;
        else if (it != seen.variables.end() && variable.kind == Variable::Kind::Json && variable.value.starts_with('"'))
            variable = it->second; // JSON that is a text is a text
    }
}

Scope scopeOf(const Edit &edit)
{
    return std::visit([](const auto &e) { return e.scope; }, edit);
}

} // namespace

std::optional<std::string> violation(std::string_view text, const Edit &edit)
{
    const auto before = readWranglerToml(text, "file");
    const auto result = applyEdit(text, edit);
    if (!result) {
        static const std::vector<std::string> codes{"config.parse", "config.edit.missing", "config.edit.unsafe", "config.edit.value",
                                                    "name.empty", "name.identifier", "name.reserved", "name.taken"};
        if (std::ranges::find(codes, result.error().code) == codes.end())
            return "unknown code " + result.error().code;
        if (result.error().message.empty())
            return "no message";
        if ((result.error().code == "config.parse") != !before)
            return "config.parse disagrees with the reader: " + result.error().message;
        return std::nullopt;
    }
    if (!before)
        return "edited a text that does not parse";
    const auto after = readWranglerToml(*result, "file");
    if (!after)
        return "the result does not parse: " + after.error().message;
    if (before->name != after->name || before->pagesBuildOutputDir != after->pagesBuildOutputDir || before->compatibilityDate != after->compatibilityDate
        || before->compatibilityFlags != after->compatibilityFlags)
        return "a key of the project changed";
    Plain target = plain(before->set(scopeOf(edit)));
    Expectation wanted{target};
    std::visit(wanted, edit);
    for (const Scope scope : {Scope::TopLevel, Scope::Preview, Scope::Production}) {
        const Plain seen = plain(after->set(scope));
        if (scope != scopeOf(edit)) {
            if (!(plain(before->set(scope)) == seen))
                return "another set changed";
            continue;
        }
        adoptSpelling(target, seen);
        if (!(target == seen))
            return "the set is not what the edit says";
    }
    const std::vector<std::string> oldLines = linesOf(text);
    const std::vector<std::string> newLines = linesOf(*result);
    if (oldLines.size() > 2000 || newLines.size() > 2000)
        return std::nullopt;
    const std::size_t common = commonLines(oldLines, newLines);
    if (oldLines.size() - common > wanted.lostLines)
        return "lines changed that the edit does not concern";
    if (newLines.size() - common > wanted.newLines)
        return "more lines are new than the edit needs";
    return std::nullopt;
}

std::uint64_t Random::next()
{
    m_state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = m_state;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

std::string mutated(std::string text, const std::vector<std::string> &corpus, Random &random)
{
    static const std::vector<std::string> fragments{
        "[vars]\n", "[env.preview]\n", "[env.preview.vars]\n", "[[kv_namespaces]]\n", "[[env.preview.kv_namespaces]]\n", "[env.production]\n", "[env]\n", "\n", "\n\n",
        "# note\n", " # note", "  ", "\t", "\r\n", "vars.Z = \"1\"\n", "env.preview.vars.Q = 'q'\n", "preview.vars.R = 1\n", "kv_namespaces = []\n", "vars = {}\n",
        "binding = \"N\"\n", "id = '7'\n", "\"", "'", "\"\"\"", "'''", "[", "]", "{", "}", ",", "=", ".", "\\", "\\n", "\xC3\xA4", "\xFF", std::string(1, '\0'), "\x01",
        "[vars.obj]\na = 1\n", "[[vars.list]]\nb = 2\n", "[kv_namespaces.extra]\nc = 3\n", "vars.obj.x = 1\n", "{ binding = \"I\" }", "env = { preview = { } }\n",
        "1979-05-27 07:32:00", "inf", "0x1F", "1e400", "99999999999999999999", "[\n  { binding = \"J\" }, # j\n]\n", "A = \"\"\"\nx\ny\"\"\"\n", "[ vars ]\n", "\"vars\".K = 1\n"};
    const std::size_t steps = random.below(4);
    for (std::size_t step = 0; step < steps; ++step) {
        const std::size_t at = random.below(text.size() + 1);
        const std::size_t lineBegin = at == 0 ? 0 : text.rfind('\n', at - 1) + 1;
        const std::size_t lineEnd = std::min(text.find('\n', at), text.size());
        switch (random.below(9)) {
        case 0:
            text.insert(lineBegin, random.oneOf(fragments));
            break;
        case 1:
            text.insert(at, random.oneOf(fragments));
            break;
        case 2:
            text.erase(lineBegin, std::min(lineEnd + 1, text.size()) - lineBegin);
            break;
        case 3:
            text.erase(at, 1 + random.below(3));
            break;
        case 4: {
            const std::string line = text.substr(lineBegin, std::min(lineEnd + 1, text.size()) - lineBegin);
            const std::size_t other = random.below(text.size() + 1);
            text.insert(other == 0 ? 0 : text.rfind('\n', other - 1) + 1, line);
            break;
        }
        case 5: {
            const std::string &donor = random.oneOf(corpus);
            const std::size_t from = random.below(donor.size() + 1);
            text.insert(lineBegin, donor.substr(from == 0 ? 0 : donor.rfind('\n', from - 1) + 1, random.below(80)));
            break;
        }
        case 6:
            if (text.ends_with('\n'))
                text.pop_back();
            break;
        case 7:
            if (at < text.size())
                text[at] = char(random.below(random.below(8) == 0 ? 256 : 128));
            break;
        case 8:
            text += random.oneOf(corpus);
            break;
        }
        if (text.size() > 20000)
            text.resize(20000);
    }
    return text;
}

Edit randomEdit(std::string_view text, Random &random)
{
    static const std::vector<std::string> names{"NEW", "TODO_LIST", "A", "B", "KEY", "$x", "gr\xC3\xB6\xC3\x9F" "e", "_", "X", "Y2", "ASSETS", "", "9"};
    static const std::vector<std::string> texts{"", "x", "a \"quoted\" 'text'", "back\\slash", "two\nlines", "tab\t", "\xF0\x9F\x98\x80", "#", "]]", "it's", "\r\n", "\x01", "\xFF",
                                                "\"\"\"", "'''"};
    static const std::vector<std::string> values{"1", "-1.5", "true", "null", "[1,\"a\",{\"b\":[]}]", "{\"a\":{\"b\":1},\"c d\":\"x\"}", "{}", "\"text\"", "{", "18446744073709551615",
                                                 "1e22", "[null]", "[[],{}]", "-0.0"};
    const Scope scope = std::vector{Scope::TopLevel, Scope::Preview, Scope::Production}[random.below(3)];
    std::vector<std::string> kv;
    std::vector<std::string> vars;
    if (const auto config = readWranglerToml(text, {})) {
        for (const auto &entry : config->set(scope).kvNamespaces)
            kv.push_back(entry.value.binding);
        for (const auto &entry : config->set(scope).variables)
            vars.push_back(entry.value.name);
    }
    KvNamespace entry{random.oneOf(names), std::nullopt, std::nullopt};
    if (random.below(3) > 0)
        entry.id = random.oneOf(texts);
    if (random.below(3) == 0)
        entry.previewId = random.oneOf(texts);
    Variable variable{random.oneOf(names), random.below(2) ? Variable::Kind::Text : Variable::Kind::Json, {}};
    variable.value = random.oneOf(variable.kind == Variable::Kind::Text ? texts : values);
    const bool wild = random.below(10) == 0; // also what is not there
    if (kv.empty() || wild)
        kv.push_back("A");
    if (vars.empty() || wild)
        vars.push_back("KEY");
    const std::string &oldKv = random.oneOf(kv);
    const std::string &oldVar = random.oneOf(vars);
    switch (random.below(6)) {
    case 0:
        return AddKvNamespace{scope, entry};
    case 1:
        if (random.below(2))
            entry.binding = oldKv;
        return ChangeKvNamespace{scope, oldKv, entry};
    case 2:
        return RemoveKvNamespace{scope, oldKv};
    case 3:
        return AddVariable{scope, variable};
    case 4:
        if (random.below(2))
            variable.name = oldVar;
        return ChangeVariable{scope, oldVar, variable};
    }
    return RemoveVariable{scope, oldVar};
}

std::string describe(const Edit &edit)
{
    struct Words {
        static std::string in(Scope scope) { return scope == Scope::TopLevel ? " top" : scope == Scope::Preview ? " preview" : " production"; }
        static std::string of(const KvNamespace &e) { return " " + e.binding + " id=" + e.id.value_or("-") + " preview_id=" + e.previewId.value_or("-"); }
        static std::string of(const Variable &e) { return " " + e.name + (e.kind == Variable::Kind::Text ? " text=" : " json=") + e.value; }
        std::string operator()(const AddKvNamespace &e) const { return "add-kv" + in(e.scope) + of(e.entry); }
        std::string operator()(const ChangeKvNamespace &e) const { return "change-kv" + in(e.scope) + " " + e.binding + " to" + of(e.entry); }
        std::string operator()(const RemoveKvNamespace &e) const { return "remove-kv" + in(e.scope) + " " + e.binding; }
        std::string operator()(const AddVariable &e) const { return "add-var" + in(e.scope) + of(e.entry); }
        std::string operator()(const ChangeVariable &e) const { return "change-var" + in(e.scope) + " " + e.name + " to" + of(e.entry); }
        std::string operator()(const RemoveVariable &e) const { return "remove-var" + in(e.scope) + " " + e.name; }
    };
    return std::visit(Words{}, edit);
}

} // namespace cleat::config::property
