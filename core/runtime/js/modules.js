// SPDX-License-Identifier: GPL-3.0-or-later
// The modules that are part of the runtime: "cloudflare:..." and "node:...".

import { folderHandler } from "./assets.js";
import { compat, onceFlagsAreKnown } from "./compat.js";

const registry = new Map();
const assetsPrefix = "cloudflare-internal:pages-assets/"; // core/functions/assetimports.h

/**
 * Makes a module importable. `make` gives what it exports, as an object, and runs when it is first imported; `available` is asked each time.
 * The object itself is the default export, too, when it has no `default` and `defaultExport` does not say otherwise.
 */
export function registerModule(name, make, { available = () => true, defaultExport = true } = {}) {
  registry.set(name, { make, available, defaultExport, exports: undefined });
}

const nodePrefix = "node:";
let node = null; // {has, available, make}, by a name without the prefix

/** Makes Node's modules importable, by one object for all of them. */
export function registerNodeModules(family) {
  node = family;
}

/** Packages write require("buffer/") when they mean one from npm; in Workers they get the runtime's. */
function nodeEntry(name) {
  const found = registry.get(name);
  if (found || !node || !name.startsWith(nodePrefix)) return found;
  const bare = name.slice(nodePrefix.length, name.endsWith("/") ? -1 : undefined);
  if (!node.has(bare)) return undefined;
  registerModule(name, () => node.make(bare), { available: () => node.available(bare) });
  return registry.get(name);
}

/** Node's modules need no "node:" for code that has all of them. */
function entryOf(name) {
  return nodeEntry(name) ?? (!name.includes(":") && compat("nodejs_compat_v2") ? nodeEntry(nodePrefix + name) : undefined);
}

/** What a module exports, or undefined when there is none of this name. For `require` and its like. */
export function runtimeModule(name) {
  const entry = entryOf(name);
  if (!entry || !entry.available()) return undefined;
  return (entry.exports ??= entry.make());
}

let WasmModule; // the engine makes WebAssembly only after the snapshot
onceFlagsAreKnown(() => {
  WasmModule = globalThis.WebAssembly.Module;
});

/** For C++: an export's name, its value, a name, ...; undefined when there is no such module. `wasm`: the bytes of a module that came with the code. */
export function moduleExports(name, wasm) {
  if (wasm) return ["default", new WasmModule(wasm)];
  if (name.startsWith(assetsPrefix)) return ["onRequest", folderHandler(name.slice(assetsPrefix.length))];
  const exports = runtimeModule(name);
  if (exports === undefined) return undefined;
  const list = [];
  for (const key of Object.keys(exports)) list.push(key, exports[key]);
  if (entryOf(name).defaultExport && !Object.hasOwn(exports, "default")) list.push("default", exports);
  return list;
}
