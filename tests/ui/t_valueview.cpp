// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/hexview.h"
#include "ui/values/imageview.h"
#include "ui/values/jsontree.h"
#include "ui/values/textview.h"
#include "ui/values/valuekind.h"
#include "ui/values/valueview.h"
#include "ui/widgets/theme.h"

#include <QBuffer>
#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QSettings>
#include <QStandardPaths>
#include <QTabBar>
#include <QTest>
#include <QTreeView>

using namespace cleat::ui;
using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t large = 25 * 1024 * 1024;

ValueBytes bytesOf(std::string text)
{
    return std::make_shared<const std::string>(std::move(text));
}

std::string png(int width, int height)
{
    QImage image(width, height, QImage::Format_ARGB32);
    image.fill(QColor(200, 40, 40, 120));
    QByteArray out;
    QBuffer buffer(&out);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return out.toStdString();
}

std::string largeJson()
{
    std::string text = "[";
    for (int i = 0; text.size() < large - 200; ++i)
        text += (i ? ",\n" : "") + ("{\"id\":" + std::to_string(i)) + ",\"name\":\"user " + std::to_string(i * 7) + "\",\"tags\":[\"a\",\"b\",1.5],\"ok\":true}";
    return text + "]";
}

void clickTab(ValueView &view, int tab)
{
    auto *tabs = view.findChild<QTabBar *>();
    QVERIFY(QTest::qWaitFor([tabs, tab] { return tabs->tabRect(tab).width() > 0; }, 30'000)); // laid out
    QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(tab).center());
}

/// The longest time that the event loop was held up while `condition` came true.
template <typename Condition>
qint64 longestFrame(const Condition &condition)
{
    QElapsedTimer all;
    all.start();
    qint64 longest = 0;
    while (!condition() && all.elapsed() < 20'000) {
        QElapsedTimer frame;
        frame.start();
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        longest = std::max(longest, frame.elapsed());
        std::this_thread::yield();
    }
    return longest;
}

} // namespace

