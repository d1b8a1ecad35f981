// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/conflictdialog.h"
#include "ui/widgets/diffview.h"

#include <QDialogButtonBox>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using ui::ConflictDialog;

namespace {

struct Bench {
    QPointer<ConflictDialog> dialog;
    std::unique_ptr<QSignalSpy> keep;
    std::unique_ptr<QSignalSpy> mine;
    std::unique_ptr<QSignalSpy> finished;

    explicit Bench(const session::ConfigStore::Conflict &conflict = {"a = 1\nb = 2\n", "a = 1\nb = 3\n", "a = 1\nb = 4\nc = 5\n"})
        : dialog(new ConflictDialog(conflict, u"wrangler.toml"_s))
    {
        keep = std::make_unique<QSignalSpy>(dialog.get(), &ConflictDialog::keepTheirs);
        mine = std::make_unique<QSignalSpy>(dialog.get(), &ConflictDialog::useMine);
        finished = std::make_unique<QSignalSpy>(dialog.get(), &QDialog::finished);
        dialog->open();
        dialog->activateWindow();
        (void)QTest::qWaitForWindowActive(dialog.get());
    }
    ~Bench() { delete dialog.get(); }

    QPushButton *button(const QString &text) const
    {
        for (QPushButton *candidate : dialog->findChildren<QPushButton *>()) {
            if (candidate->text().remove(u'&') == text)
                return candidate;
        }
        return nullptr;
    }
    QString side(const QString &name) const
    {
        for (const QPlainTextEdit *view : dialog->findChildren<QPlainTextEdit *>()) {
            if (view->accessibleName() == name)
                return view->toPlainText();
        }
        return {};
    }
};

} // namespace

class TestConflictDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void showsBothSides()
    {
        const Bench bench;
        QCOMPARE(bench.side(u"Yours"_s), u"1   a = 1\n2 - b = 2\n2 + b = 3"_s);
        QCOMPARE(bench.side(u"In the file now"_s), u"1   a = 1\n2 - b = 2\n2 + b = 4\n3 + c = 5"_s);
        QVERIFY(bench.dialog->windowTitle().contains(u"wrangler.toml"_s));
    }

    void sayWhenOneSideIsAsBefore()
    {
        const Bench bench({"a\n", "a\n", ""});
        QCOMPARE(bench.side(u"Yours"_s), QString());
        QCOMPARE(bench.side(u"In the file now"_s), u"1 - a"_s);
    }

    void choices_data()
    {
        QTest::addColumn<QString>("button");
        QTest::addColumn<int>("keep");
        QTest::addColumn<int>("mine");
        QTest::newRow("keep") << u"Keep the file as it is"_s << 1 << 0;
        QTest::newRow("mine") << u"Use mine"_s << 0 << 1;
        QTest::newRow("cancel") << u"Cancel"_s << 0 << 0;
    }
    void choices()
    {
        const Bench bench;
        QFETCH(QString, button);
        QVERIFY(bench.button(button));
        QTest::mouseClick(bench.button(button), Qt::LeftButton);
        QTEST(int(bench.keep->size()), "keep");
        QTEST(int(bench.mine->size()), "mine");
        QCOMPARE(bench.finished->size(), 1);
        QCOMPARE(bench.finished->at(0).at(0).toInt(), int(bench.mine->isEmpty() ? QDialog::Rejected : QDialog::Accepted));
    }

    void keys_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("modifiers");
        QTest::addColumn<int>("keep");
        QTest::addColumn<int>("mine");
        QTest::newRow("escape") << int(Qt::Key_Escape) << int(Qt::NoModifier) << 0 << 0;
        QTest::newRow("enter loses neither side") << int(Qt::Key_Return) << int(Qt::NoModifier) << 0 << 0;
        QTest::newRow("keep") << int(Qt::Key_K) << int(Qt::AltModifier) << 1 << 0;
        QTest::newRow("mine") << int(Qt::Key_M) << int(Qt::AltModifier) << 0 << 1;
    }
    void keys()
    {
        const Bench bench;
        QFETCH(int, key);
        QFETCH(int, modifiers);
        QTest::keyClick(bench.dialog->windowHandle(), Qt::Key(key), Qt::KeyboardModifiers(modifiers));
        QTRY_COMPARE(bench.finished->size(), 1);
        QTEST(int(bench.keep->size()), "keep");
        QTEST(int(bench.mine->size()), "mine");
    }

    void everythingByTab()
    {
        const Bench bench;
        QSet<QWidget *> reached;
        for (int i = 0; i < 12; ++i) {
            reached.insert(bench.dialog->focusWidget());
            QTest::keyClick(bench.dialog->windowHandle(), Qt::Key_Tab);
        }
        for (const QString &name : {u"Keep the file as it is"_s, u"Use mine"_s, u"Cancel"_s})
            QVERIFY2(reached.contains(bench.button(name)), qPrintable(name));
        for (QPlainTextEdit *view : bench.dialog->findChildren<QPlainTextEdit *>())
            QVERIFY2(reached.contains(view), qPrintable(view->accessibleName()));
    }
};

QTEST_MAIN(TestConflictDialog)
#include "t_conflictdialog.moc"
