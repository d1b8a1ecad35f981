// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <QObject>
#include <QString>

#include <filesystem>

class QWidget;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

/// Asks for a Worker and has it run beside the project. GUI thread.
class WorkerPicker final : public QObject
{
    Q_OBJECT
public:
    /// Questions stand over `parent`, which owns it. `session` is borrowed.
    WorkerPicker(session::Session &session, QWidget *parent);

    enum class By { Folder, WranglerFile };
    /// Does not wait for the answer. `wanted`: the name that a binding calls the Worker by; when the one that was picked has another name it is asked whether that one is meant. Empty: any.
    void pick(By by, const QString &wanted = {});
    /// As if it had been picked.
    void add(const std::filesystem::path &place, const QString &wanted = {});

Q_SIGNALS:
    void added(const QString &name);
    /// A whole sentence.
    void failed(const QString &why);

private:
    void addNow(const std::filesystem::path &place, const QString &name);

    session::Session &m_session;
    QWidget *m_parent;
};

} // namespace cleat::ui
