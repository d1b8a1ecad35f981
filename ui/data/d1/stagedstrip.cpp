// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/stagedstrip.h"

#include "ui/data/d1/ask.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/theme.h"

#include <QAction>
#include <QBoxLayout>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

#include <climits>

namespace cleat::ui {

StagedStrip::StagedStrip(QAction *undo, QAction *redo, QAction *commit, QAction *discard, QWidget *parent)
    : QWidget(parent),
      m_text(new ElideLabel),
      m_show(new QToolButton),
      m_sql(makeCodeView())
{
    m_show->setText(tr("Show SQL"));
    m_show->setCheckable(true);
    m_show->setObjectName(QStringLiteral("showSql"));
    m_show->setFocusPolicy(Qt::TabFocus);
    m_sql->setAccessibleName(tr("The statements that Commit runs"));
    m_sql->setFixedHeight(m_sql->fontMetrics().lineSpacing() * 5 + 12);
    m_sql->hide();
    connect(m_show, &QToolButton::toggled, this, [this](bool shown) {
        m_sql->setVisible(shown);
        if (shown)
            Q_EMIT sqlWanted();
    });
    const auto button = [](QAction *action) {
        auto *made = new QPushButton(action->text());
        made->setToolTip(action->toolTip());
        made->setObjectName(action->objectName());
        connect(made, &QPushButton::clicked, action, &QAction::trigger);
        connect(action, &QAction::changed, made, [made, action] { made->setEnabled(action->isEnabled()); });
        return made;
    };
    auto *row = new QHBoxLayout;
    row->setContentsMargins(8, 3, 8, 3);
    row->setSpacing(4);
    row->addWidget(m_text, 1);
    row->addWidget(toolButton(undo, ButtonLook::IconOnly));
    row->addWidget(toolButton(redo, ButtonLook::IconOnly));
    row->addWidget(m_show);
    row->addWidget(button(discard));
    row->addWidget(button(commit));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 1, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_sql);
}

void StagedStrip::setCount(std::size_t count)
{
    const int number = static_cast<int>(std::min<std::size_t>(count, INT_MAX));
    m_text->setText(number == 1 ? tr("1 change") : tr("%1 changes").arg(locale().toString(number)));
}

bool StagedStrip::showsSql() const
{
    return m_show->isChecked();
}

void StagedStrip::setSql(const QString &sql)
{
    m_sql->setPlainText(sql);
}

void StagedStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Colors &c = colors(palette());
    painter.fillRect(rect(), c.warningBack);
    painter.fillRect(0, 0, width(), 1, c.border);
}

} // namespace cleat::ui
