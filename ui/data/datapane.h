// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"
#include "core/session/datathread.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>

#include <functional>
#include <optional>

class QMessageBox;
class QSettings;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class DataView;
class ElideLabel;
class LocationBar;
class ResourceTree;

/// The local data of the project: which stores there are, where they lie, and a view of the one that is chosen. GUI thread.
class DataPane final : public QWidget
{
    Q_OBJECT
public:
    explicit DataPane(session::Session &session, QWidget *parent = nullptr);
    ~DataPane() override;

    /// Chooses a resource, and in it a key, an object or a table (empty: none). False when there is no such resource.
    bool showItem(session::DataResource::Kind kind, const std::string &id, const QString &item = {});
    /// Chooses what the binding stands for. False when it has no local data.
    bool showBinding(const config::Binding &binding);
    /// Whether edits that are not saved would be lost.
    bool isEdited() const;
    /// Does it when nothing is edited, or once the user has given the edits up.
    void whenLeft(std::function<void()> then);
    void saveState(QSettings &settings) const;

Q_SIGNALS:
    /// The user wants to choose who answers for Workers AI.
    void aiSettingsAsked();

protected:
    void showEvent(QShowEvent *event) override;
    void hideEvent(QHideEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    void refreshPlace();
    void choose();
    void show(const session::DataResource &resource);
    void showNothing();
    void poll();
    void measure();
    void fillPlaceMenu();
    void browseForPlace();

    session::Session &m_session;
    session::DataThread m_thread; ///< what takes a look at folders
    ResourceTree *m_tree;
    ElideLabel *m_place;
    QToolButton *m_placeButton;
    LocationBar *m_location;
    QSplitter *m_splitter;
    QWidget *m_right;
    QStackedWidget *m_pages;
    QWidget *m_empty;
    DataView *m_view = nullptr;
    QTimer m_pollTimer;
    QTimer m_refreshTimer;
    qint64 m_nextMeasureMs = 0;
    bool m_measuring = false;
    bool m_listing = false;
    QPointer<QMessageBox> m_question;
};

} // namespace cleat::ui
