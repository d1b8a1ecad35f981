// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/replay.h"

#include <QObject>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::session {

class FileWatch;

/// A request with a name, kept with the project.
struct SavedRequest {
    std::string name;
    ReplayRequest request;
    bool operator==(const SavedRequest &) const = default;
};

/// The project's named requests, in cleat.requests.json beside the Wrangler file: a plain file that can be read, compared and committed. Pages does not look at it, because only the build output
/// folder is served. What other programs write into it is seen; a file that cannot be understood is never written over. Main thread.
///
///     { "version": 1, "requests": [ { "name": "Add a task", "method": "POST", "path": "/api/tasks", "headers": [["Content-Type", "application/json"]], "body": "{}" } ] }
///
/// A body that is no UTF-8 text is "bodyBase64" instead.
class SavedRequests final : public QObject
{
    Q_OBJECT
public:
    static constexpr std::string_view fileName = "cleat.requests.json";

    explicit SavedRequests(std::filesystem::path folder, QObject *parent = nullptr);
    ~SavedRequests() override;

    std::filesystem::path file() const { return m_file; }
    /// In the order of the file.
    const std::vector<SavedRequest> &requests() const { return m_requests; }
    const SavedRequest *find(std::string_view name) const;
    /// Why the file is not understood; its code is empty when it is, or when there is none.
    const base::Error &error() const { return m_error; }

    /// Adds it at the end, or takes the place of the one with its name. Codes: saved.name (empty), saved.text (name, path or a header is no UTF-8), saved.file (the file is not understood: mend it first), and those of writeFileAtomically.
    base::Result<void> save(const SavedRequest &request);
    /// Codes as save(), and saved.taken: another one has the name.
    base::Result<void> rename(std::string_view from, const std::string &to);
    base::Result<void> remove(std::string_view name);

    /// The text of such a file. Codes: saved.file, with its place where it is known.
    static base::Result<std::vector<SavedRequest>> parse(std::string_view text);
    static std::string write(const std::vector<SavedRequest> &requests);

Q_SIGNALS:
    /// requests() or error() are others.
    void changed();

private:
    void load();
    base::Result<void> store(std::vector<SavedRequest> &&requests);

    const std::filesystem::path m_file;
    FileWatch *m_watch;
    std::vector<SavedRequest> m_requests;
    base::Error m_error;
    std::uint64_t m_checksum = 0; ///< of the text that m_requests was read from
};

} // namespace cleat::session
