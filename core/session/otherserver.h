// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QProcess>
#include <QTimer>

#include <filesystem>
#include <string>
#include <vector>

namespace cleat::session {

/// A dev server of someone else's (vite), started and ended with a project. It is in a process group of its own, which ends as a whole. Lives on the main thread.
class OtherServer final : public QObject
{
    Q_OBJECT
public:
    explicit OtherServer(QObject *parent = nullptr);
    ~OtherServer() override;

    /// Runs a program with its arguments in a folder. Without a port, the first one on which it listens is taken.
    void start(const std::vector<std::string> &command, const std::filesystem::path &folder, int port);
    /// Asks it to end; 2 seconds later it is made to. Emits nothing more but ended(), when it has.
    void stop();
    bool isRunning() const { return m_group != 0; }

Q_SIGNALS:
    /// It listens there.
    void ready(int port);
    /// A line that it printed.
    void printed(const QByteArray &line);
    /// It has ended by itself, or could not be started: a sentence for the user, and the status to end with.
    void failed(const QString &sentence, int status);
    /// After stop().
    void ended();

private:
    void look();
    void readLines(QByteArray &pending, const QByteArray &bytes);
    void finished();
    void killGroup(int number) const;

    QProcess m_process;
    QTimer m_look;
    QTimer m_patience;
    QByteArray m_out;
    QByteArray m_err;
    QString m_command;
    int m_group = 0;
    int m_port = 0;
    bool m_ready = false;
    bool m_stopping = false;
};

} // namespace cleat::session
