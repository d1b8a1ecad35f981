// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/savedrequests.h"

#include "core/base/bytes.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/session/filewatch.h"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace cleat::session {

namespace {

using base::Json;

std::unexpected<base::Error> bad(const std::string &what, int line = 0, int column = 0)
{
    return base::fail("saved.file", std::string(SavedRequests::fileName) + ": " + what, {std::string(SavedRequests::fileName), line, column});
}

base::Result<SavedRequest> readOne(const Json &json, std::size_t nth)
{
    const std::string where = "request " + std::to_string(nth + 1);
    if (!json.is_object())
        return bad(where + " is not an object.");
    SavedRequest one;
    const auto text = [&](const char *key, std::string &into) {
        const auto found = json.find(key);
        if (found == json.end())
            return true;
        if (!found->is_string())
            return false;
        into = found->get<std::string>();
        return true;
    };
    std::string encoded;
    for (const auto &[key, into] : {std::pair<const char *, std::string *>{"name", &one.name}, {"method", &one.request.method}, {"path", &one.request.target},
             {"body", &one.request.body}, {"bodyBase64", &encoded}}) {
        if (!text(key, *into))
            return bad("\"" + std::string(key) + "\" of " + where + " is not a text.");
    }
    if (one.name.empty())
        return bad(where + " has no \"name\".");
    if (!encoded.empty()) {
        auto bytes = base::fromBase64(encoded);
        if (!bytes)
            return bad("\"bodyBase64\" of \"" + one.name + "\" is not base64.");
        one.request.body = std::move(*bytes);
    }
    if (const auto headers = json.find("headers"); headers != json.end()) {
        if (!headers->is_array())
            return bad("\"headers\" of \"" + one.name + "\" is not a list of [name, value] pairs.");
        for (const Json &pair : *headers) {
            if (!pair.is_array() || pair.size() != 2 || !pair[0].is_string() || !pair[1].is_string())
                return bad("a header of \"" + one.name + "\" is not a pair [name, value] of texts.");
            one.request.fields.emplace_back(pair[0].get<std::string>(), pair[1].get<std::string>());
        }
    }
    if (const auto fine = check(one.request); !fine)
        return bad("\"" + one.name + "\": " + fine.error().message);
    return one;
}

auto named(std::vector<SavedRequest> &requests, std::string_view name)
{
    return std::ranges::find(requests, name, &SavedRequest::name);
}

} // namespace

SavedRequests::SavedRequests(std::filesystem::path folder, QObject *parent)
    : QObject(parent), m_file(std::move(folder) / fileName), m_watch(new FileWatch(150, this))
{
    connect(m_watch, &FileWatch::changed, this, [this] {
        const auto before = std::pair(m_requests, m_error);
        load();
        if (before != std::pair(m_requests, m_error))
            Q_EMIT changed();
    });
    load();
}

SavedRequests::~SavedRequests() = default;

const SavedRequest *SavedRequests::find(std::string_view name) const
{
    const auto found = std::ranges::find(m_requests, name, &SavedRequest::name);
    return found == m_requests.end() ? nullptr : &*found;
}

void SavedRequests::load()
{
    m_watch->watch({m_file, m_file.parent_path()});
    const auto text = base::readFile(m_file);
    if (!text) {
        m_requests.clear();
        m_checksum = 0;
        m_error = text.error().code == "file.missing" ? base::Error() : text.error();
        return;
    }
    m_checksum = base::checksum(*text);
    auto parsed = parse(*text);
    if (parsed) {
        m_requests = std::move(*parsed);
        m_error = {};
    } else {
        m_requests.clear();
        m_error = parsed.error();
    }
}

base::Result<void> SavedRequests::store(std::vector<SavedRequest> &&requests)
{
    const std::string text = write(requests);
    if (auto written = base::writeFileAtomically(m_file, text); !written)
        return written;
    m_requests = std::move(requests);
    m_checksum = base::checksum(text);
    m_watch->watch({m_file, m_file.parent_path()});
    Q_EMIT changed();
    return {};
}

