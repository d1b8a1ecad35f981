// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableWidget>

#include <string>
#include <utility>
#include <vector>

namespace cleat::ui {

/// Header fields to edit: a name and a value in each row, and an empty row at the end to add one. Names are completed as one types; the values of fields that tell who somebody
/// is (Authorization, Cookie, ...) show as dots until they are edited. GUI thread.
class FieldsEditor final : public QTableWidget
{
    Q_OBJECT
public:
    using Fields = std::vector<std::pair<std::string, std::string>>;

    explicit FieldsEditor(QWidget *parent = nullptr);

    void setFields(const Fields &fields);
    /// Without rows that have no name and no value.
    Fields fields() const;

Q_SIGNALS:
    void edited();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void addRow(const QString &name, const QString &value);
    void keepEmptyRow();

    bool m_filling = false;
};

} // namespace cleat::ui
