// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devbindings.h"

#include <algorithm>
#include <utility>

namespace cleat::app {

namespace {

using session::Options;

std::pair<std::string, std::string> splitAt(const std::string &text, char separator)
{
    const std::size_t at = text.find(separator);
    return at == std::string::npos ? std::pair(text, std::string()) : std::pair(text.substr(0, at), text.substr(at + 1));
}

Problem badName(std::string_view flag, const std::string &name)
{
    if (const auto fine = config::checkName({}, config::Scope::TopLevel, name); !fine)
        return dashed(flag) + ' ' + name + ": " + fine.error().message;
    return {};
}

/// A later flag of the same name takes the place of an earlier one.
Problem add(Options &options, config::Binding binding)
{
    std::erase_if(options.bindings, [&](const config::Binding &other) { return other.name == binding.name; });
    options.bindings.push_back(std::move(binding));
    return {};
}

/// NAME or NAME=RESOURCE; `field` of the binding says which resource.
Problem addResource(Options &options, const std::string &text, config::Kind kind, std::string_view flag, const char *field, const char *resource)
{
    auto [name, id] = splitAt(text, '=');
    if (name.empty())
        return dashed(flag) + " takes NAME or NAME=" + resource + ", not \"" + text + "\".";
    if (auto problem = badName(flag, name))
        return problem;
    config::Binding binding{kind, name, {}};
    binding.set(field, id.empty() ? name : id);
    return add(options, std::move(binding));
}

/// NAME alone; the kind can be bound once.
Problem addSingle(Options &options, const std::string &text, config::Kind kind, std::string_view flag)
{
    if (text.empty())
        return dashed(flag) + " takes NAME, not an empty text.";
    if (auto problem = badName(flag, text))
        return problem;
    std::erase_if(options.bindings, [kind](const config::Binding &other) { return other.kind == kind; });
    return add(options, {kind, text, {}});
}

} // namespace

Problem addKv(Options &options, const std::string &text)
{
    return addResource(options, text, config::Kind::KvNamespace, "kv", "id", "ID");
}

Problem addR2(Options &options, const std::string &text)
{
    return addResource(options, text, config::Kind::R2Bucket, "r2", "bucket_name", "BUCKET");
}

Problem addD1(Options &options, const std::string &text)
{
    return addResource(options, text, config::Kind::D1Database, "d1", "database_id", "ID");
}

Problem addDurableObject(Options &options, const std::string &text)
{
    const auto [name, target] = splitAt(text, '=');
    const auto [className, script] = splitAt(target, '@');
    if (name.empty() || className.empty())
        return "--do takes NAME=CLASS or NAME=CLASS@WORKER, not \"" + text + "\".";
    if (auto problem = badName("do", name))
        return problem;
    config::Binding binding{config::Kind::DurableObject, name, {}};
    binding.set("class_name", className);
    binding.set("script_name", script);
    return add(options, std::move(binding));
}

Problem addService(Options &options, const std::string &text)
{
    const auto [name, target] = splitAt(text, '=');
    const auto [worker, entrypoint] = splitAt(target, '#');
    const auto [script, environment] = splitAt(worker, '@');
    if (name.empty() || script.empty())
        return "--service takes NAME=WORKER, NAME=WORKER@ENVIRONMENT or NAME=WORKER#ENTRYPOINT, not \"" + text + "\".";
    if (auto problem = badName("service", name))
        return problem;
    config::Binding binding{config::Kind::Service, name, {}};
    binding.set("service", script);
    binding.set("environment", environment);
    binding.set("entrypoint", entrypoint);
    return add(options, std::move(binding));
}

Problem addAi(Options &options, const std::string &text)
{
    return addSingle(options, text, config::Kind::Ai, "ai");
}

Problem addVersionMetadata(Options &options, const std::string &text)
{
    return addSingle(options, text, config::Kind::VersionMetadata, "version-metadata");
}

Problem addVariable(Options &options, const std::string &text)
{
    if (text.find('=') == std::string::npos || text.starts_with('='))
        return "--binding takes NAME=VALUE, not \"" + text + "\".";
    options.variables.push_back(splitAt(text, '='));
    return {};
}

} // namespace cleat::app
