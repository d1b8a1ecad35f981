// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/kvpanel.h"

#include "ui/data/expirytext.h"
#include "ui/data/kvexpiry.h"
#include "ui/values/valueeditor.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QDateTime>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QShortcut>
#include <QStackedWidget>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int roomForBoth = 320; ///< pixels of height for the details and the value

QToolButton *makeTool(QLatin1StringView iconName, const QString &tip)
{
    auto *button = new QToolButton;
    button->setIcon(icon(iconName, Tone::Muted));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

KvPanel::KvPanel(QString group, QWidget *parent)
    : QWidget(parent), m_group(std::move(group)), m_keyLabel(new ElideLabel(Qt::ElideMiddle)), m_keyEdit(new QLineEdit), m_rename(makeTool("pencil"_L1, tr("Rename (F2)"))),
      m_duplicate(makeTool("copy-plus"_L1, tr("Duplicate"))), m_delete(makeTool("trash-2"_L1, tr("Delete (Del)"))), m_bar(new MessageBar(MessageBar::Closing::ByUser)),
      m_facts(new QWidget), m_factsLabel(new ElideLabel), m_unfold(new QToolButton), m_expiry(new KvExpiryField), m_metadata(new JsonEdit), m_values(new QStackedWidget),
      m_view(new ValueView), m_edit(new QToolButton), m_editor(new ValueEditor), m_foot(new QWidget), m_save(new QPushButton(tr("Save"))), m_revert(new QPushButton(tr("Revert")))
{
    m_head = makeHead();
    m_details = makeDetails();
    m_edit->setText(tr("Edit"));
    m_edit->setIcon(icon("pencil"_L1, Tone::Muted));
    m_edit->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_edit->setAutoRaise(true);
    m_edit->setFocusPolicy(Qt::TabFocus);
    m_edit->setToolTip(tr("Edit the value (Enter)"));
    m_view->addCornerWidget(m_edit);
    m_values->addWidget(m_view);
    m_values->addWidget(m_editor);

    m_save->setDefault(false);
    m_save->setAutoDefault(false);
    m_revert->setAutoDefault(false);
    m_save->setToolTip(tr("Write it (Ctrl+S)"));
    auto *footRow = new QHBoxLayout(m_foot);
    footRow->setContentsMargins(8, 5, 8, 5);
    footRow->addStretch(1);
    footRow->addWidget(m_revert);
    footRow->addWidget(m_save);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_head);
    column->addWidget(m_facts);
    column->addWidget(m_details);
    column->addWidget(m_bar);
    column->addWidget(m_values, 1);
    column->addWidget(m_foot);

    connect(m_edit, &QToolButton::clicked, this, &KvPanel::startEditing);
    connect(m_save, &QPushButton::clicked, this, &KvPanel::saveWanted);
    connect(m_revert, &QPushButton::clicked, this, &KvPanel::revert);
    connect(m_rename, &QToolButton::clicked, this, &KvPanel::renameWanted);
    connect(m_duplicate, &QToolButton::clicked, this, &KvPanel::duplicateWanted);
    connect(m_delete, &QToolButton::clicked, this, &KvPanel::deleteWanted);
    connect(m_unfold, &QToolButton::toggled, this, [this] { refresh(); });
    connect(m_editor, &ValueEditor::failed, this, &KvPanel::showProblem);
    const auto changed = [this] {
        refresh();
        Q_EMIT edited();
    };
    connect(m_editor, &ValueEditor::edited, this, changed);
    connect(m_expiry, &KvExpiryField::edited, this, changed);
    connect(m_metadata, &JsonEdit::textChanged, this, changed);
    connect(m_keyEdit, &QLineEdit::textChanged, this, changed);
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), m_editor);
    escape->setContext(Qt::WidgetWithChildrenShortcut);
    connect(escape, &QShortcut::activated, this, [this] {
        if (!isEdited())
            revert();
    });
    showMessage({});
}

KvPanel::~KvPanel() = default;

QWidget *KvPanel::makeHead()
{
    auto *head = new QWidget;
    QFont font = monospaceFont();
    font.setBold(true);
    m_keyLabel->setFont(font);
    m_keyEdit->setFont(monospaceFont());
    m_keyEdit->setPlaceholderText(tr("Name of the new key"));
    m_keyEdit->setAccessibleName(tr("Key"));
    auto *row = new QHBoxLayout(head);
    row->setContentsMargins(8, 4, 6, 2);
    row->setSpacing(2);
    row->addWidget(m_keyLabel, 1);
    row->addWidget(m_keyEdit, 1);
    for (QToolButton *tool : {m_rename, m_duplicate, m_delete})
        row->addWidget(tool);
    return head;
}

