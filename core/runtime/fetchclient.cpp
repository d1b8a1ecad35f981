// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/fetchclient.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <variant>

namespace cleat::runtime {

namespace {

constexpr std::size_t maxUnread = 1U << 20;

/// Hosts that are never reached through a proxy, whatever the environment says: what runs beside the dev server.
constexpr const char *alwaysDirect = "localhost,127.0.0.0/8,::1";

const char *environment(const char *name)
{
    const char *value = std::getenv(name);
    return value && *value ? value : nullptr;
}

/// libcurl itself knows http_proxy, https_proxy, all_proxy and no_proxy; this adds to the last.
std::string hostsWithoutProxy()
{
    const char *given = environment("no_proxy");
    if (!given)
        given = environment("NO_PROXY");
    if (!given)
        return alwaysDirect;
    return std::string(given) == "*" ? "*" : std::string(given) + "," + alwaysDirect;
}

/// A file of trusted certificates in place of the system's, as the curl program and OpenSSL take it.
const char *trustFile()
{
    const char *file = environment("CURL_CA_BUNDLE");
    return file ? file : environment("SSL_CERT_FILE");
}

/// Whether curl can undo all that a request allows with this Accept-Encoding.
bool decodable(std::string_view accepted)
{
    for (std::size_t at = 0; at <= accepted.size();) {
        const std::size_t comma = std::min(accepted.find(',', at), accepted.size());
        std::string coding;
        for (const char c : accepted.substr(at, comma - at)) {
            if (c == ';')
                break;
            if (c != ' ' && c != '\t')
                coding += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        }
        if (!coding.empty() && coding != "gzip" && coding != "x-gzip" && coding != "deflate" && coding != "br" && coding != "identity")
            return false;
        at = comma + 1;
    }
    return true;
}

bool sameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y)); });
}

} // namespace

class FetchClient::Private
{
public:
    struct Upload {
        FetchId id;
        std::string bytes;
    };
    struct UploadDone {
        FetchId id;
    };
    struct Consumed {
        FetchId id;
        std::size_t bytes;
    };
    struct Abort {
        FetchId id;
    };
    using Command = std::variant<Request, Upload, UploadDone, Consumed, Abort>;

    struct Transfer {
        Private *client = nullptr;
        FetchId id = 0;
        CURL *easy = nullptr;
        curl_slist *fields = nullptr;
        Request request;
        Head head;
        bool headSent = false;
        bool decodes = true; ///< curl chose the encodings, so it undoes them
        std::size_t bodyOffset = 0; ///< of a whole body
        std::deque<std::string> uploads;
        std::size_t uploadOffset = 0; ///< in the first of them
        bool uploadsDone = false;
        bool uploadPaused = false;
        bool downloadPaused = false;
        std::size_t unread = 0;
        char error[CURL_ERROR_SIZE] = {};
    };

    explicit Private(Listener &l) : listener(l)
    {
        static std::once_flag once;
        std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
        multi = curl_multi_init();
        thread = std::thread([this] { run(); });
    }

    ~Private()
    {
        {
            std::lock_guard lock(mutex);
            stopping = true;
        }
        curl_multi_wakeup(multi);
        thread.join();
        while (!transfers.empty())
            remove(transfers.begin()->first);
        curl_multi_cleanup(multi);
    }

    void post(Command &&command)
    {
        {
            std::lock_guard lock(mutex);
            commands.push_back(std::move(command));
        }
        curl_multi_wakeup(multi);
    }

