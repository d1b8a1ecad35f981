// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/d1/d1values.h"

#include <cstdint>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace cleat::bindings::d1 {

/// How many rows a run of a statement reads and writes, as workerd counts them: each step or seek of a cursor, each insert into a table or an index. workerd's SQLite
/// has counters for it; SQLite as it is counts the steps only, so the rest follows from the statement's program: exact where a row is looked for, scanned or written in
/// a plain way, near where loops lie in loops.
class Cost final
{
public:
    Cost() = default;
    /// Of a statement that has just been prepared on `db`.
    Cost(sqlite3 *db, sqlite3_stmt *statement);

    /// After a run: fills in rowsRead and rowsWritten. `changes`: rows that the run changed.
    void measure(sqlite3_stmt *statement, std::int64_t changes, const Rows &rows, Meta &meta) const;

    /// How far a run has come.
    struct Progress {
        std::int64_t plain = 0; ///< SQLite's counters of steps
        std::int64_t fullScan = 0;
        std::int64_t autoIndex = 0;
        std::int64_t changes = 0; ///< rows that it changed
        std::int64_t rows = 0; ///< that it gave
        std::int64_t firstInteger = 0; ///< of the first row, if that begins with one
    };
    enum class Counters : std::uint8_t { Keep, Reset };
    /// SQLite's counters of the statement.
    static Progress progress(sqlite3_stmt *statement, Counters counters);
    std::int64_t rowsRead(const Progress &progress) const;
    std::int64_t rowsWritten(std::int64_t changes) const;

private:
    enum class Steps : std::uint8_t { Counted, FullScan, AutoIndex, Virtual, Changes }; ///< what tells how often a loop goes round
    struct Op;
    struct Loop {
        int begin = 0;
        int end = 0;
        Steps steps = Steps::Counted;
    };
    /// Cursor seeks that happen in each round of a loop, or once.
    struct Seeks {
        int count = 0;
        int within = 0; ///< loops of the same kind round them
        Steps steps = Steps::Counted;
    };

    void addProgram(const std::vector<Op> &program);

    int m_seeksOnce = 0;
    std::vector<Seeks> m_seeks;
    bool m_counts = false; ///< there is a count(*) of a whole table
    bool m_virtual = false; ///< reads a virtual table
    int m_writesOnce = 0;
    int m_writesEach = 0; ///< for m_rowsEach changed rows
    int m_rowsEach = 0;
};

} // namespace cleat::bindings::d1
