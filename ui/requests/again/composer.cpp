// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/again/composer.h"

#include "core/events/masking.h"
#include "core/session/savedrequests.h"
#include "core/session/session.h"
#include "ui/data/questions.h"
#include "ui/requests/again/fieldseditor.h"
#include "ui/values/valueeditor.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QCloseEvent>
#include <QComboBox>
#include <QCompleter>
#include <QFontDatabase>
#include <QHeaderView>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QStringListModel>
#include <QTabWidget>
#include <QTableWidget>
#include <QTimer>
#include <QToolButton>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::ReplayRequest;

namespace {

QToolButton *tool(QLatin1StringView iconName, const QString &name, QWidget *parent)
{
    auto *button = new QToolButton(parent);
    button->setIcon(icon(iconName));
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setAutoRaise(true);
    return button;
}

Tone toneOf(int status)
{
    return status >= 500 ? Tone::Danger : status >= 400 ? Tone::Warning : Tone::Success;
}

bool holdsSensitive(const ReplayRequest &request)
{
    return std::ranges::any_of(request.fields, [](const auto &field) { return events::isSensitiveField(field.first); });
}

} // namespace

Composer::Composer(session::Session &session, session::SavedRequests &saved, QWidget *parent) : QWidget(parent, Qt::Window), m_session(session), m_saved(saved)
{
    auto *across = new QSplitter(Qt::Horizontal);
    across->addWidget(makeSaved());
    auto *down = new QSplitter(Qt::Vertical);
    down->addWidget(makeRequest());
    down->addWidget(makeAnswer());
    down->setSizes({260, 320});
    down->setChildrenCollapsible(false);
    across->addWidget(down);
    across->setStretchFactor(0, 0);
    across->setStretchFactor(1, 1);
    across->setSizes({200, 700});
    across->setCollapsible(1, false);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(across);

    connect(new QShortcut(Qt::CTRL | Qt::Key_Return, this), &QShortcut::activated, this, &Composer::send);
    connect(new QShortcut(Qt::CTRL | Qt::Key_Enter, this), &QShortcut::activated, this, &Composer::send);
    connect(new QShortcut(QKeySequence::Save, this), &QShortcut::activated, this, &Composer::save);
    connect(new QShortcut(QKeySequence::Close, this), &QShortcut::activated, this, &QWidget::close);
    connect(&m_saved, &session::SavedRequests::changed, this, &Composer::refreshSaved);
    connect(&m_session, &session::Session::stateChanged, this, &Composer::refreshTrouble);
    refreshSaved();
    put({}, {}, {});
    resize(900, 620);
    restoreGeometry(QSettings().value(u"composer/geometry"_s).toByteArray());
}

Composer::~Composer() = default;

QWidget *Composer::makeSaved()
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 4, 4);
    row->addWidget(new ToneLabel(tr("Saved requests"), Tone::Muted), 1);
    auto *fresh = tool("plus"_L1, tr("New request"), box);
    connect(fresh, &QToolButton::clicked, this, [this] { compose({}); });
    row->addWidget(fresh);
    column->addLayout(row);
    m_savedBar = new MessageBar(MessageBar::Closing::ByOwner);
    column->addWidget(m_savedBar);
    m_list = new QListWidget;
    m_list->setAccessibleName(tr("Saved requests"));
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    column->addWidget(m_list, 1);
    connect(m_list, &QListWidget::itemActivated, this, &Composer::openSaved);
    connect(m_list, &QListWidget::itemClicked, this, &Composer::openSaved);
    connect(m_list, &QWidget::customContextMenuRequested, this, [this](const QPoint &point) {
        if (!m_list->itemAt(point))
            return;
        auto *menu = new QMenu(m_list);
        menu->setAttribute(Qt::WA_DeleteOnClose);
        menu->addAction(icon("pencil"_L1), tr("&Rename…"), this, &Composer::renameSaved);
        menu->addAction(icon("trash-2"_L1), tr("&Delete…"), this, &Composer::removeSaved);
        menu->popup(m_list->viewport()->mapToGlobal(point));
    });
    auto *remove = new QShortcut(QKeySequence::Delete, m_list, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &Composer::removeSaved);
    auto *rename = new QShortcut(Qt::Key_F2, m_list, nullptr, nullptr, Qt::WidgetShortcut);
    connect(rename, &QShortcut::activated, this, &Composer::renameSaved);
    box->setMinimumWidth(120);
    return box;
}

