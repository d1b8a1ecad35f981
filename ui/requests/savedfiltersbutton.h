// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/requests/savedfilters.h"

#include <QToolButton>

class QMenu;

namespace cleat::ui {

class FilterLine;

/// Saved filters as a menu beside the filter line: use one, save the line, rename, delete; and what was used lately. GUI thread.
class SavedFiltersButton final : public QToolButton
{
    Q_OBJECT
public:
    SavedFiltersButton(FilterLine &line, const QString &project, QWidget *parent = nullptr);

private:
    void fill();
    void askName();
    void askOtherName(const QString &name);

    FilterLine &m_line;
    SavedFilters m_filters;
    QMenu *m_menu;
};

} // namespace cleat::ui
