// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bindingtable.h"

#include "app/printable.h"

#include <algorithm>

namespace cleat::app {

namespace {

constexpr std::size_t longestDetail = 40;

std::string_view resourceOf(config::Kind kind)
{
    using Kind = config::Kind;
    switch (kind) {
    case Kind::KvNamespace:
        return "KV Namespace";
    case Kind::R2Bucket:
        return "R2 Bucket";
    case Kind::D1Database:
        return "D1 Database";
    case Kind::DurableObject:
        return "Durable Object";
    case Kind::Vectorize:
        return "Vectorize Index";
    case Kind::Hyperdrive:
        return "Hyperdrive Config";
    case Kind::Service:
        return "Worker";
    case Kind::Queue:
        return "Queue";
    case Kind::AnalyticsEngine:
        return "Analytics Engine Dataset";
    case Kind::MtlsCertificate:
        return "mTLS Certificate";
    case Kind::Ai:
        return "AI";
    case Kind::Browser:
        return "Browser";
    case Kind::VersionMetadata:
        return "Worker Version Metadata";
    }
    return {};
}

std::string detailOf(const config::Binding &binding)
{
    using Kind = config::Kind;
    switch (binding.kind) {
    case Kind::KvNamespace:
    case Kind::R2Bucket:
    case Kind::Queue:
        return config::localId(binding).value_or("");
    case Kind::D1Database: {
        const std::string name = binding.value("database_name");
        return name.empty() ? config::localId(binding).value_or("") : name;
    }
    case Kind::DurableObject: {
        const std::string script = binding.value("script_name");
        return binding.value("class_name") + (script.empty() ? std::string() : ", defined in " + script);
    }
    case Kind::Service: {
        const std::string entrypoint = binding.value("entrypoint");
        return binding.value("service") + (entrypoint.empty() ? std::string() : "#" + entrypoint);
    }
    case Kind::Vectorize:
        return binding.value("index_name");
    case Kind::Hyperdrive:
        return binding.value("id");
    case Kind::AnalyticsEngine: {
        const std::string dataset = binding.value("dataset");
        return dataset.empty() ? binding.name : dataset;
    }
    case Kind::MtlsCertificate:
        return binding.value("certificate_id");
    case Kind::Ai:
    case Kind::Browser:
    case Kind::VersionMetadata:
        break;
    }
    return {};
}

BindingRow rowOf(const session::Session &session, const config::Binding &binding)
{
    if (binding.kind == config::Kind::Service || (binding.kind == config::Kind::DurableObject && !binding.value("script_name").empty())) {
        const bool connected = session.isConnected(binding);
        return {"env." + binding.name, detailOf(binding), std::string(resourceOf(binding.kind)), connected ? "local [connected]" : "local [not connected]",
            connected ? BindingRow::Runs::Yes : BindingRow::Runs::No};
    }
    const bool runs = session::Session::runs(binding.kind);
    return {"env." + binding.name, detailOf(binding), std::string(resourceOf(binding.kind)), runs ? "local" : "not run locally yet", runs ? BindingRow::Runs::Yes : BindingRow::Runs::No};
}

BindingRow rowOf(const session::VariableSource &variable)
{
    const bool hidden = variable.secrecy == session::VariableSource::Secrecy::Secret || variable.origin == session::VariableOrigin::Flag;
    const bool json = variable.kind == config::Variable::Kind::Json;
    std::string value = json ? variable.value : '"' + variable.value + '"';
    if (hidden)
        value = "\"(hidden)\"";
    return {"env." + variable.name, value, "Environment Variable", "local"};
}

/// Characters, of UTF-8.
std::size_t width(std::string_view text)
{
    return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::string onOneLine(std::string_view text, std::size_t longest)
{
    std::string out = printable(text);
    std::ranges::replace_if(out, [](char c) { return c == '\n' || c == '\t'; }, ' ');
    if (width(out) <= longest)
        return out;
    std::size_t at = 0;
    for (std::size_t characters = 0; at < out.size(); ++at) {
        if ((static_cast<unsigned char>(out[at]) & 0xc0) != 0x80 && characters++ == longest - 3)
            break;
    }
    const bool quotes = out.starts_with('"');
    out.resize(at);
    return out + (quotes ? "...\"" : "...");
}

} // namespace

std::vector<BindingRow> bindingRows(session::Session &session)
{
    const auto &options = session.options();
    std::vector<BindingRow> rows;
    for (const auto &entry : session.config().config().effective(options.scope).bindings) {
        if (std::ranges::find(options.bindings, entry.value.name, &config::Binding::name) == options.bindings.end())
            rows.push_back(rowOf(session, entry.value));
    }
    for (const config::Binding &binding : options.bindings)
        rows.push_back(rowOf(session, binding));
    for (const session::VariableSource &variable : session.variables(options.scope)) {
        if (variable.standing == session::VariableSource::Standing::Wins)
            rows.push_back(rowOf(variable));
    }
    return rows;
}

std::vector<BindingRow> bindingRows(const session::Session &session, const session::WorkerStatus &worker)
{
    std::vector<BindingRow> rows;
    for (const config::Binding &binding : worker.bindings)
        rows.push_back(rowOf(session, binding));
    for (const session::VariableSource &variable : worker.variables) {
        if (variable.standing == session::VariableSource::Standing::Wins)
            rows.push_back(rowOf(variable));
    }
    return rows;
}

std::string bindingTable(const std::vector<BindingRow> &rows, int columns, ColourUse colour)
{
    if (rows.empty())
        return {};
    const auto styled = [colour](std::string_view style, const std::string &text) { return colour == ColourUse::Yes ? std::string(style) + text + std::string(look::reset) : text; };
    std::size_t first = 7;
    std::size_t second = 8;
    std::size_t third = 4;
    std::vector<std::pair<std::string, std::string>> names;
    for (const BindingRow &row : rows) {
        names.emplace_back(onOneLine(row.name, 200), row.detail.empty() ? std::string() : " (" + onOneLine(row.detail, longestDetail) + ')');
        first = std::max(first, width(names.back().first) + width(names.back().second));
        second = std::max(second, row.resource.size());
        third = std::max(third, row.mode.size());
    }
    // A name that leaves the others no room has a line of its own.
    const std::size_t others = second + third + 4;
    if (static_cast<std::size_t>(std::max(columns, 0)) > others + 20)
        first = std::min(first, static_cast<std::size_t>(columns) - others);
    const auto filled = [](const std::string &text, std::size_t to) { return text + std::string(to > width(text) ? to - width(text) : 0, ' '); };
    std::string text = styled(look::bold, filled("Binding", first) + "  " + filled("Resource", second) + "  Mode") + '\n';
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto &[name, detail] = names[i];
        text += name + styled(look::dim, detail);
        const std::size_t used = width(name) + width(detail);
        text += used > first ? '\n' + std::string(first, ' ') : std::string(first - used, ' ');
        text += "  " + filled(rows[i].resource, second) + "  ";
        text += rows[i].runs == BindingRow::Runs::Yes ? styled(look::dim, rows[i].mode) : styled(look::yellow, rows[i].mode);
        text += '\n';
    }
    return text;
}

} // namespace cleat::app
