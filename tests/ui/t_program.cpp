// SPDX-License-Identifier: GPL-3.0-or-later
#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <filesystem>

using namespace Qt::StringLiterals;

namespace {

/// Whether the process catches the signal: until then, the signal would just kill it.
bool catches(qint64 pid, int number)
{
    QFile status(u"/proc/%1/status"_s.arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return false;
    const QList<QByteArray> lines = status.readAll().split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("SigCgt:"))
            return line.mid(7).trimmed().toULongLong(nullptr, 16) >> (number - 1) & 1;
    }
    return false;
}

bool hasThread(qint64 pid, const QByteArray &name)
{
    const QDir tasks(u"/proc/%1/task"_s.arg(pid));
    const QStringList names = tasks.entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &task : names) {
        QFile comm(tasks.filePath(task + u"/comm"_s));
        if (comm.open(QIODevice::ReadOnly) && comm.readAll().trimmed() == name)
            return true;
    }
    return false;
}

} // namespace

/// The built program from outside, with its window on no screen.
class TestProgram : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_home;

    void start(QProcess &process, const QStringList &arguments)
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"QT_QPA_PLATFORM"_s, u"offscreen"_s);
        environment.insert(u"HOME"_s, m_home.path());
        environment.insert(u"XDG_CONFIG_HOME"_s, m_home.filePath(u"config"_s));
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral(CLEAT_BINARY_DIR "/cleat"), arguments);
        QVERIFY(process.waitForStarted());
    }

private Q_SLOTS:
    void initTestCase()
    {
        const std::filesystem::path home = m_home.path().toStdString();
        std::filesystem::copy(CLEAT_SOURCE_DIR "/resources/sample", home / "site", std::filesystem::copy_options::recursive);
        std::filesystem::create_directory(home / "empty");
    }

    void endsOnSignals_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("number");
        QTest::addColumn<bool>("atOnce");
        QTest::newRow("SIGTERM while it runs") << u"site"_s << SIGTERM << false;
        QTest::newRow("SIGINT while it runs") << u"site"_s << SIGINT << false;
        QTest::newRow("SIGTERM while it starts") << u"site"_s << SIGTERM << true;
        QTest::newRow("no Wrangler file") << u"empty"_s << SIGTERM << true;
        QTest::newRow("no project") << QString() << SIGTERM << true;
    }
    void endsOnSignals()
    {
        QFETCH(QString, folder);
        QFETCH(int, number);
        QFETCH(bool, atOnce);
        QProcess process;
        start(process, folder.isEmpty() ? QStringList() : QStringList{m_home.filePath(folder)});
        QTRY_VERIFY_WITH_TIMEOUT(catches(process.processId(), number), 20'000);
        if (!atOnce) {
            QTRY_VERIFY_WITH_TIMEOUT(hasThread(process.processId(), "server"), 20'000);
            QTest::qWait(700);
        }
        QCOMPARE(::kill(static_cast<pid_t>(process.processId()), number), 0);
        QVERIFY(process.waitForFinished(20'000));
        const QByteArray output = process.readAll();
        QVERIFY2(process.exitStatus() == QProcess::NormalExit, output.constData());
        QVERIFY2(process.exitCode() == 0, output.constData());
    }

    void refusesUnknownArguments()
    {
        QProcess process;
        start(process, {u"--nonsense"_s});
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitCode(), 2);
        QVERIFY(process.readAll().contains("--nonsense"));
    }

    void saysThatThereIsNoDisplay()
    {
        QProcess process;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString &name : {u"DISPLAY"_s, u"WAYLAND_DISPLAY"_s, u"QT_QPA_PLATFORM"_s})
            environment.remove(name);
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start(QStringLiteral(CLEAT_BINARY_DIR "/cleat"), {m_home.filePath(u"site"_s)});
        QVERIFY(process.waitForFinished(20'000));
        QCOMPARE(process.exitStatus(), QProcess::NormalExit);
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAll().contains("cleat dev"));
    }
};

QTEST_GUILESS_MAIN(TestProgram)
#include "t_program.moc"
