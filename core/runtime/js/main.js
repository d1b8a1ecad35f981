// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript half of the runtime. Runs once, at build time; the heap that it leaves behind is the startup snapshot.

import "core-js/actual/array/to-sorted";
import "core-js/actual/array/to-reversed";
import "core-js/actual/array/to-spliced";
import "core-js/actual/array/with";
import "core-js/actual/array/from-async";
import "core-js/actual/object/group-by";
import "core-js/actual/map/group-by";
import "core-js/actual/promise/with-resolvers";
import "core-js/actual/string/is-well-formed";
import "core-js/actual/string/to-well-formed";
import "core-js/actual/set";
import "core-js/actual/iterator";
import "./native.js";
import "./domexception.js";
import "./encoding.js";
import "./errors.js";
import "./events.js";
import "./timers.js";
import "./crypto.js";
import "./url.js";
import "./streams.js";
import "./encodingstreams.js";
import "./blob.js";
import "./headers.js";
import "./request.js";
import "./response.js";
import "./fetch.js";
import "./cache.js";
import { mirrorConsole } from "./console.js";
import "./structuredclone.js";
import { defineGlobals } from "./native.js";
import { describeError } from "./errors.js";
import { aborted, dispatch, drained, install } from "./dispatch.js";
import { fetchFailed, fetchHead, uploadReady } from "./fetch.js";
import { bodyReady } from "./streams.js";

defineGlobals({
  self: globalThis,
  navigator: Object.freeze({ userAgent: "Cloudflare-Workers", language: "en", hardwareConcurrency: 1 }),
});

// C++ takes these and removes the name before user code runs (core/runtime/realm.cpp).
Object.defineProperty(globalThis, "__cleat", {
  value: { dispatch, install, bodyReady, drained, fetchHead, fetchFailed, uploadReady, aborted, describeError, mirrorConsole },
  configurable: true,
});
