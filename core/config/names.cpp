// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/names.h"

#include "core/base/bytes.h"
#include "core/base/json.h"
#include "core/config/bindingkinds.h"
#include "core/config/fill.h"
#include "core/config/identifiertables.h"
#include "core/config/wranglerconfig.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <span>

namespace cleat::config {

namespace {

bool isIn(std::span<const CodeRange> table, char32_t code)
{
    const auto after = std::upper_bound(table.begin(), table.end(), code, [](char32_t c, const CodeRange &range) { return c < range.first; });
    return after != table.begin() && code <= std::prev(after)->last;
}

bool isStart(char32_t c)
{
    return (c >= U'a' && c <= U'z') || (c >= U'A' && c <= U'Z') || c == U'_' || c == U'$' || (c >= 0x80 && isIn(identifierStart, c));
}

bool isPart(char32_t c)
{
    return isStart(c) || (c >= U'0' && c <= U'9') || (c >= 0x80 && isIn(identifierPart, c));
}

struct Decoded {
    char32_t code;
    std::size_t length;
};

/// `text` is well-formed UTF-8 and not empty.
Decoded firstCharacter(std::string_view text)
{
    const auto byte = [&](std::size_t i) { return char32_t(static_cast<unsigned char>(text[i])); };
    const char32_t c = byte(0);
    if (c < 0x80)
        return {c, 1};
    if (c < 0xE0)
        return {((c & 0x1F) << 6) | (byte(1) & 0x3F), 2};
    if (c < 0xF0)
        return {((c & 0x0F) << 12) | ((byte(1) & 0x3F) << 6) | (byte(2) & 0x3F), 3};
    return {((c & 0x07) << 18) | ((byte(1) & 0x3F) << 12) | ((byte(2) & 0x3F) << 6) | (byte(3) & 0x3F), 4};
}

} // namespace

base::Result<void> checkSpelling(std::string_view name)
{
    if (name.empty())
        return base::fail("name.empty", "A name is needed.");
    if (!base::isUtf8(name))
        return base::fail("name.identifier", "The name is not valid UTF-8.");
    for (std::size_t i = 0; i < name.size();) {
        const Decoded character = firstCharacter(name.substr(i));
        if (i == 0 ? !isStart(character.code) : !isPart(character.code)) {
            const std::string seen(name.substr(i, character.length));
            const std::string shown = character.code < 0x20 || character.code == 0x7F ? "the control character 0x" + hex(character.code, 2)
                                                                                     : "'" + seen + "'";
            return base::fail("name.identifier", i == 0 ? fill("A name cannot begin with {}: code could not write context.env.NAME. "
                                                                      "Begin with a letter, _ or $.", shown)
                                                        : fill("{} cannot stand in a name: code could not write context.env.NAME. "
                                                                      "Use letters, digits, _ and $.", shown));
        }
        i += character.length;
    }
    if (name == "ASSETS")
        return base::fail("name.reserved", "ASSETS is the name of the binding to the project's own files; choose another name.");
    if (name == "__proto__")
        return base::fail("name.reserved", "__proto__ means something else in JavaScript; choose another name.");
    return {};
}

bool isProjectName(std::string_view name)
{
    const auto low = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; };
    return !name.empty() && low(name[0]) && std::ranges::all_of(name, [&](char c) { return low(c) || c == '-'; });
}

bool isBucketName(std::string_view name)
{
    const auto alnum = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    return name.size() >= 3 && name.size() <= 63 && alnum(name.front()) && alnum(name.back())
        && std::ranges::all_of(name, [&](char c) { return alnum(c) || c == '-'; });
}

base::Result<void> checkName(const WranglerConfig &config, Scope scope, std::string_view name, std::string_view except)
{
    if (auto spelled = checkSpelling(name); !spelled)
        return spelled;
    if (name == except)
        return {};
    for (const TakenName &taken : config.set(scope).takenNames) {
        if (taken.name == name) {
            return base::fail("name.taken", fill("The name {} is taken by {}{}.", name, taken.kind,
                                                        taken.place.line ? fill(" in line {}", taken.place.line) : std::string()), taken.place);
        }
    }
    return {};
}

base::Result<void> checkFields(const Binding &binding)
{
    const BindingKind &kind = bindingKind(binding.kind);
    const auto sentence = [&kind](std::string_view pattern, std::string_view field) { return fill(pattern, sentenceStart(kind.words), field); };
    for (const BindingField &field : kind.fields) {
        if (field.name == kind.nameField)
            continue;
        const Field *given = binding.find(field.name);
        if (!given) {
            if (field.required)
                return base::fail("field.missing", sentence("{} needs the field {}.", field.name));
            continue;
        }
        const bool text = given->kind == Field::Kind::Text;
        const base::Json json = text ? base::Json() : base::Json::parse(given->value, nullptr, false);
        bool fits = true;
        std::string_view wanted;
        switch (field.type) {
        case BindingField::Type::Text:
            fits = text;
            wanted = "{}: {} must be text.";
            break;
        case BindingField::Type::Number:
            fits = json.is_number();
            wanted = "{}: {} must be a number.";
            break;
        case BindingField::Type::Truth:
            fits = json.is_boolean();
            wanted = "{}: {} must be true or false.";
            break;
        case BindingField::Type::Any:
            fits = text || !json.is_discarded();
            wanted = "{}: {} must be JSON.";
            break;
        }
        if (!fits)
            return base::fail("field.type", sentence(wanted, field.name));
        const auto isControl = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
        if (text && field.type == BindingField::Type::Text && (given->value.empty() || std::ranges::any_of(given->value, isControl)))
            return base::fail("field.text", sentence("{}: {} cannot be empty and cannot hold line ends or control characters.", field.name));
        if (field.name.ends_with("bucket_name") && !isBucketName(given->value))
            return base::fail("bucket.name", "A bucket's name has 3 to 63 characters: a to z, 0 to 9 and -, with no - at its ends.");
    }
    return {};
}

} // namespace cleat::config
