// SPDX-License-Identifier: GPL-3.0-or-later
// navigator, origin, Cloudflare.

import { native, defineGlobals } from "./native.js";
import { interfaceOf } from "./interface.js";
import { keepAlive } from "./dispatch.js";
import { fetch } from "./fetch.js";

let isNavigator;

class Navigator {
  #mark;

  static {
    isNavigator = (value) => typeof value === "object" && value !== null && #mark in value;
  }

  /** Sends in the background; what becomes of it nobody learns. */
  sendBeacon(url, body) {
    const address = `${url}`;
    native.refuseInGlobalScope();
    keepAlive(fetch(address, { method: "POST", body }).then((response) => response.arrayBuffer()).catch(() => {}));
    return true;
  }
}

interfaceOf(Navigator, { isOne: isNavigator, illegal: true, members: "sendBeacon:string" });

const navigator = new Navigator();
const values = { languages: Object.freeze(["en"]), language: "en", platform: "", hardwareConcurrency: 1, userAgent: "Cloudflare-Workers" };
for (const [name, value] of Object.entries(values)) Object.defineProperty(navigator, name, { value, enumerable: true, configurable: true, writable: false });

defineGlobals({ Navigator, navigator });
Object.defineProperty(globalThis, "origin", { value: "null", writable: false, configurable: true, enumerable: true });
