// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"

#include <array>
#include <filesystem>
#include <set>
#include <string>

namespace cleat::session {

/// The names of a project's secrets, by config::Scope.
using SecretNames = std::array<std::set<std::string>, 3>;

inline std::size_t indexOf(config::Scope scope)
{
    return static_cast<std::size_t>(scope);
}

/// The file that holds the names of the secrets of one project. Any thread.
class SecretNamesFile final
{
public:
    /// `folder` is for the files of all projects; it is made when it is needed, for its owner only. `project` is canonical.
    SecretNamesFile(std::filesystem::path folder, const std::filesystem::path &project);

    const std::filesystem::path &path() const { return m_path; }

    /// Empty when there is no file. Codes: secrets.names (it is damaged), file.*.
    base::Result<SecretNames> read() const;
    /// Without any name the file goes away. Codes file.*.
    base::Result<void> write(const SecretNames &names) const;

private:
    std::string m_project;
    std::filesystem::path m_path;
};

} // namespace cleat::session
