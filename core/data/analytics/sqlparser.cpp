// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/analytics/sqltree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <utility>

namespace cleat::data::analytics {

namespace {

struct Token {
    enum class Kind { Word, Quoted, Integer, Float, Text, Sign, End };
    Kind kind = Kind::End;
    std::string text; ///< without its quotes
    std::size_t at = 0;
    std::size_t end = 0;
};

std::string lower(std::string_view text)
{
    std::string out(text);
    std::ranges::transform(out, out.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

/// Leaves the parser; does not leave this file.
struct Wrong {
    std::size_t at;
    std::string message;
};

class Lexer final
{
public:
    explicit Lexer(std::string_view text) : m_text(text) {}

    std::vector<Token> all()
    {
        std::vector<Token> tokens;
        do
            tokens.push_back(next());
        while (tokens.back().kind != Token::Kind::End);
        return tokens;
    }

private:
    void skip()
    {
        while (m_at < m_text.size()) {
            if (std::isspace(static_cast<unsigned char>(m_text[m_at])) != 0) {
                ++m_at;
            } else if (m_text.substr(m_at, 2) == "--") {
                m_at = std::min(m_text.find('\n', m_at), m_text.size());
            } else if (m_text.substr(m_at, 2) == "/*") {
                const std::size_t end = m_text.find("*/", m_at + 2);
                if (end == std::string_view::npos)
                    throw Wrong{m_at, "This comment has no end."};
                m_at = end + 2;
            } else {
                return;
            }
        }
    }

    Token next()
    {
        skip();
        Token token;
        token.at = m_at;
        if (m_at == m_text.size()) {
            token.end = m_at;
            return token;
        }
        const char c = m_text[m_at];
        if (c == '\'') {
            token.kind = Token::Kind::Text;
            token.text = quoted(c);
        } else if (c == '"' || c == '`') {
            token.kind = Token::Kind::Quoted;
            token.text = quoted(c);
        } else if (std::isdigit(static_cast<unsigned char>(c)) != 0 || (c == '.' && m_at + 1 < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[m_at + 1])) != 0)) {
            number(token);
        } else if (std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || static_cast<unsigned char>(c) >= 0x80) {
            token.kind = Token::Kind::Word;
            while (m_at < m_text.size() && (std::isalnum(static_cast<unsigned char>(m_text[m_at])) != 0 || m_text[m_at] == '_' || static_cast<unsigned char>(m_text[m_at]) >= 0x80))
                token.text += m_text[m_at++];
        } else {
            token.kind = Token::Kind::Sign;
            constexpr std::array<std::string_view, 5> pairs{"<=", ">=", "<>", "!=", "=="};
            const std::string_view two = m_text.substr(m_at, 2);
            token.text = std::string(std::ranges::find(pairs, two) != pairs.end() ? two : m_text.substr(m_at, 1));
            if (!std::string_view("()+-*/%=<>,;.!").contains(c) || token.text == "!")
                throw Wrong{m_at, "This character is no part of the language: " + token.text};
            m_at += token.text.size();
        }
        token.end = m_at;
        return token;
    }

    std::string quoted(char quote)
    {
        const std::size_t begin = m_at++;
        std::string text;
        while (m_at < m_text.size()) {
            const char c = m_text[m_at++];
            if (c == quote) {
                if (m_at == m_text.size() || m_text[m_at] != quote)
                    return text;
                ++m_at;
                text += quote;
            } else if (c == '\\' && m_at < m_text.size()) {
                const char escaped = m_text[m_at++];
                switch (escaped) {
                case 'n':
                    text += '\n';
                    break;
                case 't':
                    text += '\t';
                    break;
                case 'r':
                    text += '\r';
                    break;
                case '0':
                    text += '\0';
                    break;
                case '\\':
                case '\'':
                case '"':
                case '`':
                    text += escaped;
                    break;
                default: // as ClickHouse: the backslash stays
                    text += c;
                    text += escaped;
                    break;
                }
            } else {
                text += c;
            }
        }
        throw Wrong{begin, "This text has no end."};
    }

    void number(Token &token)
    {
        token.kind = Token::Kind::Integer;
        const auto digits = [&] {
            while (m_at < m_text.size() && std::isdigit(static_cast<unsigned char>(m_text[m_at])) != 0)
                token.text += m_text[m_at++];
        };
        digits();
        if (m_at < m_text.size() && m_text[m_at] == '.') {
            token.kind = Token::Kind::Float;
            token.text += m_text[m_at++];
            digits();
        }
        if (m_at < m_text.size() && (m_text[m_at] == 'e' || m_text[m_at] == 'E')) {
            token.kind = Token::Kind::Float;
            token.text += m_text[m_at++];
            if (m_at < m_text.size() && (m_text[m_at] == '+' || m_text[m_at] == '-'))
                token.text += m_text[m_at++];
            digits();
        }
        if (m_at < m_text.size() && (std::isalpha(static_cast<unsigned char>(m_text[m_at])) != 0 || m_text[m_at] == '_'))
            throw Wrong{token.at, "A number cannot go on with a letter."};
    }

    std::string_view m_text;
    std::size_t m_at = 0;
};

class Parser final
{
public:
    explicit Parser(std::string_view text) : m_text(text), m_tokens(Lexer(text).all()) {}

