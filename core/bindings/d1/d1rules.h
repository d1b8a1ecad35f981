// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

struct sqlite3;

namespace cleat::bindings::d1 {

/// What user SQL may do in D1, kept by SQLite's authorizer and limits as workerd keeps it: no transactions, ATTACH, temporary objects, nothing of which the name
/// begins with _cf_, few PRAGMAs, few kinds of virtual table, a list of functions. One object for one connection, which must not outlive it.
class Rules final
{
public:
    enum class Text { User, Own }; ///< whose SQL is prepared: our own is not asked about

    /// What a statement that is being prepared does.
    struct Seen {
        bool transaction = false; ///< it was refused because it asks for a transaction
        bool rows = false; ///< selects, inserts, updates or deletes
        bool settings = false; ///< a PRAGMA
        bool other = false; ///< changes the schema or settings
        bool renames = false; ///< alters a table
    };

    explicit Rules(sqlite3 *db);
    ~Rules();
    Rules(const Rules &) = delete;
    Rules &operator=(const Rules &) = delete;

    /// Until the next begin(), what is prepared is judged as this.
    void begin(Text text);
    const Seen &seen() const { return m_seen; }

private:
    static int authorize(void *self, int action, const char *first, const char *second, const char *schema, const char *trigger);
    bool allows(int action, std::string_view first, const char *second, std::string_view schema);

    sqlite3 *const m_db;
    Text m_text = Text::Own;
    Seen m_seen;
};

/// D1's words for a refused BEGIN and its like.
extern const std::string_view transactionRefused;

} // namespace cleat::bindings::d1
