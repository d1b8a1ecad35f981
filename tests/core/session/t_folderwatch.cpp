// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/folderwatch.h"
#include "tests/core/session/project.h"

#include <QTest>

#include <set>

using namespace cleat;
namespace fs = std::filesystem;

/// What changes in a folder and below it is told.
class FolderWatchTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<tests::Project> m_project;
    std::unique_ptr<session::FolderWatch> m_watch;
    std::set<fs::path> m_told;

    bool tells(const char *name)
    {
        const fs::path path = m_project->path(name);
        const bool told = QTest::qWaitFor([&] { return m_told.contains(path); }, 30'000);
        m_told.clear();
        return told;
    }

private Q_SLOTS:
    void init()
    {
        m_project = std::make_unique<tests::Project>();
        m_project->write("out/index.html", "1");
        m_project->write("out/deep/er/a.css", "1");
        m_project->write("out/node_modules/x/a.js", "1");
        m_project->write("out/state/db", "1");
        m_watch = std::make_unique<session::FolderWatch>(5);
        m_told.clear();
        connect(m_watch.get(), &session::FolderWatch::changed, this, [this](const std::vector<fs::path> &paths) { m_told.insert(paths.begin(), paths.end()); });
        m_watch->watch(m_project->path("out"), {m_project->path("out/state")});
    }

    void everyWay()
    {
        m_project->write("out/index.html", "in place");
        QVERIFY(tells("out/index.html"));
        m_project->replace("out/index.html", "by renaming");
        QVERIFY(tells("out/index.html"));
        m_project->write("out/deep/er/a.css", "2");
        QVERIFY(tells("out/deep/er/a.css"));
        m_project->remove("out/deep/er/a.css");
        QVERIFY(tells("out/deep/er/a.css"));
        m_project->write("out/new/folder/b.css", "1");
        QVERIFY(tells("out/new"));
        m_project->write("out/new/folder/b.css", "2");
        QVERIFY(tells("out/new/folder/b.css"));
        fs::rename(m_project->path("out/new"), m_project->path("out/renamed"));
        QVERIFY(tells("out/renamed"));
        m_project->write("out/renamed/folder/b.css", "3");
        QVERIFY(tells("out/renamed/folder/b.css"));
    }

    /// As many tools build: away with the old folder, and a new one.
    void theFolderComesBack()
    {
        for (int i = 0; i < 3; ++i) {
            fs::remove_all(m_project->path("out"));
            m_project->write("out/sub/index.html", "new");
            QVERIFY(tells("out"));
            m_project->write("out/sub/index.html", "newer");
            QVERIFY(tells("out/sub/index.html"));
        }
    }

    void whatIsLeftOut()
    {
        m_project->write("out/node_modules/x/a.js", "2");
        m_project->write("out/state/db", "2");
        m_project->write("out/.git/HEAD", "2");
        m_project->write("beside/a", "2");
        m_project->write("out/index.html", "last"); // told after them
        QVERIFY(QTest::qWaitFor([this] { return m_told.contains(m_project->path("out/index.html")); }, 30'000));
        QCOMPARE(m_told.size(), 1U);
        m_watch->watch({});
        m_project->write("out/index.html", "not told");
        m_told.clear();
        m_watch->watch(m_project->path("nowhere"));
        m_project->write("nowhere/a", "1");
        QVERIFY(tells("nowhere"));
    }
};

QTEST_GUILESS_MAIN(FolderWatchTest)
#include "t_folderwatch.moc"
