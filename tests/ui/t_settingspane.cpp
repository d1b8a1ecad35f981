// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/windowbench.h"
#include "ui/settings/settingspane.h"
#include "ui/widgets/jsonedit.h"

#include <QComboBox>
#include <QDir>
#include <QElapsedTimer>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSpinBox>

using namespace cleat;
using namespace Qt::StringLiterals;
using session::Plan;
using tests::WindowBench;

namespace {

template <typename Widget>
Widget *named(const WindowBench &bench, const QString &name)
{
    for (Widget *one : bench.window->findChildren<Widget *>()) {
        if (one->accessibleName() == name && one->isVisible())
            return one;
    }
    return nullptr;
}

} // namespace

class TestSettingsPane final : public QObject
{
    Q_OBJECT
private:
    QTemporaryDir m_settings;

private Q_SLOTS:
    void initTestCase() { tests::prepareWindows(m_settings.path()); }
    void init() { QSettings().clear(); }

    void chosenThingsHold()
    {
        WindowBench bench;
        bench.click(u"Settings"_s);
        auto *plan = named<QComboBox>(bench, u"Plan"_s);
        QVERIFY(plan);
        QCOMPARE(plan->currentText(), u"Workers Paid"_s);
        QVERIFY(bench.shows(u"30 seconds"_s));
        QTest::keyClick(plan, Qt::Key_Home);
        QTRY_COMPARE(bench.session->settings().plan, Plan::Free);
        QVERIFY(bench.shows(u"10 ms"_s));
        // It holds at once: code that takes longer is ended as on that plan.
        QVERIFY(bench.waitFor(session::State::Running));
        bench.write("functions/burn.ts", "export const onRequest = () => { for (;;); };\n");
        QElapsedTimer timer;
        timer.start();
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/burn"_s).status, 503, 20'000);
        QVERIFY(timer.elapsed() < 20'000); // the other plan gives it 30 s

        auto *memory = named<QSpinBox>(bench, u"Memory, and the same on the disk"_s);
        QVERIFY(memory);
        memory->setValue(512);
        QTRY_COMPARE(bench.session->settings().recordingBytes, std::size_t(512) << 20);
        auto *body = named<QComboBox>(bench, u"Kept of each body"_s);
        body->setCurrentIndex(body->findText(u"8 MiB"_s));
        QTRY_COMPARE(bench.session->events().bodyBytes(), std::size_t(8) << 20);

        bench.reopen();
        QCOMPARE(bench.session->settings().plan, Plan::Free);
        QCOMPARE(bench.session->settings().recordingBytes, std::size_t(512) << 20);
    }

    void cf()
    {
        WindowBench bench;
        bench.click(u"Settings"_s);
        auto *edit = named<QPlainTextEdit>(bench, u"request.cf"_s);
        QVERIFY(edit);
        edit->setPlainText(u"{\"country\": \"NZ\"}"_s);
        QTRY_VERIFY(bench.session->settings().cf.find("NZ") != std::string::npos);
        bench.write("functions/where.ts", "export const onRequest = ({ request }) => new Response(request.cf.country);\n");
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/where"_s).body, "NZ", 20'000);
        edit->setPlainText(u"{\"country\": \"NZ\", \"city\": \"Dunedin\"}"_s);
        bench.write("functions/where.ts", "export const onRequest = ({ request }) => new Response(request.cf.city ?? 'nowhere');\n");
        QTRY_COMPARE_WITH_TIMEOUT(bench.get(u"/where"_s).body, "Dunedin", 20'000);
        edit->setPlainText(u"[1]"_s); // JSON, but no object: said, and not kept
        QTRY_VERIFY(bench.shows(u"has to be a JSON object"_s));
        edit->setPlainText(u"{\"country\": "_s);
        QTest::qWait(700); // nothing to wait for: it is not kept
        QVERIFY(bench.session->settings().cf.find("NZ") != std::string::npos);
        edit->setPlainText({});
        QTRY_VERIFY(bench.session->settings().cf.empty());
    }
};

QTEST_MAIN(TestSettingsPane)
#include "t_settingspane.moc"
