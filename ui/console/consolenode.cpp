// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/console/consolenode.h"

#include "core/base/json.h"
#include "ui/widgets/text.h"

#include <QHash>
#include <QRegularExpression>

#include <nlohmann/json.hpp>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using base::Json;
using Type = ConsoleNode::Type;

namespace {

constexpr int maxDepth = 40;

QString textOf(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_string() ? fromUtf8(found->get_ref<const std::string &>()) : QString();
}

int numberOf(const Json &json, const char *key)
{
    const auto found = json.find(key);
    return found != json.end() && found->is_number_integer() ? static_cast<int>(std::clamp<std::int64_t>(found->get<std::int64_t>(), 0, 1'000'000'000)) : 0;
}

Type typeOf(const QString &name)
{
    static const QHash<QString, Type> types{{u"text"_s, Type::Text}, {u"undefined"_s, Type::Nothing}, {u"number"_s, Type::Number}, {u"bigint"_s, Type::Number},
        {u"symbol"_s, Type::Symbol}, {u"string"_s, Type::String}, {u"error"_s, Type::Error}, {u"function"_s, Type::Function}, {u"class"_s, Type::Function},
        {u"accessor"_s, Type::Accessor}, {u"hole"_s, Type::Nothing}, {u"bytes"_s, Type::Bytes}, {u"frame"_s, Type::Frame}, {u"circular"_s, Type::Accessor},
        {u"table"_s, Type::Table}, {u"trace"_s, Type::Trace}};
    return types.value(name, Type::Object);
}

ConsoleNode::Kind kindOf(const std::string &name)
{
    if (name == "index")
        return ConsoleNode::Kind::Index;
    if (name == "entry")
        return ConsoleNode::Kind::Entry;
    if (name == "frame")
        return ConsoleNode::Kind::Frame;
    return name == "hidden" || name == "inherited" || name == "inner" ? ConsoleNode::Kind::Quiet : ConsoleNode::Kind::Plain;
}

ConsoleNode nodeOf(const Json &json, int depth)
{
    ConsoleNode node;
    switch (json.type()) {
    case Json::value_t::string:
        node.type = Type::String;
        node.text = fromUtf8(json.get_ref<const std::string &>());
        return node;
    case Json::value_t::boolean:
        node.type = Type::Word;
        node.text = json.get<bool>() ? u"true"_s : u"false"_s;
        return node;
    case Json::value_t::null:
        node.type = Type::Nothing;
        node.text = u"null"_s;
        return node;
    case Json::value_t::object:
        break;
    default:
        node.type = Type::Number;
        node.text = fromUtf8(json.dump());
        return node;
    }
    node.type = typeOf(textOf(json, "t"));
    node.text = textOf(json, "s");
    node.more = numberOf(json, "more");
    node.deep = json.contains("deep");
    const auto members = json.find("m");
    if (members == json.end() || !members->is_array() || depth >= maxDepth)
        return node;
    for (const Json &member : *members) {
        if (!member.is_array() || member.size() < 2 || !member[0].is_string())
            continue;
        ConsoleNode made = nodeOf(member[1], depth + 1);
        made.key = fromUtf8(member[0].get_ref<const std::string &>());
        if (member.size() > 2 && member[2].is_string())
            made.kind = kindOf(member[2].get<std::string>());
        node.members.push_back(std::move(made));
    }
    return node;
}

GroupMark markOf(const Json &json)
{
    using Opens = ConsoleValues::Opens;
    const QString opens = textOf(json, "opens");
    return {std::min(numberOf(json, "depth"), 1000), opens == "open"_L1 ? Opens::Open : opens == "collapsed"_L1 ? Opens::Collapsed : Opens::Nothing};
}

} // namespace

std::shared_ptr<const ConsoleValues> ConsoleValues::parse(std::string_view text)
{
    auto values = std::make_shared<ConsoleValues>();
    const Json json = text.empty() ? Json() : Json::parse(text, nullptr, false);
    if (!json.is_array())
        return values;
    for (const Json &item : json) {
        if (item.is_object() && textOf(item, "t") == "group"_L1) {
            const GroupMark mark = markOf(item);
            values->depth = mark.depth;
            values->opens = mark.opens;
        } else {
            values->nodes.push_back(nodeOf(item, 0));
        }
    }
    return values;
}

GroupMark groupMark(std::string_view values)
{
    constexpr std::string_view begin = "{\"t\":\"group\",";
    // The mark is the last of the array; a quote within a text is escaped, so no text can look like one.
    const std::size_t at = values.rfind(begin);
    if (at == std::string_view::npos || values.size() - at > 80 || values.empty())
        return {};
    const Json json = Json::parse(values.substr(at, values.size() - at - 1), nullptr, false);
    return json.is_object() ? markOf(json) : GroupMark{};
}

base::Place placeOfFrame(const QString &frame)
{
    static const QRegularExpression pattern(u"(?:\\(|at (?:async )?)([^()\\s][^()]*?):(\\d{1,9}):(\\d{1,9})\\)?$"_s);
    const QRegularExpressionMatch match = pattern.match(frame);
    if (!match.hasMatch() || match.captured(1).startsWith("cleat:"_L1))
        return {};
    return {toUtf8(match.captured(1)), match.captured(2).toInt(), match.captured(3).toInt()};
}

} // namespace cleat::ui
