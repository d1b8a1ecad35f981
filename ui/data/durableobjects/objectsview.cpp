// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/durableobjects/objectsview.h"

#include "core/session/session.h"
#include "ui/data/durableobjects/objectpanel.h"
#include "ui/data/questions.h"
#include "ui/data/rowarrival.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/counted.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::durableobjects::ObjectFilter;
using data::durableobjects::ObjectList;
using data::durableobjects::ObjectRow;
using session::LiveObject;

ObjectsView::ObjectsView(session::DataResource resource, session::Session &session, QWidget *parent)
    : DataView(std::move(resource), parent), m_session(session), m_desk(session.objects()), m_list(std::make_shared<ObjectList>(this->resource().state, this->resource().id)),
      m_model(std::make_unique<ObjectModel>(m_thread, m_list)), m_bar(new MessageBar(MessageBar::Closing::ByUser)), m_pages(new QStackedWidget), m_filterEdit(new QLineEdit),
      m_table(new RowView), m_panel(new ObjectPanel(this->resource(), m_desk)), m_splitter(new QSplitter(Qt::Horizontal))
{
    setUpTable();
    m_filterEdit->setPlaceholderText(tr("Name or id"));
    m_filterEdit->setAccessibleName(tr("Filter"));
    m_filterEdit->setClearButtonEnabled(true);
    auto *left = new QWidget;
    auto *leftColumn = new QVBoxLayout(left);
    leftColumn->setContentsMargins(0, 0, 0, 0);
    leftColumn->setSpacing(0);
    auto *filterRow = new QHBoxLayout;
    filterRow->setContentsMargins(8, 5, 8, 5);
    filterRow->addWidget(m_filterEdit);
    leftColumn->addLayout(filterRow);
    leftColumn->addWidget(new Rule(Qt::Horizontal));
    leftColumn->addWidget(m_table, 1);
    left->setMinimumWidth(200);
    m_splitter->addWidget(left);
    m_splitter->addWidget(m_panel);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(5);
    m_splitter->setSizes({520, 480});
    m_pages->addWidget(m_splitter);
    m_pages->addWidget(makeEmpty());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addWidget(m_pages, 1);
    setFocusProxy(m_table);
    m_splitter->restoreState(QSettings().value(u"data/objects/splitter"_s).toByteArray());
    wire();
    applyFilter();
    showCurrent();
    poll();
}

ObjectsView::~ObjectsView()
{
    m_table->setModel(nullptr);
    m_model.reset();
    m_thread.keep(std::move(m_list));
}

void ObjectsView::wire()
{
    connect(m_filterEdit, &QLineEdit::textChanged, this, &ObjectsView::applyFilter);
    connect(m_model.get(), &ObjectModel::failed, this, [this](const base::Error &error) { showError(formatError(error)); });
    connect(m_model.get(), &QAbstractItemModel::modelReset, this, &ObjectsView::followShown);
    connect(m_model.get(), &QAbstractItemModel::dataChanged, this, &ObjectsView::followShown);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &ObjectsView::showCurrent);
    showOnArrival(*m_table, [this](int row) { return m_model->row(row) != nullptr; }, [this] { showCurrent(); });
    connect(m_panel, &ObjectPanel::failed, this, &ObjectsView::showError);
    connect(m_panel, &ObjectPanel::told, this, &ObjectsView::tell);
    connect(m_panel, &ObjectPanel::changed, this, &ObjectsView::changed);
    connect(m_panel, &ObjectPanel::removeWanted, this, &ObjectsView::removeShown);
    connect(&m_session, &session::Session::workersChanged, m_panel, &ObjectPanel::refresh);
    connect(&m_session, &session::Session::stateChanged, m_panel, &ObjectPanel::refresh);
}

