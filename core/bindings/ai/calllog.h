// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bindings/ai/recordings.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace cleat::bindings::ai {

/// One question to a model, with what it was asked and what it answered, as a whole: the log of requests has both only in short.
struct ModelCall {
    using Id = std::uint64_t; ///< counts from 1
    Id id = 0; ///< given by CallLog::add()
    std::uint64_t request = 0; ///< the row of the log that it belongs to; 0: none
    std::int64_t startUs = 0; ///< wall clock, microseconds since the Unix epoch
    std::uint32_t tookUs = 0; ///< to the end of the answer
    std::string worker; ///< whose binding it is
    std::string binding;
    std::string model; ///< as the code named it
    std::string inputs; ///< JSON; bytes are in base64
    std::string options; ///< JSON; empty: there were none
    Recording::Form form = Recording::Form::Json;
    std::string answer; ///< as Recording::answer has it; empty: there was none
    std::string contentType; ///< of Bytes
    std::string error; ///< empty: it went well
    std::optional<std::uint64_t> tokensIn; ///< of the prompt, when the provider told
    std::optional<std::uint64_t> tokensOut; ///< of the answer
    bool isCut = false; ///< `inputs` or `answer` was too long to be kept (CallLog::longest), and is empty
    bool operator==(const ModelCall &) const = default;
};

/// What an answer (ModelCall::answer) says, put together for people: the text of a generated answer, streamed or not, or else the JSON. Empty for Bytes.
std::string answerText(Recording::Form form, const std::string &answer);
/// What a model was asked, in one text: the prompt, the last message of a chat, the text to embed; else the JSON.
std::string promptText(const std::string &inputs);

/// The last calls of models, the oldest of which go first. Any thread.
class CallLog final
{
public:
    static constexpr std::size_t mostCalls = 1000;
    static constexpr std::size_t mostBytes = 64 << 20; ///< of inputs and answers together
    static constexpr std::size_t longest = 8 << 20; ///< of one of these

    /// Counts the tokens out of the answer's "usage", when it is not cut.
    ModelCall::Id add(ModelCall call);
    enum class Parts {
        Brief, ///< `inputs` is the beginning of promptText(), `options` and `answer` are empty
        Whole,
    };
    /// Those after `id`, in the order of their ends.
    std::vector<ModelCall> after(ModelCall::Id id, Parts parts) const;
    std::optional<ModelCall> find(ModelCall::Id id) const;
    /// The oldest that is still there; 0: there is none.
    ModelCall::Id oldest() const;
    void clear();

private:
    mutable std::mutex m_mutex;
    std::deque<ModelCall> m_calls;
    std::size_t m_bytes = 0;
    ModelCall::Id m_last = 0;
};

} // namespace cleat::bindings::ai
