// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/compatibility.h"
#include "core/runtime/compatibilityflags.h"

#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <set>

using cleat::runtime::Compatibility;

namespace {

std::vector<std::string> flagsOf(const QString &text)
{
    std::vector<std::string> flags;
    for (const QString &flag : text.split(QLatin1Char(','), Qt::SkipEmptyParts))
        flags.push_back(flag.toStdString());
    return flags;
}

} // namespace

class CompatibilityTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asWorkerd()
    {
        QFile file(QStringLiteral(CLEAT_TESTS_DIR "/core/runtime/compatibility.txt"));
        QVERIFY(file.open(QIODevice::ReadOnly | QIODevice::Text));
        int rows = 0;
        for (const QString &line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'), Qt::SkipEmptyParts)) {
            if (line.startsWith(QLatin1Char('#')))
                continue;
            const QStringList fields = line.split(QLatin1Char('|'));
            QCOMPARE(fields.size(), 3);
            const auto found = Compatibility::resolve(fields[0].toStdString(), flagsOf(fields[1]), "2026-11-28");
            QVERIFY2(found, found ? "" : found.error().message.c_str());
            QString wrong;
            qsizetype i = 0;
            for (const auto &[name, holds] : found->all()) {
                if (holds != (fields[2][i++] == QLatin1Char('1')))
                    wrong += QString::fromStdString(std::string(name)) + QLatin1Char(' ');
            }
            QCOMPARE(i, fields[2].size());
            QVERIFY2(wrong.isEmpty(), qPrintable(fields[0] + QLatin1Char(' ') + fields[1] + QStringLiteral(": ") + wrong));
            ++rows;
        }
        QVERIFY(rows > 20);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("date");
        QTest::addColumn<QString>("flags");
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("message");
        const auto row = [](const char *name, const char *date, const char *flags, const char *code, const char *message) {
            QTest::newRow(name) << QString::fromLatin1(date) << QString::fromLatin1(flags) << QString::fromLatin1(code) << QString::fromLatin1(message);
        };
        row("unknown", "2026-03-01", "nope_flag", "compat.unknown-flag", "No such compatibility flag: nope_flag.");
        row("case", "2026-03-01", "NodeJS_Compat", "compat.unknown-flag", "No such compatibility flag: NodeJS_Compat.");
        row("both", "2026-03-01", "url_standard,url_original", "compat.contradictory-flags", "Compatibility flags are mutually contradictory: url_standard vs url_original.");
        row("twice", "2026-03-01", "nodejs_compat,nodejs_compat", "compat.repeated-flag", "Compatibility flag specified multiple times: nodejs_compat.");
        row("future", "2026-11-29", "", "compat.future-date", "Compatibility date \"2026-11-29\" is in the future and unsupported.");
        for (const char *date : {"20260301", "1999-01-01", "2026-13-01", "2026-01-32", "2026-1-1", "x", "2026-03-01 ", "2026-03-0a"})
            row(date, date, "", "compat.date", qPrintable(QStringLiteral("Invalid compatibility date: %1. Write it like 2026-11-24.").arg(QString::fromLatin1(date))));
    }

    void refused()
    {
        QFETCH(QString, date);
        QFETCH(QString, flags);
        QFETCH(QString, code);
        QFETCH(QString, message);
        const auto found = Compatibility::resolve(date.toStdString(), flagsOf(flags), "2026-11-28");
        QVERIFY(!found);
        QCOMPARE(QString::fromStdString(found.error().code), code);
        QCOMPARE(QString::fromStdString(found.error().message), message);
    }

    void warnings()
    {
        const std::vector<std::string> needless{"url_standard"};
        const auto old = Compatibility::resolve("2026-03-01", needless, "2026-11-28");
        QVERIFY(old);
        QCOMPARE(old->warnings().size(), std::size_t{1});
        QCOMPARE(old->warnings()[0].message, std::string("The compatibility flag url_standard became the default as of 2022-10-31 so does not need to be specified anymore."));
        const auto newer = Compatibility::resolve("2026-11-28", {}, "2026-11-28");
        QVERIFY(newer);
        QCOMPARE(newer->date(), std::string("2026-11-24"));
        QCOMPARE(newer->warnings().size(), std::size_t{1});
        const std::vector<std::string> experimental{"webgpu"};
        const auto risky = Compatibility::resolve("2026-03-01", experimental, "2026-11-28");
        QVERIFY(risky && risky->holds("webgpu"));
        QCOMPARE(risky->warnings()[0].code, std::string("compat.experimental-flag"));
    }

    void withoutDate()
    {
        const auto found = Compatibility::resolve({}, {}, "2026-11-28");
        QVERIFY(found);
        QVERIFY(*found == Compatibility());
        QVERIFY(!found->holds("") && !found->holds("nope"));
    }

    /// What the JavaScript half asks for exists; a wrong name would never hold.
    void namesInJavaScript()
    {
        std::set<std::string_view> known;
        for (const auto &flag : cleat::runtime::compatibilityFlags()) {
            QVERIFY2(known.insert(flag.enable).second, std::string(flag.enable).c_str());
            QVERIFY(flag.disable.empty() || known.insert(flag.disable).second);
        }
        QDirIterator files(QStringLiteral(CLEAT_TESTS_DIR "/../core/runtime/js"), {QStringLiteral("*.js")}, QDir::Files, QDirIterator::Subdirectories);
        static const QRegularExpression use(QStringLiteral("\\bcompat\\(\"([a-zA-Z0-9_-]+)\"\\)"));
        int uses = 0;
        while (files.hasNext()) {
            QFile file(files.next());
            QVERIFY(file.open(QIODevice::ReadOnly));
            const QString text = QString::fromUtf8(file.readAll());
            for (auto match = use.globalMatch(text); match.hasNext(); ++uses) {
                const std::string name = match.next().captured(1).toStdString();
                QVERIFY2(known.contains(name), (file.fileName().toStdString() + ": " + name).c_str());
            }
        }
        QVERIFY(uses > 0);
    }
};

QTEST_APPLESS_MAIN(CompatibilityTest)
#include "t_compatibility.moc"
