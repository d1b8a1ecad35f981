// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/control.h"
#include "core/data/d1/sqlscript.h"
#include "core/data/d1/values.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace cleat::data::d1 {

/// What one statement of a script gave.
struct StatementResult {
    ScriptStatement statement;
    std::vector<std::string> columns;
    std::vector<std::vector<Value>> rows; ///< Options::maxRows and maxBytes at most
    bool more = false; ///< there were more rows
    std::int64_t changes = 0;
    std::int64_t durationUs = 0;
    std::int64_t rowsRead = 0;
    std::int64_t rowsWritten = 0;
    std::string error; ///< as D1 says it, without its prefix; empty: it ran
    std::optional<std::size_t> errorAt; ///< byte of the script
};

struct PlanRow {
    int id = 0;
    int parent = 0;
    std::string detail;
    bool operator==(const PlanRow &) const = default;
};

/// Runs SQL as D1 would: its rules, its functions, its limits. Belongs to one thread; the token of the control interrupts what runs.
class Console final
{
public:
    /// The file is made by the first run.
    explicit Console(std::filesystem::path file);
    ~Console();
    Console(const Console &) = delete;
    Console &operator=(const Console &) = delete;

    struct Options {
        std::size_t maxRows = 10'000; ///< for each statement
        std::size_t maxBytes = 64U << 20; ///< for all
        enum class Together { Each, AllOrNone };
        Together together = Together::Each; ///< Each: what ran before an error stays
    };
    /// Until the first error, which is the last result; a cancelled statement's is "interrupted: SQLITE_INTERRUPT". Fails only when the file cannot be used.
    base::Result<std::vector<StatementResult>> run(std::string_view script, const Options &options, const Control &control);
    /// EXPLAIN QUERY PLAN of one statement. data.sql: it is wrong.
    base::Result<std::vector<PlanRow>> explain(std::string_view statement);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::data::d1
