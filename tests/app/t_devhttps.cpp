// SPDX-License-Identifier: GPL-3.0-or-later
// `cleat dev --local-protocol https`, with a client that checks certificates.
#include "core/server/selfsigned.h"
#include "tests/app/devprocess.h"
#include "tests/core/session/client.h"
#include "tests/core/session/project.h"

#include <QFile>
#include <QFileInfo>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpServer>

#include <filesystem>
#include <memory>
#include <vector>

using namespace cleat::tests;

namespace {

/// One connection over TLS, blocking.
class TlsClient final
{
public:
    TlsClient(int port, const QString &certificate, const QString &name = QStringLiteral("localhost"))
    {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates(QSslCertificate::fromPath(certificate));
        configuration.setAllowedNextProtocols({"h2", "http/1.1"});
        m_socket.setSslConfiguration(configuration);
        m_socket.setPeerVerifyName(name);
        m_socket.connectToHostEncrypted(QStringLiteral("127.0.0.1"), static_cast<quint16>(port));
        m_encrypted = m_socket.waitForEncrypted(Dev::patience);
    }

    bool encrypted() const { return m_encrypted; }
    QString error() const { return m_socket.errorString(); }
    QSslSocket &socket() { return m_socket; }

    void send(const QByteArray &bytes)
    {
        m_socket.write(bytes);
        m_socket.flush();
    }
    bool receive(qsizetype size)
    {
        while (m_in.size() < size) {
            if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(Dev::patience))
                return false;
            m_in += m_socket.readAll();
        }
        return true;
    }
    /// Until `words` are among what has come and was not taken.
    bool receiveUntil(const QByteArray &words)
    {
        while (!m_in.contains(words)) {
            if (m_socket.bytesAvailable() == 0 && !m_socket.waitForReadyRead(Dev::patience))
                return false;
            m_in += m_socket.readAll();
        }
        return true;
    }
    /// A response with Content-Length, head and body.
    QByteArray response(bool withBody = true)
    {
        if (!receiveUntil("\r\n\r\n"))
            return "(none)";
        const qsizetype head = m_in.indexOf("\r\n\r\n") + 4;
        static const QRegularExpression length(QStringLiteral("content-length: (\\d+)"), QRegularExpression::CaseInsensitiveOption);
        const qsizetype size = withBody ? length.match(QString::fromLatin1(m_in.left(head))).captured(1).toLongLong() : 0;
        if (!receive(head + size))
            return "(cut)";
        const QByteArray whole = m_in.left(head + size);
        m_in.remove(0, head + size);
        return whole;
    }
    QByteArray get(const QByteArray &target)
    {
        send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
        const QByteArray whole = response();
        return whole.mid(whole.indexOf("\r\n\r\n") + 4);
    }
    const QByteArray &in() const { return m_in; }

private:
    QSslSocket m_socket;
    bool m_encrypted = false;
    QByteArray m_in;
};

QStringList flags(const char *line)
{
    return QString::fromUtf8(line).split(u' ', Qt::SkipEmptyParts);
}

QByteArray fileText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class DevHttpsTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<Project> m_project;
    QMap<QString, QString> m_variables;

    QString kept() const { return QString::fromStdString(m_project->path("data/cleat/https.pem").string()); }
    std::unique_ptr<Dev> start(const QStringList &more = {}) const
    {
        return std::make_unique<Dev>(*m_project, flags("--port 0 --local-protocol https") + more, m_variables);
    }

