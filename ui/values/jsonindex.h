// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/bytesearch.h"
#include "ui/values/valueview.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace cleat::ui {

/// Where each value of a JSON text begins and how they are nested: 16 bytes a value, whatever it is. Numbers, texts and doubled keys are read from the text when they are shown, and so
/// are exact. Built once, on any thread; after that it may be read by several.
class JsonIndex final
{
public:
    using Node = std::uint32_t; ///< in the order of the text; 0 is the whole
    enum class Type { Object, Array, Text, Number, Word };
    /// More values than this are not indexed: 192 MB.
    static constexpr std::size_t mostNodes = 12'000'000;
    /// Every so many children of a large value the place is remembered.
    static constexpr std::uint32_t stride = 1000;

    struct Problem {
        std::size_t offset = 0;
        std::uint32_t line = 1;
        std::uint32_t column = 1; ///< in characters, from 1
        QString message; ///< a translated sentence
        bool tooMany = false; ///< it may well be JSON, but with more values than a tree can have
    };

    /// Reads the text strictly (RFC 8259; a byte order mark before it is let pass). It is empty when problem() says why, or when it was told to stop.
    static std::shared_ptr<const JsonIndex> build(ValueBytes bytes, std::stop_token stop = {});

    const std::optional<Problem> &problem() const { return m_problem; }
    std::size_t count() const { return m_nodes.size(); }
    const ValueBytes &bytes() const { return m_bytes; }

    Type type(Node node) const;
    bool isContainer(Node node) const { return type(node) == Type::Object || type(node) == Type::Array; }
    std::uint32_t childCount(Node node) const { return m_nodes[node].count; }
    Node parent(Node node) const { return m_nodes[node].parent; }
    Node firstChild(Node node) const { return node + 1; }
    /// The next one beside it; meaningful only when there is one.
    Node next(Node node) const { return m_nodes[node].next; }
    /// The child of this number; quick wherever it is.
    Node child(Node node, std::uint32_t number) const;
    /// The number of a child among its siblings.
    std::uint32_t numberOf(Node child) const;

    /// As it is spelled. Of a container: the whole of it.
    std::string_view raw(Node node) const;
    /// The key as it is spelled, with its quotes; empty in an array and at the top.
    std::string_view rawKey(Node node) const;
    /// "users[3].name", as JavaScript has it, and "$" for the whole.
    QString path(Node node) const;

    /// Those whose key, or whose value if it is none with others in it, has the text in it. At most ByteHits::most.
    struct Hits {
        std::vector<Node> nodes;
        bool hasMore = false;
    };
    Hits find(const FindWish &wish, std::stop_token stop = {}) const;

private:
    class Reader;
    struct Entry {
        std::uint32_t begin;
        std::uint32_t next;
        std::uint32_t parent;
        std::uint32_t count;
    };

    ValueBytes m_bytes;
    std::vector<Entry> m_nodes;
    std::unordered_map<Node, std::vector<Node>> m_strides; ///< of values with more than `stride` children: the children 0, 1000, 2000, …
    std::optional<Problem> m_problem;
};

/// What a JSON text, spelled with its quotes, stands for; at most about so many characters of it.
QString jsonText(std::string_view quoted, std::size_t most = SIZE_MAX);

} // namespace cleat::ui
