// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/mainwindow.h"

#include "core/session/session.h"
#include "ui/bindings/bindingspane.h"
#include "ui/configfile/configfilepane.h"
#include "ui/console/consolepane.h"
#include "ui/data/datapane.h"
#include "ui/functions/functionspane.h"
#include "ui/functions/routetraffic.h"
#include "ui/requests/again/requestactions.h"
#include "ui/requests/requestdetailview.h"
#include "ui/requests/requestspane.h"
#include "ui/settings/settingspane.h"
#include "ui/shell/headerbar.h"
#include "ui/shell/rail.h"
#include "ui/shell/workersbutton.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/sourceopener.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QCloseEvent>
#include <QMessageBox>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>
#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using session::State;

namespace {

/// In the settings, in the order of Pane.
constexpr std::array<QLatin1StringView, 7> paneNames{"bindings"_L1, "data"_L1, "requests"_L1, "console"_L1, "functions"_L1, "configfile"_L1, "settings"_L1};

} // namespace

MainWindow::MainWindow(session::Session &session, QWidget *parent)
    : QMainWindow(parent), m_session(session), m_header(new HeaderBar(session)), m_rail(new Rail), m_failureBar(new MessageBar(MessageBar::Closing::ByUser)),
      m_buildBar(new MessageBar(MessageBar::Closing::ByOwner)), m_opener(new SourceOpener(session.options().project, this)), m_panes(new QStackedWidget),
      m_split(new QSplitter(Qt::Vertical)), m_dock(new QWidget), m_bindings(new BindingsPane(session)),
      m_routeTraffic(new RouteTraffic(session, this))
{
    setWindowIcon(applicationIcon());
    setMinimumSize(640, 420);
    m_panes->addWidget(m_bindings);
    m_panes->setMinimumHeight(100);
    auto *docked = new QVBoxLayout(m_dock);
    docked->setContentsMargins(0, 0, 0, 0);
    docked->setSpacing(0);
    docked->addWidget(new Rule(Qt::Horizontal));
    m_dock->hide();
    m_split->addWidget(m_panes);
    m_split->addWidget(m_dock);
    m_split->setStretchFactor(0, 3);
    m_split->setStretchFactor(1, 2);
    m_split->setChildrenCollapsible(false);
    m_split->setHandleWidth(5);

    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_failureBar);
    right->addWidget(m_buildBar);
    right->addWidget(m_split, 1);
    auto *below = new QHBoxLayout;
    below->setSpacing(0);
    below->addWidget(m_rail);
    below->addLayout(right, 1);
    auto *central = new QWidget;
    auto *column = new QVBoxLayout(central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addLayout(below, 1);
    setCentralWidget(central);

    addPane(Bindings, "plug"_L1, tr("Bindings"), QKeySequence(u"Ctrl+1"_s));
    addPane(Data, "database"_L1, tr("Data"), QKeySequence(u"Ctrl+2"_s));
    addPane(Requests, "activity"_L1, tr("Requests"), QKeySequence(u"Ctrl+3"_s));
    addPane(Console, "square-terminal"_L1, tr("Console"), QKeySequence(u"Ctrl+4"_s));
    addPane(Functions, "route"_L1, tr("Functions"), QKeySequence(u"Ctrl+5"_s));
    addPane(ConfigFile, "file-code"_L1, tr("Config file"), QKeySequence(u"Ctrl+6"_s));
    addPane(Settings, "settings"_L1, tr("Settings"), QKeySequence(u"Ctrl+7"_s));
    connect(m_opener, &SourceOpener::failed, this, [this](const QString &why) {
        m_failureBar->setMessage(MessageBar::Kind::Warning, why);
        m_failureBar->show();
    });
    connect(m_rail, &Rail::chosen, this, &MainWindow::showPane);
    const WorkersButton *workers = m_header->workers();
    connect(workers, &WorkersButton::placeAsked, m_opener, &SourceOpener::open);
    connect(workers, &WorkersButton::failed, this, [this](const QString &why) {
        m_failureBar->setMessage(MessageBar::Kind::Warning, why);
        m_failureBar->show();
    });
    connect(workers, &WorkersButton::added, this, [this] { refreshFailureBar(); });
    connect(workers, &WorkersButton::cronRan, this, [this](std::uint64_t request) {
        m_failureBar->setMessage(MessageBar::Kind::Info, tr("The schedule runs."));
        connect(m_failureBar->addButton(tr("Show it in Requests")), &QPushButton::clicked, this, [this, request] {
            m_failureBar->hide();
            showRequest(request);
        });
        m_failureBar->show();
    });
    connect(new QShortcut(QKeySequence(u"Ctrl+J"_s), this), &QShortcut::activated, this, &MainWindow::toggleDock);

    addActions(m_header->shortcuts());
    connect(m_header, &HeaderBar::openProjectRequested, this,
            [this](const std::filesystem::path &folder) { whenSaved([this, folder] { Q_EMIT openProjectRequested(folder); }); });
    connect(m_header, &HeaderBar::quitRequested, this, &QWidget::close);
    connect(m_bindings, &BindingsPane::openConfigFileAt, this, &MainWindow::openConfigFileAt);
    connect(m_bindings, &BindingsPane::openDataOf, this, &MainWindow::openDataOf);
    connect(m_bindings, &BindingsPane::fileCreated, this, [this] {
        if (m_session.state() == State::Stopped || m_session.state() == State::Failed)
            m_session.start();
    });
    connect(&m_session, &session::Session::stateChanged, this, &MainWindow::refreshFailureBar);
    connect(&m_session, &session::Session::buildChanged, this, &MainWindow::refreshBuildBar);
    connect(&m_session.config(), &session::ConfigStore::changed, this, &MainWindow::refreshTitle);
    connect(&m_session.config(), &session::ConfigStore::changed, this, &MainWindow::startWhenMended);
    refreshTitle();
    refreshFailureBar();
    refreshBuildBar();
    restoreState();
}

