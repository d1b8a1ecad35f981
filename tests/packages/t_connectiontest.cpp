// SPDX-License-Identifier: GPL-3.0-or-later
// The connection test of Hyperdrive bindings against a real PostgreSQL, a real MariaDB, and what is neither.
#include "core/bindings/hyperdrive/connectiontest.h"
#include "tests/packages/databases.h"

#include <QElapsedTimer>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <thread>

using namespace cleat;
using bindings::hyperdrive::ConnectionAnswer;
using test::DatabaseServer;

namespace {

base::Result<ConnectionAnswer> tried(const std::string &text, std::chrono::milliseconds limit = std::chrono::seconds(30), const std::stop_token &stop = {})
{
    const auto database = bindings::hyperdrive::parseConnectionString(text);
    if (!database)
        return std::unexpected(database.error());
    return bindings::hyperdrive::testConnection(*database, limit, stop);
}

std::string codeOf(const std::string &text)
{
    const auto answer = tried(text);
    return answer ? "connected: " + answer->server : answer.error().code;
}

/// Takes connections and says this to each, on a thread of its own.
class Peer
{
public:
    explicit Peer(QByteArray words) : m_words(std::move(words)), m_thread([this](const std::stop_token &stop) { serve(stop); })
    {
        while (m_port == 0)
            std::this_thread::yield();
    }
    std::string port() const { return std::to_string(m_port); }

private:
    void serve(const std::stop_token &stop)
    {
        QTcpServer server;
        if (!server.listen(QHostAddress::LocalHost))
            qFatal("cannot listen");
        m_port = server.serverPort();
        std::vector<std::unique_ptr<QTcpSocket>> kept;
        while (!stop.stop_requested()) {
            if (!server.waitForNewConnection(20))
                continue;
            kept.emplace_back(server.nextPendingConnection())->write(m_words);
            kept.back()->setParent(nullptr);
            kept.back()->waitForBytesWritten(1000);
        }
    }
    const QByteArray m_words;
    std::atomic<int> m_port = 0;
    std::jthread m_thread;
};

} // namespace

class ConnectionTest final : public QObject
{
    Q_OBJECT
    std::unique_ptr<DatabaseServer> m_postgres;
    std::unique_ptr<DatabaseServer> m_mariaDb;

private Q_SLOTS:
    void initTestCase()
    {
        m_postgres = test::startPostgres();
        QVERIFY2(m_postgres->problem().isEmpty(), qPrintable(m_postgres->problem()));
        m_mariaDb = test::startMariaDb();
        QVERIFY2(m_mariaDb->problem().isEmpty(), qPrintable(m_mariaDb->problem()));
    }

    void logsIn_data()
    {
        QTest::addColumn<bool>("mysql");
        QTest::addColumn<QByteArray>("more");
        QTest::addColumn<bool>("encrypted");
        QTest::newRow("postgres") << false << QByteArray() << false;
        QTest::newRow("postgres, prefer") << false << QByteArray("?sslmode=prefer") << true;
        QTest::newRow("postgres, require") << false << QByteArray("?sslmode=require") << true;
        QTest::newRow("postgres, verify-ca") << false << QByteArray("?sslmode=verify-ca&sslrootcert=CERTIFICATE") << true;
        QTest::newRow("postgres, verify-full") << false << QByteArray("?sslmode=verify-full&sslrootcert=CERTIFICATE") << true;
        QTest::newRow("mariadb") << true << QByteArray() << false;
        QTest::newRow("mariadb, preferred") << true << QByteArray("?ssl-mode=preferred") << true;
        QTest::newRow("mariadb, required") << true << QByteArray("?ssl-mode=REQUIRED") << true;
        QTest::newRow("mariadb, verify_ca") << true << QByteArray("?ssl-mode=verify_ca&sslrootcert=CERTIFICATE") << true;
        QTest::newRow("mariadb, verify_identity") << true << QByteArray("?ssl-mode=verify_identity&sslrootcert=CERTIFICATE") << true;
    }

