// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/vectorize/vectorview.h"

#include "core/data/vectorize/vectorfile.h"
#include "ui/data/d1/ask.h"
#include "ui/data/progressstrip.h"
#include "ui/data/questions.h"
#include "ui/data/rowarrival.h"
#include "ui/data/vectorize/indexdialog.h"
#include "ui/data/vectorize/picturepage.h"
#include "ui/data/vectorize/similarpage.h"
#include "ui/values/valueview.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QAction>
#include <QBoxLayout>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QToolButton>

#include <cmath>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using bindings::vectorize::VectorIndex;
using bindings::vectorize::Write;
using data::vectorize::Shown;
using data::vectorize::Vector;
using data::vectorize::VectorList;
using data::vectorize::VectorRow;

namespace {

constexpr std::size_t importBatch = 1000;

} // namespace

VectorView::VectorView(const session::DataResource &resource, QWidget *parent)
    : DataView(resource, parent), m_list(std::make_shared<VectorList>(resource.state, resource.id)), m_model(std::make_unique<VectorModel>(m_thread, m_list)), m_table(new RowView),
      m_prefix(new QLineEdit), m_facts(new ElideLabel), m_bar(new MessageBar(MessageBar::Closing::ByUser)), m_strip(new ProgressStrip), m_similar(new SimilarPage(resource)),
      m_picture(new PicturePage(resource)), m_id(new ElideLabel(Qt::ElideMiddle)), m_about(new ToneLabel({}, Tone::Muted)), m_metadata(new ValueView), m_values(makeCodeView()),
      m_tabs(new FlatTabs), m_splitter(new QSplitter(Qt::Horizontal)), m_pages(new QStackedWidget), m_like(new QAction(icon("waypoints"_L1), tr("Similar to this"), this)),
      m_copy(new QAction(icon("copy"_L1), tr("Copy as JSON"), this)), m_remove(new QAction(icon("trash-2"_L1), tr("Delete"), this)),
      m_import(new QAction(icon("upload"_L1), tr("Import…"), this)), m_importNew(new QAction(tr("Import new ids only…"), this)),
      m_export(new QAction(icon("download"_L1), tr("Export…"), this)), m_new(new QAction(icon("plus"_L1), tr("New index…"), this)),
      m_deleteIndex(new QAction(tr("Delete the index…"), this))
{
    makeActions();
    m_tabs->setAccessibleName(tr("Views of the index"));
    m_tabs->addTab(makeList(), tr("Vectors"));
    m_tabs->addTab(m_similar, tr("Query"));
    m_tabs->addTab(m_picture, tr("Picture"));
    m_tabs->setMinimumWidth(240);
    m_splitter->addWidget(m_tabs);
    m_splitter->addWidget(makeDetail());
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);
    m_splitter->setSizes({600, 360});
    auto *full = new QWidget;
    auto *fullColumn = new QVBoxLayout(full);
    fullColumn->setContentsMargins(0, 0, 0, 0);
    fullColumn->setSpacing(0);
    fullColumn->addWidget(makeTools());
    fullColumn->addWidget(new Rule(Qt::Horizontal));
    fullColumn->addWidget(m_splitter, 1);
    fullColumn->addWidget(m_strip);
    m_pages->addWidget(makeEmpty());
    m_pages->addWidget(full);
    m_pages->setCurrentIndex(resource.exists ? 1 : 0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_pages, 1);
    setFocusProxy(m_table);
    m_splitter->restoreState(QSettings().value(u"data/vectorize/splitter"_s).toByteArray());

    connect(m_prefix, &QLineEdit::textChanged, this, [this](const QString &text) { m_model->setQuery(Shown{toUtf8(text.trimmed())}); });
    connect(m_model.get(), &VectorModel::failed, this, &VectorView::showError);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &VectorView::refreshActions);
    const auto showCurrent = [this] {
        const QModelIndex current = m_table->currentIndex();
        const VectorRow *row = current.isValid() ? m_model->row(current.row()) : nullptr;
        if (row)
            showVector(row->id);
    };
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, showCurrent);
    showOnArrival(*m_table, [this](int row) { return m_model->row(row) != nullptr; }, showCurrent);
    connect(m_similar, &SimilarPage::chosen, this, &VectorView::showVector);
    connect(m_picture, &PicturePage::chosen, this, &VectorView::showVector);
    connect(m_strip, &ProgressStrip::runningChanged, this, [this](bool running) {
        refreshActions();
        Q_EMIT busyChanged(running);
    });
    m_metadata->setMessage(tr("Choose a vector to see what is in it."));
    m_model->setQuery({});
    refreshActions();
    poll();
}

