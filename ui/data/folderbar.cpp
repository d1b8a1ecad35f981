// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/folderbar.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QLineEdit>
#include <QShortcut>
#include <QStackedWidget>
#include <QStringList>
#include <QToolButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

FolderBar::FolderBar(const QString &bucket, QWidget *parent)
    : QWidget(parent), m_bucket(bucket), m_up(new QToolButton), m_pages(new QStackedWidget), m_crumbs(new QWidget), m_row(new QHBoxLayout(m_crumbs)), m_line(new QLineEdit)
{
    m_up->setIcon(icon("arrow-left"_L1));
    m_up->setAutoRaise(true);
    m_up->setToolTip(tr("To the folder above (Alt+Up)"));
    m_up->setAccessibleName(tr("Folder above"));
    m_up->setFocusPolicy(Qt::TabFocus);
    connect(m_up, &QToolButton::clicked, this, [this] { Q_EMIT chosen(above(m_folder)); });
    m_line->setAccessibleName(tr("Folder"));
    m_line->setPlaceholderText(tr("folder/within/"));
    connect(m_line, &QLineEdit::returnPressed, this, &FolderBar::take);
    connect(m_line, &QLineEdit::editingFinished, this, [this] { m_pages->setCurrentWidget(m_crumbs); });
    auto *escape = new QShortcut(QKeySequence(Qt::Key_Escape), m_line, nullptr, nullptr, Qt::WidgetShortcut);
    connect(escape, &QShortcut::activated, this, [this] { m_pages->setCurrentWidget(m_crumbs); });
    m_row->setContentsMargins(0, 0, 0, 0);
    m_row->setSpacing(0);
    m_pages->addWidget(m_crumbs);
    m_pages->addWidget(m_line);
    m_pages->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    row->addWidget(m_up);
    row->addWidget(m_pages, 1);
    refresh();
}

QString FolderBar::above(const QString &folder)
{
    const qsizetype slash = folder.lastIndexOf(u'/', folder.size() - 2);
    return folder.size() < 2 || slash < 0 ? QString() : folder.left(slash + 1);
}

void FolderBar::setFolder(const QString &folder)
{
    m_folder = folder;
    refresh();
}

void FolderBar::edit()
{
    m_line->setText(m_folder);
    m_pages->setCurrentWidget(m_line);
    m_line->setFocus(Qt::ShortcutFocusReason);
    m_line->selectAll();
}

void FolderBar::take()
{
    QString folder = m_line->text();
    if (!folder.isEmpty() && !folder.endsWith(u'/'))
        folder += u'/';
    m_pages->setCurrentWidget(m_crumbs);
    Q_EMIT chosen(folder);
}

void FolderBar::mousePressEvent(QMouseEvent *event)
{
    QWidget::mousePressEvent(event);
    edit();
}

void FolderBar::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    refresh();
}

/// The last folders are those that matter: the first ones make room for them.
void FolderBar::refresh()
{
    while (QLayoutItem *item = m_row->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
    m_up->setEnabled(!m_folder.isEmpty());
    struct Crumb {
        QString text;
        QString folder;
    };
    QList<Crumb> crumbs{{m_bucket, {}}};
    qsizetype begin = 0;
    while (begin < m_folder.size()) {
        const qsizetype slash = m_folder.indexOf(u'/', begin);
        const qsizetype end = slash < 0 ? m_folder.size() : slash;
        crumbs.append({m_folder.mid(begin, end - begin), m_folder.left(end + 1)});
        begin = end + 1;
    }
    const auto room = [this](const QString &text) { return fontMetrics().horizontalAdvance(text) + 26; };
    const auto shortened = [this](const QString &text) { return fontMetrics().elidedText(text.isEmpty() ? u"/"_s : oneLine(text), Qt::ElideMiddle, 180); };
    int left = width() - m_up->sizeHint().width() - room(u"…"_s);
    qsizetype first = crumbs.size() - 1;
    left -= room(shortened(crumbs[first].text));
    while (first > 0 && left - room(shortened(crumbs[first - 1].text)) > 0)
        left -= room(shortened(crumbs[--first].text));
    if (first > 0)
        crumbs[first - 1].text = u"…"_s;
    for (qsizetype i = std::max<qsizetype>(first - 1, 0); i < crumbs.size(); ++i) {
        auto *button = new QToolButton;
        button->setText((i == first - 1 ? u"…"_s : shortened(crumbs[i].text)) + (i + 1 < crumbs.size() ? u" /"_s : QString()));
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
        button->setToolTip(crumbs[i].folder.toHtmlEscaped());
        connect(button, &QToolButton::clicked, this, [this, folder = crumbs[i].folder] { Q_EMIT chosen(folder); });
        m_row->addWidget(button);
    }
    m_row->addStretch(1);
}

} // namespace cleat::ui
