// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/d1/cellvalue.h"

#include "ui/widgets/text.h"

#include <QCoreApplication>

#include <nlohmann/json.hpp>

#include <cmath>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using data::d1::Blob;
using data::d1::Value;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::D1Value)
};

constexpr int shownLength = 300;

QString realText(double number)
{
    if (std::isinf(number))
        return number > 0 ? u"Inf"_s : u"-Inf"_s;
    QString text = QString::number(number, 'g', 15);
    if (text.toDouble() != number)
        text = QString::number(number, 'g', 17);
    if (!text.contains(u'.') && !text.contains(u'e'))
        text += u".0"_s;
    return text;
}

QString hexOf(const Blob &blob)
{
    return QString::fromLatin1(QByteArray::fromRawData(blob.bytes.data(), static_cast<qsizetype>(blob.bytes.size())).toHex());
}

std::optional<Blob> blobOf(const QString &text)
{
    if (text.size() < 3 || text.at(0).toLower() != u'x' || text.at(1) != u'\'' || !text.endsWith(u'\''))
        return std::nullopt;
    const QString digits = text.mid(2, text.size() - 3);
    if (digits.size() % 2)
        return std::nullopt;
    for (const QChar c : digits) {
        if (!c.isDigit() && !(c.toLower() >= u'a' && c.toLower() <= u'f'))
            return std::nullopt;
    }
    return Blob{QByteArray::fromHex(digits.toLatin1()).toStdString()};
}

std::optional<Value> numberOf(const QString &text)
{
    bool fine = false;
    if (const qint64 whole = text.trimmed().toLongLong(&fine); fine)
        return Value(std::int64_t(whole));
    if (const double real = text.trimmed().toDouble(&fine); fine && std::isfinite(real))
        return Value(real);
    return std::nullopt;
}

enum class Affinity { Number, Text, Blob };

/// The rules of https://sqlite.org/datatype3.html, 3.1.
Affinity affinityOf(const data::d1::Column &column)
{
    const QString type = fromUtf8(column.type).toUpper();
    if (type.contains("INT"_L1))
        return Affinity::Number;
    if (type.contains("CHAR"_L1) || type.contains("CLOB"_L1) || type.contains("TEXT"_L1))
        return Affinity::Text;
    if (type.isEmpty() || type.contains("BLOB"_L1) || type == "ANY"_L1)
        return Affinity::Blob;
    return Affinity::Number;
}

} // namespace

bool isNumber(const Value &value)
{
    return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<double>(value);
}

bool holdsNumbers(const data::d1::Column &column)
{
    return affinityOf(column) == Affinity::Number;
}

QString cellText(const Value &value, std::uint64_t bytes)
{
    if (const auto *whole = std::get_if<std::int64_t>(&value))
        return QString::number(*whole);
    if (const auto *real = std::get_if<double>(&value))
        return realText(*real);
    if (const auto *text = std::get_if<std::string>(&value)) {
        QString line = oneLine(fromUtf8(*text), shownLength);
        if (bytes && !line.endsWith(u'…'))
            line += u'…';
        return line;
    }
    if (const auto *blob = std::get_if<Blob>(&value))
        return Words::tr("BLOB %1").arg(formatBytes(bytes ? bytes : blob->bytes.size()));
    return u"NULL"_s;
}

QString editText(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return fromUtf8(*text);
    if (const auto *blob = std::get_if<Blob>(&value))
        return u"x'"_s + hexOf(*blob) + u'\'';
    if (std::holds_alternative<std::monostate>(value))
        return {};
    return cellText(value);
}

Value valueOf(const QString &text, const data::d1::Column &column, const Value &before)
{
    const Affinity affinity = affinityOf(column);
    if (std::holds_alternative<Blob>(before) || affinity == Affinity::Blob) {
        if (auto blob = blobOf(text))
            return std::move(*blob);
    }
    if (affinity == Affinity::Number || (affinity == Affinity::Blob && isNumber(before))) {
        if (affinity == Affinity::Number && text.isEmpty())
            return std::monostate();
        if (auto number = numberOf(text))
            return std::move(*number);
    }
    return toUtf8(text);
}

QString valueTip(const QString &text)
{
    constexpr qsizetype longest = 2000;
    return text.isEmpty() ? QString() : u"<p style='white-space: pre-wrap'>"_s + text.left(longest).toHtmlEscaped() + u"</p>"_s;
}

QString jsonText(const QString &text)
{
    return fromUtf8(nlohmann::json(toUtf8(text)).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

QString jsonOf(const Value &value)
{
    if (const auto *text = std::get_if<std::string>(&value))
        return jsonText(fromUtf8(*text));
    if (const auto *blob = std::get_if<Blob>(&value))
        return jsonText(hexOf(*blob));
    if (const auto *real = std::get_if<double>(&value))
        return std::isfinite(*real) ? realText(*real) : u"null"_s;
    return std::holds_alternative<std::monostate>(value) ? u"null"_s : cellText(value);
}

std::optional<data::d1::Filter> filterOf(const QString &column, const QString &typed)
{
    using Test = data::d1::Filter::Test;
    const QString text = typed.trimmed();
    if (text.isEmpty())
        return std::nullopt;
    const auto made = [&](Test test, const QString &rest = {}) { return data::d1::Filter{toUtf8(column), test, toUtf8(rest)}; };
    if (text.compare("null"_L1, Qt::CaseInsensitive) == 0)
        return made(Test::IsNull);
    if (text.compare("!null"_L1, Qt::CaseInsensitive) == 0)
        return made(Test::IsNotNull);
    static constexpr std::pair<QLatin1StringView, Test> signs[] = {{"!="_L1, Test::Differs}, {"<>"_L1, Test::Differs}, {"<="_L1, Test::LessOrEqual},
        {">="_L1, Test::GreaterOrEqual}, {"<"_L1, Test::Less}, {">"_L1, Test::Greater}, {"="_L1, Test::Equals}, {"^"_L1, Test::StartsWith}};
    for (const auto &[sign, test] : signs) {
        if (!text.startsWith(sign))
            continue;
        const QString rest = text.mid(sign.size()).trimmed();
        const bool begun = rest.isEmpty() && test != Test::Equals && test != Test::Differs;
        return begun ? std::nullopt : std::optional(made(test, rest));
    }
    return made(Test::Contains, text);
}

} // namespace cleat::ui
