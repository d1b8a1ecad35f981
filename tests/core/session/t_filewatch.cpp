// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/filewatch.h"
#include "tests/core/session/project.h"

#include <QSignalSpy>
#include <QTest>

#include <fstream>

using namespace cleat;
namespace fs = std::filesystem;

namespace {
constexpr int patience = 120'000;
} // namespace

class FileWatchTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<tests::Project> m_project;

private Q_SLOTS:
    void init()
    {
        m_project = std::make_unique<tests::Project>();
        m_project->write("a", "1");
    }

    void everyKindOfSaving_data()
    {
        QTest::addColumn<QByteArray>("way");
        for (const char *way : {"in place", "renamed over", "renamed over, old one kept as a hard link", "removed and written"})
            QTest::newRow(way) << QByteArray(way);
    }
    /// Each way three times, so that what is watched after the first is the new file, and then once in place.
    void everyKindOfSaving()
    {
        QFETCH(QByteArray, way);
        session::FileWatch watch(10);
        watch.watch({m_project->path("a"), m_project->path()});
        QSignalSpy changed(&watch, &session::FileWatch::changed);
        for (int i = 0; i < 4; ++i) {
            QTest::qWait(40); // until nothing of the last round is on its way
            changed.clear();
            if (i == 3 || way == "in place") {
                m_project->write("a", std::to_string(i));
            } else if (way == "renamed over") {
                m_project->replace("a", std::to_string(i));
            } else if (way.startsWith("removed")) {
                m_project->remove("a");
                m_project->write("a", std::to_string(i));
            } else {
                m_project->remove("a~");
                fs::create_hard_link(m_project->path("a"), m_project->path("a~"));
                m_project->replace("a", std::to_string(i));
            }
            QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), patience);
        }
    }

    void burstIsOne()
    {
        session::FileWatch watch(150);
        watch.watch({m_project->path("a")});
        QSignalSpy changed(&watch, &session::FileWatch::changed);
        for (int i = 0; i < 20; ++i)
            m_project->write("a", std::to_string(i));
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), patience);
        QTest::qWait(300);
        QCOMPARE(changed.size(), 1);
    }

    /// A folder in which something is written all the time (a log, a database) must not keep everything else from being noticed.
    void neverQuiet()
    {
        session::FileWatch watch(60);
        watch.watch({m_project->path()});
        QSignalSpy changed(&watch, &session::FileWatch::changed);
        QTimer busy;
        int n = 0;
        connect(&busy, &QTimer::timeout, this, [&] { m_project->write("busy" + std::to_string(++n), ""); });
        busy.start(10);
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), patience);
    }

    void comesAndGoes()
    {
        session::FileWatch watch(10);
        watch.watch({m_project->path("new"), m_project->path()});
        QSignalSpy changed(&watch, &session::FileWatch::changed);
        m_project->write("new", "1");
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), patience);
        QTest::qWait(40);
        changed.clear();
        m_project->write("new", "2"); // in place: only a watch on the file itself sees it
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), patience);
        QTest::qWait(40);
        changed.clear();
        m_project->remove("new");
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), patience);
    }

    void onlyWhatWasAsked()
    {
        session::FileWatch watch(10);
        m_project->write("b", "1");
        watch.watch({m_project->path("a")});
        watch.watch({m_project->path("b")});
        QSignalSpy changed(&watch, &session::FileWatch::changed);
        m_project->write("a", "2");
        QTest::qWait(150);
        QVERIFY(changed.isEmpty());
        m_project->write("b", "2");
        QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty(), patience);
        QTest::qWait(40);
        watch.watch({});
        changed.clear();
        m_project->write("b", "3");
        QTest::qWait(150);
        QVERIFY(changed.isEmpty());
    }

    void folders()
    {
        m_project->write("functions/a/b/x.js", "");
        m_project->write("functions/node_modules/p/x.js", "");
        m_project->write("functions/.git/x", "");
        auto found = session::foldersBelow(m_project->path("functions"));
        std::ranges::sort(found);
        QCOMPARE(found, (std::vector<fs::path>{m_project->path("functions"), m_project->path("functions/a"), m_project->path("functions/a/b")}));
        QVERIFY(session::foldersBelow(m_project->path("none")).empty());
        QVERIFY(session::foldersBelow(m_project->path("a")).empty());
    }
};

QTEST_GUILESS_MAIN(FileWatchTest)
#include "t_filewatch.moc"
