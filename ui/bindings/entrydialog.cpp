// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entrydialog.h"

#include "ui/widgets/codeview.h"
#include "ui/widgets/diffview.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRadioButton>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::Scope;

namespace {

ToneLabel *heading(const QString &text)
{
    auto *label = new ToneLabel(text);
    label->setFont(headingFont());
    return label;
}

ToneLabel *hint(const QString &text)
{
    auto *label = new ToneLabel(text, Tone::Muted);
    label->setWordWrap(true);
    return label;
}

QVBoxLayout *fieldColumn(QWidget *parent = nullptr)
{
    auto *column = new QVBoxLayout(parent);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    return column;
}

void addField(QVBoxLayout *column, const QString &title, QWidget *field)
{
    auto *label = new ToneLabel(title);
    label->setBuddy(field);
    field->setAccessibleName(title);
    column->addWidget(label);
    column->addWidget(field);
}

} // namespace

EntryDialog::EntryDialog(Access access, EntryDraft draft, Scope environment, QWidget *parent)
    : QDialog(parent), m_access(std::move(access)), m_start(std::move(draft)), m_environment(environment), m_name(new QLineEdit), m_id(new QLineEdit),
      m_previewId(new QLineEdit), m_valueKind(new QComboBox), m_value(new QPlainTextEdit), m_topLevel(new QRadioButton(tr("Both environments (top level)"))),
      m_own(new QRadioButton(tr("Only %1").arg(scopeName(environment)))), m_whereText(hint({})), m_problem(new ToneLabel), m_diff(new DiffView),
      m_javaScript(new CodeSnippet), m_typeScript(new CodeSnippet), m_save(nullptr)
{
    const bool adding = m_start.original.empty();
    const bool kv = m_start.kind == EntryDraft::Kind::KvNamespace;
    setWindowTitle(adding ? (kv ? tr("Add KV namespace") : tr("Add variable"))
                          : (kv ? tr("Change KV namespace %1") : tr("Change variable %1")).arg(fromUtf8(m_start.original)));
    setWindowModality(Qt::WindowModal);
    setAttribute(Qt::WA_DeleteOnClose);

    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
    m_save = buttons->button(QDialogButtonBox::Save);
    m_save->setDefault(true);
    connect(buttons, &QDialogButtonBox::accepted, this, &EntryDialog::accept);
    connect(buttons, &QDialogButtonBox::rejected, this, &EntryDialog::reject);
    m_problem->setWordWrap(true);
    m_problem->setMinimumHeight(m_problem->fontMetrics().height());

    auto *halves = new QHBoxLayout;
    halves->setSpacing(18);
    halves->addWidget(makeForm(), 4);
    halves->addWidget(makePreview(), 5);
    auto *bottom = new QHBoxLayout;
    bottom->addWidget(m_problem, 1);
    bottom->addWidget(buttons);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(14, 14, 14, 12);
    column->setSpacing(12);
    column->addLayout(halves, 1);
    column->addLayout(bottom);

    fillIn();
    connect(m_name, &QLineEdit::textChanged, this, &EntryDialog::edited);
    connect(m_id, &QLineEdit::textChanged, this, &EntryDialog::edited);
    connect(m_previewId, &QLineEdit::textChanged, this, &EntryDialog::edited);
    connect(m_value, &QPlainTextEdit::textChanged, this, &EntryDialog::edited);
    connect(m_valueKind, &QComboBox::currentIndexChanged, this, &EntryDialog::edited);
    connect(m_topLevel, &QRadioButton::toggled, this, &EntryDialog::edited);
    edited();
    m_name->setFocus();
    resize(840, 540);
}

