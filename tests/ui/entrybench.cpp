// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/entrybench.h"

#include "ui/widgets/diffview.h"
#include "ui/widgets/text.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QTest>

namespace cleat::tests {

using namespace Qt::StringLiterals;
using ui::EntryAccess;

EntryBench::EntryBench(std::string fileText, config::Form fileForm) : text(std::move(fileText)), form(fileForm)
{
    read();
}

EntryBench::~EntryBench()
{
    delete dialog;
}

void EntryBench::read()
{
    config = config::readWranglerFile(text, form, "wrangler.toml").value();
}

EntryAccess EntryBench::access()
{
    EntryAccess access;
    access.fileName = form == config::Form::Toml ? u"wrangler.toml"_s : u"wrangler.jsonc"_s;
    access.config = [this]() -> const config::WranglerConfig & { return config; };
    access.text = [this] { return text; };
    access.form = [this] { return form; };
    access.preview = [this](std::span<const config::Edit> edits) { return config::applyEdits(text, form, edits); };
    access.apply = [this](std::span<const config::Edit> edits, const QString &step, const std::string &seen) -> base::Result<void> {
        if (saveError)
            return std::unexpected(*saveError);
        if (m_unnoticed) {
            text = *m_unnoticed;
            m_unnoticed.reset();
            read();
        }
        if (seen != text) {
            m_conflict = {seen, config::applyEdits(seen, form, edits).value(), text};
            return base::fail("config.conflict", "The file was changed by others.");
        }
        auto now = config::applyEdits(text, form, edits);
        if (!now)
            return std::unexpected(now.error());
        text = *now;
        read();
        steps.push_back(step.toStdString());
        return {};
    };
    access.conflict = [this] { return m_conflict; };
    access.known = [this](config::Kind kind) { return known[kind]; };
    access.keychain = [this] { return keychain; };
    access.keychainError = [] { return base::Error{"secrets.unavailable", "No keychain runs. Start gnome-keyring.", {}}; };
    access.askKeychain = [this] { ++asked; };
    access.secretNames = [this](config::Scope scope) {
        std::vector<std::string> names;
        for (const auto &[name, value] : secrets[scope])
            names.push_back(name);
        return names;
    };
    access.setSecret = [this](const std::vector<config::Scope> &scopes, const std::string &name, secrets::SecretText value, EntryAccess::Done done) {
        if (!secretError) {
            for (const config::Scope scope : scopes)
                secrets[scope][name] = value.reveal();
        }
        const base::Result<void> result = secretError ? base::Result<void>(std::unexpected(*secretError)) : base::Result<void>();
        if (slow)
            pending = std::move(done);
        else
            QMetaObject::invokeMethod(qApp, [done, result] { done(result); }, Qt::QueuedConnection);
    };
    access.copySecret = [this](const std::vector<config::Scope> &scopes, const std::string &from, const std::string &to, EntryAccess::Done done) {
        for (const config::Scope scope : scopes) {
            if (!secretError && secrets[scope].contains(from))
                secrets[scope][to] = secrets[scope][from];
        }
        const base::Result<void> result = secretError ? base::Result<void>(std::unexpected(*secretError)) : base::Result<void>();
        QMetaObject::invokeMethod(qApp, [done, result] { done(result); }, Qt::QueuedConnection);
    };
    access.removeSecret = [this](const std::vector<config::Scope> &scopes, const std::string &name) {
        for (const config::Scope scope : scopes)
            secrets[scope].erase(name);
    };
    access.devVarsFiles = [](const std::vector<config::Scope> &) { return QStringList{u".dev.vars"_s}; };
    access.writeDevVars = [this](const std::vector<config::Scope> &, const std::string &name, const secrets::SecretText &value) -> base::Result<void> {
        devVars[name] = value.reveal();
        return {};
    };
    return access;
}

void EntryBench::add(std::optional<ui::EntryStart> start, config::Scope environment)
{
    delete dialog;
    dialog = new ui::EntryDialog(access(), environment, start);
    dialog->open();
}

void EntryBench::add(config::Kind kind, config::Scope environment)
{
    add(ui::EntryStart{ui::EntryDraft::Sort::Binding, kind}, environment);
}

void EntryBench::change(const ui::EntryDraft &draft, config::Scope environment)
{
    delete dialog;
    dialog = new ui::EntryDialog(access(), draft, environment);
    dialog->open();
}

void EntryBench::writeFromOutside(const std::string &now)
{
    text = now;
    read();
    dialog->refresh();
}

void EntryBench::writeUnnoticed(const std::string &now)
{
    m_unnoticed = now;
}

QString EntryBench::wordsOf(const QWidget &widget)
{
    QString words = widget.accessibleName();
    if (const auto *button = qobject_cast<const QAbstractButton *>(&widget); button && words.isEmpty())
        words = button->text();
    return words.remove(u'&');
}

QLineEdit *EntryBench::field(const QString &name) const
{
    return find<QLineEdit>(name);
}

QPushButton *EntryBench::save() const
{
    return dialog->findChild<QDialogButtonBox *>()->button(QDialogButtonBox::Save);
}

QString EntryBench::problem() const
{
    return dialog->findChild<QLabel *>(u"problem"_s)->text();
}

QString EntryBench::diff() const
{
    for (const auto *view : dialog->findChildren<ui::DiffView *>()) {
        if (view->isVisible())
            return view->findChild<QPlainTextEdit *>()->toPlainText();
    }
    return {};
}

bool EntryBench::shows(const QString &words) const
{
    for (const QWidget *widget : dialog->findChildren<QWidget *>()) {
        const auto *label = qobject_cast<const QLabel *>(widget);
        const auto *button = qobject_cast<const QAbstractButton *>(widget);
        const auto *edit = qobject_cast<const QPlainTextEdit *>(widget);
        if (widget->isVisible()
            && ((label && label->text().contains(words)) || (button && button->text().contains(words)) || (edit && edit->toPlainText().contains(words))))
            return true;
    }
    return false;
}

void EntryBench::type(const QString &name, const QString &typed) const
{
    if (auto *edit = field(name)) {
        edit->setFocus();
        edit->selectAll();
        QTest::keyClick(edit, Qt::Key_Delete);
        QTest::keyClicks(edit, typed);
        return;
    }
    auto *edit = find<QPlainTextEdit>(name);
    QVERIFY2(edit, qPrintable(u"no field "_s + name));
    edit->setFocus();
    edit->selectAll();
    QTest::keyClick(edit, Qt::Key_Delete);
    QTest::keyClicks(edit, typed);
}

void EntryBench::click(const QString &name) const
{
    auto *button = find<QAbstractButton>(name);
    QVERIFY2(button, qPrintable(u"no button "_s + name));
    QVERIFY2(button->isEnabled(), qPrintable(u"disabled: "_s + name));
    QTest::mouseClick(button, Qt::LeftButton, {}, QPoint(10, button->height() / 2));
}

void EntryBench::choose(const QString &name) const
{
    click(name);
}

config::WranglerConfig EntryBench::written() const
{
    return config::readWranglerFile(text, form, "wrangler.toml").value();
}

} // namespace cleat::tests
