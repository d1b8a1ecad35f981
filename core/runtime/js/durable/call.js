// SPDX-License-Identifier: GPL-3.0-or-later
// A call of a Durable Object by hand, from the window: fetch() or a method, and its answer as far as it can be shown.

import { Headers } from "../headers.js";
import { inspect } from "../inspect.js";
import { native } from "../native.js";
import { apply, isArray } from "../primordials.js";
import { Request } from "../request.js";
import { Response } from "../response.js";
import { openEntrypoint, follow } from "../rpc/walk.js";
import { checkedAnswer } from "../worker.js";
import { checkCallable } from "./serve.js";
import { slotOf } from "./slots.js";

const { parse, stringify } = JSON;
const { getPrototypeOf, keys } = Object;
const { isFinite } = Number;
const mostBytes = 1 << 20;
const longestBodyMs = 10_000; // an answer without an end is cut
const deepest = 100;
const getBody = Object.getOwnPropertyDescriptor(getPrototypeOf(Response.prototype), "body").get;
const { forEach } = Headers.prototype;

/** {run, details}: makes the call, and what came of it. */
export function objectCall([className, id, name, how, method, target, given, body, home]) {
  let details = {};
  const ask = async (instance) => {
    details = how === "fetch" ? await fetchOf(instance, method, target, parse(given), body) : valueDetails(await methodOf(instance, method, parse(given)));
  };
  return {
    run: () => slotOf(home, className, id, typeof name === "string" ? name : undefined).event(ask),
    details: () => details,
  };
}

async function fetchOf(instance, method, target, headers, body) {
  if (typeof instance.fetch !== "function") throw new Error("Handler does not export a fetch() function.");
  const request = new Request(target, { method, headers, body: body.byteLength > 0 ? body : undefined });
  return answerDetails(await checkedAnswer(instance.fetch(request)));
}

function methodOf(instance, method, args) {
  checkCallable(instance, [method]);
  openEntrypoint(instance);
  return follow(instance, [method], args);
}

async function answerDetails(response) {
  const headers = [];
  apply(forEach, response.headers, [(value, key) => {
    headers[headers.length] = [key, value];
  }]);
  const details = { status: response.status, statusText: response.statusText, headers };
  if (response.webSocket) {
    response.webSocket.accept();
    response.webSocket.close(1000, "The call was made by hand.");
    details.webSocket = true;
    return details;
  }
  const { bytes, cut } = await readSome(apply(getBody, response, []));
  const text = native.utf8Decode(bytes, !cut);
  if (text === undefined) details.base64 = native.toBase64(native.latin1Decode(bytes));
  else details.body = text;
  if (cut) details.cut = true;
  return details;
}

/** The beginning of a stream: so much as comes in time and is not too much. */
async function readSome(stream) {
  const chunks = [];
  let size = 0;
  let cut = false;
  if (stream) {
    const reader = stream.getReader();
    const timer = native.setTimer(() => {
      cut = true;
      reader.cancel("The call was made by hand, and its answer took too long.");
    }, longestBodyMs, false);
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        const bytes = typeof value === "string" ? native.utf8Encode(value) : value;
        chunks[chunks.length] = bytes;
        size += bytes.byteLength;
        if (size > mostBytes) {
          cut = true;
          await reader.cancel("The call was made by hand, and its answer is large.");
          break;
        }
      }
    } finally {
      native.clearTimer(timer);
    }
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (let i = 0; i < chunks.length; ++i) {
    bytes.set(ArrayBuffer.isView(chunks[i]) ? new Uint8Array(chunks[i].buffer, chunks[i].byteOffset, chunks[i].byteLength) : new Uint8Array(chunks[i]), at);
    at += chunks[i].byteLength;
  }
  return { bytes: size > mostBytes ? bytes.slice(0, mostBytes) : bytes, cut };
}

/** As JSON where the value is made of nothing else, else as a console shows it. */
function valueDetails(value) {
  if (!isJson(value, 0)) return { value: inspect(value) };
  const text = stringify(value, null, 2);
  return text.length > mostBytes ? { value: inspect(value), cut: true } : { json: text };
}

function isJson(value, depth) {
  if (depth > deepest) return false;
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return isFinite(value);
  if (typeof value !== "object") return false;
  if (!isArray(value) && getPrototypeOf(value) !== Object.prototype && getPrototypeOf(value) !== null) return false;
  if (typeof value.toJSON === "function") return false;
  const names = keys(value);
  if (isArray(value) && names.length !== value.length) return false;
  for (let i = 0; i < names.length; ++i) if (!isJson(value[names[i]], depth + 1)) return false;
  return true;
}
