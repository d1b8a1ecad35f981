// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/runtime/d1corpus.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace cleat::test {

using namespace Qt::StringLiterals;

namespace {

/// The calls that may differ, and why.
const QSet<QString> &known()
{
    static const QSet<QString> names = {
        u"SELECT (((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((... (210)"_s, // SQLite before 3.46 has a parser stack of a fixed size
    };
    return names;
}

QJsonValue withoutCounts(const QJsonValue &value)
{
    if (value.isArray()) {
        QJsonArray out;
        for (const QJsonValue &inner : value.toArray())
            out.append(withoutCounts(inner));
        return out;
    }
    if (!value.isObject())
        return value;
    QJsonObject out;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        // Exact for simple statements only; t_d1database has those.
        if (it.key() != "rows_read"_L1 && it.key() != "rows_written"_L1)
            out[it.key()] = withoutCounts(it.value());
    }
    return out;
}

QString text(const QJsonObject &outcome)
{
    return QString::fromUtf8(QJsonDocument(outcome).toJson(QJsonDocument::Compact));
}

} // namespace

std::string d1Corpus()
{
    QFile file(QStringLiteral(CLEAT_TESTS_DIR "/interop/d1project/functions/corpus.js"));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

QStringList d1Differences(const QByteArray &real, const QByteArray &ours)
{
    const QJsonArray theirs = QJsonDocument::fromJson(real).array();
    const QJsonArray mine = QJsonDocument::fromJson(ours).array();
    if (theirs.isEmpty() || theirs.size() != mine.size())
        return {u"%1 outcomes in one and %2 in the other: %3"_s.arg(theirs.size()).arg(mine.size()).arg(QString::fromUtf8(ours.left(300)))};
    QStringList differences;
    for (qsizetype i = 0; i < theirs.size(); ++i) {
        const QJsonObject a = withoutCounts(theirs[i]).toObject();
        const QJsonObject b = withoutCounts(mine[i]).toObject();
        if (a != b && !known().contains(a["name"_L1].toString()))
            differences += u"real: %1\nours: %2"_s.arg(text(a), text(b));
    }
    return differences;
}

} // namespace cleat::test
