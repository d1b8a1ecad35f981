// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/copyas.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using events::RequestRecord;

namespace {

/// Keeps the bytes of the last request, and answers it.
class Echo final : public QTcpServer
{
public:
    Echo()
    {
        if (!listen(QHostAddress::LocalHost))
            qFatal("No port.");
        connect(this, &QTcpServer::newConnection, this, [this] {
            QTcpSocket *const socket = nextPendingConnection();
            received.clear();
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] {
                received += socket->readAll();
                const auto end = received.indexOf("\r\n\r\n");
                if (end < 0)
                    return;
                const auto length = field("content-length");
                if (received.size() >= end + 4 + length.toLongLong()) {
                    socket->write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                    socket->disconnectFromHost();
                }
            });
        });
    }
    QByteArray line() const { return received.left(received.indexOf("\r\n")); }
    QByteArray body() const { return received.mid(received.indexOf("\r\n\r\n") + 4); }
    QByteArray field(const QByteArray &name) const
    {
        for (const QByteArray &one : received.left(received.indexOf("\r\n\r\n")).split('\n'))
            if (one.toLower().startsWith(name + ":"))
                return one.mid(name.size() + 1).trimmed();
        return {};
    }
    QByteArray received;
    std::string base() const { return "http://127.0.0.1:" + std::to_string(serverPort()); }
};

RequestRecord record(std::string method, std::string target, std::string head, std::string body)
{
    RequestRecord r;
    r.request.method = std::move(method);
    r.request.target = std::move(target);
    r.request.requestBytes = body.size();
    r.content.requestHead = std::move(head);
    r.content.requestBody = std::move(body);
    return r;
}

std::string everyByte()
{
    std::string bytes;
    for (int i = 0; i < 256; ++i)
        bytes += static_cast<char>(i);
    return bytes;
}

} // namespace

class TestCopyAs final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void programsSendTheSame_data()
    {
        QTest::addColumn<QString>("program");
        QTest::addColumn<QByteArray>("body");
        for (const char *program : {"curl", "wget", "node"}) {
            const auto row = [program](
                                 const char *name, const QByteArray &body) { QTest::addRow("%s, %s", program, name) << QString::fromLatin1(program) << body; };
            row("quotes", "'\"$HOME`id`\\n%s%d !x\n'\\''\xe2\x80\xa8\xc3\xa4");
            row("at", "@/etc/passwd");
            row("every byte", QByteArray::fromStdString(everyByte()));
            row("carriage returns", "a\r\nb\r\n\r\n");
            row("long text", QByteArray("long 'text' %\n").repeated(20'000));
            row("empty", "");
        }
    }
    void programsSendTheSame()
    {
        QFETCH(const QString, program);
        QFETCH(const QByteArray, body);
        QVERIFY2(!QStandardPaths::findExecutable(program).isEmpty(), qPrintable(program + u" is not installed"_s));
        Echo echo;
        const std::string nastyValue = "it's \"$(id)\" `x` \\ %41 !\t;&|";
        const RequestRecord r = record("PUT", "/a%20b/it's?x=$y&z=%00(1)~",
            "Host: 127.0.0.1:" + std::to_string(echo.serverPort()) + "\r\nContent-Type: text/x\r\nX-Nasty: " + nastyValue
                + "\r\nX-Latin: \xe4\r\nConnection: X-Hop\r\nX-Hop: 1\r\nContent-Length: 99999\r\nAuthorization: Bearer geheim\r\nUser-Agent: Own/1\r\n",
            body.toStdString());
        const events::CopyTarget target{echo.base(), events::Masks::Lifted};
        const std::string script = program == "curl"_L1 ? asCurl(r, target) : program == "wget"_L1 ? asWget(r, target) : asFetch(r, target);
        QProcess process;
        process.start(program == "node"_L1 ? u"node"_s : u"/bin/sh"_s, program == "node"_L1 ? QStringList{u"--input-type=module"_s, u"-"_s} : QStringList{});
        process.write(QByteArray::fromStdString(script + "\n"));
        process.closeWriteChannel();
        QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 30'000);
        const QByteArray said = process.readAllStandardError() + QByteArray::fromStdString(script).left(2000);
        QVERIFY2(process.exitCode() == 0, said);
        QVERIFY2(echo.line() == "PUT /a%20b/it's?x=$y&z=%00(1)~ HTTP/1.1", echo.line());
        QVERIFY2(echo.body() == body, said);
        QCOMPARE(echo.field("x-nasty"), QByteArray::fromStdString(nastyValue));
        QCOMPARE(echo.field("x-latin"), QByteArray("\xe4"));
        QCOMPARE(echo.field("content-type"), QByteArray("text/x"));
        QCOMPARE(echo.field("authorization"), QByteArray("Bearer geheim"));
        QCOMPARE(echo.field("user-agent"), QByteArray("Own/1"));
        QCOMPARE(echo.field("content-length"), QByteArray::number(body.size()));
        QVERIFY(!echo.received.contains("X-Hop"));
    }

    void curlSendsTheTargetAsItIs_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::newRow("dots") << QByteArray("GET") << QByteArray("/a/../b/./c");
        QTest::newRow("ranges") << QByteArray("GET") << QByteArray("/[1-3]{a,b}");
        QTest::newRow("star") << QByteArray("OPTIONS") << QByteArray("*");
        QTest::newRow("number sign") << QByteArray("GET") << QByteArray("/a#b");
        QTest::newRow("absolute") << QByteArray("GET") << QByteArray("http://other.example/x");
        QTest::newRow("bytes") << QByteArray("GET") << QByteArray("/\xff\xc3\xa4");
        QTest::newRow("slashes") << QByteArray("GET") << QByteArray("//x//y?");
        QTest::newRow("head") << QByteArray("HEAD") << QByteArray("/");
        QTest::newRow("small letters") << QByteArray("pAtch") << QByteArray("/");
    }
    void curlSendsTheTargetAsItIs()
    {
        QFETCH(const QByteArray, method);
        QFETCH(const QByteArray, path);
        Echo echo;
        QProcess process;
        process.start(u"/bin/sh"_s, {});
        process.write(
            QByteArray::fromStdString(asCurl(record(method.toStdString(), path.toStdString(), "X-Empty: \r\n", {}), {echo.base(), events::Masks::Kept}))
            + "\n");
        process.closeWriteChannel();
        QTRY_COMPARE_WITH_TIMEOUT(process.state(), QProcess::NotRunning, 30'000);
        QVERIFY2(process.exitCode() == 0, process.readAllStandardError());
        QCOMPARE(echo.line(), method + ' ' + path + " HTTP/1.1");
        QVERIFY(echo.received.contains("\r\nX-Empty:\r\n"));
        QVERIFY(!echo.received.contains("User-Agent") && !echo.received.contains("Accept"));
    }

    void masksAndRemarks()
    {
        RequestRecord r = record("POST", "/", "Cookie: a=geheim\r\nCF-Access-Client-Secret: geheim\r\n", "abc");
        r.request.requestBytes = 5'000'000;
        for (const auto copy : {&events::asCurl, &events::asWget, &events::asFetch}) {
            const std::string text = copy(r, {"http://localhost:8788/", events::Masks::Kept});
            QVERIFY2(!text.contains("geheim") && text.contains("[masked]"), text.c_str());
            QVERIFY2(text.contains("Only the first 3 of 5000000 bytes"), text.c_str());
        }
    }
};

QTEST_GUILESS_MAIN(TestCopyAs)
#include "t_copyas.moc"
