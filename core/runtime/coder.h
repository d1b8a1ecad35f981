// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// Compresses or expands a stream of bytes, piece by piece. Not thread-safe; any thread.
class Coder
{
public:
    /// zlib's numbers: 0 go on, 1 the end of the data, 2 a dictionary is needed, below 0 a failure. Brotli uses 0, 1 and -3.
    struct Outcome {
        std::size_t consumed = 0;
        std::string output;
        int status = 0;
        bool full = false; ///< the output reached its limit: there may be more
    };

    Coder() = default;
    virtual ~Coder() = default;
    Coder(const Coder &) = delete;
    Coder &operator=(const Coder &) = delete;

    /// `flush` is zlib's (0 to 5) or Brotli's operation (0 to 3).
    virtual Outcome run(std::string_view input, int flush, std::size_t limit) = 0;
    /// Begins anew; zlib's status.
    virtual int reset() = 0;
    /// Of zlib's compressor alone; zlib's status.
    virtual int params(int level, int strategy) = 0;
    /// What the library says of the last failure.
    virtual std::string message() const = 0;
    /// About how much memory it takes.
    virtual std::size_t weight() const = 0;
};

struct ZlibOptions {
    int level = -1;
    int windowBits = 15; ///< as zlib has it: below 0 raw, +16 gzip, +32 either
    int memLevel = 8;
    int strategy = 0;
    std::string dictionary;
};

/// Null with zlib's `status` when the options are wrong or memory is used up.
std::unique_ptr<Coder> makeDeflater(const ZlibOptions &options, int &status);
std::unique_ptr<Coder> makeInflater(const ZlibOptions &options, int &status);
std::unique_ptr<Coder> makeBrotliEncoder();
std::unique_ptr<Coder> makeBrotliDecoder();
/// BrotliEncoderParameter or BrotliDecoderParameter; false when it is refused.
bool setBrotliParameter(Coder &coder, int parameter, std::uint32_t value);

} // namespace cleat::runtime
