// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/ai/recordings.h"

#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/base/json.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <system_error>
#include <utility>

namespace cleat::bindings::ai {

namespace fs = std::filesystem;
using base::Json;
using Sorted = nlohmann::json; // the members of its objects are sorted: equal whatever order they came in

namespace {

constexpr std::size_t longestList = 256; ///< of numbers that are bytes, and stay as they are
constexpr std::size_t longestWord = 2048; ///< a longer text without a space is bytes in base64

std::string sha256(std::string_view bytes)
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned length = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1)
        return {};
    return base::toHex(std::as_bytes(std::span(digest.data(), length)));
}

template <typename Value>
Value digestOf(std::string_view bytes)
{
    return Value{{"bytes", bytes.size()}, {"sha256", sha256(bytes)}};
}

template <typename Value>
bool isByte(const Value &value)
{
    return value.is_number_integer() && value >= Value(0) && value <= Value(255);
}

/// The same with long bytes replaced by their digests.
template <typename Value>
Value reduced(const Value &value)
{
    if (value.is_string()) {
        const auto &text = value.template get_ref<const std::string &>();
        return text.size() > longestWord && text.find_first_of(" \n") == std::string::npos ? digestOf<Value>(text) : value;
    }
    if (value.is_array() && value.size() > longestList && std::ranges::all_of(value, isByte<Value>)) {
        std::string bytes;
        for (const Value &one : value)
            bytes += static_cast<char>(one.template get<int>());
        return digestOf<Value>(bytes);
    }
    Value made = value;
    if (value.is_structured()) {
        for (auto &one : made)
            one = reduced(one);
    }
    return made;
}

