// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/storagepage.h"

#include "ui/data/d1/ask.h"
#include "ui/data/durableobjects/keydialog.h"
#include "ui/data/questions.h"
#include "ui/values/valueview.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QSettings>
#include <QSplitter>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::durableobjects::ObjectChange;
using data::durableobjects::StoredValue;
using data::durableobjects::ValueRow;
using session::ObjectDesk;

StoragePage::StoragePage(ObjectDesk &desk, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_reader(std::make_shared<ValueReader>()), m_model(std::make_unique<ValueModel>(m_thread, m_reader)), m_prefix(new QLineEdit), m_table(new RowView),
      m_value(new ValueView), m_splitter(new QSplitter(Qt::Vertical)), m_add(new QAction(icon("plus"_L1), tr("Add a key…"), this)), m_edit(new QAction(icon("pencil"_L1), tr("Edit…"), this)),
      m_remove(new QAction(icon("trash-2"_L1), tr("Delete"), this)), m_copy(new QAction(icon("copy"_L1), tr("Copy the keys"), this))
{
    makeActions();
    setUpTable();
    m_prefix->setPlaceholderText(tr("Keys that begin with"));
    m_prefix->setAccessibleName(tr("Keys that begin with"));
    m_prefix->setClearButtonEnabled(true);
    auto *tools = new QHBoxLayout;
    tools->setContentsMargins(8, 4, 8, 4);
    tools->setSpacing(2);
    tools->addWidget(m_prefix, 1);
    tools->addSpacing(6);
    for (QAction *action : {m_add, m_edit, m_remove})
        tools->addWidget(toolButton(action, ButtonLook::IconOnly));
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(m_value);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);
    m_splitter->setSizes({300, 260});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(tools);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_splitter, 1);
    setFocusProxy(m_table);

    connect(m_prefix, &QLineEdit::textChanged, this, [this](const QString &text) { m_model->setQuery({m_file, toUtf8(text)}); });
    connect(m_model.get(), &ValueModel::failed, this, [this](const base::Error &error) { Q_EMIT failed(formatError(error)); });
    connect(m_model.get(), &QAbstractItemModel::modelReset, this, [this] {
        m_table->setEnabled(true);
        showCurrent();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &StoragePage::showCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &StoragePage::refreshActions);
    connect(m_table, &QAbstractItemView::activated, this, &StoragePage::openEdit);
    m_splitter->restoreState(QSettings().value(u"data/objects/storage"_s).toByteArray());
    showCurrent();
}

StoragePage::~StoragePage()
{
    m_table->setModel(nullptr);
    m_model.reset();
    m_thread.keep(std::move(m_reader));
}

void StoragePage::makeActions()
{
    m_remove->setShortcut(QKeySequence::Delete);
    m_copy->setShortcut(QKeySequence::Copy);
    for (QAction *action : {m_remove, m_copy})
        action->setShortcutContext(Qt::WidgetShortcut); // the table's
    m_add->setToolTip(tr("Add a key with a JSON value"));
    m_remove->setToolTip(tr("Delete the selected keys (Del)"));
    connect(m_add, &QAction::triggered, this, &StoragePage::openAdd);
    connect(m_edit, &QAction::triggered, this, &StoragePage::openEdit);
    connect(m_remove, &QAction::triggered, this, &StoragePage::removeSelected);
    connect(m_copy, &QAction::triggered, this, &StoragePage::copyKeys);
}

void StoragePage::setUpTable()
{
    m_table->setModel(m_model.get());
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Keys"));
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions({m_edit, m_copy, m_remove});
    m_table->setPlaceholder(tr("No keys. Code stores them with ctx.storage.put(), and Add does here."));
    QHeaderView *header = m_table->header();
    header->setStretchLastSection(false);
    header->setSectionResizeMode(ValueModel::Value, QHeaderView::Stretch);
    header->resizeSection(ValueModel::Key, 170);
    header->resizeSection(ValueModel::Size, m_table->fontMetrics().horizontalAdvance(u"000.0 kB"_s) + 2 * cellMargin + 8);
}

void StoragePage::setObject(const session::ObjectPlace &place, const std::filesystem::path &file)
{
    m_place = place;
    if (m_file == file)
        return;
    m_file = file;
    m_table->setEnabled(false); // until it shows no keys of the object before
    m_model->setQuery({m_file, toUtf8(m_prefix->text())});
}

void StoragePage::poll()
{
    if (m_looking || m_file.empty())
        return;
    m_looking = true;
    m_thread.run(
        this, [reader = m_reader, file = m_file](std::stop_token) { return reader->at(file).changed(); },
        [this](base::Result<bool> &&found) {
            m_looking = false;
            if (!found)
                Q_EMIT failed(formatError(found.error()));
            else if (*found)
                refresh();
        });
}

/// The rows, and the value at the right.
void StoragePage::refresh()
{
    m_model->refresh(m_table->firstRow(), m_table->lastRow());
    if (m_key.empty())
        return;
    m_thread.run(
        this, [reader = m_reader, file = m_file, key = m_key](std::stop_token) { return reader->at(file).value(key); },
        [this, key = m_key, file = m_file](base::Result<std::optional<StoredValue>> &&found) {
            if (key == m_key && file == m_file)
                showValue(key, std::move(found));
        });
}

