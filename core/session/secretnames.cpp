// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/secretnames.h"

#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/base/json.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <span>
#include <system_error>

namespace cleat::session {

namespace fs = std::filesystem;

namespace {

constexpr std::array<const char *, 3> members{"topLevel", "preview", "production"}; // by config::Scope

/// So that a person finds the file of a project.
std::string fileNameFor(const fs::path &project)
{
    std::string name;
    for (const char c : project.filename().string().substr(0, 60))
        name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ? c : '_';
    const std::uint64_t sum = base::checksum(project.string());
    return name + '-' + base::toHex(std::as_bytes(std::span(&sum, 1))) + ".json";
}

} // namespace

SecretNamesFile::SecretNamesFile(fs::path folder, const fs::path &project) : m_project(project.string()), m_path(std::move(folder) / fileNameFor(project)) {}

base::Result<SecretNames> SecretNamesFile::read() const
{
    const auto text = base::readFile(m_path);
    if (!text) {
        if (text.error().code == "file.missing")
            return SecretNames();
        return std::unexpected(text.error());
    }
    const auto json = base::Json::parse(*text, nullptr, false);
    const auto damaged = [&] {
        return base::fail("secrets.names", "Cleat's list of the names of this project's secrets is damaged: " + m_path.string() + ". It is made again from the keychain.", {m_path.string()});
    };
    if (!json.is_object() || json.value("project", base::Json()) != m_project)
        return damaged();
    SecretNames names;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto list = json.find(members[i]);
        if (list == json.end() || !list->is_array())
            return damaged();
        for (const auto &name : *list) {
            if (!name.is_string())
                return damaged();
            names[i].insert(name.get<std::string>());
        }
    }
    return names;
}

base::Result<void> SecretNamesFile::write(const SecretNames &names) const
{
    std::error_code error;
    if (names == SecretNames()) {
        fs::remove(m_path, error);
        if (error)
            return base::fail("file.write", "Could not remove " + m_path.string() + ": " + error.message() + ".", {m_path.string()});
        return {};
    }
    const fs::path folder = m_path.parent_path();
    fs::create_directories(folder, error);
    if (!error)
        fs::permissions(folder, fs::perms::owner_all, error);
    if (error)
        return base::fail("file.write", "Could not make the folder " + folder.string() + ": " + error.message() + ".", {folder.string()});
    base::Json json{{"project", m_project}};
    for (std::size_t i = 0; i < members.size(); ++i)
        json[members[i]] = names[i];
    return base::writeFileAtomically(m_path, json.dump(2, ' ', false, base::Json::error_handler_t::replace) + '\n', base::Access::OwnerOnly);
}

} // namespace cleat::session
