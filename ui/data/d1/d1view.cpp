// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/d1view.h"

#include "ui/data/d1/ask.h"
#include "ui/data/d1/d1desk.h"

#include "ui/data/d1/migrationspage.h"
#include "ui/data/d1/rowspage.h"
#include "ui/data/d1/schematree.h"
#include "ui/data/d1/snapshotspage.h"
#include "ui/data/d1/sqlpage.h"
#include "ui/data/d1/structurepage.h"
#include "ui/data/d1/transfers.h"
#include "ui/data/progressstrip.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QDragEnterEvent>
#include <QFileInfo>
#include <QMimeData>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QUrl>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

enum Tab { RowsTab, SqlTab, StructureTab, MigrationsTab, SnapshotsTab };

class D1View final : public DataView
{
public:
    D1View(const session::DataResource &resource, QWidget *parent);
    ~D1View() override;

    void poll() override { m_desk.poll(); }
    bool isEdited() const override { return m_rows->isEdited(); }
    void showItem(const QString &key) override;
    void saveState(QSettings &settings) const override;

protected:
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    QWidget *makeCorner();
    QWidget *makeEmpty();
    void wire();
    void takeSchema();
    void tell(MessageBar::Kind kind, const QString &text);
    static QString droppedFile(const QMimeData *data);

    D1Desk m_desk;
    QWidget *m_body; ///< goes before the desk
    ProgressStrip *m_strip = nullptr;
    Transfers *m_transfers = nullptr;
    SchemaTree *m_tree = nullptr;
    FlatTabs *m_tabs = nullptr;
    QStackedWidget *m_rowsStack = nullptr;
    RowsPage *m_rows = nullptr;
    SqlPage *m_sql = nullptr;
    StructurePage *m_structure = nullptr;
    MigrationsPage *m_migrations = nullptr;
    SnapshotsPage *m_snapshots = nullptr;
    MessageBar *m_message = nullptr;
    QSplitter *m_splitter = nullptr;
    QString m_wanted; ///< the table to show once the schema is there
};

D1View::D1View(const session::DataResource &resource, QWidget *parent) : DataView(resource, parent), m_desk(resource), m_body(new QWidget(this))
{
    setAcceptDrops(true);
    m_strip = new ProgressStrip;
    m_transfers = new Transfers(m_desk, *m_strip, m_body);
    m_tree = new SchemaTree(m_desk);
    m_tabs = new FlatTabs;
    m_rowsStack = new QStackedWidget;
    m_rows = new RowsPage(m_desk);
    m_sql = new SqlPage(m_desk);
    m_structure = new StructurePage(m_desk);
    m_migrations = new MigrationsPage(m_desk, *m_strip);
    m_snapshots = new SnapshotsPage(m_desk, *m_strip);
    m_message = new MessageBar(MessageBar::Closing::ByUser);
    m_message->setObjectName(u"d1Message"_s);
    m_splitter = new QSplitter(Qt::Horizontal);

    m_rowsStack->addWidget(m_rows);
    m_rowsStack->addWidget(makeEmpty());
    m_tabs->addTab(m_rowsStack, tr("Rows"));
    m_tabs->addTab(m_sql, tr("SQL"));
    m_tabs->addTab(m_structure, tr("Structure"));
    m_tabs->addTab(m_migrations, tr("Migrations"));
    m_tabs->addTab(m_snapshots, tr("Snapshots"));
    m_tabs->setCornerWidget(makeCorner());
    m_tabs->setAccessibleName(tr("Database"));
    auto *right = new QWidget;
    auto *rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->setSpacing(0);
    rightColumn->addWidget(m_message);
    rightColumn->addWidget(m_tabs, 1);
    rightColumn->addWidget(m_strip);
    m_splitter->addWidget(m_tree);
    m_splitter->addWidget(right);
    m_splitter->setStretchFactor(0, 0);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setHandleWidth(1);
    m_tree->setMinimumWidth(110);
    auto *column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_splitter);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_body);

    const QSettings settings;
    if (const QByteArray state = settings.value(u"data/d1/splitter"_s).toByteArray(); state.isEmpty() || !m_splitter->restoreState(state))
        m_splitter->setSizes({190, 600});
    m_tree->setShowsHidden(settings.value(u"data/d1/showHidden"_s, false).toBool());
    m_wanted = settings.value(u"data/d1/table/"_s + settingsName(m_desk.file())).toString();
    wire();
    m_desk.readSchema();
}

