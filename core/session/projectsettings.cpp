// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/projectsettings.h"

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/runtime/cfobject.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <system_error>
#include <tuple>
#include <utility>

namespace cleat::session {

namespace {

namespace fs = std::filesystem;
using base::Json;

constexpr std::array<std::pair<const char *, Plan>, 3> planNames{{{"free", Plan::Free}, {"paid", Plan::Paid}, {"none", Plan::None}}};

constexpr std::array<std::pair<const char *, AiSettings::Provider>, 4> providerNames{
    {{"automatic", AiSettings::Provider::Automatic}, {"openai", AiSettings::Provider::OpenAi}, {"cloudflare", AiSettings::Provider::Cloudflare}, {"recorded", AiSettings::Provider::Recorded}}};

/// What `json` says of "ai"; false when it cannot be.
bool readAi(const Json &json, AiSettings &ai)
{
    if (!json.is_object())
        return false;
    const auto text = [&](const char *name) {
        const auto found = json.find(name);
        return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    const std::string provider = text("provider");
    const auto *const known = std::ranges::find(providerNames, provider, [](const auto &entry) { return std::string(entry.first); });
    if (known == providerNames.end())
        return false;
    ai.provider = known->second;
    ai.baseUrl = text("baseUrl");
    ai.account = text("account");
    ai.recordings = text("recordings");
    if (const auto key = json.find("keyInKeychain"); key != json.end() && *key == true)
        ai.key = AiSettings::Key::InKeychain;
    if (const auto models = json.find("models"); models != json.end()) {
        if (!models->is_object())
            return false;
        for (const auto &[name, served] : models->items()) {
            if (!served.is_string())
                return false;
            ai.models.emplace_back(name, served.get<std::string>());
        }
    }
    return true;
}

Json aiJson(const AiSettings &ai)
{
    Json json;
    for (const auto &[name, value] : providerNames) {
        if (value == ai.provider)
            json["provider"] = name;
    }
    for (const auto &[name, value] : {std::pair("baseUrl", ai.baseUrl), std::pair("account", ai.account), std::pair("recordings", ai.recordings.string())}) {
        if (!value.empty())
            json[name] = value;
    }
    if (ai.key == AiSettings::Key::InKeychain)
        json["keyInKeychain"] = true;
    for (const auto &[name, served] : ai.models)
        json["models"][name] = served;
    return json;
}

std::unexpected<base::Error> bad(const fs::path &file, const std::string &what)
{
    return base::fail("settings.file", "The settings of this project in " + file.string() + " cannot be used: " + what + " The usual ones hold until they are saved again.", {file.string()});
}

} // namespace

base::Result<void> check(const ProjectSettings &settings)
{
    if (!settings.cf.empty()) {
        if (const auto fine = runtime::checkCf(settings.cf); !fine)
            return base::fail("settings.cf", fine.error().message);
    }
    if (settings.recordingBytes < ProjectSettings::leastRecordingBytes || settings.recordingBytes > ProjectSettings::mostRecordingBytes)
        return base::fail("settings.range", "The memory for requests has to be between 16 MiB and 16 GiB.");
    if (settings.bodyBytes > ProjectSettings::mostBodyBytes)
        return base::fail("settings.range", "At most 256 MiB of a body can be kept.");
    if (settings.analyticsPerSecond > ProjectSettings::mostAnalyticsPerSecond)
        return base::fail("settings.range", "At most 1,000,000 points of an index can be kept a second; 0 keeps all.");
    if (std::max(settings.hyperdriveSeconds, settings.hyperdriveStaleSeconds) > ProjectSettings::mostHyperdriveSeconds)
        return base::fail("settings.range", "Hyperdrive keeps answers for an hour at most.");
    if (settings.ai.provider == AiSettings::Provider::OpenAi) {
        if (auto url = modelServerUrl(settings.ai.baseUrl); !url)
            return std::unexpected(std::move(url.error()));
    }
    return {};
}

base::Result<ProjectSettings> readProjectSettings(const fs::path &file)
{
    ProjectSettings settings;
    const auto text = base::readFile(file);
    if (!text && text.error().code == "file.missing")
        return settings;
    if (!text)
        return std::unexpected(text.error());
    const Json json = Json::parse(*text, nullptr, false);
    if (!json.is_object())
        return bad(file, "it is no JSON object.");
    if (const auto plan = json.find("plan"); plan != json.end()) {
        bool known = false;
        for (const auto &[name, value] : planNames) {
            if (*plan == name) {
                settings.plan = value;
                known = true;
            }
        }
        if (!known)
            return bad(file, "\"plan\" is none of \"free\", \"paid\" and \"none\".");
    }
    if (const auto cf = json.find("cf"); cf != json.end())
        settings.cf = cf->dump(2, ' ', false, Json::error_handler_t::replace);
    for (const auto &[name, into] : {std::pair("recordingBytes", &settings.recordingBytes), std::pair("bodyBytes", &settings.bodyBytes)}) {
        if (const auto number = json.find(name); number != json.end()) {
            if (!number->is_number_unsigned())
                return bad(file, "\"" + std::string(name) + "\" is no whole number.");
            *into = number->get<std::size_t>();
        }
    }
    for (const auto &[name, into, most] : {std::tuple("analyticsPerSecond", &settings.analyticsPerSecond, ProjectSettings::mostAnalyticsPerSecond),
             std::tuple("hyperdriveSeconds", &settings.hyperdriveSeconds, ProjectSettings::mostHyperdriveSeconds),
             std::tuple("hyperdriveStaleSeconds", &settings.hyperdriveStaleSeconds, ProjectSettings::mostHyperdriveSeconds)}) {
        if (const auto number = json.find(name); number != json.end()) {
            if (!number->is_number_unsigned() || number->get<std::uint64_t>() > most)
                return bad(file, "\"" + std::string(name) + "\" is no whole number up to " + std::to_string(most) + '.');
            *into = number->get<std::uint32_t>();
        }
    }
    if (const auto workers = json.find("workers"); workers != json.end()) {
        if (!workers->is_array() || std::ranges::any_of(*workers, [](const Json &one) { return !one.is_string() || !fs::path(one.get<std::string>()).is_absolute(); }))
            return bad(file, "\"workers\" is no list of absolute paths.");
        for (const Json &one : *workers)
            settings.workers.emplace_back(one.get<std::string>());
    }
    if (const auto ai = json.find("ai"); ai != json.end() && !readAi(*ai, settings.ai))
        return bad(file, "\"ai\" does not say who answers for Workers AI.");
    if (const auto fine = check(settings); !fine)
        return bad(file, fine.error().message);
    return settings;
}

base::Result<void> writeProjectSettings(const fs::path &file, const ProjectSettings &settings)
{
    if (auto fine = check(settings); !fine)
        return fine;
    Json json = {{"recordingBytes", settings.recordingBytes}, {"bodyBytes", settings.bodyBytes}};
    for (const auto &[name, value] : planNames) {
        if (value == settings.plan)
            json["plan"] = name;
    }
    if (!settings.cf.empty())
        json["cf"] = Json::parse(settings.cf, nullptr, false);
    for (const fs::path &worker : settings.workers)
        json["workers"].push_back(worker.string());
    if (settings.analyticsPerSecond != 0)
        json["analyticsPerSecond"] = settings.analyticsPerSecond;
    if (settings.hyperdriveSeconds != 0)
        json["hyperdriveSeconds"] = settings.hyperdriveSeconds;
    if (settings.hyperdriveStaleSeconds != ProjectSettings::usualHyperdriveStaleSeconds)
        json["hyperdriveStaleSeconds"] = settings.hyperdriveStaleSeconds;
    if (settings.ai != AiSettings())
        json["ai"] = aiJson(settings.ai);
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    if (error)
        return base::fail("file.write", "The folder " + file.parent_path().string() + " cannot be made: " + error.message() + ".", {file.string()});
    return base::writeFileAtomically(file, json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n', base::Access::OwnerOnly);
}

} // namespace cleat::session
