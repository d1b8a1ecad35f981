// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/kvbrowser.h"

#include "ui/data/kvmodel.h"
#include "ui/data/progressstrip.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QScopedValueRollback>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>
#include <climits>
#include <utility>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::kv::KeyFilter;
using data::kv::KeyRow;

KvBrowser::KvBrowser(const session::DataResource &resource, QWidget *parent)
    : DataView(resource, parent), m_store(std::make_shared<KvStore>()), m_model(nullptr), m_filter(new QLineEdit), m_anywhere(new QToolButton), m_add(new QToolButton),
      m_more(new QToolButton), m_list(new RowView), m_listPages(new QStackedWidget),
      m_empty(new EmptyState("key-round"_L1, tr("No keys yet"),
          tr("Keys appear here as soon as a Function or wrangler writes one. You can also add one by hand, or import wrangler's bulk JSON: drop the file here."))),
      m_bar(new MessageBar(MessageBar::Closing::ByUser)), m_task(new ProgressStrip), m_panel(new KvPanel(u"kv/"_s + fromUtf8(resource.id))), m_splitter(new QSplitter)
{
    m_store->state = resource.state;
    m_store->id = resource.id;
    m_model = new KvModel(m_thread, m_store, this);
    makeActions();
    m_splitter->addWidget(makeList());
    m_splitter->addWidget(m_panel);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_task);
    column->addWidget(m_splitter, 1);
    setAcceptDrops(true);
    setFocusProxy(m_list);
    m_panel->showMessage(tr("Choose a key to see its value."));

    m_filterWait.setSingleShot(true);
    m_filterWait.setInterval(80);
    m_chooseWait.setSingleShot(true);
    m_chooseWait.setInterval(0);
    m_tick.setInterval(10'000);
    m_tick.start();
    connect(&m_filterWait, &QTimer::timeout, this, [this] {
        m_selectFirst = true;
        look(m_panel->shown().key);
    });
    connect(&m_chooseWait, &QTimer::timeout, this, &KvBrowser::choose);
    connect(&m_tick, &QTimer::timeout, this, [this] { m_list->viewport()->update(); });
    connect(m_filter, &QLineEdit::textChanged, this, [this] { m_filterWait.start(); });
    connect(m_anywhere, &QToolButton::toggled, this, [this](bool on) {
        m_filter->setPlaceholderText(on ? tr("Text anywhere in the key") : tr("Beginning of the key"));
        m_filterWait.start(0);
    });
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_restoring)
            m_chooseWait.start();
    });
    connect(m_model, &QAbstractItemModel::dataChanged, this, [this] {
        if (selectedRows() == 1 && !m_panel->hasKey() && m_loading == 0)
            m_chooseWait.start(); // the chosen row has come
    });
    connect(m_model, &KvModel::failed, this, &KvBrowser::showError);
    connect(m_list, &QAbstractItemView::doubleClicked, m_panel, &KvPanel::startEditing);
    connect(m_list, &QWidget::customContextMenuRequested, this, &KvBrowser::showMenu);
    connect(m_panel, &KvPanel::saveWanted, this, &KvBrowser::save);
    connect(m_panel, &KvPanel::renameWanted, this, &KvBrowser::renameKey);
    connect(m_panel, &KvPanel::duplicateWanted, this, &KvBrowser::duplicateKey);
    connect(m_panel, &KvPanel::deleteWanted, this, &KvBrowser::deleteKeys);
    connect(m_panel, &KvPanel::givenUp, this, [this] {
        m_chooseWait.start();
        m_list->setFocus(Qt::OtherFocusReason);
    });
    connect(m_panel, &KvPanel::edited, this, &KvBrowser::refreshActions);
    connect(m_task, &ProgressStrip::runningChanged, this, &DataView::busyChanged);
    connect(m_task, &ProgressStrip::runningChanged, this, &KvBrowser::refreshActions);

    const QSettings settings;
    if (const QByteArray state = settings.value(u"data/kv/splitter"_s).toByteArray(); !state.isEmpty())
        m_splitter->restoreState(state);
    m_selectFirst = true;
    look({});
    refreshActions();
}

