// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "ui/requests/detail/detailservices.h"
#include "ui/requests/detail/secretmarks.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QUrl>
#include <QWidget>

#include <array>
#include <memory>
#include <optional>

class QSettings;
class QSplitter;
class QStackedWidget;
class QTabWidget;
class QToolButton;

namespace cleat::ui {

class ConsoleList;
class ElideLabel;
class EmptyState;
class ExceptionsView;
class MessageView;
class SpanModel;
class SpanPanel;
class ToneLabel;
class Waterfall;

/// All that is known of one request: its course in time with every call, both halves of what went over the wire, console lines, exceptions. GUI thread.
class RequestDetailView final : public QWidget
{
    Q_OBJECT
public:
    explicit RequestDetailView(QWidget *parent = nullptr);
    ~RequestDetailView() override;

    /// What the view may ask of the project. Set it before the first record.
    void setServices(DetailServices services);

    /// Shows a row of a recording. The same one again, as often as one likes, looks whether it has changed, and keeps the tab, the selection and the scroll places. `base`: where
    /// the project is served.
    void setRecord(std::shared_ptr<const events::Recording> recording, events::Recording::Sequence sequence, const QUrl &base);
    void clear();
    /// The tab and the splitters.
    void saveState(QSettings &settings) const;
    void restoreState(const QSettings &settings);

    enum Tab { WaterfallTab, RequestTab, ResponseTab, ConsoleTab, ExceptionsTab, TabCount };
    QTabWidget &tabs() { return *m_tabs; }

Q_SIGNALS:
    /// The user wants to see this place of the source.
    void sourceAsked(const cleat::base::Place &place);
    /// ... and this in the Data pane. kind: "kv", "r2", "d1"; what: a key, an object's name, SQL; empty: the store alone.
    void dataAsked(const QString &kind, const QString &binding, const QString &what);
    /// ... and the settings that say who answers for Workers AI.
    void aiSettingsAsked();
    /// ... and that other request, by its id.
    void requestAsked(cleat::events::RequestId id);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class Which { Other, Same };
    QWidget *makeHead();
    QWidget *makeWaterfall();
    void load();
    void showRecord(events::RequestRecord record, Which which);
    void showGone();
    void refresh();
    void showHead();
    void showTabTitles();
    void fillTab(int tab);
    void showSpan(int call);
    void openSpan(int call);
    void fillSecretsMenu();

    std::shared_ptr<const events::Recording> m_recording;
    events::Recording::Sequence m_sequence = 0;
    std::optional<std::uint32_t> m_revision;
    std::optional<events::RequestRecord> m_record; ///< as it was recorded
    events::RequestRecord m_shown; ///< with the secrets that the user unmasked
    SecretValues m_unmasked;
    QStringList m_secrets; ///< whose marks are in m_record
    QUrl m_base;
    DetailServices m_services;
    std::array<bool, TabCount> m_stale{}; ///< tabs that show an older state, because they are not to be seen
    bool m_otherRecord = false; ///< the waterfall has to forget its place
    QElapsedTimer m_sinceLoad;
    qint64 m_loadCost = 0; ///< ms
    QTimer m_later;

    QStackedWidget *m_pages;
    EmptyState *m_nothing;
    ToneLabel *m_status;
    ElideLabel *m_url;
    ElideLabel *m_facts;
    ToneLabel *m_error;
    QToolButton *m_causeButton; ///< to the request that this was sent by
    QToolButton *m_secretsButton;
    QTabWidget *m_tabs;
    SpanModel *m_spans;
    Waterfall *m_waterfall;
    QSplitter *m_waterfallSplitter;
    SpanPanel *m_span;
    MessageView *m_requestHalf;
    MessageView *m_responseHalf;
    ConsoleList *m_console;
    ExceptionsView *m_exceptions;
};

} // namespace cleat::ui
