// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/r2view.h"

#include "core/base/json.h"
#include "ui/data/bucketcommands.h"
#include "ui/data/folderbar.h"
#include "ui/data/foldermodel.h"
#include "ui/data/objectdetail.h"
#include "ui/data/progressstrip.h"
#include "ui/data/textdialog.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <nlohmann/json.hpp>

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QDragEnterEvent>
#include <QGuiApplication>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMenu>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::r2::FolderFilter;
using data::r2::FolderRow;

namespace {

constexpr std::uint64_t previewBytes = 25U << 20;
constexpr int maxSummed = 1000; ///< selected rows whose sizes are added up

QToolButton *buttonFor(QAction *action)
{
    auto *button = new QToolButton;
    button->setDefaultAction(action);
    button->setAutoRaise(true);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

/// What the code of a Function says of the object.
QString codeOf(const session::DataResource &resource, const std::string &key)
{
    const QString name = resource.uses.empty() ? u"BUCKET"_s : fromUtf8(resource.uses.front().binding);
    const std::string quoted = base::Json(key).dump(-1, ' ', false, base::Json::error_handler_t::replace); // a JSON string is one of JavaScript, too
    return u"await env."_s + name + u".get("_s + fromUtf8(quoted) + u')';
}

} // namespace

R2View::R2View(session::DataResource given, QWidget *parent)
    : DataView(std::move(given), parent), m_list(std::make_shared<data::r2::ObjectList>(resource().state, resource().id)),
      m_model(std::make_unique<FolderModel>(m_thread, m_list)), m_table(new RowView), m_folders(new FolderBar(fromUtf8(resource().id))), m_filter(new QLineEdit),
      m_below(new QToolButton), m_bar(new MessageBar(MessageBar::Closing::ByUser)), m_detail(new ObjectDetail), m_strip(new ProgressStrip),
      m_splitter(new QSplitter(Qt::Horizontal)), m_commands(new BucketCommands(resource(), *m_strip, this))
{
    setAcceptDrops(true);
    makeActions();
    makeTable();
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    leftColumn->addWidget(makeTools());
    leftColumn->addWidget(m_table, 1);
    left->setMinimumWidth(240);
    m_detail->setMinimumWidth(220);
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_detail);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);
    m_splitter->setSizes({600, 380});
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_splitter, 1);
    column->addWidget(m_strip);
    setFocusProxy(m_table);

    connectCommands();
    const QSettings settings;
    m_splitter->restoreState(settings.value(u"data/r2/splitter"_s).toByteArray());
    m_table->header()->restoreState(settings.value(u"data/r2/columns"_s).toByteArray());
    refreshQuery();
    showSelected();
    refreshActions();
}

R2View::~R2View()
{
    m_table->setModel(nullptr);
    m_model.reset();
    m_thread.keep(std::move(m_list));
}

