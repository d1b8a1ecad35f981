// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/event.h"

#include <QTextBrowser>

#include <vector>

namespace cleat::ui {

/// A place as a stack has it, "functions/api.ts:12:5", in a line of text.
struct StackPlace {
    qsizetype begin = 0;
    qsizetype length = 0;
    base::Place place;
};
std::vector<StackPlace> stackPlaces(const QString &text);

/// The exceptions of one request: message, the source round the place, the stack with its places as links. GUI thread.
class ExceptionsView final : public QTextBrowser
{
    Q_OBJECT
public:
    explicit ExceptionsView(QWidget *parent = nullptr);
    /// The same ones again change nothing.
    void setExceptions(const std::vector<events::ExceptionEvent> &exceptions);

Q_SIGNALS:
    void sourceAsked(const cleat::base::Place &place);

protected:
    void changeEvent(QEvent *event) override;

private:
    void fill();
    void addException(QTextCursor &cursor, const events::ExceptionEvent &exception);
    void addExcerpt(QTextCursor &cursor, const events::ExceptionEvent &exception);
    void addStack(QTextCursor &cursor, const QString &stack);
    void addPlace(QTextCursor &cursor, const QString &text, const base::Place &place, const QTextCharFormat &plain);

    std::vector<events::ExceptionEvent> m_exceptions;
    std::vector<base::Place> m_places; ///< behind the links
};

} // namespace cleat::ui