void ObjectsView::setUpTable()
{
    m_table->setModel(m_model.get());
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Objects"));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setPlaceholder(tr("No object has such a name or id."));
    QHeaderView *header = m_table->header();
    header->setStretchLastSection(false);
    header->setSectionsClickable(true);
    header->setSortIndicatorShown(true);
    header->setSortIndicator(-1, Qt::AscendingOrder);
    connect(header, &QHeaderView::sectionClicked, this, &ObjectsView::sortBy);
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    header->setSectionResizeMode(ObjectModel::Name, QHeaderView::Stretch);
    header->resizeSection(ObjectModel::State, room(u"Hibernating"_s));
    header->resizeSection(ObjectModel::WebSockets, room(u"Sockets"_s));
    header->resizeSection(ObjectModel::Size, room(u"000.0 kB"_s));
    header->resizeSection(ObjectModel::Tables, room(u"Tables"_s));
    header->resizeSection(ObjectModel::Alarm, room(u"in 00 minutes"_s));
    header->resizeSection(ObjectModel::Changed, room(u"00 minutes ago"_s));
}

QWidget *ObjectsView::makeEmpty()
{
    const auto named = session::ObjectDesk::workerAndClass(resource().id);
    auto *empty = new EmptyState("box"_L1, tr("No objects yet"), tr("An object is made when code calls it for the first time, and has a file once it stores something:"));
    auto *snippet = new CodeSnippet;
    const QString binding = resource().uses.empty() ? u"NAMESPACE"_s : fromUtf8(resource().uses.front().binding);
    snippet->setCode(u"const stub = context.env.%1.getByName(\"first\");\nreturn stub.fetch(context.request);"_s.arg(binding));
    snippet->setMinimumWidth(320);
    empty->addRow(snippet);
    if (named) {
        auto *where = new ToneLabel(tr("The class %1 is in the Worker %2.").arg(fromUtf8(named->second), fromUtf8(named->first)), Tone::Muted);
        where->setWordWrap(true);
        where->setAlignment(Qt::AlignCenter);
        empty->addRow(where);
    }
    return empty;
}

// ---- what there is

void ObjectsView::applyFilter()
{
    m_filter.text = toUtf8(m_filterEdit->text().trimmed());
    m_model->setQuery(m_filter);
}

void ObjectsView::sortBy(int column)
{
    using Order = ObjectFilter::Order;
    const Order order = column == ObjectModel::Size ? Order::Size : column == ObjectModel::Changed ? Order::Changed : column == ObjectModel::Alarm ? Order::Alarm : Order::Id;
    const bool known = column == ObjectModel::Size || column == ObjectModel::Changed || column == ObjectModel::Alarm || column == ObjectModel::Name;
    if (known) {
        using Direction = ObjectFilter::Direction;
        // The largest and the latest first, at first.
        const Direction first = order == Order::Size || order == Order::Changed ? Direction::Descending : Direction::Ascending;
        const Direction other = first == Direction::Ascending ? Direction::Descending : Direction::Ascending;
        m_filter.direction = m_filter.order == order && m_filter.direction == first ? other : first;
        m_filter.order = order;
        applyFilter();
    }
    const int shown = m_filter.order == Order::Size ? ObjectModel::Size
        : m_filter.order == Order::Changed         ? ObjectModel::Changed
        : m_filter.order == Order::Alarm           ? ObjectModel::Alarm
                                                   : ObjectModel::Name;
    m_table->header()->setSortIndicator(shown, m_filter.direction == ObjectFilter::Direction::Ascending ? Qt::AscendingOrder : Qt::DescendingOrder);
}

void ObjectsView::poll()
{
    m_panel->poll();
    if (m_looking)
        return;
    m_looking = true;
    m_desk.live(resource().id, this, [this](base::Result<std::vector<LiveObject>> &&found) {
        LiveObjects live;
        if (found) { // else its Worker has just stopped
            for (LiveObject &one : *found)
                live.emplace(one.id, std::move(one));
        }
        look(std::move(live));
    });
}

