// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/bindings/hyperdrive/connectionstring.h"

#include <chrono>
#include <cstddef>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace cleat::bindings::hyperdrive {

/// Until when a test may go on.
struct Patience {
    std::chrono::steady_clock::time_point until;
    std::stop_token stop;
    /// hyperdrive.time, hyperdrive.cancelled
    base::Result<void> left() const;
};

/// The connection of a test: bytes both ways, plain or by TLS, each call within the patience. Belongs to one thread. Codes as testConnection() has them.
class TestChannel final
{
public:
    static base::Result<std::unique_ptr<TestChannel>> open(const Database &database, const Patience &patience);
    ~TestChannel();
    TestChannel(const TestChannel &) = delete;
    TestChannel &operator=(const TestChannel &) = delete;

    /// From here on. Checks the certificate as the database's Encryption says.
    base::Result<void> startTls(const Database &database);
    base::Result<void> send(std::string_view bytes);
    base::Result<std::string> receive(std::size_t size);
    /// "TLSv1.3"; empty: not encrypted.
    std::string tls() const;

private:
    TestChannel(int descriptor, Patience patience, std::string place) : m_descriptor(descriptor), m_patience(std::move(patience)), m_place(std::move(place)) {}
    base::Result<void> wait(short events);

    const int m_descriptor;
    const Patience m_patience;
    const std::string m_place; ///< "host:port"
    ssl_ctx_st *m_context = nullptr;
    ssl_st *m_tls = nullptr;
};

} // namespace cleat::bindings::hyperdrive
