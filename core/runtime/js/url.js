// SPDX-License-Identifier: GPL-3.0-or-later
// URL and URLSearchParams (URL standard), from whatwg-url.

import { URL, URLSearchParams } from "whatwg-url";
import { defineGlobals } from "./native.js";

if (typeof URL.parse !== "function") {
  Object.defineProperty(URL, "parse", {
    configurable: true, writable: true, enumerable: true,
    value: function parse(url, base) {
      try {
        return new URL(url, base);
      } catch {
        return null;
      }
    },
  });
}

defineGlobals({ URL, URLSearchParams });
export { URL, URLSearchParams };
