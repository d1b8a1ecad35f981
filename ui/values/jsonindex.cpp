// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/values/jsonindex.h"

#include "ui/values/utf8.h"

#include <QCoreApplication>

#include <algorithm>
#include <ranges>

namespace cleat::ui {

namespace {

bool isSpace(char c)
{
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isHex(char c)
{
    return isDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// One past the closing quote of a text that is known to be well spelled.
std::size_t textEnd(std::string_view all, std::size_t begin)
{
    for (std::size_t at = begin + 1; at < all.size(); ++at) {
        if (all[at] == '\\')
            ++at;
        else if (all[at] == '"')
            return at + 1;
    }
    return all.size();
}

} // namespace

/// Reads without recursion: a text may be nested as deep as it is long.
class JsonIndex::Reader final
{
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::JsonIndex)
public:
    Reader(JsonIndex &index, std::stop_token stop) : m_index(index), m_text(*index.m_bytes), m_stop(std::move(stop)) {}

    void read()
    {
        if (m_text.size() > 0xFFFFFFFFU) {
            failMany();
            return;
        }
        m_index.m_nodes.reserve(std::min(mostNodes, m_text.size() / 8 + 16));
        if (m_text.starts_with("\xEF\xBB\xBF"))
            m_at = 3;
        if (!value())
            return;
        while (!m_open.empty()) {
            if (m_index.m_nodes.size() % 4096 == 0 && m_stop.stop_requested()) {
                m_index.m_nodes.clear();
                return;
            }
            if (!inside())
                return;
        }
        skip();
        if (m_at < m_text.size())
            fail(tr("There is more text after the value."));
    }

private:
    void skip()
    {
        while (m_at < m_text.size() && isSpace(m_text[m_at]))
            ++m_at;
    }

    bool fail(const QString &message)
    {
        Problem problem;
        problem.offset = m_at;
        problem.message = message;
        std::size_t line = 0;
        for (std::size_t at = m_text.find('\n'); at < m_at; at = m_text.find('\n', at + 1)) {
            ++problem.line;
            line = at + 1;
        }
        for (std::size_t at = line; at < m_at; at += utf8At(m_text, at).length)
            ++problem.column;
        m_index.m_problem = problem;
        m_index.m_nodes.clear();
        m_index.m_nodes.shrink_to_fit();
        m_index.m_strides.clear();
        m_open.clear();
        return false;
    }

    bool failMany()
    {
        fail(tr("The tree would have more than %L1 values. The text can be searched instead.").arg(mostNodes));
        m_index.m_problem->tooMany = true;
        return false;
    }

    /// After a value: a comma, or the end of what it is in. Before the first: perhaps the end.
    bool inside()
    {
        const Node open = m_open.back();
        const bool object = m_text[m_index.m_nodes[open].begin] == '{';
        const char closing = object ? '}' : ']';
        skip();
        if (m_at >= m_text.size())
            return fail(object ? tr("The text ends inside an object: } is missing.") : tr("The text ends inside an array: ] is missing."));
        const bool empty = m_index.m_nodes[open].count == 0;
        if (m_text[m_at] == closing) {
            ++m_at;
            m_index.m_nodes[open].next = static_cast<Node>(m_index.m_nodes.size());
            m_open.pop_back();
            return true;
        }
        if (!empty) {
            if (m_text[m_at] != ',')
                return fail(object ? tr("A comma or } must stand here.") : tr("A comma or ] must stand here."));
            ++m_at;
            skip();
            if (m_at < m_text.size() && m_text[m_at] == closing)
                return fail(tr("JSON has no comma after the last value."));
        }
        if (object) {
            if (m_at >= m_text.size() || m_text[m_at] != '"')
                return fail(tr("A key in double quotes must stand here."));
            if (!text())
                return false;
            skip();
            if (m_at >= m_text.size() || m_text[m_at] != ':')
                return fail(tr("A colon must follow the key."));
            ++m_at;
        }
        return value();
    }

    bool value()
    {
        skip();
        if (m_at >= m_text.size())
            return fail(m_index.m_nodes.empty() ? tr("There is no value: the text is empty.") : tr("A value is missing at the end of the text."));
        auto &nodes = m_index.m_nodes;
        if (nodes.size() >= mostNodes)
            return failMany();
        const auto node = static_cast<Node>(nodes.size());
        const Node parent = m_open.empty() ? 0 : m_open.back();
        if (node > 0) {
            Entry &above = nodes[parent];
            if (above.count % stride == 0 && above.count > 0) {
                auto &places = m_index.m_strides[parent];
                if (places.empty())
                    places.push_back(parent + 1);
                places.push_back(node);
            }
            ++above.count;
        }
        nodes.push_back({static_cast<std::uint32_t>(m_at), node + 1, parent, 0});
        const char c = m_text[m_at];
        if (c == '{' || c == '[') {
            ++m_at;
            m_open.push_back(node);
            return true;
        }
        if (c == '"')
            return text();
        if (c == '-' || isDigit(c))
            return number();
        for (const std::string_view word : {"true", "false", "null"}) {
            if (m_text.substr(m_at).starts_with(word)) {
                m_at += word.size();
                return true;
            }
        }
        return fail(tr("No JSON value begins like this."));
    }

    bool text()
    {
        const std::size_t begin = m_at++;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at];
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20)
                return fail(tr("A line break or another control character must be escaped in a text."));
            if (c == '\\') {
                const char kind = m_at + 1 < m_text.size() ? m_text[m_at + 1] : '\0';
                if (kind == 'u') {
                    for (std::size_t i = 2; i < 6; ++i) {
                        if (m_at + i >= m_text.size() || !isHex(m_text[m_at + i]))
                            return fail(tr("\\u must be followed by four hexadecimal digits."));
                    }
                    m_at += 6;
                    continue;
                }
                if (kind == '\0' || std::string_view("\"\\/bfnrt").find(kind) == std::string_view::npos)
                    return fail(tr("JSON has no such escape."));
                m_at += 2;
                continue;
            }
            ++m_at;
        }
        m_at = begin;
        return fail(tr("The text that begins here has no end: a double quote is missing."));
    }

    bool digits()
    {
        if (m_at >= m_text.size() || !isDigit(m_text[m_at]))
            return fail(tr("A digit must stand here."));
        while (m_at < m_text.size() && isDigit(m_text[m_at]))
            ++m_at;
        return true;
    }

    bool number()
    {
        if (m_text[m_at] == '-')
            ++m_at;
        if (m_at < m_text.size() && m_text[m_at] == '0') {
            ++m_at;
            if (m_at < m_text.size() && isDigit(m_text[m_at]))
                return fail(tr("A JSON number has no zero in front."));
        } else if (!digits()) {
            return false;
        }
        if (m_at < m_text.size() && m_text[m_at] == '.') {
            ++m_at;
            if (!digits())
                return false;
        }
        if (m_at < m_text.size() && (m_text[m_at] == 'e' || m_text[m_at] == 'E')) {
            ++m_at;
            if (m_at < m_text.size() && (m_text[m_at] == '+' || m_text[m_at] == '-'))
                ++m_at;
            return digits();
        }
        return true;
    }

    JsonIndex &m_index;
    const std::string_view m_text;
    const std::stop_token m_stop;
    std::size_t m_at = 0;
    std::vector<Node> m_open;
};

