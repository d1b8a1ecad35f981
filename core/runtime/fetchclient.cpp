// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/fetchclient.h"

#include "core/base/clock.h"
#include "core/base/reasonphrase.h"
#include "core/runtime/contentdecoder.h"
#include "core/runtime/websockethandshake.h"

#include <curl/curl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>
#include <variant>

namespace cleat::runtime {

namespace {

constexpr std::size_t maxUnread = 1U << 20;
constexpr std::int64_t leavingNs = 5'000'000'000;

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

bool sameName(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return std::tolower(static_cast<unsigned char>(x)) == std::tolower(static_cast<unsigned char>(y)); });
}

/// Fields of a request that are the connection's own business: a Worker that sets them sets nothing.
bool isConnectionField(std::string_view name)
{
    static constexpr std::array<std::string_view, 8> names = {"content-length", "host", "connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade"};
    return std::ranges::any_of(names, [name](std::string_view known) { return sameName(name, known); });
}

/// Those of a WebSocket's handshake that are this client's own business.
bool isHandshakeField(std::string_view name)
{
    return sameName(name, "sec-websocket-key") || sameName(name, "sec-websocket-version") || sameName(name, "sec-websocket-extensions") || sameName(name, "sec-websocket-accept");
}

/// The URL without user and password: they are sent with no request, as in the Workers runtime.
std::string withoutCredentials(const std::string &url)
{
    const std::size_t scheme = url.find("://");
    if (scheme == std::string::npos)
        return url;
    const std::size_t begin = scheme + 3;
    const std::size_t end = std::min(url.find_first_of("/?#", begin), url.size());
    const std::size_t at = url.rfind('@', end);
    return at == std::string::npos || at < begin || at > end ? url : url.substr(0, begin) + url.substr(at + 1);
}