    Query query()
    {
        Query query;
        if (takeWord("show")) {
            if (takeWord("tables"))
                query.kind = Query::Kind::ShowTables;
            else if (takeWord("timezones"))
                query.kind = Query::Kind::ShowTimezones;
            else if (takeWord("timezone"))
                query.kind = Query::Kind::ShowTimezone;
            else
                throw Wrong{now().at, "SHOW wants TABLES, TIMEZONES or TIMEZONE."};
        } else {
            query.select = select();
        }
        if (takeWord("format")) {
            const std::size_t at = now().at;
            const std::string name = lower(take(Token::Kind::Word, "the name of a format").text);
            if (name == "json")
                query.format = Format::Json;
            else if (name == "jsoneachrow")
                query.format = Format::JsonEachRow;
            else if (name == "tabseparated")
                query.format = Format::TabSeparated;
            else
                throw Wrong{at, "There is no such format. There are JSON, JSONEachRow and TabSeparated."};
        }
        takeSign(";");
        if (now().kind != Token::Kind::End)
            throw Wrong{now().at, unexpected() + '.'};
        return query;
    }

private:
    const Token &now() const { return m_tokens[m_next]; }
    const Token &after() const { return m_tokens[std::min(m_next + 1, m_tokens.size() - 1)]; }
    bool isWord(std::string_view word) const { return now().kind == Token::Kind::Word && lower(now().text) == word; }
    bool isSign(std::string_view sign) const { return now().kind == Token::Kind::Sign && now().text == sign; }
    bool takeWord(std::string_view word)
    {
        const bool is = isWord(word);
        m_next += is ? 1 : 0;
        return is;
    }
    bool takeSign(std::string_view sign)
    {
        const bool is = isSign(sign);
        m_next += is ? 1 : 0;
        return is;
    }
    std::string unexpected() const
    {
        if (now().kind == Token::Kind::End)
            return "The query ends too early";
        return "This is not expected here: " + std::string(m_text.substr(now().at, now().end - now().at));
    }
    Token take(Token::Kind kind, const std::string &what)
    {
        if (now().kind != kind)
            throw Wrong{now().at, unexpected() + ". Here belongs " + what + '.'};
        return m_tokens[m_next++];
    }
    void mustSign(std::string_view sign)
    {
        if (!takeSign(sign))
            throw Wrong{now().at, unexpected() + ". Here belongs " + std::string(sign) + '.'};
    }
    void mustWord(std::string_view word)
    {
        if (!takeWord(word))
            throw Wrong{now().at, unexpected() + ". Here belongs " + std::string(word) + '.'};
    }