QWidget *Composer::makeRequest()
{
    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(8, 8, 8, 0);
    column->setSpacing(6);
    auto *row = new QHBoxLayout;
    m_method = new QComboBox;
    m_method->setEditable(true);
    m_method->setAccessibleName(tr("Method"));
    m_method->addItems({u"GET"_s, u"POST"_s, u"PUT"_s, u"PATCH"_s, u"DELETE"_s, u"HEAD"_s, u"OPTIONS"_s});
    m_method->setInsertPolicy(QComboBox::NoInsert);
    m_method->setFixedWidth(110);
    m_target = new QLineEdit;
    m_target->setAccessibleName(tr("Path"));
    m_target->setPlaceholderText(u"/api/tasks?done=true"_s);
    m_target->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_paths = new QStringListModel(this);
    auto *completer = new QCompleter(m_paths, this);
    completer->setFilterMode(Qt::MatchContains);
    m_target->setCompleter(completer);
    m_send = new QPushButton(icon("play"_L1), tr("&Send"));
    m_send->setToolTip(tr("Sends it to the project that runs (Ctrl+Return)"));
    m_cancel = new QPushButton(tr("Cancel"));
    m_cancel->hide();
    auto *keep = tool("save"_L1, tr("Save with a name (Ctrl+S)"), box);
    keep->setAccessibleName(tr("Save request"));
    row->addWidget(m_method);
    row->addWidget(m_target, 1);
    row->addWidget(m_send);
    row->addWidget(m_cancel);
    row->addWidget(keep);
    column->addLayout(row);
    m_trouble = new ToneLabel({}, Tone::Danger);
    m_trouble->setWordWrap(true);
    m_trouble->hide();
    column->addWidget(m_trouble);
    m_note = new MessageBar(MessageBar::Closing::ByUser);
    column->addWidget(m_note);
    m_requestTabs = new FlatTabs;
    m_fields = new FieldsEditor;
    m_body = new ValueEditor;
    m_body->setLimit(100U << 20);
    m_requestTabs->addTab(m_fields, tr("Headers"));
    m_requestTabs->addTab(m_body, tr("Body"));
    column->addWidget(m_requestTabs, 1);

    connect(m_send, &QPushButton::clicked, this, &Composer::send);
    connect(m_cancel, &QPushButton::clicked, this, &Composer::cancel);
    connect(keep, &QToolButton::clicked, this, &Composer::save);
    connect(m_target, &QLineEdit::returnPressed, this, &Composer::send);
    connect(m_target, &QLineEdit::textChanged, this, &Composer::refreshTrouble);
    connect(m_method, &QComboBox::editTextChanged, this, &Composer::refreshTrouble);
    connect(m_fields, &FieldsEditor::edited, this, &Composer::refreshTrouble);
    connect(m_body, &ValueEditor::edited, this, &Composer::refreshTrouble);
    connect(m_body, &ValueEditor::failed, this, [this](const QString &why) {
        m_note->setMessage(MessageBar::Kind::Error, why);
        m_note->show();
    });
    return box;
}

QWidget *Composer::makeAnswer()
{
    m_answerPages = new QStackedWidget;
    m_answerHint = new ToneLabel(tr("The answer shows here."), Tone::Muted);
    m_answerHint->setAlignment(Qt::AlignCenter);
    m_answerHint->setWordWrap(true);
    m_answerHint->setMargin(16);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(8, 6, 8, 0);
    column->setSpacing(4);
    auto *row = new QHBoxLayout;
    m_status = new ToneLabel;
    m_status->setAccessibleName(tr("Status of the answer"));
    m_facts = new ToneLabel({}, Tone::Muted);
    row->addWidget(m_status);
    row->addWidget(m_facts, 1);
    column->addLayout(row);
    auto *tabs = new FlatTabs;
    m_answerBody = new ValueView;
    m_answerFields = new QTableWidget(0, 2);
    m_answerFields->setAccessibleName(tr("Answer headers"));
    m_answerFields->setHorizontalHeaderLabels({tr("Header"), tr("Value")});
    m_answerFields->horizontalHeader()->setStretchLastSection(true);
    m_answerFields->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_answerFields->horizontalHeader()->resizeSection(0, 180);
    m_answerFields->verticalHeader()->hide();
    m_answerFields->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
    m_answerFields->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_answerFields->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_answerFields->setShowGrid(false);
    m_answerFields->setAlternatingRowColors(true);
    m_answerFields->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    tabs->addTab(m_answerBody, tr("Body"));
    tabs->addTab(m_answerFields, tr("Headers"));
    column->addWidget(tabs, 1);
    m_answerPages->addWidget(m_answerHint);
    m_answerPages->addWidget(page);
    return m_answerPages;
}

// ---- what stands there

ReplayRequest Composer::request() const
{
    ReplayRequest result;
    result.method = toUtf8(m_method->currentText().trimmed());
    result.target = toUtf8(m_target->text().trimmed());
    result.fields = m_fields->fields();
    if (const ValueBytes body = m_body->value())
        result.body = *body;
    return result;
}

