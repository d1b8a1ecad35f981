// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/core/runtime/socketpeer.h"

namespace cleat::test {

/// The server's side of PostgreSQL's protocol, version 3. How it greets goes by the user's name: "md5" and "scram" have to prove that they know the password "secret", "rejected" is,
/// anyone else is let in. It takes an SSLRequest when the peer has a certificate. Statements that it knows:
///     select $1, 42        a row {echo, n, when, json}
///     select 1             {one: 1}
///     select user          who asks, and whether by TLS: {who, tls}
///     select rows N        N rows {i, text}, of 1 KiB each
///     insert ...           2 rows
///     begin, commit, rollback
///     die                  the connection ends at once, in the middle of a message
/// Any other fails with 42P01.
void answerAsPostgres(SocketPeer::Connection &connection);

} // namespace cleat::test
