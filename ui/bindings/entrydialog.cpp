// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrydialog.h"

#include "core/session/databasecheck.h"
#include "ui/bindings/conflictview.h"
#include "ui/bindings/entryform.h"
#include "ui/bindings/kindpicker.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QPointer>
#include <QPushButton>
#include <QShortcut>
#include <QStackedWidget>

#include <algorithm>
#include <set>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using Save = EntryForm::Verdict::Save;

EntryDialog::EntryDialog(EntryAccess access, Scope environment, QWidget *parent)
    : QDialog(parent), m_access(std::move(access)), m_environment(environment), m_pages(new QStackedWidget), m_conflict(new ConflictView),
      m_back(new QPushButton(icon("arrow-left"_L1), tr("&Back"))), m_problem(new ToneLabel), m_keep(nullptr), m_mine(nullptr), m_save(nullptr)
{
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
    m_save = buttons->button(QDialogButtonBox::Save);
    m_keep = buttons->addButton(tr("&Keep what is in the file"), QDialogButtonBox::DestructiveRole);
    m_mine = buttons->addButton(tr("&Use mine"), QDialogButtonBox::ActionRole);
    m_back->setAutoDefault(false);
    m_keep->setAutoDefault(false);
    m_mine->setAutoDefault(false);
    m_problem->setObjectName(u"problem"_s);
    m_problem->setWordWrap(true);
    m_problem->setMinimumHeight(m_problem->fontMetrics().height());
    m_problem->setTextInteractionFlags(Qt::TextSelectableByMouse);

    auto *bottom = new QHBoxLayout;
    bottom->setSpacing(12);
    bottom->addWidget(m_back);
    bottom->addWidget(m_problem, 1);
    bottom->addWidget(buttons);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(14, 14, 14, 12);
    column->setSpacing(12);
    column->addWidget(m_pages, 1);
    column->addLayout(bottom);
    m_pages->addWidget(m_conflict);

    connect(buttons, &QDialogButtonBox::accepted, this, &EntryDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &EntryDialog::reject);
    connect(m_back, &QPushButton::clicked, this, &EntryDialog::back);
    connect(m_keep, &QPushButton::clicked, this, &EntryDialog::reject);
    connect(m_mine, &QPushButton::clicked, this, &EntryDialog::useMine);
    connect(new QShortcut(QKeySequence(Qt::ALT | Qt::Key_Left), this), &QShortcut::activated, m_back, &QPushButton::click);
    for (const auto key : {Qt::Key_Return, Qt::Key_Enter})
        connect(new QShortcut(QKeySequence(Qt::CTRL | key), this), &QShortcut::activated, m_save, &QPushButton::click);
    resize(900, 600);
}

EntryDialog::EntryDialog(EntryAccess access, Scope environment, std::optional<EntryStart> start, QWidget *parent)
    : EntryDialog(std::move(access), environment, parent)
{
    m_picker = new KindPicker;
    m_pages->addWidget(m_picker);
    m_picker->refresh(m_access.config());
    const auto choose = [this](const EntryStart &chosen) {
        EntryDraft draft;
        draft.sort = chosen.sort;
        draft.binding.kind = chosen.kind;
        showForm(std::move(draft));
    };
    connect(m_picker, &KindPicker::chosen, this, choose);
    if (start)
        choose(*start);
    else
        showPicker();
}

EntryDialog::EntryDialog(EntryAccess access, const EntryDraft &draft, Scope environment, QWidget *parent) : EntryDialog(std::move(access), environment, parent)
{
    showForm(draft);
}

void EntryDialog::showPicker()
{
    m_pages->setCurrentWidget(m_picker);
    m_picker->refresh(m_access.config());
    setWindowTitle(tr("Add"));
    m_problem->clear();
    showButtons();
    m_picker->setFocus();
}

void EntryDialog::showForm(EntryDraft draft)
{
    m_form = new EntryForm(m_access, std::move(draft), m_environment);
    m_pages->addWidget(m_form);
    connect(m_form, &EntryForm::changed, this, &EntryDialog::showVerdict);
    connect(m_form, &EntryForm::askKeychainRequested, this, [this] { m_access.askKeychain(); });
    connect(m_form, &EntryForm::devVarsRequested, this, &EntryDialog::saveToDevVars);
    m_pages->setCurrentWidget(m_form);
    showButtons();
    showVerdict();
    m_form->setFocus();
}

void EntryDialog::showConflict()
{
    m_conflict->setConflict(m_access.conflict(), m_access.fileName);
    m_pages->setCurrentWidget(m_conflict);
    m_problem->clear();
    showButtons();
    m_keep->setFocus();
}

void EntryDialog::showButtons()
{
    const QWidget *page = m_pages->currentWidget();
    m_back->setVisible(page == m_conflict || (page == m_form && m_picker));
    m_keep->setVisible(page == m_conflict);
    m_mine->setVisible(page == m_conflict);
    m_save->setVisible(page == m_form);
    m_save->setDefault(page == m_form);
}

void EntryDialog::showVerdict()
{
    if (!m_form)
        return;
    const EntryForm::Verdict &verdict = m_form->verdict();
    m_failure.reset();
    m_problem->setTone(verdict.tone);
    m_problem->setText(verdict.text);
    m_save->setEnabled(verdict.save == Save::Yes && !m_saving);
    m_save->setToolTip(verdict.save == Save::Yes ? QString() : verdict.text);
    setWindowTitle(m_form->title());
}

