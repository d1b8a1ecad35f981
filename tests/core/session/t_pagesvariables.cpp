// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/pagesvariables.h"
#include "tests/core/session/project.h"

#include <QTest>

#include <map>

using namespace cleat;

namespace {

const std::string sha = "0123456789abcdef0123456789abcdef01234567";
const std::string other = "fedcba9876543210fedcba9876543210fedcba98";
const std::string zeros(40, '0');

std::map<std::string, std::string> variables(const std::filesystem::path &folder)
{
    std::map<std::string, std::string> found;
    for (const auto &[name, value] : session::pagesVariables(folder, "my-site"))
        found[name] = value;
    return found;
}

} // namespace

class PagesVariablesTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<tests::Project> m_project;

    void expect(const std::string &branch, const std::string &commit, const char *folder = "")
    {
        const auto found = variables(m_project->path(folder));
        QCOMPARE(found.size(), 4U);
        QCOMPARE(found.at("CF_PAGES"), std::string("1"));
        QCOMPARE(found.at("CF_PAGES_BRANCH"), branch);
        QCOMPARE(found.at("CF_PAGES_COMMIT_SHA"), commit);
        QCOMPARE(found.at("CF_PAGES_URL"), "https://" + commit.substr(0, 8) + ".my-site.pages.dev");
    }

private Q_SLOTS:
    void init() { m_project = std::make_unique<tests::Project>(); }

    void noRepository() { expect("local", zeros); }

    void branch()
    {
        m_project->write(".git/HEAD", "ref: refs/heads/feature/one\n");
        expect("feature/one", zeros); // no commit yet
        m_project->write(".git/refs/heads/feature/one", sha + "\n");
        expect("feature/one", sha);
    }

    void belowTheRepository()
    {
        m_project->write(".git/HEAD", "ref: refs/heads/main\n");
        m_project->write(".git/refs/heads/main", sha + "\n");
        m_project->write("apps/site/x", "");
        expect("main", sha, "apps/site");
    }

    void detached()
    {
        m_project->write(".git/HEAD", sha + "\n");
        expect("local", sha);
    }

    void packed()
    {
        m_project->write(".git/HEAD", "ref: refs/heads/main\n");
        m_project->write(".git/packed-refs", "# pack-refs with: peeled fully-peeled sorted\n" + other + " refs/heads/main-2\n" + other + " refs/remotes/origin/refs/heads/main\n"
                + sha + " refs/heads/main\n" + other + " refs/tags/main\n^" + other + "\n");
        expect("main", sha);
        m_project->write(".git/refs/heads/main", other + "\n"); // a loose one is newer
        expect("main", other);
    }

    /// What `git worktree add` makes: .git is a file, the branch is in a folder of its own, and its commit in the common one.
    void worktree_data()
    {
        QTest::addColumn<bool>("relative");
        QTest::newRow("absolute") << false;
        QTest::newRow("relative") << true;
    }
    void worktree()
    {
        QFETCH(bool, relative);
        m_project->write("main/.git/refs/heads/topic", sha + "\n");
        m_project->write("main/.git/HEAD", "ref: refs/heads/main\n");
        m_project->write("main/.git/worktrees/tree/HEAD", "ref: refs/heads/topic\n");
        m_project->write("main/.git/worktrees/tree/commondir", "../..\n");
        m_project->write("tree/.git", "gitdir: " + (relative ? "../main/.git/worktrees/tree" : m_project->path("main/.git/worktrees/tree").string()) + "\n");
        expect("topic", sha, "tree");
    }

    /// A repository that names its objects with SHA-256.
    void longNames()
    {
        const std::string longSha = sha + "0123456789abcdef01234567";
        m_project->write(".git/HEAD", "ref: refs/heads/main\n");
        m_project->write(".git/packed-refs", "# pack-refs with: peeled\n" + longSha + " refs/heads/main\n");
        expect("main", longSha);
        m_project->write(".git/refs/heads/main", longSha + "\n");
        expect("main", longSha);
        m_project->write(".git/HEAD", longSha + "\n");
        expect("local", longSha);
    }

    void damaged_data()
    {
        QTest::addColumn<QByteArray>("head");
        QTest::newRow("empty") << QByteArray("");
        QTest::newRow("words") << QByteArray("what is this, forty letters long or so?\n");
        QTest::newRow("forty bytes, not a commit") << QByteArray(40, 'z');
        QTest::newRow("binary") << QByteArray("\0\1\2", 3);
    }
    void damaged()
    {
        QFETCH(QByteArray, head);
        m_project->write(".git/HEAD", head.toStdString());
        expect("local", zeros);
    }

    void damagedReference()
    {
        m_project->write(".git/HEAD", "ref: refs/heads/main\n");
        m_project->write(".git/refs/heads/main", std::string(40, '?'));
        expect("main", zeros);
    }
};

QTEST_GUILESS_MAIN(PagesVariablesTest)
#include "t_pagesvariables.moc"
