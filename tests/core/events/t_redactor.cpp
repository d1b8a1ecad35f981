// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/eventlog.h"
#include "core/events/redactor.h"

#include <QTest>
#include <QUrl>

#include <atomic>
#include <chrono>
#include <thread>

using namespace cleat::events;

namespace {

const std::string token = "s3cr3t/t0ken+v=lue";

std::string redacted(const Redactor &redactor, std::string text)
{
    redactor.redact(text);
    return text;
}

std::string everythingOf(const Event &event)
{
    struct Visitor {
        std::string operator()(const RequestEvent &e) const { return e.method + e.target + e.handler + e.error; }
        std::string operator()(const CallEvent &e) const { return e.kind + e.binding + e.method + e.arguments + e.result + e.error; }
        std::string operator()(const ConsoleEvent &e) const { return e.text + e.values + e.place.file; }
        std::string operator()(const ExceptionEvent &e) const { return e.message + e.stack + e.excerpt + e.place.file; }
        std::string operator()(const NoticeEvent &e) const { return e.code + e.text + e.place.file; }
        std::string operator()(const ContentEvent &) const { return {}; } // passes the log as it is
    };
    return std::visit(Visitor{}, event);
}

std::vector<Redactor::Secret> many(int count)
{
    std::vector<Redactor::Secret> secrets;
    for (int i = 0; i < count; ++i)
        secrets.push_back({"SECRET_" + std::to_string(i), "sk-" + std::to_string(7919 * i) + "-abcdefghijklmnopqrstuvwxyz"});
    return secrets;
}

Batch usual()
{
    Batch batch;
    RequestEvent request;
    request.method = "GET";
    request.target = "/api/todos/42?filter=open&page=3";
    request.handler = "functions/api/todos/[id].ts";
    batch.emplace_back(request);
    CallEvent call;
    call.kind = "kv";
    call.binding = "TODO_LIST";
    call.method = "put";
    call.arguments = "[\"todo:42\", \"{\\\"id\\\":42,\\\"title\\\":\\\"Buy milk and bread\\\",\\\"done\\\":false}\", {\"expirationTtl\": 3600}]";
    batch.emplace_back(call);
    ConsoleEvent line;
    line.text = "stored todo 42 of user alice in 3 ms { id: 42, title: 'Buy milk and bread', done: false }";
    line.place.file = "functions/api/todos/[id].ts";
    batch.emplace_back(line);
    return batch;
}

} // namespace

class RedactorTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void texts_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const QByteArray value = QByteArray::fromStdString(token);
        QTest::newRow("nothing") << QByteArray("nothing of it here") << QByteArray("nothing of it here");
        QTest::newRow("empty") << QByteArray() << QByteArray();
        QTest::newRow("whole") << value << QByteArray("[secret TOKEN]");
        QTest::newRow("within") << "a " + value + "b" << QByteArray("a [secret TOKEN]b");
        QTest::newRow("twice") << value + value + '.' << QByteArray("[secret TOKEN][secret TOKEN].");
        QTest::newRow("almost") << value.chopped(1) << value.chopped(1);
        QTest::newRow("behind its own beginning") << "s3cr3t/" + value << QByteArray("s3cr3t/[secret TOKEN]");
        QTest::newRow("percent-encoded") << "/x?k=" + value.toPercentEncoding() + "&y" << QByteArray("/x?k=[secret TOKEN]&y");
        QTest::newRow("percent-encoded, small") << "/x?k=" + value.toPercentEncoding().replace("%2F", "%2f").replace("%2B", "%2b").replace("%3D", "%3d")
                                                << QByteArray("/x?k=[secret TOKEN]");
        for (const QByteArray &before : {QByteArray(), QByteArray("u:"), QByteArray("user:"), QByteArray("users:")}) {
            for (const QByteArray &after : {QByteArray(), QByteArray("!"), QByteArray("??")}) {
                QByteArray coded = (before + value + after).toBase64();
                QTest::addRow("base64 between %d and %d", int(before.size()), int(after.size())) << "Basic " + coded << QByteArray("*");
                QTest::addRow("base64url between %d and %d", int(before.size()), int(after.size())) << (before + value + after).toBase64(QByteArray::Base64UrlEncoding) << QByteArray("*");
            }
        }
        QTest::newRow("cut off") << "\"" + value.left(9) + "\u2026 (2000 bytes)\"" << QByteArray("\"[secret TOKEN]\u2026 (2000 bytes)\"");
        QTest::newRow("ellipsis of the user's") << QByteArray("wait\u2026 s3c\u2026") << QByteArray("wait\u2026 s3c\u2026");
    }
    void texts()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        const Redactor redactor({{"TOKEN", token}, {"OTHER", "something else"}});
        const QByteArray got = QByteArray::fromStdString(redacted(redactor, text.toStdString()));
        if (expected != "*")
            QCOMPARE(got, expected);
        else
            QVERIFY2(got.contains("[secret TOKEN]") && got.size() < text.size(), got.constData());
    }

    void escapes()
    {
        const std::string value = "a\"b\\c\nd'e\tf g\xc3\xa9";
        const Redactor redactor({{"Q", value}});
        QCOMPARE(redacted(redactor, "[\"a\\\"b\\\\c\\nd'e\\tf g\xc3\xa9\"]"), std::string("[\"[secret Q]\"]"));
        QCOMPARE(redacted(redactor, "\"{\\\"k\\\":\\\"a\\\\\\\"b\\\\\\\\c\\\\nd'e\\\\tf g\xc3\xa9\\\"}\""), std::string("\"{\\\"k\\\":\\\"[secret Q]\\\"}\""));
        QCOMPARE(redacted(redactor, "{ k: 'a\"b\\\\c\\nd\\'e\\tf g\xc3\xa9' }"), std::string("{ k: '[secret Q]' }"));
        QCOMPARE(redacted(redactor, "k=a%22b%5Cc%0Ad%27e%09f+g%C3%A9"), std::string("k=[secret Q]"));
        QCOMPARE(redacted(redactor, "k=a%22b%5Cc%0Ad'e%09f%20g%C3%A9"), std::string("k=[secret Q]"));
    }

    void lines()
    {
        const std::string key = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nBKcwggSjAgEAAoIBAQDXmo7VQ\n-----END PRIVATE KEY-----\n";
        const Redactor redactor({{"KEY", key}});
        QCOMPARE(redacted(redactor, key), std::string("[secret KEY]"));
        const std::string indented = redacted(redactor, "  -----BEGIN PRIVATE KEY-----\n  MIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n  BKcwggSjAgEAAoIBAQDXmo7VQ\n  -----END PRIVATE KEY-----\n");
        QCOMPARE(indented, std::string("  -----BEGIN PRIVATE KEY-----\n  [secret KEY]\n  [secret KEY]\n  -----END PRIVATE KEY-----\n"));
    }

    void whatTellsNothing()
    {
        const Redactor redactor({{"A", "abc"}, {"B", "true"}, {"C", "8788"}, {"D", "Production"}, {"E", ""}, {"F", "246810"}, {"G", "abcd"}});
        QCOMPARE(redactor.secrets().size(), 2U);
        QCOMPARE(redacted(redactor, "abc true 8788 Production 246810 abcde"), std::string("abc true 8788 Production [secret F] [secret G]e"));
    }

    void longestFirst()
    {
        const Redactor redactor({{"SHORT", "pass"}, {"LONG", "password"}, {"SAME", "password"}, {"INNER", "word1"}});
        QCOMPARE(redacted(redactor, "password pass password1"), std::string("[secret LONG] [secret SHORT] [secret LONG]1"));
    }

    void everyEvent()
    {
        const std::string t = "<" + token + ">";
        RequestEvent request;
        request.method = request.target = request.handler = request.error = t;
        CallEvent call;
        call.binding = call.arguments = call.result = call.error = t;
        ConsoleEvent line;
        line.text = line.place.file = t;
        ExceptionEvent exception;
        exception.message = exception.stack = exception.place.file = t;
        NoticeEvent notice;
        notice.text = notice.place.file = t;
        EventLog log(1 << 20);
        log.publish({line});
        log.setRedactor(std::make_shared<Redactor>(std::vector<Redactor::Secret>{{"TOKEN", token}}));
        log.publish({request, call, line, exception, notice});
        log.setRedactor(nullptr);
        log.publish({line});
        const auto drained = log.after(0);
        QVERIFY(everythingOf(drained.batches[0]->front()).find(token) != std::string::npos); // held before it was a secret
        QCOMPARE(drained.batches[1]->size(), 5U);
        for (const Event &event : *drained.batches[1]) {
            const std::string all = everythingOf(event);
            QVERIFY(all.find(token) == std::string::npos);
            QVERIFY(all.find("<[secret TOKEN]>") != std::string::npos);
        }
        QVERIFY(everythingOf(drained.batches[2]->front()).find(token) != std::string::npos);
    }

    void swappedWhilePublished()
    {
        EventLog log(1 << 20);
        const auto first = std::make_shared<const Redactor>(std::vector<Redactor::Secret>{{"A", "first-value"}, {"B", "second-value"}});
        const auto second = std::make_shared<const Redactor>(std::vector<Redactor::Secret>{{"A", "first-value"}, {"C", "third-value"}});
        log.setRedactor(first);
        std::atomic<bool> stop = false;
        std::vector<std::thread> threads;
        for (int i = 0; i < 2; ++i) {
            threads.emplace_back([&] {
                for (int n = 0; n < 2000; ++n) {
                    ConsoleEvent line;
                    line.text = "it is first-value and second-value";
                    log.publish({line});
                }
            });
        }
        threads.emplace_back([&] {
            while (!stop) {
                log.setRedactor(second);
                log.setRedactor(first);
            }
        });
        threads[0].join();
        threads[1].join();
        stop = true;
        threads[2].join();
        for (const auto &batch : log.after(0).batches) {
            for (const Event &event : *batch)
                QVERIFY(std::get<ConsoleEvent>(event).text.find("first-value") == std::string::npos);
        }
    }

    void cost_data()
    {
        QTest::addColumn<int>("secrets");
        for (const int count : {0, 5, 50})
            QTest::addRow("%d secrets", count) << count;
    }
    /// Prints what it takes; fails only where it is absurd.
    void cost()
    {
        QFETCH(int, secrets);
        EventLog log(1 << 20);
        if (secrets > 0)
            log.setRedactor(std::make_shared<Redactor>(many(secrets)));
        constexpr int rounds = 20'000;
        const Batch batch = usual();
        std::vector<Batch> batches(rounds, batch);
        const auto start = std::chrono::steady_clock::now();
        for (Batch &one : batches)
            log.publish(std::move(one));
        const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now() - start).count() / (rounds * std::int64_t(batch.size()));
        qInfo("%lld ns for an event", static_cast<long long>(ns));
        QVERIFY(ns < 100'000);
    }
};

QTEST_GUILESS_MAIN(RedactorTest)
#include "t_redactor.moc"