    /// Guards the stack against expressions that are nested without end.
    class Deeper
    {
    public:
        explicit Deeper(Parser &parser) : m_parser(parser)
        {
            if (++m_parser.m_depth > 100)
                throw Wrong{m_parser.now().at, "The query is nested too deeply."};
        }
        ~Deeper() { --m_parser.m_depth; }
        Deeper(const Deeper &) = delete;
        Deeper &operator=(const Deeper &) = delete;

    private:
        Parser &m_parser;
    };

    bool isName() const
    {
        constexpr std::array<std::string_view, 14> reserved{"select", "from", "where", "group", "having", "order", "limit", "offset", "format", "as", "and", "or", "not", "by"};
        return now().kind == Token::Kind::Quoted || (now().kind == Token::Kind::Word && std::ranges::find(reserved, lower(now().text)) == reserved.end());
    }

    Select select()
    {
        const Deeper deeper(*this);
        if (!takeWord("select"))
            throw Wrong{now().at, "Only SELECT and SHOW are there: points are written by writeDataPoint() alone."};
        if (isWord("distinct"))
            throw Wrong{now().at, "SELECT DISTINCT is not there: group by the columns instead."};
        Select select;
        do {
            SelectItem item;
            const std::size_t begin = now().at;
            if (takeSign("*")) {
                item.star = true;
            } else {
                item.expression = expression();
                item.name = std::string(m_text.substr(begin, m_tokens[m_next - 1].end - begin));
                if (item.expression.kind == Expression::Kind::Name)
                    item.name = item.expression.text;
                const bool as = takeWord("as");
                if (as && !isName())
                    throw Wrong{now().at, unexpected() + ". Here belongs an alias."};
                if (as || (isName() && !isWord("union") && !isWord("join"))) {
                    item.name = m_tokens[m_next++].text;
                    item.hasAlias = true;
                }
            }
            select.items.push_back(std::move(item));
        } while (takeSign(","));
        if (takeWord("from")) {
            select.tableAt = now().at;
            if (takeSign("(")) {
                select.inner = std::make_unique<Select>(this->select());
                mustSign(")");
                if (takeWord("as") || isName())
                    ++m_next; // a name that nothing can use
            } else {
                if (!isName())
                    throw Wrong{now().at, unexpected() + ". Here belongs the name of a dataset, or a query in parentheses."};
                select.table = m_tokens[m_next++].text;
            }
            if (isSign(",") || isWord("join") || isWord("inner") || isWord("left") || isWord("cross"))
                throw Wrong{now().at, "A query can read one dataset only: there is no JOIN."};
        }
        if (takeWord("where"))
            select.where = expression();
        if (takeWord("group")) {
            mustWord("by");
            do
                select.groupBy.push_back(expression());
            while (takeSign(","));
        }
        if (takeWord("having"))
            select.having = expression();
        if (takeWord("order")) {
            mustWord("by");
            do {
                OrderItem item{expression(), false};
                item.descending = takeWord("desc");
                if (!item.descending)
                    takeWord("asc");
                select.orderBy.push_back(std::move(item));
            } while (takeSign(","));
        }
        if (takeWord("limit") && !takeWord("all"))
            select.limit = count();
        if (takeWord("offset"))
            select.offset = count();
        if (isWord("union"))
            throw Wrong{now().at, "There is no UNION."};
        return select;
    }

    std::uint64_t count()
    {
        const Token token = take(Token::Kind::Integer, "a whole number");
        std::uint64_t value = 0;
        if (std::from_chars(token.text.data(), token.text.data() + token.text.size(), value).ec != std::errc() || value > 9'000'000'000'000'000'000ULL)
            throw Wrong{token.at, "This number is too large."};
        return value;
    }

    Expression expression() { return either(); }

    Expression operation(std::string text, std::size_t at, std::vector<Expression> &&operands)
    {
        if (++m_operators > 800)
            throw Wrong{at, "The query has too many operators."};
        Expression made;
        made.kind = Expression::Kind::Operator;
        made.text = std::move(text);
        made.at = at;
        made.operands = std::move(operands);
        return made;
    }

    template <typename... Operands>
    static std::vector<Expression> list(Operands &&...operands)
    {
        std::vector<Expression> all;
        (all.push_back(std::move(operands)), ...);
        return all;
    }

