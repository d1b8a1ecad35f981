// SPDX-License-Identifier: GPL-3.0-or-later
// node:process and the global process.
import { compat } from "../compat.js";
import { native } from "../native.js";
import EventEmitter from "./events.js";
import { processEnv } from "./env.js";
import { invalidArgType, notImplemented, received } from "./errors.js";
import { systemError, uvError } from "./fsvolume.js";

const versions = Object.freeze(Object.fromEntries([["node", "22.23.4"], ...["v8", "modules", "zlib", "brotli", "zstd", "ares", "napi", "llhttp", "nghttp2", "acorn",
  "ada", "simdutf", "nbytes", "ncrypto", "uvwasi", "uv", "openssl", "sqlite", "icu", "undici", "simdjson", "unicode", "cldr", "tz", "cjs_module_lexer", "amaro", "merve"].map((name) => [name, ""])]));

const process = Object.setPrototypeOf({}, Object.setPrototypeOf({ constructor: EventEmitter }, EventEmitter.prototype));
EventEmitter.call(process);

function hrtime(before) {
  if (before !== undefined) {
    if (!Array.isArray(before) || before.length !== 2) throw Object.assign(invalidArgType("time", "Array", before), { message: `The "time" argument must be tuple of integers.${received(before)}` });
  }
  const now = native.now();
  let seconds = Math.floor(now / 1000);
  let nanoseconds = Math.round((now % 1000) * 1e6);
  if (before !== undefined) {
    seconds -= before[0];
    nanoseconds -= before[1];
    if (nanoseconds < 0) {
      --seconds;
      nanoseconds += 1e9;
    }
  }
  return [seconds, nanoseconds];
}
hrtime.bigint = function bigint() {
  return BigInt(Math.floor(native.now())) * 1000000n;
};

function emitWarning(warning, options, code) {
  let type = "Warning";
  let detail;
  if (options !== null && typeof options === "object" && !Array.isArray(options)) {
    type = options.type || "Warning";
    code = options.code;
    detail = options.detail;
  } else if (typeof options === "function") {
    code = undefined;
  } else if (options !== undefined) {
    if (typeof options !== "string") throw invalidArgType("type", "string", options);
    type = options;
  }
  if (typeof code === "function") code = undefined;
  if (typeof warning === "string") {
    warning = new Error(warning);
    warning.name = type;
    if (code !== undefined) warning.code = code;
    if (detail !== undefined) warning.detail = detail;
  } else if (!(warning instanceof Error)) {
    throw invalidArgType("warning", ["Error", "string"], warning);
  }
  if (warning.name === "DeprecationWarning" && process.noDeprecation) return;
  queueMicrotask(() => process.emit("warning", warning));
}

let directory = "/bundle";
const functions = {
  getegid: () => 0,
  getgid: () => 0,
  getgroups: () => [],
  geteuid: () => 0,
  getuid: () => 0,
  setSourceMapsEnabled() {},
  getSourceMapsSupport: () => ({ enabled: false, nodeModules: false, generatedCode: false }),
  nextTick(callback, ...args) {
    queueMicrotask(() => callback(...args));
  },
  emitWarning,
  exit(code) {
    if (code !== undefined) process.exitCode = code;
    throw new Error(`process.exit(${code ?? process.exitCode ?? 0}) was called: in Workers it ends the request.`);
  },
  abort() {
    throw new Error("process.abort() was called: in Workers it ends the request.");
  },
  getBuiltinModule(name) {
    if (typeof name !== "string") throw invalidArgType("id", "string", name);
    return require("./module.js").builtin(name);
  },
  ref() {},
  unref() {},
  chdir(path) {
    if (typeof path !== "string") throw invalidArgType("directory", "string", path);
    const fs = require("./fs.js").default;
    const target = require("./path.js").posix.resolve(path);
    const stats = fs.statSync(target, { throwIfNoEntry: false });
    if (!stats?.isDirectory()) throw systemError(stats ? "ENOTDIR" : "ENOENT", "chdir", require("./path.js").posix.basename(target));
    directory = target;
  },
  cwd: () => directory,
  umask: () => 18,
  hrtime,
  uptime: () => 0,
  loadEnvFile(path = ".env") {
    const fs = require("./fs.js").default;
    const values = require("./util.js").default.parseEnv(fs.readFileSync(require("./path.js").posix.resolve(directory, String(path)), "utf8"));
    for (const [name, value] of Object.entries(values)) if (processEnv[name] === undefined) processEnv[name] = value;
  },
  getActiveResourcesInfo: () => [],
  setUncaughtExceptionCaptureCallback() {},
  hasUncaughtExceptionCaptureCallback: () => false,
  memoryUsage: Object.assign(() => ({ rss: 0, heapTotal: 0, heapUsed: 0, external: 0, arrayBuffers: 0 }), { rss: () => 0 }),
  resourceUsage: () => Object.fromEntries(["userCPUTime", "systemCPUTime", "maxRSS", "sharedMemorySize", "unsharedDataSize", "unsharedStackSize", "minorPageFault", "majorPageFault",
    "swappedOut", "fsRead", "fsWrite", "ipcSent", "ipcReceived", "signalsCount", "voluntaryContextSwitches", "involuntaryContextSwitches"].map((name) => [name, 0])),
  threadCpuUsage: () => ({ user: 0, system: 0 }),
  constrainedMemory: () => 0,
  availableMemory: () => 0,
  openStdin: () => process.stdin,
  _getActiveRequests: () => [],
  _getActiveHandles: () => [],
};
for (const name of ["setegid", "setgid", "setgroups", "seteuid", "setuid", "initgroups"]) {
  functions[name] = () => {
    throw uvError("EPERM", name);
  };
}
for (const name of ["kill", "cpuUsage", "binding", "dlopen", "send", "execve", "_linkedBinding", "reallyExit", "_kill", "_rawDebug",
  "_fatalException", "_tickCallback", "_debugProcess", "_debugEnd", "_startProfilerIdleNotifier", "_stopProfilerIdleNotifier"]) {
  functions[name] = () => {
    throw notImplemented(`process.${name}`);
  };
}
for (const [name, value] of Object.entries(functions)) if (value.name !== name) Object.defineProperty(value, "name", { value: name, configurable: true });

