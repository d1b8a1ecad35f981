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

namespace {

/// Asks for no more than its least height.
class LinesField final : public QPlainTextEdit
{
public:
    using QPlainTextEdit::QPlainTextEdit;
    QSize sizeHint() const override { return {QPlainTextEdit::sizeHint().width(), minimumHeight()}; }
};

} // namespace

QPlainTextEdit *makeLinesField(int lines, QWidget *parent)
{
    auto *field = new LinesField(parent);
    field->setTabChangesFocus(true);
    field->setFont(monospaceFont());
    field->setMinimumHeight(field->fontMetrics().lineSpacing() * lines + 12);
    return field;
}

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
    m_copy->setBackgroundRole(QPalette::Base); // over long lines
    m_copy->setAutoFillBackground(true);
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
    constexpr int most = 6; // the rest scrolls
    const int lines = std::min(static_cast<int>(code.count(u'\n')) + 1, most);
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
