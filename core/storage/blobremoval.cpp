// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/storage/blobremoval.h"

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cleat::storage {

namespace fs = std::filesystem;

fs::path blobMark(const BlobStore &store, std::string_view owner, std::string_view id)
{
    return store.folder().parent_path() / ".cleat" / std::string(owner).append("-").append(id);
}

BlobRemoval::~BlobRemoval()
{
    for (const std::string &id : m_marked)
        ::unlink(blobMark(m_store, m_owner, id).c_str());
}

void BlobRemoval::prepare(std::string_view id)
{
    const auto path = m_store.path(id);
    if (!path)
        return;
    const fs::path mark = blobMark(m_store, m_owner, id);
    int done = ::link(path->c_str(), mark.c_str());
    if (done != 0 && errno == ENOENT) {
        std::error_code ec;
        fs::create_directory(mark.parent_path(), ec);
        done = ::link(path->c_str(), mark.c_str());
    }
    // Without a mark a crash in the next moment leaves a file that is never read again.
    if (done == 0)
        m_marked.emplace_back(id);
}

void BlobRemoval::add(std::string_view id)
{
    if (std::ranges::find(m_marked, id) == m_marked.end())
        prepare(id);
    m_ids.emplace_back(id);
}

void BlobRemoval::carryOut()
{
    for (const std::string &id : m_ids)
        m_store.remove(id);
    m_ids.clear();
}

base::Result<void> sweepBlobs(
    const BlobStore &store, std::string_view owner, std::chrono::seconds age, const std::function<base::Result<bool>(std::string_view id)> &isNamed)
{
    const std::string prefix = std::string(owner) + '-';
    std::error_code ec;
    for (const auto &entry : fs::directory_iterator(store.folder().parent_path() / ".cleat", ec)) {
        const std::string name = entry.path().filename().string();
        struct stat info{};
        // The time of the last change of any kind: a write, or a new name.
        if (!name.starts_with(prefix) || ::lstat(entry.path().c_str(), &info) != 0 || std::time(nullptr) - info.st_ctim.tv_sec < age.count())
            continue;
        const std::string id = name.substr(prefix.size());
        auto named = isNamed(id);
        if (!named)
            return std::unexpected(std::move(named.error()));
        if (!*named)
            store.remove(id);
        ::unlink(entry.path().c_str());
    }
    return {};
}

} // namespace cleat::storage
