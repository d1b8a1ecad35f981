// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devcommand.h"

#include "app/bindingtable.h"
#include "app/devproject.h"
#include "app/printable.h"
#include "app/scriptrunner.h"
#include "app/unixsignals.h"
#include "core/base/clock.h"
#include "core/secrets/systemkeychain.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <unistd.h>
#include <utility>

namespace cleat::app {

namespace {

constexpr qint64 sameSignalMs = 200;

std::string styled(ColourUse colour, std::string_view style, const std::string &text)
{
    return colour == ColourUse::Yes ? std::string(style) + text + std::string(look::reset) : text;
}

/// What other programs print for a terminal, without its codes.
std::string withoutColours(const std::string &text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\x1b' || i + 1 >= text.size() || text[i + 1] != '[') {
            out += text[i];
            continue;
        }
        i += 2;
        while (i < text.size() && (text[i] < '@' || text[i] > '~'))
            ++i;
    }
    return out;
}

} // namespace

DevCommand::DevCommand(DevCommandLine line, secrets::Keychain &keychain, QObject *parent)
    : QObject(parent), m_line(std::move(line)), m_session(m_line.options, keychain), m_log(m_session.events(), m_line.logFormat, m_line.logLevel, m_line.colour)
{
    using Recorded = events::EventLog::Recorded;
    m_session.events().setRecording(m_line.recorded.value_or(m_line.logFormat == LogFormat::Json ? Recorded::All : Recorded::Rows));
    for (const std::string &warning : m_line.warnings)
        notice(events::Level::Warn, "dev.flag", warning);
    connect(&m_session, &session::Session::stateChanged, this, &DevCommand::stateChanged);
    connect(&m_session, &session::Session::stopped, this, [this] {
        if (m_stopping) {
            m_sessionEnded = true;
            finishWhenEnded();
        }
    });
    connect(&m_log, &DevLog::readerGone, this, &DevCommand::stop, Qt::QueuedConnection);
}

void DevCommand::start()
{
    if (!startAnalytics())
        return;
    if (m_line.command.empty())
        m_session.start();
    else
        startOther();
}

void DevCommand::notice(events::Level level, std::string code, std::string text)
{
    m_session.events().publish({events::NoticeEvent{base::wallUs(), level, std::move(code), std::move(text), {}}});
}

/// False: it cannot be, and all ends.
bool DevCommand::startAnalytics()
{
    if (!m_line.analyticsSqlPort)
        return true;
    m_analytics = std::make_unique<session::AnalyticsApi>(m_session.stateFolder(), m_line.options.allowedHosts);
    connect(&m_session, &session::Session::dataPlaceChanged, m_analytics.get(), [this] { m_analytics->setStateFolder(m_session.stateFolder()); });
    if (const auto listening = m_analytics->listen(*m_line.analyticsSqlPort); !listening) {
        notice(events::Level::Error, listening.error().code, "--analytics-sql-port: " + listening.error().message);
        m_status = 1;
        m_log.drain();
        QCoreApplication::exit(m_status);
        return false;
    }
    notice(events::Level::Info, "analytics.sql-api", "The Analytics Engine's SQL API is at http://localhost:" + std::to_string(m_analytics->port()) + "/client/v4/accounts/local/analytics_engine/sql");
    return true;
}

/// The session begins when the other server is there.
void DevCommand::startOther()
{
    m_other = std::make_unique<session::OtherServer>();
    connect(m_other.get(), &session::OtherServer::ready, this, [this](int port) {
        if (m_stopping)
            return;
        notice(events::Level::Info, "proxy.ready", "Static files come from http://localhost:" + std::to_string(port) + ".");
        m_session.setProxyPort(port);
        m_session.start();
    });
    connect(m_other.get(), &session::OtherServer::printed, this, [this](const QByteArray &line) {
        notice(events::Level::Info, "proxy.output", "[proxy] " + withoutColours(line.toStdString()));
    });
    connect(m_other.get(), &session::OtherServer::failed, this, [this](const QString &sentence, int status) {
        notice(events::Level::Error, "proxy.failed", sentence.toStdString());
        m_status = status;
        stop();
    }, Qt::QueuedConnection);
    connect(m_other.get(), &session::OtherServer::ended, this, &DevCommand::finishWhenEnded, Qt::QueuedConnection);
    m_other->start(m_line.command, m_line.options.project, m_line.proxyPort.value_or(0));
}

