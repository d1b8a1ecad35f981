// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/linediff.h"

#include <QWidget>

class QPlainTextEdit;

namespace cleat::ui {

/// Shows what would be written to a file: line numbers, + and -, added and removed lines in colour. Selectable, read-only.
class DiffView final : public QWidget
{
    Q_OBJECT
public:
    explicit DiffView(QWidget *parent = nullptr);
    void setDiff(std::vector<DiffLine> lines);
    /// In place of a diff: why there is none.
    void setNote(const QString &note);

protected:
    void changeEvent(QEvent *event) override;

private:
    void fill();
    QPlainTextEdit *m_view;
    std::vector<DiffLine> m_lines;
};

} // namespace cleat::ui
