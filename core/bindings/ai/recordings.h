// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cleat::bindings::ai {

/// An answer of a model that is kept.
struct Recording {
    std::string model;
    std::string inputs; ///< JSON; empty: whatever they are
    enum class Form {
        Json,   ///< a value
        Events, ///< server-sent events, without the last one, "[DONE]"
        Bytes,  ///< a picture, or speech
    };
    Form form = Form::Json;
    std::string answer; ///< JSON; of Events, a JSON array: what each event's data is, or [its type, its data]; of Bytes, the bytes
    std::string contentType; ///< of Bytes
    bool operator==(const Recording &) const = default;
};

/// Answers of models in a folder, a readable JSON file for each, made to be kept with the project and to be written by hand:
///
///     { "model": "@cf/meta/llama-3.1-8b-instruct", "inputs": { "prompt": "Hi" }, "answer": { "response": "Hello!" } }
///
/// In place of "answer" stands "events" (a list) for a stream, or "base64" with "contentType" for bytes. Without "inputs" the file answers whatever the model is asked. Long bytes among the inputs
/// stand as {"bytes": how many, "sha256": digest}. One object for one thread; files may change at any time.
class Recordings final
{
public:
    explicit Recordings(std::filesystem::path folder);
    Recordings(const Recordings &) = delete;
    Recordings &operator=(const Recordings &) = delete;

    enum class Match {
        Exact, ///< the same model and the same inputs, in whatever order their members come
        Model, ///< of that model: first one for the same inputs apart from "stream", then one without inputs, then the first by its file's name
    };
    std::optional<Recording> find(std::string_view model, std::string_view inputs, Match match);
    /// The models that there are recordings of, sorted.
    std::vector<std::string> models();
    /// Writes it, over the one for the same model and inputs, and gives the file. Makes the folder. Codes: ai.recording (`inputs` or `answer` is no JSON), and those of base::writeFileAtomically().
    base::Result<std::filesystem::path> keep(const Recording &recording);
    /// What was wrong with files since the last call, each once; code ai.recording.
    std::vector<base::Error> takeProblems();

private:
    struct File {
        std::filesystem::file_time_type changed;
        std::uintmax_t size = 0;
        std::optional<Recording> recording; ///< nullopt: it is none
        nlohmann::json inputs; ///< null: whatever they are
    };
    void read();
    static base::Result<File> parse(const std::string &text);

    const std::filesystem::path m_folder;
    std::map<std::filesystem::path, File> m_files;
    std::vector<base::Error> m_problems;
};

} // namespace cleat::bindings::ai
