// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/gitstate.h"

#include <QCoreApplication>
#include <QPointer>
#include <QProcess>
#include <QProcessEnvironment>
#include <QTimer>

#include <utility>

namespace cleat::session {

namespace {

constexpr int patienceMs = 5000; ///< for each of two calls

/// `ended` gets git's exit code, or -1 when it did not come to one.
void runGit(const std::filesystem::path &folder, const QStringList &arguments, QObject *context, std::function<void(int)> ended)
{
    auto *git = new QProcess(QCoreApplication::instance()); // so that it ends by itself when nobody wants its answer any more
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const char *name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"})
        environment.remove(QString::fromLatin1(name)); // of a hook from which Cleat was started
    environment.insert(QStringLiteral("GIT_OPTIONAL_LOCKS"), QStringLiteral("0"));
    git->setProcessEnvironment(environment);
    git->setWorkingDirectory(QString::fromStdString(folder.string()));
    git->setStandardInputFile(QProcess::nullDevice());
    git->setStandardOutputFile(QProcess::nullDevice());
    git->setStandardErrorFile(QProcess::nullDevice());
    const auto finish = [git, asking = QPointer<QObject>(context), ended = std::move(ended)](int code) {
        git->disconnect();
        git->deleteLater();
        if (asking)
            ended(code);
    };
    QObject::connect(git, &QProcess::finished, git, [finish](int code, QProcess::ExitStatus status) { finish(status == QProcess::NormalExit ? code : -1); });
    QObject::connect(git, &QProcess::errorOccurred, git, [finish](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            finish(-1);
    });
    QTimer::singleShot(patienceMs, git, [git] { git->kill(); });
    // Later, since a program that cannot be started says so from inside of start().
    QTimer::singleShot(0, git, [git, arguments] { git->start(QStringLiteral("git"), arguments); });
}

} // namespace

void askGit(const std::filesystem::path &file, QObject *context, std::function<void(GitState)> answer)
{
    const auto folder = file.parent_path();
    const QString name = QString::fromStdString(file.filename().string());
    constexpr int no = 1; // both commands say so with it; 128 is a failure
    runGit(folder, {QStringLiteral("ls-files"), QStringLiteral("--error-unmatch"), QStringLiteral("--"), QStringLiteral(":(literal)") + name}, context,
        [folder, name, context, answer = std::move(answer)](int listed) {
            if (listed != no) {
                answer(listed == 0 ? GitState::Tracked : GitState::NoGit);
                return;
            }
            runGit(folder, {QStringLiteral("check-ignore"), QStringLiteral("--quiet"), QStringLiteral("--"), name}, context, [answer](int ignored) {
                answer(ignored == 0 ? GitState::Ignored : ignored == no ? GitState::NotIgnored : GitState::NoGit);
            });
        });
}

} // namespace cleat::session
