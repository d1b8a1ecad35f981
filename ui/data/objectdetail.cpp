// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/objectdetail.h"

#include "core/base/json.h"
#include "ui/data/expirytext.h"
#include "ui/values/valueview.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <nlohmann/json.hpp>

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QFormLayout>
#include <QHeaderView>
#include <QLineEdit>
#include <QPushButton>
#include <QScopedValueRollback>
#include <QScrollArea>
#include <QTableWidget>
#include <QToolButton>

#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using base::Json;

namespace {

constexpr std::int64_t maxEditedBytes = 1 << 20;

const QStringList &contentTypes()
{
    static const QStringList types{u"application/json"_s, u"application/octet-stream"_s, u"application/pdf"_s, u"application/wasm"_s, u"application/xml"_s, u"application/zip"_s,
        u"audio/mpeg"_s, u"font/woff2"_s, u"image/avif"_s, u"image/gif"_s, u"image/jpeg"_s, u"image/png"_s, u"image/svg+xml"_s, u"image/webp"_s, u"text/css"_s, u"text/csv"_s,
        u"text/html; charset=utf-8"_s, u"text/javascript"_s, u"text/markdown"_s, u"text/plain; charset=utf-8"_s, u"video/mp4"_s};
    return types;
}

Json parsed(const std::string &text)
{
    Json json = Json::parse(text, nullptr, false);
    return json.is_object() ? json : Json::object();
}

QString textOf(const Json &json, const char *name)
{
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? fromUtf8(found->get_ref<const std::string &>()) : QString();
}

/// The same members with the same values, whatever their order.
bool sameMeaning(const std::string &a, const std::string &b)
{
    return nlohmann::json::parse(a, nullptr, false) == nlohmann::json::parse(b, nullptr, false);
}

} // namespace

ObjectDetail::ObjectDetail(QWidget *parent)
    : QWidget(parent), m_tabs(new FlatTabs), m_key(new ElideLabel(Qt::ElideMiddle)), m_value(new ValueView), m_edit(new QPushButton(tr("Edit…"))), m_facts(new QTableWidget(0, 2)),
      m_contentType(new QComboBox), m_language(new QLineEdit), m_disposition(new QLineEdit), m_encoding(new QLineEdit), m_cacheControl(new QLineEdit),
      m_expires(new QCheckBox(tr("Expires"))), m_expiry(new QDateTimeEdit), m_custom(new QTableWidget(0, 2)), m_save(new QPushButton(tr("Save"))), m_revert(new QPushButton(tr("Revert")))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(10, 6, 10, 6);
    head->addWidget(m_key);
    column->addLayout(head);
    m_tabs->addTab(m_value, tr("Preview"));
    m_tabs->addTab(makeMetadata(), tr("Metadata"));
    column->addWidget(m_tabs, 1);
    m_edit->setToolTip(tr("Change the text (up to 1 MB)"));
    m_value->addCornerWidget(m_edit);
    connect(m_edit, &QPushButton::clicked, this, &ObjectDetail::editRequested);
    connect(m_save, &QPushButton::clicked, this, &ObjectDetail::saveRequested);
    connect(m_revert, &QPushButton::clicked, this, &ObjectDetail::revert);
    setMessage({});
}

