// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/data/dataview.h"
#include "ui/data/models/callmodel.h"

#include <memory>

class QComboBox;
class QLineEdit;
class QPushButton;
class QSplitter;
class QStackedWidget;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class ElideLabel;
class FlatTabs;
class JsonEdit;
class MessageBar;
class RowView;
class ToneLabel;
class ValueView;

/// Workers AI: what models were asked and what they answered, and a form to ask again, with other inputs too. GUI thread.
class ModelView final : public DataView
{
    Q_OBJECT
public:
    /// `session` is borrowed.
    ModelView(session::DataResource resource, session::Session &session, QWidget *parent = nullptr);
    ~ModelView() override;

    void poll() override;
    /// Calls have no names: nothing happens.
    void showItem(const QString &) override {}
    bool isEdited() const override;
    void saveState(QSettings &settings) const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeEmpty();
    QWidget *makeTools();
    QWidget *makeDetail();
    QWidget *makeForm();
    void setUpTable();
    void fillBindings();
    void showCurrent();
    void showCall(const session::ModelCall &call);
    void openForm();
    void refreshActions();
    void ask();
    void keep();
    void clear();
    void fail(const base::Error &error);

    session::Session &m_session;
    CallModel m_model;
    MessageBar *m_bar;
    QStackedWidget *m_pages;
    RowView *m_table;
    QSplitter *m_splitter;
    ElideLabel *m_title;
    ToneLabel *m_facts;
    FlatTabs *m_tabs;
    ValueView *m_answer;
    ValueView *m_whole;
    QWidget *m_form;
    QComboBox *m_binding;
    QLineEdit *m_name;
    JsonEdit *m_inputs;
    ToneLabel *m_status;
    QPushButton *m_ask;
    QPushButton *m_new;
    QPushButton *m_keep;
    QPushButton *m_clear;
    std::optional<session::ModelCall> m_shown;
    std::uint64_t m_awaited = 0; ///< the row of a question by hand that is not answered yet
    QString m_filled; ///< what the form was filled with
};

DataView *makeModelView(const session::DataResource &resource, session::Session &session, QWidget *parent);

} // namespace cleat::ui
