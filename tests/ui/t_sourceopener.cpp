// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sourceopener.h"

#include <QDesktopServices>
#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>

#include <memory>

using namespace cleat;
using namespace Qt::StringLiterals;

/// Takes the desktop's place.
class Desktop : public QObject
{
    Q_OBJECT
public:
    QList<QUrl> opened;
public Q_SLOTS:
    void open(const QUrl &url) { opened << url; }
};

class TestSourceOpener : public QObject
{
    Q_OBJECT
private:
    std::unique_ptr<QTemporaryDir> m_folder;
    Desktop m_desktop;

    QString path(const QString &name) const { return m_folder->filePath(name); }

    void write(const QString &name, const QByteArray &text) const
    {
        QFile file(path(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    /// A program that writes down what it was called with, an argument a line.
    void makeEditor(const QString &name) const
    {
        write(u"bin/"_s + name, "#!/bin/sh\n{ pwd; printf '%s\\n' \"$@\"; } > '" + path(u"called.part"_s).toUtf8() + "'\nmv '" + path(u"called.part"_s).toUtf8() + "' '"
                                    + path(u"called"_s).toUtf8() + "'\n");
        QVERIFY(QFile::setPermissions(path(u"bin/"_s + name), QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));
    }

    QStringList called() const
    {
        if (!QTest::qWaitFor([this] { return QFile::exists(path(u"called"_s)); }, 30'000))
            return {};
        QFile file(path(u"called"_s));
        if (!file.open(QIODevice::ReadOnly))
            return {};
        const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
        return lines;
    }

    std::filesystem::path project() const { return path(u"site"_s).toStdString(); }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        for (const char *name : {"bin", "site", "site/functions", "settings"})
            QVERIFY(QDir(m_folder->path()).mkpath(QString::fromLatin1(name)));
        write(u"site/functions/a b.ts"_s, "export {};\n");
        QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, path(u"settings"_s));
        QSettings().clear();
        qputenv("PATH", (path(u"bin"_s) + u":/usr/bin:/bin"_s).toUtf8());
        QDesktopServices::setUrlHandler(u"file"_s, &m_desktop, "open");
        m_desktop.opened.clear();
    }

    void cleanup() { QDesktopServices::unsetUrlHandler(u"file"_s); }

    void findsAnEditor_data()
    {
        QTest::addColumn<QString>("editor");
        QTest::addColumn<QStringList>("arguments");
        const QString file = u"FILE"_s;
        QTest::newRow("VS Code") << u"code"_s << QStringList{u"--goto"_s, u"FILE:3:7"_s};
        QTest::newRow("Zed") << u"zed"_s << QStringList{u"FILE:3:7"_s};
        QTest::newRow("Kate") << u"kate"_s << QStringList{u"--line"_s, u"3"_s, u"--column"_s, u"7"_s, file};
        QTest::newRow("Builder") << u"gnome-builder"_s << QStringList{file};
    }

    void findsAnEditor()
    {
        QFETCH(QString, editor);
        QFETCH(QStringList, arguments);
        makeEditor(editor);
        ui::SourceOpener opener(project());
        const QSignalSpy failed(&opener, &ui::SourceOpener::failed);
        opener.open({"functions/a b.ts", 3, 7});
        arguments.replaceInStrings(u"FILE"_s, path(u"site/functions/a b.ts"_s));
        arguments.prepend(path(u"site"_s));
        QCOMPARE(called(), arguments);
        QCOMPARE(failed.size(), 0);
    }

    /// Nothing in a name is read by a shell, or makes two arguments of one.
    void passesNamesAsTheyAre()
    {
        makeEditor(u"mine"_s);
        const QString name = u"$(touch pwned) {line} \"q\"; 'x'.ts"_s;
        write(u"site/functions/"_s + name, "x");
        QSettings().setValue(u"editor/command"_s, u"\"%1\" -n \"at {line}\" {file}"_s.arg(path(u"bin/mine"_s)));
        ui::SourceOpener opener(project());
        opener.open({"functions/" + name.toStdString(), 0, 0});
        QCOMPARE(called(), (QStringList{path(u"site"_s), u"-n"_s, u"at 1"_s, path(u"site/functions/"_s) + name}));
        QVERIFY(!QFile::exists(path(u"site/pwned"_s)));
    }

    void addsTheFileToACommandWithoutOne()
    {
        makeEditor(u"mine"_s);
        QSettings().setValue(u"editor/command"_s, u"mine --wait"_s);
        ui::SourceOpener opener(project());
        opener.open({path(u"site/functions/a b.ts"_s).toStdString(), 1, 1});
        QCOMPARE(called(), (QStringList{path(u"site"_s), u"--wait"_s, path(u"site/functions/a b.ts"_s)}));
    }

    void leavesItToTheDesktop()
    {
        qputenv("PATH", path(u"bin"_s).toUtf8());
        ui::SourceOpener opener(project());
        opener.open({"functions/a b.ts", 3, 7});
        QCOMPARE(m_desktop.opened, (QList<QUrl>{QUrl::fromLocalFile(path(u"site/functions/a b.ts"_s))}));
    }

    void tellsWhatFails()
    {
        ui::SourceOpener opener(project());
        QSignalSpy failed(&opener, &ui::SourceOpener::failed);
        opener.open({"functions/gone.ts", 1, 1});
        QVERIFY(failed.takeFirst().at(0).toString().contains(u"gone.ts is not there"_s));
        opener.open({});
        QCOMPARE(failed.size(), 1);
        failed.clear();
        QSettings().setValue(u"editor/command"_s, u"/nowhere/editor {file}"_s);
        opener.open({"functions/a b.ts", 1, 1});
        QVERIFY(failed.takeFirst().at(0).toString().contains(u"/nowhere/editor cannot be started"_s));
    }
};

QTEST_MAIN(TestSourceOpener)
#include "t_sourceopener.moc"