void R2View::makeActions()
{
    const auto make = [this](QLatin1StringView iconName, const QString &text, const QKeySequence &keys, auto slot) {
        auto *action = new QAction(icon(iconName), text, this);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        action->setToolTip(keys.isEmpty() ? QString(text).remove(u'…') : u"%1 (%2)"_s.arg(QString(text).remove(u'…'), keys.toString(QKeySequence::NativeText)));
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_do.open = make("arrow-right"_L1, tr("Open"), {}, [this] { openCurrent(); });
    m_do.openOutside = make("external-link"_L1, tr("Open in another program"), QKeySequence(u"Ctrl+Return"_s), [this] {
        withSelected([this](const std::vector<std::string> &keys) { m_commands->openOutside(keys.front(), folder()); });
    });
    m_do.uploadFiles = make("upload"_L1, tr("Upload files…"), QKeySequence(u"Ctrl+U"_s), [this] { m_commands->chooseFiles(folder()); });
    m_do.uploadFolder = make("folder"_L1, tr("Upload a folder…"), QKeySequence(u"Ctrl+Shift+U"_s), [this] { m_commands->chooseFolder(folder()); });
    m_do.download = make("download"_L1, tr("Download…"), QKeySequence(u"Ctrl+D"_s), [this] {
        withSelected([this](const std::vector<std::string> &keys) { m_commands->download(keys, folder()); });
    });
    m_do.create = make("file-plus"_L1, tr("New text object…"), QKeySequence::New, [this] { m_commands->create(folder()); });
    m_do.rename = make("pencil"_L1, tr("Rename…"), QKeySequence(Qt::Key_F2), [this] {
        withSelected([this](const std::vector<std::string> &keys) { m_commands->rename(keys.front()); });
    });
    m_do.move = make("arrow-right"_L1, tr("Move to…"), {}, [this] {
        withSelected([this](const std::vector<std::string> &keys) { m_commands->moveTo(keys, folder()); });
    });
    m_do.copy = make("copy"_L1, tr("Copy to…"), {}, [this] {
        withSelected([this](const std::vector<std::string> &keys) { m_commands->copyTo(keys, folder()); });
    });
    m_do.remove = make("trash-2"_L1, tr("Delete…"), {}, [this] {
        withSelected([this](const std::vector<std::string> &keys) { m_commands->remove(keys); });
    });
    m_do.remove->setToolTip(tr("Delete (Del)"));
    const auto copyEach = [this](std::function<QString(const std::string &key)> textOf) {
        withSelected([textOf = std::move(textOf)](const std::vector<std::string> &keys) {
            QStringList lines;
            for (const std::string &key : keys)
                lines << textOf(key);
            QGuiApplication::clipboard()->setText(lines.join(u'\n'));
        });
    };
    m_do.copyKey = make("copy"_L1, tr("Copy the key"), QKeySequence::Copy, [copyEach] { copyEach([](const std::string &key) { return fromUtf8(key); }); });
    m_do.copyKey->setShortcutContext(Qt::WidgetShortcut); // the table's: in a field the keys copy text
    m_table->addAction(m_do.copyKey);
    m_do.copyEncoded = make("copy"_L1, tr("Copy the key, encoded for a URL"), {}, [copyEach] {
        copyEach([](const std::string &key) { return QString::fromLatin1(QByteArray::fromStdString(key).toPercentEncoding("/")); });
    });
    m_do.copyCode = make("braces"_L1, tr("Copy as code"), {}, [this, copyEach] { copyEach([this](const std::string &key) { return codeOf(resource(), key); }); });
    for (QAction *action : {m_do.uploadFiles, m_do.uploadFolder, m_do.download, m_do.create, m_do.rename, m_do.openOutside})
        addAction(action);
}

QWidget *R2View::makeTools()
{
    m_filter->setPlaceholderText(tr("Filter"));
    m_filter->setAccessibleName(tr("Filter"));
    m_filter->setToolTip(tr("Shows what has this in its name (Ctrl+F)"));
    m_filter->setClearButtonEnabled(true);
    m_filter->addAction(icon("search"_L1, Tone::Muted), QLineEdit::LeadingPosition);
    m_filter->setMinimumWidth(90);
    m_filter->setMaximumWidth(260);
    m_filter->installEventFilter(this);
    connect(m_filter, &QLineEdit::textChanged, this, &R2View::refreshQuery);
    m_below->setIcon(icon("waypoints"_L1));
    m_below->setCheckable(true);
    m_below->setAutoRaise(true);
    m_below->setToolTip(tr("All objects below this folder as one list"));
    m_below->setAccessibleName(m_below->toolTip());
    m_below->setFocusPolicy(Qt::TabFocus);
    connect(m_below, &QToolButton::toggled, this, &R2View::refreshQuery);
    connect(m_folders, &FolderBar::chosen, this, &R2View::showFolder);
    connect(new QShortcut(QKeySequence::Find, this), &QShortcut::activated, this, [this] {
        m_filter->setFocus(Qt::ShortcutFocusReason);
        m_filter->selectAll();
    });
    connect(new QShortcut(QKeySequence(u"Ctrl+L"_s), this), &QShortcut::activated, m_folders, &FolderBar::edit);
    connect(new QShortcut(QKeySequence(u"Alt+Up"_s), this), &QShortcut::activated, this, [this] { showFolder(FolderBar::above(m_folders->folder())); });

    auto *tools = new QWidget;
    auto *column = new QVBoxLayout(tools);
    column->setContentsMargins(8, 5, 8, 3);
    column->setSpacing(3);
    auto *row = new QHBoxLayout;
    row->setSpacing(2);
    for (QAction *action : {m_do.uploadFiles, m_do.uploadFolder, m_do.download, m_do.create, m_do.remove})
        row->addWidget(buttonFor(action));
    row->addWidget(m_below);
    row->addStretch(1);
    row->addWidget(m_filter, 2);
    column->addLayout(row);
    column->addWidget(m_folders);
    return tools;
}

void R2View::makeTable()
{
    m_table->setModel(m_model.get());
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Objects"));
    m_table->setDragEnabled(true);
    m_table->setDragDropMode(QAbstractItemView::DragOnly);
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    m_table->installEventFilter(this);
    m_model->setDragged([this](const QModelIndexList &) -> QMimeData * {
        const std::vector<FolderRow> rows = selectedRows();
        if (static_cast<int>(rows.size()) == selectedCount())
            return m_commands->dragged(rows, folder());
        tell(tr("This is too much to be dragged: use the Download button."));
        return nullptr;
    });
    QHeaderView *header = m_table->header();
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    header->resizeSection(FolderModel::Name, 260);
    header->resizeSection(FolderModel::Size, room(u"000.0 MB"_s));
    header->resizeSection(FolderModel::Type, room(u"application/json"_s));
    header->resizeSection(FolderModel::Uploaded, room(u"2026-00-00 00:00:00"_s));
    connect(m_table, &QWidget::customContextMenuRequested, this, [this](const QPoint &place) { showMenu(m_table->viewport()->mapToGlobal(place)); });
    connect(m_table, &QAbstractItemView::doubleClicked, this, &R2View::openCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        refreshActions();
        showSelected();
    });
    connect(m_model.get(), &FolderModel::counted, this, &R2View::refreshSummary);
    connect(m_model.get(), &QAbstractItemModel::modelReset, this, [this] {
        refreshActions();
        showSelected();
    });
    connect(m_model.get(), &QAbstractItemModel::dataChanged, this, [this] {
        if (!m_detail->object() && m_table->selectionModel()->hasSelection())
            showSelected(); // the row that was chosen has come
    });
    connect(m_model.get(), &FolderModel::failed, this, [this](const base::Error &error) {
        m_bar->setMessage(MessageBar::Kind::Error, formatError(error));
        m_bar->show();
    });
}