KvBrowser::~KvBrowser()
{
    m_list->selectionModel()->disconnect(this);
    delete m_model; // it cancels what it asked the thread for, which goes before the children do
    m_thread.keep(std::move(m_store));
}

QWidget *KvBrowser::makeList()
{
    m_filter->setClearButtonEnabled(true);
    m_filter->setPlaceholderText(tr("Beginning of the key"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->installEventFilter(this);
    m_anywhere->setCheckable(true);
    m_anywhere->setText(u"a…z"_s);
    m_anywhere->setIcon(icon("search"_L1, Tone::Muted));
    m_anywhere->setToolTip(tr("Find the text anywhere in the key"));
    m_anywhere->setAccessibleName(m_anywhere->toolTip());
    m_add->setDefaultAction(m_do.add);
    m_add->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setIcon(icon("ellipsis"_L1, Tone::Muted));
    m_more->setToolTip(tr("Import and export"));
    m_more->setAccessibleName(m_more->toolTip());
    m_more->setPopupMode(QToolButton::InstantPopup);
    auto *menu = new QMenu(m_more);
    menu->addAction(m_do.import);
    menu->addAction(m_do.exportAll);
    menu->addAction(m_do.exportSelected);
    m_more->setMenu(menu);
    for (QToolButton *button : {m_anywhere, m_add, m_more}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
    }
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 5, 6, 5);
    row->setSpacing(3);
    row->addWidget(m_filter, 1);
    row->addWidget(m_anywhere);
    row->addWidget(m_add);
    row->addWidget(m_more);

    m_list->setModel(m_model);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Keys"));
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setDragEnabled(false);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_list->header()->resizeSection(KvModel::Size, 76);
    m_list->header()->resizeSection(KvModel::Expires, 84);
    m_list->header()->setSectionsClickable(false);
    m_list->installEventFilter(this);

    auto *buttons = new QWidget;
    auto *across = new QHBoxLayout(buttons);
    across->setContentsMargins(0, 6, 0, 0);
    across->addStretch(1);
    for (QAction *action : {m_do.add, m_do.import}) {
        auto *button = new QPushButton(action->text());
        button->setAutoDefault(false);
        connect(button, &QPushButton::clicked, action, &QAction::trigger);
        across->addWidget(button);
    }
    across->addStretch(1);
    m_empty->addRow(buttons);
    m_listPages->addWidget(m_list);
    m_listPages->addWidget(m_empty);

    auto *box = new QWidget;
    auto *column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_listPages, 1);
    box->setMinimumSize(170, 110);
    m_panel->setMinimumWidth(170);

    auto *find = new QShortcut(QKeySequence::Find, box);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, m_filter, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    return box;
}

KeyFilter KvBrowser::wantedFilter() const
{
    KeyFilter filter;
    (m_anywhere->isChecked() ? filter.text : filter.prefix) = toUtf8(m_filter->text());
    return filter;
}

// ---- looking

void KvBrowser::look(const std::string &key)
{
    if (m_looking)
        m_thread.cancel(m_looking);
    m_looking = m_thread.run(
        this,
        [store = m_store, filter = wantedFilter(), key](std::stop_token stop) -> base::Result<Look> {
            Look look;
            look.filter = filter;
            look.key = key;
            const auto count = store->keys().count(filter, stop);
            if (!count)
                return std::unexpected(count.error());
            look.count = look.total = *count;
            if (filter != KeyFilter()) {
                const auto total = store->keys().count({}, stop);
                if (!total)
                    return std::unexpected(total.error());
                look.total = *total;
            }
            if (key.empty())
                return look;
            auto rows = store->keys().rows({key, {}}, 0, 1, stop); // the shortest comes first
            if (!rows)
                return std::unexpected(rows.error());
            if (!rows->empty() && rows->front().key == key)
                look.row = std::move(rows->front());
            const auto position = store->keys().position(filter, key, stop);
            if (!position)
                return std::unexpected(position.error());
            rows = store->keys().rows(filter, *position, 1, stop);
            if (!rows)
                return std::unexpected(rows.error());
            if (!rows->empty() && rows->front().key == key)
                look.position = *position;
            return look;
        },
        [this](base::Result<Look> &&found) {
            m_looking = 0;
            if (!found)
                showError(found.error());
            else
                take(std::move(*found));
        });
    m_thread.hurry(m_looking);
}

