// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/bindingfields.h"

#include "core/config/bindingkinds.h"
#include "ui/bindings/databasetools.h"
#include "ui/bindings/formparts.h"
#include "ui/bindings/freshids.h"
#include "ui/bindings/kindtexts.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QComboBox>
#include <QCompleter>
#include <QLineEdit>
#include <QPushButton>

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using config::BindingField;

namespace {

/// What a "Create new" of this kind falls back to, where the variable's name gives nothing.
std::string_view fallbackName(config::Kind kind)
{
    switch (kind) {
    case config::Kind::R2Bucket:
        return "bucket";
    case config::Kind::Queue:
        return "queue";
    case config::Kind::Vectorize:
        return "index";
    case config::Kind::AnalyticsEngine:
        return "dataset";
    case config::Kind::D1Database:
        return "database";
    case config::Kind::KvNamespace:
    case config::Kind::DurableObject:
    case config::Kind::Hyperdrive:
    case config::Kind::Service:
    case config::Kind::MtlsCertificate:
    case config::Kind::Ai:
    case config::Kind::Browser:
    case config::Kind::VersionMetadata:
        break;
    }
    return "new";
}

const BindingField &fieldOf(config::Kind kind, std::string_view name)
{
    return *std::ranges::find(config::bindingKind(kind).fields, name, &BindingField::name);
}

} // namespace

BindingFields::BindingFields(config::Kind kind, const std::vector<std::string> &known, QWidget *parent) : QWidget(parent), m_kind(kind), m_known(known)
{
    auto *column = makeFieldColumn(this);
    auto *advanced = new QWidget;
    auto *inner = makeFieldColumn(advanced);
    inner->setContentsMargins(0, 2, 0, 0);
    bool anyAdvanced = false;
    for (const std::string_view name : formFields(kind)) {
        const bool basic = fieldText(kind, name).level == FieldText::Level::Basic;
        (basic ? m_basic : anyAdvanced) = true;
        addTo(basic ? *column : *inner, fieldOf(kind, name));
    }
    if (anyAdvanced) {
        m_unfold = makeUnfolder(tr("Advanced"), advanced);
        column->addWidget(m_unfold);
        column->addWidget(advanced);
    } else {
        delete advanced;
    }
}

void BindingFields::addTo(QVBoxLayout &column, const BindingField &field)
{
    const FieldText text = fieldText(m_kind, field.name);
    switch (field.type) {
    case BindingField::Type::Text:
    case BindingField::Type::Number:
        m_fields.push_back(makeText(column, field, text));
        break;
    case BindingField::Type::Truth:
        m_fields.push_back(makeTruth(column, field, text));
        break;
    case BindingField::Type::Any:
        m_fields.push_back(makeJson(column, field, text));
        break;
    }
    if (!text.hint.isEmpty())
        column.addWidget(makeHint(text.hint));
    column.addSpacing(8);
}

BindingFields::Field BindingFields::makeText(QVBoxLayout &column, const BindingField &field, const FieldText &text)
{
    const std::string name(field.name);
    const bool resource = field.name == config::bindingKind(m_kind).resourceField;
    auto *edit = new QLineEdit;
    QWidget *shown = edit;
    if (resource && !m_known.empty()) {
        auto *combo = new QComboBox;
        combo->setEditable(true);
        combo->setInsertPolicy(QComboBox::NoInsert);
        combo->setLineEdit(edit);
        for (const std::string &known : m_known)
            combo->addItem(fromUtf8(known));
        combo->setCurrentIndex(-1);
        combo->completer()->setCompletionMode(QCompleter::PopupCompletion);
        combo->completer()->setFilterMode(Qt::MatchContains);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        combo->setMinimumContentsLength(12);
        combo->setFont(monospaceFont());
        edit->setAccessibleName(text.label);
        shown = combo;
    }
    edit->setFont(monospaceFont());
    edit->setPlaceholderText(field.required || text.placeholder.isEmpty() ? text.placeholder : tr("%1 (optional)").arg(text.placeholder));
    QPushButton *fresh = nullptr;
    if (text.fresh != Fresh::None) {
        fresh = new QPushButton(tr("Create new"));
        fresh->setAutoDefault(false);
        fresh->setAccessibleName(tr("Create new: %1").arg(text.label));
        fresh->setToolTip(tr("Fills in a new one. Local data is there at once; before you deploy, make it in the dashboard or with wrangler."));
        connect(fresh, &QPushButton::clicked, this, [this, name] { createNew(name); });
    }
    addField(column, text.label, shown, fresh);
    connect(edit, &QLineEdit::textChanged, this, &BindingFields::edited);
    if (m_kind == config::Kind::Hyperdrive && field.name == "localConnectionString") {
        m_database = new DatabaseTools(edit);
        column.addWidget(m_database);
    }

    const bool number = field.type == BindingField::Type::Number;
    return {name, [edit](const config::Field *given) {
                edit->setText(given ? fromUtf8(given->value) : QString());
                edit->setCursorPosition(0);
            },
            [edit, name, number](config::Binding &binding) {
                const std::string typed = toUtf8(edit->text().trimmed());
                if (number && !typed.empty() && nlohmann::json::accept(typed))
                    binding.setJson(name, typed);
                else
                    binding.set(name, typed);
            },
            [edit](const std::string &value) {
                edit->setText(fromUtf8(value));
                edit->setCursorPosition(0);
            }};
}