void DevCommand::finishWhenEnded()
{
    if (m_sessionEnded && (!m_other || !m_other->isRunning()))
        QCoreApplication::exit(m_status);
}

void DevCommand::stop()
{
    if (std::exchange(m_stopping, true))
        return;
    m_keys.reset();
    if (m_other)
        m_other->stop();
    m_session.stop();
}

void DevCommand::signalled(int number)
{
    if (number == m_lastSignal && m_sinceSignal.isValid() && m_sinceSignal.elapsed() < sameSignalMs)
        return;
    m_lastSignal = number;
    m_sinceSignal.start();
    if (m_stopping)
        QCoreApplication::exit(m_status);
    else
        stop();
}

void DevCommand::stateChanged()
{
    using session::State;
    switch (m_session.state()) {
    case State::Running:
        m_log.drain();
        if (m_line.logFormat == LogFormat::Json)
            printReadyJson();
        else if (m_log.tells(LogLevel::Log))
            printReady();
        if (!m_wasReady)
            startKeys();
        m_wasReady = true;
        break;
    case State::Failed:
        m_log.drain();
        if (m_session.freePort() != 0 && m_log.tells(LogLevel::Error))
            std::fprintf(stderr, "Port %d is free: cleat dev --port %d\n", m_session.freePort(), m_session.freePort());
        m_status = 1;
        stop();
        break;
    case State::Stopped:
    case State::Starting:
        break;
    }
}

void DevCommand::printReady()
{
    if (!m_wasReady) {
        const auto workers = m_session.workers();
        printBindings(workers.empty() ? std::string() : m_session.projectName().toStdString(), bindingRows(m_session));
        for (const session::WorkerStatus &worker : workers)
            printBindings(worker.name, bindingRows(m_session, worker));
        const int wanted = m_line.options.port;
        if (wanted != 0 && m_session.url().port() != wanted)
            m_log.say("Port " + std::to_string(wanted) + " is in use; taking the next free one.\n");
        if (const auto &debugger = m_session.debugger(); debugger.isOn()) {
            m_log.say("Debugger listening on " + debugger.address().toStdString() + "\n  For Chrome's address bar: " + debugger.devToolsAddress().toStdString() + '\n');
        }
    }
    printAddress();
}

/// `name`: of the Worker, where there are several.
void DevCommand::printBindings(const std::string &name, const std::vector<BindingRow> &rows)
{
    const std::string table = bindingTable(rows, terminalColumns(STDOUT_FILENO, 160), m_log.outColour());
    if (table.empty())
        return;
    m_log.say((name.empty() ? std::string() : printable(name) + " has access to the following bindings:\n") + table + (name.empty() ? "" : "\n"));
}

void DevCommand::printAddress()
{
    m_log.say("Ready on " + styled(m_log.outColour(), look::bold, m_session.url().toString().toStdString()) + '\n');
}

/// {"type":"ready","url":"http://localhost:8788","port":8788}, and with an inspector "debugger":"ws://..."
void DevCommand::printReadyJson()
{
    QJsonObject line{{QStringLiteral("type"), QStringLiteral("ready")}, {QStringLiteral("url"), m_session.url().toString()},
        {QStringLiteral("port"), m_session.url().port()}};
    if (m_analytics)
        line.insert(QStringLiteral("analyticsSqlPort"), m_analytics->port());
    if (m_session.debugger().isOn())
        line.insert(QStringLiteral("debugger"), m_session.debugger().address());
    m_log.say(QJsonDocument(line).toJson(QJsonDocument::Compact).toStdString() + '\n');
}

