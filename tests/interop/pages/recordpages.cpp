// SPDX-License-Identifier: GPL-3.0-or-later
// Writes tests/interop/pages/recorded anew: asks the real `wrangler pages dev` what t_pagesdev asks `cleat dev`. CLEAT_PAGES_CASES=plain,routes records some only.
#include "tests/interop/pages/pagescase.h"
#include "tests/interop/wranglerdev.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QUrl>

#include <cstdio>

using cleat::test::PagesCase;
using namespace Qt::StringLiterals;

static bool record(const QString &name)
{
    QString problem;
    const PagesCase one = PagesCase::read(PagesCase::fileOf(name), problem);
    if (!problem.isEmpty()) {
        std::fprintf(stderr, "%s\n", qPrintable(problem));
        return false;
    }
    const QTemporaryDir folder;
    const QString project = folder.filePath(u"project"_s);
    if (!one.write(project) || !QDir(folder.path()).mkdir(u"home"_s)) {
        std::fprintf(stderr, "%s: the project cannot be written.\n", qPrintable(name));
        return false;
    }
    WranglerDev wrangler(project, folder.filePath(u"home"_s), one.flags());
    if (!wrangler.start()) {
        std::fprintf(stderr, "%s: wrangler does not start.\n%s\n", qPrintable(name), wrangler.output().constData());
        return false;
    }
    QByteArray text = "[\n";
    std::size_t count = 0;
    for (const QJsonObject &answer : one.ask(QUrl(wrangler.url()).port(), project))
        text += (count++ == 0 ? "" : ",\n") + QJsonDocument(answer).toJson(QJsonDocument::Compact);
    text += "\n]\n";
    QFile file(PagesCase::recordedFileOf(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size()) {
        std::fprintf(stderr, "%s: %s\n", qPrintable(file.fileName()), qPrintable(file.errorString()));
        return false;
    }
    std::printf("%s: %zu requests\n", qPrintable(name), count);
    std::fflush(stdout);
    return true;
}

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    if (const QString missing = WranglerDev::missing(); !missing.isEmpty()) {
        std::fprintf(stderr, "%s\n", qPrintable(missing));
        return 1;
    }
    bool good = true;
    for (const QString &name : PagesCase::names())
        good = record(name) && good;
    return good ? 0 : 1;
}
