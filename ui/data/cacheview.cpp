// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/cacheview.h"

#include "ui/data/cachemodel.h"
#include "ui/data/questions.h"
#include "ui/data/rowarrival.h"
#include "ui/values/valueview.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QTableWidget>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

QToolButton *buttonFor(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

} // namespace

CacheView::CacheView(session::DataResource resource, QWidget *parent)
    : DataView(std::move(resource), parent), m_list(std::make_shared<data::cache::CacheList>(this->resource().state, this->resource().id)),
      m_model(std::make_unique<CacheModel>(m_thread, m_list)), m_table(new RowView), m_filter(new QLineEdit), m_bar(new MessageBar(MessageBar::Closing::ByUser)),
      m_url(new ElideLabel(Qt::ElideMiddle)), m_headers(new QTableWidget(0, 2)), m_body(new ValueView), m_splitter(new QSplitter(Qt::Horizontal)),
      m_remove(new QAction(icon("trash-2"_L1), tr("Delete"), this)), m_copyUrl(new QAction(icon("copy"_L1), tr("Copy the URL"), this)),
      m_clear(new QAction(icon("list-x"_L1), tr("Clear the cache…"), this))
{
    makeActions();
    m_table->setModel(m_model.get());
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Cache entries"));
    m_table->setPlaceholder(tr("Nothing is cached. A Function that calls caches.default.put(request, response) fills it."));
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions({m_copyUrl, m_remove});
    QHeaderView *header = m_table->header();
    header->setStretchLastSection(false);
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    header->setSectionResizeMode(CacheModel::Url, QHeaderView::Stretch);
    header->resizeSection(CacheModel::Status, room(u"Status"_s));
    header->resizeSection(CacheModel::Type, room(u"application/json"_s));
    header->resizeSection(CacheModel::Size, room(u"000.0 MB"_s));
    header->resizeSection(CacheModel::Expires, room(u"in 000 days"_s));

    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addWidget(makeTools());
    leftColumn->addWidget(m_table, 1);
    left->setMinimumWidth(220);
    m_splitter->addWidget(left);
    m_splitter->addWidget(makeDetail());
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);
    m_splitter->setSizes({600, 400});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_splitter, 1);
    setFocusProxy(m_table);

    connect(m_model.get(), &CacheModel::counted, this, &CacheView::refreshSummary);
    connect(m_model.get(), &CacheModel::failed, this, &CacheView::showError);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &CacheView::refreshActions);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &CacheView::showSelected);
    showOnArrival(*m_table, [this](int row) { return m_model->row(row) != nullptr; }, [this] { showSelected(); });
    connect(m_model.get(), &QAbstractItemModel::modelReset, this, &CacheView::showSelected);
    connect(m_model.get(), &QAbstractItemModel::modelReset, this, &CacheView::refreshActions); // the first rows come before they are counted
    m_splitter->restoreState(QSettings().value(u"data/cache/splitter"_s).toByteArray());
    m_model->setQuery({});
    refreshActions();
    showSelected();
}

CacheView::~CacheView()
{
    m_table->setModel(nullptr);
    m_model.reset();
    m_thread.keep(std::move(m_list));
}

void CacheView::makeActions()
{
    m_remove->setShortcut(QKeySequence::Delete);
    m_copyUrl->setShortcut(QKeySequence::Copy);
    for (QAction *action : {m_remove, m_copyUrl})
        action->setShortcutContext(Qt::WidgetShortcut); // the table's
    m_remove->setToolTip(tr("Delete the selected entries (Del)"));
    connect(m_remove, &QAction::triggered, this, &CacheView::removeSelected);
    connect(m_clear, &QAction::triggered, this, &CacheView::clearAll);
    connect(m_copyUrl, &QAction::triggered, this, [this] {
        m_model->read(m_table->selectionModel()->selection(), this, [this](base::Result<std::vector<data::cache::CacheRow>> &&rows) {
            if (!rows) {
                showError(rows.error());
                return;
            }
            QStringList urls;
            for (const data::cache::CacheRow &row : *rows)
                urls << fromUtf8(row.url);
            QGuiApplication::clipboard()->setText(urls.join(u'\n'));
        });
    });
}

