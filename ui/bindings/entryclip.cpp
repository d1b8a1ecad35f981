// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entryclip.h"

#include "core/base/json.h"
#include "core/config/bindingkinds.h"
#include "ui/widgets/text.h"

#include <QMimeData>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>

namespace cleat::ui {

using base::Json;
using config::Scope;

namespace {

constexpr std::string_view variablesKey = "vars";
constexpr std::size_t mostBytes = 4U << 20;

constexpr std::array<std::pair<Scope, std::string_view>, 3> scopes{{{Scope::TopLevel, "top-level"}, {Scope::Preview, "preview"}, {Scope::Production, "production"}}};

Json fieldToJson(const config::Field &field)
{
    return {{"name", field.name}, {"json", field.kind == config::Field::Kind::Json}, {"value", field.value}};
}

config::Field fieldFromJson(const Json &json)
{
    return {json.at("name").get<std::string>(), json.at("json").get<bool>() ? config::Field::Kind::Json : config::Field::Kind::Text, json.at("value").get<std::string>()};
}

const config::BindingKind *kindByKey(const std::string &key)
{
    const auto kinds = config::bindingKinds();
    const auto found = std::ranges::find(kinds, key, &config::BindingKind::key);
    return found == kinds.end() ? nullptr : &*found;
}

Json entryToJson(const PlacedEntry &placed)
{
    Json json = Json::object();
    json["scope"] = std::ranges::find(scopes, placed.scope, &decltype(scopes)::value_type::first)->second;
    if (const auto *binding = std::get_if<config::Binding>(&placed.entry)) {
        json["kind"] = config::bindingKind(binding->kind).key;
        json["name"] = binding->name;
        json["fields"] = Json::array();
        for (const config::Field &field : binding->fields)
            json["fields"].push_back(fieldToJson(field));
    } else {
        json["kind"] = variablesKey;
        json["field"] = fieldToJson(std::get<config::Variable>(placed.entry));
    }
    return json;
}

/// Throws what the JSON library throws.
PlacedEntry entryFromJson(const Json &json)
{
    PlacedEntry placed;
    const auto scope = std::ranges::find(scopes, json.at("scope").get<std::string>(), &decltype(scopes)::value_type::second);
    if (scope == scopes.end())
        throw std::out_of_range("scope");
    placed.scope = scope->first;
    const std::string key = json.at("kind").get<std::string>();
    if (key == variablesKey) {
        placed.entry = fieldFromJson(json.at("field"));
        return placed;
    }
    const config::BindingKind *kind = kindByKey(key);
    if (!kind)
        throw std::out_of_range("kind");
    config::Binding binding{kind->kind, json.at("name").get<std::string>(), {}};
    for (const Json &field : json.at("fields"))
        binding.fields.push_back(fieldFromJson(field));
    placed.entry = std::move(binding);
    return placed;
}

std::unexpected<base::Error> failBroken()
{
    return base::fail("clip.broken", "The clipboard's entries cannot be read.");
}

std::unexpected<base::Error> failEmpty()
{
    return base::fail("clip.empty", "The clipboard holds no bindings and no variables: neither copied ones nor lines of a Wrangler file.");
}

} // namespace

std::vector<Entry> EntryClip::values() const
{
    std::vector<Entry> values;
    std::ranges::transform(entries, std::back_inserter(values), &PlacedEntry::entry);
    return values;
}

QByteArray clipToJson(const EntryClip &clip)
{
    Json json = {{"version", 1}, {"project", clip.project}, {"entries", Json::array()}};
    for (const PlacedEntry &placed : clip.entries)
        json["entries"].push_back(entryToJson(placed));
    return QByteArray::fromStdString(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

base::Result<EntryClip> clipFromJson(const QByteArray &bytes)
{
    if (static_cast<std::size_t>(bytes.size()) > mostBytes)
        return failBroken();
    try {
        const Json json = Json::parse(bytes.toStdString());
        if (json.at("version").get<int>() != 1)
            return failBroken();
        EntryClip clip{json.at("project").get<std::string>(), {}};
        for (const Json &entry : json.at("entries"))
            clip.entries.push_back(entryFromJson(entry));
        if (clip.entries.empty())
            return failEmpty();
        return clip;
    } catch (const std::exception &) {
        return failBroken();
    }
}

std::string clipToText(std::span<const Entry> entries, config::Form form)
{
    const std::string start = form == config::Form::Toml ? std::string() : "{}\n";
    std::vector<config::Edit> edits;
    for (const Entry &entry : entries)
        edits.push_back(additionOf(Scope::TopLevel, entry));
    if (auto text = config::applyEdits(start, form, edits))
        return *text;
    // One of them cannot stand beside the others (its name is there twice, say); the rest can.
    std::string text = start;
    for (const config::Edit &edit : edits) {
        if (auto longer = config::applyEdit(text, form, edit))
            text = std::move(*longer);
    }
    return text == start ? std::string() : text;
}

base::Result<EntryClip> clipFromText(std::string_view text)
{
    if (text.size() > mostBytes)
        return failEmpty();
    for (const config::Form form : {config::Form::Toml, config::Form::Jsonc}) {
        const auto config = config::readWranglerFile(text, form, {});
        if (!config)
            continue;
        EntryClip clip;
        for (const auto &[scope, name] : scopes) {
            for (const auto &placed : config->set(scope).bindings)
                clip.entries.push_back({placed.value, scope});
            for (const auto &placed : config->set(scope).variables)
                clip.entries.push_back({placed.value, scope});
        }
        if (!clip.entries.empty())
            return clip;
    }
    return failEmpty();
}

std::unique_ptr<QMimeData> mimeOf(const EntryClip &clip, config::Form form)
{
    auto data = std::make_unique<QMimeData>();
    data->setData(clipMimeType, clipToJson(clip));
    data->setText(fromUtf8(clipToText(clip.values(), form)));
    return data;
}

bool mayHoldClip(const QMimeData &data)
{
    return data.hasFormat(clipMimeType) || (data.hasText() && !data.hasUrls());
}

base::Result<EntryClip> clipOf(const QMimeData &data)
{
    if (data.hasFormat(clipMimeType))
        return clipFromJson(data.data(clipMimeType));
    if (data.hasText())
        return clipFromText(toUtf8(data.text()));
    return failEmpty();
}

} // namespace cleat::ui