D1View::~D1View()
{
    delete m_body;
}

QWidget *D1View::makeCorner()
{
    auto *corner = new QWidget;
    auto *row = new QHBoxLayout(corner);
    row->setContentsMargins(0, 0, 4, 0);
    row->setSpacing(0);
    auto *import = new QAction(icon("upload"_L1), tr("Import…"), m_body);
    import->setObjectName(u"import"_s);
    import->setToolTip(tr("Import an .sql or .csv file; it can be dropped here too"));
    auto *save = new QAction(icon("download"_L1), tr("Export…"), m_body);
    save->setObjectName(u"export"_s);
    save->setToolTip(tr("Export the database or a table as .sql or .csv"));
    connect(import, &QAction::triggered, m_transfers, &Transfers::chooseImport);
    connect(save, &QAction::triggered, m_transfers, [this] { m_transfers->exportTable({}); });
    row->addWidget(toolButton(import, ButtonLook::IconOnly));
    row->addWidget(toolButton(save, ButtonLook::IconOnly));
    return corner;
}

QWidget *D1View::makeEmpty()
{
    auto *empty =
        new EmptyState("database"_L1, tr("No tables yet"), tr("Create a table, import an .sql or .csv file, or apply the migrations. The file is made then."));
    auto *create = new QPushButton(tr("&Create a table…"));
    create->setObjectName(u"createTable"_s);
    create->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(create, &QPushButton::clicked, this, [this] {
        m_tabs->setCurrentIndex(SqlTab);
        m_sql->append(u"CREATE TABLE items (\n  id INTEGER PRIMARY KEY,\n  name TEXT NOT NULL,\n  created_at TEXT DEFAULT CURRENT_TIMESTAMP\n);"_s);
    });
    auto *row = new QWidget;
    auto *across = new QHBoxLayout(row);
    across->setContentsMargins(0, 0, 0, 0);
    across->addStretch(1);
    across->addWidget(create);
    across->addStretch(1);
    empty->addRow(row);
    return empty;
}

void D1View::wire()
{
    const auto showFailure = [this](const QString &text) { tell(MessageBar::Kind::Error, text); };
    const auto intoEditor = [this](const QString &sql) {
        m_tabs->setCurrentIndex(SqlTab);
        m_sql->append(sql);
    };
    connect(&m_desk, &D1Desk::schemaRead, m_body, [this] { takeSchema(); });
    connect(&m_desk, &D1Desk::failed, m_body, showFailure);
    connect(m_tree, &SchemaTree::tableChosen, m_body, [this](const QString &name) {
        if (m_tabs->currentIndex() != StructureTab)
            m_tabs->setCurrentIndex(RowsTab);
        m_rows->showTable(name);
    });
    connect(m_tree, &SchemaTree::sqlWanted, m_body, intoEditor);
    connect(m_tree, &SchemaTree::exportWanted, m_transfers, &Transfers::exportTable);
    connect(m_tree, &SchemaTree::problem, m_body, showFailure);
    connect(m_rows, &RowsPage::tableShown, m_body, [this](const QString &name) {
        m_tree->setCurrentTable(name);
        m_structure->showTable(name);
    });
    connect(m_rows, &RowsPage::summaryChanged, this, &DataView::summaryChanged);
    connect(m_rows, &RowsPage::exportWanted, m_transfers, &Transfers::exportTable);
    connect(m_sql, &SqlPage::exportWanted, m_transfers, &Transfers::exportQuery);
    const auto busy = [this] { Q_EMIT busyChanged(m_strip->isRunning() || m_sql->isRunning()); };
    connect(m_sql, &SqlPage::busyChanged, this, busy);
    connect(m_strip, &ProgressStrip::runningChanged, this, busy);
    connect(m_transfers, &Transfers::done, m_body, [this](const QString &text) { tell(MessageBar::Kind::Info, text); });
    connect(m_transfers, &Transfers::failed, m_body, showFailure);
    connect(m_migrations, &MigrationsPage::pendingChanged, m_body,
        [this](int pending) { m_tabs->setTabText(MigrationsTab, pending ? tr("Migrations (%1)").arg(pending) : tr("Migrations")); });
    connect(m_tabs, &QTabWidget::currentChanged, m_body, [this](int tab) {
        if (tab == SnapshotsTab)
            m_snapshots->refresh();
        else if (tab == MigrationsTab)
            m_migrations->refresh();
    });
    for (int tab = RowsTab; tab <= SnapshotsTab; ++tab) {
        auto *keys = new QShortcut(QKeySequence(Qt::ALT | static_cast<Qt::Key>(Qt::Key_1 + tab)), m_body, nullptr, nullptr, Qt::WidgetWithChildrenShortcut);
        connect(keys, &QShortcut::activated, m_body, [this, tab] {
            m_tabs->setCurrentIndex(tab);
            m_tabs->currentWidget()->setFocus();
        });
    }
}

