// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/binding.h"

#include <algorithm>
#include <array>

namespace cleat::config {

namespace {

void put(std::vector<Field> &fields, Field field)
{
    const auto same = std::ranges::find(fields, field.name, &Field::name);
    if (same != fields.end())
        *same = std::move(field);
    else
        fields.push_back(std::move(field));
}

} // namespace

const Field *Binding::find(std::string_view field) const
{
    const auto found = std::ranges::find(fields, field, &Field::name);
    return found == fields.end() ? nullptr : &*found;
}

std::string Binding::value(std::string_view field) const
{
    const Field *found = find(field);
    return found ? found->value : std::string();
}

void Binding::set(std::string_view field, std::string_view text)
{
    if (text.empty())
        remove(field);
    else
        put(fields, {std::string(field), Field::Kind::Text, std::string(text)});
}

void Binding::setJson(std::string_view field, std::string_view json)
{
    put(fields, {std::string(field), Field::Kind::Json, std::string(json)});
}

void Binding::remove(std::string_view field)
{
    std::erase_if(fields, [field](const Field &f) { return f.name == field; });
}

std::optional<std::string> localId(const Binding &binding)
{
    std::array<std::string_view, 2> named;
    switch (binding.kind) {
    case Kind::KvNamespace:
        named = {"preview_id", "id"};
        break;
    case Kind::R2Bucket:
        named = {"preview_bucket_name", "bucket_name"};
        break;
    case Kind::D1Database:
        named = {"preview_database_id", "database_id"};
        break;
    case Kind::Queue:
        named = {"queue", "queue"};
        break;
    case Kind::AnalyticsEngine:
        named = {"dataset", "dataset"};
        break;
    case Kind::DurableObject:
    case Kind::Vectorize:
    case Kind::Hyperdrive:
    case Kind::Service:
    case Kind::MtlsCertificate:
    case Kind::Ai:
    case Kind::Browser:
    case Kind::VersionMetadata:
        return std::nullopt;
    }
    for (const std::string_view field : named) {
        const Field *found = binding.find(field);
        if (found && found->kind == Field::Kind::Text)
            return found->value;
    }
    return binding.name;
}

} // namespace cleat::config
