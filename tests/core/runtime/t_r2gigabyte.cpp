// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCryptographicHash>
#include <QDeadlineTimer>
#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <thread>

using namespace Qt::StringLiterals;

namespace {

constexpr const char *code = R"(export async function onRequest({ env, request, params }) {
  const key = params.key;
  if (request.method === "PUT") return Response.json(await env.FILES.put(key, request.body));
  if (request.method === "POST") { // a stream of pieces that the Worker makes itself
    const size = Number(await request.text());
    const { readable, writable } = new FixedLengthStream(size);
    const stored = env.FILES.put(key, readable);
    const writer = writable.getWriter();
    const piece = new Uint8Array(1 << 20);
    for (let sent = 0; sent < size; sent += piece.byteLength) {
      piece.fill((sent >> 20) & 255);
      await writer.write(piece.slice());
      if (((sent >> 20) & 7) === 7) await new Promise((resolve) => setTimeout(resolve, 0)); // the limit is on what runs without a pause
    }
    await writer.close();
    return Response.json(await stored);
  }
  return new Response((await env.FILES.get(key)).body);
}
)";

/// One request over a blocking socket, because neither body may be in memory whole.
class Exchange final
{
public:
    explicit Exchange(int port)
    {
        m_fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<quint16>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const timeval patience{120, 0};
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(m_fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (::connect(m_fd, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            qFatal("could not connect");
    }
    ~Exchange() { ::close(m_fd); }
    Exchange(const Exchange &) = delete;
    Exchange &operator=(const Exchange &) = delete;

    bool send(const QByteArray &bytes)
    {
        for (qsizetype at = 0; at < bytes.size();) {
            const ssize_t n = ::send(m_fd, bytes.constData() + at, static_cast<std::size_t>(bytes.size() - at), MSG_NOSIGNAL);
            if (n <= 0)
                return false;
            at += n;
        }
        return true;
    }
    /// The head, with the status line; `body` gets what came behind it.
    QByteArray head(QByteArray &body)
    {
        QByteArray all;
        while (!all.contains("\r\n\r\n")) {
            const QByteArray more = receive();
            if (more.isEmpty())
                return all;
            all += more;
        }
        const qsizetype end = all.indexOf("\r\n\r\n") + 4;
        body = all.mid(end);
        return all.left(end);
    }
    /// Empty at the end.
    QByteArray receive()
    {
        QByteArray bytes(1 << 18, Qt::Uninitialized);
        const ssize_t n = ::recv(m_fd, bytes.data(), static_cast<std::size_t>(bytes.size()), 0);
        bytes.truncate(std::max<ssize_t>(n, 0));
        return bytes;
    }

private:
    int m_fd = -1;
};

} // namespace

/// An object of a GiB (CLEAT_MEBIBYTES says of how much else) goes into R2 and out of it through a Worker of a real `cleat dev`, in constant memory. The
/// Worker makes it: the listener takes no request of more than 100 MiB, as Pages does not.
class R2GigabyteTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_mebibytes = qEnvironmentVariable("CLEAT_MEBIBYTES", u"1024"_s).toLongLong();
        m_dir = std::make_unique<QTemporaryDir>(QStringLiteral(CLEAT_BINARY_DIR "/r2gigabyte-XXXXXX")); // the disk, not a tmpfs: that would be memory
        QVERIFY(m_dir->isValid());
        QVERIFY(QDir(m_dir->path()).mkpath(u"functions"_s) && QDir(m_dir->path()).mkpath(u"public"_s));
        for (const auto &[name, text] : {std::pair(u"functions/[key].js"_s, QByteArray(code)),
                 std::pair(u"wrangler.toml"_s, QByteArray("name = \"x\"\npages_build_output_dir = \"public\"\n[[r2_buckets]]\nbinding = \"FILES\"\nbucket_name = \"files\"\n"))}) {
            QFile file(m_dir->filePath(name));
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
        }
        m_dev.setProcessChannelMode(QProcess::MergedChannels);
        m_dev.setWorkingDirectory(m_dir->path());
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const char *name : {"HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"})
            environment.insert(QString::fromLatin1(name), m_dir->filePath(u"home"_s));
        m_dev.setProcessEnvironment(environment);
        m_dev.start(QStringLiteral(CLEAT_BINARY_DIR "/cleat"), {u"dev"_s, u"--ip"_s, u"127.0.0.1"_s, u"--port"_s, u"0"_s, u"--cpu-ms"_s, u"500000"_s}); // what writes and hashes take counts as time of the code
        QVERIFY(m_dev.waitForStarted());
        static const QRegularExpression ready(u"Ready on http://[^:]+:(\\d+)"_s);
        QByteArray out;
        for (QDeadlineTimer deadline(60'000); m_port == 0 && !deadline.hasExpired() && m_dev.state() == QProcess::Running;) {
            m_dev.waitForReadyRead(100);
            out += m_dev.readAll();
            m_port = ready.match(QString::fromUtf8(out)).captured(1).toInt();
        }
        QVERIFY2(m_port != 0, out);
        small(u"warm"_s); // the first request compiles code
        m_start = kibibytes("VmRSS:");
        QVERIFY(m_start > 0);
    }

