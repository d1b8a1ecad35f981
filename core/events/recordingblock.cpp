// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/events/recordingblock.h"

#include "core/events/masking.h"

#include <lz4.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <vector>

namespace cleat::events {

namespace {

constexpr std::string_view magic = "CLEATREC";
constexpr std::size_t longestText = 16U << 20;
constexpr std::size_t longestPlain = 96U << 20; ///< an event has five long texts
constexpr std::size_t longestSpread = 192U << 20; ///< texts of a block's events, as often as they are referred to
constexpr std::size_t fullPlain = 1U << 20;
constexpr std::size_t fullSpread = 16U << 20;
constexpr std::uint64_t fullEvents = 16384;

enum class Type : std::uint8_t { Request = 1, Call = 2, Console = 3, Exception = 4, Content = 5, CausedRequest = 6 };

std::unexpected<base::Error> damaged(const char *what)
{
    return base::fail("recording.format", what);
}

template <typename T>
void putNumber(std::string &to, T value)
{
    for (std::size_t i = 0; i < sizeof value; ++i)
        to += static_cast<char>(static_cast<std::uint64_t>(value) >> 8 * i & 0xffU);
}

template <typename T>
T numberAt(std::string_view bytes, std::size_t at)
{
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value |= std::uint64_t(static_cast<unsigned char>(bytes[at + i])) << 8 * i;
    return static_cast<T>(value);
}

std::uint32_t checksumOf(std::string_view first, std::string_view second = {})
{
    uLong sum = ::crc32(0, reinterpret_cast<const Bytef *>(first.data()), static_cast<uInt>(first.size()));
    if (!second.empty())
        sum = ::crc32(sum, reinterpret_cast<const Bytef *>(second.data()), static_cast<uInt>(second.size()));
    return static_cast<std::uint32_t>(sum);
}

std::string block(BlockKind kind, std::string_view plain, std::string_view packed)
{
    std::string result;
    result.reserve(blockHeadBytes + packed.size());
    putNumber(result, static_cast<std::uint32_t>(kind));
    putNumber(result, static_cast<std::uint32_t>(plain.size()));
    putNumber(result, static_cast<std::uint32_t>(packed.size()));
    putNumber(result, checksumOf(result, packed));
    result += packed;
    return result;
}

void appendNumber(std::string &to, std::uint64_t value)
{
    for (; value >= 0x80; value >>= 7U)
        to += static_cast<char>((value & 0x7fU) | 0x80U);
    to += static_cast<char>(value);
}

} // namespace

std::string recordingHead(FileKind kind)
{
    std::string head(magic);
    putNumber(head, recordingVersion);
    putNumber(head, static_cast<std::uint16_t>(kind));
    putNumber(head, checksumOf(head));
    return head;
}

base::Result<FileKind> readRecordingHead(std::string_view bytes)
{
    if (bytes.size() < recordingHeadBytes || !bytes.starts_with(magic))
        return damaged("This is not a recording of Cleat's.");
    if (numberAt<std::uint16_t>(bytes, 8) != recordingVersion)
        return damaged("A newer Cleat has written this recording; open it with that.");
    const auto kind = numberAt<std::uint16_t>(bytes, 10);
    if (numberAt<std::uint32_t>(bytes, 12) != checksumOf(bytes.substr(0, 12)) || kind < 1 || kind > 2)
        return damaged("This recording is damaged at its beginning.");
    return static_cast<FileKind>(kind);
}

base::Result<BlockHead> readBlockHead(std::string_view bytes)
{
    if (bytes.size() < blockHeadBytes)
        return damaged("A block ends in its head.");
    const auto kind = numberAt<std::uint32_t>(bytes, 0);
    const BlockHead head{static_cast<BlockKind>(kind), numberAt<std::uint32_t>(bytes, 4), numberAt<std::uint32_t>(bytes, 8), numberAt<std::uint32_t>(bytes, 12)};
    // zlib packs a thousandth at best; LZ4 adds a 255th at worst.
    if (kind < 1 || kind > 3 || head.plainBytes > longestPlain || head.packedBytes > head.plainBytes + head.plainBytes / 255 + 1024
        || head.plainBytes > std::uint64_t(head.packedBytes) * 1040)
        return damaged("There is no block where one should be.");
    return head;
}

bool isSound(const BlockHead &head, std::string_view headBytes, std::string_view packed)
{
    return packed.size() == head.packedBytes && checksumOf(headBytes.substr(0, 12), packed) == head.checksum;
}

// ---- writing

BlockWriter::BlockWriter() : m_texts(std::make_unique<TextTable>()) {}

BlockWriter::~BlockWriter() = default;

bool BlockWriter::full() const
{
    return bytes() >= fullPlain || m_spread >= fullSpread || m_count >= fullEvents;
}

void BlockWriter::number(std::uint64_t value)
{
    constexpr std::size_t longest = 10;
    if (m_partBytes + longest > m_part.size())
        flushPart();
    char *at = m_part.data() + m_partBytes;
    for (; value >= 0x80; value >>= 7U)
        *at++ = static_cast<char>((value & 0x7fU) | 0x80U);
    *at++ = static_cast<char>(value);
    m_partBytes = static_cast<std::size_t>(at - m_part.data());
}

void BlockWriter::flushPart()
{
    m_events.append(m_part.data(), m_partBytes);
    m_partBytes = 0;
}

void BlockWriter::difference(std::uint64_t value, std::uint64_t &before)
{
    const std::uint64_t step = value - before;
    before = value;
    number(step << 1U ^ (step >> 63U != 0 ? ~std::uint64_t(0) : 0));
}

void BlockWriter::text(std::string_view text, std::size_t field)
{
    text = text.substr(0, longestText);
    const std::size_t before = m_texts->size();
    m_last[field] = m_texts->put(text, m_last[field]);
    if (m_texts->size() != before)
        m_textBytes += text.size();
    use(m_last[field], text.size());
}

void BlockWriter::use(TextTable::Ref ref, std::size_t bytes)
{
    number(ref);
    m_spread += bytes;
}

void BlockWriter::head(std::string_view head, std::size_t field)
{
    const auto tell = [&](MaskedHead &known) {
        if (known.ref == 0) {
            text(known.after, field);
            known.ref = m_last[field];
        } else {
            use(known.ref, std::min(known.after.size(), longestText));
        }
    };
    for (MaskedHead &known : m_lastHeads) {
        if (sameText(known.before, head)) {
            tell(known);
            return;
        }
    }
    MaskedHead &known = m_lastHeads[m_nextHead++ % std::size(m_lastHeads)];
    known = {std::string(head), maskedHead(head), 0};
    tell(known);
}

void BlockWriter::place(const base::Place &place, std::size_t field)
{
    text(place.file, field);
    number(static_cast<std::uint32_t>(place.line));
    number(static_cast<std::uint32_t>(place.column));
}

void BlockWriter::put(const RequestEvent &event)
{
    number(static_cast<std::uint64_t>(event.cause == 0 ? Type::Request : Type::CausedRequest));
    difference(event.id, m_lastId);
    difference(static_cast<std::uint64_t>(event.startUs), m_lastTime);
    number(event.durationUs);
    number(event.status);
    number(static_cast<std::uint64_t>(event.state));
    number(static_cast<std::uint64_t>(event.answer));
    number(static_cast<std::uint64_t>(event.kind));
    number(event.secure ? 1 : 0);
    number(event.handedUs);
    number(event.beganUs);
    number(event.answeredUs);
    text(event.environment, 0);
    text(event.method, 1);
    text(event.target, 2);
    text(event.handler, 3);
    number(event.requestBytes);
    number(event.responseBytes);
    text(event.error, 4);
    if (event.cause != 0)
        number(event.cause);
}

void BlockWriter::put(const CallEvent &event)
{
    number(static_cast<std::uint64_t>(Type::Call));
    difference(event.request, m_lastId);
    number(event.span);
    number(event.parent);
    number(event.startUs);
    number(event.durationUs);
    text(event.kind, 5);
    text(event.binding, 6);
    text(event.method, 7);
    place(event.place, 8);
    number(event.rowsRead);
    number(event.rowsWritten);
    text(event.arguments, 9);
    text(event.result, 10);
    text(event.error, 11);
    number(event.bytes);
}

void BlockWriter::put(const ConsoleEvent &event)
{
    number(static_cast<std::uint64_t>(Type::Console));
    difference(event.request, m_lastId);
    difference(static_cast<std::uint64_t>(event.timeUs), m_lastTime);
    number(static_cast<std::uint64_t>(event.level));
    text(event.text, 12);
    text(event.values, 13);
    place(event.place, 14);
}

void BlockWriter::put(const ExceptionEvent &event)
{
    number(static_cast<std::uint64_t>(Type::Exception));
    difference(event.request, m_lastId);
    difference(static_cast<std::uint64_t>(event.timeUs), m_lastTime);
    text(event.message, 15);
    text(event.stack, 16);
    place(event.place, 17);
    text(event.excerpt, 18);
    number(static_cast<std::uint32_t>(event.excerptLine));
}

void BlockWriter::put(const ContentEvent &event)
{
    number(static_cast<std::uint64_t>(Type::Content));
    difference(event.request, m_lastId);
    head(event.requestHead, 19);
    head(event.responseHead, 20);
    text(event.cf, 21);
    text(event.requestBody, 22);
    text(event.responseBody, 23);
}

void BlockWriter::add(const Event &event)
{
    const bool counts = std::visit(
        [this](const auto &one) {
            if constexpr (requires { one.request; }) {
                if (one.request == 0)
                    return false;
            } else if constexpr (requires { one.id; }) {
                if (one.id == 0)
                    return false;
            }
            if constexpr (requires { put(one); })
                put(one);
            else
                return false;
            return true;
        },
        event);
    flushPart();
    m_count += counts ? 1 : 0;
}

std::string quickEventsBlock(std::string_view plain)
{
    std::string packed(static_cast<std::size_t>(::LZ4_compressBound(static_cast<int>(plain.size()))), '\0'); // longestPlain is far below what it takes
    packed.resize(static_cast<std::size_t>(::LZ4_compress_default(plain.data(), packed.data(), static_cast<int>(plain.size()), static_cast<int>(packed.size()))));
    return block(BlockKind::QuickEvents, plain, packed);
}

std::string eventsBlock(std::string_view plain)
{
    std::string packed(::compressBound(plain.size()), '\0');
    uLongf length = packed.size();
    ::compress2(reinterpret_cast<Bytef *>(packed.data()), &length, reinterpret_cast<const Bytef *>(plain.data()), plain.size(), 1); // the bound leaves it nothing to fail of but memory
    packed.resize(length);
    return block(BlockKind::Events, plain, packed);
}

std::string BlockWriter::finish()
{
    return eventsBlock(takePlain());
}

void BlockWriter::clear()
{
    m_texts = std::make_unique<TextTable>();
    m_last = {};
    for (MaskedHead &known : m_lastHeads)
        known.ref = 0;
    m_events.clear();
    m_textBytes = 0;
    m_spread = 0;
    m_count = 0;
    m_lastId = 0;
    m_lastTime = 0;
}

std::string BlockWriter::takePlain()
{
    std::string plain;
    plain.reserve(bytes() + m_texts->size() * 3 + 20);
    appendNumber(plain, m_texts->size() - 1);
    for (TextTable::Ref ref = 1; ref < m_texts->size(); ++ref) {
        appendNumber(plain, m_texts->at(ref).size());
        plain += m_texts->at(ref);
    }
    appendNumber(plain, m_count);
    plain += m_events;
    clear();
    return plain;
}

std::string endBlock(std::uint64_t events)
{
    std::string plain;
    putNumber(plain, events);
    return block(BlockKind::End, plain, plain);
}

base::Result<std::uint64_t> readEnd(const BlockHead &head, std::string_view packed)
{
    if (head.kind != BlockKind::End || packed.size() != sizeof(std::uint64_t))
        return damaged("The last block is damaged.");
    return numberAt<std::uint64_t>(packed, 0);
}

// ---- reading

namespace {

/// Reads an Events block's content, and stops at the first thing that cannot be.
class BlockReader final
{
public:
    explicit BlockReader(std::string_view plain) : m_rest(plain) {}

