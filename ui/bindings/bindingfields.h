// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/binding.h"

#include <QWidget>

#include <functional>
#include <string>
#include <vector>

class QAbstractButton;
class QVBoxLayout;

namespace cleat::config {
struct BindingField;
}

namespace cleat::ui {

class DatabaseTools;
struct FieldText;

/// The fields of one kind of binding, its name aside, as config::bindingKind() lists them.
class BindingFields final : public QWidget
{
    Q_OBJECT
public:
    /// `known` are the resources to suggest.
    BindingFields(config::Kind kind, const std::vector<std::string> &known, QWidget *parent = nullptr);

    void setValues(const config::Binding &binding);
    /// `binding` with what is typed. Fields that the kind does not know stay as they are.
    config::Binding applied(config::Binding binding) const;
    /// "Create new" makes names of it.
    void setVariableName(const std::string &name) { m_variable = name; }
    /// Whether the kind has any field to fill in that is not an advanced one.
    bool hasBasicFields() const { return m_basic; }
    /// Of a kind that names a database; else nullptr.
    DatabaseTools *databaseTools() const { return m_database; }

Q_SIGNALS:
    void edited();

private:
    /// One field's widget, whatever it is.
    struct Field {
        std::string name;
        std::function<void(const config::Field *)> show; ///< nullptr: the binding has none
        std::function<void(config::Binding &)> write;
        std::function<void(const std::string &)> fill; ///< with a made value; text fields only
    };
    void addTo(QVBoxLayout &column, const config::BindingField &field);
    Field makeText(QVBoxLayout &column, const config::BindingField &field, const FieldText &text);
    Field makeTruth(QVBoxLayout &column, const config::BindingField &field, const FieldText &text);
    Field makeJson(QVBoxLayout &column, const config::BindingField &field, const FieldText &text);
    void createNew(const std::string &field);

    const config::Kind m_kind;
    const std::vector<std::string> m_known;
    std::string m_variable;
    std::vector<Field> m_fields;
    QAbstractButton *m_unfold = nullptr;
    DatabaseTools *m_database = nullptr;
    bool m_basic = false;
};

} // namespace cleat::ui
