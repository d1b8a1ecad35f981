// SPDX-License-Identifier: GPL-3.0-or-later
// `tracing` of "cloudflare:workers" where nobody traces: every span is one that is not recorded, as in a local workerd.

import { tagged } from "../idl.js";
import { argumentError } from "../interface.js";
import { currentFrame, frameWith, runIn, valueIn } from "../node/asyncframe.js";

const internal = Symbol("internal");
const activeKey = {};

class Span {
  constructor(...args) {
    if (args[0] !== internal) throw new TypeError("Illegal constructor");
  }
  get isTraced() {
    return false;
  }
  setAttribute() {
    return this;
  }
  setAttributes() {
    return this;
  }
  recordException() {}
  updateName() {
    return this;
  }
  setStatus() {
    return this;
  }
  end() {}
}
tagged(Span, "Span");

function within(span, work, args) {
  return runIn(frameWith(currentFrame(), activeKey, span), work, undefined, args);
}

function checkName(method, args) {
  if (args.length === 0) throw argumentError("Tracing", method, 1, "string");
}

class Tracing {
  constructor(...args) {
    if (args[0] !== internal) throw new TypeError("Illegal constructor");
  }
  enterSpan(...args) {
    checkName("enterSpan", args);
    const [, work, ...rest] = args;
    if (typeof work !== "function") throw argumentError("Tracing", "enterSpan", 2, "Function");
    const span = new Span(internal);
    return within(span, work, [span, ...rest]);
  }
  startActiveSpan(...args) {
    checkName("startActiveSpan", args);
    const work = args.slice(1).find((argument) => typeof argument === "function");
    if (!work) throw argumentError("Tracing", "startActiveSpan", 2, "Function");
    const span = new Span(internal);
    return within(span, work, [span]);
  }
  startSpan(...args) {
    checkName("startSpan", args);
    return new Span(internal);
  }
  getActiveSpan() {
    return valueIn(currentFrame(), activeKey) ?? new Span(internal);
  }
  withActiveSpan(span, work) {
    if (typeof work !== "function") throw argumentError("Tracing", "withActiveSpan", 2, "Function");
    return within(span, work, []);
  }
}
Object.defineProperty(Tracing.prototype, "Span", { value: Span, writable: true, configurable: true, enumerable: true });
tagged(Tracing, "Tracing");

export const tracing = new Tracing(internal);
