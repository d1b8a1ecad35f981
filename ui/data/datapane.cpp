// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/datapane.h"

#include "core/session/session.h"
#include "ui/data/analytics/analyticsview.h"
#include "ui/data/cacheview.h"
#include "ui/data/d1/d1view.h"
#include "ui/data/dataview.h"
#include "ui/data/durableobjects/objectsview.h"
#include "ui/data/kvview.h"
#include "ui/data/locationbar.h"
#include "ui/data/models/modelview.h"
#include "ui/data/queues/queueview.h"
#include "ui/data/r2view.h"
#include "ui/data/resourcetree.h"
#include "ui/data/vectorize/indexdialog.h"
#include "ui/data/vectorize/vectorview.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QElapsedTimer>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::DataResource;

namespace {

constexpr int pollEveryMs = 250;
constexpr int listEveryMs = 2000;
constexpr qint64 measureEveryMs = 5000;
constexpr int roomyFrom = 700; ///< pixels of width
constexpr int narrowTree = 140;

qint64 nowMs()
{
    static const QElapsedTimer timer = [] {
        QElapsedTimer started;
        started.start();
        return started;
    }();
    return timer.elapsed();
}

DataView *makeView(const DataResource &resource, session::Session &session, QWidget *parent)
{
    switch (resource.kind) {
    case DataResource::Kind::Kv:
        return makeKvView(resource, parent);
    case DataResource::Kind::R2:
        return makeR2View(resource, parent);
    case DataResource::Kind::D1:
        return makeD1View(resource, parent);
    case DataResource::Kind::Queue:
        return makeQueueView(resource, session, parent);
    case DataResource::Kind::Objects:
        return makeObjectsView(resource, session, parent);
    case DataResource::Kind::Analytics:
        return makeAnalyticsView(resource, parent);
    case DataResource::Kind::Vectorize:
        return makeVectorView(resource, parent);
    case DataResource::Kind::Models:
        return makeModelView(resource, session, parent);
    case DataResource::Kind::Cache:
        break;
    }
    return makeCacheView(resource, parent);
}

/// Whether a view of the one still shows the other.
bool samePlace(const DataResource &a, const DataResource &b)
{
    return a.kind == b.kind && a.id == b.id && a.file == b.file && a.migrationsFolder == b.migrationsFolder && a.migrationsTable == b.migrationsTable;
}

} // namespace