    bool run(const std::function<void(Event &&)> &each)
    {
        const std::uint64_t texts = number();
        if (texts > m_rest.size())
            return false;
        m_texts.reserve(texts + 1);
        m_texts.push_back({});
        for (std::uint64_t i = 0; i < texts && m_good; ++i) {
            const std::uint64_t length = number();
            if (length > m_rest.size() || length > longestText)
                return false;
            m_texts.push_back(m_rest.substr(0, length));
            m_rest.remove_prefix(length);
        }
        const std::uint64_t events = number();
        for (std::uint64_t i = 0; i < events && m_good; ++i) {
            std::optional<Event> one = event();
            if (!one || !m_good)
                return false;
            each(std::move(*one));
        }
        return m_good && m_rest.empty();
    }

private:
    std::uint64_t number()
    {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !m_rest.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= std::uint64_t(byte & 0x7fU) << shift;
            if (byte < 0x80)
                return value;
        }
        m_good = false;
        return 0;
    }
    template <typename T>
    T small()
    {
        const std::uint64_t value = number();
        m_good = m_good && value <= std::numeric_limits<T>::max();
        return static_cast<T>(value);
    }
    template <typename T>
    T choice(T last)
    {
        const std::uint64_t value = number();
        m_good = m_good && value <= static_cast<std::uint64_t>(last);
        return static_cast<T>(value);
    }
    std::uint64_t difference(std::uint64_t &before)
    {
        const std::uint64_t folded = number();
        return before += folded >> 1U ^ ((folded & 1U) != 0 ? ~std::uint64_t(0) : 0);
    }
    std::string text()
    {
        const std::uint64_t ref = number();
        if (ref >= m_texts.size() || (m_spread += m_texts[ref].size()) > longestSpread) {
            m_good = false;
            return {};
        }
        return std::string(m_texts[ref]);
    }
    base::Place place()
    {
        base::Place place;
        place.file = text();
        place.line = static_cast<int>(small<std::uint32_t>());
        place.column = static_cast<int>(small<std::uint32_t>());
        return place;
    }
    RequestId id()
    {
        const RequestId id = difference(m_lastId);
        m_good = m_good && id != 0;
        return id;
    }
    std::int64_t time() { return static_cast<std::int64_t>(difference(m_lastTime)); }

