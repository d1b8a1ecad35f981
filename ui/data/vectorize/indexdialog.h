// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/vectorize/vectorlist.h"
#include "core/session/datathread.h"

#include <QDialog>

#include <filesystem>

class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace cleat::ui {

class ToneLabel;

/// Makes a Vectorize index: its name, how many numbers a vector has, and how near is told. Deletes itself when it is closed. GUI thread.
class IndexDialog final : public QDialog
{
    Q_OBJECT
public:
    /// `name`: proposed; may be empty.
    IndexDialog(std::filesystem::path state, const QString &name, QWidget *parent);

Q_SIGNALS:
    void created(const QString &name);

private:
    void refresh();
    void create();

    const std::filesystem::path m_state;
    session::DataThread m_thread;
    session::DataThread::Ticket m_ticket = 0;
    QLineEdit *m_name;
    QSpinBox *m_dimensions;
    QComboBox *m_metric;
    ToneLabel *m_trouble;
    QPushButton *m_create;
};

/// "cosine"
QString metricText(data::vectorize::Metric metric);

} // namespace cleat::ui
