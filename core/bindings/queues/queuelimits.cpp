// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/queues/queuelimits.h"

#include <algorithm>
#include <array>

namespace cleat::bindings::queues {

namespace {

constexpr std::array<std::string_view, 4> names{"json", "text", "bytes", "v8"};

std::unexpected<base::Error> refuse(Call call, const std::string &why)
{
    return base::fail("queue.limit", (call == Call::Send ? "Queue send failed: " : "Queue sendBatch failed: ") + why);
}

} // namespace

std::string_view contentTypeName(ContentType type)
{
    return names.at(static_cast<std::size_t>(type));
}

std::optional<ContentType> contentTypeNamed(std::string_view name)
{
    const auto found = std::ranges::find(names, name);
    return found == names.end() ? std::nullopt : std::optional(static_cast<ContentType>(found - names.begin()));
}

base::Result<void> checkMessages(Call call, std::span<const NewMessage> messages)
{
    std::size_t total = 0;
    std::size_t largest = 0;
    for (const NewMessage &message : messages) {
        total += message.body.size();
        largest = std::max(largest, message.body.size());
    }
    const std::string single = std::to_string(maxMessageBytes);
    if (call == Call::Send) {
        if (largest > maxMessageBytes)
            return refuse(call, "message length of " + std::to_string(largest) + " bytes exceeds limit of " + single);
    } else {
        if (messages.size() > maxBatchMessages)
            return refuse(call, "batch message count of " + std::to_string(messages.size()) + " exceeds limit of " + std::to_string(maxBatchMessages));
        if (largest > maxMessageBytes)
            return refuse(call, "message in batch has length " + std::to_string(largest) + " bytes which exceeds single message size limit of " + single);
        if (total > maxBatchBytes)
            return refuse(call, "batch size of " + std::to_string(total) + " bytes exceeds limit of " + std::to_string(maxBatchBytes));
    }
    if (std::ranges::any_of(messages, [](const NewMessage &message) { return message.delaySeconds < 0 || message.delaySeconds > maxDelaySeconds; }))
        return refuse(call, "Internal Server Error");
    return {};
}

} // namespace cleat::bindings::queues