Object.assign(process, {
  version: `v${versions.node}`,
  versions,
  title: "workerd",
  argv: ["workerd"],
  argv0: "workerd",
  execArgv: [],
  arch: "x64",
  platform: "linux",
  config: { target_defaults: {}, variables: {} },
  pid: 1,
  ppid: 0,
  env: processEnv,
  features: {
    cached_builtins: true, debug: false, inspector: false, ipv6: true, openssl_is_boringssl: true, require_module: false, tls: true, tls_alpn: true, tls_ocsp: true, tls_sni: true,
    typescript: false, uv: true,
  },
  allowedNodeEnvironmentFlags: new Set(),
  exitCode: undefined,
  channel: null,
  connected: false,
  debugPort: 0,
  finalization: { register() {}, registerBeforeExit() {}, unregister() {} },
  noDeprecation: false,
  permission: {
    has() {
      throw notImplemented("process.permission.has");
    },
  },
  release: { name: "node", lts: true, sourceUrl: "", headersUrl: "" },
  report: {
    compact: false, directory: "", filename: "", getReport: () => ({}), reportOnFatalError: false, reportOnSignal: false, reportOnUncaughtException: false, excludeNetwork: false,
    excludeEnv: false, signal: "SIGUSR2", writeReport: () => "",
  },
  traceDeprecation: false,
  throwDeprecation: false,
  sourceMapsEnabled: false,
  execPath: "",
  moduleLoadList: [],
  domain: null,
  _exiting: false,
  _preload_modules: [],
  _disconnect: undefined,
  _handleQueue: undefined,
  _pendingMessage: undefined,
  _channel: undefined,
  _send: undefined,
  ...functions,
});

/** A stream whose whole lines go to the console. */
function output(write) {
  const { Writable } = require("./stream.js").default;
  let line = "";
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, encoding, done) {
      line += typeof chunk === "string" ? chunk : chunk.toString();
      const end = line.lastIndexOf("\n");
      if (end >= 0) write(line.slice(0, end));
      if (end >= 0) line = line.slice(end + 1);
      done();
    },
  });
  return Object.assign(stream, { isTTY: false, fd: write === console.log ? 1 : 2 });
}

let streams = {};
for (const [name, make] of Object.entries({
  stdin: () => Object.assign(require("./stream.js").default.Readable.from([]), { fd: 0 }),
  stdout: () => output((text) => console.log(text)),
  stderr: () => output((text) => console.error(text)),
})) {
  Object.defineProperty(process, name, {
    get: () => (streams[name] ??= make()),
    set: (value) => (streams = { ...streams, [name]: value }),
    enumerable: true,
    configurable: true,
  });
}
Object.defineProperty(process, "assert", {
  get: () => require("./assert.js").default,
  enumerable: true,
  configurable: true,
});
// Until a Response takes what can be iterated, wrangler puts an object of another name in place of the runtime's process: by the name, packages (Astro) take it for
// Node.js and answer with such bodies.
if (compat("enable_nodejs_process_v2") && compat("fetch_iterable_type_support") && compat("fetch_iterable_type_support_override_adjustment")) {
  Object.defineProperty(process, Symbol.toStringTag, { value: "process", configurable: true });
}
export default process;
