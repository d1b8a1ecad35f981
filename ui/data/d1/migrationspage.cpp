// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/migrationspage.h"

#include "ui/data/d1/ask.h"
#include "ui/data/d1/d1desk.h"
#include "ui/data/d1/sqleditor.h"
#include "ui/data/progressstrip.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QDesktopServices>
#include <QFileInfo>
#include <QFileSystemWatcher>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>
#include <QTreeWidget>
#include <QUrl>

#include <fstream>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace d1 = data::d1;

namespace {

constexpr std::size_t mostShown = 1U << 20; ///< bytes of a migration

struct Listing {
    base::Result<std::vector<d1::Migration>> migrations;
    bool folder = false; ///< is there
};

} // namespace

MigrationsPage::MigrationsPage(D1Desk &desk, ProgressStrip &strip, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_strip(strip),
      m_watcher(new QFileSystemWatcher(this)),
      m_stack(new QStackedWidget),
      m_list(new QTreeWidget),
      m_preview(new SqlEditor(SqlEditor::Access::ReadOnly)),
      m_message(new MessageBar(MessageBar::Closing::ByUser)),
      m_name(new QLineEdit)
{
    if (desk.resource().migrationsFolder) {
        m_place.folder = *desk.resource().migrationsFolder;
        if (!desk.resource().migrationsTable.empty())
            m_place.table = desk.resource().migrationsTable;
    }
    const auto make = [this](const QString &text, QLatin1StringView picture, Tone tone, const QString &name, auto slot) {
        auto *action = new QAction(icon(picture, tone), text, this);
        action->setObjectName(name);
        connect(action, &QAction::triggered, this, slot);
        return action;
    };
    m_create = make(tr("Create"), "file-plus"_L1, Tone::Normal, u"createMigration"_s, &MigrationsPage::create);
    m_create->setToolTip(tr("Write the next migration file, with these words in its name"));
    m_applyAll = make(tr("Apply all"), "play"_L1, Tone::Success, u"applyAll"_s, [this] { apply({}); });
    m_applyTo = make(tr("Up to here"), "arrow-down-to-line"_L1, Tone::Normal, u"applyTo"_s, [this] { apply(currentName()); });
    m_applyTo->setToolTip(tr("Apply the pending migrations up to the selected one"));
    m_open = make(tr("Open in the editor"), "external-link"_L1, Tone::Normal, u"openMigration"_s, [this] {
        if (!QDesktopServices::openUrl(QUrl::fromLocalFile(fromPath(pathOf(currentName())))))
            showProblem(tr("The system has no program for %1.").arg(fromPath(pathOf(currentName()))));
    });
    m_name->setPlaceholderText(tr("What the next one does"));
    m_name->setAccessibleName(tr("Words of the next migration"));
    m_name->setObjectName(u"migrationName"_s);
    m_list->setHeaderLabels({tr("Migration"), tr("State")});
    m_list->setRootIsDecorated(false);
    m_list->setAlternatingRowColors(true);
    m_list->setUniformRowHeights(true);
    m_list->setFrameShape(QFrame::NoFrame);
    m_list->setAccessibleName(tr("Migrations"));
    m_list->setObjectName(u"migrations"_s);
    m_list->header()->setStretchLastSection(false);
    m_list->header()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_list->header()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_preview->setAccessibleName(tr("SQL of the migration"));

    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(6, 3, 6, 3);
    bar->setSpacing(2);
    bar->addWidget(toolButton(m_applyAll, ButtonLook::WithText));
    bar->addWidget(toolButton(m_applyTo, ButtonLook::WithText));
    bar->addWidget(toolButton(m_open, ButtonLook::IconOnly));
    bar->addSpacing(6);
    bar->addStretch(1);
    bar->addWidget(m_name, 2);
    bar->addWidget(toolButton(m_create, ButtonLook::WithText));
    auto *empty = new EmptyState("file-code"_L1, tr("No migrations yet"), tr("Say above what the first one is to do, and press Create."));
    m_stack->addWidget(empty);
    auto *splitter = new QSplitter(Qt::Vertical);
    splitter->addWidget(m_list);
    splitter->addWidget(m_preview);
    splitter->setChildrenCollapsible(false);
    m_stack->addWidget(splitter);
    auto *all = new QWidget;
    auto *inner = new QVBoxLayout(all);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(0);
    inner->addLayout(bar);
    inner->addWidget(new Rule(Qt::Horizontal));
    inner->addWidget(m_message);
    inner->addWidget(m_stack, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(all);
    if (!desk.resource().migrationsFolder) {
        all->hide();
        column->addWidget(new EmptyState("file-code"_L1, tr("No migrations here"),
            tr("No binding of the Wrangler file names this database, so it has no folder of migrations. Add a D1 binding for it first.")));
    }
    connect(m_list, &QTreeWidget::currentItemChanged, this, &MigrationsPage::showPreview);
    connect(m_name, &QLineEdit::returnPressed, this, &MigrationsPage::create);
    connect(m_name, &QLineEdit::textChanged, this, &MigrationsPage::updateActions);
    connect(m_watcher, &QFileSystemWatcher::directoryChanged, this, &MigrationsPage::refresh);
    connect(m_watcher, &QFileSystemWatcher::fileChanged, this, &MigrationsPage::refresh);
    connect(&desk, &D1Desk::changed, this, &MigrationsPage::refresh);
    connect(&strip, &ProgressStrip::runningChanged, this, &MigrationsPage::updateActions);
    refresh();
    updateActions();
}

void MigrationsPage::refresh()
{
    if (!m_desk.resource().migrationsFolder)
        return;
    if (m_reading) {
        m_again = true;
        return;
    }
    m_reading = true;
    m_desk.rowsThread().run(
        this,
        [file = m_desk.file(), place = m_place](std::stop_token) {
            std::error_code ignored; // a folder that cannot be looked at is not watched; reading it tells why
            return Listing{d1::migrations(file, place), std::filesystem::is_directory(place.folder, ignored)};
        },
        [this](Listing &&listing) {
            m_reading = false;
            if (listing.folder && m_watcher->directories().isEmpty())
                m_watcher->addPath(fromPath(m_place.folder));
            if (listing.migrations)
                take(std::move(*listing.migrations));
            else
                showProblem(formatPlacedError(listing.migrations.error()));
            if (std::exchange(m_again, false))
                refresh();
        });
}

void MigrationsPage::take(std::vector<d1::Migration> &&migrations)
{
    const int pending = static_cast<int>(std::ranges::count_if(migrations, [](const d1::Migration &each) { return !each.appliedAt; }));
    Q_EMIT pendingChanged(pending);
    if (migrations == m_migrations && m_list->topLevelItemCount() == static_cast<int>(migrations.size())) {
        showPreview(); // its text may be another
        updateActions();
        return;
    }
    const QString current = m_choose.isEmpty() ? currentName() : std::exchange(m_choose, {});
    m_migrations = std::move(migrations);
    m_list->clear();
    for (const d1::Migration &migration : m_migrations) {
        const QString name = fromUtf8(migration.name);
        auto *item = new QTreeWidgetItem(m_list, {name});
        if (migration.missing) {
            item->setText(1, tr("applied %1, file missing").arg(fromUtf8(*migration.appliedAt)));
            item->setIcon(0, icon("file-warning"_L1, Tone::Warning));
        } else if (migration.appliedAt) {
            item->setText(1, tr("applied %1").arg(fromUtf8(*migration.appliedAt)));
            item->setToolTip(1, tr("UTC"));
            item->setIcon(0, icon("check"_L1, Tone::Success));
        } else {
            item->setText(1, tr("pending"));
            item->setIcon(0, icon(name == m_failedName ? "circle-alert"_L1 : "file-code"_L1, name == m_failedName ? Tone::Danger : Tone::Accent));
            QFont bold = m_list->font();
            bold.setBold(true);
            item->setFont(0, bold);
        }
        if (name == current)
            m_list->setCurrentItem(item);
    }
    if (!m_list->currentItem() && m_list->topLevelItemCount() > 0) { // the first that waits, else the last
        int row = m_list->topLevelItemCount() - 1;
        for (int i = row; i >= 0; --i) {
            if (!m_migrations[static_cast<std::size_t>(i)].appliedAt)
                row = i;
        }
        m_list->setCurrentItem(m_list->topLevelItem(row));
    }
    m_stack->setCurrentIndex(m_migrations.empty() ? 0 : 1);
    showPreview();
    updateActions();
}

QString MigrationsPage::currentName() const
{
    return m_list->currentItem() ? m_list->currentItem()->text(0) : QString();
}

std::filesystem::path MigrationsPage::pathOf(const QString &name) const
{
    return m_place.folder / toPath(name);
}

void MigrationsPage::showPreview()
{
    updateActions();
    const QString name = currentName();
    if (name.isEmpty()) {
        m_preview->setText({});
        return;
    }
    m_desk.rowsThread().run(
        this,
        [path = pathOf(name)](std::stop_token) {
            std::ifstream stream(path, std::ios::binary);
            std::string text(mostShown, '\0');
            stream.read(text.data(), static_cast<std::streamsize>(text.size()));
            text.resize(static_cast<std::size_t>(std::max<std::streamsize>(0, stream.gcount())));
            return text;
        },
        [this, name](std::string &&text) {
            if (name != currentName())
                return;
            if (const QString shown = fromUtf8(text); shown != m_preview->text())
                m_preview->setText(shown);
            if (m_failure && name == m_failedName && m_failure->place.line > 0) {
                qsizetype place = 0;
                for (int line = 1; line < m_failure->place.line && place >= 0; ++line)
                    place = static_cast<qsizetype>(text.find('\n', static_cast<std::size_t>(place)) + 1);
                m_preview->showError(place + std::max(0, m_failure->place.column - 1), formatError(*m_failure));
            }
        });
    if (m_watcher->files().isEmpty() || !m_watcher->files().contains(fromPath(pathOf(name)))) {
        if (!m_watcher->files().isEmpty())
            m_watcher->removePaths(m_watcher->files());
        m_watcher->addPath(fromPath(pathOf(name)));
    }
}

void MigrationsPage::create()
{
    const QString words = m_name->text().trimmed();
    if (words.isEmpty() || !m_create->isEnabled())
        return;
    m_message->hide();
    m_desk.workThread().run(
        this, [place = m_place, message = toUtf8(words)](std::stop_token) { return d1::createMigration(place, message); },
        [this](base::Result<std::filesystem::path> &&path) {
            if (!path) {
                showProblem(formatPlacedError(path.error()));
                return;
            }
            m_name->clear();
            m_message->setMessage(
                MessageBar::Kind::Info, tr("%1 was made. Write its statements in your editor; it shows here as you save.").arg(fromPath(path->filename())));
            connect(m_message->addButton(tr("Open")), &QPushButton::clicked, m_open, &QAction::trigger);
            m_message->show();
            m_choose = fromPath(path->filename());
            refresh();
        });
}

void MigrationsPage::apply(const QString &last)
{
    if (m_strip.isRunning())
        return;
    m_message->hide();
    m_failure.reset();
    m_failedName.clear();
    m_strip.run(
        tr("Applying migrations"), ProgressStrip::Unit::Count,
        [file = m_desk.file(), place = m_place, last = toUtf8(last)](const data::Control &control) { return d1::applyMigrations(file, place, last, control); },
        [this](base::Result<d1::Applied> &&result) { applied(std::move(result)); });
}

void MigrationsPage::applied(base::Result<d1::Applied> &&result)
{
    if (!result) {
        showProblem(formatPlacedError(result.error()));
    } else if (result->error) {
        m_failure = result->error;
        m_failedName = QFileInfo(fromUtf8(result->error->place.file)).fileName();
        if (m_failedName.isEmpty()) { // the first that waits and is not among those that ran
            for (const d1::Migration &each : m_migrations) {
                if (!each.appliedAt && std::ranges::find(result->names, each.name) == result->names.end()) {
                    m_failedName = fromUtf8(each.name);
                    break;
                }
            }
        }
        const QString done = result->names.empty() ? tr("Nothing was applied.") : tr("%1 applied, then one failed and left nothing.").arg(result->names.size());
        showProblem(done + u' ' + formatPlacedError(*result->error));
        for (int i = 0; i < m_list->topLevelItemCount(); ++i) {
            if (m_list->topLevelItem(i)->text(0) == m_failedName)
                m_list->setCurrentItem(m_list->topLevelItem(i));
        }
    } else {
        m_message->setMessage(
            MessageBar::Kind::Info, result->names.size() == 1 ? tr("1 migration applied.") : tr("%1 migrations applied.").arg(result->names.size()));
        m_message->show();
    }
    m_migrations.clear(); // its marks are others now
    m_desk.readSchema();
    refresh();
}

void MigrationsPage::showProblem(const QString &message)
{
    m_message->setMessage(MessageBar::Kind::Error, message);
    m_message->show();
}

void MigrationsPage::updateActions()
{
    const int row = m_list->currentItem() ? m_list->indexOfTopLevelItem(m_list->currentItem()) : -1;
    const d1::Migration *current = row >= 0 && static_cast<std::size_t>(row) < m_migrations.size() ? &m_migrations[static_cast<std::size_t>(row)] : nullptr;
    const bool idle = !m_strip.isRunning();
    m_applyAll->setEnabled(idle && std::ranges::any_of(m_migrations, [](const d1::Migration &each) { return !each.appliedAt; }));
    m_applyTo->setEnabled(idle && current && !current->appliedAt);
    m_open->setEnabled(current && !current->missing);
    m_create->setEnabled(idle && !m_name->text().trimmed().isEmpty());
}

} // namespace cleat::ui
