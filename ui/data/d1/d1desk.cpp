// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/d1desk.h"

#include "ui/widgets/text.h"

#include <QDateTime>
#include <QElapsedTimer>

namespace cleat::ui {

namespace d1 = data::d1;

namespace {

struct Counts {
    std::vector<std::pair<std::string, std::uint64_t>> tables;
    qint64 tookMs = 0;
};

} // namespace

D1Desk::D1Desk(session::DataResource resource)
    : m_resource(std::move(resource)),
      m_reader(std::make_shared<RowReader>(m_resource.file)),
      m_counter(std::make_shared<RowReader>(m_resource.file))
{}

D1Desk::~D1Desk()
{
    m_rowsThread.keep(std::move(m_reader));
    m_countsThread.keep(std::move(m_counter));
}

std::optional<std::uint64_t> D1Desk::rowCount(const QString &table) const
{
    const auto found = m_counts.find(table);
    return found == m_counts.end() ? std::nullopt : std::optional<std::uint64_t>(*found);
}

void D1Desk::setRowCount(const QString &table, std::uint64_t count)
{
    const auto found = m_counts.find(table);
    if (found != m_counts.end() && *found == count)
        return;
    m_counts.insert(table, count);
    Q_EMIT rowCountChanged(table);
}

void D1Desk::poll()
{
    if (m_polling)
        return;
    m_polling = true;
    m_rowsThread.run(
        this, [reader = m_reader](std::stop_token) { return reader->rows().changed(); },
        [this](base::Result<bool> &&changed) {
            m_polling = false;
            if (!changed) {
                if (const QString message = formatError(changed.error()); message != m_lastError) {
                    m_lastError = message; // once, not four times a second
                    Q_EMIT failed(message);
                }
                return;
            }
            m_lastError.clear();
            if (*changed)
                readSchema();
        });
}

void D1Desk::readSchema()
{
    if (m_reading)
        m_rowsThread.cancel(m_reading);
    m_reading = m_rowsThread.run(
        this, [file = m_resource.file](std::stop_token) { return d1::readSchema(file); },
        [this](base::Result<d1::Schema> &&schema) {
            m_reading = 0;
            takeSchema(std::move(schema));
        });
}

void D1Desk::takeSchema(base::Result<d1::Schema> &&schema)
{
    if (!schema) {
        Q_EMIT failed(formatError(schema.error()));
        return;
    }
    const bool other = !m_read || *schema != m_schema;
    m_read = true;
    if (other) {
        m_schema = std::move(*schema);
        Q_EMIT schemaRead();
    }
    Q_EMIT changed();
    countTables();
}

/// All tables, one after the other; seldom when that takes long.
void D1Desk::countTables()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    if (m_counting || (m_countedAt && now - m_countedAt < m_countingMs * 20))
        return;
    std::vector<std::string> names;
    for (const d1::Table &table : m_schema.tables)
        names.push_back(table.name);
    m_counting = m_countsThread.run(
        this,
        [counter = m_counter, names = std::move(names)](std::stop_token stop) {
            Counts counts;
            QElapsedTimer clock;
            clock.start();
            for (const std::string &name : names) {
                d1::View view;
                view.table = name;
                if (const auto count = counter->rows().count(view, stop)) // a view that is broken has no number
                    counts.tables.emplace_back(name, *count);
                if (stop.stop_requested())
                    break;
            }
            counts.tookMs = clock.elapsed();
            return counts;
        },
        [this](Counts &&counts) {
            m_counting = 0;
            m_countingMs = counts.tookMs;
            m_countedAt = QDateTime::currentMSecsSinceEpoch();
            for (const auto &[name, count] : counts.tables)
                setRowCount(fromUtf8(name), count);
        });
}

void D1Desk::snapshotThen(const QString &reason, QObject *context, std::function<void()> then)
{
    m_workThread.run(
        context,
        [file = m_resource.file, reason = toUtf8(reason)](std::stop_token stop) {
            data::Control control;
            control.stop = std::move(stop);
            return d1::takeSnapshot(file, reason, d1::Snapshot::Maker::Cleat, control);
        },
        [this, then = std::move(then)](base::Result<d1::Snapshot> &&snapshot) {
            if (snapshot)
                then();
            else
                Q_EMIT failed(tr("No snapshot could be taken, so nothing was done. %1").arg(formatError(snapshot.error())));
        });
}

} // namespace cleat::ui
