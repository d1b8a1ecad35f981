// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace cleat::ui {

/// SQL to read: coloured, selectable, monospace. GUI thread.
class SqlView final : public QPlainTextEdit
{
    Q_OBJECT
public:
    explicit SqlView(QWidget *parent = nullptr);
    /// The same text again keeps the selection.
    void setSql(const QString &sql);

protected:
    void changeEvent(QEvent *event) override;

private:
    void color();
};

} // namespace cleat::ui