std::shared_ptr<const JsonIndex> JsonIndex::build(ValueBytes bytes, std::stop_token stop)
{
    auto index = std::make_shared<JsonIndex>();
    index->m_bytes = std::move(bytes);
    Reader(*index, std::move(stop)).read();
    return index;
}

JsonIndex::Type JsonIndex::type(Node node) const
{
    switch ((*m_bytes)[m_nodes[node].begin]) {
    case '{':
        return Type::Object;
    case '[':
        return Type::Array;
    case '"':
        return Type::Text;
    case 't':
    case 'f':
    case 'n':
        return Type::Word;
    default:
        return Type::Number;
    }
}

JsonIndex::Node JsonIndex::child(Node node, std::uint32_t number) const
{
    Node child = firstChild(node);
    if (const auto found = m_strides.find(node); found != m_strides.end()) {
        child = found->second[number / stride];
        number %= stride;
    }
    for (; number > 0; --number)
        child = next(child);
    return child;
}

std::uint32_t JsonIndex::numberOf(Node child) const
{
    const Node above = parent(child);
    Node from = firstChild(above);
    std::uint32_t number = 0;
    if (const auto found = m_strides.find(above); found != m_strides.end()) {
        const auto place = std::ranges::upper_bound(found->second, child) - 1;
        from = *place;
        number = static_cast<std::uint32_t>(place - found->second.begin()) * stride;
    }
    for (; from < child; from = next(from))
        ++number;
    return number;
}

std::string_view JsonIndex::raw(Node node) const
{
    const std::string_view text = *m_bytes;
    const std::size_t begin = m_nodes[node].begin;
    std::size_t end = begin;
    switch (type(node)) {
    case Type::Text:
        end = textEnd(text, begin);
        break;
    case Type::Number:
    case Type::Word:
        while (end < text.size() && !isSpace(text[end]) && text[end] != ',' && text[end] != ']' && text[end] != '}')
            ++end;
        break;
    case Type::Object:
    case Type::Array: {
        std::size_t depth = 0;
        do {
            const char c = text[end];
            if (c == '"') {
                end = textEnd(text, end);
                continue;
            }
            if (c == '{' || c == '[')
                ++depth;
            else if (c == '}' || c == ']')
                --depth;
            ++end;
        } while (depth > 0 && end < text.size());
        break;
    }
    }
    return text.substr(begin, end - begin);
}

