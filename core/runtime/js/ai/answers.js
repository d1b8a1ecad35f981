// SPDX-License-Identifier: GPL-3.0-or-later
// What a provider gives, and what the code gets of it. An answer is {status, json}, {status, events} or {status, type, bytes}, the latter two with next(), which ends with null, and cancel().
// What an event is: {type, data}; "[DONE]" goes without saying.

import { native } from "../native.js";
import { ReadableStream } from "../streams.js";

const { parse, stringify } = JSON;

export function eventsOnce(texts) {
  let at = 0;
  return {
    async next() {
      return at < texts.length ? { type: "message", data: texts[at++] } : null;
    },
    cancel() {},
  };
}

export function bytesOnce(bytes) {
  let given = false;
  return {
    async next() {
      if (given) return null;
      given = true;
      return bytes;
    },
    cancel() {},
  };
}

const written = ({ type, data }) => native.utf8Encode(`${type === "message" ? "" : `event: ${type}\n`}data: ${data.replaceAll("\n", "\ndata: ")}\n\n`);

/** The same with a watcher: told of each piece, and once of the end: "complete", "cancelled", or the error. */
export function watched(source, piece, end) {
  let open = true;
  const over = (how) => {
    if (open) end(how);
    open = false;
  };
  return {
    async next() {
      let next;
      try {
        next = await source.next();
      } catch (error) {
        over(error);
        throw error;
      }
      if (next === null) over("complete");
      else piece(next);
      return next;
    },
    cancel() {
      source.cancel();
      over("cancelled");
    },
  };
}

/** The stream that the code reads. `thrown` makes of a failure what the code gets. */
export function streamOf(answer, thrown) {
  const source = answer.events ?? answer.bytes;
  let done = answer.events === undefined; // nothing is to be said at the end
  return new ReadableStream({
    type: "bytes",
    async pull(controller) {
      let piece;
      try {
        piece = await source.next();
      } catch (error) {
        throw thrown(error);
      }
      if (piece === null && !done) {
        done = true;
        controller.enqueue(native.utf8Encode("data: [DONE]\n\n"));
        return;
      }
      if (piece === null) {
        controller.close();
        controller.byobRequest?.respond(0);
        return;
      }
      const bytes = answer.events ? written(piece) : piece.slice();
      if (bytes.byteLength > 0) controller.enqueue(bytes);
    },
    cancel() {
      source.cancel();
    },
  }, { highWaterMark: 0 });
}

const parsed = (text) => {
  try {
    return parse(text);
  } catch {
    return text;
  }
};

/** Events as recordings have them. */
export const keptEvent = ({ type, data }) => (type === "message" ? parsed(data) : [type, parsed(data)]);

const eventOf = (kept) => {
  if (Array.isArray(kept) && kept.length === 2 && typeof kept[0] === "string") return { type: kept[0], data: typeof kept[1] === "string" ? kept[1] : stringify(kept[1]) };
  return { type: "message", data: typeof kept === "string" ? kept : stringify(kept) };
};

const textOf = (chunk) => (typeof chunk === "string" ? "" : chunk?.response ?? chunk?.choices?.[0]?.delta?.content ?? "");

/** What streamed events say, put together: {response, tool_calls, usage}. */
export function gathered(events) {
  let response = "";
  const answer = { response };
  for (const chunk of events) {
    response += textOf(chunk);
    if (chunk?.tool_calls) answer.tool_calls = chunk.tool_calls;
    if (chunk?.usage) answer.usage = chunk.usage;
  }
  answer.response = response;
  return answer;
}

/** The answer that a recording ([form, answer, type] of native.aiRecorded) stands for, as a stream when one is wanted, and as a value when none is. */
export function recordedAnswer([form, answer, type], wantsStream) {
  if (form === 2) return { status: 200, type, bytes: bytesOnce(new Uint8Array(answer)) };
  const value = parse(answer);
  if (form === 0) {
    if (!wantsStream) return { status: 200, json: value };
    if (typeof value?.response !== "string") return { status: 200, events: eventsOnce([stringify(value)]) };
    const { response, ...rest } = value;
    const words = response.match(/\s*\S+\s*$|\s*\S+/g) ?? [];
    const texts = words.map((word) => stringify({ response: word }));
    if (Object.keys(rest).length > 0) texts.push(stringify({ response: "", ...rest }));
    return { status: 200, events: eventsOnce(texts) };
  }
  if (!wantsStream) return { status: 200, json: gathered(value) };
  let at = 0;
  return {
    status: 200,
    events: {
      async next() {
        return at < value.length ? eventOf(value[at++]) : null;
      },
      cancel() {},
    },
  };
}
