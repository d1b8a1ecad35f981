// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entryform.h"

#include "core/config/bindingkinds.h"
#include "core/config/names.h"
#include "ui/bindings/bindingfields.h"
#include "ui/bindings/databasetools.h"
#include "ui/bindings/formparts.h"
#include "ui/bindings/kindlook.h"
#include "ui/bindings/kindtexts.h"
#include "ui/bindings/snippets.h"
#include "ui/bindings/valuefields.h"
#include "ui/bindings/wherebox.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QPointer>
#include <QScrollArea>
#include <QScrollBar>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;
using Sort = EntryDraft::Sort;
using Save = EntryForm::Verdict::Save;

namespace {

/// A column that scrolls up and down only, and asks for the width of what it holds.
class FormScroll final : public QScrollArea
{
public:
    explicit FormScroll(QWidget *form)
    {
        setWidget(form);
        setWidgetResizable(true);
        setFrameShape(QFrame::NoFrame);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        setFocusPolicy(Qt::NoFocus);
        viewport()->setAutoFillBackground(false);
        form->setAutoFillBackground(false);
        setMinimumWidth(form->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width());
    }
};

/// Not a mistake: the form is not filled in yet.
bool isUnfinished(const base::Error &error)
{
    return error.code == "name.empty" || error.code == "field.missing" || error.code == "secret.empty";
}

bool holds(const std::vector<std::string> &names, const std::string &name)
{
    return std::ranges::find(names, name) != names.end();
}

} // namespace

EntryForm::EntryForm(const EntryAccess &access, EntryDraft start, Scope environment, QWidget *parent)
    : QWidget(parent), m_access(access), m_start(std::move(start)), m_environment(environment), m_name(new QLineEdit),
      m_where(new WhereBox(environment, m_start.original.empty() ? WhereBox::Purpose::Choose : WhereBox::Purpose::Tell)), m_diffTitle(makeHeading({})),
      m_diff(new DiffView), m_javaScript(new CodeSnippet), m_typeScript(new CodeSnippet)
{
    m_start = loaded();
    auto *halves = new QHBoxLayout(this);
    halves->setContentsMargins(0, 0, 0, 0);
    halves->setSpacing(16);
    halves->addWidget(makeLeft(), 9);
    halves->addWidget(makeRight(), 10);
    acceptSeen();
    m_where->setWhere(m_start.where);
    fillIn(m_start);
    if (isBoundElsewhere())
        m_where->setWhere(EntryDraft::Where::Environment);
    setFocusProxy(m_start.sort == Sort::Secret && !m_start.original.empty() ? static_cast<QWidget *>(m_value) : m_name);
}

bool EntryForm::isBoundElsewhere() const
{
    if (m_start.sort != Sort::Binding || !m_start.original.empty() || config::bindingKind(m_start.binding.kind).form == config::BindingKind::Form::List)
        return false;
    EntryDraft everywhere = m_start;
    everywhere.where = EntryDraft::Where::Everywhere;
    const config::WranglerConfig &config = m_access.config();
    const auto isBound = [this, &config](Scope scope) {
        return std::ranges::any_of(config.set(scope).bindings, [this](const auto &placed) { return placed.value.kind == m_start.binding.kind; });
    };
    return std::ranges::any_of(scopesOf(config, everywhere, m_environment), isBound);
}

QString EntryForm::title() const
{
    const EntryDraft now = draft();
    const QString original = fromUtf8(m_start.original);
    if (now.replaces == EntryDraft::Replaces::Variable)
        return tr("Encrypt variable %1").arg(original);
    const bool adding = m_start.original.empty();
    switch (now.sort) {
    case Sort::Binding:
        return adding ? tr("Add %1").arg(kindTitle(now.binding.kind)) : tr("Change %1 %2").arg(kindTitle(now.binding.kind), original);
    case Sort::Variable:
        return adding ? tr("Add variable") : tr("Change variable %1").arg(original);
    case Sort::Secret:
        return adding ? tr("Add secret") : tr("Replace secret %1").arg(original);
    }
    return {};
}

QWidget *EntryForm::makeHead()
{
    const bool binding = m_start.sort == Sort::Binding;
    auto *head = new QWidget;
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(10);
    auto *picture = new QLabel;
    const auto name = binding ? kindIcon(m_start.binding.kind) : m_start.sort == Sort::Variable ? "type"_L1 : "lock"_L1;
    picture->setPixmap(icon(name, Tone::Accent).pixmap(QSize(20, 20), devicePixelRatioF()));
    row->addWidget(picture, 0, Qt::AlignTop);
    auto *words = makeFieldColumn();
    words->setSpacing(1);
    words->addWidget(makeHeading(binding ? kindTitle(m_start.binding.kind) : tr("Variable or secret")));
    words->addWidget(makeHint(binding ? kindDescription(m_start.binding.kind) : tr("A value that code finds in context.env")));
    row->addLayout(words, 1);
    return head;
}

