// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cleat::bindings::ai {

class CallLog;

/// Who answers for Workers AI on this machine.
struct Provider {
    enum class Kind {
        None,       ///< nobody was named: what listens on `localPorts` is asked, if anything does
        OpenAi,     ///< a server that speaks OpenAI's HTTP interface (Ollama, llama.cpp, LM Studio, vLLM, ...)
        Cloudflare, ///< Cloudflare's REST API
    };
    Kind kind = Kind::None;
    std::string baseUrl; ///< without a slash at its end. OpenAi: what comes before /chat/completions, as "http://localhost:11434/v1". Cloudflare: what comes before /accounts
    std::string account; ///< Cloudflare's account id
    std::string key; ///< sent as a bearer token, to `baseUrl` alone; empty: none is
    std::vector<std::pair<std::string, std::string>> models; ///< OpenAi: Workers AI's name of a model, the server's name of it
    std::filesystem::path recordings; ///< the folder where answers are kept and found again (Recordings); empty: none
    std::vector<std::uint16_t> localPorts; ///< with Kind::None
    std::int64_t stallMs = 300'000; ///< how long there may be nothing to hear from it before the call fails
    std::shared_ptr<CallLog> calls; ///< where calls are told of; null: nowhere
    std::string problem; ///< why nobody can be asked, for whoever tries; empty: somebody can, or may be found
    bool operator==(const Provider &) const = default;
};

/// Where programs that serve models usually listen: Ollama, LM Studio, llama.cpp, vLLM.
inline constexpr std::uint16_t usualPorts[] = {11434, 1234, 8080, 8000};

} // namespace cleat::bindings::ai
