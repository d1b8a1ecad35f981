// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/events/event.h"
#include "core/events/texttable.h"

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace cleat::events {

/// Files of recordings are a head and blocks behind it. A block stands for itself: its texts, each once, and its events in terms of them, compressed by zlib, or
/// by LZ4 where time counts more than length.
///
///     head    "CLEATREC", version (2 bytes), FileKind (2), CRC-32 of those (4)
///     block   BlockKind (4), length of what is compressed (4), as written (4), CRC-32 of those and of what follows (4), and then as many bytes as that says
///
/// All numbers have their lowest byte first. What an Events block holds, and the numbers in it, are told at BlockWriter. An End block holds how many events there are in
/// the file (8); behind it there is nothing.
inline constexpr std::uint16_t recordingVersion = 1;
inline constexpr std::size_t recordingHeadBytes = 16;
inline constexpr std::size_t blockHeadBytes = 16;

enum class FileKind : std::uint16_t {
    Saved = 1,   ///< whole: ends with an End block
    Journal = 2, ///< ends wherever the program did
};
enum class BlockKind : std::uint32_t {
    Events = 1, ///< compressed by zlib
    End = 2,
    QuickEvents = 3, ///< compressed by LZ4
};

std::string recordingHead(FileKind kind);
/// Code recording.format.
base::Result<FileKind> readRecordingHead(std::string_view bytes);

struct BlockHead {
    BlockKind kind = BlockKind::Events;
    std::uint32_t plainBytes = 0;
    std::uint32_t packedBytes = 0;
    std::uint32_t checksum = 0;
};
/// Code recording.format: no block, or one that is longer than any may be.
base::Result<BlockHead> readBlockHead(std::string_view bytes);

/// Makes Events blocks. Values of sensitive header fields are masked, texts cut to 16 MiB. One thread.
///
/// A block's content: how many texts; length and bytes of each; how many events; and each event: its type, its fields in the order of event.h, texts by their number (0: the
/// empty one, else the place in the list from 1). Numbers have seven bits a byte, lowest first; ids and times of day are differences to the event before, folded so that small negative ones stay small.
class BlockWriter final
{
public:
    BlockWriter();
    ~BlockWriter();

    /// NoticeEvents, and what belongs to no request, are left out.
    void add(const Event &event);
    bool empty() const { return m_count == 0; }
    std::uint64_t events() const { return m_count; }
    /// Length of what it holds, before it is compressed.
    std::size_t bytes() const { return m_events.size() + m_textBytes; }
    /// Whether it holds as much as a block should.
    bool full() const;
    /// Forgets what it holds.
    void clear();
    /// What it holds, to be made a block by eventsBlock(); the writer is empty then.
    std::string takePlain();
    /// The block, with its head; the writer is empty then.
    std::string finish();

private:
    void number(std::uint64_t value);
    void flushPart();
    void use(TextTable::Ref ref, std::size_t bytes);
    void difference(std::uint64_t value, std::uint64_t &before);
    /// `field`: a number of one's own for each field of each event, because texts repeat in their field mostly.
    void text(std::string_view text, std::size_t field);
    void head(std::string_view head, std::size_t field);
    void place(const base::Place &place, std::size_t field);
    void put(const RequestEvent &event);
    void put(const CallEvent &event);
    void put(const ConsoleEvent &event);
    void put(const ExceptionEvent &event);
    void put(const ContentEvent &event);

    struct MaskedHead {
        std::string before;
        std::string after;
        TextTable::Ref ref = 0; ///< of `after` in this block; 0: it was not in it yet
    };
    std::unique_ptr<TextTable> m_texts;
    std::array<TextTable::Ref, 32> m_last{}; ///< by field
    std::string m_events;
    std::array<char, 256> m_part; ///< of an event, on its way to m_events
    std::size_t m_partBytes = 0;
    std::size_t m_textBytes = 0;
    std::size_t m_spread = 0; ///< bytes of all events' texts, as often as they are referred to
    std::uint64_t m_count = 0;
    std::uint64_t m_lastId = 0;
    std::uint64_t m_lastTime = 0;
    MaskedHead m_lastHeads[2]; ///< because they repeat
    std::size_t m_nextHead = 0;
};

/// The Events block of what BlockWriter::takePlain() gave. Any thread.
std::string eventsBlock(std::string_view plain);
/// The same as a QuickEvents block: longer, and made in less time.
std::string quickEventsBlock(std::string_view plain);

/// An End block.
std::string endBlock(std::uint64_t events);

/// Tells what a block of events holds, `packed` being what is behind its head. Never more than one event is in memory. Code recording.format.
base::Result<void> readEvents(const BlockHead &head, std::string_view packed, const std::function<void(Event &&)> &each);
/// How many events an End block says. Code recording.format.
base::Result<std::uint64_t> readEnd(const BlockHead &head, std::string_view packed);
/// Whether the checksum is that of the block. `headBytes` are the block's first.
bool isSound(const BlockHead &head, std::string_view headBytes, std::string_view packed);

} // namespace cleat::events