    RequestEvent request()
    {
        RequestEvent event;
        event.id = id();
        event.startUs = time();
        event.durationUs = small<std::uint32_t>();
        event.status = small<std::uint16_t>();
        event.state = choice(RequestState::Abandoned);
        event.answer = choice(Answer::Refused);
        event.kind = choice(RequestKind::Manual);
        event.secure = small<std::uint8_t>() != 0;
        event.handedUs = small<std::uint32_t>();
        event.beganUs = small<std::uint32_t>();
        event.answeredUs = small<std::uint32_t>();
        event.environment = text();
        event.method = text();
        event.target = text();
        event.handler = text();
        event.requestBytes = number();
        event.responseBytes = number();
        event.error = text();
        return event;
    }
    CallEvent call()
    {
        CallEvent event;
        event.request = id();
        event.span = small<std::uint32_t>();
        event.parent = small<std::uint32_t>();
        event.startUs = small<std::uint32_t>();
        event.durationUs = small<std::uint32_t>();
        event.kind = text();
        event.binding = text();
        event.method = text();
        event.place = place();
        event.rowsRead = number();
        event.rowsWritten = number();
        event.arguments = text();
        event.result = text();
        event.error = text();
        event.bytes = number();
        return event;
    }
    ConsoleEvent console()
    {
        ConsoleEvent event;
        event.request = id();
        event.timeUs = time();
        event.level = choice(Level::Error);
        event.text = text();
        event.values = text();
        event.place = place();
        return event;
    }
    ExceptionEvent exception()
    {
        ExceptionEvent event;
        event.request = id();
        event.timeUs = time();
        event.message = text();
        event.stack = text();
        event.place = place();
        event.excerpt = text();
        event.excerptLine = static_cast<int>(small<std::uint32_t>());
        return event;
    }
    ContentEvent content()
    {
        ContentEvent event;
        event.request = id();
        event.requestHead = text();
        event.responseHead = text();
        event.cf = text();
        event.requestBody = text();
        event.responseBody = text();
        return event;
    }
    std::optional<Event> event()
    {
        switch (static_cast<Type>(small<std::uint8_t>())) {
        case Type::Request:
            return request();
        case Type::CausedRequest: {
            RequestEvent caused = request();
            caused.cause = number();
            return caused;
        }
        case Type::Call:
            return call();
        case Type::Console:
            return console();
        case Type::Exception:
            return exception();
        case Type::Content:
            return content();
        }
        return std::nullopt;
    }

