// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/sqlhistory.h"

#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <QBoxLayout>
#include <QCryptographicHash>
#include <QDialogButtonBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QSettings>
#include <QShortcut>

namespace cleat::ui {

using namespace Qt::StringLiterals;

QString settingsName(const std::filesystem::path &file)
{
    return QString::fromLatin1(QCryptographicHash::hash(QByteArray::fromStdString(file.native()), QCryptographicHash::Sha1).toHex().left(16));
}

SqlHistory::SqlHistory(const std::filesystem::path &file)
    : m_key(u"data/d1/history/"_s + settingsName(file)),
      m_entries(QSettings().value(m_key).toStringList())
{}

void SqlHistory::add(const QString &sql)
{
    const QString entry = sql.trimmed();
    if (entry.isEmpty() || entry.size() > longestEntry)
        return;
    m_entries.removeAll(entry);
    m_entries.prepend(entry);
    while (m_entries.size() > mostEntries)
        m_entries.removeLast();
    QSettings().setValue(m_key, m_entries);
}

HistoryDialog::HistoryDialog(const QStringList &entries, QWidget *parent) : QDialog(parent), m_all(entries), m_search(new QLineEdit), m_list(new QListWidget)
{
    setWindowTitle(tr("SQL history"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(600, 380);
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search the history"));
    m_search->setClearButtonEnabled(true);
    m_list->setAccessibleName(tr("Statements that were run"));
    m_list->setFont(monospaceFont());
    m_list->setAlternatingRowColors(true);
    m_list->setTextElideMode(Qt::ElideRight);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setUniformItemSizes(true);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Ok | QDialogButtonBox::Cancel);
    buttons->button(QDialogButtonBox::Ok)->setText(tr("&Insert"));
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_search);
    column->addWidget(m_list, 1);
    column->addWidget(buttons);
    connect(m_search, &QLineEdit::textChanged, this, &HistoryDialog::fill);
    connect(m_list, &QListWidget::itemDoubleClicked, this, &HistoryDialog::take);
    connect(buttons, &QDialogButtonBox::accepted, this, &HistoryDialog::take);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    new QShortcut(Qt::Key_Down, m_search, m_list, qOverload<>(&QWidget::setFocus), Qt::WidgetShortcut);
    fill();
    m_search->setFocus();
}

void HistoryDialog::fill()
{
    const QStringList words = m_search->text().split(u' ', Qt::SkipEmptyParts);
    m_list->clear();
    for (const QString &entry : m_all) {
        if (!std::ranges::all_of(words, [&](const QString &word) { return entry.contains(word, Qt::CaseInsensitive); }))
            continue;
        auto *item = new QListWidgetItem(oneLine(entry.simplified(), 300), m_list);
        item->setData(Qt::UserRole, entry);
        item->setToolTip(entry.left(2000));
    }
    m_list->setCurrentRow(0);
}

void HistoryDialog::take()
{
    if (const QListWidgetItem *item = m_list->currentItem()) {
        Q_EMIT chosen(item->data(Qt::UserRole).toString());
        accept();
    }
}

} // namespace cleat::ui
