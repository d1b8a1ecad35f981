// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/config/editproperty.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace cleat::config;

Q_DECLARE_METATYPE(cleat::config::Form)

/// The property of the fuzz targets, over mutated golden files, with numbers that are the same in every run.
class ConfigPropertyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void plainFiles_data() { forms(); }
    void plainFiles();
    void mutatedFiles_data() { forms(); }
    void mutatedFiles();

private:
    static void forms()
    {
        QTest::addColumn<Form>("form");
        QTest::newRow("TOML") << Form::Toml;
        QTest::newRow("JSON") << Form::Jsonc;
    }
};

namespace {

std::string report(const std::string &wrong, std::span<const Edit> step, const std::string &text)
{
    return wrong + "\n" + property::describe(step) + text + "<end>";
}

} // namespace

void ConfigPropertyTest::plainFiles()
{
    QFETCH(Form, form);
    property::Random random(7);
    for (const std::string &text : property::corpus(form)) {
        for (int i = 0; i < 2; ++i) {
            const std::vector<Edit> step = property::randomStep(text, form, random);
            if (const auto wrong = property::violation(text, form, step))
                QFAIL(report(*wrong, step, text).c_str());
        }
    }
}

void ConfigPropertyTest::mutatedFiles()
{
    QFETCH(Form, form);
    const std::vector<std::string> texts = property::corpus(form);
    property::Random random(20240901);
    int edited = 0;
    int unsafe = 0;
    QElapsedTimer timer;
    timer.start();
    for (int i = 0; i < 20000 && (timer.elapsed() < 4000 || edited < 20); ++i) {
        const std::string text = property::mutated(random.oneOf(texts), form, texts, random);
        const std::vector<Edit> step = property::randomStep(text, form, random);
        if (const auto wrong = property::violation(text, form, step))
            QFAIL(report(*wrong, step, text).c_str());
        const auto result = applyEdits(text, form, step);
        edited += result ? 1 : 0;
        unsafe += !result && result.error().code == "config.edit.unsafe" ? 1 : 0;
    }
    QVERIFY2(unsafe * 50 <= edited, "the editor gives up on files that it could edit");
    QVERIFY2(edited >= 20, "too few of the mutated files could be edited to mean anything");
}

QTEST_GUILESS_MAIN(ConfigPropertyTest)
#include "t_configproperty.moc"
