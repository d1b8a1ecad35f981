// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/r2/transferpaths.h"

#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/bindings/r2/r2types.h"
#include "core/data/query.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <system_error>
#include <utility>

namespace cleat::data::r2 {

namespace fs = std::filesystem;
using base::Result;

namespace {

constexpr std::size_t maxNameBytes = 255; // of most file systems

/// What a symbolic link leads to counts when it is a file of the same tree.
class SourceWalk final
{
public:
    SourceWalk(fs::path root, std::vector<SourceFile> &files, std::vector<std::string> &skipped, const std::stop_token &stop)
        : m_root(std::move(root)),
          m_files(files),
          m_skipped(skipped),
          m_stop(stop)
    {}

    Result<void> folder(const fs::path &path, const std::string &prefix)
    {
        std::vector<std::pair<fs::path, std::string>> todo{{path, prefix}};
        while (!todo.empty()) {
            const auto [at, keys] = std::move(todo.back());
            todo.pop_back();
            std::error_code ec;
            fs::directory_iterator entries(at, ec);
            for (; !ec && entries != fs::directory_iterator(); entries.increment(ec)) {
                if (auto go = proceed(m_stop); !go)
                    return go;
                const fs::path &entry = entries->path();
                const std::string key = keys + entry.filename().string();
                std::error_code statError;
                if (entries->is_directory(statError) && !entries->is_symlink(statError))
                    todo.emplace_back(entry, key + '/');
                else
                    file(entry, key);
            }
            if (ec)
                skip(at, ec.message());
        }
        return {};
    }

    void file(const fs::path &path, const std::string &key)
    {
        std::error_code ec;
        struct stat info {};
        if (::lstat(path.c_str(), &info) != 0)
            return skip(path, std::strerror(errno));
        if (S_ISLNK(info.st_mode)) {
            const fs::path target = fs::canonical(path, ec);
            if (ec)
                return skip(path, "a link that leads nowhere");
            const fs::path inside = target.lexically_relative(m_root);
            if (inside.empty() || *inside.begin() == "..")
                return skip(path, "a link that leads out of the folder");
            if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
                return skip(path, "a link that does not lead to a file");
        }
        if (!S_ISREG(info.st_mode))
            return skip(path, "no regular file");
        if (!base::isUtf8(key))
            return skip(path, "its name is not UTF-8");
        if (key.size() > bindings::r2::maxKeyBytes)
            return skip(path, "its key would be longer than " + std::to_string(bindings::r2::maxKeyBytes) + " bytes");
        m_files.push_back({path, key, static_cast<std::uint64_t>(info.st_size)});
    }

private:
    void skip(const fs::path &path, const std::string &reason) { m_skipped.push_back(path.string() + ": " + reason); }

    const fs::path m_root;
    std::vector<SourceFile> &m_files;
    std::vector<std::string> &m_skipped;
    const std::stop_token &m_stop;
};

/// A name that file systems take, and that stays where it is.
std::string safeName(std::string_view segment)
{
    if (segment.empty() || segment == "." || segment == "..")
        return std::string(std::max<std::size_t>(segment.size(), 1), '_');
    std::string name(segment);
    std::ranges::replace_if(
        name, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '/'; }, '_');
    if (name.size() <= maxNameBytes)
        return name;
    // Different long names stay different, and keep their ends, which tell the type.
    const std::uint64_t sum = base::checksum(segment);
    const std::string mark = '~' + base::toHex(std::as_bytes(std::span(&sum, 1)));
    const std::size_t dot = name.rfind('.');
    const std::string end = dot != name.npos && name.size() - dot <= 16 ? name.substr(dot) : std::string();
    std::size_t kept = maxNameBytes - mark.size() - end.size();
    while (kept > 0 && (static_cast<unsigned char>(name[kept]) & 0xC0) == 0x80)
        --kept;
    return name.substr(0, kept) + mark + end;
}

/// "name", "name (2)", "name (3)": before the last dot of a file's.
std::string variant(const std::string &name, int number)
{
    if (number == 1)
        return name;
    const std::string mark = " (" + std::to_string(number) + ')';
    const std::size_t dot = name.rfind('.');
    const std::size_t at = dot == name.npos || dot == 0 ? name.size() : dot;
    return safeName(name.substr(0, at) + mark + name.substr(at));
}

enum class There { Nothing, Folder, File, Other };

There thereIs(const fs::path &path)
{
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0)
        return There::Nothing;
    return S_ISDIR(info.st_mode) ? There::Folder : S_ISREG(info.st_mode) ? There::File : There::Other;
}

