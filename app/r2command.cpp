// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/r2command.h"

#include "app/datacommand.h"
#include "core/base/bytes.h"
#include "core/base/json.h"
#include "core/bindings/r2/r2bucket.h"
#include "core/data/outputfile.h"

#include <nlohmann/json.hpp>

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <unistd.h>
#include <utility>

namespace cleat::app {

using base::Json;
using base::Result;
using bindings::r2::R2Bucket;

namespace {

using enum Flag::Takes;
constexpr std::size_t chunkBytes = 1 << 20;

constexpr std::array httpFlags{
    Flag{"content-type", "ct", Text, "TEXT", "the media type"},
    Flag{"content-language", "cl", Text, "TEXT", "the language"},
    Flag{"content-disposition", "cd", Text, "TEXT", "how to present it"},
    Flag{"content-encoding", "ce", Text, "TEXT", "how it is encoded"},
    Flag{"cache-control", "cc", Text, "TEXT", "how it may be cached"},
};
constexpr std::array httpFields{"contentType", "contentLanguage", "contentDisposition", "contentEncoding", "cacheControl"};

struct ObjectPath {
    std::string bucket; ///< as given
    std::string id; ///< of the local files
    std::string key;
};

Result<ObjectPath> objectPathOf(const DataProject &project, const std::string &text)
{
    const std::size_t slash = text.find('/');
    if (slash == text.npos || slash == 0)
        return wrongUsage("An object is named as <bucket>/<key>, not \"" + text + "\".");
    std::string bucket = text.substr(0, slash);
    std::string id = r2BucketOf(project, bucket);
    return ObjectPath{std::move(bucket), std::move(id), text.substr(slash + 1)};
}

Result<void> say(const std::string &line)
{
    return print(line + '\n');
}

Result<void> deliver(const bindings::r2::Got &got, const std::function<Result<void>(std::string_view)> &write)
{
    if (got.whole)
        return write(*got.whole);
    while (got.value && got.value->left() > 0) {
        auto piece = got.value->read(chunkBytes);
        if (!piece)
            return std::unexpected(std::move(piece.error()));
        if (auto written = write(*piece); !written)
            return written;
    }
    return {};
}

Result<void> getObject(const DataProject &project, const Arguments &arguments)
{
    const bool toOutput = arguments.truth("pipe").value_or(false);
    if (toOutput && arguments.has("file"))
        return wrongUsage("Say either --file or --pipe, not both.");
    auto path = objectPathOf(project, arguments.positional()[0]);
    if (!path)
        return std::unexpected(std::move(path.error()));
    auto got = R2Bucket(project.state, path->id).get(path->key);
    if (!got)
        return std::unexpected(std::move(got.error()));
    if (!*got)
        return base::fail("data.missing", "There is no object \"" + path->key + "\" in the bucket \"" + path->bucket + "\".");
    if (toOutput)
        return deliver(**got, [](std::string_view bytes) { return print(bytes); });
    std::filesystem::path target;
    if (const auto file = arguments.text("file")) {
        target = project.path(*file);
    } else {
        // The key names the file, but not one outside of the folder.
        target = project.path(path->key);
        const auto inside = target.lexically_relative(project.folder);
        if (path->key.empty() || inside.empty() || *inside.begin() == ".." || path->key.starts_with('/'))
            return wrongUsage("The key \"" + path->key + "\" names no file in this folder: say --file FILE or --pipe.");
    }
    if (auto said = say("Downloading \"" + path->key + "\" from \"" + path->bucket + "\"."); !said)
        return said;
    std::error_code ec;
    std::filesystem::create_directories(target.parent_path(), ec);
    auto out = data::OutputFile::create(target);
    if (!out)
        return std::unexpected(std::move(out.error()));
    if (auto written = deliver(**got, [&](std::string_view bytes) { return out->write(bytes); }); !written)
        return written;
    if (auto finished = out->finish(); !finished)
        return finished;
    return say("Download complete.");
}

Result<std::string> httpMetadataOf(const Arguments &arguments)
{
    Json http = Json::object();
    for (std::size_t i = 0; i < httpFlags.size(); ++i) {
        if (const auto text = arguments.text(httpFlags[i].name))
            http[httpFields[i]] = *text;
    }
    if (const auto text = arguments.text("expires")) {
        auto ms = numberOf("expires", *text);
        if (!ms)
            return std::unexpected(std::move(ms.error()));
        http["cacheExpiry"] = *ms;
    }
    return http.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<void> readAll(int descriptor, const std::string &name, bindings::r2::ObjectWriter &writer)
{
    std::string buffer(chunkBytes, '\0');
    for (;;) {
        const ssize_t n = ::read(descriptor, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return base::fail("file.read", "Could not read " + name + ": " + std::strerror(errno) + '.');
        if (n == 0)
            return {};
        if (auto written = writer.write(base::asBytes(std::string_view(buffer).substr(0, static_cast<std::size_t>(n)))); !written)
            return written;
    }
}

Result<void> putObject(const DataProject &project, const Arguments &arguments)
{
    const bool fromInput = arguments.truth("pipe").value_or(false);
    const auto file = arguments.text("file");
    if (fromInput == file.has_value())
        return wrongUsage("Say either --file FILE or --pipe.");
    auto path = objectPathOf(project, arguments.positional()[0]);
    if (!path)
        return std::unexpected(std::move(path.error()));
    bindings::r2::PutOptions options;
    auto http = httpMetadataOf(arguments);
    if (!http)
        return std::unexpected(std::move(http.error()));
    options.httpMetadata = std::move(*http);
    const std::string name = file ? project.path(*file).string() : "the standard input";
    const int descriptor = file ? ::open(name.c_str(), O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
    if (descriptor < 0)
        return base::fail(errno == ENOENT ? "file.missing" : "file.read", "Could not read " + name + ": " + std::strerror(errno) + '.');
    R2Bucket bucket(project.state, path->id);
    auto writer = bucket.write("put");
    auto read = writer ? readAll(descriptor, name, *writer) : Result<void>(std::unexpected(writer.error()));
    if (file)
        ::close(descriptor);
    if (!read)
        return read;
    if (auto put = bucket.put(path->key, std::move(*writer), options); !put)
        return std::unexpected(std::move(put.error()));
    const auto storageClass = arguments.text("storage-class");
    if (auto said = say("Creating object \"" + path->key + '"' + (storageClass ? " with " + *storageClass + " storage class" : "") + " in bucket \""
            + path->bucket + "\".");
        !said)
        return said;
    return say("Upload complete.");
}

Result<void> deleteObject(const DataProject &project, const Arguments &arguments)
{
    auto path = objectPathOf(project, arguments.positional()[0]);
    if (!path)
        return std::unexpected(std::move(path.error()));
    if (auto removed = R2Bucket(project.state, path->id).remove({path->key}); !removed)
        return removed;
    if (auto said = say("Deleting object \"" + path->key + "\" from bucket \"" + path->bucket + "\"."); !said)
        return said;
    return say("Delete complete.");
}

Result<void> listObjects(const DataProject &project, const Arguments &arguments)
{
    const std::string &name = arguments.positional()[0];
    const std::size_t slash = name.find('/');
    const std::string named = name.substr(0, slash);
    if (named.empty())
        return wrongUsage("A bucket is named as <bucket> or <bucket>/<prefix>.");
    R2Bucket bucket(project.state, r2BucketOf(project, named));
    bindings::r2::ListOptions options;
    options.prefix = slash == name.npos ? std::string() : name.substr(slash + 1);
    const bool json = arguments.truth("json").value_or(false);
    Json all = Json::array();
    for (;;) {
        auto page = bucket.list(options);
        if (!page)
            return std::unexpected(std::move(page.error()));
        for (const auto &object : page->objects) {
            if (json) {
                all.push_back(Json{{"key", object.key}, {"size", object.size}, {"etag", object.etag}, {"uploaded", object.uploadedMs}});
                continue;
            }
            if (auto said = say(std::to_string(object.size) + '\t' + object.key); !said)
                return said;
        }
        if (!page->truncated)
            break;
        options.cursor = page->cursor;
    }
    return json ? print(all.dump(2, ' ', false, Json::error_handler_t::replace) + '\n') : Result<void>();
}

Result<void> listBuckets(const DataProject &project, const Arguments &)
{
    std::set<std::string> names;
    for (const auto &entry : project.bindings().bindings) {
        if (entry.value.kind != config::Kind::R2Bucket)
            continue;
        for (const std::string &name : {entry.value.value("bucket_name"), entry.value.value("preview_bucket_name"), *config::localId(entry.value)}) {
            if (!name.empty())
                names.insert(name);
        }
    }
    for (const std::string &name : names) {
        if (auto said = say("name:           " + name); !said)
            return said;
    }
    return {};
}

std::vector<DataCommand> commands()
{
    std::vector<Flag> put{{"file", "f", Text, "FILE", "the file to upload"}, {"pipe", "p", Nothing, "", "takes the value from the standard input"}};
    put.insert(put.end(), httpFlags.begin(), httpFlags.end());
    put.push_back({"expires", "", Text, "MS", "until when it may be cached, in milliseconds since 1970"});
    put.push_back({"storage-class", "s", Text, "NAME", "accepted; local files have none"});
    put.push_back({"force", "y", Nothing, "", "accepted; nothing is asked"});
    return {
        {"object get", "<bucket>/<key>", 1, 1, "Writes an object to a file named as its key, or prints it.",
            {{"file", "f", Text, "FILE", "the file to write"}, {"pipe", "p", Nothing, "", "prints it, byte for byte"}}, getObject},
        {"object put", "<bucket>/<key>", 1, 1, "Makes an object.", put, putObject},
        {"object delete", "<bucket>/<key>", 1, 1, "Deletes an object.", {{"force", "y", Nothing, "", "accepted; nothing is asked"}}, deleteObject},
        {"object list", "<bucket>[/<prefix>]", 1, 1, "Prints size and key of each object.", {{"json", "", Nothing, "", "as JSON"}}, listObjects},
        {"bucket list", "", 0, 0, "Prints the buckets of the Wrangler file.", {}, listBuckets},
    };
}

} // namespace

int runR2(int argc, char **argv)
{
    return runDataCommand("r2", "The local data of R2 buckets, with wrangler's arguments:", commands(), argc, argv);
}

} // namespace cleat::app