void EntryDialog::back()
{
    if (m_pages->currentWidget() == m_conflict) {
        m_form->acceptSeen();
        m_pages->setCurrentWidget(m_form);
        showButtons();
        m_form->refresh();
        return;
    }
    if (!m_picker || !m_form)
        return;
    m_form->forgetSecret();
    m_pages->removeWidget(m_form);
    m_form->deleteLater();
    m_form = nullptr;
    showPicker();
}

void EntryDialog::refresh()
{
    if (m_picker)
        m_picker->refresh(m_access.config());
    if (!m_form || m_saving)
        return;
    const std::optional<base::Error> failure = m_failure; // stays until the user goes on
    m_form->refresh();
    if (failure)
        fail(*failure);
}

void EntryDialog::accept()
{
    if (!m_form || m_pages->currentWidget() != m_form || !m_save->isEnabled())
        return;
    const EntryDraft draft = m_form->draft();
    if (draft.sort == EntryDraft::Sort::Secret)
        saveSecret(draft);
    else if (hasPasswordElsewhere(draft))
        takePasswordAlong(draft);
    else
        write(draft, m_form->seen());
}

bool EntryDialog::hasPasswordElsewhere(const EntryDraft &draft) const
{
    const std::string name = m_form->passwordName();
    return !name.empty() && name != draft.name() && std::ranges::any_of(runsOf(m_access.config(), draft, m_environment), [&](Scope scope) {
        const std::vector<std::string> names = m_access.secretNames(scope);
        return std::ranges::find(names, session::passwordSecret(name)) != names.end();
    });
}

/// The keychain holds a database's password under its binding's name, which is another one now. The old one goes when the file is written.
void EntryDialog::takePasswordAlong(const EntryDraft &draft)
{
    setSaving(true);
    m_access.copySecret(runsOf(m_access.config(), draft, m_environment), session::passwordSecret(m_form->passwordName()), session::passwordSecret(draft.name()),
                        [dialog = QPointer(this), draft](const base::Result<void> &copied) {
                            if (!dialog)
                                return;
                            dialog->setSaving(false);
                            if (copied)
                                dialog->write(draft, dialog->m_form->seen());
                            else
                                dialog->fail({copied.error().code, toUtf8(tr("The password of %1 is in the keychain and cannot be moved to the new name: %2").arg(fromUtf8(dialog->m_form->passwordName()), formatError(copied.error()))), {}});
                        });
}

void EntryDialog::setSaving(bool saving)
{
    m_saving = saving;
    m_form->setEnabled(!saving);
    if (!saving) {
        showVerdict();
        return;
    }
    m_save->setEnabled(false);
    m_problem->setTone(Tone::Muted);
    m_problem->setText(tr("Saving to the keychain…"));
}

void EntryDialog::saveSecret(const EntryDraft &draft)
{
    setSaving(true);
    EntryDraft rest = draft;
    rest.secret = {};
    m_access.setSecret(scopesOf(m_access.config(), draft, m_environment), draft.name(), draft.secret,
                       [dialog = QPointer(this), rest = std::move(rest)](const base::Result<void> &saved) {
                           if (!dialog)
                               return;
                           dialog->setSaving(false);
                           if (saved) {
                               dialog->write(rest, dialog->m_form->seen());
                               return;
                           }
                           dialog->m_form->setKeychainTrouble(saved.error());
                           dialog->fail(saved.error());
                       });
}

void EntryDialog::saveToDevVars()
{
    EntryDraft draft = m_form->draft();
    if (const auto checked = checkDraft(m_access.config(), draft, m_environment); !checked) {
        fail(checked.error());
        return;
    }
    if (const auto written = m_access.writeDevVars(scopesOf(m_access.config(), draft, m_environment), draft.name(), draft.secret); !written) {
        fail(written.error());
        return;
    }
    draft.secret = {};
    write(draft, m_form->seen());
}

void EntryDialog::write(const EntryDraft &draft, const std::string &seen)
{
    const std::vector<config::Edit> edits = editsOf(m_access.config(), draft, m_environment);
    const std::vector<Scope> scopes = runsOf(m_access.config(), draft, m_environment);
    const auto saved = edits.empty() ? base::Result<void>() : m_access.apply(edits, stepText(draft), seen);
    if (saved) {
        if (draft.sort == EntryDraft::Sort::Binding && draft.binding.kind == config::Kind::Hyperdrive) {
            for (const std::string &before : std::set{draft.original, m_form->passwordName()}) {
                if (!before.empty() && before != draft.name())
                    m_access.removeSecret(scopes, session::passwordSecret(before));
            }
        }
        QDialog::accept();
    } else if (saved.error().code == "config.conflict")
        showConflict();
    else
        fail(saved.error());
}

void EntryDialog::useMine()
{
    write(m_form->draft(), m_access.text());
}

void EntryDialog::fail(const base::Error &error)
{
    m_failure = error;
    m_problem->setTone(Tone::Danger);
    m_problem->setText(formatError(error));
}

void EntryDialog::done(int result)
{
    if (m_form)
        m_form->forgetSecret();
    QDialog::done(result);
}

} // namespace cleat::ui