QWidget *KvPanel::makeDetails()
{
    m_factsLabel->setTone(Tone::Muted);
    m_unfold->setCheckable(true);
    m_unfold->setAutoRaise(true);
    m_unfold->setFocusPolicy(Qt::TabFocus);
    m_unfold->setText(tr("Details"));
    m_unfold->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_unfold->setToolTip(tr("Expiry and metadata"));
    auto *facts = new QHBoxLayout(m_facts);
    facts->setContentsMargins(8, 0, 6, 3);
    facts->addWidget(m_factsLabel, 1);
    facts->addWidget(m_unfold);

    m_metadata->setEmpty(JsonEdit::Empty::IsFine);
    m_metadata->setFieldName(tr("Metadata"));
    m_metadata->setPlaceholderText(tr("None. JSON of up to 1,024 bytes"));
    m_metadata->setVisibleLines(2);
    m_metadata->setMaximumHeight(m_metadata->fontMetrics().lineSpacing() * 5 + 30);
    auto *details = new QWidget;
    auto *form = new QFormLayout(details);
    form->setContentsMargins(8, 0, 8, 6);
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::DontWrapRows);
    auto *expires = new ToneLabel(tr("Expires"), Tone::Muted);
    auto *metadata = new ToneLabel(tr("Metadata"), Tone::Muted);
    expires->setBuddy(m_expiry);
    metadata->setBuddy(m_metadata);
    form->addRow(expires, m_expiry);
    form->addRow(metadata, m_metadata);
    return details;
}

void KvPanel::setMode(Mode mode)
{
    m_mode = mode;
    refresh();
}

void KvPanel::fill(const KvKey &key)
{
    m_shown = key;
    m_gone = false;
    m_keyLabel->setText(oneLine(fromUtf8(key.key), 520));
    const QSignalBlocker quietEditor(m_editor);
    const QSignalBlocker quietExpiry(m_expiry);
    const QSignalBlocker quietMetadata(m_metadata);
    m_expiry->setExpiration(key.expiration);
    m_metadataSet = key.metadata ? fromUtf8(*key.metadata) : QString();
    m_metadata->setText(m_metadataSet);
    m_metadataSet = m_metadata->text(); // as the field spells it
    m_editor->setValue(key.bytes);
}

void KvPanel::showMessage(const QString &message)
{
    m_bar->hide();
    m_shown = {};
    m_view->setMessage(message);
    setMode(Mode::Nothing);
    Q_EMIT edited();
}

void KvPanel::showKey(const KvKey &key)
{
    if (m_shown.key != key.key || m_mode == Mode::Editing || m_mode == Mode::New)
        m_bar->hide();
    fill(key);
    ValueHint hint;
    hint.name = fromUtf8(key.key);
    hint.group = m_group;
    m_view->setValue(key.bytes, hint);
    setMode(Mode::Showing);
    Q_EMIT edited();
}

void KvPanel::startNew(const KvKey &draft)
{
    m_bar->hide();
    fill(draft);
    m_keyEdit->setText(fromUtf8(draft.key));
    m_keyEdit->selectAll();
    setMode(Mode::New);
    m_keyEdit->setFocus(Qt::OtherFocusReason);
    Q_EMIT edited();
}

void KvPanel::startEditing()
{
    if (m_mode != Mode::Showing)
        return;
    setMode(Mode::Editing);
    m_editor->setFocus(Qt::OtherFocusReason);
}

void KvPanel::revert()
{
    if (m_mode == Mode::Nothing)
        return;
    if (m_mode == Mode::New) {
        showMessage({});
        Q_EMIT givenUp();
        return;
    }
    showKey(KvKey(m_shown));
    m_view->setFocus(Qt::OtherFocusReason);
}

bool KvPanel::isEdited() const
{
    switch (m_mode) {
    case Mode::Nothing:
        return false;
    case Mode::New:
        return !m_keyEdit->text().isEmpty() || m_editor->isModified() || !m_shown.bytes->empty();
    case Mode::Showing:
    case Mode::Editing:
        return m_expiry->isModified() || m_metadata->text() != m_metadataSet || (m_mode == Mode::Editing && m_editor->isModified());
    }
    return false;
}

