// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/requests/savedfilters.h"

#include <QCryptographicHash>
#include <QSettings>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostHistory = 30;

} // namespace

SavedFilters::SavedFilters(const QString &project)
    : m_group(u"requests/filters/"_s + QString::fromLatin1(QCryptographicHash::hash(project.toUtf8(), QCryptographicHash::Sha1).toHex().left(16)))
{
    QSettings settings;
    settings.beginGroup(m_group);
    m_history = settings.value(u"history"_s).toStringList();
    const int count = settings.beginReadArray(u"saved"_s);
    for (int i = 0; i < count; ++i) {
        settings.setArrayIndex(i);
        m_filters.push_back({settings.value(u"name"_s).toString(), settings.value(u"line"_s).toString()});
    }
    settings.endArray();
}

bool SavedFilters::has(const QString &name) const
{
    return std::ranges::find(m_filters, name, &Filter::name) != m_filters.end();
}

void SavedFilters::save(const QString &name, const QString &line)
{
    std::erase_if(m_filters, [&name](const Filter &filter) { return filter.name == name; });
    m_filters.push_back({name, line});
    std::ranges::sort(m_filters, [](const Filter &a, const Filter &b) { return QString::localeAwareCompare(a.name, b.name) < 0; });
    write();
}

void SavedFilters::rename(const QString &name, const QString &to)
{
    const auto found = std::ranges::find(m_filters, name, &Filter::name);
    if (found == m_filters.end() || has(to) || to.isEmpty())
        return;
    const QString line = found->line;
    m_filters.erase(found);
    save(to, line);
}

void SavedFilters::remove(const QString &name)
{
    std::erase_if(m_filters, [&name](const Filter &filter) { return filter.name == name; });
    write();
}

void SavedFilters::addToHistory(const QString &line)
{
    if (!m_history.isEmpty() && m_history.constFirst() == line)
        return;
    m_history.removeAll(line);
    m_history.prepend(line);
    while (m_history.size() > mostHistory)
        m_history.removeLast();
    write();
}

void SavedFilters::write() const
{
    QSettings settings;
    settings.beginGroup(m_group);
    settings.setValue(u"history"_s, m_history);
    settings.remove(u"saved"_s);
    settings.beginWriteArray(u"saved"_s, static_cast<int>(m_filters.size()));
    for (std::size_t i = 0; i < m_filters.size(); ++i) {
        settings.setArrayIndex(static_cast<int>(i));
        settings.setValue(u"name"_s, m_filters[i].name);
        settings.setValue(u"line"_s, m_filters[i].line);
    }
    settings.endArray();
}

} // namespace cleat::ui