void ObjectsView::look(LiveObjects live)
{
    std::map<std::string, std::optional<std::string>> names;
    for (const auto &[id, one] : live)
        names.emplace(id, one.name);
    m_model->setLive(std::move(live));
    if (m_panel->shown())
        m_panel->setLive(m_model->live(m_panel->shown()->id));
    struct Found {
        base::Result<ObjectList::Look> look;
        std::string asked; ///< for this object, if one was shown
        base::Result<std::optional<ObjectRow>> row;
    };
    m_thread.run(
        this,
        [list = m_list, names = std::move(names), shown = m_panel->shown() ? m_panel->shown()->id : std::string()](std::stop_token) mutable -> Found {
            list->setLive(std::move(names));
            auto look = list->look();
            if (!look || shown.empty())
                return {std::move(look), {}, std::nullopt};
            auto row = list->row(shown);
            return {std::move(look), std::move(shown), std::move(row)};
        },
        [this](Found &&found) {
            m_looking = false;
            if (!found.look || !found.row)
                showError(formatError(found.look ? found.row.error() : found.look.error()));
            else
                looked(*found.look, found.asked, std::move(*found.row));
        });
}

void ObjectsView::looked(const ObjectList::Look &look, const std::string &asked, std::optional<ObjectRow> &&shown)
{
    m_total = look.total;
    m_pages->setCurrentIndex(m_total == 0 ? 1 : 0);
    Q_EMIT summaryChanged(counted(m_total, tr("%1 object"), tr("%1 objects")));
    if (look.changed)
        m_model->refresh(m_table->firstRow(), m_table->lastRow());
    else
        m_table->viewport()->update(); // ages go on
    if (!m_panel->shown() || m_panel->shown()->id != asked)
        return;
    if (!shown) {
        m_table->selectionModel()->clear();
        m_panel->showMessage(tr("The object is gone: it was deleted."));
    } else if (*shown != *m_panel->shown()) {
        m_panel->setObject(*shown);
        m_panel->setLive(m_model->live(shown->id));
    }
}

