// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/vectorizecommand.h"

#include "app/d1output.h"
#include "app/datacommand.h"
#include "core/base/json.h"
#include "core/bindings/vectorize/vectorindex.h"
#include "core/data/vectorize/vectorfile.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <utility>

namespace cleat::app {

using base::Json;
using base::Result;
using namespace bindings::vectorize;

namespace {

using enum Flag::Takes;

constexpr Flag jsonFlag{"json", "", Nothing, "", "prints JSON"};
constexpr Flag idsFlag{"ids", "", Several, "ID...", "the identifiers of vectors"};
constexpr Flag fileFlag{"file", "", Text, "FILE", "a vector a line, as JSON"};
constexpr Flag propertyFlag{"property-name", "propertyName", Text, "NAME", "the property of the metadata"};
constexpr Flag firstVersionFlag{"deprecated-v1", "", Nothing, "", "the older interface (V1)"};

/// The models that wrangler knows, and what they give.
struct Preset {
    std::string_view model;
    std::uint32_t dimensions;
};
constexpr std::array<Preset, 5> presets{{{"@cf/baai/bge-small-en-v1.5", 384}, {"@cf/baai/bge-base-en-v1.5", 768}, {"@cf/baai/bge-large-en-v1.5", 1024},
    {"openai/text-embedding-ada-002", 1536}, {"cohere/embed-multilingual-v2.0", 768}}};

Result<void> say(const std::string &line)
{
    return print(line + '\n');
}

/// As wrangler prints JSON: a JavaScript JSON.stringify(value, null, 2).
Result<void> printJson(const Json &json)
{
    return print(json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n');
}

Json configJson(const IndexConfig &config)
{
    return Json{{"name", config.name}, {"description", config.description}, {"config", Json{{"dimensions", config.dimensions}, {"metric", metricName(config.metric)}}},
        {"created_on", isoTime(config.createdMs)}, {"modified_on", isoTime(config.modifiedMs)}};
}

Result<void> printConfigs(const std::vector<IndexConfig> &configs)
{
    std::vector<std::vector<std::string>> rows;
    for (const IndexConfig &config : configs)
        rows.push_back({config.name, std::to_string(config.dimensions), std::string(metricName(config.metric)), config.description, isoTime(config.createdMs), isoTime(config.modifiedMs)});
    return print(tableOf({"name", "dimensions", "metric", "description", "created", "modified"}, rows));
}

bool asJson(const Arguments &arguments)
{
    return arguments.truth("json").value_or(false);
}

Version versionOf(const Arguments &arguments)
{
    return arguments.truth("deprecated-v1").value_or(false) ? Version::V1 : Version::V2;
}

VectorIndex indexOf(const DataProject &project, const Arguments &arguments)
{
    return VectorIndex(project.state, arguments.positional()[0]);
}

/// What a new index looks like in the Wrangler file.
std::string snippet(const DataProject &project, const std::string &name)
{
    if (project.file && project.file->extension() == ".toml")
        return "[[vectorize]]\nbinding = \"VECTORIZE\"\nindex_name = \"" + name + "\"\n";
    return Json{{"vectorize", Json::array({Json{{"binding", "VECTORIZE"}, {"index_name", name}}})}}.dump(2) + '\n';
}

Result<void> create(const DataProject &project, const Arguments &arguments)
{
    IndexConfig config;
    config.name = arguments.positional()[0];
    config.description = arguments.text("description").value_or("");
    config.version = versionOf(arguments);
    const auto dimensions = arguments.text("dimensions");
    const auto metric = arguments.text("metric");
    if (const auto model = arguments.text("preset")) {
        const auto *const preset = std::ranges::find(presets, *model, &Preset::model);
        if (preset == presets.end()) {
            std::string known;
            for (const Preset &each : presets)
                known += (known.empty() ? "" : ", ") + std::string(each.model);
            return wrongUsage("--preset takes one of " + known + ", not \"" + *model + "\".");
        }
        config.dimensions = preset->dimensions;
    } else if (dimensions && metric) {
        auto number = numberOf("dimensions", *dimensions);
        if (!number)
            return std::unexpected(std::move(number.error()));
        if (*number < 1 || *number > maxDimensions)
            return wrongUsage("--dimensions takes 1 to " + std::to_string(maxDimensions) + '.');
        config.dimensions = static_cast<std::uint32_t>(*number);
        const auto known = metricNamed(*metric);
        if (!known)
            return wrongUsage("--metric takes euclidean, cosine or dot-product, not \"" + *metric + "\".");
        config.metric = *known;
    } else {
        return wrongUsage("You must provide both dimensions and a metric, or a known model preset when creating an index.");
    }
    if (!asJson(arguments)) {
        if (auto said = say("Creating index: '" + config.name + "'"); !said)
            return said;
    }
    auto made = createIndex(project.state, config);
    if (!made)
        return std::unexpected(std::move(made.error()));
    if (asJson(arguments))
        return printJson(configJson(*made));
    return print("Successfully created a new Vectorize index: '" + made->name + "'\nTo access your new Vectorize Index in your Worker, add the following snippet to your configuration file:\n"
        + snippet(project, made->name));
}

Result<void> list(const DataProject &project, const Arguments &arguments)
{
    auto all = listIndexes(project.state);
    if (!all)
        return std::unexpected(std::move(all.error()));
    std::erase_if(*all, [&](const IndexConfig &config) { return config.version != versionOf(arguments); });
    if (asJson(arguments)) {
        Json json = Json::array();
        for (const IndexConfig &config : *all)
            json.push_back(configJson(config));
        return printJson(json);
    }
    if (all->empty())
        return say("There are no local Vectorize indexes. Make one with: cleat vectorize create NAME --dimensions=NUMBER --metric=cosine");
    return printConfigs(*all);
}

Result<void> get(const DataProject &project, const Arguments &arguments)
{
    VectorIndex index = indexOf(project, arguments);
    auto told = index.describe();
    if (!told)
        return std::unexpected(std::move(told.error()));
    return asJson(arguments) ? printJson(configJson(told->config)) : printConfigs({told->config});
}

Result<void> info(const DataProject &project, const Arguments &arguments)
{
    VectorIndex index = indexOf(project, arguments);
    auto told = index.describe();
    if (!told)
        return std::unexpected(std::move(told.error()));
    const bool any = !told->mutation.empty();
    if (asJson(arguments)) {
        return printJson(Json{{"dimensions", told->config.dimensions}, {"vectorCount", told->vectors}, {"processedUpToDatetime", any ? Json(isoTime(told->mutationMs)) : Json()},
            {"processedUpToMutation", any ? Json(told->mutation) : Json()}});
    }
    return print(tableOf({"dimensions", "vectorCount", "processedUpToMutation", "processedUpToDatetime"},
        {{std::to_string(told->config.dimensions), std::to_string(told->vectors), told->mutation, any ? isoTime(told->mutationMs) : std::string()}}));
}

Result<void> drop(const DataProject &project, const Arguments &arguments)
{
    const std::string &name = arguments.positional()[0];
    if (auto said = say("Deleting Vectorize index " + name); !said)
        return said;
    if (!arguments.truth("force").value_or(false)) {
        std::fprintf(stderr, "OK to delete the index '%s'? [y/N] ", name.c_str());
        const int answer = std::getchar();
        if (answer != 'y' && answer != 'Y')
            return say("Deletion cancelled.");
    }
    if (auto done = deleteIndex(project.state, name); !done)
        return done;
    return say("Deleted index " + name);
}

Result<void> write(const DataProject &project, const Arguments &arguments, Write kind)
{
    const auto file = arguments.text("file");
    if (!file)
        return wrongUsage("Which vectors? Say --file FILE.");
    long long batch = kind == Write::Insert ? maxBatchVectors : maxFileBatchVectors;
    if (const auto text = arguments.text("batch-size")) {
        auto number = numberOf("batch-size", *text);
        if (!number)
            return std::unexpected(std::move(number.error()));
        batch = *number;
    }
    if (batch < 1 || batch > static_cast<long long>(maxFileBatchVectors))
        return wrongUsage("--batch-size takes 1 to " + std::to_string(maxFileBatchVectors) + '.');
    VectorIndex index = indexOf(project, arguments);
    const std::string purpose = kind == Write::Insert ? "insertion" : "upsertion";
    const auto told = [&](std::size_t lines, const Mutation &mutation) -> Result<void> {
        if (asJson(arguments))
            return {};
        return say("Enqueued " + std::to_string(lines) + " vectors into index '" + index.name() + "' for " + purpose + ". Mutation changeset identifier: " + mutation.id);
    };
    auto count = data::vectorize::importVectors(index, project.path(*file), kind, static_cast<std::size_t>(batch), told, {});
    if (!count)
        return std::unexpected(std::move(count.error()));
    if (asJson(arguments))
        return printJson(Json{{"index", index.name()}, {"count", *count}});
    return say("Successfully enqueued " + std::to_string(*count) + " vectors into index '" + index.name() + "' for " + purpose + '.');
}

Result<void> insert(const DataProject &project, const Arguments &arguments)
{
    return write(project, arguments, Write::Insert);
}

Result<void> upsert(const DataProject &project, const Arguments &arguments)
{
    return write(project, arguments, Write::Upsert);
}

Result<std::vector<float>> numbersOf(const std::vector<std::string> &texts)
{
    std::vector<float> numbers;
    for (const std::string &text : texts) {
        double number = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || end != text.data() + text.size())
            return wrongUsage("--vector takes numbers, not \"" + text + "\".");
        numbers.push_back(static_cast<float>(number));
    }
    return numbers;
}

Result<QueryOptions> queryOptions(const Arguments &arguments)
{
    QueryOptions options;
    if (const auto text = arguments.text("top-k")) {
        auto number = numberOf("top-k", *text);
        if (!number)
            return std::unexpected(std::move(number.error()));
        options.topK = static_cast<double>(*number);
    }
    if (arguments.truth("return-values").value_or(false))
        options.returnValues = ReturnValues::Yes;
    const std::string level = arguments.text("return-metadata").value_or("none");
    if (level == "all")
        options.returnMetadata = ReturnMetadata::All;
    else if (level == "indexed")
        options.returnMetadata = ReturnMetadata::Indexed;
    else if (level != "none")
        return wrongUsage("--return-metadata takes all, indexed or none, not \"" + level + "\".");
    options.nameSpace = arguments.text("namespace");
    options.filter = arguments.text("filter").value_or("");
    return options;
}

Json vectorJson(const Vector &vector)
{
    return Json::parse(data::vectorize::lineOf(vector), nullptr, false);
}

Json matchesJson(const Matches &matches)
{
    Json list = Json::array();
    for (const Match &match : matches.matches) {
        Json json{{"id", match.id}, {"score", match.score}};
        if (match.nameSpace)
            json["namespace"] = *match.nameSpace;
        if (!match.values.empty())
            json["values"] = match.values;
        if (match.metadata)
            json["metadata"] = Json::parse(*match.metadata, nullptr, false);
        list.push_back(std::move(json));
    }
    return Json{{"count", matches.matches.size()}, {"matches", std::move(list)}};
}

Result<void> query(const DataProject &project, const Arguments &arguments)
{
    const auto id = arguments.text("vector-id");
    if (id.has_value() == arguments.has("vector"))
        return wrongUsage("Either vector or vector-id parameter must be provided, but not both.");
    auto options = queryOptions(arguments);
    if (!options)
        return std::unexpected(std::move(options.error()));
    auto values = numbersOf(arguments.texts("vector"));
    if (!values)
        return std::unexpected(std::move(values.error()));
    VectorIndex index = indexOf(project, arguments);
    auto matches = id ? index.queryById(*id, *options) : index.query(*values, *options);
    if (!matches)
        return std::unexpected(std::move(matches.error()));
    for (const std::string &property : matches->unindexed)
        std::fprintf(stderr, "There is no metadata index for \"%s\": no vector has a value there.\n", property.c_str());
    return matches->matches.empty() ? say("Could not find any relevant vectors") : printJson(matchesJson(*matches));
}

Result<void> getVectors(const DataProject &project, const Arguments &arguments)
{
    const auto ids = arguments.texts("ids");
    if (ids.empty())
        return wrongUsage("Please provide valid vector identifiers: --ids a b c.");
    VectorIndex index = indexOf(project, arguments);
    auto vectors = index.getByIds(ids);
    if (!vectors)
        return std::unexpected(std::move(vectors.error()));
    if (vectors->empty())
        return say("The index does not contain vectors corresponding to the provided identifiers");
    Json json = Json::array();
    for (const Vector &vector : *vectors)
        json.push_back(vectorJson(vector));
    return printJson(json);
}

Result<void> deleteVectors(const DataProject &project, const Arguments &arguments)
{
    const auto ids = arguments.texts("ids");
    if (ids.empty())
        return wrongUsage("Please provide valid vector identifiers for deletion: --ids a b c.");
    VectorIndex index = indexOf(project, arguments);
    auto mutation = index.deleteByIds(ids);
    if (!mutation)
        return std::unexpected(std::move(mutation.error()));
    return say("Successfully enqueued " + std::to_string(ids.size()) + " vectors into index '" + index.name() + "' for deletion. Mutation changeset identifier: " + mutation->id + '.');
}

Result<void> listVectors(const DataProject &project, const Arguments &arguments)
{
    long long count = 100;
    long long behind = 0;
    for (const auto &[flag, number] : {std::pair("count", &count), std::pair("cursor", &behind)}) {
        if (const auto text = arguments.text(flag)) {
            auto read = numberOf(flag, *text);
            if (!read)
                return std::unexpected(std::move(read.error()));
            *number = *read;
        }
    }
    if (count < 1 || count > 1000)
        return wrongUsage("--count takes 1 to 1000.");
    VectorIndex index = indexOf(project, arguments);
    auto page = index.list(static_cast<std::size_t>(count), behind);
    if (!page)
        return std::unexpected(std::move(page.error()));
    if (asJson(arguments)) {
        Json json{{"count", page->ids.size()}, {"isTruncated", page->next.has_value()}, {"totalCount", page->total}, {"vectors", Json::array()}};
        for (const std::string &id : page->ids)
            json["vectors"].push_back(Json{{"id", id}});
        if (page->next)
            json["nextCursor"] = std::to_string(*page->next);
        return printJson(json);
    }
    if (page->ids.empty())
        return say("No vectors found in this index.");
    std::vector<std::vector<std::string>> rows;
    for (const std::string &id : page->ids)
        rows.push_back({std::to_string(rows.size() + 1), id});
    std::string text = tableOf({"#", "Vector ID"}, rows) + "\nShowing " + std::to_string(page->ids.size()) + " of " + std::to_string(page->total) + " total vectors\n";
    if (page->next)
        text += "\nTo get the next page, run:\n   cleat vectorize list-vectors " + index.name() + " --cursor " + std::to_string(*page->next) + '\n';
    return print(text);
}

Result<void> createMetadataIndex(const DataProject &project, const Arguments &arguments)
{
    const auto property = arguments.text("property-name");
    const auto type = arguments.text("type");
    const auto known = type ? propertyTypeNamed(*type) : std::nullopt;
    if (!property || !known)
        return wrongUsage("Say --property-name NAME and --type string, number or boolean.");
    VectorIndex index = indexOf(project, arguments);
    auto mutation = index.createMetadataIndex(*property, *known);
    if (!mutation)
        return std::unexpected(std::move(mutation.error()));
    return say("Successfully enqueued metadata index creation request. Mutation changeset identifier: " + mutation->id + '.');
}

Result<void> listMetadataIndexes(const DataProject &project, const Arguments &arguments)
{
    VectorIndex index = indexOf(project, arguments);
    auto all = index.metadataIndexes();
    if (!all)
        return std::unexpected(std::move(all.error()));
    if (asJson(arguments)) {
        Json json = Json::array();
        for (const MetadataIndex &each : *all)
            json.push_back(Json{{"propertyName", each.property}, {"indexType", propertyTypeName(each.type)}});
        return printJson(json);
    }
    if (all->empty())
        return say("There are no metadata indexes. Make one with: cleat vectorize create-metadata-index " + index.name() + " --property-name=NAME --type=string");
    std::vector<std::vector<std::string>> rows;
    for (const MetadataIndex &each : *all)
        rows.push_back({each.property, std::string(propertyTypeName(each.type))});
    return print(tableOf({"propertyName", "type"}, rows));
}

Result<void> deleteMetadataIndex(const DataProject &project, const Arguments &arguments)
{
    const auto property = arguments.text("property-name");
    if (!property)
        return wrongUsage("Say --property-name NAME.");
    VectorIndex index = indexOf(project, arguments);
    auto mutation = index.deleteMetadataIndex(*property);
    if (!mutation)
        return std::unexpected(std::move(mutation.error()));
    return say("Successfully enqueued metadata index deletion request. Mutation changeset identifier: " + mutation->id + '.');
}

std::vector<DataCommand> commands()
{
    const Flag batchFlag{"batch-size", "", Text, "N", "how many vectors are written at a time"};
    return {
        {"create", "<name>", 1, 1, "Makes an index.",
            {{"dimensions", "", Text, "N", "how many numbers a vector has (1 to 1536)"}, {"metric", "", Text, "METRIC", "euclidean, cosine or dot-product"},
                {"preset", "", Text, "MODEL", "dimensions and metric of a known model instead"}, {"description", "", Text, "TEXT", "what it is for"}, jsonFlag, firstVersionFlag},
            create},
        {"list", "", 0, 0, "Prints the indexes.", {jsonFlag, firstVersionFlag}, list},
        {"get", "<name>", 1, 1, "Prints what an index was made with.", {jsonFlag, firstVersionFlag}, get},
        {"info", "<name>", 1, 1, "Prints how many vectors an index has, and its last change.", {jsonFlag}, info},
        {"delete", "<name>", 1, 1, "Deletes an index.", {{"force", "y", Nothing, "", "does not ask"}, firstVersionFlag}, drop},
        {"insert", "<name>", 1, 1, "Writes the vectors of a file; ids that are there stay as they are.", {fileFlag, batchFlag, jsonFlag, firstVersionFlag}, insert},
        {"upsert", "<name>", 1, 1, "Writes the vectors of a file; ids that are there are replaced.", {fileFlag, batchFlag, jsonFlag}, upsert},
        {"query", "<name>", 1, 1, "Prints the vectors that are nearest to one, as JSON.",
            {{"vector", "", Several, "N...", "its numbers"}, {"vector-id", "", Text, "ID", "or the identifier of one of the index"}, {"top-k", "", Text, "N", "how many (5)"},
                {"return-values", "", Nothing, "", "with the numbers"}, {"return-metadata", "", Text, "LEVEL", "all, indexed or none"},
                {"namespace", "", Text, "NAME", "of this namespace only"}, {"filter", "", Text, "JSON", "whose metadata fits"}},
            query},
        {"get-vectors", "<name>", 1, 1, "Prints vectors, as JSON.", {idsFlag}, getVectors},
        {"delete-vectors", "<name>", 1, 1, "Deletes vectors.", {idsFlag}, deleteVectors},
        {"list-vectors", "<name>", 1, 1, "Prints the identifiers of vectors.",
            {{"count", "", Text, "N", "how many at most (100)"}, {"cursor", "", Text, "CURSOR", "goes on where a list ended"}, jsonFlag}, listVectors},
        {"create-metadata-index", "<name>", 1, 1, "Lets queries filter by a property of what is written from now on.",
            {propertyFlag, {"type", "", Text, "TYPE", "string, number or boolean"}}, createMetadataIndex},
        {"list-metadata-index", "<name>", 1, 1, "Prints the properties that queries may filter by.", {jsonFlag}, listMetadataIndexes},
        {"delete-metadata-index", "<name>", 1, 1, "Takes that back.", {propertyFlag}, deleteMetadataIndex},
    };
}

} // namespace

int runVectorize(int argc, char **argv)
{
    return runDataCommand("vectorize", "The local Vectorize indexes, with wrangler's arguments:", commands(), argc, argv);
}

} // namespace cleat::app
