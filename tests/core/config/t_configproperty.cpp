// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/config/editproperty.h"
#include "tests/core/config/goldencase.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace cleat::config;

/// The property of the fuzz target, over mutated golden files, with numbers that are the same in every run.
class ConfigPropertyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainFiles();
    void mutatedFiles();
};

namespace {

std::vector<std::string> corpus()
{
    std::vector<std::string> out;
    for (const golden::Case &one : golden::readCases(CLEAT_TESTS_DIR "/golden/config"))
        out.push_back(one.before);
    return out;
}

} // namespace

void ConfigPropertyTest::plainFiles()
{
    property::Random random(7);
    for (const std::string &text : corpus()) {
        for (int i = 0; i < 6; ++i) {
            const Edit edit = property::randomEdit(text, random);
            if (const auto wrong = property::violation(text, edit))
                QFAIL(qPrintable(QString::fromStdString(*wrong + "\n" + property::describe(edit) + "\n" + text)));
        }
    }
}

void ConfigPropertyTest::mutatedFiles()
{
    const std::vector<std::string> texts = corpus();
    property::Random random(20240901);
    int edited = 0;
    int unsafe = 0;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20000 && (timer.elapsed() < 4000 || edited < 20); ++i) {
        const std::string text = property::mutated(random.oneOf(texts), texts, random);
        const Edit edit = property::randomEdit(text, random);
        if (const auto wrong = property::violation(text, edit))
            QFAIL(qPrintable(QString::fromStdString(*wrong + "\n" + property::describe(edit) + "\n" + text)));
        const auto result = applyEdit(text, edit);
        edited += result ? 1 : 0;
        unsafe += !result && result.error().code == "config.edit.unsafe" ? 1 : 0;
    }
    QVERIFY2(unsafe * 100 <= edited, "the editor gives up on files that it could edit");
    QVERIFY2(edited >= 20, "too few of the mutated files could be edited to mean anything");
}

QTEST_GUILESS_MAIN(ConfigPropertyTest)
#include "t_configproperty.moc"