/// Rows came, went or were fetched anew: the current row follows its object.
void ObjectsView::followShown()
{
    if (m_following || !m_panel->shown())
        return;
    const QScopedValueRollback following(m_following, true);
    const std::string id = m_panel->shown()->id;
    const QModelIndex current = m_table->currentIndex();
    const ObjectRow *row = current.isValid() ? m_model->row(current.row()) : nullptr;
    if (row && row->id == id && m_table->selectionModel()->isSelected(current))
        return;
    if (current.isValid() && !row)
        return; // on its way
    for (int i = m_table->firstRow(); i <= m_table->lastRow(); ++i) {
        const ObjectRow *other = m_model->row(i);
        if (other && other->id == id) {
            m_table->selectionModel()->setCurrentIndex(m_model->index(i, 0), QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
            return;
        }
    }
    m_table->selectionModel()->clear(); // the panel goes on to show it
}

// ---- the one that is chosen

void ObjectsView::showCurrent()
{
    if (m_following)
        return;
    const QModelIndex current = m_table->currentIndex();
    const ObjectRow *row = current.isValid() ? m_model->row(current.row()) : nullptr;
    if (!row) {
        if (!m_panel->shown())
            m_panel->showMessage(tr("Choose an object to see its storage."));
        return;
    }
    const auto take = [this, chosen = *row] {
        m_panel->setObject(chosen);
        m_panel->setLive(m_model->live(chosen.id));
    };
    if (m_panel->shown() && m_panel->shown()->id != row->id && m_panel->isEdited()) {
        followShown();
        askFirst(this, tr("What you changed in the tables of this object is not saved. Give the changes up?"), tr("Discard"), [this, take, id = row->id] {
            take();
            chooseId(id);
        });
        return;
    }
    take();
}

void ObjectsView::showItem(const QString &key)
{
    const std::string wanted = toUtf8(key);
    m_thread.run(
        this,
        [list = m_list, filter = m_filter, wanted, uniqueKey = resource().id](std::stop_token) -> base::Result<std::optional<ObjectRow>> {
            if (auto row = list->row(wanted); !row || *row)
                return row;
            auto named = list->rows({wanted, ObjectFilter::Order::Id, ObjectFilter::Direction::Ascending}, 0, 1000);
            if (!named)
                return std::unexpected(named.error());
            for (ObjectRow &row : *named) {
                if (row.name == wanted)
                    return std::move(row);
            }
            return std::nullopt;
        },
        [this](base::Result<std::optional<ObjectRow>> &&found) {
            if (!found)
                showError(formatError(found.error()));
            else if (*found)
                chooseId((*found)->id);
        });
}

void ObjectsView::chooseId(const std::string &id)
{
    m_thread.run(
        this, [list = m_list, filter = m_filter, id](std::stop_token stop) { return list->position(filter, id, std::move(stop)); },
        [this](base::Result<std::optional<std::uint64_t>> &&place) {
            if (!place) {
                showError(formatError(place.error()));
                return;
            }
            if (!*place || **place >= static_cast<std::uint64_t>(m_model->rowCount()))
                return;
            const QModelIndex index = m_model->index(static_cast<int>(**place), 0);
            m_table->scrollTo(index);
            m_table->selectionModel()->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
            showCurrent();
        });
}

bool ObjectsView::isEdited() const
{
    return m_panel->isEdited();
}

// ---- changes

void ObjectsView::removeShown()
{
    const auto &shown = m_panel->shown();
    if (!shown)
        return;
    const QString question = m_desk.runs(resource().id) ? tr("Delete the object %1, with all that it has stored? What is under way in it fails, and its WebSockets end.")
                                                         : tr("Delete the object %1, with all that it has stored?");
    askFirst(this, question.arg(objectTitle(*shown)), tr("Delete"), [this, place = session::ObjectPlace{resource().id, shown->id, shown->name}] {
        m_desk.remove(place, this, [this](base::Result<void> &&done) {
            if (!done)
                showError(formatError(done.error()));
            changed();
        });
    });
}

void ObjectsView::changed()
{
    m_model->refresh(m_table->firstRow(), m_table->lastRow());
    poll();
}

void ObjectsView::tell(const QString &what)
{
    m_bar->setMessage(MessageBar::Kind::Info, what);
    m_bar->show();
}

void ObjectsView::showError(const QString &why)
{
    m_bar->setMessage(MessageBar::Kind::Error, why);
    m_bar->show();
}

/// Side by side, or one above the other where there is little room; what is needed least is left out then.
void ObjectsView::resizeEvent(QResizeEvent *event)
{
    DataView::resizeEvent(event);
    const Qt::Orientation wanted = width() > 860 ? Qt::Horizontal : Qt::Vertical;
    if (m_splitter->orientation() != wanted) {
        m_splitter->setOrientation(wanted);
        m_splitter->setSizes(wanted == Qt::Horizontal ? QList{520, 480} : QList{260, 420});
    }
    const bool narrow = wanted == Qt::Horizontal && width() < 1200;
    for (const int column : {ObjectModel::Tables, ObjectModel::WebSockets, ObjectModel::Changed})
        m_table->header()->setSectionHidden(column, narrow || width() < 600);
    m_table->header()->setSectionHidden(ObjectModel::Alarm, width() < 440);
}

void ObjectsView::saveState(QSettings &settings) const
{
    settings.setValue(u"data/objects/splitter"_s, m_splitter->saveState());
    settings.setValue(u"data/objects/storage"_s, m_panel->splitterState());
}

DataView *makeObjectsView(const session::DataResource &resource, session::Session &session, QWidget *parent)
{
    return new ObjectsView(resource, session, parent);
}

} // namespace cleat::ui
