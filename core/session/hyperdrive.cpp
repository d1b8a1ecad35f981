// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/hyperdrive.h"

#include <cstdlib>

namespace cleat::session {

namespace {

const std::string today = "CLOUDFLARE_HYPERDRIVE_LOCAL_CONNECTION_STRING_";
const std::string ofOld = "WRANGLER_HYPERDRIVE_LOCAL_CONNECTION_STRING_";

std::string variable(const std::string &name, std::span<const config::LocalSecrets::Entry> local)
{
    if (const char *value = std::getenv(name.c_str()); value && *value)
        return value;
    std::string found;
    for (const auto &entry : local) {
        if (entry.name == name)
            found = entry.value;
    }
    return found;
}

} // namespace

runtime::Bindings::Hyperdrive hyperdriveOf(const config::Binding &binding, std::span<const config::LocalSecrets::Entry> local, std::vector<Remark> &remarks,
    std::vector<std::pair<std::string, std::string>> &secrets)
{
    runtime::Bindings::Hyperdrive made;
    made.name = binding.name;
    std::string name = today + binding.name;
    std::string text = variable(name, local);
    if (text.empty()) {
        name = ofOld + binding.name;
        text = variable(name, local);
        if (!text.empty())
            remarks.push_back({events::Level::Warn, {"hyperdrive.deprecated", "Using \"" + ofOld + "<BINDING_NAME>\" environment variable. This is deprecated. Please use \"" + today + "<BINDING_NAME>\" instead.", {}}});
    }
    if (!text.empty())
        remarks.push_back({events::Level::Info, {"hyperdrive.environment", "Found a non-empty " + name + " variable for binding. Hyperdrive will connect to this database during local development.", {}}});
    else
        text = binding.value("localConnectionString");
    if (text.empty()) {
        made.problem = "When developing locally, you should use a local Postgres connection string to emulate Hyperdrive functionality. Please setup Postgres locally and set the value of the '" + today + binding.name
            + "' variable or \"" + binding.name + "\"'s \"localConnectionString\" to the Postgres connection string.";
        remarks.push_back({events::Level::Warn, {"hyperdrive.missing", made.problem, {}}});
        return made;
    }
    auto database = bindings::hyperdrive::parseConnectionString(text);
    if (!database) {
        made.problem = "The local connection string of the Hyperdrive binding " + binding.name + " cannot be used: " + database.error().message;
        remarks.push_back({events::Level::Warn, {"hyperdrive.connection-string", made.problem, {}}});
        return made;
    }
    made.database = std::move(*database);
    const std::string &password = made.database.password;
    if (password.size() >= 6 && password != made.database.user && password != made.database.name)
        secrets.emplace_back(binding.name + " password", password);
    return made;
}

} // namespace cleat::session