MainWindow::~MainWindow()
{
    delete m_functions; // before what it shows
}

void MainWindow::addPane(Pane pane, QLatin1StringView iconName, const QString &name, const QKeySequence &keys)
{
    m_rail->addPane(iconName, name, keys);
    connect(new QShortcut(keys, this), &QShortcut::activated, this, [this, pane] { showPane(pane); });
}

QWidget *MainWindow::paneWidget(Pane pane)
{
    switch (pane) {
    case Bindings:
        return m_bindings;
    case Data:
        if (!m_data) {
            m_data = new DataPane(m_session);
            connect(m_data, &DataPane::aiSettingsAsked, this, &MainWindow::openAiSettings);
            m_panes->addWidget(m_data);
        }
        return m_data;
    case Requests:
        return requestsPane();
    case Console:
        if (!m_console) {
            m_console = new ConsolePane(m_session);
            m_panes->addWidget(m_console);
            connect(m_console, &ConsolePane::requestAsked, this, &MainWindow::showRequest);
        }
        return m_console;
    case Functions:
        if (!m_functions) {
            m_functions = new FunctionsPane(m_session, *m_routeTraffic);
            m_panes->addWidget(m_functions);
        }
        return m_functions;
    case ConfigFile:
        if (!m_configFile) {
            m_configFile = new ConfigFilePane(m_session.config());
            m_panes->addWidget(m_configFile);
            connect(m_configFile, &ConfigFilePane::createRequested, this, [this] { showPane(Bindings); });
        }
        return m_configFile;
    case Settings:
        if (!m_settings) {
            m_settings = new SettingsPane(m_session);
            m_panes->addWidget(m_settings);
        }
        return m_settings;
    }
    return m_bindings;
}