std::unexpected<base::Error> folderFailure(const fs::path &path, int error)
{
    const char *code = error == EACCES || error == EPERM || error == EROFS ? "file.denied" : error == ENOSPC || error == EDQUOT ? "file.full" : "file.write";
    return base::fail(code, "Could not make the folder " + path.string() + ": " + std::strerror(error) + ". Choose another one.", {path.string()});
}

} // namespace

Result<std::vector<SourceFile>> sourceFiles(
    std::span<const fs::path> sources, const std::string &folder, std::vector<std::string> &skipped, const std::stop_token &stop)
{
    std::vector<SourceFile> files;
    for (const fs::path &source : sources) {
        std::error_code ec;
        // The user named it: a link among the sources themselves is followed.
        const fs::path real = fs::canonical(source, ec);
        if (ec)
            return base::fail("data.missing", "There is no file or folder " + source.string() + " any more: choose it again.", {source.string()});
        fs::path named = fs::absolute(source, ec).lexically_normal();
        if (!named.has_filename())
            named = named.parent_path();
        const std::string name = named.filename().string();
        if (fs::is_directory(real, ec)) {
            SourceWalk walk(real, files, skipped, stop);
            if (auto walked = walk.folder(real, folder + name + '/'); !walked)
                return std::unexpected(std::move(walked.error()));
        } else {
            SourceWalk(real.parent_path(), files, skipped, stop).file(real, folder + name);
        }
    }
    return files;
}

/// The folder for the keys that begin with `key`, which ends with '/' or is empty.
Result<fs::path> TargetPaths::folderOf(std::string_view key)
{
    if (const auto known = m_folders.find(key); known != m_folders.end())
        return known->second;
    fs::path path = m_folder;
    if (key.empty()) {
        std::error_code ec;
        fs::create_directories(path, ec);
        if (ec)
            return folderFailure(path, ec.value());
    } else {
        const std::size_t slash = key.substr(0, key.size() - 1).rfind('/');
        const std::size_t begin = slash == key.npos ? 0 : slash + 1;
        auto above = folderOf(key.substr(0, begin));
        if (!above)
            return above;
        const std::string name = safeName(key.substr(begin, key.size() - 1 - begin));
        // A link is passed by: who knows where it leads. So is a folder that stands for another key.
        const auto isFree = [&](const fs::path &candidate) {
            const There there = thereIs(candidate);
            return (there == There::Nothing && !m_given.contains(candidate)) || (there == There::Folder && !m_given.contains(candidate));
        };
        int number = 1;
        do
            path = *above / variant(name, number++);
        while (!isFree(path));
        if (::mkdir(path.c_str(), 0777) != 0 && errno != EEXIST)
            return folderFailure(path, errno);
        m_given.insert(path);
    }
    m_folders.emplace(key, path);
    return path;
}

Result<TargetPaths::Place> TargetPaths::placeOf(std::string_view key)
{
    const std::size_t slash = key.rfind('/');
    const std::size_t begin = slash == key.npos ? 0 : slash + 1;
    auto folder = folderOf(key.substr(0, begin));
    if (!folder)
        return std::unexpected(std::move(folder.error()));
    const std::string name = safeName(key.substr(begin));
    for (int number = 1;; ++number) {
        fs::path path = *folder / variant(name, number);
        const There there = thereIs(path);
        if (there == There::Folder || there == There::Other || m_given.contains(path))
            continue;
        m_given.insert(path);
        return Place{std::move(path), there == There::File ? Place::Taken::Yes : Place::Taken::No};
    }
}

Result<void> TargetPaths::makeFolder(std::string_view key)
{
    if (auto made = folderOf(key); !made)
        return std::unexpected(std::move(made.error()));
    return {};
}

} // namespace cleat::data::r2