    void logsIn()
    {
        QFETCH(bool, mysql);
        QFETCH(QByteArray, more);
        QFETCH(bool, encrypted);
        const DatabaseServer &server = mysql ? *m_mariaDb : *m_postgres;
        more.replace("CERTIFICATE", QByteArray::fromStdString(server.certificate()));
        const auto answer = tried(server.connectionString(more.toStdString()));
        QVERIFY2(answer, answer ? "" : answer.error().message.c_str());
        QVERIFY2(answer->server.starts_with(mysql ? "MariaDB 1" : "PostgreSQL 1"), answer->server.c_str());
        QCOMPARE(answer->tls.starts_with("TLSv1."), encrypted);
    }

    void tellsWhyNot()
    {
        for (const DatabaseServer *server : {m_postgres.get(), m_mariaDb.get()}) {
            const std::string good = server->connectionString();
            const bool mysql = good.starts_with("mysql");
            QCOMPARE(codeOf(server->connectionString({}, "wrong")), std::string("hyperdrive.password"));
            std::string other = good;
            other.replace(other.rfind("/records"), 8, "/nowhere");
            QCOMPARE(codeOf(other), std::string("hyperdrive.database"));
            QCOMPARE(codeOf(server->connectionString(mysql ? "?ssl-mode=verify_identity" : "?sslmode=verify-full")), std::string("hyperdrive.tls"));
            QCOMPARE(codeOf(server->connectionString((mysql ? "?ssl-mode=verify_ca" : "?sslmode=verify-ca") + std::string("&sslrootcert=/nowhere.pem"))), std::string("hyperdrive.tls"));
            std::string nobody = good;
            nobody.replace(nobody.find("owner"), 5, "nobody");
            QCOMPARE(codeOf(nobody), std::string("hyperdrive.password"));
        }
        int port = 0;
        {
            QTcpServer closed;
            QVERIFY(closed.listen(QHostAddress::LocalHost));
            port = closed.serverPort();
        }
        QCOMPARE(codeOf("postgres://a:b@127.0.0.1:" + std::to_string(port) + "/d"), std::string("hyperdrive.refused"));
        QCOMPARE(codeOf("mysql://a:b@no-such-host.invalid/d"), std::string("hyperdrive.host"));
        QCOMPARE(codeOf("mongodb://a:b@127.0.0.1/d"), std::string("hyperdrive.connection-string"));
    }

    void noDatabaseAtAll()
    {
        const Peer web("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
        QCOMPARE(codeOf("postgres://a:b@127.0.0.1:" + web.port() + "/d"), std::string("hyperdrive.protocol"));
        QCOMPARE(codeOf("postgres://a:b@127.0.0.1:" + web.port() + "/d?sslmode=require"), std::string("hyperdrive.protocol"));
        QCOMPARE(codeOf("mysql://a:b@127.0.0.1:" + web.port() + "/d"), std::string("hyperdrive.protocol"));
        const Peer old("N"); // PostgreSQL without TLS
        QCOMPARE(codeOf("postgres://a:b@127.0.0.1:" + old.port() + "/d?sslmode=require"), std::string("hyperdrive.tls"));
        const Peer full(QByteArray("E\0\0\0\x1eSFATAL\0C53300\0Mtoo many\0\0", 31));
        const auto answer = tried("postgres://a:b@127.0.0.1:" + full.port() + "/d");
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, std::string("hyperdrive.server"));
        QVERIFY2(answer.error().message.contains("too many"), answer.error().message.c_str());
    }

    /// Who never answers is given up, by the clock or by hand.
    void silence()
    {
        const Peer silent("");
        for (const char *scheme : {"postgres", "mysql"}) {
            const std::string text = std::string(scheme) + "://a:b@127.0.0.1:" + silent.port() + "/d";
            const auto late = tried(text, std::chrono::milliseconds(200));
            QVERIFY(!late);
            QCOMPARE(late.error().code, std::string("hyperdrive.time"));
            std::stop_source stop;
            base::Result<ConnectionAnswer> answer;
            std::thread waiting([&] { answer = tried(text, std::chrono::hours(1), stop.get_token()); });
            stop.request_stop();
            waiting.join();
            QVERIFY(!answer);
            QCOMPARE(answer.error().code, std::string("hyperdrive.cancelled"));
        }
    }
};

QTEST_GUILESS_MAIN(ConnectionTest)
#include "t_connectiontest.moc"
