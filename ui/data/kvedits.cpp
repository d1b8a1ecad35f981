// SPDX-License-Identifier: GPL-3.0-or-later
// What KvBrowser changes and takes along.
#include "core/data/kv/keybulk.h"
#include "ui/data/kvbrowser.h"
#include "ui/data/kvmodel.h"
#include "ui/data/progressstrip.h"
#include "ui/data/questions.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QDropEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QMimeData>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::kv::KeyFilter;
using data::kv::KeyRow;

void KvBrowser::makeActions()
{
    const auto make = [this](QLatin1StringView iconName, const QString &text, const QKeySequence &keys, auto slot) {
        auto *action = new QAction(text, this);
        if (!iconName.isEmpty())
            action->setIcon(icon(iconName, Tone::Muted));
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_do.add = make("plus"_L1, tr("Add key"), QKeySequence(u"Ctrl+N"_s), [this] { addKey(); });
    m_do.edit = make("pencil"_L1, tr("Edit value"), {}, [this] { m_panel->startEditing(); });
    m_do.rename = make({}, tr("Rename…"), {}, [this] { renameKey(); });
    m_do.duplicate = make("copy-plus"_L1, tr("Duplicate"), {}, [this] { duplicateKey(); });
    m_do.remove = make("trash-2"_L1, tr("Delete"), {}, [this] { deleteKeys(); });
    m_do.copyKey = make("copy"_L1, tr("Copy key"), {}, [this] { copyKeys(); });
    m_do.copyValue = make({}, tr("Copy value"), {}, [this] { copyValue(); });
    m_do.copyCall = make({}, tr("Copy as code"), {}, [this] { copyCall(); });
    m_do.import = make("upload"_L1, tr("Import…"), {}, [this] { chooseImport(); });
    m_do.exportAll = make("download"_L1, tr("Export…"), {}, [this] { chooseExport({}); });
    m_do.exportSelected = make({}, tr("Export the chosen…"), {}, [this] { withSelectedKeys([this](const std::vector<std::string> &keys) { chooseExport(keys); }); });
    addAction(m_do.add);
    auto *saving = make({}, tr("Save"), QKeySequence::Save, [this] { save(); });
    addAction(saving);
}

void KvBrowser::refreshActions()
{
    const int rows = selectedRows();
    const bool one = rows == 1 && m_panel->hasKey() && !m_panel->isNew();
    const bool edited = m_panel->isEdited();
    for (QAction *action : {m_do.rename, m_do.duplicate})
        action->setEnabled(one && !edited);
    m_do.edit->setEnabled(one);
    m_do.remove->setEnabled(rows > 0 && !m_task->isRunning());
    m_do.copyKey->setEnabled(rows > 0);
    for (QAction *action : {m_do.copyValue, m_do.copyCall})
        action->setEnabled(one);
    m_do.import->setEnabled(!m_task->isRunning());
    m_do.exportAll->setEnabled(!m_task->isRunning() && m_total > 0);
    m_do.exportAll->setText(m_model->filter() == KeyFilter() ? tr("Export…") : tr("Export what matches…"));
    m_do.exportSelected->setEnabled(!m_task->isRunning() && rows > 0);
}

// ---- writing

void KvBrowser::save()
{
    if (m_saving || !m_panel->isEdited())
        return;
    const KvWish wish = m_panel->wish();
    m_saving = true;
    m_thread.run(
        this,
        [store = m_store, wish](std::stop_token) -> base::Result<SaveAnswer> {
            using data::kv::KeyEditor;
            const auto done = [](const base::Result<void> &result) -> base::Result<SaveAnswer> {
                if (!result)
                    return std::unexpected(result.error());
                return SaveAnswer();
            };
            const auto edit = [&wish] { return data::kv::KeyEdit{wish.key.key, {*wish.key.bytes, wish.key.expiration, wish.key.metadata}}; };
            if (wish.what == KvWish::What::Add)
                return done(store->editor().put(edit(), KeyEditor::Existing::Keep));
            // Is it still what the user saw?
            auto now = store->keys().value(wish.key.key);
            if (!now)
                return std::unexpected(now.error());
            const bool gone = !now->has_value();
            if (gone && !wish.wasGone)
                return SaveAnswer{Saved::Conflict, {}};
            if (!gone) {
                KvKey theirs;
                theirs.key = wish.key.key;
                theirs.expiration = (*now)->expiration;
                theirs.metadata = (*now)->metadata;
                theirs.bytes = std::make_shared<const std::string>(std::move((*now)->bytes));
                if (wish.wasGone || !theirs.sameAs(wish.before))
                    return SaveAnswer{Saved::Conflict, std::move(theirs)};
            }
            if (wish.what == KvWish::What::Describe)
                return done(store->editor().describe(wish.key.key, wish.key.expiration, wish.key.metadata));
            return done(store->editor().put(edit(), KeyEditor::Existing::Replace));
        },
        [this, wish](base::Result<SaveAnswer> &&answer) {
            m_saving = false;
            saved(wish, std::move(answer));
        });
}

void KvBrowser::saved(const KvWish &wish, base::Result<SaveAnswer> &&answer)
{
    if (!answer) {
        m_panel->showProblem(answer.error().code == "data.exists" ? tr("There is a key of this name already. Take another name, or edit that one.") : formatError(answer.error()));
        return;
    }
    if (answer->saved == Saved::Conflict) {
        m_panel->setTheirs(answer->theirs);
        return;
    }
    m_bar->hide();
    m_panel->showKey(wish.key); // its row is read by the look
    m_wantedKey = wish.key.key;
    look(wish.key.key);
    m_list->setFocus(Qt::OtherFocusReason);
}

void KvBrowser::addKey()
{
    if (m_panel->isEdited()) {
        choose(); // asks
        return;
    }
    KvKey draft;
    draft.key = m_model->filter().prefix;
    m_list->clearSelection();
    m_panel->startNew(draft);
}

void KvBrowser::duplicateKey()
{
    if (!m_panel->hasKey() || m_panel->isNew() || m_panel->isEdited())
        return;
    KvKey draft = m_panel->shown();
    draft.row.reset();
    draft.key += "-copy";
    m_panel->startNew(draft);
}

void KvBrowser::renameKey()
{
    if (!m_panel->hasKey() || m_panel->isNew() || m_panel->isEdited())
        return;
    const std::string from = m_panel->shown().key;
    TextQuestion question;
    question.title = tr("Rename key");
    question.label = tr("New name; value, expiry and metadata stay:");
    question.text = fromUtf8(from);
    question.doIt = tr("Rename");
    question.trouble = [](const QString &name) {
        const auto fine = data::kv::checkEdit({toUtf8(name), {}});
        return fine ? QString() : formatError(fine.error());
    };
    askText(this, question, [this, from](const QString &name) {
        const std::string to = toUtf8(name);
        if (to == from)
            return;
        m_thread.run(
            this, [store = m_store, from, to](std::stop_token) { return store->editor().rename(from, to, data::kv::KeyEditor::Existing::Keep); },
            [this, to](base::Result<void> &&result) {
                if (!result) {
                    m_panel->showProblem(result.error().code == "data.exists" ? tr("There is a key of the name “%1” already.").arg(oneLine(fromUtf8(to), 80)) : formatError(result.error()));
                    return;
                }
                m_wantedKey = to;
                look(to);
            });
    });
}

void KvBrowser::deleteKeys()
{
    const int rows = selectedRows();
    if (rows == 0 || m_task->isRunning())
        return;
    const auto finished = [this](const base::Result<std::uint64_t> &result) {
        if (!result)
            showError(result.error());
        else
            look({});
    };
    if (isAllSelected() && rows > 1) { // by the filter: nothing needs to be read
        const KeyFilter filter = m_model->filter();
        const QString question = filter == KeyFilter() ? tr("Delete all %L1 keys of this namespace? This cannot be undone.").arg(rows)
                                                       : tr("Delete all %L1 keys that match the filter? This cannot be undone.").arg(rows);
        askFirst(this, question, tr("Delete"), [this, filter, finished] {
            m_panel->showMessage({});
            m_task->run(tr("Deleting"), ProgressStrip::Unit::Count, [state = resource().state, id = resource().id, filter](const data::Control &control) { return data::kv::KeyEditor(state, id).remove(filter, control); }, finished);
        });
        return;
    }
    withSelectedKeys([this, finished](std::vector<std::string> keys) {
        const QString question = keys.size() == 1 ? tr("Delete the key “%1”? This cannot be undone.").arg(oneLine(fromUtf8(keys.front()), 120))
                                                  : tr("Delete %L1 keys? This cannot be undone.").arg(keys.size());
        askFirst(this, question, tr("Delete"), [this, keys = std::move(keys), finished] {
            m_panel->showMessage({});
            m_task->run(tr("Deleting"), ProgressStrip::Unit::Count, [state = resource().state, id = resource().id, keys](const data::Control &control) { return data::kv::KeyEditor(state, id).remove(keys, control); }, finished);
        });
    });
}

// ---- copying

void KvBrowser::copyKeys()
{
    withSelectedKeys([](const std::vector<std::string> &keys) {
        QStringList texts;
        for (const std::string &key : keys)
            texts << fromUtf8(key);
        QGuiApplication::clipboard()->setText(texts.join(u'\n'));
    });
}

void KvBrowser::copyValue()
{
    if (m_panel->hasKey() && m_panel->shown().bytes)
        QGuiApplication::clipboard()->setText(fromUtf8(*m_panel->shown().bytes));
}

void KvBrowser::copyCall()
{
    const QString binding = resource().uses.empty() ? u"KV"_s : fromUtf8(resource().uses.front().binding);
    QString key;
    for (const QChar c : fromUtf8(m_panel->shown().key)) {
        if (c == u'"' || c == u'\\')
            key += u'\\' + QString(c);
        else if (c.unicode() < 0x20 || c.unicode() == 0x2028 || c.unicode() == 0x2029)
            key += u"\\u%1"_s.arg(c.unicode(), 4, 16, QLatin1Char('0'));
        else
            key += c;
    }
    QGuiApplication::clipboard()->setText(u"await env.%1.get(\"%2\")"_s.arg(binding, key));
}

// ---- files

void KvBrowser::importFrom(const QString &path)
{
    if (m_task->isRunning())
        return;
    const QString name = QFileInfo(path).fileName();
    m_task->run(
        tr("Importing %1").arg(name), ProgressStrip::Unit::Count,
        [state = resource().state, id = resource().id, file = toPath(path)](const data::Control &control) { return data::kv::importKeys(state, id, file, control); },
        [this, name](base::Result<std::uint64_t> &&result) {
            if (!result) {
                const bool cancelled = result.error().code == "data.cancelled";
                m_bar->setMessage(cancelled ? MessageBar::Kind::Info : MessageBar::Kind::Error,
                    cancelled ? tr("The import was cancelled. No key was written.") : formatPlacedError(result.error()));
            } else {
                m_bar->setMessage(MessageBar::Kind::Info, tr("%1 imported from %2.").arg(counted(*result, tr("%1 key"), tr("%1 keys")), name));
                look(m_panel->isNew() ? std::string() : m_panel->shown().key);
            }
            m_bar->show();
        });
}

void KvBrowser::exportTo(const QString &path)
{
    startExport(path, {});
}

void KvBrowser::startExport(const QString &path, const std::vector<std::string> &keys)
{
    if (m_task->isRunning())
        return;
    const QString name = QFileInfo(path).fileName();
    m_task->run(
        tr("Exporting %1").arg(name), ProgressStrip::Unit::Count,
        [state = resource().state, id = resource().id, file = toPath(path), filter = m_model->filter(), keys](const data::Control &control) {
            return keys.empty() ? data::kv::exportKeys(state, id, filter, file, control) : data::kv::exportKeys(state, id, keys, file, control);
        },
        [this, path](base::Result<std::uint64_t> &&result) {
            const bool cancelled = !result && result.error().code == "data.cancelled";
            if (result)
                m_bar->setMessage(MessageBar::Kind::Info, tr("%1 written to %2.").arg(counted(*result, tr("%1 key"), tr("%1 keys")), path));
            else
                m_bar->setMessage(cancelled ? MessageBar::Kind::Info : MessageBar::Kind::Error,
                    cancelled ? tr("The export was cancelled. No file was written.") : formatPlacedError(result.error()));
            m_bar->show();
        });
}

void KvBrowser::chooseImport()
{
    auto *dialog = new QFileDialog(this, tr("Import keys"), {}, tr("Bulk JSON (*.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, &KvBrowser::importFrom);
    dialog->open();
}

void KvBrowser::chooseExport(const std::vector<std::string> &keys)
{
    auto *dialog = new QFileDialog(this, tr("Export keys"), {}, tr("Bulk JSON (*.json);;All files (*)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(u"json"_s);
    dialog->selectFile(fromUtf8(resource().title) + u".json"_s);
    connect(dialog, &QFileDialog::fileSelected, this, [this, keys](const QString &path) { startExport(path, keys); });
    dialog->open();
}

namespace {

QString droppedFile(const QMimeData &data)
{
    const QList<QUrl> urls = data.urls();
    return urls.size() == 1 && urls.first().isLocalFile() && urls.first().path().endsWith(u".json"_s, Qt::CaseInsensitive) ? urls.first().toLocalFile() : QString();
}

} // namespace

void KvBrowser::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedFile(*event->mimeData()).isEmpty() && !m_task->isRunning())
        event->acceptProposedAction();
}

void KvBrowser::dropEvent(QDropEvent *event)
{
    const QString path = droppedFile(*event->mimeData());
    if (path.isEmpty())
        return;
    event->acceptProposedAction();
    importFrom(path);
}

// ---- keys and menus

bool KvBrowser::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return DataView::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (watched == m_filter) {
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            m_list->setFocus(Qt::OtherFocusReason);
            if (!m_list->currentIndex().isValid() && m_model->count() > 0)
                select(0);
            return true;
        }
        if (key->key() == Qt::Key_Escape && !m_filter->text().isEmpty()) {
            m_filter->clear();
            return true;
        }
        return DataView::eventFilter(watched, event);
    }
    if (watched == m_list) {
        if (key->matches(QKeySequence::Copy)) {
            copyKeys();
            return true;
        }
        switch (key->key()) {
        case Qt::Key_Delete:
            deleteKeys();
            return true;
        case Qt::Key_F2:
            renameKey();
            return true;
        case Qt::Key_Return:
        case Qt::Key_Enter:
            m_panel->startEditing();
            return true;
        default:
            break;
        }
    }
    return DataView::eventFilter(watched, event);
}

void KvBrowser::showMenu(const QPoint &point)
{
    refreshActions();
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (m_list->indexAt(point).isValid()) {
        for (QAction *action : {m_do.edit, m_do.rename, m_do.duplicate})
            menu->addAction(action);
        menu->addSeparator();
        for (QAction *action : {m_do.copyKey, m_do.copyValue, m_do.copyCall})
            menu->addAction(action);
        menu->addSeparator();
        menu->addAction(m_do.exportSelected);
        menu->addAction(m_do.remove);
        menu->addSeparator();
    }
    menu->addAction(m_do.add);
    menu->addAction(m_do.import);
    menu->addAction(m_do.exportAll);
    menu->popup(m_list->viewport()->mapToGlobal(point));
}

} // namespace cleat::ui