base::Result<void> SavedRequests::save(const SavedRequest &request)
{
    if (request.name.empty())
        return base::fail("saved.name", "A saved request needs a name.");
    const bool textOnly = base::isUtf8(request.name) && base::isUtf8(request.request.target)
        && std::ranges::all_of(request.request.fields, [](const auto &field) { return base::isUtf8(field.first) && base::isUtf8(field.second); });
    if (!textOnly)
        return base::fail("saved.text", "Its path or one of its headers holds bytes that are no UTF-8, which the file cannot hold. Write them percent-encoded, or leave that header out.");
    load(); // what another program wrote a moment ago must not be lost
    if (!m_error.code.empty())
        return std::unexpected(m_error);
    std::vector<SavedRequest> all = m_requests;
    if (const auto found = named(all, request.name); found != all.end())
        *found = request;
    else
        all.push_back(request);
    return store(std::move(all));
}

base::Result<void> SavedRequests::rename(std::string_view from, const std::string &to)
{
    if (to.empty())
        return base::fail("saved.name", "A saved request needs a name.");
    load();
    if (!m_error.code.empty())
        return std::unexpected(m_error);
    std::vector<SavedRequest> all = m_requests;
    const auto found = named(all, from);
    if (found == all.end() || from == to)
        return {};
    if (named(all, to) != all.end())
        return base::fail("saved.taken", "There is a request named \"" + to + "\" already.");
    found->name = to;
    return store(std::move(all));
}

base::Result<void> SavedRequests::remove(std::string_view name)
{
    load();
    if (!m_error.code.empty())
        return std::unexpected(m_error);
    std::vector<SavedRequest> all = m_requests;
    if (std::erase_if(all, [name](const SavedRequest &one) { return one.name == name; }) == 0)
        return {};
    return store(std::move(all));
}

base::Result<std::vector<SavedRequest>> SavedRequests::parse(std::string_view text)
{
    Json json;
    try {
        json = Json::parse(text);
    } catch (const Json::parse_error &error) {
        const std::string_view before = text.substr(0, std::min(error.byte > 0 ? error.byte - 1 : 0, text.size()));
        const auto line = static_cast<int>(std::ranges::count(before, '\n')) + 1;
        const auto column = static_cast<int>(before.size() - (before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1)) + 1;
        return bad("line " + std::to_string(line) + " is no JSON. Mend the file, or remove it.", line, column);
    }
    if (!json.is_object() || !json.contains("requests") || !json["requests"].is_array())
        return bad("it has to be an object with a list \"requests\".");
    if (const auto version = json.find("version"); version != json.end() && *version != 1)
        return bad("it was written by a newer Cleat (version " + version->dump() + "). Update Cleat to use it.");
    std::vector<SavedRequest> result;
    for (std::size_t i = 0; i < json["requests"].size(); ++i) {
        auto one = readOne(json["requests"][i], i);
        if (!one)
            return std::unexpected(one.error());
        if (named(result, one->name) != result.end())
            return bad("two requests have the name \"" + one->name + "\".");
        result.push_back(std::move(*one));
    }
    return result;
}

std::string SavedRequests::write(const std::vector<SavedRequest> &requests)
{
    Json list = Json::array();
    for (const SavedRequest &one : requests) {
        Json json{{"name", one.name}, {"method", one.request.method}, {"path", one.request.target}};
        if (!one.request.fields.empty()) {
            Json headers = Json::array();
            for (const auto &[name, value] : one.request.fields)
                headers.push_back(Json::array({name, value}));
            json["headers"] = std::move(headers);
        }
        if (!one.request.body.empty()) {
            if (base::isUtf8(one.request.body))
                json["body"] = one.request.body;
            else
                json["bodyBase64"] = base::toBase64(base::asBytes(one.request.body));
        }
        list.push_back(std::move(json));
    }
    return Json{{"version", 1}, {"requests", std::move(list)}}.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

} // namespace cleat::session
