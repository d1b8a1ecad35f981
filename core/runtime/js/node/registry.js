// SPDX-License-Identifier: GPL-3.0-or-later
// Node's modules by name. Each is made when it is first asked for.
import { compat } from "../compat.js";

const unenv = (module) => module.default ?? module;
const pick = (module, ...names) => Object.fromEntries(names.map((name) => [name, module[name]]));
const table = {
  assert: () => require("./assert.js").default,
  "assert/strict": () => require("./assert.js").default.strict,
  async_hooks: () => require("./async_hooks.js").default,
  buffer: () => require("./buffer.js").default,
  child_process: () => unenv(require("unenv/node/child_process")),
  cluster: () => unenv(require("unenv/node/cluster")),
  console: () => require("./console.js").default,
  constants: () => require("./constants.js").default,
  crypto: () => require("./crypto.js").default,
  dgram: () => unenv(require("unenv/node/dgram")),
  diagnostics_channel: () => require("./diagnostics_channel.js").default,
  dns: () => require("./dns.js").default,
  "dns/promises": () => require("./dns.js").promises,
  domain: () => unenv(require("unenv/node/domain")),
  events: () => require("./events.js").default,
  fs: () => require("./fs.js").default,
  "fs/promises": () => require("./fs.js").default.promises,
  _http_agent: () => pick(require("./http.js").default, "Agent", "globalAgent"),
  _http_client: () => pick(require("./http.js").default, "ClientRequest"),
  _http_incoming: () => pick(require("./http.js").default, "IncomingMessage"),
  _http_outgoing: () => pick(require("./http.js").default, "OutgoingMessage", "validateHeaderName", "validateHeaderValue"),
  http: () => require("./http.js").default,
  https: () => require("./https.js").default,
  http2: () => unenv(require("unenv/node/http2")),
  inspector: () => unenv(require("unenv/node/inspector")),
  "inspector/promises": () => unenv(require("unenv/node/inspector/promises")),
  module: () => require("./module.js").default,
  net: () => require("./net.js").default,
  os: () => require("./os.js").default,
  path: () => require("./path.js").posix,
  "path/posix": () => require("./path.js").posix,
  "path/win32": () => require("./path.js").win32,
  perf_hooks: () => unenv(require("unenv/node/perf_hooks")),
  process: () => require("./process.js").default,
  punycode: () => require("./punycode.js").default,
  querystring: () => require("./querystring.js").default,
  readline: () => unenv(require("unenv/node/readline")),
  "readline/promises": () => unenv(require("unenv/node/readline/promises")),
  repl: () => unenv(require("unenv/node/repl")),
  stream: () => require("./stream.js").default,
  _stream_duplex: () => require("./stream.js").default.Duplex,
  _stream_passthrough: () => require("./stream.js").default.PassThrough,
  _stream_readable: () => require("./stream.js").default.Readable,
  _stream_transform: () => require("./stream.js").default.Transform,
  _stream_writable: () => require("./stream.js").default.Writable,
  "stream/consumers": () => require("./streamconsumers.js").default,
  "stream/promises": () => require("./stream.js").default.promises,
  "stream/web": () => Object.fromEntries(webStreams.map((name) => [name, globalThis[name]])),
  string_decoder: () => require("./string_decoder.js").default,
  sys: () => require("./util.js").default,
  timers: () => require("./timers.js").default,
  "timers/promises": () => require("./timers.js").promises,
  tls: () => require("./tls.js").default,
  _tls_wrap: () => pick(require("./tls.js").default, "TLSSocket", "connect"),
  _tls_common: () => pick(require("./tls.js").default, "SecureContext", "createSecureContext"),
  trace_events: () => unenv(require("unenv/node/trace_events")),
  tty: () => unenv(require("unenv/node/tty")),
  url: () => require("./url.js").default,
  util: () => require("./util.js").default,
  "util/types": () => require("./types.js").default,
  v8: () => unenv(require("unenv/node/v8")),
  vm: () => unenv(require("unenv/node/vm")),
  wasi: () => unenv(require("unenv/node/wasi")),
  worker_threads: () => unenv(require("unenv/node/worker_threads")),
  zlib: () => require("./zlib/main.js").default,
};
const webStreams = ["ByteLengthQueuingStrategy", "CompressionStream", "CountQueuingStrategy", "DecompressionStream", "ReadableByteStreamController", "ReadableStream",
  "ReadableStreamBYOBReader", "ReadableStreamBYOBRequest", "ReadableStreamDefaultController", "ReadableStreamDefaultReader", "TextDecoderStream", "TextEncoderStream",
  "TransformStream", "TransformStreamDefaultController", "WritableStream", "WritableStreamDefaultController", "WritableStreamDefaultWriter"];

// With a date before 2024-09-23, when unenv did not fill in for them, these want a flag of their own.
const flagged = {
  http: "http_modules", https: "http_modules", fs: "fs_module", "fs/promises": "fs_module", os: "os_module", http2: "http2_module", console: "console_module", vm: "vm_module",
  perf_hooks: "perf_hooks_module", domain: "domain_module", v8: "v8_module", tty: "tty_module", punycode: "punycode_module", cluster: "cluster_module",
  child_process: "child_process_module", worker_threads: "worker_threads_module", wasi: "wasi_module", dgram: "dgram_module", inspector: "inspector_module",
  "inspector/promises": "inspector_module", trace_events: "trace_events_module", readline: "readline_module", "readline/promises": "readline_module", repl: "repl_module",
};

/** Whether code with these compatibility flags may import a module. */
export function isAvailable(name) {
  if (!compat("nodejs_compat")) return name === "async_hooks" && compat("nodejs_als");
  return compat("nodejs_compat_v2") || flagged[name] === undefined || compat(`enable_nodejs_${flagged[name]}`);
}

const loaded = new Map();

export const moduleNames = Object.keys(table).sort();

/** What require() of the module gives; undefined when there is none of that name. */
export function loadModule(name) {
  if (!Object.hasOwn(table, name)) return undefined;
  if (!loaded.has(name)) loaded.set(name, table[name]());
  return loaded.get(name);
}

/** What imports of a module can name, besides default. */
export function namedExports(module) {
  const named = module.TracingChannel ? { TracingChannel: module.TracingChannel } : {};
  for (let at = module; at && at !== Function.prototype && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    for (const key of Object.keys(at)) if (!(key in named) && key !== "default") named[key] = module[key];
  }
  return named;
}