    void run()
    {
        std::vector<Command> batch;
        for (;;) {
            {
                std::lock_guard lock(mutex);
                if (stopping)
                    return;
                batch.swap(commands);
            }
            for (Command &command : batch)
                std::visit([this](auto &&known) { handle(std::move(known)); }, std::move(command));
            batch.clear();
            int running = 0;
            curl_multi_perform(multi, &running);
            int left = 0;
            while (const CURLMsg *message = curl_multi_info_read(multi, &left)) {
                if (message->msg == CURLMSG_DONE)
                    done(message->easy_handle, message->data.result);
            }
            // curl's own timers end the wait earlier.
            curl_multi_poll(multi, nullptr, 0, 60'000, nullptr);
        }
    }

    void handle(Request &&request);
    void handle(Upload &&upload)
    {
        Transfer *transfer = find(upload.id);
        if (!transfer)
            return;
        transfer->uploads.push_back(std::move(upload.bytes));
        resumeUpload(*transfer);
    }
    void handle(UploadDone &&upload)
    {
        if (Transfer *transfer = find(upload.id)) {
            transfer->uploadsDone = true;
            resumeUpload(*transfer);
        }
    }
    void handle(Consumed &&consumed)
    {
        Transfer *transfer = find(consumed.id);
        if (!transfer)
            return;
        transfer->unread -= std::min(transfer->unread, consumed.bytes);
        if (transfer->downloadPaused && transfer->unread < maxUnread / 2) {
            transfer->downloadPaused = false;
            applyPauses(*transfer);
        }
    }
    void handle(Abort &&abort) { remove(abort.id); }

    Transfer *find(FetchId id)
    {
        const auto found = transfers.find(id);
        return found == transfers.end() ? nullptr : found->second.get();
    }

    void resumeUpload(Transfer &transfer)
    {
        if (!transfer.uploadPaused)
            return;
        transfer.uploadPaused = false;
        applyPauses(transfer);
    }

    static void applyPauses(Transfer &transfer)
    {
        curl_easy_pause(transfer.easy, (transfer.uploadPaused ? CURLPAUSE_SEND : 0) | (transfer.downloadPaused ? CURLPAUSE_RECV : 0));
    }

    void remove(FetchId id)
    {
        const auto found = transfers.find(id);
        if (found == transfers.end())
            return;
        curl_multi_remove_handle(multi, found->second->easy);
        curl_easy_cleanup(found->second->easy);
        curl_slist_free_all(found->second->fields);
        transfers.erase(found);
    }

    void done(CURL *easy, CURLcode result)
    {
        char *data = nullptr;
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &data);
        auto &transfer = *reinterpret_cast<Transfer *>(data);
        const FetchId id = transfer.id;
        std::string error;
        if (result != CURLE_OK) {
            error = transfer.error[0] ? transfer.error : curl_easy_strerror(result);
            long systemError = 0;
            if (result == CURLE_COULDNT_CONNECT && curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &systemError) == CURLE_OK && systemError != 0)
                error += ": " + std::generic_category().message(static_cast<int>(systemError));
            error = "Network connection failed: " + error + " (" + transfer.request.url + ")";
        } else {
            sendHead(transfer);
        }
        remove(id);
        listener.fetchDone(id, std::move(error));
    }

    void sendHead(Transfer &transfer)
    {
        if (transfer.headSent)
            return;
        transfer.headSent = true;
        const auto encoded = std::ranges::find_if(transfer.head.fields, [](const auto &field) { return sameName(field.first, "content-encoding"); });
        if (transfer.decodes && encoded != transfer.head.fields.end() && !sameName(encoded->second, "identity"))
            transfer.head.encoding = Head::Encoding::Decoded;
        listener.fetchHead(transfer.id, std::move(transfer.head));
    }

    static std::size_t onHeader(char *data, std::size_t, std::size_t size, void *user)
    {
        auto &transfer = *static_cast<Transfer *>(user);
        std::string_view line(data, size);
        while (!line.empty() && (line.back() == '\n' || line.back() == '\r'))
            line.remove_suffix(1);
        if (line.starts_with("HTTP/")) {
            // A new head: an informational one before it does not count.
            transfer.head = {};
            const std::size_t space = line.find(' ');
            if (space != std::string_view::npos) {
                const std::string_view rest = line.substr(space + 1);
                transfer.head.status = std::atoi(std::string(rest.substr(0, 3)).c_str());
                if (rest.size() > 4)
                    transfer.head.statusText = rest.substr(4);
            }
        } else if (line.empty()) {
            if (transfer.head.status >= 200)
                transfer.client->sendHead(transfer);
        } else if (!transfer.headSent && (line.front() == ' ' || line.front() == '\t')) {
            // A field over several lines (RFC 9112, section 5.2).
            while (!line.empty() && (line.front() == ' ' || line.front() == '\t'))
                line.remove_prefix(1);
            if (!transfer.head.fields.empty())
                transfer.head.fields.back().second.append(" ").append(line);
        } else if (!transfer.headSent) {
            const std::size_t colon = line.find(':');
            if (colon != std::string_view::npos) {
                std::string_view value = line.substr(colon + 1);
                while (!value.empty() && (value.front() == ' ' || value.front() == '\t'))
                    value.remove_prefix(1);
                while (!value.empty() && (value.back() == ' ' || value.back() == '\t'))
                    value.remove_suffix(1);
                transfer.head.fields.emplace_back(line.substr(0, colon), value);
            }
        }
        return size;
    }

    static std::size_t onData(char *data, std::size_t, std::size_t size, void *user)
    {
        auto &transfer = *static_cast<Transfer *>(user);
        if (transfer.unread >= maxUnread) {
            transfer.downloadPaused = true;
            return CURL_WRITEFUNC_PAUSE;
        }
        transfer.client->sendHead(transfer);
        transfer.unread += size;
        transfer.client->listener.fetchData(transfer.id, std::string(data, size));
        return size;
    }

    /// A kept connection turned out to be closed and curl sends again on a new one.
    static int onSeek(void *user, curl_off_t offset, int origin)
    {
        auto &transfer = *static_cast<Transfer *>(user);
        if (transfer.request.bodyKind != Request::Body::Whole || origin != SEEK_SET || offset < 0 || static_cast<std::size_t>(offset) > transfer.request.body.size())
            return CURL_SEEKFUNC_CANTSEEK;
        transfer.bodyOffset = static_cast<std::size_t>(offset);
        return CURL_SEEKFUNC_OK;
    }

    static std::size_t onRead(char *target, std::size_t, std::size_t room, void *user)
    {
        auto &transfer = *static_cast<Transfer *>(user);
        if (transfer.request.bodyKind == Request::Body::Whole) {
            const std::size_t n = std::min(room, transfer.request.body.size() - transfer.bodyOffset);
            std::memcpy(target, transfer.request.body.data() + transfer.bodyOffset, n);
            transfer.bodyOffset += n;
            return n;
        }
        if (transfer.uploads.empty()) {
            if (transfer.uploadsDone)
                return 0;
            transfer.uploadPaused = true;
            return CURL_READFUNC_PAUSE;
        }
        const std::string &piece = transfer.uploads.front();
        const std::size_t n = std::min(room, piece.size() - transfer.uploadOffset);
        std::memcpy(target, piece.data() + transfer.uploadOffset, n);
        transfer.uploadOffset += n;
        if (transfer.uploadOffset == piece.size()) {
            transfer.uploads.pop_front();
            transfer.uploadOffset = 0;
        }
        transfer.client->listener.fetchUploaded(transfer.id, n);
        return n;
    }

    Listener &listener;
    CURLM *multi = nullptr;
    std::mutex mutex;
    std::vector<Command> commands;
    bool stopping = false;
    std::unordered_map<FetchId, std::unique_ptr<Transfer>> transfers;
    std::thread thread;
};

