// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/bytesearch.h"

#include <QTimer>
#include <QWidget>

class QLineEdit;
class QToolButton;

namespace cleat::ui {

class ToneLabel;

/// Looks for text or bytes in what a value is shown in: as one types, on with Enter or F3, back with Shift. Hidden until open(); Escape closes it.
class ValueFindBar final : public QWidget
{
    Q_OBJECT
public:
    explicit ValueFindBar(QWidget *parent = nullptr);

    /// What is searched from now on; nullptr: nothing can be. Borrowed. `bytes`: hexadecimal digits can be looked for.
    enum class Bytes { No, Yes };
    void setTarget(Findable *target, Bytes bytes);
    /// With this text, unless it is empty.
    void open(const QString &text);
    void close();

Q_SIGNALS:
    void closed();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void search();
    void step(Findable::Step step);
    void show(const FindState &state);

    Findable *m_target = nullptr;
    QLineEdit *m_text;
    QToolButton *m_case;
    QToolButton *m_hex;
    QToolButton *m_previous;
    QToolButton *m_next;
    ToneLabel *m_count;
    QTimer m_wait; ///< until typing pauses
};

} // namespace cleat::ui