void R2View::connectCommands()
{
    connect(m_commands, &BucketCommands::changed, this, [this](const std::string &key) {
        refresh();
        if (!key.empty())
            find(key);
        if (m_detail->object() && (key.empty() || key == m_detail->object()->key))
            showObject(m_detail->object()->key);
    });
    connect(m_commands, &BucketCommands::told, this, &R2View::tell);
    connect(m_commands, &BucketCommands::failed, this, [this](const QString &sentence) {
        m_bar->setMessage(MessageBar::Kind::Error, sentence);
        m_bar->show();
    });
    connect(m_commands, &BucketCommands::kept, this, [this](const QString &sentence, const std::function<void()> &replace) {
        m_bar->setMessage(MessageBar::Kind::Warning, sentence);
        connect(m_bar->addButton(tr("Replace")), &QPushButton::clicked, this, [this, replace] {
            m_bar->hide();
            replace();
        });
        m_bar->show();
    });
    connect(m_detail, &ObjectDetail::saveRequested, this, [this] {
        m_commands->describe(m_detail->object()->key, m_detail->httpMetadata(), m_detail->customMetadata()); // what was typed stays until it is written
    });
    connect(m_detail, &ObjectDetail::editRequested, this, &R2View::editObject);
    connect(m_strip, &ProgressStrip::runningChanged, this, &DataView::busyChanged);
}

// ---- what is listed

