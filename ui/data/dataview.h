// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"

#include <QWidget>

class QSettings;

namespace cleat::ui {

/// What the Data pane shows of one resource. Made when the resource is chosen, destroyed when another is; what it needs from disk it asks of a DataThread of its own.
class DataView : public QWidget
{
    Q_OBJECT
public:
    explicit DataView(session::DataResource resource, QWidget *parent = nullptr) : QWidget(parent), m_resource(std::move(resource)) {}

    const session::DataResource &resource() const { return m_resource; }

    /// Called four times a second while it is to be seen: looks whether somebody else changed the data, and then shows them anew, with what is new marked. Must be quick.
    virtual void poll() = 0;
    /// Whether something that the user made would be lost (staged edits, a value half edited).
    virtual bool isEdited() const { return false; }
    /// Shows a key, an object or a table, from elsewhere in the window.
    virtual void showItem(const QString &key) = 0;
    virtual void saveState(QSettings &) const {}

Q_SIGNALS:
    /// A line for the head of the pane: "12,345 keys".
    void summaryChanged(const QString &summary);
    /// Work that takes long goes on: the view must not be closed without asking.
    void busyChanged(bool busy);
    /// The user wants to choose who answers for Workers AI.
    void aiSettingsAsked();

private:
    const session::DataResource m_resource;
};

} // namespace cleat::ui
