// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"
#include "core/events/eventlog.h"
#include "core/session/aikey.h"
#include "core/session/configstore.h"
#include "core/session/connection.h"
#include "core/session/dataresources.h"
#include "core/session/debugger.h"
#include "core/session/modelcalls.h"
#include "core/session/plan.h"
#include "core/session/projectsettings.h"
#include "core/session/recorder.h"
#include "core/session/routetable.h"
#include "core/session/secretstore.h"
#include "core/session/triggers.h"
#include "core/session/variablesources.h"

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
    std::optional<int> proxyPort; ///< another server of this machine, which has the static files when there is no `directory`
    std::string ip = "localhost"; ///< "localhost" listens on both loopback addresses
    int port = 8788; ///< 0: any free one
    enum class PortInUse { Fail, TakeNext };
    PortInUse portInUse = PortInUse::Fail; ///< TakeNext: the first free port above
    std::vector<config::Binding> bindings; ///< from --kv, --d1, --r2, ...
    std::vector<std::pair<std::string, std::string>> variables;
    std::optional<std::string> compatibilityDate;
    std::vector<std::string> compatibilityFlags; ///< instead of the file's; empty: the file's
    std::optional<std::filesystem::path> persistTo;
    std::filesystem::path dataFolder; ///< what Cleat keeps of its own of projects; empty: "cleat" below the user's data folder (XDG_DATA_HOME)
    config::Scope scope = config::Scope::TopLevel; ///< the set that runs
    std::vector<std::string> allowedHosts; ///< names, besides localhost and addresses, that a request's Host may have
    std::optional<Plan> plan; ///< whose limits hold; Paid when nothing is said
    std::optional<std::int64_t> cpuMs; ///< JavaScript time for one request, in place of the plan's
    std::size_t eventBytes = 64U << 20;
    std::optional<std::size_t> recordingBytes; ///< what requests are kept in, in memory, and the same again in the journal; in place of ProjectSettings::recordingBytes
    std::string workerScript = "_worker.js"; ///< in the directory that is served
    enum class Bundling { AsFile, Yes, No };
    Bundling bundling = Bundling::AsFile; ///< of workerScript; AsFile: no_bundle of the Wrangler file decides
    std::vector<std::filesystem::path> workers; ///< Wrangler files of Workers that run beside the project
    std::vector<std::filesystem::path> envFiles; ///< secrets over those of .dev.vars or .env; the later ones win; one that is missing counts for nothing
    enum class Protocol { Http, Https };
    Protocol protocol = Protocol::Http;
    std::optional<std::filesystem::path> httpsKey; ///< PEM; without it and httpsCertificate Cleat makes a certificate of its own
    std::optional<std::filesystem::path> httpsCertificate; ///< PEM, with the chain behind it
    enum class LiveReload { No, Yes };
    LiveReload liveReload = LiveReload::No; ///< open pages load again when code or files change, and show why the code cannot be built
    std::string aiBaseUrl; ///< of a server that speaks OpenAI's interface and answers for Workers AI; empty: aiProvider() says who does
    std::optional<std::filesystem::path> aiRecordings; ///< where answers of models are recorded and found again; in place of AiSettings::recordings
    std::optional<int> inspectorPort; ///< where debuggers may come from the first start on; 0: any free port. Without it, when debugger() is turned on
};

enum class State { Stopped, Starting, Running, Failed };

/// A Worker that runs beside the project.
struct WorkerStatus {
    std::string name;
    std::filesystem::path file; ///< its Wrangler file
    State state = State::Stopped; ///< Running: with the last good code, whatever `error` says
    bool building = false; ///< its code is being built
    std::optional<base::Error> error; ///< of its file, its build or its load, or why it may not run beside the others
    std::vector<config::Binding> bindings; ///< of the top level of its file
    std::vector<VariableSource> variables;
    bool operator==(const WorkerStatus &) const = default;
};

class ObjectDesk;

/// A project, open: its Wrangler file, its server, its runtime, its events. The only thing that ui and app talk to.
/// Lives on the main thread; every member is called there, and every signal is emitted there.
class Session final : public QObject
{
    Q_OBJECT
public:
    /// `keychain` is borrowed.
    Session(Options options, secrets::Keychain &keychain, QObject *parent = nullptr);
    ~Session() override;

    const Options &options() const;
    /// Folder name, or `name` of the Wrangler file.
    QString projectName() const;
    ConfigStore &config();
    events::EventLog &events();
    /// What events() told, row by row; lives as long as the session.
    Recorder &recorder();

    State state() const;
    /// Why it is Failed. Empty otherwise. Code server.port-in-use: freePort() tells the one to offer.
    base::Error failure() const;
    int freePort() const;
    /// http://localhost:8788, or https:, while Running, else empty.
    QUrl url() const;

    /// The last build's error, or nothing when the last build is good. A broken build keeps the last good one serving.
    std::optional<base::Error> buildError() const;

    /// The routes of the last build that was good; nullptr before there is one. Stays while the project is stopped.
    std::shared_ptr<const RouteTable> routes() const;

    /// Debuggers for the code that runs.
    Debugger &debugger();

    /// What was chosen for this project on this machine; options() win over it where they say something.
    const ProjectSettings &settings() const;
    /// Why its file could not be used when the session began; nothing when it could, or since it was written anew.
    std::optional<base::Error> settingsError() const;
    /// Keeps them and uses them at once. When they cannot be kept, nothing changes. Codes: those of writeProjectSettings().
    base::Result<void> setSettings(const ProjectSettings &settings);

