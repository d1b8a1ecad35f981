// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"
#include "core/data/d1/tablerows.h"

#include <QWidget>

class QHeaderView;
class QLineEdit;
class QTimer;

namespace cleat::ui {

/// A line of fields over the columns of a table: what is typed there chooses rows. It keeps to the widths and places of the header. GUI thread.
class FilterRow final : public QWidget
{
    Q_OBJECT
public:
    /// `header` is borrowed.
    explicit FilterRow(QHeaderView *header, QWidget *parent = nullptr);

    /// Empty fields for other columns.
    void setColumns(const std::vector<data::d1::Column> &columns);
    std::vector<data::d1::Filter> filters() const;
    void setText(int column, const QString &text);
    void clear();
    void focusField(int column);

    QSize sizeHint() const override;

Q_SIGNALS:
    void changed(); ///< some time after the last key, or at once by Enter
    void left(); ///< Down or Escape: to the rows

protected:
    void resizeEvent(QResizeEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void place();

    QHeaderView *m_header;
    QWidget *m_area; ///< cuts off what is scrolled away
    QTimer *m_delay;
    std::vector<QLineEdit *> m_fields;
    std::vector<std::string> m_names;
};

} // namespace cleat::ui
