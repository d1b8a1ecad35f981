// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/importexport.h"

#include <QDialog>
#include <QObject>

#include <functional>

class QCheckBox;
class QComboBox;

namespace cleat::ui {

class D1Desk;
class ProgressStrip;

/// What to export, and as what. GUI thread.
class ExportDialog final : public QDialog
{
    Q_OBJECT
public:
    ExportDialog(const D1Desk &desk, const QString &table, QWidget *parent);
    QString table() const; ///< empty: all
    bool asCsv() const;
    data::d1::SqlExport sql() const;

private:
    QComboBox *m_what;
    QComboBox *m_format;
    QCheckBox *m_schema;
    QCheckBox *m_data;
};

/// Imports and exports of a view, with their dialogs. GUI thread.
class Transfers final : public QObject
{
    Q_OBJECT
public:
    /// `window` is the parent of the dialogs.
    Transfers(D1Desk &desk, ProgressStrip &strip, QWidget *window);

    void chooseImport();
    /// A file that was chosen or dropped; of another kind than .sql or .csv it fails.
    void importFile(const QString &path);
    void exportTable(const QString &table); ///< empty: the database, to begin with
    void exportQuery(const QString &query);

Q_SIGNALS:
    void done(const QString &message);
    void failed(const QString &message);

private:
    void importCsv(const std::filesystem::path &path, const data::d1::CsvOptions &options);
    void saveAs(const QString &suggestion, const QString &filter, std::function<void(const QString &)> then);
    void exportCsv(const QString &query, const QString &path);
    bool refused();

    D1Desk &m_desk;
    ProgressStrip &m_strip;
    QWidget *m_window;
};

} // namespace cleat::ui