/// The connection broke, or never was: the Workers runtime has one sentence for all of it.
bool isLost(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
        return true;
    default:
        return false;
    }
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
    struct Leave {
        FetchId id;
    };
    using Command = std::variant<Request, Upload, UploadDone, Consumed, Abort, Leave>;

    struct Transfer {
        Private *client = nullptr;
        FetchId id = 0;
        CURL *easy = nullptr;
        curl_slist *fields = nullptr;
        Request request;
        Head head;
        bool headSent = false;
        std::unique_ptr<ContentDecoder> decoder; ///< of its body
        std::string decodeError;
        std::size_t bodyOffset = 0; ///< of a whole body
        std::deque<std::string> uploads;
        std::size_t uploadOffset = 0; ///< in the first of them
        bool uploadsDone = false;
        bool uploadPaused = false;
        bool downloadPaused = false;
        std::size_t unread = 0;
        std::string key; ///< of an upgrade
        std::int64_t leaveNs = 0; ///< until when what is to be sent may take; 0: it is not left
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
            for (const FetchId id : std::exchange(toResume, {})) {
                if (Transfer *transfer = find(id))
                    resumeUpload(*transfer);
            }
            watchUpgraded();
            // curl's own timers end the wait earlier.
            curl_multi_poll(multi, watched.data(), static_cast<unsigned>(watched.size()), endLeft() ? 200 : 60'000, nullptr);
            findEnded();
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
    void handle(Leave &&leave)
    {
        Transfer *transfer = find(leave.id);
        if (!transfer)
            return;
        transfer->leaveNs = base::steadyNs() + leavingNs;
        leaving.push_back(leave.id);
    }

    /// Removes those that are left and have sent all, or have had their time. True while there are others.
    bool endLeft()
    {
        if (leaving.empty())
            return false;
        const std::int64_t now = base::steadyNs();
        std::erase_if(leaving, [&](FetchId id) {
            const Transfer *transfer = find(id);
            if (transfer && !transfer->uploadPaused && now < transfer->leaveNs) // curl has asked for more: all was sent
                return false;
            remove(id);
            return true;
        });
        return !leaving.empty();
    }

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
        if (transfer.leaveNs != 0) {
            remove(id);
            return;
        }
        std::string error;
        if (result != CURLE_OK) {
            error = transfer.error[0] ? transfer.error : curl_easy_strerror(result);
            long systemError = 0;
            if (result == CURLE_COULDNT_CONNECT && curl_easy_getinfo(easy, CURLINFO_OS_ERRNO, &systemError) == CURLE_OK && systemError != 0)
                error += ": " + std::generic_category().message(static_cast<int>(systemError));
            error = !transfer.decodeError.empty() ? transfer.decodeError
                                                  : std::string(isLost(result) ? "Network connection lost: " : "Network connection failed: ") + error + " (" + transfer.request.url + ")";
        } else {
            sendHead(transfer);
            if (transfer.decoder && !transfer.decoder->isComplete())
                error = "The response's body ended in the middle of its compressed data. (" + transfer.request.url + ")";
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
        if (encoded != transfer.head.fields.end() && transfer.request.decoding == Request::Decoding::Automatic && transfer.request.method != "HEAD")
            transfer.decoder = ContentDecoder::create(encoded->second);
        if (transfer.decoder)
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
                else if (line.starts_with("HTTP/2")) // has none; code in production is told the usual one
                    transfer.head.statusText = base::reasonPhrase(transfer.head.status);
            }
        } else if (line.empty()) {
            if (transfer.request.bodyKind == Request::Body::Upgrade && transfer.head.status >= 101 && !transfer.client->upgraded(transfer))
                return 0;
            if (transfer.head.status >= 200 || transfer.head.upgraded)
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

    /// curl waits for an upload to end, and does not tell that the server has finished meanwhile: so the sockets of WebSockets are looked at here.
    void watchUpgraded()
    {
        watched.clear();
        watchedIds.clear();
        for (const auto &[socket, id] : sockets) {
            const Transfer *transfer = find(id);
            if (!transfer || !transfer->head.upgraded || transfer->downloadPaused || transfer->uploadsDone)
                continue;
            watched.push_back({socket, CURL_WAIT_POLLIN, 0});
            watchedIds.push_back(id);
        }
    }

    void findEnded()
    {
        for (std::size_t i = 0; i < watched.size(); ++i) {
            char byte = 0;
            if (watched[i].revents == 0 || ::recv(watched[i].fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) != 0)
                continue;
            if (Transfer *transfer = find(watchedIds[i])) {
                transfer->uploadsDone = true;
                transfer->uploads.clear();
                resumeUpload(*transfer);
            }
        }
    }

    static curl_socket_t onOpen(void *user, curlsocktype, curl_sockaddr *address)
    {
        auto &transfer = *static_cast<Transfer *>(user);
        const int opened = ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
        if (opened < 0)
            return CURL_SOCKET_BAD;
        transfer.client->sockets.insert_or_assign(opened, transfer.id);
        return opened;
    }

    static int onClose(void *user, curl_socket_t socket)
    {
        static_cast<Private *>(user)->sockets.erase(socket);
        return ::close(socket);
    }

    /// The head of the response to an upgrade is there. False when it is none that may be.
    bool upgraded(Transfer &transfer)
    {
        if (transfer.headSent || (transfer.head.status != 101 && transfer.head.status < 200))
            return true;
        if (transfer.head.status == 101) {
            const auto accept = std::ranges::find_if(transfer.head.fields, [](const auto &field) { return sameName(field.first, "sec-websocket-accept"); });
            if (accept == transfer.head.fields.end() || accept->second != webSocketAccept(transfer.key)) {
                transfer.decodeError = "The server's answer to the WebSocket handshake is not one: its Sec-WebSocket-Accept is missing or wrong. (" + transfer.request.url + ")";
                return false;
            }
            transfer.head.upgraded = true;
        } else {
            transfer.uploadsDone = true;
        }
        toResume.push_back(transfer.id); // curl is in the middle of something
        return true;
    }

    static std::size_t onData(char *data, std::size_t, std::size_t size, void *user)
    {
        auto &transfer = *static_cast<Transfer *>(user);
        if (transfer.leaveNs != 0)
            return size;
        if (transfer.unread >= maxUnread) {
            transfer.downloadPaused = true;
            return CURL_WRITEFUNC_PAUSE;
        }
        transfer.client->sendHead(transfer);
        std::string bytes;
        if (transfer.decoder) {
            auto decoded = transfer.decoder->decode({data, size});
            if (!decoded) {
                transfer.decodeError = decoded.error().message + " (" + transfer.request.url + ")";
                return CURL_WRITEFUNC_ERROR;
            }
            bytes = std::move(*decoded);
        } else {
            bytes.assign(data, size);
        }
        transfer.unread += bytes.size();
        if (!bytes.empty())
            transfer.client->listener.fetchData(transfer.id, std::move(bytes));
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
        if (transfer.uploads.empty() || (transfer.request.bodyKind == Request::Body::Upgrade && !transfer.head.upgraded && !transfer.headSent)) {
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
        if (transfer.leaveNs == 0)
            transfer.client->listener.fetchUploaded(transfer.id, n);
        return n;
    }

    Listener &listener;
    CURLM *multi = nullptr;
    std::mutex mutex;
    std::vector<Command> commands;
    bool stopping = false;
    std::unordered_map<FetchId, std::unique_ptr<Transfer>> transfers;
    std::vector<FetchId> toResume; ///< uploads that curl paused and that may go on
    std::vector<FetchId> leaving;
    std::unordered_map<curl_socket_t, FetchId> sockets; ///< of those that ask for a WebSocket
    std::vector<FetchId> watchedIds; ///< for each of `watched`
    std::vector<curl_waitfd> watched;
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
    curl_easy_setopt(easy, CURLOPT_URL, withoutCredentials(transfer.request.url).c_str());
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

    bool expects = false;
    for (const auto &[name, value] : transfer.request.fields) {
        // HTTP has no way to send a field without a name, or one with bytes that are no ASCII in it.
        const bool upgrade = transfer.request.bodyKind == Request::Body::Upgrade;
        if (name.empty() || isConnectionField(name) || (upgrade && isHandshakeField(name)) || std::ranges::any_of(name, [](char c) { return static_cast<signed char>(c) < 0; }))
            continue;
        expects = expects || sameName(name, "expect");
        // "Name;" is curl's spelling of a field with an empty value.
        transfer.fields = curl_slist_append(transfer.fields, value.empty() ? (name + ';').c_str() : (name + ": " + value).c_str());
    }
    // Nothing is sent that the code did not ask for.
    if (!std::ranges::any_of(transfer.request.fields, [](const auto &field) { return sameName(field.first, "accept"); }))
        transfer.fields = curl_slist_append(transfer.fields, "Accept:");
    switch (transfer.request.bodyKind) {
    case Request::Body::None:
        if (transfer.request.method != "GET" && transfer.request.method != "HEAD")
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
    case Request::Body::Upgrade:
        // For curl a request with a body of unknown length whose head does not announce it: sent is nothing before the other side has agreed, and then frames.
        transfer.key = webSocketKey();
        curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
        for (const std::string &line : {std::string("Transfer-Encoding:"), std::string("Content-Length:"), std::string("Connection: Upgrade"), std::string("Upgrade: websocket"),
                 std::string("Sec-WebSocket-Version: 13"), "Sec-WebSocket-Key: " + transfer.key})
            transfer.fields = curl_slist_append(transfer.fields, line.c_str());
        if (!transfer.request.extensions.empty())
            transfer.fields = curl_slist_append(transfer.fields, ("Sec-WebSocket-Extensions: " + transfer.request.extensions).c_str());
        curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        curl_easy_setopt(easy, CURLOPT_HTTPPROXYTUNNEL, 1L);
        curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, &Private::onOpen);
        curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, &transfer);
        curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, &Private::onClose);
        curl_easy_setopt(easy, CURLOPT_CLOSESOCKETDATA, this);
        break;
    }
    if (transfer.request.bodyKind != Request::Body::None) {
        curl_easy_setopt(easy, CURLOPT_READFUNCTION, &Private::onRead);
        curl_easy_setopt(easy, CURLOPT_READDATA, &transfer);
        curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, &Private::onSeek);
        curl_easy_setopt(easy, CURLOPT_SEEKDATA, &transfer);
        if (!expects)
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

void FetchClient::leave(FetchId id)
{
    d->post(Private::Leave{id});
}

void FetchClient::abort(FetchId id)
{
    d->post(Private::Abort{id});
}

} // namespace cleat::runtime
