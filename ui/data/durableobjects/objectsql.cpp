// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/objectsql.h"

#include "ui/data/d1/d1desk.h"
#include "ui/data/d1/rowspage.h"
#include "ui/data/d1/schematree.h"
#include "ui/data/d1/sqlpage.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QSplitter>
#include <QStackedWidget>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

enum Tab { RowsTab, SqlTab };

} // namespace

ObjectSql::ObjectSql(const session::DataResource &resource, QWidget *parent)
    : QWidget(parent), m_desk(std::make_unique<D1Desk>(resource)), m_body(new QWidget(this)), m_tree(new SchemaTree(*m_desk)), m_tabs(new FlatTabs), m_rowsStack(new QStackedWidget),
      m_rows(new RowsPage(*m_desk)), m_sql(new SqlPage(*m_desk))
{
    m_rowsStack->addWidget(m_rows);
    m_rowsStack->addWidget(new EmptyState("database"_L1, tr("No tables"), tr("The object's code makes tables with ctx.storage.sql.exec(\"CREATE TABLE …\").")));
    m_tabs->addTab(m_rowsStack, tr("Rows"));
    m_tabs->addTab(m_sql, tr("Run SQL"));
    auto *splitter = new QSplitter(Qt::Horizontal);
    splitter->addWidget(m_tree);
    splitter->addWidget(m_tabs);
    splitter->setStretchFactor(0, 0);
    splitter->setStretchFactor(1, 1);
    splitter->setHandleWidth(1);
    splitter->setSizes({130, 400});
    m_tree->setMinimumWidth(80);
    auto *column = new QVBoxLayout(m_body);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(splitter);
    auto *outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(m_body);

    connect(m_desk.get(), &D1Desk::schemaRead, m_body, [this] { takeSchema(); });
    connect(m_desk.get(), &D1Desk::failed, this, &ObjectSql::failed);
    connect(m_desk.get(), &D1Desk::wrote, this, &ObjectSql::wrote);
    connect(m_tree, &SchemaTree::tableChosen, m_body, [this](const QString &name) {
        m_tabs->setCurrentIndex(RowsTab);
        m_rowsStack->setCurrentIndex(0);
        m_rows->showTable(name);
    });
    connect(m_tree, &SchemaTree::sqlWanted, m_body, [this](const QString &sql) {
        m_tabs->setCurrentIndex(SqlTab);
        m_sql->append(sql);
    });
    connect(m_tree, &SchemaTree::problem, this, &ObjectSql::failed);
    connect(m_rows, &RowsPage::tableShown, m_body, [this](const QString &name) { m_tree->setCurrentTable(name); });
    m_desk->readSchema();
}

ObjectSql::~ObjectSql()
{
    delete m_body;
}

void ObjectSql::takeSchema()
{
    const auto &tables = m_desk->schema().tables;
    const auto shown = std::ranges::find_if(tables, [](const d1::Table &table) { return !table.hidden; });
    const bool chosen = !m_rows->tableName().isEmpty();
    m_rowsStack->setCurrentIndex(shown == tables.end() && !chosen ? 1 : 0);
    if (shown != tables.end() && !chosen)
        m_rows->showTable(fromUtf8(shown->name));
}

void ObjectSql::poll()
{
    m_desk->poll();
}

bool ObjectSql::isEdited() const
{
    return m_rows->isEdited();
}

} // namespace cleat::ui