VectorView::~VectorView()
{
    m_table->setModel(nullptr);
    m_model.reset();
    m_thread.keep(std::move(m_list));
}

void VectorView::makeActions()
{
    m_remove->setShortcut(QKeySequence::Delete);
    m_copy->setShortcut(QKeySequence::Copy);
    for (QAction *action : {m_remove, m_copy})
        action->setShortcutContext(Qt::WidgetShortcut); // the table's
    m_like->setToolTip(tr("Look for the vectors that are nearest to this one"));
    m_remove->setToolTip(tr("Delete the selected vectors (Del)"));
    m_import->setToolTip(tr("Write the vectors of an NDJSON file, as \"wrangler vectorize upsert\" does; ids that are there are replaced"));
    m_importNew->setToolTip(tr("The same, but ids that are there stay as they are, as with \"wrangler vectorize insert\""));
    m_export->setToolTip(tr("Write all vectors to an NDJSON file"));
    m_new->setToolTip(tr("Make another Vectorize index"));
    connect(m_like, &QAction::triggered, this, [this] {
        if (!m_shown)
            return;
        m_tabs->setCurrentWidget(m_similar);
        m_similar->showSimilarTo(*m_shown);
    });
    connect(m_copy, &QAction::triggered, this, [this] {
        if (m_shown)
            QGuiApplication::clipboard()->setText(fromUtf8(data::vectorize::lineOf(*m_shown)));
    });
    connect(m_remove, &QAction::triggered, this, &VectorView::removeSelected);
    connect(m_import, &QAction::triggered, this, [this] { chooseImport(Importing::Replace); });
    connect(m_importNew, &QAction::triggered, this, [this] { chooseImport(Importing::KeepWhatIsThere); });
    connect(m_export, &QAction::triggered, this, &VectorView::chooseExport);
    connect(m_new, &QAction::triggered, this, [this] { openNewIndex({}); });
    connect(m_deleteIndex, &QAction::triggered, this, &VectorView::deleteIndex);
}

QWidget *VectorView::makeTools()
{
    auto *tools = new QWidget;
    auto *row = new QHBoxLayout(tools);
    row->setContentsMargins(12, 3, 8, 3);
    row->setSpacing(2);
    m_facts->setObjectName(u"indexFacts"_s);
    m_facts->setTone(Tone::Muted);
    row->addWidget(m_facts, 1);
    QToolButton *load = toolButton(m_import, ButtonLook::WithText);
    load->addAction(m_importNew);
    load->setPopupMode(QToolButton::MenuButtonPopup);
    row->addWidget(load);
    row->addWidget(toolButton(m_export, ButtonLook::WithText));
    QToolButton *make = toolButton(m_new, ButtonLook::WithText);
    make->addAction(m_deleteIndex);
    make->setPopupMode(QToolButton::MenuButtonPopup);
    row->addWidget(make);
    return tools;
}