QWidget *CacheView::makeTools()
{
    m_filter->setPlaceholderText(tr("Filter by URL"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setToolTip(tr("Shows the entries whose URL contains this (Ctrl+F)"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon("search"_L1, Tone::Muted), QLineEdit::LeadingPosition);
    connect(m_filter, &QLineEdit::textChanged, this, [this](const QString &text) { m_model->setQuery(toUtf8(text)); });
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, this, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    auto *tools = new QWidget;
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(8, 5, 8, 5);
    row->setSpacing(2);
    row->addWidget(m_filter, 1);
    row->addWidget(buttonFor(m_remove));
    row->addWidget(buttonFor(m_clear));
    return tools;
}

QWidget *CacheView::makeDetail()
{
    m_headers->setHorizontalHeaderLabels({tr("Header"), tr("Value")});
    setUpTable(*m_headers, 5);
    m_headers->setFrameShape(QFrame::NoFrame);
    m_headers->setAccessibleName(tr("Response headers"));
    m_headers->horizontalHeader()->setStretchLastSection(true);
    m_headers->horizontalHeader()->resizeSection(0, 150);
    auto *values = new QSplitter(Qt::Vertical);
    values->addWidget(m_headers);
    values->addWidget(m_body);
    values->setChildrenCollapsible(false);
    values->setSizes({150, 300});
    values->setHandleWidth(5);
    auto *detail = new QWidget;
    auto *column = new QVBoxLayout(detail);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(10, 7, 10, 7);
    head->addWidget(m_url);
    column->addLayout(head);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(values, 1);
    detail->setMinimumWidth(200);
    return detail;
}

void CacheView::poll()
{
    if (m_looking)
        return;
    m_looking = true;
    m_thread.run(this, [list = m_list](std::stop_token) { return list->changed(); }, [this](base::Result<bool> &&changed) {
        m_looking = false;
        if (!changed || !*changed)
            return;
        m_model->refresh(m_table->firstRow(), m_table->lastRow());
        showSelected();
    });
}

void CacheView::showItem(const QString &key)
{
    m_filter->setText(key);
}

void CacheView::refreshActions()
{
    const bool some = m_table->selectionModel()->hasSelection();
    m_remove->setEnabled(some);
    m_copyUrl->setEnabled(some);
    m_clear->setEnabled(m_model->rowCount() > 0);
}

void CacheView::refreshSummary()
{
    const int count = m_model->rowCount();
    Q_EMIT summaryChanged(count == 1 ? tr("1 entry") : tr("%L1 entries").arg(count));
    refreshActions();
    if (!m_model->query().empty())
        m_table->setPlaceholder(tr("No entry's URL contains “%1”.").arg(fromUtf8(m_model->query())));
    else
        m_table->setPlaceholder(tr("Nothing is cached. A Function that calls caches.default.put(request, response) fills it."));
}

// ---- the one that is chosen

void CacheView::showSelected()
{
    m_thread.cancel(m_loading);
    const QModelIndex current = m_table->currentIndex();
    const data::cache::CacheRow *row = current.isValid() ? m_model->row(current.row()) : nullptr;
    if (!row) {
        m_shown.clear();
        m_url->setText({});
        m_headers->setRowCount(0);
        m_body->setMessage(m_model->rowCount() > 0 ? tr("Choose an entry to see its response.") : QString());
        return;
    }
    m_loading = m_thread.run(this, [list = m_list, url = row->url](std::stop_token) { return list->entry(url); },
        [this](base::Result<std::optional<data::cache::CacheEntry>> &&found) { showEntry(std::move(found)); });
    m_thread.hurry(m_loading);
}

void CacheView::showEntry(base::Result<std::optional<data::cache::CacheEntry>> &&found)
{
    if (!found) {
        m_headers->setRowCount(0);
        m_body->setMessage(formatError(found.error()));
        return;
    }
    if (!*found) {
        m_headers->setRowCount(0);
        m_body->setMessage(tr("The entry is gone."));
        return;
    }
    data::cache::CacheEntry &entry = **found;
    m_shown = entry.row.url;
    m_url->setText(fromUtf8(entry.row.url));
    m_headers->setRowCount(static_cast<int>(entry.headers.size()));
    for (int i = 0; i < m_headers->rowCount(); ++i) {
        const auto &[name, value] = entry.headers[static_cast<std::size_t>(i)];
        m_headers->setItem(i, 0, new QTableWidgetItem(fromUtf8(name)));
        auto *item = new QTableWidgetItem(fromUtf8(value));
        item->setToolTip(fromUtf8(value).toHtmlEscaped());
        m_headers->setItem(i, 1, item);
    }
    ValueHint hint;
    hint.name = fromUtf8(entry.row.url);
    hint.contentType = fromUtf8(entry.row.contentType);
    hint.group = u"cache"_s;
    m_body->setValue(std::make_shared<const std::string>(std::move(entry.body)), hint);
}

// ---- deleting

void CacheView::removeSelected()
{
    m_model->read(m_table->selectionModel()->selection(), this, [this](base::Result<std::vector<data::cache::CacheRow>> &&rows) {
        if (!rows) {
            showError(rows.error());
            return;
        }
        std::vector<std::string> urls;
        for (data::cache::CacheRow &row : *rows)
            urls.push_back(std::move(row.url));
        if (!urls.empty())
            remove(urls);
    });
}

void CacheView::remove(const std::vector<std::string> &urls)
{
    const QString question = urls.size() == 1 ? tr("Delete this entry from the cache?") : tr("Delete %L1 entries from the cache?").arg(urls.size());
    askFirst(this, question, tr("Delete"), [this, urls] {
        m_thread.run(this, [list = m_list, urls](std::stop_token stop) { return list->remove(urls, {std::move(stop), {}}); },
            [this](base::Result<std::uint64_t> &&removed) { afterChange(removed); });
    });
}

void CacheView::clearAll()
{
    askFirst(this, tr("Delete all entries of this cache?"), tr("Clear"), [this] {
        m_thread.run(this, [list = m_list](std::stop_token stop) { return list->clear({std::move(stop), {}}); },
            [this](base::Result<std::uint64_t> &&removed) { afterChange(removed); });
    });
}

void CacheView::afterChange(const base::Result<std::uint64_t> &removed)
{
    if (!removed) {
        showError(removed.error());
        return;
    }
    m_table->clearSelection();
    m_table->setCurrentIndex({});
    m_model->refresh(m_table->firstRow(), m_table->lastRow());
    showSelected();
}

void CacheView::showError(const base::Error &error)
{
    m_bar->setMessage(MessageBar::Kind::Error, formatError(error));
    m_bar->show();
}

/// Side by side, or one above the other where there is little room.
void CacheView::resizeEvent(QResizeEvent *event)
{
    DataView::resizeEvent(event);
    const Qt::Orientation wanted = width() > 560 ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != wanted) {
        m_splitter->setOrientation(wanted);
        m_splitter->setSizes({600, 400});
    }
}

void CacheView::saveState(QSettings &settings) const
{
    settings.setValue(u"data/cache/splitter"_s, m_splitter->saveState());
}

DataView *makeCacheView(const session::DataResource &resource, QWidget *parent)
{
    return new CacheView(resource, parent);
}

} // namespace cleat::ui