std::string R2View::folder() const
{
    return toUtf8(m_folders->folder());
}

void R2View::showFolder(const QString &folder)
{
    m_folders->setFolder(folder);
    {
        const QSignalBlocker blocker(m_filter);
        m_filter->clear();
    }
    refreshQuery();
    m_table->setFocus();
}

FolderFilter R2View::wantedFilter() const
{
    FolderFilter filter;
    filter.folder = folder();
    filter.text = toUtf8(m_filter->text());
    filter.depth = m_below->isChecked() ? FolderFilter::Depth::Below : FolderFilter::Depth::Here;
    return filter;
}

void R2View::refreshQuery()
{
    const FolderFilter filter = wantedFilter();
    m_model->setQuery(filter);
    if (!filter.text.empty())
        m_table->setPlaceholder(tr("Nothing here has “%1” in its name.").arg(m_filter->text()));
    else if (!filter.folder.empty())
        m_table->setPlaceholder(tr("There is nothing in this folder."));
    else
        m_table->setPlaceholder(tr("The bucket is empty. Drop files here, or let a Function put something in."));
}

void R2View::refresh()
{
    m_model->refresh(m_table->firstRow(), m_table->lastRow());
}

void R2View::poll()
{
    if (m_looking)
        return;
    m_looking = true;
    m_thread.run(this, [list = m_list](std::stop_token) { return list->changed(); }, [this](base::Result<bool> &&changed) {
        m_looking = false;
        if (!changed || !*changed || m_strip->isRunning()) // an upload's own rows are shown at its end
            return;
        refresh();
        if (m_detail->object())
            showObject(m_detail->object()->key);
    });
}

void R2View::refreshSummary()
{
    const int count = m_model->rowCount();
    Q_EMIT summaryChanged(m_below->isChecked() ? (count == 1 ? tr("1 object") : tr("%L1 objects").arg(count)) : count == 1 ? tr("1 entry here") : tr("%L1 entries here").arg(count));
}

void R2View::find(const std::string &key)
{
    m_thread.cancel(m_finding);
    // Folders come first, then objects, each by the bytes of their keys.
    const auto seek = [list = m_list, filter = wantedFilter(), key](std::stop_token stop) -> base::Result<std::optional<std::uint64_t>> {
        const auto count = list->count(filter, stop);
        if (!count)
            return std::unexpected(count.error());
        const bool isFolder = filter.depth == FolderFilter::Depth::Here && key.ends_with('/') && key != filter.folder;
        std::uint64_t first = 0;
        std::uint64_t end = *count;
        while (first < end) {
            const std::uint64_t middle = first + (end - first) / 2;
            const auto rows = list->rows(filter, middle, 1, stop);
            if (!rows)
                return std::unexpected(rows.error());
            if (rows->empty()) {
                end = middle;
                continue;
            }
            const FolderRow &row = rows->front();
            const bool rowIsFolder = row.kind == FolderRow::Kind::Folder;
            if (rowIsFolder == isFolder && row.key == key)
                return middle;
            if (rowIsFolder == isFolder ? row.key < key : rowIsFolder)
                first = middle + 1;
            else
                end = middle;
        }
        return std::nullopt;
    };
    m_finding = m_thread.run(this, seek, [this, filter = wantedFilter()](base::Result<std::optional<std::uint64_t>> &&found) {
        m_finding = 0;
        if (!found || !*found || m_model->query() != filter || **found >= static_cast<std::uint64_t>(m_model->rowCount()))
            return; // it is not listed, or other rows are by now
        const QModelIndex index = m_model->index(static_cast<int>(**found), 0);
        m_table->setCurrentIndex(index);
        m_table->scrollTo(index);
    });
}

void R2View::showItem(const QString &key)
{
    const bool isFolder = key.endsWith(u'/');
    m_below->setChecked(false);
    showFolder(isFolder ? key : FolderBar::above(key));
    if (!isFolder)
        find(toUtf8(key));
}

