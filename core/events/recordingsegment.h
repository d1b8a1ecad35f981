// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/events/recording.h"
#include "core/events/texttable.h"

#include <cstdint>
#include <limits>
#include <shared_mutex>
#include <utility>
#include <vector>

namespace cleat::events {

/// Some thousand rows of a recording one after the other, as columns. Texts, spans, heads and bodies that repeat are kept once.
/// Change it with `mutex` held alone, read it with `mutex` shared; what writes may read without.
class RecordingSegment final
{
public:
    using Ref = TextTable::Ref;
    using Sequence = Recording::Sequence;
    static constexpr std::size_t mostRows = 4096;
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

    explicit RecordingSegment(Sequence firstSequence) : base(firstSequence) {}
    RecordingSegment(const RecordingSegment &) = delete;
    RecordingSegment &operator=(const RecordingSegment &) = delete;

    // ---- the writer

    std::uint32_t addRow(const RequestEvent &request);
    void setRequest(std::uint32_t row, const RequestEvent &request);
    void setContent(std::uint32_t row, const ContentEvent &content);
    void add(std::uint32_t row, const CallEvent &call);
    void add(std::uint32_t row, const ConsoleEvent &line);
    void add(std::uint32_t row, const ExceptionEvent &exception);
    /// Gives back what growing holds in advance: no more rows come, and hardly a change.
    void shrink();

    // ---- readers

    std::uint32_t rows() const { return static_cast<std::uint32_t>(ids.size()); }
    Sequence end() const { return base + rows(); }
    /// The row of a request; none.
    std::uint32_t find(RequestId id) const;
    RequestEvent request(std::uint32_t row) const;
    Recording::Row row(std::uint32_t row) const;
    RequestRecord record(std::uint32_t row) const;
    /// Memory held, by capacity.
    std::size_t bytes() const;
    std::string_view text(Ref ref) const { return texts.at(ref); }
    bool isError(std::uint32_t row) const { return status[row] >= 500 || state[row] == RequestState::Abandoned || threw[row] != 0 || failedUnasked(row); }

    /// What requests have in common.
    struct RequestShape {
        Ref environment = 0;
        Ref method = 0;
        Ref handler = 0;
        Ref error = 0;
        Answer answer = Answer::Code;
        RequestKind kind = RequestKind::Http;
        bool secure = false;
        bool operator==(const RequestShape &) const = default;
        std::size_t hash() const { return hashOf(environment, method, handler, error, static_cast<int>(answer) * 16 + static_cast<int>(kind) * 2 + (secure ? 1 : 0)); }
    };
    struct ContentShape {
        Ref requestHead = 0;
        Ref responseHead = 0;
        Ref cf = 0;
        Ref requestBody = 0;
        Ref responseBody = 0;
        bool operator==(const ContentShape &) const = default;
        std::size_t hash() const { return hashOf(requestHead, responseHead, cf, requestBody, responseBody); }
    };
    /// What spans have in common: all but their times.
    struct CallShape {
        std::uint32_t span = 0;
        std::uint32_t parent = 0;
        Ref kind = 0;
        Ref binding = 0;
        Ref method = 0;
        Ref file = 0;
        int line = 0;
        int column = 0;
        std::uint64_t rowsRead = 0;
        std::uint64_t rowsWritten = 0;
        std::uint64_t bytes = 0;
        Ref arguments = 0;
        Ref result = 0;
        Ref error = 0;
        std::uint32_t bindingCall = 0; ///< isBindingCall()
        bool operator==(const CallShape &) const = default;
        std::size_t hash() const { return hashOf(span, parent, kind, binding, method, file, line, column, rowsRead, rowsWritten, bytes, arguments, result, error); }
    };
    struct Line {
        std::int64_t timeUs = 0;
        Level level = Level::Log;
        Ref text = 0;
        Ref values = 0;
        Ref file = 0;
        int line = 0;
        int column = 0;
    };
    struct Thrown {
        std::int64_t timeUs = 0;
        Ref message = 0;
        Ref stack = 0;
        Ref file = 0;
        int line = 0;
        int column = 0;
        Ref excerpt = 0;
        int excerptLine = 0;
    };
    enum class ItemType : std::uint8_t { Call, Line, Thrown };
    /// A span, console line or exception of a row, and which of the same row comes behind it.
    struct Item {
        std::uint32_t next = none;
        std::uint16_t row = 0;
        ItemType type = ItemType::Call;
        std::uint32_t value = 0; ///< number of the call's shape, the line, the exception
        std::uint32_t startUs = 0; ///< of a span
        std::uint32_t durationUs = 0; ///< of a span
    };

    mutable std::shared_mutex mutex;
    const Sequence base; ///< sequence of row 0

    // Columns, one value for each row.
    std::vector<RequestId> ids;
    std::vector<std::int64_t> startUs;
    std::vector<std::uint32_t> durationUs;
    std::vector<std::uint16_t> status;
    std::vector<RequestState> state;
    std::vector<std::uint8_t> threw; ///< 1: it has an exception
    std::vector<std::uint32_t> requestShape;
    std::vector<Ref> target;
    std::vector<std::uint32_t> content;
    std::vector<std::uint64_t> requestBytes;
    std::vector<std::uint64_t> responseBytes;
    std::vector<std::uint32_t> revision;

    // What the rows refer to.
    TextTable texts;
    ValueTable<RequestShape> requestShapes;
    ValueTable<ContentShape> contents; ///< 0: none
    ValueTable<CallShape> callShapes;
    std::vector<Item> items;
    std::vector<Line> lines;
    std::vector<Thrown> exceptions;

    // Of all ids, for who looks for one.
    RequestId lowestId = std::numeric_limits<RequestId>::max();
    RequestId highestId = 0;

private:
    struct Phases {
        std::uint32_t handedUs = 0;
        std::uint32_t beganUs = 0;
        std::uint32_t answeredUs = 0;
    };
    struct Chain {
        std::uint32_t first = none;
        std::uint32_t last = none;
    };
    /// Work without a request has no status; its error tells.
    bool failedUnasked(std::uint32_t row) const
    {
        const RequestShape &shape = requestShapes.at(requestShape[row]);
        return shape.kind != RequestKind::Http && shape.error != 0;
    }
    void setCause(std::uint32_t row, RequestId cause);
    void index(RequestId id, std::uint32_t row);
    void addItem(std::uint32_t row, Item item);
    RequestShape shapeOf(const RequestEvent &request);
    CallEvent call(const Item &item) const;
    ConsoleEvent line(const Item &item) const;
    ExceptionEvent exception(const Item &item) const;
    base::Place place(Ref file, int line, int column) const { return {std::string(text(file)), line, column}; }

    std::vector<Phases> m_phases;
    std::vector<std::pair<std::uint32_t, RequestId>> m_causes; ///< of the few rows that have one, by row
    std::vector<Chain> m_chains;
    std::vector<std::uint16_t> m_slots; ///< rows by id, open addressing; 0: free, else one more than the row
    // The texts of the last of each, because they repeat.
    RequestShape m_lastShape;
    Ref m_lastTarget = 0;
    ContentShape m_lastContent;
    CallShape m_lastCall;
};

} // namespace cleat::events