    Expression either()
    {
        const Deeper deeper(*this);
        Expression left = both();
        while (isWord("or")) {
            const std::size_t at = m_tokens[m_next++].at;
            left = operation("or", at, list(left, both()));
        }
        return left;
    }

    Expression both()
    {
        Expression left = negation();
        while (isWord("and")) {
            const std::size_t at = m_tokens[m_next++].at;
            left = operation("and", at, list(left, negation()));
        }
        return left;
    }

    Expression negation()
    {
        if (isWord("not")) {
            const Deeper deeper(*this);
            const std::size_t at = m_tokens[m_next++].at;
            return operation("not", at, list(negation()));
        }
        return comparison();
    }

    Expression comparison()
    {
        Expression left = sum();
        while (true) {
            const std::size_t at = now().at;
            if (now().kind == Token::Kind::Sign && std::string_view("= == <> != < > <= >=").contains(now().text) && now().text != "!") {
                std::string sign = m_tokens[m_next++].text;
                sign = sign == "==" ? "=" : sign == "!=" ? "<>" : sign;
                left = operation(sign, at, list(left, sum()));
                continue;
            }
            if (takeWord("is")) {
                const bool no = takeWord("not");
                mustWord("null");
                left = operation(no ? "is not null" : "is null", at, list(left));
                continue;
            }
            const bool no = isWord("not") && after().kind == Token::Kind::Word;
            if (no)
                ++m_next;
            const std::string prefix = no ? "not " : "";
            if (takeWord("in")) {
                mustSign("(");
                if (isWord("select"))
                    throw Wrong{now().at, "IN takes a list of values, and no query."};
                std::vector<Expression> all = list(left);
                do
                    all.push_back(expression());
                while (takeSign(","));
                mustSign(")");
                left = operation(prefix + "in", at, std::move(all));
            } else if (isWord("like") || isWord("ilike")) {
                const std::string name = lower(m_tokens[m_next++].text);
                left = operation(prefix + name, at, list(left, sum()));
            } else if (takeWord("between")) {
                Expression low = sum();
                mustWord("and");
                left = operation(prefix + "between", at, list(left, low, sum()));
            } else {
                if (no)
                    throw Wrong{now().at, unexpected() + ". Behind NOT belongs IN, LIKE, ILIKE or BETWEEN."};
                return left;
            }
        }
    }

    Expression sum()
    {
        Expression left = product();
        while (isSign("+") || isSign("-")) {
            const Token sign = m_tokens[m_next++];
            left = operation(sign.text, sign.at, list(left, product()));
        }
        return left;
    }

    Expression product()
    {
        Expression left = unary();
        while (isSign("*") || isSign("/") || isSign("%")) {
            const Token sign = m_tokens[m_next++];
            left = operation(sign.text, sign.at, list(left, unary()));
        }
        return left;
    }

    Expression unary()
    {
        if (isSign("-") || isSign("+")) {
            const Deeper deeper(*this);
            const Token sign = m_tokens[m_next++];
            Expression operand = unary();
            return sign.text == "+" ? operand : operation("-", sign.at, list(operand));
        }
        return primary();
    }

    Expression leaf(Expression::Kind kind)
    {
        Expression made;
        made.kind = kind;
        made.at = now().at;
        made.text = m_tokens[m_next++].text;
        return made;
    }

    Expression primary()
    {
        const Token token = now();
        switch (token.kind) {
        case Token::Kind::Integer:
            return leaf(Expression::Kind::Integer);
        case Token::Kind::Float:
            return leaf(Expression::Kind::Float);
        case Token::Kind::Text:
            return leaf(Expression::Kind::Text);
        case Token::Kind::Quoted:
            return leaf(Expression::Kind::Name);
        case Token::Kind::Sign:
            if (takeSign("(")) {
                Expression inside = expression();
                mustSign(")");
                return inside;
            }
            break;
        case Token::Kind::Word:
            if (after().kind == Token::Kind::Sign && after().text == "(")
                return call();
            if (isWord("interval"))
                return interval();
            if (isWord("true"))
                return leaf(Expression::Kind::True);
            if (isWord("false"))
                return leaf(Expression::Kind::False);
            if (isWord("null"))
                return leaf(Expression::Kind::Null);
            if (isName())
                return leaf(Expression::Kind::Name);
            break;
        case Token::Kind::End:
            break;
        }
        throw Wrong{token.at, unexpected() + '.'};
    }