std::vector<FolderRow> R2View::selectedRows() const
{
    std::vector<FolderRow> rows;
    for (const QItemSelectionRange &range : m_table->selectionModel()->selection()) {
        for (int row = range.top(); row <= range.bottom(); ++row) {
            const FolderRow *found = m_model->row(row);
            if (!found)
                return rows;
            rows.push_back(*found);
        }
    }
    return rows;
}

int R2View::selectedCount() const
{
    int count = 0;
    for (const QItemSelectionRange &range : m_table->selectionModel()->selection())
        count += range.height();
    return count;
}

void R2View::withSelected(std::function<void(const std::vector<std::string> &keys)> then)
{
    m_model->read(m_table->selectionModel()->selection(), this, [this, then = std::move(then)](base::Result<std::vector<FolderRow>> &&rows) {
        if (!rows) {
            m_bar->setMessage(MessageBar::Kind::Error, formatError(rows.error()));
            m_bar->show();
            return;
        }
        std::vector<std::string> keys;
        for (FolderRow &row : *rows)
            keys.push_back(std::move(row.key));
        if (!keys.empty())
            then(keys);
    });
}

void R2View::refreshActions()
{
    const int rows = selectedCount();
    for (QAction *action : {m_do.download, m_do.remove, m_do.move, m_do.copy, m_do.copyKey, m_do.copyEncoded, m_do.copyCode})
        action->setEnabled(rows > 0);
    for (QAction *action : {m_do.rename, m_do.open, m_do.openOutside})
        action->setEnabled(rows == 1);
}

void R2View::openCurrent()
{
    const FolderRow *row = m_model->row(m_table->currentIndex().isValid() ? m_table->currentIndex().row() : -1);
    if (!row)
        return;
    if (row->kind == FolderRow::Kind::Folder)
        showFolder(fromUtf8(row->key));
    else if (m_detail->object() && m_detail->object()->key == row->key)
        editObject();
}

void R2View::showMenu(const QPoint &place)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions({m_do.open, m_do.openOutside, m_do.download});
    menu->addSeparator();
    menu->addActions({m_do.rename, m_do.move, m_do.copy, m_do.remove});
    menu->addSeparator();
    menu->addActions({m_do.copyKey, m_do.copyEncoded, m_do.copyCode});
    menu->addSeparator();
    menu->addActions({m_do.create, m_do.uploadFiles, m_do.uploadFolder});
    menu->popup(place);
}

// ---- the one that is chosen

void R2View::showSelected()
{
    const int count = selectedCount();
    const auto rows = count <= maxSummed ? selectedRows() : std::vector<FolderRow>();
    if (m_detail->isEdited()) {
        if (rows.size() != 1 || rows.front().key != m_detail->object()->key)
            askAboutEdits();
        return;
    }
    if (count == 1 && rows.empty())
        return; // it is on its way
    if (rows.size() == 1 && rows.front().kind == FolderRow::Kind::Object) {
        showObject(rows.front().key);
        return;
    }
    m_thread.cancel(m_loading);
    if (count > maxSummed) {
        m_detail->setMessage(tr("%L1 chosen").arg(count));
    } else if (rows.size() > 1) {
        std::uint64_t bytes = 0;
        for (const FolderRow &row : rows)
            bytes += row.size;
        m_detail->setMessage(tr("%L1 chosen, %2").arg(rows.size()).arg(formatBytes(bytes)));
    } else if (rows.size() == 1) {
        m_detail->setMessage(tr("A folder. Enter opens it."));
    } else {
        m_detail->setMessage(m_model->rowCount() > 0 ? tr("Choose an object to see it.") : QString());
    }
}

/// They stay until the user has said what shall become of them.
void R2View::askAboutEdits()
{
    m_choiceWaits = true;
    m_bar->setMessage(MessageBar::Kind::Warning, tr("The metadata that you changed of “%1” are not saved.").arg(oneLine(fromUtf8(m_detail->object()->key), 60)));
    connect(m_bar->addButton(tr("Save them")), &QPushButton::clicked, m_detail, &ObjectDetail::saveRequested);
    connect(m_bar->addButton(tr("Give them up")), &QPushButton::clicked, this, [this] {
        m_choiceWaits = false;
        m_bar->hide();
        m_detail->revert();
        showSelected();
    });
    m_bar->show();
}

