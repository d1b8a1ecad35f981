// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/config/goldencase.h"

#include "core/base/file.h"
#include "core/config/bindingkinds.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <map>
#include <stdexcept>

namespace cleat::config::golden {

namespace {

using nlohmann::json;

Scope scopeOf(const json &edit)
{
    const std::string name = edit.value("scope", "top");
    if (name == "preview")
        return Scope::Preview;
    if (name == "production")
        return Scope::Production;
    if (name != "top")
        throw std::runtime_error("no such scope: " + name);
    return Scope::TopLevel;
}

Kind kindOf(const std::string &key)
{
    for (const BindingKind &kind : bindingKinds()) {
        if (kind.key == key)
            return kind.kind;
    }
    throw std::runtime_error("no such kind: " + key);
}

/// The entry as it shall stand in the file: its name among the fields.
Binding bindingOf(Kind kind, const nlohmann::ordered_json &entry)
{
    Binding out{kind, {}, {}};
    for (const auto &[name, value] : entry.items()) {
        if (name == bindingKind(kind).nameField)
            out.name = value;
        else
            out.fields.push_back(value.is_string() ? Field{name, Field::Kind::Text, value} : Field{name, Field::Kind::Json, value.dump()});
    }
    return out;
}

Variable variableOf(const json &entry)
{
    Variable out;
    out.name = entry.at("name");
    if (entry.contains("json")) {
        out.kind = Variable::Kind::Json;
        out.value = entry["json"];
    } else {
        out.value = entry.at("text");
    }
    return out;
}

std::string withLineEnds(std::string text, const std::string &options)
{
    if (options.contains("no-final-newline") && text.ends_with('\n'))
        text.pop_back();
    if (options.contains("crlf")) {
        std::string out;
        for (const char c : text)
            out += c == '\n' ? std::string("\r\n") : std::string(1, c);
        text = out;
    }
    if (options.contains("bom"))
        text.insert(0, "\xEF\xBB\xBF");
    return text;
}

} // namespace

Edit readEdit(std::string_view line)
{
    const auto ordered = nlohmann::ordered_json::parse(line);
    const json edit = json::parse(line);
    std::string verb = edit.at("do");
    Kind kind = Kind::KvNamespace;
    if (edit.contains("kind"))
        kind = kindOf(edit["kind"]);
    if (verb.ends_with("-kv"))
        verb.resize(verb.size() - 3);
    const Scope scope = scopeOf(edit);
    if (verb == "add")
        return AddBinding{scope, bindingOf(kind, ordered.at("entry"))};
    if (verb == "change")
        return ChangeBinding{scope, kind, edit.at("name"), bindingOf(kind, ordered.at("entry"))};
    if (verb == "remove")
        return RemoveBinding{scope, kind, edit.at("name")};
    if (verb == "add-var")
        return AddVariable{scope, variableOf(edit.at("entry"))};
    if (verb == "change-var")
        return ChangeVariable{scope, edit.at("name"), variableOf(edit.at("entry"))};
    if (verb == "remove-var")
        return RemoveVariable{scope, edit.at("name")};
    throw std::runtime_error("no such edit: " + verb);
}

std::vector<Case> readCases(const std::filesystem::path &folder)
{
    std::vector<Case> cases;
    for (const auto &file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".case")
            continue;
        const auto text = base::readFile(file.path());
        if (!text)
            throw std::runtime_error(text.error().message);
        std::map<std::string, std::string> parts;
        std::string *part = nullptr;
        for (std::size_t at = 0; at < text->size();) {
            const std::size_t end = std::min(text->find('\n', at), text->size() - 1) + 1;
            const std::string line = text->substr(at, end - at);
            at = end;
            if (line.starts_with("%% "))
                part = &parts[line.substr(3, line.size() - 4)];
            else if (part)
                *part += line;
        }
        Case out;
        out.name = file.path().stem().string();
        try {
            if (!parts.contains("edit") || !parts.contains("before") || parts.contains("after") == parts.contains("error"))
                throw std::runtime_error("edit, before and one of after and error are needed");
            const std::string &lines = parts["edit"];
            for (std::size_t at = 0; at < lines.size();) {
                const std::size_t end = lines.find('\n', at);
                out.edits.push_back(readEdit(std::string_view(lines).substr(at, end - at)));
                at = end + 1;
            }
            if (parts["options"].contains("jsonc"))
                out.form = Form::Jsonc;
            out.before = withLineEnds(parts["before"], parts["options"]);
            out.after = withLineEnds(parts["after"], parts["options"]);
            out.error = parts["error"].substr(0, parts["error"].find('\n'));
        } catch (const std::exception &error) {
            throw std::runtime_error(file.path().string() + ": " + error.what());
        }
        cases.push_back(std::move(out));
    }
    std::ranges::sort(cases, {}, &Case::name);
    return cases;
}

} // namespace cleat::config::golden
