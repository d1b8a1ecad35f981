// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/session/project.h"

#include <fstream>
#include <iterator>
#include <stdexcept>

namespace cleat::tests {

namespace fs = std::filesystem;

Project::Project()
{
    // One level down, so that a test may put things beside the project.
    fs::create_directory(path());
}

fs::path Project::path(std::string_view name) const
{
    const fs::path root = fs::path(m_outer.path().toStdString()) / "my-site";
    return name.empty() ? root : root / name;
}

void Project::write(std::string_view name, std::string_view content) const
{
    fs::create_directories(path(name).parent_path());
    std::ofstream file(path(name), std::ios::binary | std::ios::trunc);
    file << content;
    if (!file.flush())
        throw std::runtime_error("cannot write " + path(name).string());
}

void Project::replace(std::string_view name, std::string_view content) const
{
    const std::string beside = std::string(name) + ".new~";
    write(beside, content);
    fs::rename(path(beside), path(name));
}

void Project::remove(std::string_view name) const
{
    fs::remove_all(path(name));
}

std::string Project::read(std::string_view name) const
{
    std::ifstream file(path(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

} // namespace cleat::tests