void R2View::showObject(const std::string &key)
{
    struct Seen {
        base::Result<std::optional<bindings::r2::Object>> object;
        base::Result<std::string> bytes;
    };
    m_thread.cancel(m_loading);
    m_loading = m_thread.run(
        this,
        [list = m_list, key](std::stop_token) -> Seen {
            Seen seen{list->object(key), std::string()};
            if (seen.object && *seen.object)
                seen.bytes = list->read(key, 0, previewBytes);
            return seen;
        },
        [this](Seen &&seen) {
            m_loading = 0;
            if (!seen.object)
                m_detail->setMessage(formatError(seen.object.error()));
            else if (!*seen.object)
                m_detail->setMessage(tr("The object is gone."));
            else if (!seen.bytes)
                m_detail->setTrouble(**seen.object, formatError(seen.bytes.error()));
            else
                m_detail->setObject(**seen.object, std::make_shared<const std::string>(std::move(*seen.bytes)), u"r2/"_s + fromUtf8(resource().id));
            if (m_choiceWaits && !m_detail->isEdited()) {
                m_choiceWaits = false;
                showSelected();
            }
        });
    m_thread.hurry(m_loading);
}

void R2View::editObject()
{
    const auto object = m_detail->object();
    const auto bytes = m_detail->bytes();
    if (!object || !bytes || static_cast<std::int64_t>(bytes->size()) != object->size)
        return;
    editText(this, fromUtf8(object->key), *bytes, [this, object = *object](const std::string &text) {
        m_commands->put(object.key, text, object.httpMetadata, object.customMetadata, data::r2::ObjectEditor::Existing::Replace);
    });
}

bool R2View::isEdited() const
{
    return m_detail->isEdited() || m_strip->isRunning();
}

void R2View::tell(const QString &sentence)
{
    m_bar->setMessage(MessageBar::Kind::Info, sentence);
    m_bar->show();
}

// ---- keys, drops

bool R2View::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return DataView::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (watched == m_filter) {
        if (key->key() != Qt::Key_Escape && key->key() != Qt::Key_Down)
            return false;
        if (key->key() == Qt::Key_Escape)
            m_filter->clear();
        m_table->setFocus();
        return true;
    }
    if (key->modifiers() & ~Qt::KeypadModifier)
        return false;
    switch (key->key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter:
        openCurrent();
        return true;
    case Qt::Key_Backspace:
        showFolder(FolderBar::above(m_folders->folder()));
        return true;
    case Qt::Key_Delete:
        m_do.remove->trigger();
        return true;
    default:
        return false;
    }
}

/// Side by side, or one above the other where there is little room.
void R2View::resizeEvent(QResizeEvent *event)
{
    DataView::resizeEvent(event);
    const Qt::Orientation wanted = width() > 560 ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != wanted) {
        m_splitter->setOrientation(wanted);
        m_splitter->setSizes({600, 380});
    }
}

void R2View::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls() && event->source() == nullptr)
        event->acceptProposedAction();
}

void R2View::dropEvent(QDropEvent *event)
{
    std::vector<std::filesystem::path> paths;
    for (const QUrl &url : event->mimeData()->urls()) {
        if (url.isLocalFile())
            paths.push_back(toPath(url.toLocalFile()));
    }
    if (paths.empty()) {
        tell(tr("Only files and folders of this machine can be dropped here."));
        return;
    }
    event->acceptProposedAction();
    m_commands->upload(paths, folder());
}

void R2View::saveState(QSettings &settings) const
{
    settings.setValue(u"data/r2/splitter"_s, m_splitter->saveState());
    settings.setValue(u"data/r2/columns"_s, m_table->header()->saveState());
}

DataView *makeR2View(const session::DataResource &resource, QWidget *parent)
{
    return new R2View(resource, parent);
}

} // namespace cleat::ui
