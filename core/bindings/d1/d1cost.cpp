// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/d1/d1cost.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <string_view>

namespace cleat::bindings::d1 {

struct Cost::Op {
    std::string code;
    int p1 = 0;
    int p2 = 0;
    int p3 = 0;
    int p5 = 0;
};

namespace {

// Flags of SQLite's programs: OPFLAG_NCHANGE, OPFLAG_ISNOOP.
constexpr int countsAsChange = 1;
constexpr int doesNothing = 64;

bool isOneOf(std::string_view code, std::initializer_list<std::string_view> codes)
{
    return std::ranges::find(codes, code) != codes.end();
}

/// A step of a cursor that is no seek: 0 to 3 are the statement's counters.
constexpr int plainStep = 0;

} // namespace

Cost::Cost(sqlite3 *db, sqlite3_stmt *statement)
{
    const char *const sql = sqlite3_sql(statement);
    if (!sql || sqlite3_stmt_isexplain(statement) != 0)
        return;
    const std::string explain = std::string("EXPLAIN ") + sql;
    sqlite3_stmt *listing = nullptr;
    if (sqlite3_prepare_v2(db, explain.data(), static_cast<int>(explain.size()), &listing, nullptr) != SQLITE_OK)
        return;
    std::vector<Op> program;
    int last = -1;
    while (sqlite3_step(listing) == SQLITE_ROW) {
        // The programs of triggers follow, and count from 0 again.
        const int address = sqlite3_column_int(listing, 0);
        if (address <= last) {
            addProgram(program);
            program.clear();
        }
        last = address;
        const auto *code = reinterpret_cast<const char *>(sqlite3_column_text(listing, 1));
        program.push_back({code ? code : "", sqlite3_column_int(listing, 2), sqlite3_column_int(listing, 3), sqlite3_column_int(listing, 4),
            sqlite3_column_int(listing, 6)});
    }
    addProgram(program);
    sqlite3_finalize(listing);
}

void Cost::addProgram(const std::vector<Op> &program)
{
    std::vector<Loop> loops;
    std::set<int> written;
    for (int at = 0; at < static_cast<int>(program.size()); ++at) {
        const Op &op = program[static_cast<std::size_t>(at)];
        if (op.code == "OpenWrite")
            written.insert(op.p1);
        if (op.p2 >= at || op.p2 <= 0)
            continue;
        if (isOneOf(op.code, {"Next", "Prev", "SorterNext"}))
            loops.push_back({op.p2, at, op.p5 == SQLITE_STMTSTATUS_FULLSCAN_STEP ? Steps::FullScan : op.p5 == SQLITE_STMTSTATUS_AUTOINDEX ? Steps::AutoIndex : Steps::Counted});
        else if (op.code == "VNext")
            loops.push_back({op.p2, at, Steps::Virtual});
        else if (op.code == "Goto" && op.p2 > 1)
            loops.push_back({op.p2, at, Steps::Changes}); // over a list of VALUES
    }
    for (int at = 0; at < static_cast<int>(program.size()); ++at) {
        const Op &op = program[static_cast<std::size_t>(at)];
        const Loop *innermost = nullptr;
        for (const Loop &loop : loops) {
            if (loop.begin <= at && at <= loop.end && (!innermost || loop.end - loop.begin < innermost->end - innermost->begin))
                innermost = &loop;
        }
        if (isOneOf(op.code, {"Rewind", "Last", "Sort", "SorterSort", "SeekGE", "SeekGT", "SeekLE", "SeekLT", "SeekRowid", "NotExists"})) {
            if (innermost) {
                int within = 0;
                for (const Loop &loop : loops)
                    within += loop.steps == innermost->steps && loop.begin <= innermost->end && innermost->begin <= loop.end ? 1 : 0;
                m_seeks.push_back({1, std::max(within, 1), innermost->steps});
            } else {
                ++m_seeksOnce;
            }
        } else if (op.code == "Count") {
            m_counts = true;
        } else if (op.code == "VFilter") {
            m_virtual = true;
        } else if (op.code == "Clear" && op.p3 != 0) {
            ++m_writesEach;
            ++m_rowsEach;
        } else if (op.code == "Delete" && (op.p2 & countsAsChange) != 0) {
            ++m_writesEach;
            ++m_rowsEach;
        } else if (isOneOf(op.code, {"Insert", "IdxInsert"}) && written.contains(op.p1) && (op.code != "Insert" || (op.p5 & doesNothing) == 0)) {
            const bool change = (op.p5 & countsAsChange) != 0;
            if (op.code == "Insert" && !change) {
                ++m_writesOnce;
            } else {
                ++m_writesEach;
                m_rowsEach += change ? 1 : 0;
            }
        } else if (op.code == "VUpdate") {
            ++m_writesEach;
            ++m_rowsEach;
        }
    }
}

Cost::Progress Cost::progress(sqlite3_stmt *statement, Counters counters)
{
    const int reset = counters == Counters::Reset ? 1 : 0;
    Progress progress;
    progress.plain = sqlite3_stmt_status(statement, plainStep, reset);
    progress.fullScan = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_FULLSCAN_STEP, reset);
    progress.autoIndex = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_AUTOINDEX, reset);
    return progress;
}

std::int64_t Cost::rowsRead(const Progress &progress) const
{
    const std::int64_t viaModule = m_virtual ? std::max(progress.changes, progress.rows) : 0;
    std::int64_t read = progress.plain + progress.fullScan + progress.autoIndex + viaModule + m_seeksOnce;
    for (const Seeks &seeks : m_seeks) {
        double rounds = 0;
        switch (seeks.steps) {
        case Steps::Counted:
            rounds = static_cast<double>(progress.plain) + 1;
            break;
        case Steps::FullScan:
            rounds = static_cast<double>(progress.fullScan) + 1;
            break;
        case Steps::AutoIndex:
            rounds = static_cast<double>(progress.autoIndex) + 1;
            break;
        case Steps::Virtual:
            rounds = static_cast<double>(viaModule);
            break;
        case Steps::Changes:
            rounds = static_cast<double>(progress.changes);
            break;
        }
        if (seeks.within > 1) // loops in one another share a counter
            rounds = std::pow(rounds, 1.0 / seeks.within);
        read += std::llround(rounds) * seeks.count;
    }
    return read + (m_counts ? progress.firstInteger : 0);
}

std::int64_t Cost::rowsWritten(std::int64_t changes) const
{
    return m_writesOnce + (m_rowsEach > 0 ? (changes * m_writesEach + m_rowsEach / 2) / m_rowsEach : 0);
}

void Cost::measure(sqlite3_stmt *statement, std::int64_t changes, const Rows &rows, Meta &meta) const
{
    Progress run = progress(statement, Counters::Reset);
    run.changes = changes;
    run.rows = static_cast<std::int64_t>(rows.count());
    if (!rows.cells.empty() && rows.cells.front().type == Cell::Type::Integer)
        run.firstInteger = rows.cells.front().integer;
    meta.rowsRead = rowsRead(run);
    meta.rowsWritten = rowsWritten(changes);
}

} // namespace cleat::bindings::d1
