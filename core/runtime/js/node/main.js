// SPDX-License-Identifier: GPL-3.0-or-later
// Which of Node's modules and globals the code has: its compatibility date and flags say.
import { compat, onceFlagsAreKnown } from "../compat.js";
import { registerNodeModules } from "../modules.js";
import { hasModule, isAvailable, loadModule, namedExports } from "./registry.js";

registerNodeModules({
  has: hasModule,
  available: isAvailable,
  make(name) {
    const module = loadModule(name);
    return { ...namedExports(module), default: module };
  },
});

/** A global that is made when it is first used, and is then an ordinary property. */
function lazyGlobal(name, make) {
  const settle = (value) => Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: true });
  Object.defineProperty(globalThis, name, {
    get() {
      const value = make();
      settle(value);
      return value;
    },
    set: settle,
    configurable: true,
    enumerable: true,
  });
}

onceFlagsAreKnown(() => {
  if (!compat("nodejs_compat_v2")) return;
  Object.defineProperty(globalThis, "global", { value: globalThis, writable: true, configurable: true, enumerable: true });
  lazyGlobal("process", () => loadModule("process"));
  lazyGlobal("Buffer", () => loadModule("buffer").Buffer);
  const names = ["setImmediate", "clearImmediate"];
  if (compat("enable_nodejs_global_timers")) names.push("setTimeout", "setInterval", "clearTimeout", "clearInterval");
  const timers = loadModule("timers");
  for (const name of names) Object.defineProperty(globalThis, name, { value: timers[name], writable: true, configurable: true, enumerable: false });
});
