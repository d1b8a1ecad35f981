// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/detail/bodyview.h"

#include "ui/requests/detail/fieldstable.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QListWidget>
#include <QSplitter>
#include <QStackedWidget>

namespace cleat::ui {

using namespace Qt::StringLiterals;
namespace content = data::content;

namespace {

std::vector<FieldsModel::Field> fieldsOf(const std::vector<content::NamedValue> &pairs)
{
    std::vector<FieldsModel::Field> fields;
    fields.reserve(pairs.size());
    for (const content::NamedValue &pair : pairs)
        fields.push_back({fromUtf8(pair.name), fromUtf8(pair.value), FieldsModel::Field::Seen::Always, {}});
    return fields;
}

} // namespace

BodyView::BodyView(QWidget *parent)
    : QWidget(parent), m_facts(new ElideLabel), m_notes(new ToneLabel({}, Tone::Warning)), m_tabs(new FlatTabBar), m_pages(new QStackedWidget), m_value(new ValueView),
      m_form(new FieldsTable(tr("Form fields"), tr("The form has no fields."))), m_events(new FieldsTable(tr("Events"), tr("No event has come yet."))), m_partsPage(new QSplitter(Qt::Horizontal)),
      m_parts(new QListWidget), m_partHead(new FieldsTable(tr("Headers of the part"), tr("The part has no headers."))), m_part(new ValueView)
{
    m_facts->setTone(Tone::Muted);
    m_notes->setWordWrap(true);
    m_notes->setObjectName(u"bodyNotes"_s);
    m_value->setSummary(ValueView::Summary::Hidden);
    for (QWidget *page : {static_cast<QWidget *>(m_value), static_cast<QWidget *>(m_form), static_cast<QWidget *>(m_events), makeParts()})
        m_pages->addWidget(page);
    m_pages->setMinimumSize(120, 90);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(4, 0, 8, 0);
    head->addWidget(m_tabs);
    head->addWidget(m_facts, 1);
    auto *notes = new QHBoxLayout;
    notes->setContentsMargins(8, 2, 8, 4);
    notes->addWidget(m_notes);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 4, 0, 0);
    all->setSpacing(0);
    all->addLayout(head);
    all->addLayout(notes);
    all->addWidget(m_pages, 1);
    connect(m_tabs, &QTabBar::currentChanged, this, &BodyView::showTab);
    connect(m_parts, &QListWidget::currentRowChanged, this, &BodyView::showPart);
    setMessage({});
}

BodyView::~BodyView() = default;

void BodyView::showTab(int tab)
{
    QWidget *special = m_value;
    switch (m_shape) {
    case BodyContent::Shape::Plain:
        break;
    case BodyContent::Shape::Form:
        special = m_form;
        break;
    case BodyContent::Shape::Multipart:
        special = m_partsPage;
        break;
    case BodyContent::Shape::Events:
        special = m_events;
        break;
    }
    m_pages->setCurrentWidget(tab == 0 ? special : m_value);
}

QWidget *BodyView::makeParts()
{
    m_parts->setFrameShape(QFrame::NoFrame);
    m_parts->setAccessibleName(tr("Parts"));
    m_part->setSummary(ValueView::Summary::Hidden);
    m_part->setMinimumSize(80, 60);
    auto *part = new QSplitter(Qt::Vertical);
    part->addWidget(m_partHead);
    part->addWidget(m_part);
    part->setStretchFactor(1, 1);
    part->setSizes({90, 400});
    part->setChildrenCollapsible(false);
    m_partsPage->addWidget(m_parts);
    m_partsPage->addWidget(part);
    m_partsPage->setStretchFactor(1, 1);
    m_partsPage->setSizes({160, 400});
    return m_partsPage;
}

void BodyView::setMessage(const QString &message)
{
    m_work.drop();
    m_body.reset();
    m_next.reset();
    m_content = {};
    m_shape = BodyContent::Shape::Plain;
    m_tabs->hide();
    m_facts->hide();
    m_notes->hide();
    m_value->setMessage(message);
    m_pages->setCurrentWidget(m_value);
}