DataPane::DataPane(session::Session &session, QWidget *parent)
    : QWidget(parent), m_session(session), m_tree(new ResourceTree), m_place(new ElideLabel(Qt::ElideMiddle)), m_placeButton(new QToolButton),
      m_location(new LocationBar), m_splitter(new QSplitter(Qt::Horizontal)), m_right(new QWidget), m_pages(new QStackedWidget),
      m_empty(new EmptyState("database"_L1, tr("No local data is chosen"),
          tr("Choose a store at the left. Stores come from the bindings of the Wrangler file, and from what lies in the state folder.")))
{
    m_place->setTone(Tone::Muted);
    m_placeButton->setText(tr("State folder"));
    m_placeButton->setIcon(icon("folder"_L1, Tone::Muted));
    m_placeButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_placeButton->setAutoRaise(true);
    m_placeButton->setFocusPolicy(Qt::TabFocus);
    m_placeButton->setPopupMode(QToolButton::InstantPopup);
    m_placeButton->setMenu(new QMenu(m_placeButton));
    connect(m_placeButton->menu(), &QMenu::aboutToShow, this, &DataPane::fillPlaceMenu);

    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 4, 0, 4);
    leftColumn->setSpacing(2);
    leftColumn->addWidget(m_tree, 1);
    leftColumn->addWidget(new Rule(Qt::Horizontal));
    leftColumn->addWidget(m_placeButton, 0, Qt::AlignLeft);
    auto *placeRow = new QHBoxLayout;
    placeRow->setContentsMargins(8, 0, 8, 0);
    placeRow->addWidget(m_place);
    leftColumn->addLayout(placeRow);
    left->setMinimumWidth(narrowTree);

    auto *rightColumn = new QVBoxLayout(m_right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->setSpacing(0);
    rightColumn->addWidget(m_location);
    rightColumn->addWidget(new Rule(Qt::Horizontal));
    m_pages->addWidget(m_empty);
    m_pages->addWidget(m_right);
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_pages);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setSizes({210, 900});
    m_splitter->setCollapsible(1, false);
    m_splitter->setHandleWidth(5);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_splitter);
    setFocusProxy(m_tree);

    m_pollTimer.setInterval(pollEveryMs);
    m_refreshTimer.setInterval(listEveryMs);
    connect(&m_pollTimer, &QTimer::timeout, this, &DataPane::poll);
    connect(&m_refreshTimer, &QTimer::timeout, this, &DataPane::refresh);
    connect(m_tree, &ResourceTree::chosen, this, &DataPane::choose);
    connect(&m_session.config(), &session::ConfigStore::changed, this, &DataPane::refresh);
    connect(&m_session, &session::Session::workersChanged, this, [this] {
        if (isVisible()) // else with the next showEvent()
            refresh();
    });
    connect(&m_session, &session::Session::dataPlaceChanged, this, [this] {
        refreshPlace();
        refresh();
    });

    refreshPlace();
    m_tree->setResources(m_session.dataResources());
    const QSettings settings;
    m_splitter->restoreState(settings.value(u"data/splitter"_s).toByteArray());
    const QStringList last = settings.value(u"data/last/"_s + QString::fromLatin1(fromPath(m_session.options().project).toUtf8().toHex())).toStringList();
    const auto &resources = m_tree->resources();
    if (last.size() == 2 && m_tree->choose(static_cast<DataResource::Kind>(last[0].toInt()), toUtf8(last[1])))
        return;
    const auto first = std::ranges::find_if(resources, [](const DataResource &one) { return !one.uses.empty(); });
    if (first != resources.end())
        m_tree->choose(first->kind, first->id);
}

DataPane::~DataPane() = default;

bool DataPane::showItem(DataResource::Kind kind, const std::string &id, const QString &item)
{
    m_tree->setResources(m_session.dataResources());
    if (!m_tree->choose(kind, id))
        return false;
    if (m_view && m_view->resource().kind == kind && m_view->resource().id == id && !item.isEmpty())
        m_view->showItem(item);
    return true;
}

bool DataPane::showBinding(const config::Binding &binding)
{
    const auto id = config::localId(binding);
    switch (binding.kind) {
    case config::Kind::KvNamespace:
        return id && showItem(DataResource::Kind::Kv, *id);
    case config::Kind::R2Bucket:
        return id && showItem(DataResource::Kind::R2, *id);
    case config::Kind::D1Database:
        return id && showItem(DataResource::Kind::D1, *id);
    case config::Kind::Queue:
        return id && showItem(DataResource::Kind::Queue, *id);
    case config::Kind::DurableObject: {
        const std::string script = binding.value("script_name");
        return showItem(DataResource::Kind::Objects, (script.empty() ? toUtf8(m_session.projectName()) : script) + '-' + binding.value("class_name"));
    }
    case config::Kind::AnalyticsEngine:
        return id && showItem(DataResource::Kind::Analytics, *id);
    case config::Kind::Vectorize:
        return showItem(DataResource::Kind::Vectorize, binding.value("index_name"));
    case config::Kind::Ai:
        return showItem(DataResource::Kind::Models, "models");
    case config::Kind::Hyperdrive:
    case config::Kind::Service:
    case config::Kind::MtlsCertificate:
    case config::Kind::Browser:
    case config::Kind::VersionMetadata:
        break;
    }
    return false;
}

bool DataPane::isEdited() const
{
    return m_view && m_view->isEdited();
}

