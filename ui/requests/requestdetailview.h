// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/requests/requestsmodel.h"

#include <QUrl>
#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QSettings;
class QSplitter;
class QStackedWidget;
class QTabWidget;

namespace cleat::ui {

class CallsModel;
class ElideLabel;
class ToneLabel;
class Waterfall;

/// All that is known of one request: head, waterfall with arguments and results, console lines, exceptions.
class RequestDetailView final : public QWidget
{
    Q_OBJECT
public:
    explicit RequestDetailView(QWidget *parent = nullptr);

    /// Copies what it needs. The same request again keeps the selected call and the scroll places.
    void setRequest(const events::RequestEvent &request, const RequestDetail &detail, const QUrl &base);
    void clear();
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeHead();
    QWidget *makeCalls();
    void showHead(const events::RequestEvent &request, const QUrl &base);
    void showConsole(const RequestDetail &detail);
    void showExceptions(const RequestDetail &detail);
    void showCall(int row);

    events::RequestId m_shown = 0;
    CallsModel *m_calls;
    QStackedWidget *m_pages;
    ToneLabel *m_status;
    ElideLabel *m_url;
    ElideLabel *m_facts;
    ToneLabel *m_error;
    QTabWidget *m_tabs;
    QStackedWidget *m_callPages;
    QSplitter *m_callSplitter;
    Waterfall *m_waterfall;
    QPlainTextEdit *m_arguments;
    ToneLabel *m_resultTitle;
    QPlainTextEdit *m_result;
    QPlainTextEdit *m_console;
    std::size_t m_consoleLines = 0;
    QPlainTextEdit *m_exceptions;
    std::size_t m_exceptionCount = 0;
};

} // namespace cleat::ui
