// SPDX-License-Identifier: GPL-3.0-or-later
// The window with the Requests pane open under steady load: 2,000 requests a second, half of them with bodies that stream, each seen by the recording. CLEAT_SOAK_SECONDS says
// for how long (6 when it is not set; 600 for ten minutes); from a minute on the memory has to stay flat.
#include "core/session/recorder.h"
#include "tests/ui/windowbench.h"

#include <QElapsedTimer>
#include <QSettings>
#include <QTimer>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fstream>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

using namespace cleat;
using namespace Qt::StringLiterals;
using tests::WindowBench;

namespace {

constexpr int clients = 8;
constexpr int perSecond = 2'000;

/// One kept-alive connection that asks and reads whole answers.
class Client
{
public:
    explicit Client(int port) : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(port));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        const int on = 1;
        ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        m_connected = ::connect(m_socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0;
    }
    ~Client() { ::close(m_socket); }
    Client(const Client &) = delete;
    Client &operator=(const Client &) = delete;

    /// The status; 0 when the connection failed.
    int ask(std::string_view request, std::string &body)
    {
        if (!m_connected || !send(request))
            return 0;
        std::size_t head = 0;
        while ((head = m_in.find("\r\n\r\n")) == std::string::npos) {
            if (!receive())
                return 0;
        }
        const std::string fields = m_in.substr(0, head + 2);
        m_in.erase(0, head + 4);
        body.clear();
        if (const auto at = fields.find("\r\nContent-Length: "); at != std::string::npos) {
            const std::size_t length = std::stoul(fields.substr(at + 18));
            while (m_in.size() < length) {
                if (!receive())
                    return 0;
            }
            body = m_in.substr(0, length);
            m_in.erase(0, length);
        } else if (!chunks(body)) {
            return 0;
        }
        return std::stoi(fields.substr(9, 3));
    }

private:
    bool send(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            const ssize_t sent = ::send(m_socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    bool receive()
    {
        char piece[16384];
        const ssize_t got = ::recv(m_socket, piece, sizeof piece, 0);
        if (got <= 0)
            return false;
        m_in.append(piece, static_cast<std::size_t>(got));
        return true;
    }
    bool chunks(std::string &body)
    {
        while (true) {
            std::size_t end = 0;
            while ((end = m_in.find("\r\n")) == std::string::npos) {
                if (!receive())
                    return false;
            }
            const std::size_t size = std::stoul(m_in.substr(0, end), nullptr, 16);
            while (m_in.size() < end + 2 + size + 2) {
                if (!receive())
                    return false;
            }
            body.append(m_in, end + 2, size);
            m_in.erase(0, end + 2 + size + 2);
            if (size == 0)
                return true;
        }
    }

    const int m_socket;
    bool m_connected = false;
    std::string m_in;
};

struct Kind {
    std::string_view request;
    std::string_view answer;
};

const std::vector<Kind> &kinds()
{
    static const std::string upload(700, 'u');
    static const std::string echo = "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n2bc\r\n" + upload + "\r\n2bc\r\n" + upload
        + "\r\n0\r\n\r\n";
    static const std::string echoed = upload + upload;
    static const std::vector<Kind> all = {
        {"GET /plain HTTP/1.1\r\nHost: localhost\r\n\r\n", "plain"},
        {"GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n", "one two three "},
        {"GET /count HTTP/1.1\r\nHost: localhost\r\n\r\n", "counted"},
        {echo, echoed},
    };
    return all;
}

struct Tally {
    std::atomic<std::uint64_t> good{0};
    std::atomic<std::uint64_t> bad{0};
};

void drive(int port, int nth, std::chrono::steady_clock::time_point until, Tally &tally)
{
    Client client(port);
    std::string body;
    const auto step = std::chrono::nanoseconds(1'000'000'000LL * clients / perSecond);
    auto due = std::chrono::steady_clock::now() + step * nth / clients;
    for (std::size_t i = static_cast<std::size_t>(nth); due < until; ++i, due += step) {
        std::this_thread::sleep_until(due);
        const Kind &kind = kinds()[i % kinds().size()];
        ++(client.ask(kind.request, body) == 200 && body == kind.answer ? tally.good : tally.bad);
    }
}

/// Resident, in MiB.
double memory()
{
    std::ifstream file("/proc/self/statm");
    std::size_t size = 0;
    std::size_t resident = 0;
    file >> size >> resident;
    return static_cast<double>(resident) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576.0;
}

double median(std::vector<double> values)
{
    std::ranges::sort(values);
    return values.empty() ? 0 : values[values.size() / 2];
}

} // namespace

class TestSoak : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void memoryStaysFlat()
    {
        const int seconds = qEnvironmentVariableIntValue("CLEAT_SOAK_SECONDS") > 0 ? qEnvironmentVariableIntValue("CLEAT_SOAK_SECONDS") : 6;
        WindowBench bench(WindowBench::Start::No, WindowBench::Content::Empty);
        bench.write("wrangler.toml", "name = \"soak\"\npages_build_output_dir = \"public\"\nkv_namespaces = [{ binding = \"KV\", id = \"soak\" }]\n");
        bench.write("functions/plain.js", "export const onRequest = () => new Response('plain');\n");
        bench.write("functions/stream.js",
            "export const onRequest = () => new Response(new ReadableStream({\n"
            "  async start(c) {\n    for (const word of ['one ', 'two ', 'three ']) { c.enqueue(new TextEncoder().encode(word)); await null; }\n    c.close();\n  }\n}));\n");
        bench.write("functions/echo.js", "export const onRequestPost = ({ request }) => new Response(request.body);\n");
        bench.write("functions/count.js",
            "let n = 0;\nexport const onRequest = async ({ env, waitUntil }) => {\n  if (++n % 50 === 0) { waitUntil(env.KV.put('n', String(n))); console.log('at', n); }\n"
            "  await env.KV.get('n');\n  return new Response('counted');\n};\n");
        QTRY_COMPARE(bench.session->config().status(), session::ConfigStore::Status::Readable);
        bench.session->recorder().setMaxBytes(48U << 20);
        bench.session->start();
        QVERIFY(bench.waitFor(session::State::Running));
        bench.click(u"Requests"_s);

        Tally tally;
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
        std::vector<std::jthread> threads;
        for (int i = 0; i < clients; ++i)
            threads.emplace_back(drive, bench.session->url().port(), i, until, std::ref(tally));
        std::vector<double> resident;
        qint64 longest = 0;
        QElapsedTimer turn;
        turn.start();
        while (std::chrono::steady_clock::now() < until) { // what keeps the window from its events for long shows as a long turn
            QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
            longest = std::max(longest, turn.restart());
            QThread::usleep(1000);
            turn.restart();
            const auto left = std::chrono::duration_cast<std::chrono::seconds>(until - std::chrono::steady_clock::now()).count();
            if (static_cast<qint64>(resident.size()) < seconds - left)
                resident.push_back(memory());
        }
        threads.clear();

        const auto recording = bench.session->recorder().recording();
        QTRY_COMPARE(recording->dropped() + recording->held().size(), tally.good + tally.bad);
        QCOMPARE(tally.bad, 0U);
        QVERIFY(recording->bytes() <= 48U << 20);
        const auto quarter = static_cast<std::ptrdiff_t>(resident.size() / 4);
        const double early = median({resident.begin() + quarter, resident.begin() + 2 * quarter});
        const double late = median({resident.end() - quarter, resident.end()});
        qInfo("%d s: %llu requests (%.0f a second), %llu held, longest turn of the window %lld ms, memory in the second quarter %.0f MiB, in the last %.0f MiB", seconds,
            static_cast<unsigned long long>(tally.good), static_cast<double>(tally.good) / seconds, static_cast<unsigned long long>(recording->held().size()),
            static_cast<long long>(longest), early, late);
        QString minutes;
        for (std::size_t i = 59; i < resident.size(); i += 60)
            minutes += QString::number(resident[i], 'f', 0) + u' ';
        if (!minutes.isEmpty())
            qInfo("minute by minute, in MiB: %s", qUtf8Printable(minutes));
        if (seconds >= 60)
            QVERIFY2(late < early * 1.1 + 8, "The memory grows.");
    }
};

int main(int argc, char **argv)
{
    // Qt Test ends a function after five minutes else.
    qputenv("QTEST_FUNCTION_TIMEOUT", QByteArray::number((qEnvironmentVariableIntValue("CLEAT_SOAK_SECONDS") + 300) * 1000));
    QApplication app(argc, argv);
    app.setAttribute(Qt::AA_Use96Dpi, true); // as QTEST_MAIN has it
    TestSoak test;
    QTEST_SET_MAIN_SOURCE_PATH
    return QTest::qExec(&test, argc, argv);
}

#include "t_soak.moc"
