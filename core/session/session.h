// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"
#include "core/events/eventlog.h"
#include "core/session/configstore.h"

#include <QObject>
#include <QString>
#include <QUrl>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

/// How to run a project. What a flag of `cleat dev` says adds to the Wrangler file and wins over it.
struct Options {
    std::filesystem::path project; ///< the folder that was opened
    std::optional<std::filesystem::path> directory; ///< assets; else pages_build_output_dir
    std::string ip = "localhost"; ///< "localhost" listens on both loopback addresses
    int port = 8788; ///< 0: any free one
    enum class PortInUse { Fail, TakeNext };
    PortInUse portInUse = PortInUse::Fail; ///< TakeNext: the first free port above
    std::vector<std::pair<std::string, std::string>> kvNamespaces; ///< binding, id
    std::vector<std::pair<std::string, std::string>> variables;
    std::optional<std::string> compatibilityDate;
    std::optional<std::filesystem::path> persistTo;
    config::Scope scope = config::Scope::TopLevel; ///< the set that runs
    std::vector<std::string> allowedHosts; ///< names, besides localhost and addresses, that a request's Host may have
    std::int64_t cpuMs = 10'000; ///< JavaScript time for one request
    std::size_t eventBytes = 64U << 20;
};

enum class State { Stopped, Starting, Running, Failed };

/// A project, open: its Wrangler file, its server, its runtime, its events. The only thing that ui and app talk to.
/// Lives on the main thread; every member is called there, and every signal is emitted there.
class Session final : public QObject
{
    Q_OBJECT
public:
    explicit Session(Options options, QObject *parent = nullptr);
    ~Session() override;

    const Options &options() const;
    /// Folder name, or `name` of the Wrangler file.
    QString projectName() const;
    ConfigStore &config();
    events::EventLog &events();

    State state() const;
    /// Why it is Failed. Empty otherwise. Code server.port-in-use: freePort() tells the one to offer.
    base::Error failure() const;
    int freePort() const;
    /// http://localhost:8788 while Running, else empty.
    QUrl url() const;

    /// The last build's error, or nothing when the last build is good. A broken build keeps the last good one serving.
    std::optional<base::Error> buildError() const;

    /// Where the local data of the KV namespace with this local id lies (its SQLite file), whether or not it exists yet.
    std::filesystem::path kvFile(const std::string &localId) const;

    void start();
    /// Answers what is under way (2 seconds at most), then closes the port.
    void stop();
    void restart();
    /// Takes effect at once when running.
    void setScope(config::Scope scope);
    /// Used by the next start().
    void setPort(int port);

Q_SIGNALS:
    void stateChanged();
    void buildChanged();
    /// Once, when a stop() that was asked for is complete.
    void stopped();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