void Composer::compose(const ReplayRequest &request, const QString &note)
{
    whenGivenUp([this, request, note] { put(request, note, {}); });
}

void Composer::put(const ReplayRequest &request, const QString &note, const QString &name)
{
    m_method->setCurrentText(fromUtf8(request.method));
    m_target->setText(fromUtf8(request.target));
    m_target->setFocus(Qt::OtherFocusReason);
    m_target->selectAll(); // what is typed takes its place
    m_fields->setFields(request.fields);
    m_body->setValue(std::make_shared<const std::string>(request.body));
    m_requestTabs->setCurrentIndex(request.body.empty() ? 0 : 1);
    m_note->setVisible(!note.isEmpty());
    if (!note.isEmpty()) {
        m_note->setMessage(MessageBar::Kind::Warning, note);
        m_note->show();
    }
    m_put = this->request();
    m_name = name;
    m_answerHint->setText(tr("The answer shows here."));
    m_answerPages->setCurrentIndex(0);
    refreshTitle();
    refreshTrouble();
}

/// Does it when nothing that was edited is lost by it, or once the user says that it may.
void Composer::whenGivenUp(std::function<void()> then)
{
    if (request() == m_put) {
        then();
        return;
    }
    askFirst(this, tr("Give up what you changed in this request?"), tr("Give up"), std::move(then));
}

void Composer::setKnownPaths(const QStringList &paths)
{
    m_paths->setStringList(paths);
}

void Composer::refreshTitle()
{
    setWindowTitle(m_name.isEmpty() ? tr("Request composer") : tr("%1 — Request composer").arg(m_name));
}

void Composer::refreshTrouble()
{
    const auto fine = session::check(request());
    m_trouble->setText(fine ? QString() : fromUtf8(fine.error().message));
    m_trouble->setVisible(!fine);
    m_send->setEnabled(fine.has_value());
    const std::size_t count = m_fields->fields().size();
    m_requestTabs->setTabText(0, count == 0 ? tr("Headers") : tr("Headers (%1)").arg(count));
}

// ---- sending

void Composer::send()
{
    if (!m_send->isEnabled() || m_replay)
        return;
    m_replay = new session::Replay(request(), m_session.url(), this);
    connect(m_replay, &session::Replay::finished, this, &Composer::answered);
    m_cancel->show();
    m_send->setEnabled(false);
    m_answerHint->setText(tr("Waiting for the answer…"));
    m_answerPages->setCurrentIndex(0);
    m_replay->start();
}

void Composer::cancel()
{
    if (m_replay)
        m_replay->cancel();
}

void Composer::answered(const base::Result<session::ReplayAnswer> &answer)
{
    if (m_replay)
        m_replay->deleteLater();
    m_replay = nullptr;
    m_cancel->hide();
    refreshTrouble();
    if (!answer) {
        m_answerHint->setText(fromUtf8(answer.error().message));
        m_answerPages->setCurrentIndex(0);
        return;
    }
    m_answerFields->setRowCount(0);
    const QStringList lines = fromUtf8(answer->head).split(u"\r\n"_s, Qt::SkipEmptyParts);
    QString contentType;
    for (const QString &line : lines.mid(1)) {
        const qsizetype colon = line.indexOf(u':');
        const QString name = line.left(colon);
        const QString value = line.mid(colon + 1).trimmed();
        if (name.compare("content-type"_L1, Qt::CaseInsensitive) == 0)
            contentType = value;
        const int row = m_answerFields->rowCount();
        m_answerFields->insertRow(row);
        m_answerFields->setItem(row, 0, new QTableWidgetItem(name));
        m_answerFields->setItem(row, 1, new QTableWidgetItem(events::isSensitiveField(toUtf8(name)) ? QString(8, QChar(0x2022)) : value));
    }
    m_status->setText(lines.value(0).section(u' ', 1));
    m_status->setTone(toneOf(answer->status));
    m_facts->setText(tr("%1, first byte after %2, %3").arg(formatDuration(answer->durationUs), formatDuration(answer->headUs), formatBytes(answer->body.size())));
    if (answer->body.empty())
        m_answerBody->setMessage(tr("The answer has no body."));
    else
        m_answerBody->setValue(std::make_shared<const std::string>(answer->body), {m_target->text(), contentType, {}, 0});
    m_answerPages->setCurrentIndex(1);
}

// ---- with names

void Composer::refreshSaved()
{
    m_list->clear();
    for (const session::SavedRequest &one : m_saved.requests()) {
        auto *item = new QListWidgetItem(fromUtf8(one.name), m_list);
        item->setToolTip(fromUtf8(one.request.method + ' ' + one.request.target));
        if (item->text() == m_name)
            m_list->setCurrentItem(item);
    }
    const base::Error &error = m_saved.error();
    m_savedBar->setVisible(!error.code.empty());
    if (!error.code.empty()) {
        m_savedBar->setMessage(MessageBar::Kind::Error, fromUtf8(error.message));
        m_savedBar->show();
    }
}