std::string dumped(const Json &value)
{
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// With a line for each member, but a list of numbers on one line.
void print(const Json &value, const std::string &indent, std::string &out)
{
    if (!value.is_structured() || value.empty() || (value.is_array() && std::ranges::all_of(value, [](const Json &one) { return one.is_number(); }))) {
        out += dumped(value);
        return;
    }
    const std::string inner = indent + "  ";
    out += value.is_array() ? "[\n" : "{\n";
    bool first = true;
    for (const auto &[name, one] : value.items()) {
        out += (std::exchange(first, false) ? "" : ",\n") + inner;
        if (value.is_object())
            out += dumped(Json(name)) + ": ";
        print(one, inner, out);
    }
    out += '\n' + indent + (value.is_array() ? ']' : '}');
}

/// The part of a model's name that says most, as a file's name.
std::string fileName(std::string_view model)
{
    std::string name(model.substr(model.rfind('/') + 1)); // npos + 1 is 0
    std::ranges::replace_if(name, [](char c) { return !((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_'); }, '-');
    if (name.empty() || name.front() == '.')
        name.insert(0, "model");
    name.resize(std::min(name.size(), std::size_t(100)));
    return name;
}

base::Error wrong(std::string what)
{
    return {"ai.recording", std::move(what), {}};
}

/// Without the member that only says how the answer is to come.
Sorted withoutStream(Sorted inputs)
{
    if (inputs.is_object())
        inputs.erase("stream");
    return inputs;
}

} // namespace

Recordings::Recordings(fs::path folder) : m_folder(std::move(folder)) {}

base::Result<Recordings::File> Recordings::parse(const std::string &text)
{
    const Json json = Json::parse(text, nullptr, false);
    if (!json.is_object())
        return std::unexpected(wrong("it is no JSON object."));
    File file;
    Recording &recording = file.recording.emplace();
    const auto model = json.find("model");
    if (model == json.end() || !model->is_string())
        return std::unexpected(wrong("\"model\" has to be the name of a model, such as \"@cf/meta/llama-3.1-8b-instruct\"."));
    recording.model = model->get<std::string>();
    if (const auto inputs = json.find("inputs"); inputs != json.end()) {
        recording.inputs = dumped(*inputs);
        file.inputs = reduced(Sorted::parse(recording.inputs));
    }
    const auto answer = json.find("answer");
    const auto events = json.find("events");
    const auto bytes = json.find("base64");
    if ((answer != json.end()) + (events != json.end()) + (bytes != json.end()) != 1)
        return std::unexpected(wrong("it has to hold one of \"answer\", \"events\" and \"base64\"."));
    if (answer != json.end()) {
        recording.answer = dumped(*answer);
    } else if (events != json.end()) {
        if (!events->is_array())
            return std::unexpected(wrong("\"events\" has to be a list."));
        recording.form = Recording::Form::Events;
        recording.answer = dumped(*events);
    } else {
        auto decoded = bytes->is_string() ? base::fromBase64(bytes->get<std::string>()) : std::nullopt;
        if (!decoded)
            return std::unexpected(wrong("\"base64\" is no base64."));
        recording.form = Recording::Form::Bytes;
        recording.answer = *std::move(decoded);
        const auto type = json.find("contentType");
        recording.contentType = type != json.end() && type->is_string() ? type->get<std::string>() : "application/octet-stream";
    }
    return file;
}

/// What has changed in the folder since the last time.
void Recordings::read()
{
    std::set<fs::path> there;
    std::error_code error;
    for (fs::directory_iterator it(m_folder, error), end; !error && it != end; it.increment(error)) {
        std::error_code ec;
        const fs::path &path = it->path();
        if (path.extension() != ".json" || !it->is_regular_file(ec))
            continue;
        const auto changed = it->last_write_time(ec);
        const auto size = ec ? 0 : it->file_size(ec);
        if (ec)
            continue; // it went away
        there.insert(path);
        if (const auto known = m_files.find(path); known != m_files.end() && known->second.changed == changed && known->second.size == size)
            continue;
        const auto text = base::readFile(path);
        auto parsed = text ? parse(*text) : std::unexpected(text.error());
        if (!parsed)
            m_problems.push_back({"ai.recording", "The recorded answer " + path.string() + " cannot be used: " + parsed.error().message, {path.string(), 0, 0}});
        File file = parsed ? *std::move(parsed) : File();
        file.changed = changed;
        file.size = size;
        m_files.insert_or_assign(path, std::move(file));
    }
    if (error && error != std::errc::no_such_file_or_directory)
        m_problems.push_back({"ai.recording", "The folder of recorded answers " + m_folder.string() + " cannot be read: " + error.message() + ".", {m_folder.string(), 0, 0}});
    std::erase_if(m_files, [&](const auto &entry) { return !there.contains(entry.first); });
}

std::optional<Recording> Recordings::find(std::string_view model, std::string_view inputs, Match match)
{
    read();
    const Sorted wanted = reduced(Sorted::parse(inputs, nullptr, false));
    const Sorted plain = withoutStream(wanted);
    const Recording *best = nullptr;
    int rank = 3;
    for (const auto &[path, file] : m_files) {
        if (!file.recording || file.recording->model != model)
            continue;
        const bool anyInputs = file.recording->inputs.empty();
        if (match == Match::Exact) {
            if (!anyInputs && file.inputs == wanted)
                return file.recording;
            continue;
        }
        const int own = anyInputs ? 1 : withoutStream(file.inputs) == plain ? 0 : 2;
        if (own < rank) {
            rank = own;
            best = &*file.recording;
        }
    }
    return best ? std::optional(*best) : std::nullopt;
}

std::vector<std::string> Recordings::models()
{
    read();
    std::set<std::string> names;
    for (const auto &[path, file] : m_files) {
        if (file.recording)
            names.insert(file.recording->model);
    }
    return {names.begin(), names.end()};
}

base::Result<fs::path> Recordings::keep(const Recording &recording)
{
    Json inputs = Json::parse(recording.inputs, nullptr, false);
    const bool isBytes = recording.form == Recording::Form::Bytes;
    Json answer = isBytes ? Json() : Json::parse(recording.answer, nullptr, false);
    if (inputs.is_discarded() || answer.is_discarded())
        return base::fail("ai.recording", "The answer of " + recording.model + " cannot be recorded: it is no JSON.");
    read();
    const Sorted wanted = reduced(Sorted::parse(recording.inputs));
    fs::path path;
    for (const auto &[known, file] : m_files) {
        if (file.recording && file.recording->model == recording.model && !file.recording->inputs.empty() && file.inputs == wanted)
            path = known;
    }
    if (path.empty())
        path = m_folder / (fileName(recording.model) + '-' + sha256(recording.model + '\n' + wanted.dump(-1, ' ', false, Sorted::error_handler_t::replace)).substr(0, 10) + ".json");
    Json json{{"model", recording.model}, {"inputs", reduced(inputs)}};
    switch (recording.form) {
    case Recording::Form::Json:
        json["answer"] = std::move(answer);
        break;
    case Recording::Form::Events:
        json["events"] = std::move(answer);
        break;
    case Recording::Form::Bytes:
        json["contentType"] = recording.contentType;
        json["base64"] = base::toBase64(base::asBytes(recording.answer));
        break;
    }
    std::error_code error;
    fs::create_directories(m_folder, error);
    if (error)
        return base::fail("file.write", "The folder of recorded answers " + m_folder.string() + " cannot be made: " + error.message() + ".", {m_folder.string(), 0, 0});
    std::string text;
    print(json, {}, text);
    if (auto written = base::writeFileAtomically(path, text + '\n'); !written)
        return std::unexpected(std::move(written.error()));
    return path;
}

std::vector<base::Error> Recordings::takeProblems()
{
    return std::exchange(m_problems, {});
}

} // namespace cleat::bindings::ai