void KvBrowser::take(Look &&look)
{
    m_total = look.total;
    m_looked = true;
    m_lastError.clear();
    const bool other = look.filter != m_model->filter() || m_model->count() == 0;
    const int selectedBefore = selectedRows();
    const int current = m_list->currentIndex().row();
    {
        const QScopedValueRollback restoring(m_restoring, true);
        if (other) {
            m_model->reset(look.filter, look.count);
        } else {
            const auto first = static_cast<std::uint64_t>(std::max(0, m_list->firstRow()));
            m_model->refresh(look.count, first, static_cast<std::uint64_t>(std::max(m_list->lastRow(), 0)));
        }
        const bool moved = look.position && static_cast<int>(std::min<std::uint64_t>(*look.position, INT_MAX)) != current;
        if (look.position && (other || moved || look.key == m_wantedKey) && (other || selectedBefore <= 1 || look.key == m_wantedKey))
            select(*look.position);
        else if (!other && selectedBefore > 1 && (moved || (!look.position && !look.key.empty())))
            m_list->clearSelection(); // the rows are not those that were chosen any more
        else if (!look.position && !look.key.empty() && !m_panel->isNew() && selectedBefore == 1 && !other)
            m_list->clearSelection();
    }
    const bool wanted = !look.key.empty() && look.key == m_wantedKey;
    if (wanted)
        m_wantedKey.clear();
    if (other && !look.position && m_selectFirst && look.count > 0 && !m_panel->isNew() && !m_panel->isEdited())
        select(0);
    m_selectFirst = false;

    // Has what is shown changed?
    const KvKey &shown = m_panel->shown();
    if (!look.key.empty() && shown.key == look.key && m_panel->hasKey() && !m_saving) {
        if (look.row != shown.row)
            load(look.key);
    } else if (wanted && look.row && !m_panel->isEdited()) {
        load(look.key); // the list's own row may still be the one before
    } else if (look.position && !m_panel->isEdited()) {
        m_chooseWait.start();
    }
    refreshPages();
    tellSummary();
    refreshActions();
}

void KvBrowser::refreshPages()
{
    const bool nothing = m_looked && m_total == 0;
    m_listPages->setCurrentWidget(nothing ? static_cast<QWidget *>(m_empty) : m_list);
    const KeyFilter &filter = m_model->filter();
    QString none;
    if (m_looked && m_model->count() == 0 && !nothing)
        none = filter.text.empty() ? tr("No key begins with “%1”.\nTry the toggle at the right of the filter: it looks anywhere in the key.").arg(fromUtf8(filter.prefix))
                                   : tr("No key has “%1” in it.").arg(fromUtf8(filter.text));
    m_list->setPlaceholder(none);
    if (nothing && !m_panel->hasKey())
        m_panel->showMessage({});
}

void KvBrowser::tellSummary()
{
    const QString all = counted(m_total, tr("%1 key"), tr("%1 keys"));
    if (m_model->filter() == KeyFilter())
        Q_EMIT summaryChanged(all);
    else
        Q_EMIT summaryChanged(tr("%L1 of %2").arg(static_cast<qulonglong>(m_model->count())).arg(all));
}

void KvBrowser::showError(const base::Error &error)
{
    const QString text = formatError(error);
    if (error.code == "data.cancelled" || text == m_lastError) // told once, not four times a second
        return;
    m_lastError = text;
    m_bar->setMessage(MessageBar::Kind::Error, text);
    m_bar->show();
}

