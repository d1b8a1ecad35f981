// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/ai/provider.h"

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace cleat::session {

struct Options;

/// Who answers for Workers AI, as chosen for a project.
struct AiSettings {
    enum class Provider {
        Automatic,  ///< what the environment says, else a server that is found on this machine
        OpenAi,     ///< the server at `baseUrl`
        Cloudflare, ///< Cloudflare's REST API, with `account`
        Recorded,   ///< recordings alone
    };
    Provider provider = Provider::Automatic;
    std::string baseUrl; ///< as it was typed
    std::string account; ///< empty: CLOUDFLARE_ACCOUNT_ID
    std::vector<std::pair<std::string, std::string>> models; ///< Workers AI's name, the server's
    std::filesystem::path recordings; ///< relative to the project; empty: answers are not recorded
    enum class Key {
        None,      ///< or in the environment
        InKeychain ///< AiKey
    };
    Key key = Key::None;
    bool operator==(const AiSettings &) const = default;
};

/// An address of a server that speaks OpenAI's interface, as the runtime takes it: "localhost:11434", "http://localhost:11434/" and "http://localhost:11434/v1/chat/completions" are "http://localhost:11434/v1".
/// Code ai.base-url.
base::Result<std::string> modelServerUrl(const std::string &given);

/// The provider that results, highest first: Options::aiBaseUrl, CLEAT_AI_BASE_URL, `settings`, CLOUDFLARE_ACCOUNT_ID with CLOUDFLARE_API_TOKEN, what listens on this machine. Its key is `key`, or CLEAT_AI_API_KEY,
/// or CLOUDFLARE_API_TOKEN; CLOUDFLARE_API_BASE_URL is another address of Cloudflare's API. Codes: ai.base-url, ai.account (Cloudflare was chosen without what it takes).
base::Result<bindings::ai::Provider> aiProvider(const Options &options, const AiSettings &settings, const std::string &key);

} // namespace cleat::session