QWidget *EntryDialog::makeForm()
{
    auto *form = new QWidget;
    auto *column = fieldColumn(form);
    m_name->setPlaceholderText(m_start.kind == EntryDraft::Kind::KvNamespace ? u"TODO_LIST"_s : u"API_URL"_s);
    m_name->setFont(monospaceFont());
    addField(column, tr("&Variable name"), m_name);
    column->addSpacing(8);
    column->addWidget(m_start.kind == EntryDraft::Kind::KvNamespace ? makeKvFields() : makeVariableFields());
    for (QWidget *field : std::initializer_list<QWidget *>{m_id, m_previewId, m_valueKind, m_value}) {
        if (!field->parentWidget()) { // of the other kind
            field->setParent(this);
            field->hide();
        }
    }
    column->addSpacing(8);
    column->addWidget(makeWhere());
    column->addStretch(1);
    form->setMinimumWidth(270);
    return form;
}

QWidget *EntryDialog::makeKvFields()
{
    auto *fields = new QWidget;
    auto *column = fieldColumn(fields);
    m_id->setFont(monospaceFont());
    m_previewId->setFont(monospaceFont());
    m_id->setPlaceholderText(tr("optional"));
    m_previewId->setPlaceholderText(tr("optional"));
    addField(column, tr("&KV namespace id"), m_id);
    column->addWidget(hint(tr("From the dashboard, for deployments. Without one, the local data is named after the variable.")));

    auto *advanced = new QWidget;
    auto *inner = fieldColumn(advanced);
    inner->setContentsMargins(0, 2, 0, 0);
    addField(inner, tr("&Preview id"), m_previewId);
    inner->addWidget(hint(tr("Used locally in place of the id, so that development has data of its own.")));
    auto *toggle = new QToolButton;
    toggle->setText(tr("Advanced"));
    toggle->setCheckable(true);
    toggle->setAutoRaise(true);
    toggle->setArrowType(Qt::RightArrow);
    toggle->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    toggle->setFocusPolicy(Qt::StrongFocus);
    connect(toggle, &QToolButton::toggled, this, [toggle, advanced](bool on) {
        toggle->setArrowType(on ? Qt::DownArrow : Qt::RightArrow);
        advanced->setVisible(on);
    });
    advanced->hide();
    toggle->setChecked(!m_start.previewId.empty());
    column->addSpacing(4);
    column->addWidget(toggle);
    column->addWidget(advanced);
    return fields;
}

QWidget *EntryDialog::makeVariableFields()
{
    auto *fields = new QWidget;
    auto *column = fieldColumn(fields);
    m_valueKind->addItem(tr("Text"), static_cast<int>(config::Variable::Kind::Text));
    m_valueKind->addItem(tr("JSON"), static_cast<int>(config::Variable::Kind::Json));
    m_value->setFont(monospaceFont());
    m_value->setTabChangesFocus(true);
    m_value->setMinimumHeight(m_value->fontMetrics().lineSpacing() * 4 + 12);
    addField(column, tr("&Type"), m_valueKind);
    column->addSpacing(4);
    addField(column, tr("Va&lue"), m_value);
    column->addWidget(hint(tr("Everyone who can read the file can read it. Do not put secrets here.")));
    return fields;
}

QWidget *EntryDialog::makeWhere()
{
    auto *where = new QWidget;
    auto *column = fieldColumn(where);
    column->addWidget(new ToneLabel(tr("Where")));
    if (m_start.original.empty()) {
        column->addWidget(m_topLevel);
        column->addWidget(m_own);
    } else {
        m_topLevel->setParent(where);
        m_own->setParent(where);
        m_topLevel->hide();
        m_own->hide();
    }
    column->addWidget(m_whereText);
    return where;
}

QWidget *EntryDialog::makePreview()
{
    auto *preview = new QWidget;
    auto *column = fieldColumn(preview);
    column->addWidget(heading(tr("What Save writes to %1").arg(m_access.fileName)));
    column->addWidget(m_diff, 5);
    column->addSpacing(6);
    column->addWidget(heading(tr("In your code")));
    auto *languages = new FlatTabs;
    languages->addTab(m_javaScript, tr("JavaScript"));
    languages->addTab(m_typeScript, tr("TypeScript"));
    column->addWidget(languages, 3);
    return preview;
}