QWidget *VectorView::makeList()
{
    m_prefix->setPlaceholderText(tr("Ids that begin with…"));
    m_prefix->setAccessibleName(tr("Ids that begin with"));
    m_prefix->setClearButtonEnabled(true);
    m_table->setModel(m_model.get());
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Vectors"));
    m_table->setPlaceholder(tr("No vectors. A Function that calls env.NAME.insert(vectors) writes some, and so does Import."));
    m_table->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_table->addActions({m_like, m_copy, m_remove});
    m_table->header()->setSectionResizeMode(VectorModel::Metadata, QHeaderView::Stretch);
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    m_table->header()->resizeSection(VectorModel::Id, room(u"01234567890123456789"_s));
    m_table->header()->resizeSection(VectorModel::Namespace, room(u"Namespace "_s));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 4, 8, 4);
    row->addWidget(m_prefix);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_table, 1);
    return page;
}

QWidget *VectorView::makeDetail()
{
    auto *detail = new QWidget;
    auto *tools = new QHBoxLayout;
    tools->setContentsMargins(6, 0, 6, 2);
    tools->setSpacing(2);
    tools->addWidget(toolButton(m_like, ButtonLook::WithText));
    tools->addStretch(1);
    tools->addWidget(toolButton(m_copy, ButtonLook::IconOnly));
    tools->addWidget(toolButton(m_remove, ButtonLook::IconOnly));
    auto *head = new QVBoxLayout;
    head->setContentsMargins(10, 6, 10, 4);
    head->setSpacing(1);
    m_about->setWordWrap(true);
    head->addWidget(m_id);
    head->addWidget(m_about);
    m_values->setAccessibleName(tr("Values"));
    m_values->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    auto *tabs = new FlatTabs;
    tabs->setAccessibleName(tr("Parts of the vector"));
    tabs->addTab(m_metadata, tr("Metadata"));
    tabs->addTab(m_values, tr("Values"));
    auto *column = new QVBoxLayout(detail);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addLayout(tools);
    column->addWidget(tabs, 1);
    detail->setMinimumWidth(220);
    return detail;
}

QWidget *VectorView::makeEmpty()
{
    auto *empty = new EmptyState("waypoints"_L1, tr("The index is not there yet"),
        tr("The first vectors that code inserts make it, with their dimensions and the cosine metric. With another metric it is made here."));
    auto *create = new QPushButton(tr("Create the index…"));
    connect(create, &QPushButton::clicked, this, [this] { openNewIndex(fromUtf8(resource().id)); });
    auto *row = new QWidget;
    auto *rowLayout = new QHBoxLayout(row);
    rowLayout->setContentsMargins(0, 0, 0, 0);
    rowLayout->addStretch(1);
    rowLayout->addWidget(create);
    rowLayout->addStretch(1);
    empty->addRow(row);
    return empty;
}

// ---- what there is

void VectorView::poll()
{
    if (m_looking)
        return;
    m_looking = true;
    m_thread.run(
        this, [list = m_list](std::stop_token) { return list->look(); },
        [this](base::Result<VectorList::Look> &&found) {
            m_looking = false;
            if (found)
                looked(*found);
            else
                showError(found.error());
        });
}

void VectorView::looked(const VectorList::Look &look)
{
    if (!look.changed)
        return;
    m_pages->setCurrentIndex(look.index ? 1 : 0);
    if (!look.index) {
        Q_EMIT summaryChanged({});
        return;
    }
    QStringList facts{counted(look.index->config.dimensions, tr("%1 dimension"), tr("%1 dimensions")), metricText(look.index->config.metric)};
    QStringList properties;
    for (const auto &one : look.metadataIndexes)
        properties << fromUtf8(one.property);
    if (!properties.isEmpty())
        facts << tr("filters by %1").arg(properties.join(u", "_s));
    m_facts->setText(facts.join(u" · "_s));
    Q_EMIT summaryChanged(counted(look.index->vectors, tr("%1 vector"), tr("%1 vectors")));
    m_similar->setConfig(look.index->config);
    m_picture->touch(look.index->config, look.index->vectors);
    m_model->refresh(m_table->firstRow(), m_table->lastRow());
    if (!m_wanted.empty())
        showVector(m_wanted);
    m_export->setEnabled(look.index->vectors > 0 && !m_strip->isRunning());
}