    void cleanupTestCase()
    {
        m_dev.terminate();
        if (!m_dev.waitForFinished(10'000)) {
            m_dev.kill();
            m_dev.waitForFinished(10'000);
        }
        m_dir.reset();
    }

    void pieces()
    {
        QElapsedTimer timer;
        timer.start();
        Exchange exchange(m_port);
        const QByteArray size = QByteArray::number(m_mebibytes << 20);
        QVERIFY(exchange.send("POST /pieces HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " + QByteArray::number(size.size()) + "\r\n\r\n" + size));
        QByteArray answer;
        const QByteArray head = exchange.head(answer);
        QVERIFY2(head.startsWith("HTTP/1.1 200"), head + answer);
        QCryptographicHash sha(QCryptographicHash::Sha256);
        for (qint64 i = 0; i < m_mebibytes; ++i)
            sha.addData(QByteArray(1 << 20, static_cast<char>(i & 255)));
        grown("in, from a stream of pieces", timer);
        out(u"/pieces"_s, sha.result());
    }

private:
    void small(const QString &key)
    {
        Exchange exchange(m_port);
        QVERIFY(exchange.send("PUT /" + key.toUtf8() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 4\r\n\r\nwarm"));
        QByteArray answer;
        const QByteArray head = exchange.head(answer);
        QVERIFY2(head.startsWith("HTTP/1.1 200"), head + answer);
    }

    void out(const QString &path, const QByteArray &sum)
    {
        QElapsedTimer timer;
        timer.start();
        Exchange exchange(m_port);
        QVERIFY(exchange.send("GET " + path.toUtf8() + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"));
        QByteArray bytes;
        const QByteArray head = exchange.head(bytes);
        QVERIFY2(head.startsWith("HTTP/1.1 200"), head);
        QVERIFY2(head.toLower().contains("content-length: " + QByteArray::number(m_mebibytes << 20)), head);
        QCryptographicHash sha(QCryptographicHash::Sha256);
        qint64 length = 0;
        if (bytes.isEmpty())
            bytes = exchange.receive(); // the head may come alone
        for (; !bytes.isEmpty(); bytes = exchange.receive()) {
            sha.addData(bytes);
            length += bytes.size();
        }
        QCOMPARE(length, m_mebibytes << 20);
        QCOMPARE(sha.result().toHex(), sum.toHex());
        grown("out", timer);
    }

    void grown(const char *what, const QElapsedTimer &timer)
    {
        const qint64 mib = (kibibytes("VmHWM:") - m_start) / 1024;
        qInfo("%s: %lld s, the program grew by %lld MiB at most", what, static_cast<long long>(timer.elapsed() / 1000), static_cast<long long>(mib));
        QVERIFY(mib < 200);
    }

    qint64 kibibytes(const char *field)
    {
        QFile file(u"/proc/%1/status"_s.arg(m_dev.processId()));
        if (!file.open(QIODevice::ReadOnly))
            return -1;
        for (const QByteArray &line : file.readAll().split('\n')) {
            if (line.startsWith(field))
                return line.mid(qstrlen(field) + 1).trimmed().split(' ').first().toLongLong();
        }
        return -1;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    QProcess m_dev;
    int m_port = 0;
    qint64 m_mebibytes = 0;
    qint64 m_start = 0; ///< KiB
};

QTEST_GUILESS_MAIN(R2GigabyteTest)
#include "t_r2gigabyte.moc"
