// SPDX-License-Identifier: GPL-3.0-or-later
// Which of Node's modules and globals the code has: its compatibility date and flags say.
import { compat, onceFlagsAreKnown } from "../compat.js";
import { registerModule } from "../modules.js";
import { isAvailable, loadModule, moduleNames, namedExports } from "./registry.js";

for (const name of moduleNames) {
  const make = () => {
    const module = loadModule(name);
    return { ...namedExports(module), default: module };
  };
  registerModule(`node:${name}`, make, { available: () => isAvailable(name) });
  // Packages write require("buffer/") when they mean one from npm; in Workers they get the runtime's.
  registerModule(`node:${name}/`, make, { available: () => isAvailable(name) });
}

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