void KvBrowser::poll()
{
    if (m_polling || m_looking)
        return;
    m_polling = true;
    m_thread.run(
        this, [store = m_store](std::stop_token) { return store->keys().changed(); },
        [this](base::Result<bool> &&changed) {
            m_polling = false;
            if (!changed)
                showError(changed.error());
            else if (*changed)
                look(!m_wantedKey.empty() ? m_wantedKey : m_panel->isNew() ? std::string() : m_panel->shown().key);
        });
}

bool KvBrowser::isEdited() const
{
    return m_panel->isEdited();
}

void KvBrowser::showItem(const QString &key)
{
    m_wantedKey = toUtf8(key);
    if (!fromUtf8(wantedFilter().prefix).isEmpty() || m_anywhere->isChecked()) {
        const QSignalBlocker quietFilter(m_filter);
        const QSignalBlocker quietToggle(m_anywhere);
        m_filter->clear();
        m_anywhere->setChecked(false);
    }
    look(m_wantedKey);
}

void KvBrowser::saveState(QSettings &settings) const
{
    settings.setValue(u"data/kv/splitter"_s, m_splitter->saveState());
}

// ---- what is chosen

int KvBrowser::selectedRows() const
{
    int rows = 0;
    for (const QItemSelectionRange &range : m_list->selectionModel()->selection())
        rows += range.height();
    return rows;
}

bool KvBrowser::isAllSelected() const
{
    return selectedRows() > 0 && static_cast<std::uint64_t>(selectedRows()) == m_model->count();
}

void KvBrowser::select(std::uint64_t position)
{
    const QModelIndex index = m_model->index(static_cast<int>(std::min<std::uint64_t>(position, INT_MAX)), 0);
    if (!index.isValid())
        return;
    m_list->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
    m_list->scrollTo(index);
}

void KvBrowser::choose()
{
    const int rows = selectedRows();
    refreshActions();
    if (m_panel->isEdited()) { // it stays until the user has said what shall become of it
        const KeyRow *row = rows == 1 ? m_model->row(m_list->selectionModel()->selection().first().top()) : nullptr;
        if (row && row->key == m_panel->shown().key && !m_panel->isNew())
            return;
        m_bar->setMessage(MessageBar::Kind::Warning,
            m_panel->isNew() ? tr("The new key is not added yet.") : tr("What you changed in “%1” is not saved.").arg(oneLine(fromUtf8(m_panel->shown().key), 60)));
        QPushButton *keep = m_bar->addButton(m_panel->isNew() ? tr("Add it") : tr("Save"));
        QPushButton *drop = m_bar->addButton(tr("Give it up"));
        connect(keep, &QPushButton::clicked, this, [this] {
            m_bar->hide();
            save();
        });
        connect(drop, &QPushButton::clicked, this, [this] {
            m_bar->hide();
            m_panel->showMessage({});
            m_chooseWait.start();
        });
        m_bar->show();
        return;
    }
    if (m_loading)
        m_thread.cancel(std::exchange(m_loading, 0));
    if (rows == 0) {
        if (!m_panel->isNew())
            m_panel->showMessage(m_total == 0 ? QString() : tr("Choose a key to see its value."));
        return;
    }
    if (rows > 1) {
        m_panel->showMessage(tr("%L1 keys are chosen.").arg(rows));
        return;
    }
    const KeyRow *row = m_model->row(m_list->selectionModel()->selection().first().top());
    if (!row) {
        m_panel->showMessage(QString()); // it is on its way; dataChanged brings us back
        return;
    }
    if (m_panel->hasKey() && !m_panel->isNew() && m_panel->shown().key == row->key && m_panel->shown().row == *row)
        return;
    load(row->key);
}

