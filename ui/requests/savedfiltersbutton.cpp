// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/savedfiltersbutton.h"

#include "ui/data/questions.h"
#include "ui/requests/filterline.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/text.h"

#include <QMenu>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostRecent = 8;

/// As the text of a menu's entry: an "&" is one.
QString plain(QString text)
{
    return oneLine(text.replace(u'&', u"&&"_s), 60);
}

} // namespace

SavedFiltersButton::SavedFiltersButton(FilterLine &line, const QString &project, QWidget *parent)
    : QToolButton(parent),
      m_line(line),
      m_filters(project),
      m_menu(new QMenu(this))
{
    setIcon(ui::icon("bookmark"_L1));
    setText(tr("Saved filters"));
    setToolTip(tr("Saved filters"));
    setAccessibleName(tr("Saved filters"));
    setToolButtonStyle(Qt::ToolButtonIconOnly);
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    setPopupMode(QToolButton::InstantPopup);
    setMenu(m_menu);
    connect(m_menu, &QMenu::aboutToShow, this, &SavedFiltersButton::fill);
    fill();
    m_line.setHistory(m_filters.history());
    connect(&m_line, &FilterLine::used, this, [this](const QString &used) {
        m_filters.addToHistory(used);
        m_line.setHistory(m_filters.history());
    });
}

void SavedFiltersButton::fill()
{
    for (QMenu *submenu : m_menu->findChildren<QMenu *>())
        submenu->deleteLater();
    m_menu->clear();
    const QString line = m_line.text().trimmed();
    for (const SavedFilters::Filter &filter : m_filters.filters()) {
        QAction *action = m_menu->addAction(ui::icon("bookmark"_L1), plain(filter.name));
        action->setToolTip(filter.line.toHtmlEscaped());
        connect(action, &QAction::triggered, this, [this, used = filter.line] { m_line.use(used); });
    }
    m_menu->setToolTipsVisible(true);
    if (m_filters.filters().empty())
        m_menu->addAction(tr("No filters are saved"))->setEnabled(false);
    m_menu->addSeparator();
    QAction *save = m_menu->addAction(ui::icon("save"_L1), tr("Save this filter…"));
    save->setEnabled(!line.isEmpty() && m_line.trouble().isEmpty());
    connect(save, &QAction::triggered, this, &SavedFiltersButton::askName);
    if (!m_filters.filters().empty()) {
        auto *renaming = new QMenu(tr("Rename"), m_menu);
        auto *deleting = new QMenu(tr("Delete"), m_menu);
        for (const SavedFilters::Filter &filter : m_filters.filters()) {
            connect(renaming->addAction(plain(filter.name) + u'…'), &QAction::triggered, this, [this, name = filter.name] { askOtherName(name); });
            connect(deleting->addAction(plain(filter.name) + u'…'), &QAction::triggered, this, [this, name = filter.name] {
                askFirst(this, tr("Delete the saved filter “%1”?").arg(name), tr("Delete"), [this, name] { m_filters.remove(name); });
            });
        }
        m_menu->addMenu(renaming);
        m_menu->addMenu(deleting);
    }
    if (!m_filters.history().isEmpty()) {
        m_menu->addSection(tr("Used lately"));
        for (const QString &used : m_filters.history().first(std::min(mostRecent, m_filters.history().size())))
            connect(m_menu->addAction(plain(used)), &QAction::triggered, this, [this, used] { m_line.use(used); });
    }
}

void SavedFiltersButton::askName()
{
    const QString line = m_line.text().trimmed();
    TextQuestion question;
    question.title = tr("Save filter");
    question.label = tr("Name of the filter:");
    question.text = line;
    question.doIt = tr("Save");
    question.trouble = [](const QString &name) { return name.trimmed().isEmpty() ? tr("Type a name.") : QString(); };
    askText(this, question, [this, line](const QString &name) { m_filters.save(name.trimmed(), line); });
}

void SavedFiltersButton::askOtherName(const QString &name)
{
    TextQuestion question;
    question.title = tr("Rename filter");
    question.label = tr("New name:");
    question.text = name;
    question.doIt = tr("Rename");
    question.trouble = [this, name](const QString &to) {
        if (to.trimmed().isEmpty())
            return tr("Type a name.");
        return to.trimmed() != name && m_filters.has(to.trimmed()) ? tr("There is a filter of this name.") : QString();
    };
    askText(this, question, [this, name](const QString &to) { m_filters.rename(name, to.trimmed()); });
}

} // namespace cleat::ui
