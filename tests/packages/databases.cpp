// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/packages/databases.h"

#include "tests/core/runtime/httppeer.h"

#include <QCryptographicHash>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>

#include <grp.h>
#include <unistd.h>

namespace cleat::test {

using namespace Qt::StringLiterals;

namespace {

constexpr uid_t nobody = 65534;
constexpr const char *password = "pw of/owner@home";

int freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

class Postgres final : public DatabaseServer
{
public:
    Postgres() : DatabaseServer("postgres")
    {
        if (!problem().isEmpty())
            return;
        const QDir versions(u"/usr/lib/postgresql"_s);
        QString programs;
        for (const QString &version : versions.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
            if (QFile::exists(versions.filePath(version + u"/bin/initdb"_s)))
                programs = versions.filePath(version + u"/bin/"_s);
        }
        if (programs.isEmpty()) {
            fail(u"PostgreSQL is missing: install Debian's package postgresql, as packaging/test.sh does."_s);
            return;
        }
        if (!write("password", password)
            || !run(programs + u"initdb"_s, {u"-D"_s, path("data"), u"-U"_s, u"owner"_s, u"--pwfile"_s, path("password"), u"-A"_s, u"scram-sha-256"_s, u"--no-sync"_s, u"-E"_s, u"UTF8"_s, u"--locale=C"_s}))
            return;
        if (!write("create.sql", "CREATE DATABASE records;\n") || !run(programs + u"postgres"_s, {u"--single"_s, u"-D"_s, path("data"), u"postgres"_s}, path("create.sql")))
            return;
        serve(programs + u"postgres"_s,
            {u"-D"_s, path("data"), u"-c"_s, u"listen_addresses=127.0.0.1"_s, u"-c"_s, u"port=%1"_s, u"-c"_s, u"unix_socket_directories="_s, u"-c"_s, u"fsync=off"_s, u"-c"_s, u"max_connections=150"_s, u"-c"_s,
                u"ssl=on"_s, u"-c"_s, u"ssl_cert_file="_s + path("server.crt"), u"-c"_s, u"ssl_key_file="_s + path("server.key")});
    }
};

class MariaDb final : public DatabaseServer
{
public:
    MariaDb() : DatabaseServer("mysql")
    {
        if (!problem().isEmpty())
            return;
        const QString program = QStandardPaths::findExecutable(u"mariadbd"_s, {u"/usr/sbin"_s, u"/usr/bin"_s});
        QFile tables(u"/usr/share/mysql/mysql_system_tables.sql"_s);
        if (!tables.exists())
            tables.setFileName(u"/usr/share/mysql/mariadb_system_tables.sql"_s);
        if (program.isEmpty() || !tables.open(QIODevice::ReadOnly)) {
            fail(u"MariaDB is missing: install Debian's package mariadb-server-core, as packaging/test.sh does."_s);
            return;
        }
        const QByteArray once = QCryptographicHash::hash(password, QCryptographicHash::Sha1);
        const QByteArray proof = '*' + QCryptographicHash::hash(once, QCryptographicHash::Sha1).toHex().toUpper();
        const QByteArray script = "create database mysql;\nuse mysql;\n" + tables.readAll()
            + "INSERT INTO global_priv VALUES ('%','owner','{\"access\":18446744073709551615,\"plugin\":\"mysql_native_password\",\"authentication_string\":\"" + proof
            + "\"}');\nCREATE DATABASE records;\n";
        const QStringList common{u"--no-defaults"_s, u"--datadir="_s + path("data"), u"--skip-log-error"_s, u"--innodb-flush-log-at-trx-commit=0"_s, u"--innodb-buffer-pool-size=16M"_s};
        if (!write("create.sql", script) || !run(u"/bin/mkdir"_s, {path("data")}) || !run(program, common + QStringList{u"--bootstrap"_s, u"--silent-startup"_s}, path("create.sql")))
            return;
        serve(program, common + QStringList{u"--bind-address=127.0.0.1"_s, u"--port=%1"_s, u"--socket="_s + path("socket"), u"--pid-file="_s + path("pid"), u"--max-connections=150"_s, u"--skip-name-resolve"_s,
                           u"--ssl-cert="_s + path("server.crt"), u"--ssl-key="_s + path("server.key")});
    }
};

} // namespace

DatabaseServer::DatabaseServer(const char *scheme) : m_scheme(scheme)
{
    const HttpPeer::Identity identity = HttpPeer::makeIdentity();
    if (!write("server.crt", identity.certificate.toPem()) || !write("server.key", identity.key.toPem()))
        return;
    QFile::setPermissions(m_folder.path(), QFile::permissions(m_folder.path()) | QFile::ExeGroup | QFile::ExeOther);
    if (::geteuid() == 0 && ::chown(m_folder.path().toLocal8Bit().constData(), nobody, nobody) != 0)
        fail(u"The folder cannot be given away."_s);
}

DatabaseServer::~DatabaseServer()
{
    kill();
}

void DatabaseServer::kill()
{
    if (m_server.state() == QProcess::NotRunning)
        return;
    m_server.kill();
    m_server.waitForFinished(30'000);
}

bool DatabaseServer::write(const char *name, const QByteArray &content)
{
    QFile file(path(name));
    const bool secret = QByteArrayView(name) == "server.key";
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        fail(u"Not to be written: "_s + file.fileName());
        return false;
    }
    file.setPermissions(secret ? QFile::ReadOwner | QFile::WriteOwner : QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup | QFile::ReadOther);
    file.close();
    return ::geteuid() != 0 || ::chown(file.fileName().toLocal8Bit().constData(), nobody, nobody) == 0;
}

void DatabaseServer::prepare(QProcess &process) const
{
    QProcessEnvironment environment;
    environment.insert(u"PATH"_s, u"/usr/bin:/bin"_s);
    environment.insert(u"LC_ALL"_s, u"C"_s);
    environment.insert(u"HOME"_s, m_folder.path());
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_folder.path());
    process.setProcessChannelMode(QProcess::MergedChannels);
    if (::geteuid() == 0) {
        process.setChildProcessModifier([] {
            if (::setgroups(0, nullptr) != 0 || ::setgid(nobody) != 0 || ::setuid(nobody) != 0)
                ::_exit(126);
        });
    }
}