void DataPane::whenLeft(std::function<void()> then)
{
    if (!isEdited()) {
        then();
        return;
    }
    if (m_question)
        return;
    m_question = new QMessageBox(QMessageBox::Warning, tr("Cleat"),
        tr("What you changed in %1 is not saved. Give the changes up?").arg(fromUtf8(m_view->resource().title)), QMessageBox::Discard | QMessageBox::Cancel, this);
    m_question->setTextFormat(Qt::PlainText);
    m_question->setDefaultButton(QMessageBox::Cancel);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_question, &QMessageBox::finished, this, [this, then = std::move(then)](int answer) {
        m_question.clear(); // it lives a little longer, but the next question need not wait for its end
        if (answer != QMessageBox::Discard)
            return;
        showNothing();
        then();
    });
    m_question->open();
}

void DataPane::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    m_pollTimer.start();
    m_refreshTimer.start();
}

void DataPane::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_pollTimer.stop();
    m_refreshTimer.stop();
}

/// In a small window the view needs the room more than the list of stores does.
void DataPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (width() < roomyFrom && m_splitter->sizes().value(0) > narrowTree)
        m_splitter->setSizes({narrowTree, width() - narrowTree});
}

// ---- which stores there are

/// Looks at the folders away from the GUI thread; what the file says comes along.
void DataPane::refresh()
{
    if (m_listing)
        return;
    m_listing = true;
    std::vector<std::string> queues;
    for (const session::QueueStatus &queue : m_session.queues())
        queues.push_back(queue.name);
    m_thread.run(
        this,
        [config = m_session.config().config(), flags = m_session.options().bindings, folder = m_session.config().folder(), state = m_session.stateFolder(),
            queues = std::move(queues), objects = m_session.objectNamespaces()](std::stop_token) {
            return std::pair(state, session::dataResources(config, flags, folder, state, queues, objects));
        },
        [this](std::pair<std::filesystem::path, std::vector<DataResource>> &&found) {
            m_listing = false;
            if (found.first != m_session.stateFolder()) {
                refresh();
                return;
            }
            if (found.second == m_tree->resources())
                return;
            m_tree->setResources(std::move(found.second));
            choose();
        });
}

void DataPane::refreshPlace()
{
    const std::filesystem::path state = m_session.stateFolder();
    const std::filesystem::path beside = state.lexically_relative(m_session.config().folder());
    m_place->setText(fromPath(beside.empty() || *beside.begin() == ".." ? state : beside));
    m_placeButton->setToolTip(tr("Local data is read from and written to %1").arg(fromPath(state)));
}

// ---- the one that is chosen

void DataPane::choose()
{
    const DataResource *resource = m_tree->current();
    if (!resource) {
        if (!m_view)
            return;
        if (m_view->isEdited()) // it is not in the list any more, but its edits are
            return;
        showNothing();
        return;
    }
    if (m_view && samePlace(m_view->resource(), *resource)) {
        m_location->setResource(*resource);
        m_nextMeasureMs = 0;
        return;
    }
    if (isEdited()) {
        const DataResource wanted = *resource;
        const DataResource shown = m_view->resource();
        m_tree->choose(shown.kind, shown.id);
        whenLeft([this, wanted] { m_tree->choose(wanted.kind, wanted.id); });
        return;
    }
    show(*resource);
}

void DataPane::show(const DataResource &resource)
{
    showNothing();
    m_location->setResource(resource);
    m_view = makeView(resource, m_session, m_right);
    connect(m_view, &DataView::summaryChanged, m_location, &LocationBar::setSummary);
    connect(m_view, &DataView::aiSettingsAsked, this, &DataPane::aiSettingsAsked);
    m_right->layout()->addWidget(m_view);
    qobject_cast<QVBoxLayout *>(m_right->layout())->setStretchFactor(m_view, 1);
    m_pages->setCurrentWidget(m_right);
    m_nextMeasureMs = 0;
}

