// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme.h"

#include <QWidget>

class QLabel;
class QPlainTextEdit;
class QPushButton;
class QHBoxLayout;
class QToolButton;

namespace cleat::ui {

/// A bar across a pane with something to know or to do: an icon, a text, perhaps a longer monospace text below, buttons. Hidden until show() is called.
class MessageBar final : public QWidget
{
    Q_OBJECT
public:
    enum class Kind { Info, Warning, Error };
    enum class Closing { ByUser, ByOwner };

    explicit MessageBar(Closing closing, QWidget *parent = nullptr);

    /// Plain text. Removes the detail and the buttons of before.
    void setMessage(Kind kind, const QString &text);
    /// Monospace, selectable, below the text.
    void setDetail(const QString &text);
    /// The caller connects to its clicked().
    QPushButton *addButton(const QString &text);

Q_SIGNALS:
    void closed();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitDetail();
    Kind m_kind = Kind::Info;
    QLabel *m_icon;
    QLabel *m_text;
    QPlainTextEdit *m_detail;
    QHBoxLayout *m_row;
    QToolButton *m_close;
    QList<QPushButton *> m_buttons;
};

} // namespace cleat::ui
