// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QStringList>

#include <filesystem>

class QLineEdit;
class QListWidget;

namespace cleat::ui {

/// What was run on one database, the last first; kept in QSettings, bounded. GUI thread.
class SqlHistory final
{
public:
    static constexpr int mostEntries = 200;
    static constexpr qsizetype longestEntry = 20'000; ///< letters; longer scripts are not kept

    explicit SqlHistory(const std::filesystem::path &file);
    void add(const QString &sql);
    const QStringList &entries() const { return m_entries; }

private:
    const QString m_key;
    QStringList m_entries;
};

/// The name under which settings of one database are kept.
QString settingsName(const std::filesystem::path &file);

/// The history with a search. GUI thread.
class HistoryDialog final : public QDialog
{
    Q_OBJECT
public:
    HistoryDialog(const QStringList &entries, QWidget *parent);

Q_SIGNALS:
    void chosen(const QString &sql);

private:
    void fill();
    void take();

    const QStringList m_all;
    QLineEdit *m_search;
    QListWidget *m_list;
};

} // namespace cleat::ui
