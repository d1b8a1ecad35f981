// SPDX-License-Identifier: GPL-3.0-or-later
// Who answers a call: a recording, the provider that was named, or a server that was found on this machine.

import { native } from "../native.js";
import { SafeMap } from "../primordials.js";
import { recordedAnswer, keptEvent, watched } from "./answers.js";
import { CloudflareApi } from "./cloudflare.js";
import { Failure } from "./failure.js";
import { OpenAiServer } from "./openai.js";
import { joinBytes } from "../streams.js";

const { stringify } = JSON;
const kinds = { none: 0, openAi: 1, cloudflare: 2 };
const searchMs = 2000; // a server that loads a model may take its time, but not to say what it has

const nobody = "Workers AI has no provider here: start a local server (Ollama, LM Studio, llama.cpp or vLLM), name one that speaks OpenAI's interface with --ai-base-url URL or CLEAT_AI_BASE_URL, set CLOUDFLARE_ACCOUNT_ID and CLOUDFLARE_API_TOKEN to use your account, or choose one in the window under Settings, Workers AI.";

export class Provider {
  #keeps;
  #ports;
  #target = null; // an OpenAiServer or the API
  #search = null; // while one is looked for
  #nobody; // why nobody can be asked
  #told = new SafeMap();

  /** `given`: what C++ told of a binding behind its name. */
  constructor(index, [kind, baseUrl, account, models, keeps, ports, stallMs, problem]) {
    this.index = index;
    this.baseUrl = baseUrl;
    this.account = account;
    this.stallMs = stallMs;
    this.models = new SafeMap();
    for (let i = 0; i < models.length; i += 2) this.models.set(models[i], models[i + 1]);
    this.#keeps = keeps;
    this.#ports = ports;
    this.#nobody = problem || nobody;
    if (kind === kinds.openAi) this.#target = new OpenAiServer(this, baseUrl);
    else if (kind === kinds.cloudflare) this.#target = new CloudflareApi(this);
  }

  #say(warns, text) {
    if (this.#told.get(text)) return;
    this.#told.set(text, true);
    native.aiSay(warns, text);
  }

  /** The provider, or null when there is none. */
  async #server() {
    if (this.#target) return this.#target;
    this.#search ??= this.#lookAround();
    try {
      return await this.#search;
    } finally {
      this.#search = null;
    }
  }

  async #lookAround() {
    const found = await Promise.all(this.#ports.map(async (port) => {
      const server = new OpenAiServer(this, `http://127.0.0.1:${port}/v1`);
      try {
        await server.names(undefined, Math.min(searchMs, this.stallMs));
        return server;
      } catch (error) {
        if (error instanceof Failure) return null; // nobody, or somebody else
        throw error;
      }
    }));
    const first = found.find((server) => server !== null);
    if (first === undefined) return null;
    this.#target = first;
    this.#say(false, `Workers AI: the server at ${first.base} answers here.`);
    return first;
  }

  #recorded(model, text, exactly, wantsStream) {
    if (!this.#keeps) return undefined;
    const found = native.aiRecorded(this.index, model, text, exactly);
    return found && recordedAnswer(found, wantsStream);
  }

  /** The answer for a model; `text` is the JSON of its inputs. */
  async ask(model, inputs, text, signal) {
    const wantsStream = Boolean(inputs.stream);
    const exact = this.#recorded(model, text, true, wantsStream);
    if (exact) return exact;
    const server = await this.#server();
    if (server === null) {
      const like = this.#recorded(model, text, false, wantsStream);
      if (like) return like;
      throw new Failure(503, this.#keeps ? `There is no recorded answer of ${model}. ${this.#nobody}` : this.#nobody);
    }
    if (server instanceof CloudflareApi) this.#say(false, `Workers AI: Cloudflare's API answers here (account ${this.account}), which counts as usage of that account.`);
    let answer;
    try {
      answer = await server.run(model, inputs, signal);
    } catch (error) {
      if (!(error instanceof Failure) || !error.unreachable) throw error;
      if (this.#ports.length > 0) this.#target = null; // it was found, and may be found elsewhere the next time
      const like = this.#recorded(model, text, false, wantsStream);
      if (!like) throw error;
      this.#say(true, `${error.message} A recorded answer is given instead.`);
      return like;
    }
    return this.#keeps && answer.status === 200 ? this.#keeping(model, text, answer) : answer;
  }

  /** The same answer, which is recorded as soon as it is whole. */
  #keeping(model, text, answer) {
    const keep = (form, content, type = "") => native.aiKeep(this.index, model, text, form, content, type);
    if (answer.events) {
      const events = [];
      return { ...answer, events: watched(answer.events, (event) => void events.push(keptEvent(event)), (how) => how === "complete" && keep(1, stringify(events))) };
    }
    if (answer.bytes) {
      const pieces = [];
      let length = 0;
      const add = (piece) => {
        pieces.push(piece);
        length += piece.byteLength;
      };
      return { ...answer, bytes: watched(answer.bytes, add, (how) => how === "complete" && keep(2, joinBytes(pieces, length), answer.type)) };
    }
    keep(0, stringify(answer.json));
    return answer;
  }

  async catalogue(params) {
    const server = await this.#server();
    if (server instanceof CloudflareApi) return server.models(params);
    let all;
    if (server !== null) {
      all = await server.models();
    } else if (this.#keeps) {
      const task = { id: "recorded", name: "Recorded", description: "" };
      all = native.aiRecordedModels(this.index).map((name) => ({ id: name, source: 1, name, description: "Recorded", task, tags: [], properties: [] }));
    } else {
      throw new Failure(503, this.#nobody);
    }
    const has = (text, part) => text.toLowerCase().includes(`${part}`.toLowerCase());
    if (params.search !== undefined) all = all.filter((model) => has(model.name, params.search));
    if (params.task !== undefined) all = all.filter((model) => has(model.task.name, params.task));
    if (params.per_page !== undefined) {
      const size = Math.max(1, +params.per_page || 1);
      const from = (Math.max(1, +params.page || 1) - 1) * size;
      all = all.slice(from, from + size);
    }
    return all;
  }
}
