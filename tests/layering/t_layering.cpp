// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/layering/layers.h"

#include <QDirIterator>
#include <QFile>
#include <QTest>

using cleat::layering::Layers;
using namespace Qt::StringLiterals;

namespace {

QString readText(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

Layers layers()
{
    return Layers(readText(QStringLiteral(CLEAT_SOURCE_DIR "/tests/layering/allowed.txt")));
}

} // namespace

class LayeringTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void tableIsReadable();
    void badTableIsTold_data();
    void badTableIsTold();
    void judges_data();
    void judges();
    void sources();
};

void LayeringTest::tableIsReadable()
{
    QCOMPARE(layers().errors(), QStringList());
    QCOMPARE(layers().folderOf(u"core/bindings/kv/kvnamespace.h"_s), u"core/bindings"_s);
    QCOMPARE(layers().folderOf(u"core/nothere/x.h"_s), QString());
}

void LayeringTest::badTableIsTold_data()
{
    QTest::addColumn<QString>("table");
    QTest::newRow("word") << u"allow core/base <json>"_s;
    QTest::newRow("library without a pattern") << u"library <v8>"_s;
    QTest::newRow("folder twice") << u"folder core/base\nfolder core/base"_s;
    QTest::newRow("target without a line") << u"folder core/base core/event"_s;
    QTest::newRow("library without a line") << u"folder core/base <v8>"_s;
}

void LayeringTest::badTableIsTold()
{
    QFETCH(QString, table);
    QCOMPARE(Layers(table).errors().size(), 1);
}

// The test of the test: each forbidden kind of include is found in a file that holds it, and nothing else is.
void LayeringTest::judges_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("finding"); // a part of it; empty: allowed

    const auto allowed = [](const char *name, const QString &path, const QString &line) { QTest::newRow(name) << path << line << QString(); };
    allowed("itself", u"core/base/file.cpp"_s, u"#include \"core/base/file.h\""_s);
    allowed("below itself", u"core/bindings/kv/x.cpp"_s, u"#include \"core/bindings/common/y.h\""_s);
    allowed("an arrow", u"core/storage/x.cpp"_s, u"#include \"core/base/file.h\""_s);
    allowed("standard library", u"core/base/x.cpp"_s, u"#include <vector>"_s);
    allowed("POSIX", u"core/base/x.cpp"_s, u"#include <sys/stat.h>"_s);
    allowed("own library", u"core/runtime/x.cpp"_s, u"#include <v8-inspector.h>"_s);
    allowed("own Qt module", u"core/server/x.cpp"_s, u"#include <QTcpSocket>"_s);
    allowed("generated", u"core/server/x.cpp"_s, u"#include \"x.moc\""_s);
    allowed("no include", u"core/base/x.cpp"_s, u"// see #include <QWidget>"_s);
    allowed("a module that may be absent, where windows are", u"ui/shell/x.cpp"_s, u"#include <QNotInstalledHere>"_s);

    const auto refused = [](const char *name, const QString &path, const QString &line, const QString &finding) {
        QTest::newRow(name) << path << line << finding;
    };
    refused("base upwards", u"core/base/x.cpp"_s, u"#include \"core/events/event.h\""_s, u"core/base may not include core/events"_s);
    refused("server to runtime", u"core/server/x.cpp"_s, u"#include \"core/runtime/worker.h\""_s, u"core/server may not include core/runtime"_s);
    refused("runtime to server", u"core/runtime/x.cpp"_s, u"#include \"core/server/httpserver.h\""_s, u"core/runtime may not include core/server"_s);
    refused("bindings to runtime", u"core/bindings/kv/x.cpp"_s, u"#include \"core/runtime/worker.h\""_s, u"core/bindings may not include core/runtime"_s);
    refused("core to ui", u"core/session/x.cpp"_s, u"#include \"ui/shell/mainwindow.h\""_s, u"core/session may not include ui"_s);
    refused("ui to runtime", u"ui/requests/x.cpp"_s, u"#include \"core/runtime/worker.h\""_s, u"may not include core/runtime"_s);
    refused("ui to storage", u"ui/data/x.cpp"_s, u"#include \"core/storage/database.h\""_s, u"may not include core/storage"_s);
    refused("ui to server", u"ui/requests/x.cpp"_s, u"#include \"core/server/httpserver.h\""_s, u"may not include core/server"_s);
    refused("app to storage", u"app/main.cpp"_s, u"#include \"core/storage/database.h\""_s, u"app may not include core/storage"_s);
    refused("V8 outside runtime", u"core/session/x.cpp"_s, u"#include <v8.h>"_s, u"<v8.h>, which is of <v8>"_s);
    refused("Node", u"core/runtime/x.cpp"_s, u"#include <node.h>"_s, u"<node.h>, which is of <node>"_s);
    refused("Node, spelled with spaces", u"core/runtime/x.cpp"_s, u"  #  include <node/node.h>"_s, u"which is of <node>"_s);
    refused("Qt in a std folder", u"core/base/x.cpp"_s, u"#include <QString>"_s, u"<QString>, which is of <QtCore>"_s);
    refused("Qt by its header file", u"core/base/x.cpp"_s, u"#include <qstring.h>"_s, u"which is of <QtCore>"_s);
    refused("Widgets in core", u"core/session/x.cpp"_s, u"#include <QtWidgets/QWidget>"_s, u"which is of <QtWidgets>"_s);
    refused("Gui in core", u"core/session/x.cpp"_s, u"#include <QtGui/QImage>"_s, u"which is of <QtGui>"_s);
    refused("a module that is absent, in core", u"core/session/x.cpp"_s, u"#include <QNotInstalledHere>"_s, u"in no installed module"_s);
    refused("relative", u"core/base/x.cpp"_s, u"#include \"../events/event.h\""_s, u"not a path from the root"_s);
    refused("folder without a line", u"core/nothere/x.cpp"_s, u""_s, u"no line in"_s);
    refused("target without a line", u"core/session/x.cpp"_s, u"#include \"core/nothere/x.h\""_s, u"no folder of the table"_s);
}

void LayeringTest::judges()
{
    QFETCH(QString, path);
    QFETCH(QString, line);
    QFETCH(QString, finding);
    const QStringList found = layers().findings(path, u"#pragma once\n"_s + line + u"\n"_s);
    QCOMPARE(found.size(), finding.isEmpty() ? 0 : 1);
    if (!finding.isEmpty())
        QVERIFY2(found[0].contains(finding), qPrintable(found[0]));
}

void LayeringTest::sources()
{
    const Layers table = layers();
    const QDir root(QStringLiteral(CLEAT_SOURCE_DIR));
    int files = 0;
    QStringList found;
    for (const QString &tree : {u"core"_s, u"ui"_s, u"app"_s}) {
        QDirIterator it(root.filePath(tree), {u"*.h"_s, u"*.hpp"_s, u"*.inc"_s, u"*.c"_s, u"*.cc"_s, u"*.cpp"_s}, QDir::Files, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            const QString file = it.next();
            found += table.findings(root.relativeFilePath(file), readText(file));
            ++files;
        }
    }
    QVERIFY(files > 0);
    found.sort();
    QVERIFY2(found.isEmpty(), qPrintable(u"\n"_s + found.join(u'\n') + u"\nThe table is tests/layering/allowed.txt; CONTRIBUTING.md says why."_s));
}

QTEST_GUILESS_MAIN(LayeringTest)
#include "t_layering.moc"
