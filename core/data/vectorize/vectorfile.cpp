// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/vectorize/vectorfile.h"

#include "core/base/json.h"
#include "core/data/outputfile.h"

#include <nlohmann/json.hpp>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace cleat::data::vectorize {

using base::Json;
using base::Result;
using bindings::vectorize::Vector;
using bindings::vectorize::VectorIndex;
using bindings::vectorize::Write;

namespace {

constexpr std::size_t pageOfExport = 200;

std::unexpected<base::Error> wrong(std::string sentence)
{
    return base::fail("data.format", std::move(sentence));
}

base::Error inLine(base::Error error, const std::filesystem::path &file, int line)
{
    if (error.place.line == 0)
        error.place = {file.string(), line, 1};
    return error;
}

} // namespace

Result<Vector> vectorOf(std::string_view line)
{
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object())
        return wrong("This line must be a JSON object: {\"id\": \"...\", \"values\": [...]}.");
    Vector vector;
    const auto id = json.find("id");
    if (id == json.end() || !id->is_string())
        return wrong("The \"id\" of a vector must be a text.");
    vector.id = id->get<std::string>();
    const auto values = json.find("values");
    if (values == json.end() || !values->is_array())
        return wrong("The \"values\" of a vector must be an array of numbers.");
    vector.values.reserve(values->size());
    for (const Json &value : *values) {
        if (!value.is_number())
            return wrong("The \"values\" of a vector must be an array of numbers.");
        vector.values.push_back(static_cast<float>(value.get<double>()));
    }
    if (const auto space = json.find("namespace"); space != json.end() && !space->is_null()) {
        if (!space->is_string())
            return wrong("The \"namespace\" of a vector must be a text.");
        vector.nameSpace = space->get<std::string>();
    }
    if (const auto metadata = json.find("metadata"); metadata != json.end() && !metadata->is_null())
        vector.metadata = metadata->dump(-1, ' ', false, Json::error_handler_t::replace);
    return vector;
}

std::string lineOf(const Vector &vector)
{
    Json json{{"id", vector.id}};
    Json values = Json::array();
    for (const float value : vector.values)
        values.push_back(value);
    json["values"] = std::move(values);
    if (vector.nameSpace)
        json["namespace"] = *vector.nameSpace;
    if (vector.metadata)
        json["metadata"] = Json::parse(*vector.metadata, nullptr, false);
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<std::uint64_t> importVectors(VectorIndex &index, const std::filesystem::path &file, Write kind, std::size_t batch, const Batch &told, const Control &control)
{
    std::error_code error;
    const std::uint64_t size = std::filesystem::is_regular_file(file, error) ? std::filesystem::file_size(file, error) : 0;
    std::ifstream stream(file, std::ios::binary);
    if (size == 0 || error || !stream)
        return base::fail("file.read", "Cannot read invalid or empty file: " + file.string() + '.', {file.string()});
    std::vector<Vector> vectors;
    std::uint64_t written = 0;
    std::uint64_t bytes = 0;
    int line = 0;
    int first = 0; // of the batch
    const auto pass = [&]() -> Result<void> {
        if (vectors.empty())
            return {};
        auto mutation = kind == Write::Insert ? index.insert(vectors, batch) : index.upsert(vectors, batch);
        if (!mutation)
            return std::unexpected(inLine(std::move(mutation.error()), file, first));
        const std::size_t lines = vectors.size();
        written += lines;
        vectors.clear();
        return told ? told(lines, *mutation) : Result<void>();
    };
    for (std::string text; std::getline(stream, text);) {
        ++line;
        bytes += text.size() + 1;
        if (control.stop.stop_requested())
            return base::fail("data.cancelled", "Cancelled. What was written until then stays.");
        if (text.find_first_not_of(" \t\r") == std::string::npos)
            continue;
        auto vector = vectorOf(text);
        if (!vector)
            return std::unexpected(inLine(std::move(vector.error()), file, line));
        if (vectors.empty())
            first = line;
        vectors.push_back(std::move(*vector));
        if (vectors.size() < batch)
            continue;
        if (auto passed = pass(); !passed)
            return std::unexpected(std::move(passed.error()));
        if (control.progress)
            control.progress({bytes, size, {}});
    }
    if (stream.bad())
        return base::fail("file.read", "Could not read " + file.string() + ": " + std::strerror(errno) + '.', {file.string()});
    if (auto passed = pass(); !passed)
        return std::unexpected(std::move(passed.error()));
    return written;
}

Result<std::uint64_t> exportVectors(VectorIndex &index, const std::filesystem::path &file, const Control &control)
{
    auto output = OutputFile::create(file);
    if (!output)
        return std::unexpected(std::move(output.error()));
    std::uint64_t written = 0;
    for (std::optional<std::int64_t> next = 0; next;) {
        auto page = index.list(pageOfExport, *next);
        if (!page)
            return std::unexpected(std::move(page.error()));
        auto vectors = index.getByIds(page->ids, pageOfExport);
        if (!vectors)
            return std::unexpected(std::move(vectors.error()));
        for (const Vector &vector : *vectors) {
            if (auto put = output->write(lineOf(vector) + '\n'); !put)
                return std::unexpected(std::move(put.error()));
        }
        written += vectors->size();
        if (control.stop.stop_requested())
            return base::fail("data.cancelled", "Cancelled. The file is as it was before.");
        if (control.progress)
            control.progress({written, page->total, {}});
        next = page->next;
    }
    if (auto done = output->finish(); !done)
        return std::unexpected(std::move(done.error()));
    return written;
}

} // namespace cleat::data::vectorize