void VectorView::refreshActions()
{
    const bool idle = !m_strip->isRunning();
    m_remove->setEnabled(idle && (m_table->selectionModel()->hasSelection() || m_shown));
    m_like->setEnabled(m_shown.has_value());
    m_copy->setEnabled(m_shown.has_value());
    for (QAction *action : {m_import, m_importNew, m_export, m_deleteIndex})
        action->setEnabled(idle);
}

// ---- the one that is chosen

void VectorView::showItem(const QString &key)
{
    showVector(toUtf8(key));
}

void VectorView::showVector(const std::string &id)
{
    m_wanted = id;
    m_picture->setCurrent(id);
    m_thread.cancel(m_loading);
    m_loading = m_thread.run(
        this, [list = m_list, id](std::stop_token) { return list->vector(id); },
        [this, id](base::Result<std::optional<Vector>> &&found) {
            if (found)
                show(id, *found);
            else
                showError(found.error());
        });
    m_thread.hurry(m_loading);
}

void VectorView::show(const std::string &id, const std::optional<Vector> &vector)
{
    m_id->setText(fromUtf8(id));
    if (m_shown == vector && vector)
        return;
    m_shown = vector;
    refreshActions();
    if (!vector) {
        m_wanted.clear();
        m_about->setText({});
        m_values->clear();
        m_metadata->setMessage(tr("The vector is gone: it was deleted."));
        return;
    }
    double squares = 0;
    for (const float value : vector->values)
        squares += static_cast<double>(value) * value;
    QStringList about;
    if (vector->nameSpace)
        about << tr("in namespace %1").arg(fromUtf8(*vector->nameSpace));
    about << tr("%L1 values").arg(vector->values.size()) << tr("length %1").arg(QString::number(std::sqrt(squares), 'g', 5));
    m_about->setText(about.join(u" · "_s));
    m_values->setPlainText(QString::fromStdString(data::vectorize::numbersText(vector->values)));
    if (!vector->metadata) {
        m_metadata->setMessage(tr("It has no metadata."));
        return;
    }
    ValueHint hint;
    hint.name = fromUtf8(id);
    hint.group = u"vectorize/"_s + fromUtf8(resource().id);
    hint.contentType = u"application/json"_s;
    m_metadata->setValue(std::make_shared<const std::string>(*vector->metadata), hint);
}

// ---- changes

void VectorView::removeSelected()
{
    const QItemSelection selection = m_table->selectionModel()->selection();
    if (m_tabs->currentIndex() != 0 || selection.isEmpty()) {
        if (m_shown)
            remove({m_shown->id});
        return;
    }
    m_model->read(selection, this, [this](base::Result<std::vector<VectorRow>> &&rows) {
        if (!rows) {
            showError(rows.error());
            return;
        }
        std::vector<std::string> ids;
        for (const VectorRow &row : *rows)
            ids.push_back(row.id);
        remove(std::move(ids));
    });
}

void VectorView::remove(std::vector<std::string> ids)
{
    const QString question = ids.size() == 1 ? tr("Delete the vector %1?").arg(fromUtf8(ids.front())) : tr("Delete %L1 vectors?").arg(ids.size());
    askFirst(this, question, tr("Delete"), [this, ids = std::move(ids)] {
        m_table->selectionModel()->clear();
        m_strip->run(
            tr("Deleting"), ProgressStrip::Unit::Count,
            [state = resource().state, name = resource().id, ids](const data::Control &control) { return VectorList(state, name).remove(ids, control); },
            [this](base::Result<std::uint64_t> &&removed) {
                if (!removed && removed.error().code != "data.cancelled")
                    showError(removed.error());
                changed();
            });
    });
}

void VectorView::changed()
{
    refreshActions();
    poll();
}

// ---- files