BindingFields::Field BindingFields::makeTruth(QVBoxLayout &column, const BindingField &field, const FieldText &text)
{
    const std::string name(field.name);
    auto *box = new QCheckBox(text.label);
    column.addWidget(box);
    connect(box, &QCheckBox::toggled, this, &BindingFields::edited);
    return {name, [box](const config::Field *given) { box->setChecked(given && given->value == "true"); },
            [box, name](config::Binding &binding) {
                const config::Field *before = binding.find(name);
                if (box->isChecked())
                    binding.setJson(name, "true");
                else if (before && before->value != "false")
                    binding.remove(name);
            },
            {}};
}

BindingFields::Field BindingFields::makeJson(QVBoxLayout &column, const BindingField &field, const FieldText &text)
{
    const std::string name(field.name);
    auto *edit = new JsonEdit;
    edit->setEmpty(JsonEdit::Empty::IsFine);
    edit->setVisibleLines(3);
    edit->setPlaceholderText(text.placeholder);
    addField(column, text.label, edit);
    edit->setFieldName(text.label);
    connect(edit, &JsonEdit::textChanged, this, &BindingFields::edited);
    return {name,
            [edit](const config::Field *given) {
                if (!given)
                    edit->setText({});
                else if (given->kind == config::Field::Kind::Text)
                    edit->setText(fromUtf8(nlohmann::json(given->value).dump()));
                else
                    edit->setText(formatJson(fromUtf8(given->value)));
            },
            [edit, name](config::Binding &binding) {
                const QString typed = edit->text().trimmed();
                const config::Field *before = binding.find(name);
                if (typed.isEmpty())
                    binding.remove(name);
                else if (!before || before->kind == config::Field::Kind::Text || formatJson(fromUtf8(before->value)) != formatJson(typed))
                    binding.setJson(name, toUtf8(typed));
            },
            {}};
}

void BindingFields::setValues(const config::Binding &binding)
{
    bool advanced = false;
    for (const Field &field : m_fields) {
        const config::Field *given = binding.find(field.name);
        field.show(given);
        advanced = advanced || (given && fieldText(m_kind, field.name).level == FieldText::Level::Advanced);
    }
    if (m_unfold && advanced)
        m_unfold->setChecked(true);
}

config::Binding BindingFields::applied(config::Binding binding) const
{
    // In the order of the kind, which is the one that the file gets.
    for (const BindingField &known : config::bindingKind(m_kind).fields) {
        const auto field = std::ranges::find(m_fields, known.name, &Field::name);
        if (field != m_fields.end())
            field->write(binding);
    }
    return binding;
}

void BindingFields::createNew(const std::string &field)
{
    const std::string name = slug(m_variable, fallbackName(m_kind));
    std::string value;
    switch (fieldText(m_kind, field).fresh) {
    case Fresh::None:
        return;
    case Fresh::Id:
        value = freshId();
        break;
    case Fresh::Uuid:
        value = freshUuid();
        break;
    case Fresh::Slug:
        value = name;
        break;
    }
    for (const Field &other : m_fields) {
        if (other.name == field && other.fill)
            other.fill(value);
        // A database needs both.
        if (field == "database_id" && other.name == "database_name" && applied(config::Binding{m_kind, {}, {}}).value("database_name").empty())
            other.fill(name);
    }
    Q_EMIT edited();
}

} // namespace cleat::ui