void Composer::openSaved()
{
    const QListWidgetItem *item = m_list->currentItem();
    const session::SavedRequest *one = item ? m_saved.find(toUtf8(item->text())) : nullptr;
    if (!one || (fromUtf8(one->name) == m_name && one->request == request()))
        return;
    whenGivenUp([this, saved = *one] { put(saved.request, {}, fromUtf8(saved.name)); });
}

void Composer::save()
{
    if (const auto fine = session::check(request()); !fine)
        return;
    if (!m_name.isEmpty()) {
        storeAs(m_name);
        return;
    }
    TextQuestion question;
    question.title = tr("Save request");
    question.label = tr("Name:");
    question.text = m_method->currentText() + u' ' + m_target->text().section(u'?', 0, 0);
    question.doIt = tr("Save");
    question.trouble = [this](const QString &text) {
        if (text.trimmed().isEmpty())
            return tr("A saved request needs a name.");
        return m_saved.find(toUtf8(text.trimmed())) ? tr("There is a request with this name already.") : QString();
    };
    askText(this, question, [this](const QString &name) { storeAs(name.trimmed()); });
}

void Composer::storeAs(const QString &name)
{
    const auto store = [this, name](const ReplayRequest &request) {
        if (const auto stored = m_saved.save({toUtf8(name), request}); !stored) {
            m_note->setMessage(MessageBar::Kind::Error, fromUtf8(stored.error().message));
            m_note->show();
            return;
        }
        m_name = name;
        m_put = this->request();
        refreshTitle();
        refreshSaved();
    };
    const ReplayRequest wanted = request();
    if (!holdsSensitive(wanted)) {
        store(wanted);
        return;
    }
    auto *question = new QMessageBox(QMessageBox::Warning, tr("Cleat"),
        tr("This request has headers that tell who you are (Authorization, Cookie and the like). %1 is a plain file that may be committed. Leave them out?").arg(fromUtf8(session::SavedRequests::fileName)),
        QMessageBox::NoButton, this);
    question->setTextFormat(Qt::PlainText);
    question->setAttribute(Qt::WA_DeleteOnClose);
    const QPushButton *without = question->addButton(tr("&Leave them out"), QMessageBox::AcceptRole);
    const QPushButton *with = question->addButton(tr("Save &all"), QMessageBox::DestructiveRole);
    question->addButton(QMessageBox::Cancel);
    connect(question, &QMessageBox::buttonClicked, this, [without, with, wanted, store](QAbstractButton *button) {
        if (button == with) {
            store(wanted);
        } else if (button == without) {
            ReplayRequest clean = wanted;
            std::erase_if(clean.fields, [](const auto &field) { return events::isSensitiveField(field.first); });
            store(clean);
        }
    });
    question->open();
}

void Composer::renameSaved()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    const QString old = item->text();
    TextQuestion question;
    question.title = tr("Rename");
    question.label = tr("New name:");
    question.text = old;
    question.doIt = tr("Rename");
    question.trouble = [this, old](const QString &text) {
        const QString name = text.trimmed();
        if (name.isEmpty())
            return tr("A saved request needs a name.");
        return name != old && m_saved.find(toUtf8(name)) ? tr("There is a request with this name already.") : QString();
    };
    askText(this, question, [this, old](const QString &text) {
        const QString name = text.trimmed();
        const auto renamed = m_saved.rename(toUtf8(old), toUtf8(name));
        if (!renamed) {
            m_note->setMessage(MessageBar::Kind::Error, fromUtf8(renamed.error().message));
            m_note->show();
            return;
        }
        if (m_name == old)
            m_name = name;
        refreshTitle();
        refreshSaved();
    });
}

void Composer::removeSaved()
{
    const QListWidgetItem *item = m_list->currentItem();
    if (!item)
        return;
    askFirst(this, tr("Delete the saved request \"%1\"?").arg(item->text()), tr("Delete"), [this, name = item->text()] {
        if (const auto removed = m_saved.remove(toUtf8(name)); !removed) {
            m_note->setMessage(MessageBar::Kind::Error, fromUtf8(removed.error().message));
            m_note->show();
        } else if (m_name == name) {
            m_name.clear();
            refreshTitle();
        }
    });
}

void Composer::closeEvent(QCloseEvent *event)
{
    QSettings().setValue(u"composer/geometry"_s, saveGeometry());
    QWidget::closeEvent(event); // it is hidden: what stands there stays
}

} // namespace cleat::ui
