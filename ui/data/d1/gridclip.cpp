// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/gridclip.h"

#include "ui/data/d1/cellvalue.h"
#include "ui/widgets/text.h"

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::d1::Value;

namespace {

QString tsvField(const std::optional<Value> &value)
{
    QString text = value ? editText(*value) : QString();
    if (text.contains(u'\t') || text.contains(u'\n') || text.contains(u'\r') || text.startsWith(u'"'))
        text = u'"' + text.replace(u"\""_s, u"\"\""_s) + u'"';
    return text;
}

} // namespace

QString tsvOf(const CellBlock &block)
{
    QStringList lines;
    for (const auto &row : block.rows) {
        QStringList fields;
        for (const auto &value : row)
            fields << tsvField(value);
        lines << fields.join(u'\t');
    }
    return lines.join(u'\n');
}

QString insertsOf(const CellBlock &block, const QString &table)
{
    QString text;
    for (const auto &row : block.rows) {
        QStringList names;
        QStringList values;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (!row[i])
                continue;
            names << fromUtf8(data::d1::quoted(toUtf8(block.columns[static_cast<qsizetype>(i)])));
            values << fromUtf8(data::d1::literal(*row[i]));
        }
        const QString target = fromUtf8(data::d1::quoted(toUtf8(table)));
        text += names.isEmpty() ? u"INSERT INTO %1 DEFAULT VALUES;\n"_s.arg(target)
                                : u"INSERT INTO "_s + target + u" ("_s + names.join(u", "_s) + u") VALUES ("_s + values.join(u", "_s) + u");\n"_s;
    }
    return text;
}

QString jsonOf(const CellBlock &block)
{
    QStringList objects;
    for (const auto &row : block.rows) {
        QStringList members;
        for (std::size_t i = 0; i < row.size(); ++i)
            members << jsonText(block.columns[static_cast<qsizetype>(i)]) + u": "_s + jsonOf(row[i].value_or(Value()));
        objects << u"  {"_s + members.join(u", "_s) + u'}';
    }
    return objects.isEmpty() ? u"[]"_s : u"[\n"_s + objects.join(u",\n"_s) + u"\n]"_s;
}

std::vector<QStringList> parseTsv(const QString &text)
{
    std::vector<QStringList> rows;
    QStringList row;
    QString field;
    bool quoted = false;
    bool begun = false;
    const auto endRow = [&] {
        row << field;
        field.clear();
        rows.push_back(std::exchange(row, {}));
        begun = false;
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (quoted) {
            if (c != u'"') {
                field += c;
            } else if (i + 1 < text.size() && text.at(i + 1) == u'"') {
                field += c;
                ++i;
            } else {
                quoted = false;
            }
        } else if (c == u'"' && field.isEmpty()) {
            quoted = begun = true;
        } else if (c == u'\t') {
            row << std::exchange(field, {});
            begun = true;
        } else if (c == u'\n') {
            endRow();
        } else if (c != u'\r') {
            field += c;
            begun = true;
        }
    }
    if (begun)
        endRow();
    return rows;
}

} // namespace cleat::ui
