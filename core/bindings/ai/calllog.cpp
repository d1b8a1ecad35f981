// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/ai/calllog.h"

#include "core/base/json.h"

#include <algorithm>

namespace cleat::bindings::ai {

namespace {

using base::Json;

constexpr int indentation = 2;

Json parsed(const std::string &text)
{
    return Json::parse(text, nullptr, false);
}

/// A member that is a text; empty when it is none.
std::string textOf(const Json &value, const char *name)
{
    if (!value.is_object())
        return {};
    const auto found = value.find(name);
    return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// The content of a message: a text, or parts of which some are.
std::string contentOf(const Json &message)
{
    if (!message.is_object())
        return {};
    const auto content = message.find("content");
    if (content == message.end() || !content->is_array())
        return textOf(message, "content");
    std::string text;
    for (const Json &part : *content)
        text += (text.empty() ? "" : "\n") + textOf(part, "text");
    return text;
}

/// What a chunk of a stream adds, as Workers AI or as OpenAI's interface says it.
std::string addedBy(const Json &chunk)
{
    if (std::string text = textOf(chunk, "response"); !text.empty())
        return text;
    if (!chunk.is_object())
        return {};
    const auto choices = chunk.find("choices");
    if (choices == chunk.end() || !choices->is_array() || choices->empty() || !choices->front().is_object())
        return {};
    const Json &choice = choices->front();
    if (const auto delta = choice.find("delta"); delta != choice.end())
        return contentOf(*delta);
    const auto message = choice.find("message");
    return message == choice.end() ? textOf(choice, "text") : contentOf(*message);
}

void countTokens(const Json &value, ModelCall &call)
{
    if (!value.is_object())
        return;
    const auto usage = value.find("usage");
    if (usage == value.end() || !usage->is_object())
        return;
    const auto number = [&](const char *name) -> std::optional<std::uint64_t> {
        const auto found = usage->find(name);
        return found != usage->end() && found->is_number_unsigned() ? std::optional(found->get<std::uint64_t>()) : std::nullopt;
    };
    if (const auto in = number("prompt_tokens"))
        call.tokensIn = in;
    if (const auto out = number("completion_tokens"))
        call.tokensOut = out;
}

std::size_t sizeOf(const ModelCall &call)
{
    return call.inputs.size() + call.answer.size();
}

ModelCall brief(const ModelCall &call)
{
    constexpr std::size_t shown = 400;
    ModelCall made;
    made.id = call.id;
    made.request = call.request;
    made.startUs = call.startUs;
    made.tookUs = call.tookUs;
    made.worker = call.worker;
    made.binding = call.binding;
    made.model = call.model;
    const std::string prompt = promptText(call.inputs);
    std::size_t end = std::min(prompt.size(), shown);
    while (end > 0 && end < prompt.size() && (static_cast<unsigned char>(prompt[end]) & 0xC0) == 0x80) // not in the middle of a character
        --end;
    made.inputs = prompt.substr(0, end);
    made.form = call.form;
    made.contentType = call.contentType;
    made.error = call.error;
    made.tokensIn = call.tokensIn;
    made.tokensOut = call.tokensOut;
    made.isCut = call.isCut;
    return made;
}

} // namespace

std::string answerText(Recording::Form form, const std::string &answer)
{
    if (form == Recording::Form::Bytes || answer.empty())
        return {};
    const Json value = parsed(answer);
    if (value.is_discarded())
        return answer;
    if (form == Recording::Form::Json) {
        if (value.is_string())
            return value.get<std::string>();
        const std::string text = addedBy(value);
        return text.empty() ? value.dump(indentation, ' ', false, Json::error_handler_t::replace) : text;
    }
    std::string text;
    if (value.is_array()) {
        for (const Json &event : value)
            text += addedBy(event.is_array() && event.size() == 2 ? event[1] : event);
    }
    return text.empty() ? value.dump(indentation, ' ', false, Json::error_handler_t::replace) : text;
}

std::string promptText(const std::string &inputs)
{
    const Json value = parsed(inputs);
    if (!value.is_object())
        return value.is_string() ? value.get<std::string>() : inputs;
    if (std::string prompt = textOf(value, "prompt"); !prompt.empty())
        return prompt;
    if (const auto messages = value.find("messages"); messages != value.end() && messages->is_array()) {
        for (auto message = messages->rbegin(); message != messages->rend(); ++message) {
            if (std::string content = contentOf(*message); !content.empty())
                return content;
        }
    }
    if (const auto text = value.find("text"); text != value.end() && text->is_array() && !text->empty() && text->front().is_string())
        return text->front().get<std::string>() + (text->size() > 1 ? " (and " + std::to_string(text->size() - 1) + " more)" : std::string());
    for (const char *name : {"text", "input_text", "query", "input"}) {
        if (std::string text = textOf(value, name); !text.empty())
            return text;
    }
    return inputs;
}

ModelCall::Id CallLog::add(ModelCall call)
{
    for (std::string *text : {&call.inputs, &call.answer}) {
        if (text->size() > longest) {
            text->clear();
            text->shrink_to_fit();
            call.isCut = true;
        }
    }
    if (call.form != Recording::Form::Bytes && !call.answer.empty()) {
        const Json value = parsed(call.answer);
        if (value.is_array()) {
            for (const Json &event : value)
                countTokens(event, call);
        } else {
            countTokens(value, call);
        }
    }
    const std::lock_guard lock(m_mutex);
    call.id = ++m_last;
    m_bytes += sizeOf(call);
    m_calls.push_back(std::move(call));
    while (m_calls.size() > mostCalls || (m_bytes > mostBytes && m_calls.size() > 1)) {
        m_bytes -= sizeOf(m_calls.front());
        m_calls.pop_front();
    }
    return m_last;
}

std::vector<ModelCall> CallLog::after(ModelCall::Id id, Parts parts) const
{
    const std::lock_guard lock(m_mutex);
    std::vector<ModelCall> found;
    for (auto call = std::ranges::upper_bound(m_calls, id, {}, &ModelCall::id); call != m_calls.end(); ++call)
        found.push_back(parts == Parts::Brief ? brief(*call) : *call);
    return found;
}

std::optional<ModelCall> CallLog::find(ModelCall::Id id) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::ranges::lower_bound(m_calls, id, {}, &ModelCall::id);
    return found != m_calls.end() && found->id == id ? std::optional(*found) : std::nullopt;
}

ModelCall::Id CallLog::oldest() const
{
    const std::lock_guard lock(m_mutex);
    return m_calls.empty() ? 0 : m_calls.front().id;
}

void CallLog::clear()
{
    const std::lock_guard lock(m_mutex);
    m_calls.clear();
    m_bytes = 0;
}

} // namespace cleat::bindings::ai
