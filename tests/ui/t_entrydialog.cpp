// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrydialog.h"
#include "ui/widgets/diffview.h"

#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Scope;
using ui::EntryDialog;
using ui::EntryDraft;

namespace {

/// A Wrangler file in memory, and a dialog on it.
struct Bench {
    std::string text = "name = \"demo\"\npages_build_output_dir = \"public\"\n\n[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"one\"\n\n[vars]\nURL = \"x\"\n";
    config::WranglerConfig config;
    std::optional<base::Error> saveError;
    QString step;
    QPointer<EntryDialog> dialog;

    explicit Bench(EntryDraft draft, Scope environment = Scope::Preview)
    {
        config = config::readWranglerToml(text, "wrangler.toml").value();
        EntryDialog::Access access;
        access.config = [this]() -> const config::WranglerConfig & { return config; };
        access.text = [this] { return text; };
        access.preview = [this](const config::Edit &edit) { return config::applyEdit(text, edit); };
        access.apply = [this](const config::Edit &edit, const QString &what) -> base::Result<void> {
            if (saveError)
                return std::unexpected(*saveError);
            text = config::applyEdit(text, edit).value();
            step = what;
            return {};
        };
        access.fileName = u"wrangler.toml"_s;
        dialog = new EntryDialog(std::move(access), std::move(draft), environment);
        dialog->open();
    }
    ~Bench() { delete dialog; }

    QLineEdit *field(const QString &name) const
    {
        for (QLineEdit *edit : dialog->findChildren<QLineEdit *>()) {
            if (edit->accessibleName().remove(u'&') == name)
                return edit;
        }
        return nullptr;
    }
    QPushButton *save() const { return dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Save); }
    QString diff() const { return dialog->findChild<ui::DiffView *>()->findChild<QPlainTextEdit *>()->toPlainText(); }
    QRadioButton *only() const
    {
        for (QRadioButton *button : dialog->findChildren<QRadioButton *>()) {
            if (button->text().startsWith(u"Only"_s))
                return button;
        }
        return nullptr;
    }
};

EntryDraft variable(std::string name = {}, std::string value = {})
{
    EntryDraft draft;
    draft.kind = EntryDraft::Kind::Variable;
    draft.name = draft.original = std::move(name);
    draft.value = std::move(value);
    return draft;
}

} // namespace

class TestEntryDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void checksNames_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<bool>("usable");
        QTest::newRow("empty") << u""_s << false;
        QTest::newRow("good") << u"CACHE"_s << true;
        QTest::newRow("spaces round it") << u"  CACHE "_s << true;
        QTest::newRow("taken by a namespace") << u"LIST"_s << false;
        QTest::newRow("taken by a variable") << u"URL"_s << false;
        QTest::newRow("reserved") << u"ASSETS"_s << false;
        QTest::newRow("no identifier") << u"MY-LIST"_s << false;
        QTest::newRow("begins with a digit") << u"1LIST"_s << false;
    }
    void checksNames()
    {
        Bench bench{EntryDraft{}};
        QFETCH(QString, name);
        bench.field(u"Variable name"_s)->setText(name);
        QTEST(bench.save()->isEnabled(), "usable");
        QCOMPARE(bench.diff().contains(u"+ [[kv_namespaces]]"_s), bench.save()->isEnabled());
        QCOMPARE(bench.save()->toolTip().isEmpty(), bench.save()->isEnabled());
    }

    void savesWhatItShows()
    {
        Bench bench{EntryDraft{}};
        bench.field(u"Variable name"_s)->setText(u"CACHE"_s);
        bench.field(u"KV namespace id"_s)->setText(u"abc"_s);
        QVERIFY(bench.diff().contains(u"+ id = \"abc\""_s));
        QVERIFY(!bench.diff().contains(u"env.preview"_s));
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QCOMPARE(bench.step, u"Add KV namespace CACHE"_s);
        const auto written = config::readWranglerToml(bench.text, "wrangler.toml").value();
        QCOMPARE(written.topLevel.kvNamespaces.size(), std::size_t(2));
        QCOMPARE(written.topLevel.kvNamespaces[1].value, (config::KvNamespace{"CACHE", "abc", std::nullopt}));
    }

    void onlyThisEnvironment()
    {
        Bench bench{EntryDraft{}};
        bench.field(u"Variable name"_s)->setText(u"LIST"_s);
        QVERIFY(!bench.save()->isEnabled());
        bench.only()->setChecked(true); // free there
        QVERIFY(bench.save()->isEnabled());
        QCOMPARE(bench.dialog->draft().scope, Scope::Preview);
        QVERIFY(bench.diff().contains(u"env.preview"_s));
    }

    void idsHoldNoSpaces()
    {
        Bench bench{EntryDraft{}};
        bench.field(u"Variable name"_s)->setText(u"CACHE"_s);
        bench.field(u"KV namespace id"_s)->setText(u"a b"_s);
        QVERIFY(!bench.save()->isEnabled());
    }

    void changeNeedsAChange()
    {
        EntryDraft draft;
        draft.name = draft.original = "LIST";
        draft.id = "one";
        Bench bench{draft};
        QVERIFY(!bench.save()->isEnabled());
        bench.field(u"Preview id"_s)->setText(u"two"_s);
        QVERIFY(bench.save()->isEnabled());
        bench.field(u"Variable name"_s)->setText(u"LISTS"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        const auto written = config::readWranglerToml(bench.text, "wrangler.toml").value();
        QCOMPARE(written.topLevel.kvNamespaces.at(0).value, (config::KvNamespace{"LISTS", "one", "two"}));
    }

    void jsonIsChecked()
    {
        Bench bench{variable()};
        bench.field(u"Variable name"_s)->setText(u"LIMITS"_s);
        QVERIFY(bench.save()->isEnabled()); // an empty text is a value
        bench.dialog->findChild<QComboBox *>()->setCurrentIndex(1);
        QVERIFY(!bench.save()->isEnabled());
        for (QPlainTextEdit *edit : bench.dialog->findChildren<QPlainTextEdit *>()) {
            if (!edit->isReadOnly())
                edit->setPlainText(u"{\"max\": 5}"_s);
        }
        QVERIFY(bench.save()->isEnabled());
        QVERIFY(bench.diff().contains(u"LIMITS"_s));
    }

    void failureToSaveLosesNothing()
    {
        Bench bench{EntryDraft{}};
        bench.saveError = base::Error{"file.denied", "The folder cannot be written.", {}};
        bench.field(u"Variable name"_s)->setText(u"CACHE"_s);
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QVERIFY(bench.dialog);
        QVERIFY(bench.dialog->isVisible());
        QCOMPARE(bench.field(u"Variable name"_s)->text(), u"CACHE"_s);
        QVERIFY(bench.step.isEmpty());
        bench.saveError.reset();
        QTest::mouseClick(bench.save(), Qt::LeftButton);
        QCOMPARE(bench.step, u"Add KV namespace CACHE"_s);
    }
};

QTEST_MAIN(TestEntryDialog)
#include "t_entrydialog.moc"
