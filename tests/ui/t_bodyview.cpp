// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/bodyview.h"
#include "ui/requests/detail/fieldstable.h"

#include <QLabel>
#include <QListWidget>
#include <QStandardPaths>
#include <QTabBar>
#include <QTest>

using namespace cleat;
using namespace cleat::ui;
using namespace Qt::StringLiterals;

namespace {

RecordedBody body(const std::string &bytes, const std::string &head, std::uint64_t whole = 0)
{
    return {.bytes = std::make_shared<const std::string>(bytes), .wholeSize = whole, .head = data::content::parseHead(head), .name = u"x"_s};
}

/// gzip of "{\"a\":[1,2,3]}", by Python's gzip.
const std::string packedJson("\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\x56\x4a\x54\xb2\x8a\x36\xd4\x31\xd2\x31\x8e\xad\x05\x00\x91\x1a\x11\x87\x0d\x00\x00\x00", 33);

} // namespace

class TestBodyView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QStandardPaths::setTestModeEnabled(true); }
    void init()
    {
        m_view = std::make_unique<BodyView>();
        m_view->resize(600, 400);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup() { m_view.reset(); }

    void plain()
    {
        show(body("hello", "Content-Type: text/plain\r\n"));
        QCOMPARE(*m_view->value().value(), std::string("hello"));
        QCOMPARE(m_view->content().shape, BodyContent::Shape::Plain);
        QVERIFY(notes().isEmpty());
    }

    void cutOff()
    {
        show(body(std::string(1U << 20, 'x'), "Content-Type: text/plain\r\n", 5'000'000));
        QVERIFY(notes().contains("1.0 MB of 5.0 MB"_L1));
        QCOMPARE(m_view->value().hint().wholeSize, std::uint64_t(5'000'000));
    }

    void decoded()
    {
        show(body(packedJson, "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", packedJson.size()));
        QCOMPARE(*m_view->value().value(), std::string("{\"a\":[1,2,3]}"));
        QTRY_COMPARE(m_view->value().form(), ValueForm::Json);
        QVERIFY(notes().isEmpty());
        // Its beginning, of more: what could be decoded, and no word about damage.
        show(body(packedJson.substr(0, 20), "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", 5000));
        QCOMPARE(m_view->content().notes.size(), 1);
        // Too short though it is whole.
        show(body(packedJson.substr(0, 20), "Content-Type: application/json\r\nContent-Encoding: gzip\r\n", 20));
        QVERIFY(notes().contains("too early"_L1));
        show(body("no gzip", "Content-Encoding: gzip\r\n", 7));
        QVERIFY(notes().contains("damaged at byte"_L1));
        show(body("whatever", "Content-Encoding: zstd\r\n", 8));
        QVERIFY(notes().contains("zstd"_L1));
        QCOMPARE(*m_view->value().value(), std::string("whatever"));
    }

    void charsets()
    {
        show(body("caf\xe9", "Content-Type: text/plain; charset=ISO-8859-1\r\n"));
        QCOMPARE(*m_view->value().value(), std::string("caf\xc3\xa9"));
        show(body(std::string("\xff\xfeh\0i\0", 6), "Content-Type: text/plain; charset=\"utf-16\"\r\n"));
        QCOMPARE(*m_view->value().value(), std::string("hi"));
        show(body("\xff\xfe broken", "Content-Type: text/plain; charset=utf-8\r\n")); // as it is
        QCOMPARE(*m_view->value().value(), std::string("\xff\xfe broken"));
        show(body("abc", "Content-Type: text/plain; charset=klingon\r\n"));
        QCOMPARE(*m_view->value().value(), std::string("abc"));
    }

    void form()
    {
        show(body("name=J%C3%B6rg+B&x=", "Content-Type: application/x-www-form-urlencoded\r\n"));
        QVERIFY(m_view->form().isVisible());
        QCOMPARE(m_view->form().model().rowCount(), 2);
        QCOMPARE(m_view->form().model().index(0, 1).data().toString(), u"Jörg B"_s);
        auto *tabs = tabBar();
        QTest::mouseClick(tabs, Qt::LeftButton, {}, tabs->tabRect(1).center());
        QVERIFY(m_view->value().isVisible());
        show(body("plain", "Content-Type: text/plain\r\n"));
        QVERIFY(m_view->value().isVisible() && !tabs->isVisible());
    }

    void multipart()
    {
        show(body("--b\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\nHello\r\n--b\r\nContent-Disposition: form-data; name=\"up\"; filename=\"a.json\"\r\n"
                  "Content-Type: application/json\r\n\r\n[1]\r\n--b--\r\n",
            "Content-Type: multipart/form-data; boundary=b\r\n"));
        QVERIFY(m_view->parts().isVisible());
        QCOMPARE(m_view->parts().count(), 2);
        QCOMPARE(*m_view->part().value(), std::string("Hello"));
        QTest::mouseClick(m_view->parts().viewport(), Qt::LeftButton, {}, m_view->parts().visualItemRect(m_view->parts().item(1)).center());
        QCOMPARE(*m_view->part().value(), std::string("[1]"));
        show(body("nothing of the kind", "Content-Type: multipart/form-data; boundary=b\r\n"));
        QVERIFY(m_view->value().isVisible());
        QVERIFY(notes().contains("boundary"_L1));
    }

    void events()
    {
        show(body("data: 1\n\nevent: tick\nid: 4\ndata: 2", "Content-Type: text/event-stream\r\n"));
        QCOMPARE(m_view->events().model().rowCount(), 2);
        QCOMPARE(m_view->events().model().fields()[1].name, u"tick #4"_s);
        QVERIFY(!m_view->events().model().fields()[1].note.isEmpty());
        show(body("data: 1\n\nevent: tick\nid: 4\ndata: 2\n\n", "Content-Type: text/event-stream\r\n")); // it grew
        QVERIFY(m_view->events().model().fields()[1].note.isEmpty());
    }

    void quickChanges()
    {
        // A stream that grows while it is looked at: the last state is shown in the end.
        std::string text;
        for (int i = 0; i < 200; ++i) {
            text += "line\n";
            m_view->setBody(body(text, "Content-Type: text/plain\r\n"));
            if (i % 20 == 0)
                QCoreApplication::processEvents();
        }
        QTRY_VERIFY(m_view->value().value() && *m_view->value().value() == text);
        m_view->setBody(body("other", "Content-Type: text/plain\r\n"));
        m_view->setMessage(u"none"_s); // before it was ready
        QTest::qWait(0);
        QVERIFY(!m_view->value().value());
    }

    void largeJson()
    {
        std::string json = "[";
        while (json.size() < (1U << 20))
            json += R"({"id":12345,"name":"somebody","tags":["a","b"]},)";
        json.back() = ']';
        show(body(json, "Content-Type: application/json\r\n"));
        QTRY_COMPARE(m_view->value().form(), ValueForm::Json);
    }

private:
    void show(const RecordedBody &body)
    {
        m_view->setBody(body);
        QTRY_VERIFY(!m_view->isReading());
    }
    QString notes() const { return m_view->findChild<QLabel *>(u"bodyNotes"_s)->text(); }
    /// The view's own, not its values'.
    QTabBar *tabBar() const
    {
        for (QTabBar *bar : m_view->findChildren<QTabBar *>()) {
            if (bar->parentWidget() == m_view.get())
                return bar;
        }
        return nullptr;
    }
    std::unique_ptr<BodyView> m_view;
};

QTEST_MAIN(TestBodyView)
#include "t_bodyview.moc"
