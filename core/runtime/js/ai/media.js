// SPDX-License-Identifier: GPL-3.0-or-later
// Bytes among what a model is given.

import { bytesIn } from "../encoding.js";
import { isForm } from "../body/formdata.js";
import { extractBody, bodyBytes } from "../body.js";
import { native } from "../native.js";
import { ReadableStream } from "../streams.js";
import { AiInternalError, Failure, invalid } from "./failure.js";

export const base64Of = (bytes) => native.toBase64(native.latin1Decode(bytes));

export function bytesOfBase64(text) {
  const latin = native.fromBase64(text);
  if (latin === undefined) return undefined;
  const bytes = new Uint8Array(latin.length);
  for (let i = 0; i < latin.length; ++i) bytes[i] = latin.charCodeAt(i);
  return bytes;
}

/** Bytes that the code may give in several ways: a list of numbers, a buffer, base64, a data: URL, or a stream that was read. */
export function givenBytes(value, field) {
  if (value?.bytes instanceof Uint8Array) return value;
  const bytes = bytesIn(value);
  if (bytes) return { bytes, contentType: "" };
  if (Array.isArray(value)) return { bytes: Uint8Array.from(value), contentType: "" };
  if (typeof value === "string") {
    const [, type, data] = /^data:([^;,]*)[^,]*,(.*)$/s.exec(value) ?? [, "", value];
    const decoded = bytesOfBase64(data);
    if (decoded) return { bytes: decoded, contentType: type };
  }
  if (value === undefined) throw invalid(`Error: required properties at '/' are '${field}'`);
  throw new Failure(400, `Invalid data type for base64 input: ${typeof value}`, { code: 5004 });
}

const isStream = (value) => value instanceof ReadableStream || isForm(value);
const holdsStream = (value) => typeof value === "object" && value !== null && (isStream(value) || ("body" in value && isStream(value.body)));

/** The inputs with a stream among them read; others are left as they are. The rules, and the words, are the binding's own. */
export async function readStreams(inputs, options) {
  const keys = Object.entries(inputs).filter((entry) => holdsStream(entry[1])).map((entry) => entry[0]);
  if (keys.length === 0) return inputs;
  if (keys.length > 1) throw new AiInternalError(`Multiple ReadableStreams are not supported. Found streams in keys: [${keys.join(", ")}]`);
  const { body, contentType } = inputs[keys[0]];
  if (options.gateway?.id) throw new AiInternalError("AI Gateway does not support ReadableStreams yet.");
  if (!contentType) throw new AiInternalError("Content-Type is required with ReadableStream inputs");
  const [extracted, ownType] = extractBody(body);
  return { ...inputs, [keys[0]]: { bytes: await bodyBytes(extracted), contentType: ownType ?? contentType } };
}

/** The inputs as JSON, for the log and for recordings. */
export function inputsText(inputs) {
  return JSON.stringify(inputs, (key, value) => {
    if (value?.bytes instanceof Uint8Array) return { contentType: value.contentType, body: base64Of(value.bytes) };
    const bytes = typeof value === "object" && value !== null ? bytesIn(value) : undefined;
    return bytes ? base64Of(bytes) : value;
  }) ?? "null";
}
