// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

namespace cleat::runtime {

class RewriterCall;

/// What lol-html's WebAssembly build asks its host for and cannot answer itself (wasm-bindgen's glue, html_rewriter.js of npm html-rewriter-wasm).
enum class RewriterQuestion : std::uint8_t {
    Drop, ///< (reference)
    Clone, ///< (reference): reference
    String, ///< (offset, length): reference
    ToString, ///< (offset of the answer, reference)
    Throw, ///< (offset, length of the message)
    Rethrow, ///< (reference)
    Error, ///< (offset, length of the message): reference
    List, ///< (): reference
    Push, ///< (reference, reference): length
    Handler, ///< (which of those that are being registered): reference
    Broken, ///< nothing: the module is in no state to be used again
    Call, ///< (reference of a handler, kind of token, offset of the token): Undefined, Waiting or Thrown
    Count
};

/// What the module knows the host's values by: references with a meaning of their own. Below 36 they are wasm-bindgen's.
struct RewriterReference {
    enum : std::uint32_t { Undefined = 32, Null = 33, Memory = 36, Buffer, View, Chunk, Sink, Handlers, Token, Waiting, Thrown, Html, FirstHandler = 64 };
};

/// A function of the module. Its arguments and result are numbers of 32 bits.
struct RewriterExport {
    const char *name; ///< in the WebAssembly module
    std::uint32_t (*function)(void *instance, const std::uint32_t *arguments);
    std::size_t arguments;
};

/// An instance of lol-html's official WebAssembly build, whose code became C when Cleat was built (translate.cmake). Each call has a stack of its own, so that it can be left where a handler is to be
/// waited for. Knows nothing of V8. One thread at a time.
class RewriterModule final
{
public:
    static constexpr std::size_t maxBytes = 128U << 20; ///< of memory
    static constexpr std::size_t mostArguments = 5;
    static std::span<const RewriterExport> exports();

    /// Where a call's stack ends, as far as the module knows: whoever sets it to the highest address, from any thread, makes the call that runs stop soon. Outlives the module.
    using StackLimit = std::atomic<char *>;
    /// Throws std::bad_alloc when there is no address space for its memory.
    explicit RewriterModule(StackLimit &limit);
    ~RewriterModule();
    RewriterModule(const RewriterModule &) = delete;
    RewriterModule &operator=(const RewriterModule &) = delete;

    enum class Stop {
        Returned, ///< result() is there
        Question, ///< question() and arguments() are to be answered with go()
        Waiting, ///< for what a handler gave; go() goes on
        Interrupted, ///< by the StackLimit; go() goes on
        Trapped, ///< trap() says why; the module may be in any state
    };
    /// A call that has not begun; `given` are as many as the export takes.
    RewriterCall &begin(const RewriterExport &what, const std::uint32_t *given);
    /// Makes it this call's turn: sets the StackLimit, before go().
    void prepare(RewriterCall &call);
    /// Runs it until there is something to do.
    Stop go(RewriterCall &call, std::uint32_t answer = 0);
    /// It is over, wherever it has come to.
    void end(RewriterCall &call);

    static RewriterQuestion question(const RewriterCall &call);
    static const std::array<std::uint32_t, 3> &arguments(const RewriterCall &call);
    static std::uint32_t result(const RewriterCall &call);
    static std::string_view trap(const RewriterCall &call);
    /// Whether it trapped because there was no more memory for it.
    static bool outOfMemory(const RewriterCall &call);

    /// Its memory; `bytes().data()` stays the same, and is valid for as long as somebody holds what memory() returns.
    std::span<char> bytes() const;
    std::shared_ptr<void> memory() const;
    /// What came out of the rewriters that ran.
    std::vector<char> &output();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace cleat::runtime