void FetchClient::Private::handle(Request &&request)
{
    auto owned = std::make_unique<Transfer>();
    Transfer &transfer = *owned;
    transfer.client = this;
    transfer.id = request.id;
    transfer.request = std::move(request);
    transfer.easy = curl_easy_init();
    CURL *easy = transfer.easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_URL, transfer.request.url.c_str());
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, transfer.request.method.c_str());
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, 30L);
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(easy, CURLOPT_NOPROXY, hostsWithoutProxy().c_str());
    if (const char *file = trustFile())
        curl_easy_setopt(easy, CURLOPT_CAINFO, file);
    curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, &Private::onHeader);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Private::onData);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    if (transfer.request.method == "HEAD")
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);

    std::string encodings = "gzip, br";
    for (const auto &[name, value] : transfer.request.fields) {
        if (sameName(name, "content-length") || sameName(name, "host") || sameName(name, "connection") || sameName(name, "transfer-encoding"))
            continue;
        if (sameName(name, "accept-encoding") && decodable(value)) {
            encodings = value;
            continue;
        }
        if (sameName(name, "accept-encoding"))
            transfer.decodes = false;
        // "Name;" is curl's spelling of a field with an empty value.
        transfer.fields = curl_slist_append(transfer.fields, value.empty() ? (name + ';').c_str() : (name + ": " + value).c_str());
    }
    if (transfer.decodes)
        curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, encodings.c_str());
    if (transfer.request.method == "HEAD")
        transfer.decodes = false; // nothing comes, and the fields describe what GET would send
    switch (transfer.request.bodyKind) {
    case Request::Body::None:
        // Fetch standard, "HTTP-network-or-cache fetch", step 8.3
        if (transfer.request.method == "POST" || transfer.request.method == "PUT")
            transfer.fields = curl_slist_append(transfer.fields, "Content-Length: 0");
        break;
    case Request::Body::Whole:
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(transfer.request.body.size()));
        break;
    case Request::Body::Streaming:
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        if (transfer.request.bodyLength)
            curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(*transfer.request.bodyLength));
        else
            transfer.fields = curl_slist_append(transfer.fields, "Transfer-Encoding: chunked");
        // What has been sent of a stream cannot be sent again, so no kept connection that may be closed already.
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        break;
    }
    if (transfer.request.bodyKind != Request::Body::None) {
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Private::onRead);
        curl_easy_setopt(easy, CURLOPT_READDATA, &transfer);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &Private::onSeek);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, &transfer);
        transfer.fields = curl_slist_append(transfer.fields, "Expect:");
    }
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer.fields);
    transfers.emplace(transfer.id, std::move(owned));
    curl_multi_add_handle(multi, easy);
}

FetchClient::FetchClient(Listener &listener) : d(std::make_unique<Private>(listener)) {}

FetchClient::~FetchClient() = default;

void FetchClient::start(Request &&request)
{
    d->post(std::move(request));
}

void FetchClient::upload(FetchId id, std::string &&bytes)
{
    d->post(Private::Upload{id, std::move(bytes)});
}

void FetchClient::uploadDone(FetchId id)
{
    d->post(Private::UploadDone{id});
}

void FetchClient::consumed(FetchId id, std::size_t bytes)
{
    d->post(Private::Consumed{id, bytes});
}

void FetchClient::abort(FetchId id)
{
    d->post(Private::Abort{id});
}

} // namespace cleat::runtime
