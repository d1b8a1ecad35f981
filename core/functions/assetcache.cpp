// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/assetcache.h"

#include "core/base/bytes.h"
#include "core/base/clock.h"
#include "core/functions/contenttypes.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>

#include <openssl/evp.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cleat::functions {

namespace {

// A file written again within one step of the file system's clock keeps its time.
constexpr std::int64_t clockStepNs = 50'000'000;

class Descriptor final
{
public:
    explicit Descriptor(const std::string &path) : m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
    ~Descriptor()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Descriptor(const Descriptor &) = delete;
    Descriptor &operator=(const Descriptor &) = delete;
    operator int() const { return m_fd; }

private:
    int m_fd;
};

std::int64_t nanoseconds(const timespec &time)
{
    return static_cast<std::int64_t>(time.tv_sec) * 1'000'000'000 + time.tv_nsec;
}

bool readAll(int fd, std::string &out, std::size_t expected)
{
    out.resize(expected);
    std::size_t size = 0;
    for (;;) {
        if (size == out.size())
            out.resize(out.size() + 4096);
        const ssize_t count = ::read(fd, out.data() + size, out.size() - size);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return false;
        if (count == 0)
            break;
        size += static_cast<std::size_t>(count);
    }
    out.resize(size);
    return true;
}

std::string etagOf(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        return {};
    return '"' + base::toHex(std::as_bytes(std::span(digest).first(16))) + '"';
}

std::string realPath(const std::string &path)
{
    const std::unique_ptr<char, decltype(&::free)> real(::realpath(path.c_str(), nullptr), &::free);
    return real ? real.get() : std::string();
}

} // namespace

bool isServable(std::string_view path)
{
    constexpr auto topOnly = std::to_array<std::string_view>({"_headers", "_redirects", "_routes.json", "_worker.js", "functions", ".wrangler"});
    constexpr auto anywhere = std::to_array<std::string_view>({"node_modules", ".git", ".DS_Store"});
    for (bool top = true; !path.empty(); top = false) {
        const std::size_t end = std::min(path.find('/'), path.size());
        const std::string_view segment = path.substr(0, end);
        if (std::ranges::find(anywhere, segment) != anywhere.end() || (top && std::ranges::find(topOnly, segment) != topOnly.end()))
            return false;
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return true;
}

AssetCache::AssetCache(std::filesystem::path folder, std::size_t capacity) : m_folder(folder.lexically_normal().string()), m_capacity(capacity)
{
}

std::string AssetCache::fullPath(std::string_view path) const
{
    std::string full;
    full.reserve(m_folder.size() + 1 + path.size());
    full += m_folder;
    full += '/';
    full += path;
    return full;
}

bool AssetCache::stampOf(const std::string &fullPath, Stamp &stamp)
{
    struct stat info {};
    if (::stat(fullPath.c_str(), &info) != 0 || !S_ISREG(info.st_mode))
        return false;
    stamp = {static_cast<std::uint64_t>(info.st_dev), static_cast<std::uint64_t>(info.st_ino), static_cast<std::int64_t>(info.st_size),
        nanoseconds(info.st_mtim), nanoseconds(info.st_ctim)};
    return true;
}

bool AssetCache::isFolder(std::string_view path) const
{
    struct stat info {};
    return ::stat(fullPath(path).c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

std::shared_ptr<const AssetFile> AssetCache::find(std::string_view path)
{
    if (!isServable(path))
        return nullptr;
    const std::string full = fullPath(path);
    Stamp stamp;
    if (!stampOf(full, stamp)) {
        drop(path);
        return nullptr;
    }
    {
        std::lock_guard lock(m_mutex);
        const auto known = m_index.find(path);
        if (known != m_index.end() && known->second->stamp == stamp) {
            m_entries.splice(m_entries.begin(), m_entries, known->second);
            return known->second->file;
        }
    }
    return load(path, full);
}

std::shared_ptr<const AssetFile> AssetCache::load(std::string_view path, const std::string &fullPath)
{
    drop(path);
    // Followed to the end, it must still be below the folder, and still be something that is served.
    const std::string folder = realPath(m_folder);
    const std::string real = realPath(fullPath);
    const std::string front = folder == "/" ? folder : folder + '/';
    if (folder.empty() || !real.starts_with(front) || !isServable(std::string_view(real).substr(front.size())))
        return nullptr;

    Entry entry;
    entry.path = path;
    if (!stampOf(real, entry.stamp))
        return nullptr;
    const std::int64_t readAt = base::wallUs() * 1000;
    const Descriptor fd(real);
    auto body = std::make_shared<std::string>();
    if (fd < 0 || !readAll(fd, *body, static_cast<std::size_t>(entry.stamp.size)))
        return nullptr;

    auto file = std::make_shared<AssetFile>();
    file->path = path;
    file->etag = etagOf(*body);
    file->fields = {{"Content-Type", std::string(contentTypeOf(path))}, {"ETag", file->etag}, {"Cache-Control", "public, max-age=0, must-revalidate"},
        {"Access-Control-Allow-Origin", "*"}, {"Referrer-Policy", "strict-origin-when-cross-origin"}, {"X-Content-Type-Options", "nosniff"}};
    file->body = std::move(body);
    Stamp after;
    const bool settled = readAt - std::max(entry.stamp.modifiedNs, entry.stamp.changedNs) > clockStepNs;
    entry.bytes = file->body->size() + 1024;
    entry.file = file;
    if (file->body->size() <= largestKept && settled && stampOf(real, after) && after == entry.stamp)
        keep(std::move(entry));
    return file;
}

void AssetCache::keep(Entry entry)
{
    std::lock_guard lock(m_mutex);
    if (m_index.contains(entry.path)) // another thread was faster
        return;
    m_bytes += entry.bytes;
    m_entries.push_front(std::move(entry));
    m_index.emplace(m_entries.front().path, m_entries.begin());
    while (m_bytes > m_capacity && m_entries.size() > 1) {
        m_index.erase(m_entries.back().path);
        m_bytes -= m_entries.back().bytes;
        m_entries.pop_back();
    }
}

void AssetCache::drop(std::string_view path)
{
    std::lock_guard lock(m_mutex);
    const auto known = m_index.find(path);
    if (known == m_index.end())
        return;
    const auto entry = known->second;
    m_index.erase(known);
    m_bytes -= entry->bytes;
    m_entries.erase(entry);
}

std::size_t AssetCache::bytes() const
{
    std::lock_guard lock(m_mutex);
    return m_bytes;
}

} // namespace cleat::functions
