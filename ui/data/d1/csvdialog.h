// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/importexport.h"
#include "ui/data/d1/d1desk.h"

#include <QDialog>

class QCheckBox;
class QComboBox;
class QPushButton;
class QTableWidget;

namespace cleat::ui {

class ToneLabel;

/// How a CSV file is to be read and into which table, with its first rows as they would come. GUI thread.
class CsvDialog final : public QDialog
{
    Q_OBJECT
public:
    CsvDialog(D1Desk &desk, std::filesystem::path csv, QWidget *parent);
    data::d1::CsvOptions options() const;

private:
    void preview();
    void show(base::Result<data::d1::CsvPreview> &&preview);
    void check();

    D1Desk &m_desk;
    const std::filesystem::path m_csv;
    QComboBox *m_table;
    QComboBox *m_separator;
    QCheckBox *m_header;
    QCheckBox *m_null;
    QTableWidget *m_rows;
    ToneLabel *m_note;
    QPushButton *m_import = nullptr;
    session::DataThread::Ticket m_reading = 0;
    bool m_readable = false;
};

} // namespace cleat::ui
