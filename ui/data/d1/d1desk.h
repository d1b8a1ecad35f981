// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"
#include "core/data/d1/snapshots.h"
#include "core/data/d1/tablerows.h"
#include "core/session/dataresources.h"
#include "core/session/datathread.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <memory>

namespace cleat::ui {

/// A TableRows that is made on the thread that first asks for it, and is to be destroyed there (DataThread::keep()).
class RowReader final
{
public:
    explicit RowReader(std::filesystem::path file) : m_file(std::move(file)) {}
    data::d1::TableRows &rows()
    {
        if (!m_rows)
            m_rows = std::make_unique<data::d1::TableRows>(m_file);
        return *m_rows;
    }

private:
    const std::filesystem::path m_file;
    std::unique_ptr<data::d1::TableRows> m_rows;
};

/// What the parts of one D1 view share: the database, its schema, the number of rows of its tables, and the threads on which it is read and changed, so that a long count
/// holds up no rows and a long query nothing at all. It must outlive those parts. GUI thread.
class D1Desk final : public QObject
{
    Q_OBJECT
public:
    explicit D1Desk(session::DataResource resource);
    ~D1Desk() override;

    const session::DataResource &resource() const { return m_resource; }
    const std::filesystem::path &file() const { return m_resource.file; }
    const data::d1::Schema &schema() const { return m_schema; }
    /// Whether the schema was read at least once.
    bool isRead() const { return m_read; }

    session::DataThread &rowsThread() { return m_rowsThread; } ///< rows of the grid, and whether something changed
    session::DataThread &countsThread() { return m_countsThread; } ///< numbers of rows
    session::DataThread &workThread() { return m_workThread; } ///< commits, imports, exports, migrations, snapshots
    session::DataThread &consoleThread() { return m_consoleThread; } ///< what the user runs
    const std::shared_ptr<RowReader> &reader() const { return m_reader; } ///< on rowsThread()
    const std::shared_ptr<RowReader> &counter() const { return m_counter; } ///< on countsThread()

    /// nullopt: not counted yet.
    std::optional<std::uint64_t> rowCount(const QString &table) const;
    /// A count that another part made.
    void setRowCount(const QString &table, std::uint64_t count);

    /// Looks whether somebody changed the database; changed() follows. Quick.
    void poll();
    /// Reads the schema anew, now.
    void readSchema();

    /// A snapshot, then `then`; when it fails, failed() and nothing more.
    void snapshotThen(const QString &reason, QObject *context, std::function<void()> then);

Q_SIGNALS:
    void schemaRead(); ///< another one than before, or the first
    void rowCountChanged(const QString &table);
    void changed(); ///< the data, by whomever
    void wrote(); ///< the data, from this view: rows were saved, or SQL was run that writes
    void failed(const QString &message);

private:
    void takeSchema(base::Result<data::d1::Schema> &&schema);
    void countTables();

    const session::DataResource m_resource;
    data::d1::Schema m_schema;
    bool m_read = false;
    bool m_polling = false;
    QString m_lastError;
    QHash<QString, quint64> m_counts;
    qint64 m_countingMs = 0; ///< how long the last counting of all tables took
    qint64 m_countedAt = 0;
    session::DataThread::Ticket m_counting = 0;
    session::DataThread::Ticket m_reading = 0;
    session::DataThread m_rowsThread;
    session::DataThread m_countsThread;
    session::DataThread m_workThread;
    session::DataThread m_consoleThread;
    std::shared_ptr<RowReader> m_reader;
    std::shared_ptr<RowReader> m_counter;
};

} // namespace cleat::ui
