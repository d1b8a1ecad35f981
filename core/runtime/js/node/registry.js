// SPDX-License-Identifier: GPL-3.0-or-later
// Node's modules by name. Each is made when it is first asked for.
import { compat } from "../compat.js";

const unenv = (module) => module.default ?? module;
const pick = (module, ...names) => Object.fromEntries(names.map((name) => [name, module[name]]));
const table = {
  assert() { return require("./assert.js").default; },
  "assert/strict"() { return require("./assert.js").default.strict; },
  async_hooks() { return require("./async_hooks.js").default; },
  buffer() { return require("./buffer.js").default; },
  child_process() { return unenv(require("unenv/node/child_process")); },
  cluster() { return unenv(require("unenv/node/cluster")); },
  console() { return require("./console.js").default; },
  constants() { return require("./constants.js").default; },
  crypto() { return require("./crypto.js").default; },
  dgram() { return unenv(require("unenv/node/dgram")); },
  diagnostics_channel() { return require("./diagnostics_channel.js").default; },
  dns() { return require("./dns.js").default; },
  "dns/promises"() { return require("./dns.js").promises; },
  domain() { return unenv(require("unenv/node/domain")); },
  events() { return require("./events.js").default; },
  fs() { return require("./fs.js").default; },
  "fs/promises"() { return require("./fs.js").default.promises; },
  _http_agent() { return pick(require("./http.js").default, "Agent", "globalAgent"); },
  _http_client() { return pick(require("./http.js").default, "ClientRequest"); },
  _http_incoming() { return pick(require("./http.js").default, "IncomingMessage"); },
  _http_outgoing() { return pick(require("./http.js").default, "OutgoingMessage", "validateHeaderName", "validateHeaderValue"); },
  http() { return require("./http.js").default; },
  https() { return require("./https.js").default; },
  http2() { return unenv(require("unenv/node/http2")); },
  inspector() { return unenv(require("unenv/node/inspector")); },
  "inspector/promises"() { return unenv(require("unenv/node/inspector/promises")); },
  module() { return require("./module.js").default; },
  net() { return require("./net.js").default; },
  os() { return require("./os.js").default; },
  path() { return require("./path.js").posix; },
  "path/posix"() { return require("./path.js").posix; },
  "path/win32"() { return require("./path.js").win32; },
  perf_hooks() { return unenv(require("unenv/node/perf_hooks")); },
  process() { return require("./process.js").default; },
  punycode() { return require("./punycode.js").default; },
  querystring() { return require("./querystring.js").default; },
  readline() { return unenv(require("unenv/node/readline")); },
  "readline/promises"() { return unenv(require("unenv/node/readline/promises")); },
  repl() { return unenv(require("unenv/node/repl")); },
  stream() { return require("./stream.js").default; },
  _stream_duplex() { return require("./stream.js").default.Duplex; },
  _stream_passthrough() { return require("./stream.js").default.PassThrough; },
  _stream_readable() { return require("./stream.js").default.Readable; },
  _stream_transform() { return require("./stream.js").default.Transform; },
  _stream_writable() { return require("./stream.js").default.Writable; },
  "stream/consumers"() { return require("./streamconsumers.js").default; },
  "stream/promises"() { return require("./stream.js").default.promises; },
  "stream/web"() { return Object.fromEntries(webStreams.map((name) => [name, globalThis[name]])); },
  string_decoder() { return require("./string_decoder.js").default; },
  sys() { return require("./util.js").default; },
  timers() { return require("./timers.js").default; },
  "timers/promises"() { return require("./timers.js").promises; },
  tls() { return require("./tls.js").default; },
  _tls_wrap() { return pick(require("./tls.js").default, "TLSSocket", "connect"); },
  _tls_common() { return pick(require("./tls.js").default, "SecureContext", "createSecureContext"); },
  trace_events() { return unenv(require("unenv/node/trace_events")); },
  tty() { return unenv(require("unenv/node/tty")); },
  url() { return require("./url.js").default; },
  util() { return require("./util.js").default; },
  "util/types"() { return require("./types.js").default; },
  v8() { return unenv(require("unenv/node/v8")); },
  vm() { return unenv(require("unenv/node/vm")); },
  wasi() { return unenv(require("unenv/node/wasi")); },
  worker_threads() { return unenv(require("unenv/node/worker_threads")); },
  zlib() { return require("./zlib/main.js").default; },
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
export const hasModule = (name) => Object.hasOwn(table, name);

/** What require() of the module gives; undefined when there is none of that name. */
export function loadModule(name) {
  if (!hasModule(name)) return undefined;
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
