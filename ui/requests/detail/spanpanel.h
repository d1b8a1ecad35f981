// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/data/d1/console.h"
#include "core/events/event.h"
#include "ui/requests/detail/detailservices.h"

#include <QWidget>

#include <memory>
#include <optional>

class QLabel;
class QPlainTextEdit;
class QSplitter;
class QTabWidget;
class QToolButton;

namespace cleat::session {
class DataThread;
}

namespace cleat::ui {

class ElideLabel;
class JsonPeek;
class SqlView;
class ToneLabel;

/// All that is known of one span: its arguments and its result, SQL with Explain, and ways to its place and its data. GUI thread.
class SpanPanel final : public QWidget
{
    Q_OBJECT
public:
    explicit SpanPanel(QWidget *parent = nullptr);
    ~SpanPanel() override;

    void setServices(DetailServices services);
    /// nullptr: none. The same one again keeps what is selected. `selfUs`: its time without that of the spans in it.
    void setSpan(const events::CallEvent *call, std::uint32_t selfUs);
    QSplitter *splitter() const { return m_splitter; }

Q_SIGNALS:
    void sourceAsked(const cleat::base::Place &place);
    /// kind: "kv", "r2", "d1"; what: a key, an object's name, SQL; empty: the store alone.
    void dataAsked(const QString &kind, const QString &binding, const QString &what);
    /// The settings that say who answers for Workers AI.
    void aiSettingsAsked();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    struct Explained {
        std::vector<base::Result<std::vector<data::d1::PlanRow>>> plans;
    };
    QWidget *makeHead();
    QToolButton *makeTool(QLatin1StringView iconName, const QString &text);
    void setTabs(bool sql);
    void explain();
    void showPlan(const Explained &explained);

    DetailServices m_services;
    std::optional<events::CallEvent> m_call;
    QLabel *m_icon;
    ElideLabel *m_title;
    ElideLabel *m_facts;
    QToolButton *m_place;
    QToolButton *m_data;
    QToolButton *m_explain;
    QToolButton *m_provider; ///< of a call of Workers AI that failed
    QToolButton *m_copy;
    QSplitter *m_splitter;
    QTabWidget *m_left;
    SqlView *m_sql;
    JsonPeek *m_arguments;
    QPlainTextEdit *m_plan;
    ToneLabel *m_resultTitle;
    JsonPeek *m_result;
    std::unique_ptr<session::DataThread> m_thread; ///< made by the first Explain
};

} // namespace cleat::ui
