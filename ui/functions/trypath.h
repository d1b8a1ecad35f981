// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/session/routetable.h"

#include <QWidget>

#include <memory>

class QComboBox;
class QLabel;
class QLineEdit;
class QTextBrowser;

namespace cleat::ui {

/// A method and a path, and which route would take it, why, and what it would pass on the way. GUI thread.
class TryPath final : public QWidget
{
    Q_OBJECT
public:
    explicit TryPath(QWidget *parent = nullptr);

    void setRoutes(std::shared_ptr<const session::RouteTable> routes);
    /// As if the user had typed it.
    void tryThis(const QString &method, const QString &path);
    /// What is shown, as plain text.
    QString answerText() const;

Q_SIGNALS:
    void sourceAsked(const cleat::base::Place &place);
    /// A route takes it; -1: none.
    void rowFound(int row);

protected:
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    QString describe(const session::RouteMatch &match) const;

    std::shared_ptr<const session::RouteTable> m_routes;
    QComboBox *m_method;
    QLineEdit *m_path;
    QTextBrowser *m_answer;
};

} // namespace cleat::ui
