// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript half of the runtime. Runs once, at build time; the heap that it leaves behind is the startup snapshot.

import "./language/main.js";
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
import "./compression.js";
import "./blob.js";
import "./headers.js";
import "./request.js";
import "./response.js";
import "./fetch.js";
import "./cache.js";
import "./navigator.js";
import "./urlpattern.js";
import "./regexpliterals.js";
import "./fetch/eventsource.js";
import "./html/htmlrewriter.js";
import { mirrorConsole } from "./console.js";
import { knowPlatform } from "./structuredclone.js";
import "./messagechannel.js";
import "./websocket/websocket.js";
import { webSocketEvent } from "./websocket/link.js";
import { linkEvent } from "./rpc/serve.js";
import "./durable/pair.js";
import "./durable/serve.js";
import { objectEvent } from "./durable/slots.js";
import "./durable/testentry.js";
import { trigger } from "./triggers.js";
import "./node/main.js";
import { defineGlobals } from "./native.js";
import { describeError } from "./errors.js";
import { aborted, dispatch, drained, install } from "./dispatch.js";
import { prepare } from "./env.js";
import { moduleExports } from "./modules.js";
import "./cloudflare/workers.js";
import "./cloudflare/small.js";
import { fetchFailed, fetchHead, uploadReady } from "./fetch.js";
import { bodyReady } from "./streams.js";
import { arrangeGlobals, names } from "./globals.js";
import { promiseRejected } from "./rejections.js";
import { socketEvent } from "./sockets/connection.js";
import "./cloudflare/sockets.js";

defineGlobals({ self: globalThis });
knowPlatform(names);
arrangeGlobals();

// C++ takes these and removes the name before user code runs (core/runtime/realm.cpp).
Object.defineProperty(globalThis, "__cleat", {
  value: { dispatch, prepare, install, moduleExports, bodyReady, drained, fetchHead, fetchFailed, uploadReady, aborted, describeError, mirrorConsole, promiseRejected, socketEvent, webSocketEvent, linkEvent, trigger, objectEvent },
  configurable: true,
});