RequestsPane *MainWindow::requestsPane()
{
    if (!m_requests) {
        m_requestActions = new RequestActions(m_session, this);
        m_requests = new RequestsPane(m_session);
        m_panes->addWidget(m_requests);
        connect(m_requests, &RequestsPane::placeAsked, this, &MainWindow::toggleDock);
        setUpRequests(*m_requests, *m_requestActions);
        m_requests->setActions(
            [this](const std::shared_ptr<const events::Recording> &recording, std::vector<events::Recording::Sequence> selected) {
                return m_requestActions->actionsFor(recording, std::move(selected));
            },
            m_requestActions->paneActions());
    }
    return m_requests;
}

/// What the detail may ask for, and where what it leads to is.
void MainWindow::setUpRequests(RequestsPane &pane, RequestActions &actions)
{
    pane.detail()->setServices({
        .secret = [this](const QString &name) -> std::optional<QString> {
            for (const auto &[known, value] : m_session.secrets().values(m_session.options().scope)) {
                if (known == toUtf8(name))
                    return fromUtf8(value.reveal());
            }
            return std::nullopt;
        },
        .database = [this](const QString &binding) -> std::optional<std::filesystem::path> {
            const auto resource = resourceOf(session::DataResource::Kind::D1, binding);
            return resource ? std::optional(resource->file) : std::nullopt;
        },
    });
    const auto key = [&pane](const QKeySequence &keys, auto run) {
        auto *shortcut = new QShortcut(keys, &pane);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, &pane, run);
    };
    key(Qt::Key_R, [&pane, &actions] { actions.replay(pane.recording(), pane.selected()); });
    key(Qt::CTRL | Qt::Key_E, [&pane, &actions] {
        if (const auto selected = pane.selected(); selected.size() == 1)
            actions.editAndResend(pane.recording(), selected.front());
    });
    connect(pane.detail(), &RequestDetailView::sourceAsked, m_opener, &SourceOpener::open);
    connect(pane.detail(), &RequestDetailView::dataAsked, this, &MainWindow::openDataItem);
    connect(pane.detail(), &RequestDetailView::aiSettingsAsked, this, &MainWindow::openAiSettings);
    connect(&actions, &RequestActions::told, &pane, [&pane](const QString &sentence) { pane.say(sentence, RequestsPane::Said::Done); });
    connect(&actions, &RequestActions::failed, &pane, [&pane](const QString &sentence) { pane.say(sentence, RequestsPane::Said::Failed); });
    connect(&actions, &RequestActions::recordingOpened, this, &MainWindow::openRecording);
}

/// Requests out of a file have a window of their own, beside the live ones.
void MainWindow::openRecording(std::shared_ptr<const events::Recording> recording, const QString &title)
{
    auto *pane = new RequestsPane(m_session, std::move(recording), this);
    pane->setWindowFlag(Qt::Window);
    pane->setAttribute(Qt::WA_DeleteOnClose);
    pane->setWindowTitle(tr("%1 — recorded requests").arg(title));
    auto *actions = new RequestActions(m_session, pane);
    setUpRequests(*pane, *actions);
    pane->setActions(
        [actions](const std::shared_ptr<const events::Recording> &shown, std::vector<events::Recording::Sequence> selected) {
            return actions->actionsFor(shown, std::move(selected));
        },
        {});
    pane->resize(size().expandedTo({900, 600}));
    pane->show();
}

std::optional<session::DataResource> MainWindow::resourceOf(session::DataResource::Kind kind, const QString &binding) const
{
    const std::string name = toUtf8(binding);
    const auto id = [&]() -> std::optional<std::string> {
        const auto is = [&](const config::Binding &one) {
            return one.name == name
                && (kind == session::DataResource::Kind::Kv     ? one.kind == config::Kind::KvNamespace
                        : kind == session::DataResource::Kind::R2 ? one.kind == config::Kind::R2Bucket
                                                                  : one.kind == config::Kind::D1Database);
        };
        const auto &options = m_session.options();
        if (const auto flag = std::ranges::find_if(options.bindings, is); flag != options.bindings.end())
            return config::localId(*flag);
        for (const auto &entry : m_session.config().config().effective(options.scope).bindings) {
            if (is(entry.value))
                return config::localId(entry.value);
        }
        return std::nullopt;
    }();
    if (!id)
        return std::nullopt;
    for (session::DataResource &resource : m_session.dataResources()) {
        if (resource.kind == kind && resource.id == *id)
            return std::move(resource);
    }
    return std::nullopt;
}