void BodyView::setBody(RecordedBody body)
{
    const RecordedBody *latest = m_next ? &*m_next : m_body ? &*m_body : nullptr;
    if (latest && latest->name == body.name && latest->wholeSize == body.wholeSize && latest->head == body.head && *latest->bytes == *body.bytes)
        return;
    // What is under way is let finish: one that grows 30 times a second would never be shown else.
    if (m_work.isRunning() && m_body->name == body.name) {
        m_next = std::move(body);
        return;
    }
    m_next.reset();
    m_body = std::move(body);
    prepare();
}

void BodyView::prepare()
{
    m_work.start([body = *m_body](const std::stop_token &) { return prepareBody(body); }, [this](BodyContent &&content) { take(std::move(content)); });
}

void BodyView::take(BodyContent &&content)
{
    m_content = std::move(content);
    m_facts->setText(m_content.facts);
    m_facts->show();
    m_notes->setText(m_content.notes.join(u'\n'));
    m_notes->setVisible(!m_content.notes.isEmpty());
    m_value->setValue(m_content.bytes, m_content.hint);
    m_form->setFields(fieldsOf(m_content.form));
    std::vector<FieldsModel::Field> events;
    for (const content::ServerEvent &event : m_content.events) {
        QString name = event.type.empty() ? event.data.empty() && !event.comment.empty() ? tr("comment") : u"message"_s : fromUtf8(event.type);
        if (!event.id.empty())
            name += u" #"_s + fromUtf8(event.id);
        events.push_back({name, fromUtf8(event.data.empty() ? event.comment : event.data), FieldsModel::Field::Seen::Always, event.complete ? QString() : tr("(not complete)")});
    }
    m_events->setFields(std::move(events));
    fillParts();
    if (m_content.shape != m_shape || m_tabs->count() == 0) {
        m_shape = m_content.shape;
        const QSignalBlocker quiet(m_tabs);
        while (m_tabs->count() > 0)
            m_tabs->removeTab(0);
        switch (m_shape) {
        case BodyContent::Shape::Plain:
            break;
        case BodyContent::Shape::Form:
            m_tabs->addTab(tr("Form"));
            break;
        case BodyContent::Shape::Multipart:
            m_tabs->addTab(tr("Parts"));
            break;
        case BodyContent::Shape::Events:
            m_tabs->addTab(tr("Events"));
            break;
        }
        m_tabs->addTab(tr("Body"));
        m_tabs->setCurrentIndex(0);
        showTab(0);
    }
    m_tabs->setVisible(m_shape != BodyContent::Shape::Plain);
    m_facts->setVisible(true);
    if (m_next) {
        m_body = std::exchange(m_next, std::nullopt);
        prepare();
    }
}

void BodyView::fillParts()
{
    const int before = m_parts->currentRow();
    const QSignalBlocker quiet(m_parts);
    m_parts->clear();
    for (const content::Part &part : m_content.multipart.parts) {
        QString text = part.name.empty() ? tr("(no name)") : fromUtf8(part.name);
        if (!part.fileName.empty())
            text += u" — "_s + fromUtf8(part.fileName);
        m_parts->addItem(oneLine(text + u"  ("_s + formatBytes(part.length) + u')'));
    }
    const int row = std::clamp(before, 0, std::max(0, m_parts->count() - 1));
    m_parts->setCurrentRow(row);
    showPart(m_parts->count() > 0 ? row : -1);
}

void BodyView::showPart(int row)
{
    if (row < 0 || row >= static_cast<int>(m_content.multipart.parts.size())) {
        m_partHead->setFields({});
        m_part->setMessage({});
        return;
    }
    const content::Part &part = m_content.multipart.parts[static_cast<std::size_t>(row)];
    m_partHead->setFields(fieldsOf(part.head.fields));
    std::string bytes = m_content.bytes->substr(part.begin, part.length);
    if (auto text = toUtf8From(bytes, content::parseMediaType(part.contentType).parameter("charset")))
        bytes = std::move(*text);
    m_part->setValue(std::make_shared<const std::string>(std::move(bytes)),
        {.name = fromUtf8(part.fileName.empty() ? part.name : part.fileName), .contentType = fromUtf8(part.contentType), .group = u"requests/part"_s});
}

} // namespace cleat::ui