void KvBrowser::load(const std::string &key)
{
    if (m_loading)
        m_thread.cancel(m_loading);
    m_loading = m_thread.run(
        this,
        [store = m_store, key](std::stop_token stop) -> base::Result<std::optional<KvKey>> {
            KvKey read;
            read.key = key;
            // The row first: if the value is written in between, the row is the older one, and the next look tells.
            auto rows = store->keys().rows({key, {}}, 0, 1, stop);
            if (!rows)
                return std::unexpected(rows.error());
            if (rows->empty() || rows->front().key != key)
                return std::optional<KvKey>();
            read.row = std::move(rows->front());
            auto value = store->keys().value(key);
            if (!value)
                return std::unexpected(value.error());
            read.expiration = read.row->expiration;
            read.metadata = read.row->metadata;
            if (*value) {
                read.bytes = std::make_shared<const std::string>(std::move((*value)->bytes));
                read.expiration = (*value)->expiration;
                read.metadata = (*value)->metadata;
            } else {
                read.bytes.reset();
            }
            return read;
        },
        [this, key](base::Result<std::optional<KvKey>> &&read) {
            m_loading = 0;
            keyRead(std::move(read), key);
        });
    m_thread.hurry(m_loading);
}

void KvBrowser::keyRead(base::Result<std::optional<KvKey>> &&read, const std::string &key)
{
    if (!read) {
        showError(read.error());
        if (!m_panel->isEdited())
            m_panel->showMessage(formatError(read.error()));
        return;
    }
    if (m_panel->isEdited()) {
        if (m_panel->isNew() || m_panel->shown().key != key)
            return;
        if (!*read || !(*read)->bytes)
            m_panel->setTheirs({});
        else if (!(*read)->sameAs(m_panel->shown()))
            m_panel->setTheirs(*read);
        return;
    }
    if (!*read) {
        m_panel->showMessage(tr("The key is not there any more."));
    } else if (!(*read)->bytes) {
        const QString file = fromPath(resource().values / fromUtf8((*read)->row->blob).toStdString());
        m_panel->showMessage(tr("The file of this value is missing: %1\nFunctions see no such key. Write the key anew, or delete it.").arg(file));
    } else {
        m_panel->showKey(**read);
    }
    refreshActions();
}

void KvBrowser::withSelectedKeys(std::function<void(std::vector<std::string> keys)> then)
{
    std::vector<std::pair<std::uint64_t, std::size_t>> ranges;
    std::vector<std::string> keys;
    bool known = true;
    for (const QItemSelectionRange &range : m_list->selectionModel()->selection()) {
        ranges.emplace_back(static_cast<std::uint64_t>(range.top()), static_cast<std::size_t>(range.height()));
        for (int row = range.top(); known && row <= range.bottom(); ++row) {
            const KeyRow *at = m_model->row(row);
            known = at != nullptr;
            if (at)
                keys.push_back(at->key);
        }
    }
    if (known) {
        then(std::move(keys));
        return;
    }
    m_thread.run(
        this,
        [store = m_store, filter = m_model->filter(), ranges = std::move(ranges)](std::stop_token stop) -> base::Result<std::vector<std::string>> {
            std::vector<std::string> read;
            for (const auto &[first, count] : ranges) {
                constexpr std::size_t atOnce = 5000;
                for (std::size_t at = 0; at < count; at += atOnce) {
                    auto rows = store->keys().rows(filter, first + at, std::min(atOnce, count - at), stop);
                    if (!rows)
                        return std::unexpected(rows.error());
                    for (KeyRow &row : *rows)
                        read.push_back(std::move(row.key));
                }
            }
            return read;
        },
        [this, then = std::move(then)](base::Result<std::vector<std::string>> &&read) {
            if (!read)
                showError(read.error());
            else
                then(std::move(*read));
        });
}

void KvBrowser::resizeEvent(QResizeEvent *event)
{
    DataView::resizeEvent(event);
    m_list->header()->resizeSection(KvModel::Key, std::clamp(m_list->width() - 76 - 84 - 70, 110, 260));
    const Qt::Orientation wanted = width() > 620 ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != wanted) {
        m_splitter->setOrientation(wanted);
        m_splitter->setSizes({100, wanted == Qt::Horizontal ? 100 : 130});
    }
}

} // namespace cleat::ui