std::string_view JsonIndex::rawKey(Node node) const
{
    if (node == 0 || type(parent(node)) != Type::Object)
        return {};
    const std::string_view text = *m_bytes;
    std::size_t end = m_nodes[node].begin;
    do
        --end;
    while (text[end] != ':');
    while (text[end] != '"')
        --end;
    // Inside a text every quote has an odd number of backslashes before it; the one that opens it has none.
    std::size_t begin = end;
    while (true) {
        --begin;
        if (text[begin] != '"')
            continue;
        std::size_t slashes = 0;
        while (text[begin - 1 - slashes] == '\\')
            ++slashes;
        if (slashes % 2 == 0)
            break;
    }
    return text.substr(begin, end + 1 - begin);
}

QString JsonIndex::path(Node node) const
{
    std::vector<Node> way;
    for (Node at = node; at != 0; at = parent(at))
        way.push_back(at);
    QString path = QStringLiteral("$");
    for (const Node at : way | std::views::reverse) {
        const std::string_view key = rawKey(at);
        if (key.empty()) {
            path += QStringLiteral("[%1]").arg(numberOf(at));
            continue;
        }
        const QString name = jsonText(key);
        const bool plain = !name.isEmpty() && !name[0].isDigit()
            && std::ranges::all_of(name, [](QChar c) { return c.isLetterOrNumber() || c == u'_' || c == u'$'; });
        path += plain ? u'.' + name : QStringLiteral("[%1]").arg(QString::fromUtf8(key.data(), static_cast<qsizetype>(key.size())));
    }
    return path;
}

JsonIndex::Hits JsonIndex::find(const FindWish &wish, std::stop_token stop) const
{
    Hits hits;
    if (wish.text.isEmpty())
        return hits;
    const auto has = [&wish](std::string_view token) {
        if (token.empty())
            return false;
        if (token[0] == '"' && token.find('\\') != std::string_view::npos) {
            const Qt::CaseSensitivity sensitivity = wish.capitals == FindWish::Capitals::Matched ? Qt::CaseSensitive : Qt::CaseInsensitive;
            return jsonText(token).contains(wish.text, sensitivity);
        }
        return !findBytes(token[0] == '"' ? token.substr(1, token.size() - 2) : token, wish).hits.empty();
    };
    // First where the bytes are at all, so that values without them need not be looked at one by one; escapes may hide them.
    const ByteHits places = findBytes(*m_bytes, wish, stop);
    const bool escapes = m_bytes->find('\\') != std::string::npos;
    const auto take = [&](Node node) {
        if (!has(rawKey(node)) && (isContainer(node) || !has(raw(node))))
            return true;
        if (hits.nodes.size() >= ByteHits::most) {
            hits.hasMore = true;
            return false;
        }
        hits.nodes.push_back(node);
        return true;
    };
    if (escapes || places.hasMore) {
        for (std::size_t node = 0; node < m_nodes.size(); ++node) {
            if ((node % 4096 == 0 && stop.stop_requested()) || !take(static_cast<Node>(node)))
                return hits;
        }
        return hits;
    }
    std::optional<Node> last;
    for (const ByteHits::Hit &place : places.hits) {
        // The value that begins at or before the place, and the one after it, whose key it may be in.
        const auto after = std::ranges::upper_bound(m_nodes, place.begin, {}, &Entry::begin);
        const auto index = static_cast<Node>(after - m_nodes.begin());
        for (Node node = index > 0 ? index - 1 : 0; node <= index && node < m_nodes.size(); ++node) {
            if (last && node <= *last)
                continue;
            if (stop.stop_requested() || !take(node))
                return hits;
            if (!hits.nodes.empty() && hits.nodes.back() == node)
                last = node;
        }
    }
    return hits;
}

QString jsonText(std::string_view quoted, std::size_t most)
{
    if (quoted.size() < 2)
        return {};
    std::string_view inner = quoted.substr(1, quoted.size() - 2);
    if (inner.size() > most)
        inner = inner.substr(0, utf8Floor(inner, most));
    if (inner.find('\\') == std::string_view::npos)
        return QString::fromUtf8(inner.data(), static_cast<qsizetype>(inner.size()));
    QString out;
    for (std::size_t at = 0; at < inner.size();) {
        const std::size_t slash = std::min(inner.find('\\', at), inner.size());
        out += QString::fromUtf8(inner.data() + at, static_cast<qsizetype>(slash - at));
        at = slash;
        if (at + 1 >= inner.size())
            break;
        switch (inner[at + 1]) {
        case 'n':
            out += u'\n';
            break;
        case 't':
            out += u'\t';
            break;
        case 'r':
            out += u'\r';
            break;
        case 'b':
            out += u'\b';
            break;
        case 'f':
            out += u'\f';
            break;
        case 'u':
            if (at + 6 > inner.size())
                return out; // cut off
            out += QChar(QString::fromLatin1(inner.data() + at + 2, 4).toUShort(nullptr, 16));
            at += 4;
            break;
        default:
            out += QLatin1Char(inner[at + 1]);
            break;
        }
        at += 2;
    }
    return out;
}

} // namespace cleat::ui