    /// Those of Options::workers, then those of ProjectSettings::workers, in that order.
    std::vector<WorkerStatus> workers() const;
    /// Other Options::workers. While the project runs, those that come begin at once and those that go end.
    void setWorkers(std::vector<std::filesystem::path> files);
    /// A Worker runs beside the project from now on, also the next times that it is opened. `place`: its Wrangler file, or the folder that holds it.
    /// Codes: those of findWorker() and writeProjectSettings(); worker.known: it is there already; session.worker-name: another one has its name.
    base::Result<void> addWorker(const std::filesystem::path &place);
    /// Ends it, if it runs, and forgets it. Its files stay.
    base::Result<void> removeWorker(const std::filesystem::path &file);
    /// Ends it and starts it anew. Does nothing while the project does not run.
    void restartWorker(const std::filesystem::path &file);
    /// Whether the Worker that a service or Durable Object binding names runs now.
    bool isConnected(const config::Binding &binding) const;
    /// What there is behind a binding, whether or not the project runs.
    Connection connection(const config::Binding &binding) const;

    /// The queues that a producer or consumer of what runs, or a dead_letter_queue, names; by name.
    std::vector<QueueStatus> queues() const;
    /// What waits in a queue is delivered now, full batch or not. Does nothing without a consumer.
    void deliverQueue(const std::string &queue);
    /// Something was put into a queue, released or resumed by hand.
    void queuesTouched();
    /// The namespaces of Durable Objects that bindings name: of any set, of flags and of workers(); by Worker and class.
    std::vector<ObjectNamespace> objectNamespaces() const;
    /// What is done by hand with Durable Objects.
    ObjectDesk &objects();
    /// The schedules of workers(), in that order.
    std::vector<CronStatus> crons() const;
    /// Runs the scheduled handler of a Worker as its schedule would, with this pattern; the number of its row. Code session.cron: there is no such Worker, or it does not run.
    base::Result<events::RequestId> runCron(const std::string &worker, const std::string &pattern);

    SecretStore &secrets();
    /// The key of the AI provider, whose settings have to say that there is one (AiSettings::key).
    AiKey &aiKey();
    /// What models were asked by any Worker of the project, and answered, since the session began.
    ModelCallLog &modelCalls();
    /// Asks a model by hand, as the code of `worker` (the project's name: its own) would through its binding, and with its provider; the number of its row, whose end is followed by an entry in modelCalls().
    /// `inputs` is JSON. Codes: session.ai: the Worker does not run; ai.inputs: they are no JSON.
    base::Result<events::RequestId> askModel(const std::string &worker, const std::string &binding, const std::string &model, const std::string &inputs);
    /// Keeps a call's answer as a recording; the file. Codes: session.ai (the call failed, or is cut; no folder is chosen for recordings), those of Recordings::keep().
    base::Result<std::filesystem::path> keepModelCall(const ModelCall &call);
    /// Every source of every variable and secret of a set, by name, then lowest to highest. Reads the .dev.vars and .env files.
    std::vector<VariableSource> variables(config::Scope scope) const;

    /// Where the local data of a KV namespace, an R2 bucket, a D1 database lies (a file or a folder), whether or not it exists yet; nullopt for kinds that have none.
    std::optional<std::filesystem::path> dataOf(const config::Binding &binding) const;
    /// Names of resources of that kind that the project or its local state knows, to suggest: ids in any set of the file, what lies in the state folder, and the names of workers() and queues(). Sorted.
    std::vector<std::string> knownResources(config::Kind kind) const;
    /// Every store of local data: those that the bindings of any set name, and those that lie in the state folder.
    std::vector<DataResource> dataResources() const;
    /// Where local data is: .wrangler/state beside the Wrangler file, or what was chosen.
    std::filesystem::path stateFolder() const;
    /// Uses another folder from now on, also for what runs; nullopt: the usual one. Emits dataPlaceChanged().
    void setStateFolder(std::optional<std::filesystem::path> folder);
    /// Whether a run has the binding in `env`: Cleat has a backend for its kind.
    static bool runs(config::Kind kind);

    /// Whether what runs has the bindings that the file says.
    enum class Live {
        Off,      ///< nothing runs
        Applying, ///< on the way; requests are answered with the ones before
        Current,
        Stale, ///< the file is broken or the code does not load: what runs has the ones before
    };
    Live live() const;
    /// When it became Current last; wall clock, microseconds since the Unix epoch; 0: never.
    std::int64_t liveSince() const;

    void start();
    /// Answers what is under way (2 seconds at most), then closes the port.
    void stop();
    void restart();
    /// Takes effect at once when running.
    void setScope(config::Scope scope);
    /// Used by the next start().
    void setPort(int port);
    /// Used by the next start(): Options::proxyPort.
    void setProxyPort(int port);

Q_SIGNALS:
    void stateChanged();
    void buildChanged();
    /// routes() is another.
    void routesChanged();
    void liveChanged();
    /// .dev.vars and its like, or the keychain: variables() is another.
    void variablesChanged();
    /// stateFolder() is another.
    void dataPlaceChanged();
    /// settings() are others.
    void settingsChanged();
    /// workers() is another.
    void workersChanged();
    /// queues() or crons() is another, or what lies in a queue; some 30 times a second at most.
    void queuesChanged();
    /// Once, when a stop() that was asked for is complete.
    void stopped();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::session
