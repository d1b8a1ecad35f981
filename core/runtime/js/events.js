// SPDX-License-Identifier: GPL-3.0-or-later
// The events of the platform: their targets, their kinds, and signals.

import { defineGlobals } from "./native.js";
import { AbortController, AbortSignal } from "./events/abort.js";
import { CloseEvent, CustomEvent, ErrorEvent, ExtendableEvent, FetchEvent, MessageEvent, PromiseRejectionEvent, ScheduledEvent, TailEvent } from "./events/kinds.js";
import { Event, EventTarget } from "./events/target.js";

defineGlobals({
  Event, EventTarget, CustomEvent, ErrorEvent, MessageEvent, CloseEvent, PromiseRejectionEvent, ExtendableEvent, FetchEvent, ScheduledEvent, TailEvent, TraceEvent: TailEvent,
  AbortSignal, AbortController,
});

export * from "./events/abort.js";
export * from "./events/kinds.js";
export * from "./events/target.js";
