// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/objectdesk.h"

#include <QWidget>

class QComboBox;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;
class QStackedWidget;

namespace cleat::ui {

class ElideLabel;
class JsonEdit;
class ToneLabel;
class ValueView;

/// A small console for one Durable Object: a request to its fetch(), or a call of a method, and the answer. GUI thread.
class SendPage final : public QWidget
{
    Q_OBJECT
public:
    /// `desk` is borrowed.
    explicit SendPage(session::ObjectDesk &desk, QWidget *parent = nullptr);

    void setObject(const session::ObjectPlace &place);
    /// What runs is another.
    void refresh();

private:
    QWidget *makeRequest();
    QWidget *makeMethod();
    bool isRequest() const;
    session::ObjectCall call() const;
    void send();
    void show(const base::Result<session::ObjectAnswer> &answer);

    session::ObjectDesk &m_desk;
    session::ObjectPlace m_place;
    QComboBox *m_how;
    QStackedWidget *m_forms;
    QComboBox *m_verb;
    QLineEdit *m_path;
    QPlainTextEdit *m_headers;
    QPlainTextEdit *m_body;
    QLineEdit *m_method;
    JsonEdit *m_arguments;
    QPushButton *m_send;
    ToneLabel *m_status;
    ElideLabel *m_fields;
    ValueView *m_answer;
    std::uint64_t m_asked = 0; ///< counts calls: the answer of an older one is not shown
    bool m_waiting = false;
};

} // namespace cleat::ui