QWidget *ObjectDetail::makeMetadata()
{
    setUpTable(*m_facts, 4);
    m_facts->horizontalHeader()->hide();
    m_facts->horizontalHeader()->setStretchLastSection(true);
    m_facts->setFrameShape(QFrame::NoFrame);
    m_facts->setAccessibleName(tr("What is known of the object"));
    m_contentType->setEditable(true);
    m_contentType->addItems(contentTypes());
    m_contentType->setMinimumContentsLength(12);
    m_contentType->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_contentType->setCurrentText({});
    m_expiry->setDisplayFormat(u"yyyy-MM-dd HH:mm:ss"_s);
    m_expiry->setCalendarPopup(true);
    m_cacheControl->setPlaceholderText(u"public, max-age=3600"_s);
    m_disposition->setPlaceholderText(u"attachment; filename=\"report.pdf\""_s);
    m_custom->setHorizontalHeaderLabels({tr("Name"), tr("Value")});
    setUpTable(*m_custom, 6);
    m_custom->setEditTriggers(QAbstractItemView::AllEditTriggers);
    m_custom->setSelectionBehavior(QAbstractItemView::SelectItems);
    m_custom->horizontalHeader()->setStretchLastSection(true);
    m_custom->setAccessibleName(tr("Custom metadata"));
    m_custom->setMinimumHeight(110);

    auto *add = new QToolButton;
    add->setIcon(icon("plus"_L1));
    add->setToolTip(tr("Add a line of custom metadata"));
    add->setAccessibleName(add->toolTip());
    auto *remove = new QToolButton;
    remove->setIcon(icon("trash-2"_L1));
    remove->setToolTip(tr("Remove the chosen line"));
    remove->setAccessibleName(remove->toolTip());
    for (QToolButton *button : {add, remove}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
    }
    connect(add, &QToolButton::clicked, this, [this] {
        addCustomRow({}, {});
        m_custom->setCurrentCell(m_custom->rowCount() - 1, 0);
        m_custom->editItem(m_custom->item(m_custom->rowCount() - 1, 0));
        refreshButtons();
    });
    connect(remove, &QToolButton::clicked, this, [this] {
        m_custom->removeRow(m_custom->currentRow());
        refreshButtons();
    });

    auto *content = new QWidget;
    auto *column = new QVBoxLayout(content);
    column->setContentsMargins(10, 8, 10, 8);
    column->addWidget(m_facts);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::ExpandingFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    form->addRow(tr("Content type"), m_contentType);
    form->addRow(tr("Cache control"), m_cacheControl);
    form->addRow(tr("Content disposition"), m_disposition);
    form->addRow(tr("Content encoding"), m_encoding);
    form->addRow(tr("Content language"), m_language);
    form->addRow(m_expires, m_expiry);
    column->addLayout(form);
    auto *customRow = new QHBoxLayout;
    customRow->addWidget(new ToneLabel(tr("Custom metadata"), Tone::Muted));
    customRow->addStretch(1);
    customRow->addWidget(add);
    customRow->addWidget(remove);
    column->addLayout(customRow);
    column->addWidget(m_custom, 1);

    auto *scroll = new QScrollArea;
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(content);
    auto *buttons = new QHBoxLayout;
    buttons->setContentsMargins(10, 6, 10, 6);
    buttons->addStretch(1);
    buttons->addWidget(m_revert);
    buttons->addWidget(m_save);
    auto *page = new QWidget;
    auto *pageColumn = new QVBoxLayout(page);
    pageColumn->setContentsMargins(0, 0, 0, 0);
    pageColumn->setSpacing(0);
    pageColumn->addWidget(scroll, 1);
    pageColumn->addWidget(new Rule(Qt::Horizontal));
    pageColumn->addLayout(buttons);

    const auto changed = [this] { refreshButtons(); };
    connect(m_contentType, &QComboBox::currentTextChanged, this, changed);
    for (QLineEdit *line : {m_language, m_disposition, m_encoding, m_cacheControl})
        connect(line, &QLineEdit::textChanged, this, changed);
    connect(m_expires, &QCheckBox::toggled, this, [this](bool on) {
        m_expiry->setEnabled(on);
        refreshButtons();
    });
    connect(m_expiry, &QDateTimeEdit::dateTimeChanged, this, changed);
    connect(m_custom, &QTableWidget::itemChanged, this, changed);
    return page;
}

void ObjectDetail::setMessage(const QString &message)
{
    m_object.reset();
    m_key->setText({});
    m_value->setMessage(message);
    m_edit->hide();
    m_tabs->setTabEnabled(1, false);
    m_tabs->setCurrentIndex(0);
    refreshButtons();
}

void ObjectDetail::setObject(const bindings::r2::Object &object, std::shared_ptr<const std::string> bytes, const QString &group)
{
    const bool keeps = m_object && m_object->key == object.key && isEdited();
    m_object = object;
    m_key->setText(fromUtf8(object.key));
    ValueHint hint;
    hint.name = fromUtf8(object.key);
    hint.contentType = textOf(parsed(object.httpMetadata), "contentType");
    hint.group = group;
    hint.wholeSize = static_cast<std::uint64_t>(object.size);
    m_value->setValue(std::move(bytes), hint);
    m_edit->setVisible(object.size <= maxEditedBytes && (m_value->form() == ValueForm::Text || m_value->form() == ValueForm::Json));
    m_tabs->setTabEnabled(1, true);
    if (!keeps)
        fill(object);
    refreshButtons();
}

void ObjectDetail::setTrouble(const bindings::r2::Object &object, const QString &message)
{
    m_object = object;
    m_key->setText(fromUtf8(object.key));
    m_value->setMessage(message);
    m_edit->hide();
    m_tabs->setTabEnabled(1, true);
    fill(object);
    refreshButtons();
}

std::shared_ptr<const std::string> ObjectDetail::bytes() const
{
    return m_value->value();
}

