// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/server/httpserver.h"

#include <optional>
#include <string>
#include <string_view>

namespace cleat::server {

/// Appends "HTTP/1.1 200 OK\r\n", a Date field and nothing else. The date's text is made once a second for each thread.
void appendStatusLine(std::string &wire, int status, std::string_view statusText = {});

/// Appends "name: value\r\n".
void appendField(std::string &wire, std::string_view name, std::string_view value);

/// A whole small response of plain text, for errors: Content-Type text/plain; charset=utf-8, Content-Length, Cache-Control: no-store.
std::string plainResponse(int status, std::string_view text, bool withBody = true);

} // namespace cleat::server