void D1View::takeSchema()
{
    const auto &tables = m_desk.schema().tables;
    const auto shown = std::ranges::find_if(tables, [](const d1::Table &table) { return !table.hidden; });
    m_rowsStack->setCurrentIndex(shown == tables.end() && m_rows->tableName().isEmpty() ? 1 : 0);
    if (!m_rows->tableName().isEmpty() || shown == tables.end()) {
        if (shown == tables.end())
            Q_EMIT summaryChanged(tr("no tables"));
        return;
    }
    const d1::Table *wanted = m_wanted.isEmpty() ? nullptr : m_desk.schema().find(toUtf8(m_wanted));
    m_wanted.clear();
    const auto table = std::ranges::find_if(tables, [](const d1::Table &each) { return !each.hidden && each.kind != d1::Table::Kind::View; });
    m_rows->showTable(fromUtf8(wanted ? wanted->name : table != tables.end() ? table->name : shown->name));
}

void D1View::showItem(const QString &key)
{
    if (!m_desk.isRead()) {
        m_wanted = key;
        return;
    }
    m_tabs->setCurrentIndex(RowsTab);
    m_rows->showTable(key);
}

void D1View::tell(MessageBar::Kind kind, const QString &text)
{
    m_message->setMessage(kind, text);
    m_message->show();
}

void D1View::saveState(QSettings &settings) const
{
    settings.setValue(u"data/d1/splitter"_s, m_splitter->saveState());
    settings.setValue(u"data/d1/showHidden"_s, m_tree->showsHidden());
    m_rows->saveState(settings);
    m_sql->saveState(settings);
}

QString D1View::droppedFile(const QMimeData *data)
{
    if (data->urls().size() != 1 || !data->urls().first().isLocalFile())
        return {};
    const QString path = data->urls().first().toLocalFile();
    static const QStringList endings{u"sql"_s, u"csv"_s, u"tsv"_s};
    return endings.contains(QFileInfo(path).suffix().toLower()) ? path : QString();
}

void D1View::dragEnterEvent(QDragEnterEvent *event)
{
    if (!droppedFile(event->mimeData()).isEmpty()) {
        event->setDropAction(Qt::CopyAction);
        event->accept();
    }
}

void D1View::dropEvent(QDropEvent *event)
{
    if (const QString path = droppedFile(event->mimeData()); !path.isEmpty()) {
        event->accept();
        m_transfers->importFile(path);
    }
}

} // namespace

DataView *makeD1View(const session::DataResource &resource, QWidget *parent)
{
    return new D1View(resource, parent);
}

} // namespace cleat::ui
