// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/fieldstable.h"

#include <QAbstractItemModelTester>
#include <QApplication>
#include <QClipboard>
#include <QTableView>
#include <QTest>
#include <QToolButton>

using namespace cleat::ui;
using namespace Qt::StringLiterals;
using Seen = FieldsModel::Field::Seen;

class TestFieldsTable : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_table = std::make_unique<FieldsTable>(u"Headers"_s, u"none"_s);
        m_table->resize(500, 300);
        m_table->setFields({{u"Host"_s, u"localhost"_s, Seen::Always, {}}, {u"Cookie"_s, u"id=42"_s, Seen::WhenAsked, {}}, {u"Authorization"_s, u"Bearer abc"_s, Seen::WhenAsked, {}}});
        m_table->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_table.get()));
    }
    void cleanup() { m_table.reset(); }

    void masksUntilAsked()
    {
        FieldsModel &model = m_table->model();
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(value(0), u"localhost"_s);
        QCOMPARE(value(1), FieldsModel::mask());
        QVERIFY(!m_table->copiedText().contains("42"_L1));
        // One by a double click, again by Enter.
        const QPoint place = m_table->view().visualRect(model.index(1, FieldsModel::Value)).center();
        QTest::mouseClick(m_table->view().viewport(), Qt::LeftButton, {}, place);
        QTest::mouseDClick(m_table->view().viewport(), Qt::LeftButton, {}, place);
        QCOMPARE(value(1), u"id=42"_s);
        QCOMPARE(value(2), FieldsModel::mask());
        QTest::keyClick(&m_table->view(), Qt::Key_Return);
        QCOMPARE(value(1), FieldsModel::mask());
        // All by the button.
        auto *button = m_table->findChild<QToolButton *>(u"showMasked"_s);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(value(1), u"id=42"_s);
        QCOMPARE(value(2), u"Bearer abc"_s);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(value(2), FieldsModel::mask());
        // A field that is no secret stays as it is.
        QTest::mouseDClick(m_table->view().viewport(), Qt::LeftButton, {}, m_table->view().visualRect(model.index(0, FieldsModel::Value)).center());
        QCOMPARE(value(0), u"localhost"_s);
    }

    void othersAreMaskedAgain()
    {
        FieldsModel &model = m_table->model();
        model.setAllShown(FieldsModel::Shown::Plain);
        auto fields = model.fields();
        fields.push_back({u"X"_s, u"1"_s, Seen::Always, {}});
        m_table->setFields(fields); // the same and one more
        QCOMPARE(value(1), u"id=42"_s);
        fields[1].value = u"id=43"_s;
        m_table->setFields(fields);
        QCOMPARE(value(1), FieldsModel::mask());
        m_table->setFields({});
        QCOMPARE(model.rowCount(), 0);
        QVERIFY(!m_table->view().isVisible());
    }

    void copies()
    {
        QTest::mouseClick(m_table->view().viewport(), Qt::LeftButton, {}, m_table->view().visualRect(m_table->model().index(0, 0)).center());
        QTest::keyClick(&m_table->view(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), u"Host: localhost"_s);
        QTest::keyClick(&m_table->view(), Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(&m_table->view(), Qt::Key_C, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), u"Host: localhost\nCookie: •••\nAuthorization: •••"_s);
    }

private:
    QString value(int row) const { return m_table->model().index(row, FieldsModel::Value).data().toString(); }
    std::unique_ptr<FieldsTable> m_table;
};

QTEST_MAIN(TestFieldsTable)
#include "t_fieldstable.moc"
