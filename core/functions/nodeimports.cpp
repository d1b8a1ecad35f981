// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/functions/nodeimports.h"

#include <array>
#include <set>
#include <string_view>

namespace cleat::functions {

namespace {

// Those of Node.js 22 that may be named without "node:".
constexpr std::array<std::string_view, 68> bareNames = {"_http_agent", "_http_client", "_http_common", "_http_incoming", "_http_outgoing", "_http_server",
    "_stream_duplex", "_stream_passthrough", "_stream_readable", "_stream_transform", "_stream_wrap", "_stream_writable", "_tls_common", "_tls_wrap", "assert",
    "assert/strict", "async_hooks", "buffer", "child_process", "cluster", "console", "constants", "crypto", "dgram", "diagnostics_channel", "dns", "dns/promises",
    "domain", "events", "fs", "fs/promises", "http", "http2", "https", "inspector", "inspector/promises", "module", "net", "os", "path", "path/posix", "path/win32",
    "perf_hooks", "process", "punycode", "querystring", "readline", "readline/promises", "repl", "stream", "stream/consumers", "stream/promises", "stream/web",
    "string_decoder", "sys", "timers", "timers/promises", "tls", "trace_events", "tty", "url", "util", "util/types", "v8", "vm", "wasi", "worker_threads", "zlib"};

} // namespace

std::vector<std::string> nodeArguments(NodeCompat node)
{
    switch (node) {
    case NodeCompat::None: // as wrangler: a warning, and an error when the code is loaded
    case NodeCompat::AsyncLocalStorage:
    case NodeCompat::Prefixed:
        return {"--external:node:*"};
    case NodeCompat::Full:
        break;
    }
    std::vector<std::string> arguments{"--external:node:*"};
    for (const std::string_view name : bareNames)
        arguments.push_back("--alias:" + std::string(name) + "=node:" + std::string(name));
    // esbuild leaves require() of what is external as a call of `require`, if there is one: here it is.
    arguments.emplace_back("--banner:js=import{createRequire as __cleatCreateRequire}from\"node:module\";const require=__cleatCreateRequire(\"/bundle/\");");
    return arguments;
}

std::vector<base::Error> nodeWarnings(const std::map<std::string, std::set<std::string>> &imports, NodeCompat node)
{
    std::vector<base::Error> warnings;
    if (node == NodeCompat::Prefixed || node == NodeCompat::Full)
        return warnings;
    for (const auto &[name, files] : imports) {
        if (!name.starts_with("node:") || (node == NodeCompat::AsyncLocalStorage && name == "node:async_hooks"))
            continue;
        std::string message = "The package \"" + name
            + "\" wasn't found on the file system but is built into node.\nYour Worker may throw errors at runtime unless you enable the \"nodejs_compat\" compatibility flag. Refer to "
              "https://developers.cloudflare.com/workers/runtime-apis/nodejs/ for more details. Imported from:";
        for (const std::string &file : files)
            message += "\n - " + file;
        warnings.push_back({"bundle.node", std::move(message), {*files.begin(), 0, 0}});
    }
    return warnings;
}

base::Error withNodeAdvice(base::Error error, NodeCompat node)
{
    if (node == NodeCompat::Full)
        return error;
    constexpr std::string_view mark = "Could not resolve \"";
    std::set<std::string> missing;
    for (std::size_t at = error.message.find(mark); at != std::string::npos; at = error.message.find(mark, at + 1)) {
        const std::size_t start = at + mark.size();
        const std::string name = error.message.substr(start, error.message.find('"', start) - start);
        const bool prefixed = name.starts_with("node:");
        if (prefixed || error.message.find("The package \"" + name + "\" wasn't found on the file system but is built into node.") != std::string::npos)
            missing.insert(name);
    }
    for (const std::string &name : missing) {
        error.message += "\n\nThe package \"" + name + "\" wasn't found on the file system but is built into node.\n";
        if (node == NodeCompat::Prefixed)
            error.message += "- Make sure to prefix the module name with \"node:\" or update your compatibility_date to 2024-09-23 or later.";
        else
            error.message += "- Add the \"nodejs_compat\" compatibility flag to your project.";
    }
    return error;
}

} // namespace cleat::functions
