// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cleat::runtime {

/// Outgoing HTTP for fetch(): libcurl's multi interface on a thread of its own, streaming both ways. It follows no redirects: that is fetch's own business.
/// Members may be called from any thread and return at once.
class FetchClient final
{
public:
    using FetchId = std::uint64_t;

    struct Request {
        FetchId id = 0;
        std::string method;
        std::string url;
        std::vector<std::pair<std::string, std::string>> fields;
        enum class Body {
            None,
            Whole,
            Streaming,
            Upgrade ///< asks for a WebSocket: Head::upgraded tells whether it was given
        };
        Body bodyKind = Body::None;
        std::string body; ///< when Whole
        std::string extensions; ///< when Upgrade: what Sec-WebSocket-Extensions offers; empty: nothing
        std::optional<std::uint64_t> bodyLength; ///< when Streaming and known; else the body goes out chunked
        enum class Decoding { Automatic, None };
        Decoding decoding = Decoding::Automatic; ///< of a response body that comes as gzip or br
    };

    struct Head {
        int status = 0;
        std::string statusText;
        std::vector<std::pair<std::string, std::string>> fields;
        /// The body arrives decoded: content-encoding and content-length, which stay as they came, do not describe it.
        enum class Encoding { AsReceived, Decoded };
        Encoding encoding = Encoding::AsReceived;
        bool upgraded = false; ///< 101: what follows are the frames of a WebSocket, both ways (upload())
    };

    /// Called on the client's thread.
    class Listener
    {
    public:
        virtual ~Listener() = default;
        virtual void fetchHead(FetchId id, Head &&head) = 0;
        virtual void fetchData(FetchId id, std::string &&bytes) = 0;
        /// The body is complete, or, with a text, failed. Before a head: the request failed.
        virtual void fetchDone(FetchId id, std::string error) = 0;
        /// Upload bytes went out: more may come.
        virtual void fetchUploaded(FetchId id, std::size_t bytes) = 0;
    };

    explicit FetchClient(Listener &listener);
    ~FetchClient();
    FetchClient(const FetchClient &) = delete;
    FetchClient &operator=(const FetchClient &) = delete;

    void start(Request &&request);
    void upload(FetchId id, std::string &&bytes);
    void uploadDone(FetchId id);
    /// The reader took bytes given by fetchData. Reading from the socket pauses while more than 1 MiB is out.
    void consumed(FetchId id, std::size_t bytes);
    /// Ends the transfer; nothing more is reported of it.
    void abort(FetchId id);
    /// The same after what was given to upload() has been sent, within some seconds.
    void leave(FetchId id);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::runtime
