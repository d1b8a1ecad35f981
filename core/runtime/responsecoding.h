// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/coder.h"
#include "core/runtime/contentdecoder.h"
#include "core/runtime/worker.h"

#include <memory>
#include <string>
#include <string_view>

namespace cleat::runtime {

/// Brings a response's body into the content coding that its client asked for, as what lies between a Worker and its clients does in production and in wrangler's local server:
/// gzip or br by the weights of Accept-Encoding, for the content types that Cloudflare compresses. For one thread at a time.
class ResponseCoding final
{
public:
    enum class Given {
        Plain, ///< what Content-Encoding names is still to be done (encodeBody: "automatic")
        Coded ///< it is done ("manual")
    };
    enum class Outcome {
        AsIs, ///< the bytes need nothing
        Coded, ///< `coding` is to be asked
        Refused ///< the client accepts nothing that there is: the head says so, and the body is to be left out
    };
    /// What is to be done with a response to a client that sent `accepted` (nullptr: no Accept-Encoding). Makes the head's fields true.
    static Outcome choose(const std::string *accepted, Given given, ResponseHead &head, std::unique_ptr<ResponseCoding> &coding);

    /// The next bytes of the body; what is ready of them may be nothing yet. Fails with runtime.coding when the body is not what its head says, and when it gets longer than `most` at once.
    base::Result<std::string> piece(std::string_view bytes, std::size_t most);
    /// What is left.
    base::Result<std::string> end();
    /// A whole body at once, in place of both.
    base::Result<std::string> whole(std::string_view bytes, std::size_t most);

private:
    ResponseCoding() = default;
    std::string encoded(std::string_view bytes, int flush);
    base::Result<std::string> recoded(std::string_view bytes, std::size_t most);
    base::Error wrong() const;

    std::unique_ptr<ContentDecoder> m_decoder; ///< null: the body comes plain
    std::string m_from; ///< what it undoes
    std::unique_ptr<Coder> m_encoder; ///< null: it leaves plain
    int m_flush = 0; ///< of the encoder: it hands over what it has
    int m_finish = 0;
};

} // namespace cleat::runtime