class TestValueView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QCoreApplication::setOrganizationName(u"cleat-test"_s);
        QCoreApplication::setApplicationName(u"t_valueview"_s);
        setupTheme(*qApp);
        QSettings().clear();
    }
    void cleanupTestCase() { QSettings().clear(); }

    void kinds_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("type");
        QTest::addColumn<QString>("name");
        QTest::addColumn<ValueForm>("form");
        QTest::newRow("empty") << QByteArray() << QString() << QString() << ValueForm::Text;
        QTest::newRow("text") << QByteArray("hello") << QString() << QString() << ValueForm::Text;
        QTest::newRow("object") << QByteArray(" {\"a\":1}") << QString() << QString() << ValueForm::Json;
        QTest::newRow("array") << QByteArray("[1]") << QString() << QString() << ValueForm::Json;
        QTest::newRow("a note in brackets") << QByteArray("[TODO] buy milk") << QString() << QString() << ValueForm::Text;
        QTest::newRow("a template") << QByteArray("{{name}}") << QString() << QString() << ValueForm::Text;
        QTest::newRow("a number is text") << QByteArray("42") << QString() << QString() << ValueForm::Text;
        QTest::newRow("a number said to be JSON") << QByteArray("42") << u"application/json; charset=utf-8"_s << QString() << ValueForm::Json;
        QTest::newRow("by its name") << QByteArray("\"x\"") << QString() << u"a/b.json"_s << ValueForm::Json;
        QTest::newRow("nul bytes") << QByteArray(100, '\0') << QString() << QString() << ValueForm::Hex;
        QTest::newRow("latin-1") << QByteArray("caf\xE9") << QString() << QString() << ValueForm::Hex;
        QTest::newRow("png") << QByteArray::fromStdString(png(2, 2)) << QString() << QString() << ValueForm::Image;
        QTest::newRow("png said to be text") << QByteArray::fromStdString(png(2, 2)) << u"text/plain"_s << QString() << ValueForm::Image;
        QTest::newRow("text said to be png") << QByteArray("hello") << u"image/png"_s << u"a.png"_s << ValueForm::Text;
        QTest::newRow("svg") << QByteArray("<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' width='4' height='4'/>") << QString() << QString() << ValueForm::Image;
        QTest::newRow("BM is a word") << QByteArray("BMW and others") << QString() << QString() << ValueForm::Text;
        QTest::newRow("gzip") << QByteArray("\x1F\x8B\x08\0\0\0", 6) << QString() << QString() << ValueForm::Hex;
    }
    void kinds()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, type);
        QFETCH(QString, name);
        ValueHint hint;
        hint.contentType = type;
        hint.name = name;
        QTEST(valueKind(bytes.toStdString(), hint).form(), "form");
    }

    void tabsAndChoice()
    {
        ValueView view;
        view.resize(640, 420);
        view.show();
        ValueHint hint;
        hint.group = u"kv/test"_s;
        hint.name = u"one"_s;
        view.setValue(bytesOf("{\"a\":1}"), hint);
        QCOMPARE(view.form(), ValueForm::Json);
        clickTab(view, 2);
        QCOMPARE(view.form(), ValueForm::Hex);
        hint.name = u"two"_s;
        view.setValue(bytesOf("[2]"), hint);
        QCOMPARE(view.form(), ValueForm::Hex); // as for the one before
        hint.name = u"three"_s;
        view.setValue(bytesOf("plain"), hint);
        QCOMPARE(view.form(), ValueForm::Text); // of another kind
        hint.group = u"kv/other"_s;
        view.setValue(bytesOf("[2]"), hint);
        QCOMPARE(view.form(), ValueForm::Json);
        hint.group = u"kv/test"_s;
        view.setValue(bytesOf("[2]"), hint);
        clickTab(view, 1);
        view.setValue(bytesOf("plain"), hint);
        view.setValue(bytesOf("[3]"), hint);
        QCOMPARE(view.form(), ValueForm::Json);
        view.setMessage(u"Nothing"_s);
        QVERIFY(!view.value());
        QVERIFY(view.summary().isEmpty());
    }

    void brokenJsonIsShownAsText()
    {
        ValueView view;
        view.resize(640, 420);
        view.show();
        view.setValue(bytesOf("{\"a\": 1,\n oops}"));
        QCOMPARE(view.form(), ValueForm::Text);
        QVERIFY2(view.summary().contains(u"line 2"_s), qPrintable(view.summary()));
        clickTab(view, 1); // on wish, it says why
        QCOMPARE(view.form(), ValueForm::Json);
    }

    void lateFaultShowsBytes()
    {
        ValueView view;
        view.resize(640, 420);
        view.show();
        std::string text(300'000, 'a');
        text[200'000] = '\xFF';
        view.setValue(bytesOf(text));
        QTRY_COMPARE(view.form(), ValueForm::Hex);
        QVERIFY2(view.summary().contains(u"not UTF-8"_s), qPrintable(view.summary()));
    }

    void findByKeys()
    {
        ValueView view;
        view.resize(640, 420);
        view.show();
        QVERIFY(QTest::qWaitForWindowActive(&view));
        view.setValue(bytesOf("one two three two"));
        view.findChild<TextView *>()->setFocus();
        QTest::keyClick(view.findChild<TextView *>(), Qt::Key_F, Qt::ControlModifier);
        auto *field = view.findChild<QLineEdit *>();
        QTRY_VERIFY(field->hasFocus());
        QTest::keyClicks(field, u"TWO"_s);
        QTRY_COMPARE(view.findChild<TextView *>()->selectedText(), u"two"_s);
        QTest::keyClick(field, Qt::Key_Return);
        QTRY_COMPARE(view.findChild<TextView *>()->selectionBegin(), std::size_t(14));
        QTest::keyClick(field, Qt::Key_Escape);
        QVERIFY(!field->isVisible());
        view.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"two"_s);
    }

    void pictures()
    {
        ValueView view;
        view.resize(640, 420);
        view.show();
        auto *image = view.findChild<ImageView *>();
        view.setValue(bytesOf(png(300, 200)));
        QCOMPARE(view.form(), ValueForm::Image);
        QTRY_COMPARE(image->image().size(), QSize(300, 200));
        QVERIFY2(view.summary().contains(u"300 × 200"_s), qPrintable(view.summary()));

        std::string hostile = png(2, 2);
        hostile.replace(16, 8, std::string("\0\0\xC3\x50\0\0\xC3\x50", 8)); // 50000 × 50000
        view.setValue(bytesOf(hostile));
        QTRY_VERIFY(!image->problem().isEmpty());
        QVERIFY(image->image().isNull());

        std::string cut = png(400, 400);
        cut.resize(40);
        view.setValue(bytesOf(cut));
        QTRY_VERIFY(!image->isReading());
        QVERIFY(!image->problem().isEmpty());
    }

    void movingPicturePlays()
    {
        const std::string gif = QByteArray::fromHex("47494638396102000100800000ff000000ff00"
                                                    "21ff0b4e45545343415045322e300301000000"
                                                    "21f90400020000002c000000000200010000020204 0a00"
                                                    "21f90400020000002c0000000002000100000202 4c0a003b")
                                    .toStdString();
        ValueView view;
        view.resize(300, 200);
        view.show();
        view.setValue(bytesOf(gif));
        QCOMPARE(view.form(), ValueForm::Image);
        auto *image = view.findChild<ImageView *>();
        QTRY_VERIFY(!image->isReading());
        QVERIFY2(image->problem().isEmpty(), qPrintable(image->problem()));
        QVERIFY(image->findChild<QMovie *>() || image->facts().startsWith(u"GIF"_s));
    }

    void largeOpenAtOnce_data()
    {
        QTest::addColumn<ValueForm>("form");
        QTest::addColumn<QString>("what");
        QTest::newRow("text, lines") << ValueForm::Text << u"lines"_s;
        QTest::newRow("text, one line") << ValueForm::Text << u"one"_s;
        QTest::newRow("text, line ends alone") << ValueForm::Text << u"ends"_s;
        QTest::newRow("text, wide characters") << ValueForm::Text << u"wide"_s;
        QTest::newRow("json") << ValueForm::Json << u"json"_s;
        QTest::newRow("json, as many values as go in") << ValueForm::Json << u"numbers"_s;
        QTest::newRow("json, deep") << ValueForm::Json << u"deep"_s;
        QTest::newRow("hex") << ValueForm::Hex << u"zeros"_s;
    }
    /// Prints how long it takes; it fails when it does not get there at all.
    void largeOpenAtOnce()
    {
        QFETCH(ValueForm, form);
        QFETCH(QString, what);
        std::string text;
        if (what == u"lines"_s) {
            for (int i = 0; text.size() < large; ++i)
                text += std::to_string(i) + " the quick brown fox jumps over the lazy dog and then some\n";
        } else if (what == u"one"_s) {
            text.assign(large, 'x');
        } else if (what == u"ends"_s) {
            text.assign(large, '\n');
        } else if (what == u"wide"_s) {
            while (text.size() < large)
                text += "日本語 émoji 😀 ";
        } else if (what == u"json"_s) {
            text = largeJson();
        } else if (what == u"numbers"_s) {
            text = "[1";
            while (text.size() < 20'000'000)
                text += ",1";
            text += "]";
        } else if (what == u"deep"_s) {
            text = std::string(10'000'000, '[') + std::string(10'000'000, ']');
        } else {
            text.assign(large, '\0');
        }
        ValueView view;
        view.resize(900, 700);
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        auto *json = view.findChild<JsonTree *>();
        auto *textView = view.findChild<TextView *>();
        const ValueBytes bytes = bytesOf(std::move(text));
        QElapsedTimer timer;
        timer.start();
        view.setValue(bytes);
        view.setForm(form);
        view.repaint();
        const qint64 first = timer.elapsed();
        const auto ready = [&] { return form == ValueForm::Json ? !json->isReading() : form == ValueForm::Hex || !textView->isReading(); };
        qint64 longest = longestFrame(ready);
        const qint64 whole = timer.elapsed();
        QVERIFY(ready());
        qint64 scroll = 0;
        if (form == ValueForm::Json) {
            QVERIFY(json->model().rowCount() > 0);
            timer.start();
            json->view().expand(json->model().index(0, 0));
            view.repaint();
            longest = std::max(longest, timer.elapsed());
        }
        auto *area = form == ValueForm::Json ? static_cast<QAbstractScrollArea *>(&json->view())
            : form == ValueForm::Hex         ? static_cast<QAbstractScrollArea *>(view.findChild<HexView *>())
                                             : textView;
        for (int i = 0; i <= 20; ++i) {
            timer.start();
            area->verticalScrollBar()->setValue(static_cast<int>(qint64(area->verticalScrollBar()->maximum()) * i / 20));
            area->viewport()->repaint();
            scroll = std::max(scroll, timer.elapsed());
        }
        qInfo().noquote() << u"first paint %1 ms, all known after %2 ms, longest hold-up %3 ms, longest frame of scrolling %4 ms"_s.arg(first).arg(whole).arg(longest).arg(scroll);
    }
};

QTEST_MAIN(TestValueView)
#include "t_valueview.moc"
