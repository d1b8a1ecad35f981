// SPDX-License-Identifier: GPL-3.0-or-later
// HTMLRewriter (Workers runtime).

import { defineGlobals } from "../native.js";
import { responseBody, Response } from "../response.js";
import { isUsed } from "../body.js";
import { charsetOf } from "./charset.js";
import { Place, currentEngine } from "./engine.js";
import { checkThis, finishClass, isObject, parameter, textParameter } from "./idl.js";
import { Rewriting } from "./rewriting.js";
import { adaptSelector } from "./selector.js";

const elementHandlers = ["element", "comments", "text"];
const documentHandlers = ["doctype", "comments", "text", "end"];

/** The functions of these names in what was passed as a dictionary, undefined for those that are not there. */
function handlersOf(value, names, kind, method, number) {
  if (value === undefined || value === null) return names.map(() => undefined);
  if (!isObject(value)) throw new TypeError(parameter(method, "HTMLRewriter", number, kind));
  return names.map((name) => {
    const handler = value[name];
    if (handler !== undefined && typeof handler !== "function") {
      throw new TypeError(`Incorrect type for the '${name}' field on '${kind}': the provided value is not of type 'function'.`);
    }
    return handler;
  });
}

const known = new Map(); // selector -> how the module takes it
const mostKnown = 256;

/** The selector as the module takes it. Throws when it is none. */
function checkedSelector(selector) {
  const before = known.get(selector);
  if (before !== undefined) return before;
  const adapted = adaptSelector(selector);
  const place = new Place(currentEngine());
  try {
    place.engine.register(place, adapted, [-1, -1, -1]);
  } finally {
    place.engine.release(place);
  }
  if (known.size === mostKnown) known.clear();
  known.set(selector, adapted);
  return adapted;
}

class Rewriter {
  #registrations = [];

  on(selector, handlers) {
    checkThis(isObject(this) && #registrations in this);
    const text = textParameter(arguments, 0, "on", "HTMLRewriter");
    if (arguments.length < 2) throw new TypeError(parameter("on", "HTMLRewriter", 2, "ElementContentHandlers"));
    const functions = handlersOf(handlers, elementHandlers, "ElementContentHandlers", "on", 2);
    this.#registrations.push({ selector: checkedSelector(text), handlers: functions, self: handlers });
    return this;
  }

  onDocument(handlers) {
    checkThis(isObject(this) && #registrations in this);
    if (arguments.length === 0) throw new TypeError(parameter("onDocument", "HTMLRewriter", 1, "DocumentContentHandlers"));
    this.#registrations.push({ selector: null, handlers: handlersOf(handlers, documentHandlers, "DocumentContentHandlers", "onDocument", 1), self: handlers });
    return this;
  }

  transform(response) {
    checkThis(isObject(this) && #registrations in this);
    if (!(response instanceof Response)) throw new TypeError(parameter("transform", "HTMLRewriter", 1, "Response"));
    const body = responseBody(response);
    if (!body) return response;
    if (isUsed(body) || response.body.locked) throw new TypeError("The ReadableStream has been locked to a reader.");
    const rewriting = new Rewriting([...this.#registrations], charsetOf(response.headers.get("content-type")));
    const answer = new Response(rewriting.start(body), response);
    answer.headers.delete("content-length");
    return answer;
  }
}

function HTMLRewriter() {
  "use strict";
  if (new.target === undefined) {
    throw new TypeError("Failed to construct 'HTMLRewriter': Please use the 'new' operator, this object constructor cannot be called as a function.");
  }
  return Reflect.construct(Rewriter, [], new.target);
}
HTMLRewriter.prototype = Rewriter.prototype;
finishClass(HTMLRewriter, "HTMLRewriter", ["on", "onDocument", "transform"]);
defineGlobals({ HTMLRewriter });
