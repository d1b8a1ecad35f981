// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/config/discovery.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace cleat::config;

class DiscoveryTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void find_data();
    void find();
};

void DiscoveryTest::find_data()
{
    QTest::addColumn<QStringList>("files");
    QTest::addColumn<QString>("from");
    QTest::addColumn<QString>("expected");
    QTest::newRow("none") << QStringList{QStringLiteral("a/b/other.toml")} << QStringLiteral("a/b") << QString();
    QTest::newRow("here") << QStringList{QStringLiteral("a/b/wrangler.toml")} << QStringLiteral("a/b") << QStringLiteral("a/b/wrangler.toml");
    QTest::newRow("trailing slash") << QStringList{QStringLiteral("a/b/wrangler.toml")} << QStringLiteral("a/b/") << QStringLiteral("a/b/wrangler.toml");
    QTest::newRow("dots") << QStringList{QStringLiteral("a/b/wrangler.toml")} << QStringLiteral("a/c/../b/.") << QStringLiteral("a/b/wrangler.toml");
    QTest::newRow("above") << QStringList{QStringLiteral("wrangler.toml"), QStringLiteral("a/b/x")} << QStringLiteral("a/b") << QStringLiteral("wrangler.toml");
    QTest::newRow("nearest") << QStringList{QStringLiteral("wrangler.toml"), QStringLiteral("a/wrangler.toml"), QStringLiteral("a/b/x")} << QStringLiteral("a/b")
                             << QStringLiteral("a/wrangler.toml");
    QTest::newRow("json first") << QStringList{QStringLiteral("a/wrangler.toml"), QStringLiteral("a/wrangler.jsonc"), QStringLiteral("a/wrangler.json")} << QStringLiteral("a")
                                << QStringLiteral("a/wrangler.json");
    QTest::newRow("jsonc before toml") << QStringList{QStringLiteral("a/wrangler.toml"), QStringLiteral("a/wrangler.jsonc")} << QStringLiteral("a")
                                       << QStringLiteral("a/wrangler.jsonc");
    QTest::newRow("json above wins over toml here") << QStringList{QStringLiteral("a/wrangler.toml"), QStringLiteral("wrangler.json")} << QStringLiteral("a")
                                                    << QStringLiteral("wrangler.json");
    QTest::newRow("a folder of that name is none") << QStringList{QStringLiteral("wrangler.toml"), QStringLiteral("a/wrangler.toml/x")} << QStringLiteral("a")
                                                   << QStringLiteral("wrangler.toml");
}

void DiscoveryTest::find()
{
    QFETCH(QStringList, files);
    QFETCH(QString, from);
    QFETCH(QString, expected);
    QTemporaryDir root;
    for (const QString &name : files) {
        QVERIFY(QDir(root.path()).mkpath(QFileInfo(name).path()));
        QFile file(root.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    const auto found = findWranglerFile((root.path() + QLatin1Char('/') + from).toStdString());
    QCOMPARE(found ? QString::fromStdString(found->string()) : QString(), expected.isEmpty() ? QString() : root.filePath(expected));
}

QTEST_GUILESS_MAIN(DiscoveryTest)
#include "t_discovery.moc"
