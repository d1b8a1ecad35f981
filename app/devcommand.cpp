// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/devcommand.h"

#include "app/devoptions.h"
#include "app/unixsignals.h"
#include "core/config/bindingkinds.h"
#include "core/secrets/systemkeychain.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>
#include <filesystem>

namespace cleat::app {

DevCommand::DevCommand(session::Options options, LogFormat format, events::EventLog::Recorded recorded, secrets::Keychain &keychain, QObject *parent)
    : QObject(parent), m_session(options, keychain), m_format(format), m_log(m_session.events(), format), m_wantedPort(options.port)
{
    m_session.events().setRecording(recorded);
    connect(&m_session, &session::Session::stateChanged, this, &DevCommand::stateChanged);
    connect(&m_session, &session::Session::stopped, this, [] { QCoreApplication::exit(0); });
}

void DevCommand::start()
{
    m_session.start();
}

void DevCommand::stop()
{
    if (m_stopping) {
        QCoreApplication::exit(0);
        return;
    }
    m_stopping = true;
    m_session.stop();
}

void DevCommand::stateChanged()
{
    using session::State;
    switch (m_session.state()) {
    case State::Running:
        m_log.drain();
        if (m_format == LogFormat::Json)
            printReadyJson();
        else
            printReady();
        std::fflush(stdout);
        break;
    case State::Failed:
        m_log.drain();
        if (m_session.freePort() != 0)
            std::fprintf(stderr, "Port %d is free: cleat dev --port %d\n", m_session.freePort(), m_session.freePort());
        QCoreApplication::exit(1);
        break;
    case State::Stopped:
    case State::Starting:
        break;
    }
}

void DevCommand::printReady()
{
    printBindings();
    if (m_wantedPort != 0 && m_session.url().port() != m_wantedPort)
        std::printf("Port %d is in use; taking the next free one.\n", m_wantedPort);
    if (const auto &debugger = m_session.debugger(); debugger.isOn()) {
        std::printf("Debugger listening on %s\n", debugger.address().toUtf8().constData());
        std::printf("  For Chrome's address bar: %s\n", debugger.devToolsAddress().toUtf8().constData());
    }
    std::printf("Ready on %s\n", m_session.url().toString().toUtf8().constData());
}

/// {"type":"ready","url":"http://localhost:8788","port":8788}, and with an inspector "debugger":"ws://..."
void DevCommand::printReadyJson()
{
    QJsonObject line{{QStringLiteral("type"), QStringLiteral("ready")}, {QStringLiteral("url"), m_session.url().toString()},
        {QStringLiteral("port"), m_session.url().port()}};
    if (m_session.debugger().isOn())
        line.insert(QStringLiteral("debugger"), m_session.debugger().address());
    std::printf("%s\n", QJsonDocument(line).toJson(QJsonDocument::Compact).constData());
}

/// "KV namespace", "Workers AI".
static std::string wordsOf(config::Kind kind)
{
    std::string_view words = config::bindingKind(kind).words;
    for (const std::string_view article : {"a ", "an ", "the "}) {
        if (words.starts_with(article))
            words.remove_prefix(article.size());
    }
    return std::string(words);
}

void DevCommand::printBindings()
{
    // What the code finds in env, and where it comes from.
    const auto &options = m_session.options();
    const auto &set = m_session.config().config().effective(options.scope);
    std::string text;
    const auto line = [&](const std::string &kind, const std::string &name, const std::string &value) {
        text += "  " + kind + std::string(kind.size() < 24 ? 24 - kind.size() : 1, ' ') + "env." + printable(name) + (value.empty() ? std::string() : "  " + printable(value)) + '\n';
    };
    for (const auto &entry : set.bindings) {
        const bool runs = session::Session::runs(entry.value.kind);
        line(wordsOf(entry.value.kind), entry.value.name, runs ? config::localId(entry.value).value_or("") : "not run locally yet");
    }
    for (const config::Binding &binding : options.bindings)
        line(wordsOf(binding.kind), binding.name, config::localId(binding).value_or("") + " (flag)");
    for (const auto &variable : set.variables)
        line("Variable", variable.value.name, "");
    for (const auto &[name, value] : options.variables)
        line("Variable", name, "(flag)");
    if (!text.empty())
        std::printf("Bindings:\n%s", text.c_str());
}

int runDev(int argc, char **argv)
{
    QCoreApplication::setApplicationName(QStringLiteral("Cleat"));
    QCoreApplication::setOrganizationName(QStringLiteral("Cleat"));
    const QCoreApplication application(argc, argv);
    auto line = parseDevOptions(QCoreApplication::arguments().mid(2), std::filesystem::current_path());
    if (!line) {
        std::fprintf(stderr, "cleat dev: %s\n", line.error().c_str());
        return 2;
    }
    if (line->action == DevCommandLine::Action::Help) {
        std::fputs(devHelp().c_str(), stdout);
        return 0;
    }
    line->options.eventBytes = 8U << 20;
    secrets::SystemKeychain keychain;
    using Recorded = events::EventLog::Recorded;
    const Recorded recorded = line->recorded.value_or(line->logFormat == LogFormat::Json ? Recorded::All : Recorded::Rows);
    DevCommand command(std::move(line->options), line->logFormat, recorded, keychain);
    const UnixSignals signals_([&command](int) { command.stop(); });
    QMetaObject::invokeMethod(&command, &DevCommand::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace cleat::app
