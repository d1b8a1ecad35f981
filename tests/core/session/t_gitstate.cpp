// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/gitstate.h"
#include "tests/core/session/project.h"

#include <QProcess>
#include <QTest>

#include <optional>

using namespace cleat;
using session::GitState;

namespace {

std::optional<GitState> ask(const std::filesystem::path &file)
{
    QObject context;
    std::optional<GitState> state;
    session::askGit(file, &context, [&](GitState got) { state = got; });
    if (state || !QTest::qWaitFor([&] { return state.has_value(); }, 30'000))
        return std::nullopt;
    return state;
}

} // namespace

class GitStateTest final : public QObject
{
    Q_OBJECT

    std::unique_ptr<tests::Project> m_project;

    void git(const QStringList &arguments) const
    {
        QProcess process;
        process.setWorkingDirectory(QString::fromStdString(m_project->path().string()));
        process.start(QStringLiteral("git"), arguments);
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 0);
    }

private Q_SLOTS:
    void init() { m_project = std::make_unique<tests::Project>(); }

    void states()
    {
        qputenv("GIT_CEILING_DIRECTORIES", QByteArray::fromStdString(m_project->path().parent_path().string()));
        m_project->write(".dev.vars", "A=x\n");
        QVERIFY(ask(m_project->path(".dev.vars")) == GitState::NoGit);
        git({QStringLiteral("init"), QStringLiteral("--quiet")});
        QVERIFY(ask(m_project->path(".dev.vars")) == GitState::NotIgnored);
        QVERIFY(ask(m_project->path(".dev.vars.preview")) == GitState::NotIgnored); // not there
        m_project->write(".gitignore", ".dev.vars*\n!.dev.vars.example\n");
        QVERIFY(ask(m_project->path(".dev.vars")) == GitState::Ignored);
        QVERIFY(ask(m_project->path(".dev.vars.preview")) == GitState::Ignored);
        QVERIFY(ask(m_project->path(".dev.vars.example")) == GitState::NotIgnored);
        git({QStringLiteral("add"), QStringLiteral("--force"), QStringLiteral(".dev.vars")});
        QVERIFY(ask(m_project->path(".dev.vars")) == GitState::Tracked);
        QVERIFY(ask(m_project->path(".dev.var?")) == GitState::NotIgnored); // a name, not a pattern
        m_project->write("below/x", "");
        QVERIFY(ask(m_project->path("below/.dev.vars")) == GitState::Ignored);
        QVERIFY(ask(m_project->path("no folder/.dev.vars")) == GitState::NoGit);
    }

    void noGit()
    {
        const QByteArray path = qgetenv("PATH");
        qputenv("PATH", "/nowhere");
        const auto state = ask(m_project->path(".dev.vars"));
        qputenv("PATH", path);
        QVERIFY(state == GitState::NoGit);
    }

    void notAnsweredOnceItIsGone()
    {
        bool answered = false;
        {
            QObject context;
            session::askGit(m_project->path(".dev.vars"), &context, [&](GitState) { answered = true; });
        }
        QTest::qWait(100);
        QVERIFY(!answered);
    }
};

QTEST_GUILESS_MAIN(GitStateTest)
#include "t_gitstate.moc"
