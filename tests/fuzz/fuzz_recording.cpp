// SPDX-License-Identifier: GPL-3.0-or-later
// Files that are no recordings, or damaged ones, are refused or read, and what was read is saved and read again as the same. The checksums are put right after the damage, so that it is seen what lies
// behind them.
#include "core/base/file.h"
#include "core/events/recording.h"
#include "core/events/recordingblock.h"
#include "core/events/recordingfile.h"
#include "tests/core/events/traffic.h"

#include <zlib.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace {

using namespace cleat;

[[noreturn]] void wrong(const char *what)
{
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

const std::filesystem::path &folder()
{
    static const std::filesystem::path made = [] {
        const std::filesystem::path memory = "/dev/shm"; // saving waits for the disk
        std::string name = ((std::filesystem::is_directory(memory) ? memory : std::filesystem::temp_directory_path()) / "cleat-fuzz-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            wrong("no folder");
        std::atexit([] { std::filesystem::remove_all(folder()); });
        return std::filesystem::path(name);
    }();
    return made;
}

void put(std::string &bytes, std::size_t at, std::uint32_t value)
{
    for (std::size_t i = 0; i < 4; ++i)
        bytes[at + i] = static_cast<char>(value >> 8 * i);
}

/// A block with a checksum that fits, of content that need not.
std::string block(std::string_view plain)
{
    std::string packed(::compressBound(plain.size()), '\0');
    uLongf length = packed.size();
    ::compress2(reinterpret_cast<Bytef *>(packed.data()), &length, reinterpret_cast<const Bytef *>(plain.data()), plain.size(), 1);
    std::string result(events::blockHeadBytes, '\0');
    put(result, 0, 1);
    put(result, 4, static_cast<std::uint32_t>(plain.size()));
    put(result, 8, static_cast<std::uint32_t>(length));
    uLong sum = ::crc32(0, reinterpret_cast<const Bytef *>(result.data()), 12);
    sum = ::crc32(sum, reinterpret_cast<const Bytef *>(packed.data()), static_cast<uInt>(length));
    put(result, 12, static_cast<std::uint32_t>(sum));
    return result.append(packed, 0, length);
}

/// The same by LZ4, with `flips` of its bits turned round.
std::string quickBlock(std::string_view plain, std::uint32_t flips, test::RandomTraffic &traffic)
{
    std::string result = events::quickEventsBlock(plain);
    const auto length = static_cast<std::uint32_t>(result.size() - events::blockHeadBytes);
    for (; flips > 0; --flips)
        result[events::blockHeadBytes + traffic.below(length)] ^= static_cast<char>(1U << traffic.below(8));
    uLong sum = ::crc32(0, reinterpret_cast<const Bytef *>(result.data()), 12);
    sum = ::crc32(sum, reinterpret_cast<const Bytef *>(result.data() + events::blockHeadBytes), length);
    put(result, 12, static_cast<std::uint32_t>(sum));
    return result;
}

/// What such a block holds, before it is packed.
std::string plainOf(const std::string &block)
{
    const auto head = events::readBlockHead(block);
    std::string plain(head->plainBytes, '\0');
    uLongf length = plain.size();
    ::uncompress(reinterpret_cast<Bytef *>(plain.data()), &length, reinterpret_cast<const Bytef *>(block.data() + events::blockHeadBytes), block.size() - events::blockHeadBytes);
    return plain;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::filesystem::path file = folder() / "a.cleatrec";
    std::string bytes;
    if (size > 64) { // a file as it is
        bytes.assign(reinterpret_cast<const char *>(data), size);
    } else {
        std::uint32_t seed = 1;
        for (std::size_t i = 0; i < size; ++i)
            seed = (seed ^ data[i]) * 16777619U;
        test::RandomTraffic traffic(seed);
        bytes = events::recordingHead(traffic.below(2) == 0 ? events::FileKind::Saved : events::FileKind::Journal);
        std::uint64_t events = 0;
        for (std::uint32_t blocks = traffic.below(3) + 1; blocks > 0; --blocks) {
            events::BlockWriter writer;
            for (std::uint32_t i = traffic.below(30); i > 0; --i)
                writer.add(traffic.event(1 + traffic.below(6)));
            events += writer.events();
            std::string plain = plainOf(writer.finish());
            for (std::uint32_t i = traffic.below(4); i > 0 && !plain.empty(); --i) {
                const std::uint32_t at = traffic.below(static_cast<std::uint32_t>(plain.size()));
                switch (traffic.below(4)) {
                case 0:
                    plain[at] = static_cast<char>(traffic.below(256));
                    break;
                case 1:
                    plain.insert(at, std::string(traffic.below(12), '\xff'));
                    break;
                case 2:
                    plain.erase(at, traffic.below(9));
                    break;
                default:
                    plain.resize(at);
                    break;
                }
            }
            bytes += traffic.below(2) == 0 ? block(plain) : quickBlock(plain, traffic.below(3), traffic);
        }
        bytes += events::endBlock(events);
    }
    if (!base::writeFileAtomically(file, bytes))
        wrong("no file");
    const auto opened = events::Recording::open(file);
    if (!opened) {
        if (opened.error().code != "recording.format" || opened.error().message.empty())
            wrong("a failure of another kind");
        return 0;
    }
    const std::filesystem::path again = folder() / "b.cleatrec";
    if (!(*opened)->save(again))
        wrong("what was read cannot be saved");
    const auto second = events::Recording::open(again);
    if (!second)
        wrong("what was saved cannot be read");
    const auto held = (*opened)->held();
    if ((*second)->held().size() != held.size())
        wrong("other rows");
    for (auto one = held.first; one < held.end; ++one) {
        const auto before = (*opened)->record(one);
        auto after = (*second)->record((*second)->held().first + (one - held.first));
        if (before->request != after->request || before->calls != after->calls || before->console != after->console || before->exceptions != after->exceptions)
            wrong("another record");
    }
    return 0;
}