void VectorView::chooseImport(Importing how)
{
    auto *dialog = new QFileDialog(this, tr("Import vectors"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Vectors, one a line (*.ndjson *.jsonl *.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, [this, how](const QString &path) { importFrom(path, how); });
    dialog->open();
}

void VectorView::importFrom(const QString &path, Importing how)
{
    m_bar->hide();
    m_strip->run(
        tr("Importing %1").arg(path), ProgressStrip::Unit::Bytes,
        [state = resource().state, name = resource().id, file = toPath(path), how](const data::Control &control) {
            VectorIndex index(state, name);
            return data::vectorize::importVectors(index, file, how == Importing::Replace ? Write::Upsert : Write::Insert, importBatch, {}, control);
        },
        [this](base::Result<std::uint64_t> &&written) {
            if (written)
                tell(counted(*written, tr("%1 vector was read and written."), tr("%1 vectors were read and written.")));
            else if (written.error().code == "data.cancelled")
                tell(formatError(written.error()));
            else
                showError(written.error());
            changed();
        });
}

void VectorView::chooseExport()
{
    auto *dialog = new QFileDialog(this, tr("Export the vectors"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setNameFilter(tr("Vectors, one a line (*.ndjson)"));
    dialog->setDefaultSuffix(u"ndjson"_s);
    dialog->selectFile(fromUtf8(resource().id) + u".ndjson"_s);
    connect(dialog, &QFileDialog::fileSelected, this, &VectorView::exportTo);
    dialog->open();
}

void VectorView::exportTo(const QString &path)
{
    m_bar->hide();
    m_strip->run(
        tr("Exporting to %1").arg(path), ProgressStrip::Unit::Count,
        [state = resource().state, name = resource().id, file = toPath(path)](const data::Control &control) {
            VectorIndex index(state, name);
            return data::vectorize::exportVectors(index, file, control);
        },
        [this, path](base::Result<std::uint64_t> &&written) {
            if (written)
                tell(counted(*written, tr("%1 vector is in %2."), tr("%1 vectors are in %2.")).arg(path));
            else if (written.error().code == "data.cancelled")
                tell(formatError(written.error()));
            else
                showError(written.error());
            changed();
        });
}

// ---- the index itself

void VectorView::openNewIndex(const QString &name)
{
    auto *dialog = new IndexDialog(resource().state, name, window());
    connect(dialog, &IndexDialog::created, this, [this](const QString &made) {
        if (toUtf8(made) != resource().id)
            tell(tr("The index %1 is made; it is in the list at the left.").arg(made));
        poll();
    });
    dialog->open();
}

void VectorView::deleteIndex()
{
    askFirst(this, tr("Delete the index %1 with all its vectors?").arg(fromUtf8(resource().id)), tr("Delete"), [this] {
        m_thread.run(
            this, [state = resource().state, name = resource().id](std::stop_token) { return data::vectorize::deleteIndex(state, name); },
            [this](base::Result<void> &&gone) {
                if (!gone)
                    showError(gone.error());
                poll();
            });
    });
}

void VectorView::tell(const QString &text)
{
    m_bar->setMessage(MessageBar::Kind::Info, text);
    m_bar->show();
}

void VectorView::showError(const base::Error &error)
{
    m_bar->setMessage(MessageBar::Kind::Error, formatPlacedError(error));
    m_bar->show();
}

/// Side by side, or one above the other where there is little room.
void VectorView::resizeEvent(QResizeEvent *event)
{
    DataView::resizeEvent(event);
    const Qt::Orientation wanted = width() > 820 ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() == wanted)
        return;
    m_splitter->setOrientation(wanted);
    m_splitter->setSizes({600, 360});
}

void VectorView::saveState(QSettings &settings) const
{
    settings.setValue(u"data/vectorize/splitter"_s, m_splitter->saveState());
}

DataView *makeVectorView(const session::DataResource &resource, QWidget *parent)
{
    return new VectorView(resource, parent);
}

} // namespace cleat::ui
