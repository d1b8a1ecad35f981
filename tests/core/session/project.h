// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTemporaryDir>

#include <filesystem>
#include <string>
#include <string_view>

namespace cleat::tests {

/// A project folder that goes away with its object.
class Project final
{
public:
    Project();

    std::filesystem::path path(std::string_view name = {}) const;
    /// Writes in place, as a simple editor does; makes folders.
    void write(std::string_view name, std::string_view content) const;
    /// Writes beside and renames over, as a careful editor does.
    void replace(std::string_view name, std::string_view content) const;
    void remove(std::string_view name) const;
    std::string read(std::string_view name) const;

private:
    QTemporaryDir m_outer;
};

} // namespace cleat::tests
