// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/comparedialog.h"
#include "ui/widgets/theme.h"

#include "detailsample.h"

#include <QApplication>
#include <QCheckBox>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QTest>
#include <QTreeWidget>

using namespace cleat;
using namespace cleat::ui;
using namespace Qt::StringLiterals;

class TestCompareDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setupTheme(*qApp); }

    void same()
    {
        const Comparison comparison = compareRecords(sampleRecord(), sampleRecord());
        for (const Comparison::Section &section : comparison.sections) {
            for (const Comparison::Row &row : section.rows)
                QVERIFY2(row.same, qPrintable(row.name));
        }
        QCOMPARE(comparison.sections.size(), std::size_t(5));
        QCOMPARE(compareRecords({}, {}).sections.size(), std::size_t(2)); // facts and times there always are
    }

    void differences()
    {
        events::RequestRecord other = sampleRecord();
        other.content.requestHead = "Host: localhost:8788\r\nCookie: session=other\r\nX-New: 1\r\n";
        for (events::CallEvent &call : other.calls)
            call.durationUs += 7'000; // slower, but the same
        other.calls.erase(other.calls.begin() + 3); // R2
        const Comparison comparison = compareRecords(sampleRecord(), other);
        const auto row = [&comparison](int section, const QString &name) {
            for (const Comparison::Row &one : comparison.sections[static_cast<std::size_t>(section)].rows) {
                if (one.name.trimmed() == name)
                    return one;
            }
            return Comparison::Row();
        };
        QVERIFY(row(2, u"Host"_s).same);
        QVERIFY(!row(2, u"Cookie"_s).same);
        QVERIFY(!row(2, u"Cookie"_s).right.contains("session"_L1)); // masked
        QVERIFY(!row(2, u"Cookie"_s).right.isEmpty());
        QCOMPARE(row(2, u"X-New"_s).left, QString());
        QCOMPARE(row(2, u"User-Agent"_s).right, QString());
        QVERIFY(row(4, u"KV SESSIONS.get"_s).same);
        QVERIFY(row(4, u"KV SESSIONS.get"_s).left != row(4, u"KV SESSIONS.get"_s).right);
        QVERIFY(row(4, u"R2 FILES.head"_s).right.isEmpty());
    }

    void onlyDifferences()
    {
        CompareDialog dialog(sampleRecord(), failingRecord());
        dialog.show();
        QVERIFY(QTest::qWaitForWindowExposed(&dialog));
        QTRY_VERIFY(!dialog.isReading());
        const int all = visibleRows(dialog);
        QTest::mouseClick(&dialog.onlyDifferences(), Qt::LeftButton, {}, QPoint(8, dialog.onlyDifferences().height() / 2));
        QVERIFY(dialog.onlyDifferences().isChecked());
        QVERIFY(visibleRows(dialog) < all);
        QVERIFY(visibleRows(dialog) > 0);
        dialog.onlyDifferences().setChecked(false);
        QCOMPARE(visibleRows(dialog), all);
        QVERIFY(dialog.tabs().tabText(2).contains(u'≠'));
        QVERIFY(!dialog.tabs().tabText(1).contains(u'≠'));
        dialog.tabs().setCurrentIndex(2);
        QVERIFY(dialog.tabs().currentWidget()->findChild<QPlainTextEdit *>()->toPlainText().contains("Internal error"_L1));
    }

    void nasty()
    {
        events::RequestRecord odd = sampleRecord();
        odd.content.responseBody = std::string("\0\xff\xfe", 3);
        odd.content.responseHead = "\r\n\r\n::\r\n";
        for (std::uint32_t i = 0; i < 3000; ++i)
            odd.calls.push_back(odd.calls[i % 10]);
        CompareDialog dialog(odd, sampleRecord());
        dialog.show();
        QTRY_VERIFY(!dialog.isReading());
        dialog.grab();
    }

    void pictures()
    {
        const QString folder = qEnvironmentVariable("CLEAT_SHOTS");
        events::RequestRecord other = sampleRecord();
        other.content.responseBody = R"({"id":42,"title":"Buy oat milk","done":true,"tags":["home"],"owner":{"name":"Ada","mail":"ada@example.org"}})";
        other.request.responseBytes = other.content.responseBody.size();
        other.request.durationUs = 31'000;
        other.calls.erase(other.calls.begin() + 3);
        other.content.responseHead += "Cache-Control: no-store\r\n";
        CompareDialog dialog(sampleRecord(), other);
        for (const QSize size : {QSize(1000, 640), QSize(640, 420)}) {
            dialog.resize(size);
            dialog.show();
            QTRY_VERIFY(!dialog.isReading());
            for (int tab = 0; tab < 3; ++tab) {
                dialog.tabs().setCurrentIndex(tab);
                const QPixmap picture = dialog.grab();
                if (!folder.isEmpty())
                    QVERIFY(picture.save(u"%1/compare-%2-%3-%4.png"_s.arg(folder, qEnvironmentVariable("CLEAT_THEME", u"light"_s)).arg(size.width()).arg(tab)));
            }
        }
    }

private:
    static int visibleRows(CompareDialog &dialog)
    {
        int count = 0;
        for (int i = 0; i < dialog.rows().topLevelItemCount(); ++i) {
            for (int j = 0; j < dialog.rows().topLevelItem(i)->childCount(); ++j)
                count += !dialog.rows().topLevelItem(i)->child(j)->isHidden();
        }
        return count;
    }
};

QTEST_MAIN(TestCompareDialog)
#include "t_comparedialog.moc"
