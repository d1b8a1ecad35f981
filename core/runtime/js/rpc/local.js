// SPDX-License-Identifier: GPL-3.0-or-later
// `new RpcStub(object)`: a stub of something that is right here. Values are copied on the way, as messages would.

import { RpcTarget } from "../cloudflare/entrypoints.js";
import { isHeaders } from "../headers.js";
import { isArray, settled } from "../primordials.js";
import { isRequest } from "../request.js";
import { isResponse } from "../response.js";
import { ReadableStream, WritableStream } from "../streams.js";
import { cloneValue } from "../structuredclone.js";
import { Answer, dispose, ignore, isPlain, rpcStub, stubClass, stubsWrap } from "./stubs.js";
import { follow } from "./walk.js";

const { entries, fromEntries } = Object;
const none = () => {};

/** A value as it arrives at the other end. */
function carried(value) {
  if (stubClass(value)) return value;
  if (typeof value === "function" || value instanceof RpcTarget) return wrapped(value);
  if (typeof value !== "object" || value === null) return cloneValue(value);
  if (isArray(value)) return value.map(carried);
  if (isPlain(value)) return fromEntries(entries(value).map(([key, entry]) => [key, carried(entry)]));
  if (isRequest(value) || isResponse(value) || isHeaders(value) || value instanceof ReadableStream || value instanceof WritableStream) return value;
  return cloneValue(value);
}

function ask(root, path, args) {
  const promise = (async () => carried(await follow(await root(), path, args?.map(carried))))();
  ignore(promise);
  return new Answer(promise, (next, nextArgs) => ask(() => promise, next, nextArgs), none);
}

function wrapped(target) {
  return rpcStub({
    ask: (path, args) => ask(() => target, path, args),
    drop: () => {
      const disposer = typeof target === "object" ? target[dispose] : undefined;
      if (typeof disposer === "function") settled((async () => Reflect.apply(disposer, target, []))(), none, none);
    },
  });
}

stubsWrap(wrapped);
