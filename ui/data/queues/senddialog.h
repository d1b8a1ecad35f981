// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/queues/messagelist.h"

#include <QDialog>

#include <cstdint>
#include <string>

class QComboBox;
class QDialogButtonBox;
class QPlainTextEdit;
class QPushButton;
class QSpinBox;
class QStackedWidget;

namespace cleat::ui {

class JsonEdit;
class ToneLabel;

/// A message to be sent by hand: JSON or text, at once or after a delay. Deletes itself when it is closed. GUI thread.
class SendDialog final : public QDialog
{
    Q_OBJECT
public:
    SendDialog(const QString &queue, QWidget *parent);

Q_SIGNALS:
    void sent(data::queues::ContentType type, const std::string &body, std::int64_t delaySeconds);

private:
    bool isJson() const;
    std::string body() const;
    void refresh();

    QComboBox *m_type;
    QStackedWidget *m_pages;
    JsonEdit *m_json;
    QPlainTextEdit *m_text;
    QSpinBox *m_delay;
    ToneLabel *m_trouble;
    QPushButton *m_send;
};

} // namespace cleat::ui
