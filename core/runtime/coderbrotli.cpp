// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/coder.h"

#include <brotli/decode.h>
#include <brotli/encode.h>

#include <algorithm>

namespace cleat::runtime {

namespace {

constexpr std::size_t step = 65536;
constexpr int failed = -3;

const std::uint8_t *bytesOfText(std::string_view text)
{
    return reinterpret_cast<const std::uint8_t *>(text.data());
}

/// Gives room for output, a step at a time.
class Room final
{
public:
    Room(std::string &output, std::size_t limit) : m_output(output), m_before(output.size()), size(std::min(step, limit - output.size()))
    {
        m_output.resize(m_before + size);
        next = reinterpret_cast<std::uint8_t *>(m_output.data() + m_before);
    }
    void take() { m_output.resize(m_output.size() - size); }

private:
    std::string &m_output;
    std::size_t m_before;

public:
    std::size_t size;
    std::uint8_t *next = nullptr;
};

} // namespace

class BrotliCoder : public Coder
{
public:
    int params(int, int) override { return -2; }
    virtual bool set(int parameter, std::uint32_t value) = 0;
};

namespace {

class Encoder final : public BrotliCoder
{
public:
    Encoder() : m_state(BrotliEncoderCreateInstance(nullptr, nullptr, nullptr)) {}
    ~Encoder() override { BrotliEncoderDestroyInstance(m_state); }
    bool set(int parameter, std::uint32_t value) override { return BrotliEncoderSetParameter(m_state, static_cast<BrotliEncoderParameter>(parameter), value) == BROTLI_TRUE; }
    Outcome run(std::string_view input, int flush, std::size_t limit) override
    {
        Outcome outcome;
        std::size_t left = input.size();
        const std::uint8_t *next = bytesOfText(input);
        for (;;) {
            Room room(outcome.output, limit);
            const bool good = BrotliEncoderCompressStream(m_state, static_cast<BrotliEncoderOperation>(flush), &left, &next, &room.size, &room.next, nullptr) == BROTLI_TRUE;
            room.take();
            if (!good) {
                outcome.status = failed;
                break;
            }
            if (BrotliEncoderIsFinished(m_state) == BROTLI_TRUE) {
                outcome.status = 1;
                break;
            }
            const bool more = BrotliEncoderHasMoreOutput(m_state) == BROTLI_TRUE;
            if (!more && left == 0)
                break;
            if (outcome.output.size() >= limit) {
                outcome.full = true;
                break;
            }
        }
        outcome.consumed = input.size() - left;
        return outcome;
    }
    int reset() override
    {
        BrotliEncoderDestroyInstance(m_state);
        m_state = BrotliEncoderCreateInstance(nullptr, nullptr, nullptr);
        return 0;
    }
    std::string message() const override { return "Compression failed"; }
    std::size_t weight() const override { return 4'000'000; }

private:
    BrotliEncoderState *m_state;
};

class Decoder final : public BrotliCoder
{
public:
    Decoder() : m_state(BrotliDecoderCreateInstance(nullptr, nullptr, nullptr)) {}
    ~Decoder() override { BrotliDecoderDestroyInstance(m_state); }
    bool set(int parameter, std::uint32_t value) override { return BrotliDecoderSetParameter(m_state, static_cast<BrotliDecoderParameter>(parameter), value) == BROTLI_TRUE; }
    Outcome run(std::string_view input, int, std::size_t limit) override
    {
        Outcome outcome;
        std::size_t left = input.size();
        const std::uint8_t *next = bytesOfText(input);
        for (;;) {
            Room room(outcome.output, limit);
            const BrotliDecoderResult result = BrotliDecoderDecompressStream(m_state, &left, &next, &room.size, &room.next, nullptr);
            room.take();
            if (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT && outcome.output.size() < limit)
                continue;
            outcome.full = result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
            outcome.status = result == BROTLI_DECODER_RESULT_SUCCESS ? 1 : result == BROTLI_DECODER_RESULT_ERROR ? failed : 0;
            break;
        }
        outcome.consumed = input.size() - left;
        return outcome;
    }
    int reset() override
    {
        BrotliDecoderDestroyInstance(m_state);
        m_state = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
        return 0;
    }
    std::string message() const override
    {
        const std::string_view text = BrotliDecoderErrorString(BrotliDecoderGetErrorCode(m_state));
        return std::string(text);
    }
    std::size_t weight() const override { return 200'000; }

private:
    BrotliDecoderState *m_state;
};

} // namespace

std::unique_ptr<Coder> makeBrotliEncoder()
{
    return std::make_unique<Encoder>();
}

std::unique_ptr<Coder> makeBrotliDecoder()
{
    return std::make_unique<Decoder>();
}

bool setBrotliParameter(Coder &coder, int parameter, std::uint32_t value)
{
    // The file is compiled without RTTI; only the two makers above give what comes here.
    return static_cast<BrotliCoder &>(coder).set(parameter, value);
}

} // namespace cleat::runtime