void MainWindow::openDataItem(const QString &kind, const QString &binding, const QString &what)
{
    using Kind = session::DataResource::Kind;
    const auto resource = resourceOf(kind == "kv"_L1 ? Kind::Kv : kind == "r2"_L1 ? Kind::R2 : Kind::D1, binding);
    if (!resource) {
        requestsPane()->say(tr("%1 is not in the set that runs any more: there is no data to show.").arg(binding), RequestsPane::Said::Failed);
        return;
    }
    showPane(Data);
    m_data->showItem(resource->kind, resource->id, what);
}

void MainWindow::showRequest(std::uint64_t id)
{
    showPane(Requests);
    if (const auto sequence = m_requests->recording()->find(id))
        m_requests->select(*sequence);
    else
        m_requests->say(tr("This request is not held any more: it had to make room for newer ones."), RequestsPane::Said::Failed);
}

void MainWindow::toggleDock()
{
    if (m_pane == Requests) {
        m_docked = true;
        showPane(m_paneBefore);
        m_requests->setFocus(Qt::OtherFocusReason);
        return;
    }
    m_docked = !m_docked;
    placeRequests();
    (m_docked ? m_requests : m_panes->currentWidget())->setFocus(Qt::OtherFocusReason);
}

/// Where the Requests pane belongs: among the others, or below the one that is shown.
void MainWindow::placeRequests()
{
    const bool below = m_docked && m_pane != Requests;
    if (below && m_dock->layout()->indexOf(requestsPane()) < 0) {
        m_panes->removeWidget(m_requests);
        m_dock->layout()->addWidget(m_requests);
        m_requests->setPlace(RequestsPane::Place::Docked);
        m_requests->show();
    } else if (!below && m_requests && m_panes->indexOf(m_requests) < 0) {
        m_dock->layout()->removeWidget(m_requests);
        m_panes->addWidget(m_requests);
        m_requests->setPlace(RequestsPane::Place::Alone);
    }
    m_dock->setVisible(below);
}

void MainWindow::showPane(int pane)
{
    m_pane = static_cast<Pane>(pane);
    if (m_pane != Requests)
        m_paneBefore = m_pane;
    placeRequests();
    m_panes->setCurrentWidget(paneWidget(m_pane));
    m_panes->currentWidget()->setFocus(Qt::OtherFocusReason);
    m_rail->setCurrent(pane);
}

void MainWindow::openConfigFileAt(int line)
{
    showPane(ConfigFile);
    m_configFile->showLine(line);
}

void MainWindow::openAiSettings()
{
    showPane(Settings);
    m_settings->showAi();
}

void MainWindow::openDataOf(const config::Binding &binding)
{
    showPane(Data);
    m_data->showBinding(binding);
}

/// Does it once what was edited anywhere is saved or given up; not at all when the user thinks better of it.
void MainWindow::whenSaved(std::function<void()> then)
{
    if (m_data && m_data->isEdited()) {
        showPane(Data);
        m_data->whenLeft([this, then = std::move(then)]() mutable { whenFileSaved(std::move(then)); });
        return;
    }
    whenFileSaved(std::move(then));
}

void MainWindow::whenFileSaved(std::function<void()> then)
{
    if (!m_configFile || !m_configFile->isEdited()) {
        then();
        return;
    }
    showPane(ConfigFile);
    if (m_question)
        return;
    m_question = new QMessageBox(QMessageBox::Warning, tr("Cleat"), tr("What you wrote in the Wrangler file is not saved. Save it?"),
                                 QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, this);
    m_question->setTextFormat(Qt::PlainText);
    m_question->setDefaultButton(QMessageBox::Save);
    m_question->setAttribute(Qt::WA_DeleteOnClose);
    connect(m_question, &QMessageBox::finished, this, [this, then = std::move(then)](int answer) {
        if (answer == QMessageBox::Save)
            m_configFile->save();
        else if (answer == QMessageBox::Discard)
            m_configFile->revert();
        if (!m_configFile->isEdited()) // a conflict or a failure is shown there
            then();
    });
    m_question->open();
}