QWidget *EntryForm::makeLeft()
{
    auto *form = new QWidget;
    auto *column = makeFieldColumn(form);
    column->setContentsMargins(1, 0, 8, 2);
    column->addWidget(makeHead());
    column->addSpacing(10);
    m_name->setFont(monospaceFont());
    m_name->setPlaceholderText(m_start.sort == Sort::Binding ? exampleName(m_start.binding.kind) : m_start.sort == Sort::Variable ? u"ENVIRONMENT"_s : u"API_KEY"_s);
    addField(*column, tr("&Variable name"), m_name);
    column->addSpacing(8);
    if (m_start.sort == Sort::Binding) {
        m_binding = new BindingFields(m_start.binding.kind, m_access.known(m_start.binding.kind));
        column->addWidget(m_binding);
        connect(m_binding, &BindingFields::edited, this, &EntryForm::edited);
        if (DatabaseTools *tools = m_binding->databaseTools())
            wireDatabase(*tools);
    } else {
        m_value = new ValueFields;
        column->addWidget(m_value, 1);
        column->addSpacing(8);
        connect(m_value, &ValueFields::edited, this, &EntryForm::edited);
        connect(m_value, &ValueFields::devVarsRequested, this, &EntryForm::devVarsRequested);
        connect(m_value, &ValueFields::askKeychainRequested, this, [this] {
            m_keychainTrouble.reset();
            edited();
            Q_EMIT askKeychainRequested();
        });
    }
    column->addSpacing(4);
    column->addWidget(m_where);
    column->addStretch(1);
    connect(m_name, &QLineEdit::textChanged, this, &EntryForm::edited);
    connect(m_where, &WhereBox::edited, this, &EntryForm::edited);
    return new FormScroll(form);
}

QWidget *EntryForm::makeRight()
{
    auto *preview = new QWidget;
    auto *column = makeFieldColumn(preview);
    column->addWidget(m_diffTitle);
    column->addWidget(m_diff, 5);
    column->addSpacing(6);
    column->addWidget(makeHeading(tr("In your code")));
    auto *languages = new FlatTabs;
    languages->addTab(m_javaScript, tr("JavaScript"));
    languages->addTab(m_typeScript, tr("TypeScript"));
    column->addWidget(languages, 5);
    preview->setMinimumWidth(fontMetrics().averageCharWidth() * 34);
    return preview;
}

EntryDraft EntryForm::loaded() const
{
    EntryDraft now = m_start;
    if (now.original.empty())
        return now;
    const config::BindingSet &set = m_access.config().set(now.scope);
    switch (now.sort) {
    case Sort::Binding:
        if (const auto *placed = set.binding(now.binding.kind, now.original))
            now.binding = placed->value;
        break;
    case Sort::Variable:
        if (const auto *placed = set.variable(now.original))
            now.variable = placed->value;
        break;
    case Sort::Secret:
        now.variable.name = now.original;
        break;
    }
    return now;
}

void EntryForm::wireDatabase(DatabaseTools &tools)
{
    tools.setCompletion([this](const std::string &typed) {
        const EntryDraft now = draft();
        return m_access.completeConnection ? m_access.completeConnection(runsOf(m_access.config(), now, m_environment), passwordName(), typed) : typed;
    });
    connect(&tools, &DatabaseTools::keepPasswordRequested, this, [this, &tools](const std::string &password) {
        const EntryDraft now = draft();
        m_access.setSecret(runsOf(m_access.config(), now, m_environment), session::passwordSecret(now.name()), secrets::SecretText(password),
            [form = QPointer(this), kept = QPointer(&tools), name = now.name()](const base::Result<void> &result) {
                if (form && result)
                    form->m_passwordName = name;
                if (kept)
                    kept->passwordKept(result);
            });
    });
}

std::string EntryForm::passwordName() const
{
    const bool isDatabase = m_start.sort == Sort::Binding && m_start.binding.kind == config::Kind::Hyperdrive;
    return !isDatabase || !m_passwordName.empty() ? m_passwordName : m_start.original;
}

void EntryForm::fillIn(const EntryDraft &draft)
{
    m_filling = true;
    m_name->setText(fromUtf8(draft.name()));
    m_name->setReadOnly(draft.sort == Sort::Secret && !draft.original.empty());
    if (m_binding)
        m_binding->setValues(draft.binding);
    if (m_value)
        m_value->setValues(draft);
    m_filling = false;
    edited();
}

EntryDraft EntryForm::draft() const
{
    EntryDraft now = m_start;
    const std::string name = toUtf8(m_name->text().trimmed());
    now.where = m_where->where();
    now.copies = m_where->copies();
    if (m_binding) {
        now.binding = m_binding->applied(now.binding);
        now.binding.name = name;
    }
    if (m_value) {
        now = m_value->applied(std::move(now));
        now.variable.name = name;
    }
    return now;
}

