// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/d1/d1database.h"

#include <QByteArray>
#include <QString>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <string>
#include <vector>

/// A state folder of its own and short ways to use a database in it.
class D1Fixture
{
public:
    using D1 = cleat::bindings::d1::D1Database;
    using Query = cleat::bindings::d1::Query;
    using Value = cleat::bindings::d1::Value;
    using Cell = cleat::bindings::d1::Cell;

    std::filesystem::path state() const { return std::filesystem::path(m_dir.path().toStdString()) / "state"; }

    /// The last query's rows, columns joined by '|', each with a newline behind it; or the code and the message of the failure.
    static QByteArray run(D1 &d1, const std::vector<Query> &queries)
    {
        const auto outcome = d1.run(queries);
        return outcome ? text(outcome->results.back()) : failure(outcome.error());
    }
    static QByteArray run(D1 &d1, const std::string &sql, std::vector<Value> parameters = {}) { return run(d1, {Query{sql, std::move(parameters)}}); }

    static QByteArray failure(const cleat::base::Error &error) { return QByteArray::fromStdString(error.code + ": " + error.message); }

    static QByteArray text(const cleat::bindings::d1::QueryResult &result)
    {
        const auto &rows = result.rows;
        QByteArray out;
        for (std::size_t i = 0; i < rows.cells.size(); ++i) {
            const Cell &cell = rows.cells[i];
            switch (cell.type) {
            case Cell::Type::Null:
                out += "NULL";
                break;
            case Cell::Type::Integer:
                out += QByteArray::number(qint64(cell.integer));
                break;
            case Cell::Type::Real:
                out += QByteArray::number(cell.real) + 'r';
                break;
            case Cell::Type::Text:
                out += QByteArray::fromStdString(std::string(rows.text(cell)));
                break;
            case Cell::Type::Blob:
                out += "x'" + QByteArray::fromStdString(std::string(rows.text(cell))).toHex() + '\'';
                break;
            }
            out += (i + 1) % rows.columns.size() == 0 ? '\n' : '|';
        }
        return out;
    }

    static cleat::bindings::d1::Meta meta(D1 &d1, const std::string &sql, std::vector<Value> parameters = {})
    {
        const std::vector<Query> queries{{sql, std::move(parameters)}};
        const auto outcome = d1.run(queries);
        if (!outcome)
            qFatal("%s: %s", sql.c_str(), outcome.error().message.c_str());
        return outcome->results.back().meta;
    }

private:
    QTemporaryDir m_dir;
};