void ObjectDetail::fill(const bindings::r2::Object &object)
{
    const QScopedValueRollback filling(m_filling, true);
    const Json http = parsed(object.httpMetadata);
    m_contentType->setCurrentText(textOf(http, "contentType"));
    m_language->setText(textOf(http, "contentLanguage"));
    m_disposition->setText(textOf(http, "contentDisposition"));
    m_encoding->setText(textOf(http, "contentEncoding"));
    m_cacheControl->setText(textOf(http, "cacheControl"));
    const auto expiry = http.find("cacheExpiry");
    const bool expires = expiry != http.end() && expiry->is_number();
    m_expires->setChecked(expires);
    m_expiry->setEnabled(expires);
    m_expiry->setDateTime(expires ? QDateTime::fromMSecsSinceEpoch(static_cast<qint64>(expiry->get<double>())) : QDateTime::currentDateTime().addDays(1));
    m_custom->setRowCount(0);
    const Json custom = parsed(object.customMetadata);
    for (const auto &[name, value] : custom.items())
        addCustomRow(fromUtf8(name), value.is_string() ? fromUtf8(value.get_ref<const std::string &>()) : fromUtf8(value.dump()));

    QList<std::pair<QString, QString>> facts{{tr("Size"), tr("%1 (%L2 bytes)").arg(formatBytes(static_cast<std::uint64_t>(object.size))).arg(object.size)},
        {tr("Uploaded"), u"%1 (%2)"_s.arg(absoluteTime(object.uploadedMs), relativeTime(object.uploadedMs))}, {tr("ETag"), fromUtf8(object.etag)},
        {tr("Version"), fromUtf8(object.version)}};
    const Json checksums = parsed(object.checksums);
    for (const auto &[name, value] : checksums.items())
        facts.append({fromUtf8(name).toUpper(), value.is_string() ? fromUtf8(value.get_ref<const std::string &>()) : QString()});
    m_facts->setRowCount(static_cast<int>(facts.size()));
    for (int i = 0; i < m_facts->rowCount(); ++i) {
        m_facts->setItem(i, 0, new QTableWidgetItem(facts[i].first));
        auto *value = new QTableWidgetItem(facts[i].second);
        value->setToolTip(facts[i].second);
        m_facts->setItem(i, 1, value);
    }
    m_facts->setFixedHeight(m_facts->rowHeight(0) * m_facts->rowCount() + 2);
}

void ObjectDetail::addCustomRow(const QString &name, const QString &value)
{
    const int row = m_custom->rowCount();
    m_custom->insertRow(row);
    m_custom->setItem(row, 0, new QTableWidgetItem(name));
    m_custom->setItem(row, 1, new QTableWidgetItem(value));
}

std::string ObjectDetail::httpMetadata() const
{
    Json json = Json::object();
    const auto add = [&json](const char *name, const QString &text) {
        if (!text.isEmpty())
            json[name] = toUtf8(text);
    };
    add("contentType", m_contentType->currentText());
    add("contentLanguage", m_language->text());
    add("contentDisposition", m_disposition->text());
    add("contentEncoding", m_encoding->text());
    add("cacheControl", m_cacheControl->text());
    if (m_expires->isChecked()) {
        // The field shows seconds; what it was not changed from keeps its milliseconds.
        const Json before = m_object ? parsed(m_object->httpMetadata) : Json::object();
        const qint64 shown = m_expiry->dateTime().toMSecsSinceEpoch();
        const auto old = before.find("cacheExpiry");
        const bool same = old != before.end() && old->is_number() && static_cast<qint64>(old->get<double>()) / 1000 == shown / 1000;
        json["cacheExpiry"] = same ? *old : Json(shown);
    }
    return json.dump();
}

std::string ObjectDetail::customMetadata() const
{
    Json json = Json::object();
    for (int row = 0; row < m_custom->rowCount(); ++row) {
        const QString name = m_custom->item(row, 0) ? m_custom->item(row, 0)->text() : QString();
        if (!name.isEmpty())
            json[toUtf8(name)] = m_custom->item(row, 1) ? toUtf8(m_custom->item(row, 1)->text()) : std::string();
    }
    return json.dump();
}

bool ObjectDetail::isEdited() const
{
    return m_object && !m_filling && (!sameMeaning(httpMetadata(), m_object->httpMetadata) || !sameMeaning(customMetadata(), m_object->customMetadata));
}

void ObjectDetail::revert()
{
    if (m_object)
        fill(*m_object);
    refreshButtons();
}

void ObjectDetail::refreshButtons()
{
    const bool edited = isEdited();
    m_save->setEnabled(edited);
    m_revert->setEnabled(edited);
    m_tabs->setTabText(1, edited ? tr("Metadata •") : tr("Metadata"));
}

} // namespace cleat::ui
