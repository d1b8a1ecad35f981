// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/requests/detail/fieldsmodel.h"

#include <QWidget>

class QTableView;
class QToolButton;

namespace cleat::ui {

class ToneLabel;

/// Names and values in a table, with copying; what is masked is shown by a double click, Enter or the button. GUI thread.
class FieldsTable final : public QWidget
{
    Q_OBJECT
public:
    /// `name`: for screen readers. `empty`: what stands there without fields.
    FieldsTable(const QString &name, const QString &empty, QWidget *parent = nullptr);
    void setFields(std::vector<FieldsModel::Field> fields);
    FieldsModel &model() { return *m_model; }
    QTableView &view() { return *m_view; }
    /// The selected rows, else all, as lines "Name: value"; masked ones masked.
    QString copiedText() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void showMenu(const QPoint &point);
    void toggle(int row);
    void refresh();
    void fitNames();

    FieldsModel *m_model;
    QTableView *m_view;
    ToneLabel *m_empty;
    QToolButton *m_show;
};

} // namespace cleat::ui
