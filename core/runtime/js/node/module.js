// SPDX-License-Identifier: GPL-3.0-or-later
// node:module: createRequire for what the runtime itself has; there are no files to load.
import { runtimeModule } from "../modules.js";
import { isAvailable, loadModule, moduleNames } from "./registry.js";
import { invalidArgValue, notImplemented } from "./errors.js";

export const builtinModules = ("_http_agent,_http_client,_http_common,_http_incoming,_http_outgoing,_http_server,_stream_duplex,_stream_passthrough,_stream_readable,_stream_transform,"
  + "_stream_wrap,_stream_writable,_tls_common,_tls_wrap,assert,assert/strict,async_hooks,buffer,child_process,cluster,console,constants,crypto,dgram,diagnostics_channel,dns,dns/promises,"
  + "domain,events,fs,fs/promises,http,http2,https,inspector,inspector/promises,module,net,os,path,path/posix,path/win32,perf_hooks,process,punycode,querystring,readline,"
  + "readline/promises,repl,stream,stream/consumers,stream/promises,stream/web,string_decoder,sys,timers,timers/promises,tls,trace_events,tty,url,util,util/types,v8,vm,wasi,"
  + "worker_threads,zlib").split(",");
const refuse = (name) => Object.defineProperty(function () {
  throw notImplemented(`module.${name}`);
}, "name", { value: name });

function Module() {
  throw notImplemented("module.Module");
}

/** What require() gives for a name: undefined when there is no such module. */
export function builtin(name) {
  const text = String(name);
  if (text.startsWith("cloudflare:")) return runtimeModule(text);
  const plain = text.replace(/^node:/, "").replace(/\/$/, "");
  if (moduleNames.includes(plain)) return isAvailable(plain) ? loadModule(plain) : undefined;
  const found = runtimeModule(`node:${plain}`);
  return found?.default ?? found;
}

function createRequire(path) {
  const given = typeof path === "string" || path instanceof URL ? String(path) : undefined;
  if (given === undefined || !(given.startsWith("/") || given.startsWith("file:"))) {
    throw invalidArgValue("path", String(path), "The argument must be a file URL object, a file URL string, or an absolute path string.");
  }
  const require = (id) => {
    const found = builtin(id);
    if (found === undefined) throw new Error(`No such module "${id}".`);
    return found;
  };
  require.resolve = (id) => id;
  require.cache = Object.create(null);
  return require;
}

const isBuiltin = (name) => builtinModules.includes(String(name).replace(/^node:/, ""));

Object.assign(Module, {
  Module,
  SourceMap: refuse("SourceMap"),
  _cache: null,
  _debug: refuse("_debug"),
  _extensions: { ".js": refuse(".js"), ".json": refuse(".json"), ".node": refuse(".node") },
  _findPath: refuse("_findPath"),
  _initPaths: refuse("_initPaths"),
  _load: refuse("_load"),
  _nodeModulePaths: refuse("_nodeModulePaths"),
  _pathCache: null,
  _preloadModules: refuse("_preloadModules"),
  _resolveFilename: refuse("_resolveFilename"),
  _resolveLookupPaths: refuse("_resolveLookupPaths"),
  builtinModules,
  constants: Object.freeze({ compileCacheStatus: Object.freeze({ FAILED: 0, ENABLED: 1, ALREADY_ENABLED: 2, DISABLED: 3 }) }),
  createRequire,
  enableCompileCache: refuse("enableCompileCache"),
  findPackageJSON: refuse("findPackageJSON"),
  findSourceMap: () => undefined,
  flushCompileCache: refuse("flushCompileCache"),
  getCompileCacheDir: () => undefined,
  getSourceMapsSupport: refuse("getSourceMapsSupport"),
  globalPaths: [],
  isBuiltin,
  register: refuse("register"),
  registerHooks: refuse("registerHooks"),
  runMain: refuse("runMain"),
  setSourceMapsSupport: refuse("setSourceMapsSupport"),
  stripTypeScriptTypes: refuse("stripTypeScriptTypes"),
  syncBuiltinESMExports: refuse("syncBuiltinESMExports"),
  wrap: refuse("wrap"),
});
export default Module;