bool DatabaseServer::run(const QString &program, const QStringList &arguments, const QString &input)
{
    QProcess process;
    prepare(process);
    process.setStandardInputFile(input.isEmpty() ? QProcess::nullDevice() : input);
    process.start(program, arguments);
    if (process.waitForFinished(240'000) && process.exitStatus() == QProcess::NormalExit && process.exitCode() == 0)
        return true;
    fail(program + u": "_s + process.errorString() + u'\n' + QString::fromUtf8(process.readAll()));
    return false;
}

void DatabaseServer::serve(const QString &program, const QStringList &arguments)
{
    QByteArray output;
    // Somebody else may take the port between the question for a free one and the start.
    for (int attempt = 0; attempt < 5; ++attempt) {
        m_port = freePort();
        QStringList filled = arguments;
        for (QString &argument : filled)
            argument.replace(u"%1"_s, QString::number(m_port));
        prepare(m_server);
        m_server.setStandardInputFile(QProcess::nullDevice());
        m_server.setStandardOutputFile(path("server.log")); // a pipe that nobody reads could fill up
        m_server.start(program, filled);
        QElapsedTimer since;
        since.start();
        output.clear();
        // Both listen before they take users, and say when they do.
        while (m_server.state() != QProcess::NotRunning && since.elapsed() < 120'000) {
            m_server.waitForFinished(50);
            QFile log(path("server.log"));
            output = log.open(QIODevice::ReadOnly) ? log.readAll() : QByteArray();
            if (output.contains("ready to accept connections") || output.contains("ready for connections"))
                return;
        }
        kill();
    }
    fail(program + u" did not start:\n"_s + QString::fromUtf8(output));
}

std::string DatabaseServer::connectionString(const std::string &more, const std::string &with) const
{
    return std::string(m_scheme) + "://owner:" + with + "@127.0.0.1:" + std::to_string(m_port) + "/records" + more;
}

std::unique_ptr<DatabaseServer> startPostgres()
{
    return std::make_unique<Postgres>();
}

std::unique_ptr<DatabaseServer> startMariaDb()
{
    return std::make_unique<MariaDb>();
}

} // namespace cleat::test
