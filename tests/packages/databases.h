// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QProcess>
#include <QTemporaryDir>

#include <memory>
#include <string>

namespace cleat::test {

/// A server of Debian's packages, on a free port of 127.0.0.1, with data and user of its own: "owner", whose password is "pw of/owner@home", and the database "records". TLS is offered
/// with the certificate in certificate(), which is for localhost and 127.0.0.1. Everything goes with the object. As root it runs as nobody, because PostgreSQL refuses root.
class DatabaseServer
{
public:
    virtual ~DatabaseServer();
    DatabaseServer(const DatabaseServer &) = delete;
    DatabaseServer &operator=(const DatabaseServer &) = delete;

    /// Empty: it runs. Else why it does not.
    QString problem() const { return m_problem; }
    int port() const { return m_port; }
    /// PEM; the file is readable for everybody.
    std::string certificate() const { return path("server.crt").toStdString(); }
    /// With this user and password, and this behind the database's name.
    std::string connectionString(const std::string &more = {}, const std::string &password = "pw%20of%2Fowner%40home") const;
    /// SIGKILL.
    void kill();

protected:
    explicit DatabaseServer(const char *scheme);
    QString path(const char *name) const { return m_folder.filePath(QString::fromLatin1(name)); }
    /// Runs a program to its end; false and problem() when it fails. `input`: a file, or empty.
    bool run(const QString &program, const QStringList &arguments, const QString &input = {});
    /// Starts the server and waits until it takes connections.
    void serve(const QString &program, const QStringList &arguments);
    void fail(const QString &why) { m_problem = why; }
    bool write(const char *name, const QByteArray &content);

private:
    void prepare(QProcess &process) const;

    const char *m_scheme;
    QTemporaryDir m_folder;
    QString m_problem;
    int m_port = 0;
    QProcess m_server;
};

std::unique_ptr<DatabaseServer> startPostgres();
std::unique_ptr<DatabaseServer> startMariaDb();

} // namespace cleat::test
