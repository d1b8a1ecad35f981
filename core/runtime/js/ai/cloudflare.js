// SPDX-License-Identifier: GPL-3.0-or-later
// Workers AI by way of Cloudflare's REST API ("Workers AI REST API": /accounts/ID/ai/run/MODEL). Answers are handed on as they are.

import { Call, CallEvents } from "./call.js";
import { Failure } from "./failure.js";

const { parse, stringify } = JSON;
const who = "Cloudflare's API";

export class CloudflareApi {
  #provider;

  constructor(provider) {
    this.#provider = provider;
  }

  get base() {
    return this.#provider.baseUrl;
  }

  #address(path) {
    return `${this.#provider.baseUrl}/accounts/${encodeURIComponent(this.#provider.account)}/ai/${path}`;
  }

  async #envelope(call, head) {
    const text = await call.text();
    let told;
    try {
      told = parse(text);
    } catch {
      throw new Failure(502, `${who} answers (HTTP ${head.status}) with ${/^\s*</.test(text) ? "a page of HTML" : "something that is no JSON"}.`);
    }
    if (told === null || typeof told !== "object") throw new Failure(502, `${who} answers (HTTP ${head.status}) with JSON that it is not known for.`);
    return told;
  }

  async run(model, inputs, signal) {
    let body;
    let type = "application/json";
    let query = "";
    const stream = Object.entries(inputs).find((entry) => entry[1]?.bytes instanceof Uint8Array);
    if (stream) {
      body = stream[1].bytes;
      type = stream[1].contentType;
      const others = Object.entries(inputs).filter(([name]) => name !== stream[0]);
      query = others.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(typeof value === "string" ? value : stringify(value))}`).join("&");
    } else {
      body = stringify(inputs);
    }
    const path = model.split("/").map((part) => encodeURIComponent(part).replaceAll("%40", "@")).join("/");
    const call = new Call(this.#provider, who, "POST", this.#address(`run/${path}${query === "" ? "" : `?${query}`}`), ["content-type", type], body, signal);
    const head = await call.head();
    const ids = { id: head.header("cf-ai-req-id"), logId: head.header("cf-aig-log-id") };
    if (head.status === 200 && head.type === "text/event-stream") {
      const events = new CallEvents(call);
      let ended = false;
      return {
        status: 200,
        ...ids,
        events: {
          async next() {
            const event = ended ? null : await events.next();
            if (event?.data !== "[DONE]") return event;
            ended = true;
            events.cancel();
            return null;
          },
          cancel: () => events.cancel(),
        },
      };
    }
    if (head.status === 200 && head.type !== "application/json" && head.type !== "text/html") {
      return { status: 200, ...ids, type: head.type, bytes: { next: () => call.piece(), cancel: () => call.cancel() } };
    }
    const told = await this.#envelope(call, head);
    const good = head.status >= 200 && head.status <= 299 && told.success !== false;
    return { status: good ? head.status : Math.max(head.status, 400), ...ids, json: good ? ("result" in told ? told.result : told) : told };
  }

  async models(params) {
    const query = Object.entries(params).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(`${value}`)}`).join("&");
    const call = new Call(this.#provider, who, "GET", this.#address(`models/search${query === "" ? "" : `?${query}`}`), ["accept", "application/json"], null);
    const head = await call.head();
    const told = await this.#envelope(call, head);
    if (head.status !== 200 || !Array.isArray(told.result)) throw new Failure(head.status, told.errors?.[0]?.message ?? "Internal Error");
    return told.result;
  }
}