void DataPane::showNothing()
{
    if (m_view) {
        QSettings settings;
        m_view->saveState(settings);
    }
    delete std::exchange(m_view, nullptr);
    m_pages->setCurrentWidget(m_empty);
}

void DataPane::poll()
{
    if (!m_view || window()->isMinimized())
        return;
    m_view->poll();
    if (nowMs() >= m_nextMeasureMs)
        measure();
}

/// Bytes on disk; of a large store seldom.
void DataPane::measure()
{
    if (m_measuring)
        return;
    m_measuring = true;
    const qint64 begun = nowMs();
    m_thread.run(
        this, [resource = m_view->resource()](std::stop_token stop) { return session::dataBytes(resource, std::move(stop)); },
        [this, begun, resource = m_view->resource()](std::optional<std::uint64_t> bytes) {
            m_measuring = false;
            m_nextMeasureMs = nowMs() + std::max(measureEveryMs, (nowMs() - begun) * 50);
            if (!bytes)
                return;
            m_tree->setBytes(resource.kind, resource.id, *bytes);
            if (m_view && samePlace(m_view->resource(), resource))
                m_location->setBytes(*bytes);
        });
}

// ---- the state folder

void DataPane::fillPlaceMenu()
{
    QMenu *menu = m_placeButton->menu();
    menu->clear();
    const std::filesystem::path current = m_session.stateFolder();
    const std::filesystem::path usual = m_session.config().folder() / ".wrangler" / "state";
    const auto add = [&](const std::filesystem::path &folder, const QString &text, std::optional<std::filesystem::path> chosen) {
        QAction *action = menu->addAction(text, this, [this, chosen] { whenLeft([this, chosen] { m_session.setStateFolder(chosen); }); });
        action->setCheckable(true);
        action->setChecked(folder == current);
    };
    add(usual, tr("%1 (the usual one)").arg(fromPath(usual)), std::nullopt);
    if (current != usual)
        add(current, fromPath(current), current);
    for (const std::filesystem::path &folder : session::stateFolders(m_session.options().project, current)) {
        if (folder != usual)
            add(folder, fromPath(folder), folder);
    }
    menu->addSeparator();
    menu->addAction(icon("plus"_L1), tr("New Vectorize index…"), this, [this] {
        auto *dialog = new IndexDialog(m_session.stateFolder(), {}, window());
        connect(dialog, &IndexDialog::created, this, [this](const QString &name) { showItem(DataResource::Kind::Vectorize, toUtf8(name)); });
        dialog->open();
    });
    menu->addSeparator();
    menu->addAction(tr("Choose another folder…"), this, &DataPane::browseForPlace);
    menu->addAction(icon("folder-open"_L1), tr("Reveal in the file manager"), this, [this] { revealInFileManager(m_session.stateFolder()); });
}

void DataPane::browseForPlace()
{
    auto *dialog = new QFileDialog(this, tr("The folder that holds local data (as --persist-to)"), fromPath(m_session.stateFolder().parent_path()));
    dialog->setFileMode(QFileDialog::Directory);
    dialog->setOption(QFileDialog::ShowDirsOnly);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &name) {
        std::filesystem::path folder = toPath(name);
        if (folder.filename() == "v3") // what was meant is the folder that holds it
            folder = folder.parent_path();
        whenLeft([this, folder] { m_session.setStateFolder(folder); });
    });
    dialog->open();
}

void DataPane::saveState(QSettings &settings) const
{
    settings.setValue(u"data/splitter"_s, m_splitter->saveState());
    if (const DataResource *resource = m_tree->current()) {
        settings.setValue(u"data/last/"_s + QString::fromLatin1(fromPath(m_session.options().project).toUtf8().toHex()),
            QStringList{QString::number(static_cast<int>(resource->kind)), fromUtf8(resource->id)});
    }
    if (m_view)
        m_view->saveState(settings);
}

} // namespace cleat::ui