KvWish KvPanel::wish() const
{
    KvWish wish;
    wish.before = m_shown;
    wish.key = m_shown;
    wish.key.row.reset();
    if (m_mode == Mode::New)
        wish.key.key = toUtf8(m_keyEdit->text());
    if (m_expiry->isModified())
        wish.key.expiration = m_expiry->expiration(QDateTime::currentSecsSinceEpoch());
    const QString metadata = m_metadata->text();
    if (metadata != m_metadataSet)
        wish.key.metadata = metadata.trimmed().isEmpty() ? std::nullopt : std::optional(toUtf8(metadata.trimmed()));
    wish.wasGone = m_gone;
    const bool value = m_mode == Mode::New || m_gone || (m_mode == Mode::Editing && m_editor->isModified());
    if (value)
        wish.key.bytes = m_editor->value();
    wish.what = m_mode == Mode::New ? KvWish::What::Add : value ? KvWish::What::Change : KvWish::What::Describe;
    return wish;
}

void KvPanel::setTheirs(const std::optional<KvKey> &theirs)
{
    m_bar->setMessage(MessageBar::Kind::Warning,
        theirs ? tr("Somebody else has written this key while you edited it. Which value is to stay?")
               : tr("Somebody else has deleted this key while you edited it. Keep yours to write it anew."));
    QPushButton *take = m_bar->addButton(theirs ? tr("Take theirs") : tr("Let it go"));
    QPushButton *keep = m_bar->addButton(tr("Keep mine"));
    connect(take, &QPushButton::clicked, this, [this, theirs] {
        m_bar->hide();
        if (theirs)
            showKey(*theirs);
        else
            showMessage(tr("The key is deleted."));
    });
    connect(keep, &QPushButton::clicked, this, [this, theirs] {
        m_bar->hide();
        // From now on it is theirs that the edit is compared with, and that it overwrites.
        if (theirs)
            m_shown = *theirs;
        m_gone = !theirs;
        Q_EMIT saveWanted();
    });
    m_bar->show();
}

void KvPanel::showProblem(const QString &problem)
{
    m_bar->setMessage(MessageBar::Kind::Error, problem);
    m_bar->show();
}

void KvPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    const bool both = height() >= roomForBoth;
    if (m_mode != Mode::Nothing && m_unfold->isChecked() && both == m_values->isHidden())
        refresh();
}

void KvPanel::refresh()
{
    const bool any = m_mode != Mode::Nothing;
    const bool fresh = m_mode == Mode::New;
    const bool editing = m_mode == Mode::Editing || fresh;
    const bool changed = isEdited();
    m_head->setVisible(any);
    m_keyLabel->setVisible(!fresh);
    m_keyEdit->setVisible(fresh);
    for (QToolButton *tool : {m_rename, m_duplicate, m_delete}) {
        tool->setVisible(!fresh);
        tool->setEnabled(!changed);
    }
    m_facts->setVisible(any);
    m_details->setVisible(any && m_unfold->isChecked());
    m_unfold->setIcon(icon(m_unfold->isChecked() ? "chevron-up"_L1 : "chevron-down"_L1, Tone::Muted));
    m_values->setVisible(!any || !m_unfold->isChecked() || height() >= roomForBoth); // in a low window the details take its place
    m_values->setCurrentWidget(editing ? static_cast<QWidget *>(m_editor) : m_view);
    m_edit->setVisible(m_mode == Mode::Showing);
    m_foot->setVisible(editing || changed);
    m_revert->setText(fresh || !changed ? tr("Cancel") : tr("Revert"));
    m_save->setText(fresh ? tr("Add key") : tr("Save"));
    m_save->setEnabled(fresh ? !m_keyEdit->text().isEmpty() && !m_metadata->problem() : changed && !m_metadata->problem());
    refreshFacts();
}

void KvPanel::refreshFacts()
{
    QStringList facts;
    const std::int64_t now = QDateTime::currentSecsSinceEpoch();
    const std::optional<std::int64_t> expiration = m_expiry->expiration(now);
    if (!expiration)
        facts << tr("Does not expire");
    else if (*expiration <= now)
        facts << tr("Expired: Functions do not see it any more");
    else
        facts << tr("Expires %1").arg(relativeTime(*expiration * 1000));
    const QString metadata = m_metadata->text().trimmed();
    facts << (metadata.isEmpty() ? tr("no metadata") : oneLine(metadata));
    m_factsLabel->setText(facts.join(u"  ·  "_s));
    m_factsLabel->setTone(expiration && *expiration <= now ? Tone::Warning : Tone::Muted);
}

} // namespace cleat::ui