void EntryDialog::fillIn()
{
    const config::WranglerConfig &config = m_access.config();
    m_name->setText(fromUtf8(m_start.name));
    m_id->setText(fromUtf8(m_start.id));
    m_previewId->setText(fromUtf8(m_start.previewId));
    m_valueKind->setCurrentIndex(m_start.valueKind == config::Variable::Kind::Json ? 1 : 0);
    m_value->setPlainText(fromUtf8(m_start.value));
    const bool own = m_start.original.empty() ? config.set(m_environment).present : m_start.scope == m_environment;
    (own ? m_own : m_topLevel)->setChecked(true);
}

EntryDraft EntryDialog::draft() const
{
    EntryDraft draft = m_start;
    draft.name = toUtf8(m_name->text().trimmed());
    draft.id = toUtf8(m_id->text().trimmed());
    draft.previewId = toUtf8(m_previewId->text().trimmed());
    draft.value = toUtf8(m_value->toPlainText());
    if (m_start.kind == EntryDraft::Kind::Variable)
        draft.valueKind = static_cast<config::Variable::Kind>(m_valueKind->currentData().toInt());
    if (m_start.original.empty())
        draft.scope = m_own->isChecked() ? m_environment : Scope::TopLevel;
    return draft;
}

void EntryDialog::refresh()
{
    edited();
}

void EntryDialog::edited()
{
    const config::WranglerConfig &config = m_access.config();
    const EntryDraft now = draft();
    if (!m_start.original.empty())
        m_whereText->setText(now.scope == Scope::TopLevel ? tr("At the top level of the file. %1").arg(topLevelSentence(config, m_environment))
                                                          : tr("In the table of %1.").arg(scopeName(now.scope)));
    else
        m_whereText->setText(now.scope == Scope::TopLevel ? topLevelSentence(config, m_environment) : ownTableSentence(config, m_environment));
    const auto checked = checkDraft(config, now);
    EntryDraft spoken = now;
    if (!checked && checked.error().code == "name.identifier")
        spoken.name.clear();
    m_javaScript->setCode(usageSnippet(spoken, Language::JavaScript));
    m_typeScript->setCode(usageSnippet(spoken, Language::TypeScript));
    if (!checked) {
        m_problem->setTone(checked.error().code == "name.empty" ? Tone::Muted : Tone::Danger);
        m_problem->setText(formatError(checked.error()));
        m_diff->setNote(tr("The lines show here once the form is complete."));
        m_save->setEnabled(false);
        m_save->setToolTip(m_problem->text());
        return;
    }
    const auto written = m_access.preview(editOf(now));
    if (!written) {
        m_problem->setTone(Tone::Danger);
        m_problem->setText(formatError(written.error()));
        m_diff->setNote(tr("Nothing would be written."));
        m_save->setEnabled(false);
        m_save->setToolTip(m_problem->text());
        return;
    }
    const std::vector<DiffLine> lines = diffLines(m_access.text(), *written);
    m_problem->setTone(Tone::Muted);
    m_problem->setText(lines.empty() ? tr("Nothing is changed yet.") : QString());
    m_save->setEnabled(!lines.empty());
    m_save->setToolTip(m_problem->text());
    if (lines.empty())
        m_diff->setNote(tr("No line would change."));
    else
        m_diff->setDiff(lines);
}

void EntryDialog::accept()
{
    if (!m_save->isEnabled())
        return;
    const EntryDraft now = draft();
    const auto saved = m_access.apply(editOf(now), stepText(now));
    if (saved) {
        QDialog::accept();
        return;
    }
    m_problem->setTone(Tone::Danger);
    m_problem->setText(formatError(saved.error()));
}

} // namespace cleat::ui