    Expression interval()
    {
        Expression made;
        made.kind = Expression::Kind::Interval;
        made.at = m_tokens[m_next++].at;
        const Token amount = now();
        if (amount.kind != Token::Kind::Text && amount.kind != Token::Kind::Integer)
            throw Wrong{amount.at, "An interval is written as INTERVAL '42' DAY."};
        ++m_next;
        std::int64_t value = 0;
        if (const auto [end, ec] = std::from_chars(amount.text.data(), amount.text.data() + amount.text.size(), value);
            ec != std::errc() || end != amount.text.data() + amount.text.size() || value > 1'000'000'000 || value < -1'000'000'000)
            throw Wrong{amount.at, "An interval wants a whole number."};
        made.text = amount.text;
        made.unit = unit();
        return made;
    }

    std::string unit()
    {
        const Token token = take(Token::Kind::Word, "YEAR, MONTH, DAY, HOUR, MINUTE or SECOND");
        std::string name = token.text;
        std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
        if (name.ends_with('S'))
            name.pop_back();
        constexpr std::array<std::string_view, 7> units{"YEAR", "MONTH", "WEEK", "DAY", "HOUR", "MINUTE", "SECOND"};
        if (std::ranges::find(units, name) == units.end())
            throw Wrong{token.at, "There is no such unit of time. There are YEAR, MONTH, DAY, HOUR, MINUTE and SECOND."};
        return name;
    }

    Expression call()
    {
        const Deeper deeper(*this);
        Expression made;
        made.kind = Expression::Kind::Call;
        made.at = now().at;
        made.text = lower(m_tokens[m_next++].text);
        mustSign("(");
        if (made.text == "extract" && now().kind == Token::Kind::Word && after().kind == Token::Kind::Word && lower(after().text) == "from") {
            made.unit = unit();
            mustWord("from");
            made.operands.push_back(expression());
            mustSign(")");
            return made;
        }
        if (made.text == "position") {
            made.operands.push_back(sum());
            mustWord("in");
            made.operands.push_back(expression());
            mustSign(")");
            return made;
        }
        made.operands = arguments(made);
        if (takeSign("(")) {
            made.parameters = std::exchange(made.operands, {});
            made.operands = arguments(made);
        }
        return made;
    }

    std::vector<Expression> arguments(Expression &call)
    {
        std::vector<Expression> all;
        if (takeSign(")"))
            return all;
        if (isSign("*") && after().kind == Token::Kind::Sign && after().text == ")") {
            all.push_back(leaf(Expression::Kind::Star));
            ++m_next;
            return all;
        }
        call.distinct = takeWord("distinct");
        do
            all.push_back(expression());
        while (takeSign(","));
        mustSign(")");
        return all;
    }

    std::string_view m_text;
    std::vector<Token> m_tokens;
    std::size_t m_next = 0;
    int m_depth = 0;
    int m_operators = 0;
};

} // namespace

base::Error sqlError(std::string_view query, std::size_t at, std::string message)
{
    const std::string_view before = query.substr(0, std::min(at, query.size()));
    const std::size_t line = before.rfind('\n');
    return {"analytics.sql", std::move(message),
        {{}, static_cast<int>(std::ranges::count(before, '\n')) + 1, static_cast<int>(line == std::string_view::npos ? before.size() : before.size() - line - 1) + 1}};
}

base::Result<Query> parseQuery(std::string_view text)
{
    try {
        return Parser(text).query();
    } catch (const Wrong &wrong) {
        return std::unexpected(sqlError(text, wrong.at, wrong.message));
    }
}

} // namespace cleat::data::analytics
