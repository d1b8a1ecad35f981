// SPDX-License-Identifier: GPL-3.0-or-later
// `cleat dev` with Durable Objects: what an answer told is kept, whatever ends the program.

#include "tests/app/devprocess.h"
#include "tests/core/session/client.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <string>
#include <thread>
#include <vector>

using namespace cleat::tests;

namespace {

int numberIn(const Reply &reply)
{
    return reply.status == 200 && reply.complete ? QByteArray::fromStdString(reply.body).toInt() : 0;
}

} // namespace

class TestDevObjects final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    /// The output gate: kill -9 at random moments, and no answer told of an increment that is lost.
    void killed()
    {
        Project project;
        project.write("public/index.html", "page");
        project.write("wrangler.toml", "name = \"pages\"\npages_build_output_dir = \"public\"\ncompatibility_date = \"2026-03-01\"\n"
                                       "[[durable_objects.bindings]]\nname = \"COUNTER\"\nclass_name = \"Counter\"\nscript_name = \"do-worker\"\n");
        project.write("functions/inc.js", "export const onRequest = async ({ env }) => new Response(String(await env.COUNTER.getByName('one').inc()));");
        project.write("worker/wrangler.toml", "name = \"do-worker\"\nmain = \"index.js\"\ncompatibility_date = \"2026-03-01\"\n[[migrations]]\ntag = \"v1\"\nnew_sqlite_classes = [\"Counter\"]\n");
        project.write("worker/index.js", "import { DurableObject } from 'cloudflare:workers';\nexport class Counter extends DurableObject {\n"
                                         "  async inc() { const n = ((await this.ctx.storage.get('n')) ?? 0) + 1; await this.ctx.storage.put('n', n); return n; }\n}\nexport default {};\n");
        const QStringList flags{QStringLiteral("--port"), QStringLiteral("0"), QStringLiteral("--ip"), QStringLiteral("127.0.0.1"), QStringLiteral("-c"), QStringLiteral("wrangler.toml"), QStringLiteral("-c"),
            QStringLiteral("worker/wrangler.toml")};
        constexpr int clients = 4;
        std::mt19937 random(7);
        int told = 0;
        for (int round = 0; round < 4; ++round) {
            Dev dev(project, flags);
            const int port = dev.ready();
            QVERIFY2(port > 0, dev.err().constData());
            const int first = numberIn(get(port, "/inc"));
            QVERIFY2(first > told, qPrintable(QStringLiteral("%1 after %2 was told").arg(first).arg(told)));
            QVERIFY(first <= told + clients + 1); // and nothing was counted that nobody asked for
            std::atomic<int> highest{first};
            std::vector<std::thread> all;
            for (int i = 0; i < clients; ++i) {
                all.emplace_back([&] {
                    Client client(port);
                    for (int n = numberIn(client.get("/inc")); n > 0; n = numberIn(client.get("/inc"))) {
                        for (int known = highest; known < n && !highest.compare_exchange_weak(known, n);) {
                        }
                    }
                });
            }
            const int until = first + 20 + static_cast<int>(random() % 200);
            const bool came = Dev::waitFor([&] { return highest >= until; });
            dev.signal(SIGKILL);
            for (std::thread &one : all)
                one.join();
            QVERIFY(came);
            told = highest;
        }
    }
};

QTEST_GUILESS_MAIN(TestDevObjects)
#include "t_devobjects.moc"
