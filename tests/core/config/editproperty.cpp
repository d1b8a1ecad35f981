// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/config/editproperty.h"

#include "core/base/file.h"
#include "core/config/bindingkinds.h"
#include "core/config/operation.h"
#include "tests/core/config/goldencase.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <stdexcept>

namespace cleat::config::property {

namespace {

/// JSON with comments takes a carriage return alone for a line end, too.
std::vector<std::string> linesOf(std::string_view text)
{
    std::vector<std::string> out;
    while (!text.empty()) {
        const std::size_t end = text.find_first_of("\r\n");
        out.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos)
            break;
        text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
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

/// No field can have that name: it is not UTF-8.
const std::string ownName = "\xFF";

/// Values without places and spelling of numbers.
struct Plain {
    bool present;
    std::map<Kind, std::vector<std::map<std::string, Field>>> bindings; ///< fields by name, with the binding's own as ownName
    std::map<std::string, Variable> variables;
    bool operator==(const Plain &) const = default;
};

std::map<std::string, Field> plain(const Binding &binding)
{
    std::map<std::string, Field> out{{ownName, {"", Field::Kind::Text, binding.name}}};
    for (const Field &field : binding.fields)
        out[field.name] = field;
    return out;
}

Plain plain(const BindingSet &set)
{
    Plain out{set.present, {}, {}};
    for (const auto &entry : set.bindings)
        out.bindings[entry.value.kind].push_back(plain(entry.value));
    for (const auto &entry : set.variables)
        out.variables[entry.value.name] = entry.value;
    return out;
}

struct Expectation {
    Plain &set;
    std::size_t lostLines = 0; ///< of the old text, at most; npos for any
    std::size_t newLines = 0;  ///< in the new text, at most

    static constexpr std::size_t any = std::size_t(-1);

    auto at(Kind kind, const std::string &name)
    {
        return std::ranges::find_if(set.bindings[kind], [&name](const auto &entry) { return entry.at(ownName).value == name; });
    }

    void operator()(const AddBinding &edit)
    {
        set.present = true;
        set.bindings[edit.entry.kind].push_back(plain(edit.entry));
        lostLines = 1;
        newLines = any;
    }
    void operator()(const ChangeBinding &edit)
    {
        const auto it = at(edit.kind, edit.name);
        if (it != set.bindings[edit.kind].end())
            *it = plain(edit.entry);
        lostLines = any; // an old value may take several lines
        newLines = any;
    }
    void operator()(const RemoveBinding &edit)
    {
        const auto it = at(edit.kind, edit.name);
        if (it != set.bindings[edit.kind].end())
            set.bindings[edit.kind].erase(it);
        lostLines = any;
        newLines = 2;
        if (set.bindings[edit.kind].empty())
            set.bindings.erase(edit.kind);
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
    for (auto &[kind, entries] : wanted.bindings) {
        const auto it = seen.bindings.find(kind);
        for (std::size_t i = 0; it != seen.bindings.end() && i < entries.size() && i < it->second.size(); ++i) {
            for (auto &[name, field] : entries[i]) {
                const auto same = it->second[i].find(name);
                if (same == it->second[i].end() || field.kind != Field::Kind::Json)
                    continue;
                if (same->second.kind == Field::Kind::Json)
                    field.value = same->second.value;
                else if (field.value.starts_with('"'))
                    field = same->second;
            }
        }
    }
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

Path pathOf(Scope scope)
{
    switch (scope) {
    case Scope::TopLevel:
        return {};
    case Scope::Preview:
        return {"env", "preview"};
    case Scope::Production:
        return {"env", "production"};
    }
    return {};
}

/// The key of the scope that an edit is about.
std::string keyOf(const Edit &edit)
{
    struct Key {
        std::string operator()(const AddBinding &e) const { return std::string(bindingKind(e.entry.kind).key); }
        std::string operator()(const ChangeBinding &e) const { return std::string(bindingKind(e.kind).key); }
        std::string operator()(const RemoveBinding &e) const { return std::string(bindingKind(e.kind).key); }
        std::string operator()(const AddVariable &) const { return "vars"; }
        std::string operator()(const ChangeVariable &) const { return "vars"; }
        std::string operator()(const RemoveVariable &) const { return "vars"; }
    };
    return std::visit(Key{}, edit);
}

void erase(Tree &tree, const Path &path)
{
    auto *table = std::get_if<Tree::Table>(&tree.value);
    if (!table)
        return;
    const auto it = table->find(path.front());
    if (it == table->end())
        return;
    if (path.size() > 1)
        erase(it->second, Path(path.begin() + 1, path.end()));
    if (path.size() == 1 || it->second == Tree{Tree::Table()})
        table->erase(it);
}

/// What the whole file means, but for the key that the edit is about, and environments that hold nothing else.
Tree restOf(const Document &document, const Edit &edit)
{
    Tree tree = treeOf(document.root);
    Path path = pathOf(scopeOf(edit));
    path.push_back(keyOf(edit));
    erase(tree, path);
    if (scopeOf(edit) != Scope::TopLevel) {
        erase(tree, {"env", "preview", "", ""});
        erase(tree, {"env", "production", "", ""});
    }
    return tree;
}

/// The bytes that a change may touch; nullopt where the entry is not in one piece.
std::optional<Range> extentOf(const Document &document, const Edit &edit)
{
    const Node *node = nullptr;
    const Path scope = pathOf(scopeOf(edit));
    if (const auto *change = std::get_if<ChangeVariable>(&edit)) {
        const Node *table = nodeAt(document.root, Target{scope, {"vars"}}.whole());
        node = table ? table->find(change->name) : nullptr;
    } else if (const auto *binding = std::get_if<ChangeBinding>(&edit)) {
        const BindingKind &kind = bindingKind(binding->kind);
        Path path{std::string(kind.key)};
        if (!kind.within.empty())
            path.emplace_back(kind.within);
        node = nodeAt(document.root, Target{scope, path}.whole());
        if (node && kind.form == BindingKind::Form::List) {
            const auto isMeant = [&](const auto &item) {
                const Node *name = item->isTable() ? item->find(kind.nameField) : nullptr;
                return name && name->text() && *name->text() == binding->name;
            };
            const auto found = std::ranges::find_if(node->items, isMeant);
            node = found == node->items.end() ? nullptr : found->get();
        }
    }
    if (!node || (document.form == Form::Jsonc && !document.repeatedKeys.empty()))
        return std::nullopt;
    if (node->value)
        return Range{node->begin, node->value->range.end};
    if (document.form == Form::Jsonc || std::holds_alternative<ChangeVariable>(edit) || node->origin == Node::Origin::Dotted || node->statements.empty()
        || node->statements.back() - node->statements.front() + 1 != node->statements.size())
        return std::nullopt;
    // Comments right below belong to the entry: a new field comes behind them.
    std::size_t end = document.scan.statements[node->statements.back()].lines.end;
    for (const Line &line : document.scan.lines) {
        if (line.range.begin == end && line.kind == Line::Kind::Comment)
            end = line.range.end;
    }
    return Range{document.scan.statements[node->statements.front()].range.begin, end};
}

bool isSubsequence(std::string_view part, std::string_view whole)
{
    for (const char c : whole) {
        if (!part.empty() && part.front() == c)
            part.remove_prefix(1);
    }
    return part.empty();
}

/// What is wrong with the bytes of the result.
std::optional<std::string> strayBytes(const Document &before, const std::string &result, const Edit &edit)
{
    const std::string &text = before.text;
    if (const auto extent = extentOf(before, edit)) {
        if (!result.starts_with(text.substr(0, extent->begin)))
            return "bytes changed above the entry";
        if (!result.ends_with(text.substr(extent->end)))
            return "bytes changed below the entry";
    }
    const bool removal = std::holds_alternative<RemoveBinding>(edit) || std::holds_alternative<RemoveVariable>(edit);
    if (before.form == Form::Jsonc && removal && !isSubsequence(result, text))
        return "a removal put something in";
    return std::nullopt;
}

} // namespace

std::optional<std::string> violation(std::string_view text, Form form, const Edit &edit)
{
    const auto before = readWranglerFile(text, form, "file");
    const auto result = applyEdit(text, form, edit);
    if (!result) {
        static const std::vector<std::string> codes{"config.parse", "config.edit.missing", "config.edit.taken", "config.edit.unsafe", "config.edit.value",
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
    const auto after = readWranglerFile(*result, form, "file");
    if (!after)
        return "the result does not parse: " + after.error().message;
    if (before->name != after->name || before->pagesBuildOutputDir != after->pagesBuildOutputDir || before->compatibilityDate != after->compatibilityDate
        || before->compatibilityFlags != after->compatibilityFlags)
        return "a key of the project changed";
    const auto oldDocument = parseDocument(std::string(text), form, {});
    const auto newDocument = parseDocument(*result, form, {});
    if (!(restOf(*oldDocument, edit) == restOf(*newDocument, edit)))
        return "something else of the file means something else";
    if (auto stray = strayBytes(*oldDocument, *result, edit))
        return stray;
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
    if (oldLines.size() > 2000 || newLines.size() > 2000 || !oldDocument->repeatedKeys.empty())
        return std::nullopt;
    const std::size_t common = commonLines(oldLines, newLines);
    if (oldLines.size() - common > wanted.lostLines)
        return "lines changed that the edit does not concern";
    if (newLines.size() - common > wanted.newLines)
        return "more lines are new than the edit needs";
    return std::nullopt;
}

std::optional<std::string> violation(std::string_view text, Form form, std::span<const Edit> step)
{
    std::string now(text);
    for (const Edit &edit : step) {
        if (auto wrong = violation(now, form, edit))
            return wrong;
        auto result = applyEdit(now, form, edit);
        if (!result) {
            const auto whole = applyEdits(text, form, step);
            if (whole)
                return "a step is made of which a part is refused";
            return whole.error().code == result.error().code ? std::nullopt : std::optional<std::string>("a step is refused for another reason than its part");
        }
        now = std::move(*result);
    }
    const auto whole = applyEdits(text, form, step);
    if (!whole)
        return "a step is refused of which no part is: " + whole.error().message;
    if (*whole != now)
        return "a step has another outcome than its parts";
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

std::string mutated(std::string text, Form form, const std::vector<std::string> &corpus, Random &random)
{
    static const std::vector<std::string> jsonFragments{
        "// note\n", " // note", "/* note */", "/*\n * note\n */\n", "//\r", "\n", "\n\n", "  ", "\t", "\r\n", ",", ",\n", ":", "\"", "[", "]", "{", "}", "{}", "[]", "\\",
        "\"vars\": {},\n", "\"vars\": { \"Q\": 1 },\n", "\"A\": \"1\",\n", "\"A\": \"1\"", "\"kv_namespaces\": [],\n", "\"env\": { \"preview\": {} },\n", "\"preview\": {},\n",
        "\"production\": { /* none */ }\n", "{ \"binding\": \"J\" }, // j\n", ", { \"binding\": \"K\", \"id\": \"1\" }", "\"queues\": { \"producers\": [] },", "\"ai\": { \"binding\": \"AI\" },",
        "\"durable_objects\": { \"bindings\": [\n{ \"name\": \"R\" } // r\n] },\n", "\"id\": \"7\"", "null", "1e400", "-0", "\\u0041", "\\uD83D\\uDE00", "\xC3\xA4", "\xFF", std::string(1, '\0'),
        "\n, ", "\n    , \"Z\": 1", "[\n  // none\n]"};
    static const std::vector<std::string> tomlFragments{
        "[vars]\n", "[env.preview]\n", "[env.preview.vars]\n", "[[kv_namespaces]]\n", "[[env.preview.kv_namespaces]]\n", "[env.production]\n", "[env]\n", "\n", "\n\n",
        "# note\n", " # note", "  ", "\t", "\r\n", "vars.Z = \"1\"\n", "env.preview.vars.Q = 'q'\n", "preview.vars.R = 1\n", "kv_namespaces = []\n", "vars = {}\n",
        "binding = \"N\"\n", "id = '7'\n", "\"", "'", "\"\"\"", "'''", "[", "]", "{", "}", ",", "=", ".", "\\", "\\n", "\xC3\xA4", "\xFF", std::string(1, '\0'), "\x01",
        "[vars.obj]\na = 1\n", "[[vars.list]]\nb = 2\n", "[kv_namespaces.extra]\nc = 3\n", "vars.obj.x = 1\n", "{ binding = \"I\" }", "env = { preview = { } }\n",
        "1979-05-27 07:32:00", "inf", "0x1F", "1e400", "99999999999999999999", "[\n  { binding = \"J\" }, # j\n]\n", "A = \"\"\"\nx\ny\"\"\"\n", "[ vars ]\n", "\"vars\".K = 1\n"};
    const std::vector<std::string> &fragments = form == Form::Toml ? tomlFragments : jsonFragments;
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

Edit randomEdit(std::string_view text, Form form, Random &random)
{
    static const std::vector<std::string> names{"NEW", "TODO_LIST", "A", "B", "KEY", "$x", "gr\xC3\xB6\xC3\x9F" "e", "_", "X", "Y2", "ASSETS", "", "9"};
    static const std::vector<std::string> texts{"", "x", "a \"quoted\" 'text'", "back\\slash", "two\nlines", "tab\t", "\xF0\x9F\x98\x80", "#", "]]", "it's", "\r\n", "\x01", "\xFF",
                                                "\"\"\"", "'''"};
    static const std::vector<std::string> values{"1", "-1.5", "true", "null", "[1,\"a\",{\"b\":[]}]", "{\"a\":{\"b\":1},\"c d\":\"x\"}", "{}", "\"text\"", "{", "18446744073709551615",
                                                 "1e22", "[null]", "[[],{}]", "-0.0"};
    const Scope scope = std::vector{Scope::TopLevel, Scope::Preview, Scope::Production}[random.below(3)];
    std::vector<std::pair<Kind, std::string>> bindings;
    std::vector<std::string> vars;
    if (const auto config = readWranglerFile(text, form, {})) {
        for (const auto &entry : config->set(scope).bindings)
            bindings.emplace_back(entry.value.kind, entry.value.name);
        for (const auto &entry : config->set(scope).variables)
            vars.push_back(entry.value.name);
    }
    const auto randomEntry = [&](Kind kind) {
        Binding entry{kind, random.oneOf(names), {}};
        for (const BindingField &field : bindingKind(kind).fields) {
            if (field.name == bindingKind(kind).nameField || random.below(2) == 0)
                continue;
            if (field.type == BindingField::Type::Text)
                entry.fields.push_back({std::string(field.name), Field::Kind::Text, random.oneOf(texts)});
            else
                entry.fields.push_back({std::string(field.name), Field::Kind::Json, field.type == BindingField::Type::Any ? random.oneOf(values) : "true"});
        }
        return entry;
    };
    Variable variable{random.oneOf(names), random.below(2) ? Variable::Kind::Text : Variable::Kind::Json, {}};
    variable.value = random.oneOf(variable.kind == Variable::Kind::Text ? texts : values);
    const bool wild = random.below(10) == 0; // also what is not there
    if (bindings.empty() || wild)
        bindings.emplace_back(Kind::KvNamespace, "A");
    if (vars.empty() || wild)
        vars.push_back("KEY");
    const auto &[oldKind, oldBinding] = random.oneOf(bindings);
    const std::string &oldVar = random.oneOf(vars);
    switch (random.below(6)) {
    case 0:
        return AddBinding{scope, randomEntry(bindingKinds()[random.below(bindingKinds().size())].kind)};
    case 1: {
        Binding entry = randomEntry(oldKind);
        if (random.below(2))
            entry.name = oldBinding;
        return ChangeBinding{scope, oldKind, oldBinding, entry};
    }
    case 2:
        return RemoveBinding{scope, oldKind, oldBinding};
    case 3:
        return AddVariable{scope, variable};
    case 4:
        if (random.below(2))
            variable.name = oldVar;
        return ChangeVariable{scope, oldVar, variable};
    }
    return RemoveVariable{scope, oldVar};
}

std::vector<Edit> randomStep(std::string_view text, Form form, Random &random)
{
    std::vector<Edit> out{randomEdit(text, form, random)};
    if (random.below(4) > 0)
        return out;
    const auto config = readWranglerFile(text, form, {});
    const Scope from = std::vector{Scope::TopLevel, Scope::Preview, Scope::Production}[random.below(3)];
    if (config && random.below(2) == 0 && !config->set(from).bindings.empty()) {
        const Binding moved = random.oneOf(config->set(from).bindings).value;
        const Scope to = from == Scope::Preview ? Scope::Production : Scope::Preview;
        out = {RemoveBinding{from, moved.kind, moved.name}, AddBinding{to, moved}};
        if (random.below(2) == 0)
            std::swap(out[0], out[1]);
        return out;
    }
    std::string now(text);
    for (std::size_t more = 1 + random.below(3); more > 0; --more) {
        if (auto result = applyEdit(now, form, out.back()))
            now = std::move(*result);
        out.push_back(randomEdit(now, form, random));
    }
    return out;
}

std::string describe(const Edit &edit)
{
    struct Words {
        static std::string in(Scope scope) { return scope == Scope::TopLevel ? " top" : scope == Scope::Preview ? " preview" : " production"; }
        static std::string of(const Binding &e)
        {
            std::string out = " " + std::string(bindingKind(e.kind).key) + " " + e.name;
            for (const Field &field : e.fields)
                out += " " + field.name + (field.kind == Field::Kind::Text ? "=" : " json=") + field.value;
            return out;
        }
        static std::string of(const Variable &e) { return " " + e.name + (e.kind == Variable::Kind::Text ? " text=" : " json=") + e.value; }
        std::string operator()(const AddBinding &e) const { return "add" + in(e.scope) + of(e.entry); }
        std::string operator()(const ChangeBinding &e) const { return "change" + in(e.scope) + " " + e.name + " to" + of(e.entry); }
        std::string operator()(const RemoveBinding &e) const { return "remove" + in(e.scope) + " " + std::string(bindingKind(e.kind).key) + " " + e.name; }
        std::string operator()(const AddVariable &e) const { return "add-var" + in(e.scope) + of(e.entry); }
        std::string operator()(const ChangeVariable &e) const { return "change-var" + in(e.scope) + " " + e.name + " to" + of(e.entry); }
        std::string operator()(const RemoveVariable &e) const { return "remove-var" + in(e.scope) + " " + e.name; }
    };
    return std::visit(Words{}, edit);
}

std::string describe(std::span<const Edit> step)
{
    std::string out;
    for (const Edit &edit : step)
        out += describe(edit) + "\n";
    return out;
}

std::vector<std::string> corpus(Form form)
{
    std::vector<std::string> out;
    for (const golden::Case &one : golden::readCases(CLEAT_TESTS_DIR "/golden/config")) {
        if (one.form == form)
            out.push_back(one.before);
    }
    std::vector<std::filesystem::path> files;
    for (const auto &file : std::filesystem::directory_iterator(CLEAT_TESTS_DIR "/fuzz/corpus/config")) {
        if (formOf(file.path()) == form)
            files.push_back(file.path());
    }
    std::ranges::sort(files);
    for (const auto &file : files) {
        auto text = base::readFile(file);
        if (!text)
            throw std::runtime_error(text.error().message);
        out.push_back(std::move(*text));
    }
    return out;
}

} // namespace cleat::config::property
