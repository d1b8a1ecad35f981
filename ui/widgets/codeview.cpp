// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/codeview.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QGuiApplication>
#include <QTimer>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

QPlainTextEdit *makeCodeView(QWidget *parent)
{
    auto *view = new QPlainTextEdit(parent);
    view->setReadOnly(true);
    view->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    view->setTabChangesFocus(true);
    view->setFont(monospaceFont());
    view->setLineWrapMode(QPlainTextEdit::NoWrap);
    view->setUndoRedoEnabled(false);
    return view;
}

CodeSnippet::CodeSnippet(QWidget *parent) : QWidget(parent), m_view(makeCodeView()), m_copy(new QToolButton(this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_view);
    m_copy->setIcon(icon("copy"_L1, Tone::Muted));
    m_copy->setToolTip(tr("Copy this code"));
    m_copy->setAccessibleName(m_copy->toolTip());
    m_copy->setAutoRaise(true);
    m_copy->raise();
    connect(m_copy, &QToolButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(m_view->toPlainText());
        m_copy->setIcon(icon("check"_L1, Tone::Success));
        QTimer::singleShot(1500, m_copy, [this] { m_copy->setIcon(icon("copy"_L1, Tone::Muted)); });
    });
}

void CodeSnippet::setCode(const QString &code)
{
    if (m_view->toPlainText() == code)
        return;
    m_view->setPlainText(code);
    const int lines = static_cast<int>(code.count(u'\n')) + 1;
    m_view->setMinimumHeight(lines * m_view->fontMetrics().lineSpacing() + 12);
}

void CodeSnippet::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_copy->resize(m_copy->sizeHint());
    m_copy->move(width() - m_copy->sizeHint().width() - 4, 4);
    m_copy->raise();
}

} // namespace cleat::ui