void DevCommand::startKeys()
{
    if (m_line.logFormat == LogFormat::Json || !m_line.keys.value_or(true) || !RawTerminal::possible())
        return;
    m_keys = std::make_unique<Keys>();
    connect(m_keys.get(), &Keys::pressed, this, &DevCommand::pressed, Qt::QueuedConnection); // one of them deletes it
    printKeys();
}

void DevCommand::printKeys()
{
    static constexpr std::pair<const char *, const char *> keys[] = {{"o", "open a browser"}, {"d", "debugger"}, {"r", "restart"}, {"c", "clear"}, {"q", "quit"}, {"h", "this line"}};
    std::string line;
    for (const auto &[key, what] : keys)
        line += (line.empty() ? "" : "  ") + styled(m_log.outColour(), look::bold, std::string("[") + key + ']') + ' ' + styled(m_log.outColour(), look::dim, what);
    m_log.say(line + '\n');
}

void DevCommand::pressed(char key)
{
    if (m_stopping)
        return;
    const bool running = m_session.state() == session::State::Running;
    switch (key) {
    case 'q':
    case 'x':
        stop();
        break;
    case 'o':
    case 'b': // wrangler's
        if (const std::string address = m_session.url().toString().toStdString(); running && !openBrowser(address))
            m_log.say("There is no browser to open here. Open " + address + " yourself.\n");
        break;
    case 'd':
        if (running)
            openDebugger();
        break;
    case 'r':
        if (running) {
            m_log.say("Restarting...\n");
            m_session.setPort(m_session.url().port());
            m_session.restart();
        }
        break;
    case 'c':
        m_log.drain();
        m_log.say("\x1b[H\x1b[2J\x1b[3J");
        if (running)
            printAddress();
        printKeys();
        break;
    case 'h':
    case '?':
        printKeys();
        break;
    default:
        break;
    }
}

void DevCommand::openDebugger()
{
    auto &debugger = m_session.debugger();
    if (!debugger.isOn()) {
        auto on = debugger.turnOn(session::Debugger::usualPort, m_session.projectName());
        if (!on && on.error().code == "inspector.port-in-use")
            on = debugger.turnOn(0, m_session.projectName());
        if (!on) {
            m_log.say(on.error().message + '\n');
            return;
        }
    }
    m_log.say("Debugger listening on " + debugger.address().toStdString() + "\n  For Chrome's address bar: " + debugger.devToolsAddress().toStdString() + '\n');
}

int runDev(int argc, char **argv)
{
    QCoreApplication::setApplicationName(QStringLiteral("Cleat"));
    QCoreApplication::setOrganizationName(QStringLiteral("Cleat"));
    const QCoreApplication application(argc, argv);
    auto line = parseDevOptions(QCoreApplication::arguments().mid(2), std::filesystem::current_path());
    Problem problem = line ? Problem() : line.error();
    if (line && line->action == DevCommandLine::Action::Run)
        problem = applyWranglerFile(*line);
    if (problem) {
        std::fprintf(stderr, "cleat dev: %s\n", printable(*problem).c_str());
        return 2;
    }
    switch (line->action) {
    case DevCommandLine::Action::Help:
        std::fputs(devHelp(terminalColumns(STDOUT_FILENO, 100), colourUse(STDOUT_FILENO, line->colour)).c_str(), stdout);
        return 0;
    case DevCommandLine::Action::Version:
        std::puts("cleat " CLEAT_VERSION);
        return 0;
    case DevCommandLine::Action::Run:
        break;
    }
    line->options.proxyPort = line->proxyPort;
    std::signal(SIGPIPE, SIG_IGN); // `cleat dev | head` ends it in order
    line->options.eventBytes = 8U << 20;
    secrets::SystemKeychain keychain;
    const ScriptRunner runner;
    DevCommand command(*std::move(line), keychain);
    QObject::connect(&runner, &ScriptRunner::ended, &command, &DevCommand::stop);
    const UnixSignals signals_([&command](int number) { command.signalled(number); });
    QMetaObject::invokeMethod(&command, &DevCommand::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace cleat::app