    std::string_view m_rest;
    std::vector<std::string_view> m_texts;
    std::size_t m_spread = 0;
    bool m_good = true;
    std::uint64_t m_lastId = 0;
    std::uint64_t m_lastTime = 0;
};

} // namespace

namespace {

std::optional<std::string> unpackedSmall(std::string_view packed, std::size_t bytes)
{
    std::string plain(bytes, '\0');
    uLongf length = plain.size();
    if (::uncompress(reinterpret_cast<Bytef *>(plain.data()), &length, reinterpret_cast<const Bytef *>(packed.data()), packed.size()) != Z_OK || length != bytes)
        return std::nullopt;
    return plain;
}

std::optional<std::string> unpackedQuickly(std::string_view packed, std::size_t bytes)
{
    std::string plain(bytes, '\0');
    if (::LZ4_decompress_safe(packed.data(), plain.data(), static_cast<int>(packed.size()), static_cast<int>(bytes)) != static_cast<int>(bytes))
        return std::nullopt;
    return plain;
}

} // namespace

base::Result<void> readEvents(const BlockHead &head, std::string_view packed, const std::function<void(Event &&)> &each)
{
    const std::optional<std::string> unpacked = head.kind == BlockKind::QuickEvents ? unpackedQuickly(packed, head.plainBytes) : unpackedSmall(packed, head.plainBytes);
    if (!unpacked)
        return damaged("A block cannot be unpacked.");
    if (!BlockReader(*unpacked).run(each))
        return damaged("A block holds what no recording does.");
    return {};
}

} // namespace cleat::events