bool EntryForm::isTouched() const
{
    const EntryDraft now = draft();
    return now.sort != m_start.sort || now.binding != m_start.binding || now.variable != m_start.variable || !now.secret.empty();
}

void EntryForm::acceptSeen()
{
    m_seen = m_access.text();
}

void EntryForm::refresh()
{
    const EntryDraft now = loaded();
    const bool same = now.binding == m_start.binding && now.variable == m_start.variable;
    if (same || !isTouched())
        acceptSeen();
    if (!same && !isTouched()) {
        m_start = now;
        fillIn(now);
        return;
    }
    edited();
}

void EntryForm::forgetSecret()
{
    if (m_value)
        m_value->forgetSecret();
}

void EntryForm::setKeychainTrouble(const base::Error &error)
{
    m_keychainTrouble = error;
    edited();
}

void EntryForm::showUsage(const EntryDraft &now)
{
    EntryDraft spoken = now;
    if (!config::checkSpelling(now.name()))
        spoken.binding.name = spoken.variable.name = {};
    m_javaScript->setCode(usageSnippet(spoken, Language::JavaScript));
    m_typeScript->setCode(usageSnippet(spoken, Language::TypeScript));
}

void EntryForm::edited()
{
    if (m_filling)
        return;
    const EntryDraft now = draft();
    m_where->refresh(m_access.config(), m_access.form(), now);
    if (m_binding)
        m_binding->setVariableName(now.name());
    if (m_value) {
        if (m_keychainTrouble)
            m_value->setKeychain(EntryAccess::Keychain::Unavailable, *m_keychainTrouble, m_access.fileName);
        else
            m_value->setKeychain(m_access.keychain(), m_access.keychainError(), m_access.fileName);
        m_value->setDevVarsFiles(m_access.devVarsFiles(scopesOf(m_access.config(), now, m_environment)));
    }
    showUsage(now);
    const bool writes = now.sort != Sort::Secret || now.replaces == EntryDraft::Replaces::Variable;
    m_diffTitle->setText(writes ? tr("What Save writes to %1").arg(m_access.fileName) : tr("%1 stays as it is").arg(m_access.fileName));
    m_verdict = judged(now);
    Q_EMIT changed();
}

EntryForm::Verdict EntryForm::judged(const EntryDraft &now)
{
    if (const auto checked = checkDraft(m_access.config(), now, m_environment); !checked) {
        m_diff->setNote(now.sort == Sort::Secret ? tr("A secret is not written to the file.") : tr("The lines show here once the form is complete."));
        Verdict verdict{Save::No, formatError(checked.error()), isUnfinished(checked.error()) ? Tone::Muted : Tone::Danger};
        return now.sort == Sort::Secret ? judgedSecret(std::move(verdict)) : verdict;
    }
    const std::vector<config::Edit> edits = editsOf(m_access.config(), now, m_environment);
    if (edits.empty()) {
        m_diff->setNote(tr("A secret is not written to the file."));
        return judgedSecret({Save::Yes, secretNote(now), Tone::Muted});
    }
    const auto written = m_access.preview(edits);
    if (!written) {
        m_diff->setNote(tr("Nothing would be written."));
        return {Save::No, formatError(written.error()), Tone::Danger};
    }
    std::vector<DiffLine> lines = diffLines(m_access.text(), *written);
    if (lines.empty()) {
        m_diff->setNote(tr("No line would change."));
        return {Save::No, tr("Nothing is changed yet."), Tone::Muted};
    }
    m_diff->setDiff(std::move(lines));
    if (now.sort == Sort::Secret)
        return judgedSecret({Save::Yes, {}, Tone::Muted});
    return {Save::Yes, secretNote(now), Tone::Warning};
}

EntryForm::Verdict EntryForm::judgedSecret(Verdict verdict) const
{
    switch (m_access.keychain()) {
    case EntryAccess::Keychain::Ready:
        return verdict;
    case EntryAccess::Keychain::Asking:
        return {Save::No, tr("Waiting for the system keychain."), Tone::Muted};
    case EntryAccess::Keychain::Unavailable:
        break;
    }
    return {Save::No, tr("Without a keychain, the secret cannot be kept."), Tone::Danger};
}

QString EntryForm::secretNote(const EntryDraft &now) const
{
    for (const Scope scope : scopesOf(m_access.config(), now, m_environment)) {
        if (!holds(m_access.secretNames(scope), now.name()))
            continue;
        if (now.sort != Sort::Secret)
            return tr("%1 has a secret of that name, which wins over this.").arg(scopeName(scope));
        if (now.original.empty())
            return tr("%1 has a secret of that name already; Save replaces its value.").arg(scopeName(scope));
    }
    return {};
}

} // namespace cleat::ui