void MainWindow::refreshTitle()
{
    setWindowTitle(tr("%1 – Cleat").arg(m_session.projectName()));
}

void MainWindow::startWhenMended()
{
    // What failed for the sake of the file is tried again once the file is another.
    const bool readable = m_session.config().status() == session::ConfigStore::Status::Readable;
    const std::string code = m_session.failure().code;
    if (m_session.state() == State::Failed && readable && !code.starts_with("server."))
        m_session.start();
}

void MainWindow::refreshFailureBar()
{
    // A file that cannot be read is told by the pane that shows it.
    if (m_session.state() != State::Failed || m_session.config().status() == session::ConfigStore::Status::Broken) {
        m_failureBar->hide();
        return;
    }
    const base::Error failure = m_session.failure();
    m_failureBar->setMessage(failure.code == "server.port-in-use" ? MessageBar::Kind::Warning : MessageBar::Kind::Error, formatPlacedError(failure));
    const int port = m_session.freePort();
    if (port > 0) {
        connect(m_failureBar->addButton(tr("Use port %1 instead").arg(port)), &QPushButton::clicked, this, [this, port] {
            m_session.setPort(port);
            m_session.start();
        });
    }
    m_failureBar->show();
}

void MainWindow::refreshBuildBar()
{
    const std::optional<base::Error> error = m_session.buildError();
    if (error) {
        m_buildBar->setMessage(MessageBar::Kind::Error, tr("The last build failed. The last good build still serves, if there is one."));
        const QString why = formatError(*error);
        const QString file = fromUtf8(error->place.file);
        const bool told = file.isEmpty() || why.contains(file); // esbuild's text tells it, and shows the line
        if (!file.isEmpty())
            connect(m_buildBar->addButton(tr("Open in editor")), &QPushButton::clicked, this, [this, place = error->place] { m_opener->open(place); });
        m_buildBar->setDetail(told ? why : u"%1:%2\n%3"_s.arg(file).arg(error->place.line).arg(why));
    }
    m_buildBar->setVisible(error.has_value());
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    const bool edited = (m_configFile && m_configFile->isEdited()) || (m_data && m_data->isEdited());
    if (edited && isEnabled()) { // while disabled, it only waits for its end
        event->ignore();
        whenSaved([this] { close(); });
        return;
    }
    saveState();
    event->accept();
    Q_EMIT closed();
}

void MainWindow::restoreState()
{
    const QSettings settings;
    resize(1120, 720);
    restoreGeometry(settings.value(u"window/geometry"_s).toByteArray());
    m_docked = settings.value(u"window/requestsDocked"_s).toBool();
    m_split->setSizes({420, 260});
    m_split->restoreState(settings.value(u"window/dock"_s).toByteArray());
    const auto pane = std::ranges::find(paneNames, settings.value(u"window/shown"_s).toString());
    showPane(pane == paneNames.end() ? Bindings : static_cast<int>(pane - paneNames.begin()));
}

void MainWindow::saveState() const
{
    QSettings settings;
    settings.setValue(u"window/geometry"_s, saveGeometry());
    settings.setValue(u"window/shown"_s, QString(paneNames[m_pane]));
    settings.setValue(u"window/requestsDocked"_s, m_docked);
    settings.setValue(u"window/dock"_s, m_split->saveState());
    m_bindings->saveState(settings);
    if (m_data)
        m_data->saveState(settings);
    if (m_requests)
        m_requests->saveState(settings);
    if (m_console)
        m_console->saveState(settings);
    if (m_functions)
        m_functions->saveState(settings);
}

} // namespace cleat::ui