void StoragePage::refreshActions()
{
    const bool some = m_table->selectionModel()->hasSelection();
    m_add->setEnabled(!m_file.empty());
    m_edit->setEnabled(m_shown && m_shown->isJson);
    m_edit->setToolTip(!m_shown || m_shown->isJson ? tr("Edit the value as JSON (Enter)") : tr("The value holds what JSON has not, as a Date, a Map or bytes: only code can write such a value."));
    m_remove->setEnabled(some);
    m_copy->setEnabled(some);
}

void StoragePage::showCurrent()
{
    m_thread.cancel(m_loading);
    const QModelIndex current = m_table->currentIndex();
    const ValueRow *row = current.isValid() ? m_model->row(current.row()) : nullptr;
    if (!row) {
        m_key.clear();
        m_shown.reset();
        m_value->setMessage(m_model->rowCount() > 0 ? tr("Choose a key to see its value.") : QString());
        refreshActions();
        return;
    }
    m_key = row->key;
    m_shown.reset();
    refreshActions();
    m_loading = m_thread.run(
        this, [reader = m_reader, file = m_file, key = m_key](std::stop_token) { return reader->at(file).value(key); },
        [this, key = m_key](base::Result<std::optional<StoredValue>> &&found) { showValue(key, std::move(found)); });
    m_thread.hurry(m_loading);
}

void StoragePage::showValue(const std::string &key, base::Result<std::optional<StoredValue>> &&found)
{
    if (found && *found && m_shown == *found)
        return;
    m_shown = found ? std::move(*found) : std::nullopt;
    refreshActions();
    if (!m_shown) {
        m_value->setMessage(found ? tr("The key is gone: it was deleted.") : formatError(found.error()));
        return;
    }
    ValueHint hint;
    hint.name = fromUtf8(key);
    hint.group = u"objects/"_s + fromUtf8(m_place.uniqueKey);
    if (m_shown->text)
        hint.contentType = m_shown->isJson ? u"application/json"_s : u"text/javascript"_s;
    m_value->setValue(std::make_shared<const std::string>(m_shown->text ? *m_shown->text : m_shown->bytes), hint);
}

void StoragePage::openAdd()
{
    if (m_file.empty())
        return;
    auto *dialog = new KeyDialog(KeyDialog::Purpose::Add, {}, u"{\n  \n}"_s, window());
    connect(dialog, &KeyDialog::saved, this, [this](const std::string &key, const std::string &value) {
        const auto put = [this, key, value] {
            ObjectChange change;
            change.put = {{key, value}};
            apply(std::move(change));
        };
        m_thread.run(
            this, [reader = m_reader, file = m_file, key](std::stop_token) { return reader->at(file).value(key); },
            [this, put, key](base::Result<std::optional<StoredValue>> &&found) {
                if (!found)
                    Q_EMIT failed(formatError(found.error()));
                else if (*found)
                    askFirst(this, tr("The key %1 is there already. Replace its value?").arg(oneLine(fromUtf8(key), 80)), tr("Replace"), put);
                else
                    put();
            });
    });
    dialog->open();
}

void StoragePage::openEdit()
{
    if (!m_shown || !m_shown->isJson)
        return;
    auto *dialog = new KeyDialog(KeyDialog::Purpose::Edit, fromUtf8(m_key), fromUtf8(*m_shown->text), window());
    connect(dialog, &KeyDialog::saved, this, [this, place = m_place](const std::string &key, const std::string &value) {
        if (place.id != m_place.id)
            return;
        ObjectChange change;
        change.put = {{key, value}};
        apply(std::move(change));
    });
    dialog->open();
}

void StoragePage::removeSelected()
{
    m_model->read(m_table->selectionModel()->selection(), this, [this](base::Result<std::vector<ValueRow>> &&rows) {
        if (!rows) {
            Q_EMIT failed(formatError(rows.error()));
            return;
        }
        if (rows->empty())
            return;
        ObjectChange change;
        for (const ValueRow &row : *rows)
            change.remove.push_back(row.key);
        const QString question = change.remove.size() == 1 ? tr("Delete the key %1?").arg(oneLine(fromUtf8(change.remove.front()), 80)) : tr("Delete %L1 keys?").arg(change.remove.size());
        askFirst(this, question, tr("Delete"), [this, place = m_place, change = std::move(change)] {
            if (place.id == m_place.id)
                apply(change);
        });
    });
}

void StoragePage::copyKeys()
{
    m_model->read(m_table->selectionModel()->selection(), this, [this](base::Result<std::vector<ValueRow>> &&rows) {
        if (!rows) {
            Q_EMIT failed(formatError(rows.error()));
            return;
        }
        QStringList keys;
        for (const ValueRow &row : *rows)
            keys << fromUtf8(row.key);
        QGuiApplication::clipboard()->setText(keys.join(u'\n'));
    });
}

void StoragePage::apply(ObjectChange change)
{
    m_desk.change(m_place, std::move(change), this, [this](base::Result<ObjectDesk::Instance> &&done) {
        if (!done) {
            Q_EMIT failed(formatError(done.error()));
            return;
        }
        refresh();
        Q_EMIT changed(*done);
    });
}

void StoragePage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_table->header()->setSectionHidden(ValueModel::Size, width() < 360);
    m_table->header()->resizeSection(ValueModel::Key, std::clamp(width() / 3, 90, 220));
}

QByteArray StoragePage::splitterState() const
{
    return m_splitter->saveState();
}

} // namespace cleat::ui
