// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace cleat::ui {

/// Filters of a project that got a name, and the lines that were used last; kept in the settings at once. GUI thread.
class SavedFilters final
{
public:
    struct Filter {
        QString name;
        QString line;
        bool operator==(const Filter &) const = default;
    };
    /// `project`: its folder.
    explicit SavedFilters(const QString &project);

    /// By name.
    const std::vector<Filter> &filters() const { return m_filters; }
    bool has(const QString &name) const;
    /// In place of the one of that name, if there is one.
    void save(const QString &name, const QString &line);
    /// Nothing when there is no such one, or another has the new name.
    void rename(const QString &name, const QString &to);
    void remove(const QString &name);

    /// Latest first.
    const QStringList &history() const { return m_history; }
    void addToHistory(const QString &line);

private:
    void write() const;

    const QString m_group;
    std::vector<Filter> m_filters;
    QStringList m_history;
};

} // namespace cleat::ui
