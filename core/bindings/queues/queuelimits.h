// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/queues/queuemessage.h"

#include <span>

namespace cleat::bindings::queues {

// Queues, "Limits", as miniflare enforces them: sizes are decimal.
inline constexpr std::size_t maxMessageBytes = 128'000;
inline constexpr std::size_t maxBatchMessages = 100;
inline constexpr std::size_t maxBatchBytes = 288'000;
inline constexpr std::int64_t maxDelaySeconds = 86'400;
/// How long a message waits at most: the default of the product.
inline constexpr std::int64_t retentionMs = 4LL * 24 * 3600 * 1000;

enum class Call { Send, SendBatch };
/// Code queue.limit with the words of the reference, "Queue send failed: ..." or "Queue sendBatch failed: ...".
base::Result<void> checkMessages(Call call, std::span<const NewMessage> messages);

} // namespace cleat::bindings::queues