private Q_SLOTS:
    void init()
    {
        m_project = std::make_unique<Project>();
        m_variables = {{QStringLiteral("XDG_DATA_HOME"), QString::fromStdString(m_project->path("data").string())}};
        m_project->write("public/index.html", "hello");
        m_project->write("wrangler.toml", "name = \"my-site\"\npages_build_output_dir = \"public\"\n");
        m_project->write("functions/url.js", "export const onRequest = ({ request }) => new Response(request.url);\n");
        m_project->write("functions/size.js",
            "export const onRequest = async ({ request }) => { let n = 0; for await (const piece of request.body) n += piece.length; return new Response(String(n)); };\n");
        m_project->write("functions/stream.js",
            "export const onRequest = () => { let n = 0; return new Response(new ReadableStream({ pull(c) { if (n++ === 320) c.close(); else c.enqueue(new Uint8Array(65536).fill(97)); } })); };\n");
    }

    void serves()
    {
        const auto dev = start();
        const int port = dev->ready();
        QVERIFY2(port > 0, dev->err().constData());
        QVERIFY(dev->out().contains("Ready on https://localhost:"));
        TlsClient client(port, kept());
        QVERIFY2(client.encrypted(), qPrintable(client.error()));
        QVERIFY(client.socket().sessionProtocol() >= QSsl::TlsV1_2);
        QCOMPARE(client.socket().sslConfiguration().nextNegotiatedProtocol(), QByteArray("http/1.1"));
        // Everything on one connection.
        QCOMPARE(client.get("/url?a=1"), QByteArray("https://localhost/url?a=1"));
        QCOMPARE(client.get("/"), QByteArray("hello"));
        client.send("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.response(false).startsWith("HTTP/1.1 200"));
        client.send("GET /url?1 HTTP/1.1\r\nHost: a.localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /url?2 HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.response().endsWith("https://a.localhost/url?1"));
        QVERIFY(client.response().endsWith("hello"));
        QVERIFY(client.response().endsWith("https://localhost/url?2"));
        for (const char c : QByteArray("GET /url HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) // a record for each byte
            client.send(QByteArray(1, c));
        QVERIFY(client.response().endsWith("https://localhost/url"));
        QVERIFY(client.socket().state() == QAbstractSocket::UnconnectedState || client.socket().waitForDisconnected(Dev::patience));
        QVERIFY(dev->prints("GET /url?a=1 200"));
    }

    void bigBodies()
    {
        const auto dev = start();
        const int port = dev->ready();
        QVERIFY2(port > 0, dev->err().constData());
        TlsClient client(port, kept());
        QVERIFY2(client.encrypted(), qPrintable(client.error()));
        constexpr int size = 24 << 20;
        client.send("POST /size HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + QByteArray::number(size) + "\r\n\r\n" + QByteArray(size, 'x'));
        QVERIFY(client.response().endsWith("\r\n\r\n" + QByteArray::number(size)));
        client.send("POST /size HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int i = 0; i < 100; ++i)
            client.send("3e8\r\n" + QByteArray(1000, 'x') + "\r\n");
        client.send("0\r\n\r\n");
        QVERIFY(client.response().endsWith("\r\n\r\n100000"));
        // A reader that is slow at first: 20 MiB in pieces.
        client.send("GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
        QVERIFY(client.receiveUntil("\r\n\r\n"));
        QTest::qWait(200);
        QVERIFY(client.receiveUntil("\r\n0\r\n\r\n"));
        QCOMPARE(client.in().count('a') >= 320 * 65536, true);
    }

    void slowUpload()
    {
        // A body that code does not read at once: the connection waits with what has come, and goes on.
        m_project->write("functions/late.js",
            "export const onRequest = async ({ request }) => { await new Promise((done) => setTimeout(done, 300)); return new Response(String((await request.arrayBuffer()).byteLength)); };\n");
        const auto dev = start();
        const int port = dev->ready();
        QVERIFY2(port > 0, dev->err().constData());
        TlsClient client(port, kept());
        QVERIFY2(client.encrypted(), qPrintable(client.error()));
        constexpr int size = 8 << 20;
        client.send("POST /late HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + QByteArray::number(size) + "\r\n\r\n" + QByteArray(size, 'x'));
        QVERIFY(client.response().endsWith("\r\n\r\n" + QByteArray::number(size)));
    }

    void certificateIsKept()
    {
        QByteArray first;
        {
            const auto dev = start();
            QVERIFY2(dev->ready() > 0, dev->err().constData());
            QVERIFY(dev->prints("A certificate for HTTPS was made: " + kept().toUtf8()));
            first = fileText(kept());
            QCOMPARE(QFileInfo(kept()).permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
            const auto certificate = QSslCertificate::fromPath(kept()).value(0);
            const auto names = certificate.subjectAlternativeNames();
            QCOMPARE(names.values(QSsl::DnsEntry), QStringList{QStringLiteral("localhost")});
            QVERIFY(names.values(QSsl::IpAddressEntry).contains(QStringLiteral("127.0.0.1")));
            QCOMPARE(certificate.issuerInfo(QSslCertificate::CommonName), certificate.subjectInfo(QSslCertificate::CommonName));
            QVERIFY(certificate.expiryDate() < QDateTime::currentDateTime().addDays(398));
        }
        {
            const auto dev = start();
            QVERIFY(dev->ready() > 0);
            QVERIFY(!dev->out().contains("was made"));
            QCOMPARE(fileText(kept()), first);
        }
        {
            const auto dev = start(flags("--ip 127.0.0.1 --allowed-host my.test")); // a name that it lacks
            const int port = dev->ready();
            QVERIFY(port > 0);
            QVERIFY(fileText(kept()) != first);
            QVERIFY(TlsClient(port, kept(), QStringLiteral("my.test")).encrypted());
            first = fileText(kept());
        }
        for (const QByteArray &broken : {QByteArray("no certificate"), first.left(first.size() / 2), QByteArray::fromStdString(cleat::server::makeSelfSigned({"localhost", "127.0.0.1", "::1"}, 5).value_or(""))}) {
            m_project->write("data/cleat/https.pem", broken.toStdString());
            const auto dev = start();
            const int port = dev->ready();
            QVERIFY2(port > 0, dev->err().constData());
            QVERIFY(TlsClient(port, kept()).encrypted());
        }
    }

    void httpOnTheHttpsPort()
    {
        const auto dev = start();
        const int port = dev->ready();
        QVERIFY2(port > 0, dev->err().constData());
        const Reply reply = request(port, "GET", "/some/page", "Host: localhost:1234\r\n");
        QCOMPARE(reply.status, 400);
        QVERIFY2(QByteArray::fromStdString(reply.body).startsWith("This server speaks HTTPS: open https://"), reply.body.c_str());
        QVERIFY(reply.body.find("/some/page") != std::string::npos);
        for (const char *odd : {"\r\n\r\n", "x", "\x80\x2e\x01", "\x16\x03\x01\x02\x00\x01", "\x16garbage garbage garbage", "GET / HTTP/1.1\r\nHost: \x1b[31m\r\n\r\n"}) {
            Client client(port);
            client.send(odd);
            client.receiveSome(200, "\r\n\r\n");
        }
        for (int i = 0; i < 50; ++i) {
            Client gone(port); // in the middle of the handshake
            gone.send("\x16\x03\x01");
            gone.abort();
        }
        Client silent(port);
        QCOMPARE(TlsClient(port, kept()).get("/"), QByteArray("hello"));
        dev->signal(SIGTERM);
        QCOMPARE(dev->status(), 0);
    }

    void httpsOnTheHttpPort()
    {
        Dev dev(*m_project, flags("--port 0"), m_variables);
        const int port = dev.ready();
        QVERIFY(port > 0);
        QVERIFY(!QFile::exists(kept()));
        QVERIFY(!TlsClient(port, kept()).encrypted());
        QVERIFY(dev.prints("This looks like the start of a TLS connection"));
        QCOMPARE(get(port, "/").body, std::string("hello"));
    }

    void fromTheFile()
    {
        m_project->write("wrangler.toml", "name = \"my-site\"\npages_build_output_dir = \"public\"\n[dev]\nlocal_protocol = \"https\"\n");
        Dev dev(*m_project, flags("--port 0"), m_variables);
        const int port = dev.ready();
        QVERIFY(port > 0);
        QCOMPARE(TlsClient(port, kept()).get("/"), QByteArray("hello"));
    }

    void ownCertificate()
    {
        m_project->write("own.pem", cleat::server::makeSelfSigned({"localhost", "127.0.0.1"}, 30).value());
        const auto dev = start(flags("--https-key-path own.pem --https-cert-path own.pem"));
        const int port = dev->ready();
        QVERIFY2(port > 0, dev->err().constData());
        QVERIFY(!QFile::exists(kept()));
        QCOMPARE(TlsClient(port, QString::fromStdString(m_project->path("own.pem").string())).get("/"), QByteArray("hello"));
    }

    void wrongCertificates_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("certificate");
        QTest::addColumn<QByteArray>("said");
        const QByteArray good = QByteArray::fromStdString(cleat::server::makeSelfSigned({"localhost"}, 30).value());
        const QByteArray other = QByteArray::fromStdString(cleat::server::makeSelfSigned({"localhost"}, 30).value());
        const QByteArray old = QByteArray::fromStdString(cleat::server::makeSelfSigned({"localhost"}, -1).value());
        const qsizetype middle = good.indexOf("-----BEGIN CERTIFICATE");
        const QByteArray key = good.left(middle);
        const QByteArray certificate = good.mid(middle);
        QTest::newRow("of another key") << key << other << QByteArray("does not belong to the private key");
        QTest::newRow("out of date") << old << old << QByteArray("is out of date: it was valid until 20");
        QTest::newRow("the wrong way round") << certificate << key << QByteArray("wrong way round");
        QTest::newRow("no certificate") << key << key << QByteArray("wrong way round");
        QTest::newRow("no key") << QByteArray("nonsense\n") << certificate << QByteArray("There is no private key in PEM form");
        QTest::newRow("empty") << key << QByteArray() << QByteArray("There is no certificate in PEM form");
        QTest::newRow("cut") << key << certificate.left(200) << QByteArray("There is no certificate in PEM form");
        QTest::newRow("with a passphrase") << QByteArray("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                                                         "MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAiVCq1h1sZ3ggICCAAw\nDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEK2q1vB8qB0e1g7kQ8c2bWkEgZCU\n"
                                                         "-----END ENCRYPTED PRIVATE KEY-----\n")
                                           << certificate << QByteArray("own-key.pem");
        QTest::newRow("missing") << QByteArray("(missing)") << certificate << QByteArray("own-key.pem");
    }
    void wrongCertificates()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, certificate);
        QFETCH(QByteArray, said);
        if (key != "(missing)")
            m_project->write("own-key.pem", key.toStdString());
        m_project->write("own-cert.pem", certificate.toStdString());
        const auto dev = start(flags("--https-key-path own-key.pem --https-cert-path own-cert.pem"));
        QCOMPARE(dev->status(), 1);
        QVERIFY2(dev->err().contains(said), dev->err().constData());
        QVERIFY(!dev->out().contains("Ready on"));
    }
};

QTEST_GUILESS_MAIN(DevHttpsTest)
#include "t_devhttps.moc"
