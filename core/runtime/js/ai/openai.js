// SPDX-License-Identifier: GPL-3.0-or-later
// Workers AI by way of a server that speaks OpenAI's HTTP interface (OpenAI, "API reference": models, chat completions, embeddings, images, audio).

import { FormData } from "../body/formdata.js";
import { newBoundary, serializeForm } from "../body/multipart.js";
import { bytesFile } from "../blob.js";
import { native } from "../native.js";
import { SafeSet } from "../primordials.js";
import { Call, CallEvents } from "./call.js";
import { ChatEvents, chatAnswer, chatRequest } from "./chat.js";
import { Failure, invalid, noModel } from "./failure.js";
import { bytesOfBase64, base64Of, givenBytes } from "./media.js";
import { Task, answersAsChat, fitting, picturesAsJson, taskOf } from "./tasks.js";
import { bytesOnce, eventsOnce } from "./answers.js";

const { parse, stringify } = JSON;
const jsonType = ["content-type", "application/json", "accept", "application/json"];

const ofJson = (text) => {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
};

const listed = (names) => (names.length === 0 ? "it has none at all" : `it has ${names.slice(0, 12).join(", ")}${names.length > 12 ? ` and ${names.length - 12} more` : ""}`);

export class OpenAiServer {
  #provider;
  #base;
  #who;
  #names = null; // of its models
  #told = new SafeSet();

  constructor(provider, base) {
    this.#provider = provider;
    this.#base = base;
    this.#who = `The AI server at ${base}`;
  }

  get base() {
    return this.#base;
  }

  /** A failure of the server's own, in its words where it has any. */
  async #failed(call, head, model) {
    const text = await call.text();
    const told = ofJson(text);
    const error = told?.error;
    const words = typeof error === "string" ? error : error?.message ?? told?.message ?? told?.detail;
    const isPage = head.type === "text/html" || /^\s*</.test(text);
    const said = words !== undefined ? (typeof words === "string" ? words : stringify(words)) : isPage ? "it answers with a page of HTML; is the address right?" : text.slice(0, 300).trim() || "it says nothing more";
    if (head.status === 401 || head.status === 403) return new Failure(head.status, `${this.#who} refuses the key (HTTP ${head.status}): ${said}`);
    if (head.status === 404 && !isPage && model !== undefined && words !== undefined) {
      this.#names = null;
      return noModel(`No such model ${model}: ${this.#who} says: ${said}`);
    }
    if (head.status === 429) return new Failure(429, `${this.#who} has too much to do (HTTP 429): ${said}`, { code: 3040 });
    if (head.status >= 300 && head.status < 400) return new Failure(502, `${this.#who} wants to be asked elsewhere (HTTP ${head.status}): ${head.header("location") ?? "it does not say where"}. Name that address instead.`);
    return new Failure(head.status >= 400 && head.status < 600 ? head.status : 502, `${this.#who} failed (HTTP ${head.status}): ${said}`);
  }

  async #answerOf(call, head, model) {
    if (head.status < 200 || head.status > 299) throw await this.#failed(call, head, model);
    const text = await call.text();
    const value = ofJson(text);
    if (value !== undefined && value !== null && typeof value === "object") return value;
    const what = /^\s*</.test(text) ? "a page of HTML" : text === "" ? "nothing" : "something that is no JSON";
    throw new Failure(502, `${this.#who} answers with ${what}. Is it a server that speaks OpenAI's interface, and is the address right?`);
  }

  #call(method, path, fields, body, signal, patienceMs) {
    return new Call(this.#provider, this.#who, method, this.#base + path, fields, body, signal, patienceMs);
  }

  async #json(path, body, model, signal) {
    const call = this.#call("POST", path, jsonType, stringify(body), signal);
    return this.#answerOf(call, await call.head(), model);
  }

  /** The names of its models. */
  async names(signal, patienceMs) {
    if (this.#names) return this.#names;
    const call = this.#call("GET", "/models", ["accept", "application/json"], null, signal, patienceMs);
    const told = await this.#answerOf(call, await call.head(), undefined);
    if (!Array.isArray(told.data)) throw new Failure(502, `${this.#who} has no list of models, as a server with OpenAI's interface has.`);
    return (this.#names = told.data.map((one) => one?.id).filter((id) => typeof id === "string"));
  }

  /** What the server calls the model. */
  async #modelFor(task, model, signal) {
    const mapped = this.#provider.models.get(model);
    if (mapped !== undefined) return mapped;
    const names = await this.names(signal);
    if (names.includes(model)) return model;
    const found = fitting(task, model, names);
    if (found === undefined) {
      this.#names = null; // perhaps somebody gives it one now
      throw noModel(`No such model ${model}: ${this.#who} has none for ${task}; ${listed(names)}.`);
    }
    if (!this.#told.has(`${model} ${found}`)) {
      this.#told.add(`${model} ${found}`);
      native.aiSay(false, `Workers AI: ${model} is ${found} of ${this.#base} here.`);
    }
    return found;
  }

  async models() {
    const names = await this.names();
    return names.map((name) => {
      const task = taskOf(name, {});
      return { id: name, source: 2, name, description: `Of ${this.#base}`, task: { id: task, name: task[0].toUpperCase() + task.slice(1), description: "" }, tags: [], properties: [] };
    });
  }

  /** An answer (answers.js). */
  async run(model, inputs, signal) {
    const task = taskOf(model, inputs);
    if (inputs.requests !== undefined) throw invalid("Error: a batch of requests is not there with a local provider: call run() for each");
    switch (task) {
      case Task.Text:
        return this.#text(model, inputs, await this.#modelFor(task, model, signal), signal);
      case Task.Embeddings:
        return this.#embeddings(model, inputs, await this.#modelFor(task, model, signal), signal);
      case Task.Image:
        return this.#picture(model, inputs, await this.#modelFor(task, model, signal), signal);
      case Task.Transcription:
        return this.#transcription(model, inputs, await this.#modelFor(task, model, signal), signal);
      case Task.Speech:
        return this.#speech(model, inputs, await this.#modelFor(task, model, signal), signal);
      default:
        throw noModel(`No such model ${model}: ${task} is nothing that a server with OpenAI's interface has. Use Cloudflare's REST API, or a recorded answer.`);
    }
  }

  async #text(model, inputs, served, signal) {
    const plain = answersAsChat(model);
    const asResponses = plain && inputs.input !== undefined && inputs.messages === undefined && inputs.prompt === undefined;
    const body = asResponses ? { ...inputs, model: served } : chatRequest(inputs, served, plain);
    const path = asResponses ? "/responses" : body.messages ? "/chat/completions" : "/completions";
    const call = this.#call("POST", path, inputs.stream ? ["content-type", "application/json", "accept", "text/event-stream"] : jsonType, stringify(body), signal);
    const head = await call.head();
    const isStream = head.status === 200 && head.type === "text/event-stream";
    if (isStream && inputs.stream) {
      const events = new CallEvents(call);
      return { status: 200, events: asResponses ? events : new ChatEvents(events, this.#who, plain) };
    }
    const told = await this.#answerOf(call, head, model);
    const value = plain ? told : chatAnswer(told, inputs);
    if (value === undefined) throw new Failure(502, `${this.#who} answers with JSON that is no chat completion: ${stringify(told).slice(0, 300)}`);
    return inputs.stream ? { status: 200, events: eventsOnce([stringify(value)]) } : { status: 200, json: value };
  }

  async #embeddings(model, inputs, served, signal) {
    const text = inputs.text ?? inputs.queries ?? inputs.documents;
    if (text === undefined) throw invalid("Error: required properties at '/' are 'text'");
    const list = Array.isArray(text) ? text : [text];
    if (list.some((one) => typeof one !== "string")) throw invalid("Error: Type mismatch of '/text', 'string' expected");
    if (list.length === 0) throw invalid("Error: Length of '/text' must be >= 1");
    const told = await this.#json("/embeddings", { model: served, input: list, encoding_format: "float" }, model, signal);
    const data = Array.isArray(told.data) ? told.data.slice().sort((a, b) => (a?.index ?? 0) - (b?.index ?? 0)).map((one) => one?.embedding) : [];
    if (data.length !== list.length || data.some((vector) => !Array.isArray(vector) || vector.length !== data[0].length)) {
      throw new Failure(502, `${this.#who} answers with JSON that holds no embedding for each text.`);
    }
    const answer = { shape: [data.length, data[0].length], data };
    if (/bge-(small|base|large)/.test(model)) answer.pooling = inputs.pooling ?? "mean";
    return { status: 200, json: answer };
  }

  async #picture(model, inputs, served, signal) {
    const { prompt } = inputs;
    if (typeof prompt !== "string" || prompt === "") throw invalid("Error: required properties at '/' are 'prompt'");
    const body = { model: served, prompt, n: 1, response_format: "b64_json" };
    if (inputs.width !== undefined || inputs.height !== undefined) body.size = `${inputs.width ?? 1024}x${inputs.height ?? 1024}`;
    for (const name of ["negative_prompt", "seed", "guidance", "strength"]) if (inputs[name] !== undefined) body[name] = inputs[name];
    const steps = inputs.num_steps ?? inputs.steps;
    if (steps !== undefined) body.steps = steps;
    const told = await this.#json("/images/generations", body, model, signal);
    const picture = told.data?.[0]?.b64_json;
    const bytes = typeof picture === "string" ? bytesOfBase64(picture) : undefined;
    if (bytes === undefined) throw new Failure(502, `${this.#who} answers with JSON that holds no picture in base64.`);
    if (picturesAsJson(model)) return { status: 200, json: { image: picture } };
    return { status: 200, type: bytes[0] === 0xff ? "image/jpeg" : "image/png", bytes: bytesOnce(bytes) };
  }

  async #transcription(model, inputs, served, signal) {
    const given = givenBytes(inputs.audio, "audio");
    const form = new FormData();
    form.append("model", served);
    const type = given.contentType || "audio/mpeg";
    form.append("file", bytesFile(given.bytes, `audio.${type.replace(/^.*\//, "").replace("mpeg", "mp3").replace(/[^a-z0-9].*$/, "")}`, type));
    for (const [name, own] of [["language", inputs.language], ["prompt", inputs.initial_prompt], ["temperature", inputs.temperature]]) if (own !== undefined) form.append(name, `${own}`);
    const boundary = newBoundary();
    const path = inputs.task === "translate" ? "/audio/translations" : "/audio/transcriptions";
    const call = this.#call("POST", path, ["content-type", `multipart/form-data; boundary=${boundary}`, "accept", "application/json"], serializeForm(form, boundary), signal);
    const told = await this.#answerOf(call, await call.head(), model);
    if (typeof told.text !== "string") throw new Failure(502, `${this.#who} answers with JSON that holds no text of what was said.`);
    const text = told.text.trim();
    if (/nova-\d/.test(model)) return { status: 200, json: { results: { channels: [{ alternatives: [{ transcript: text, confidence: 1, words: told.words ?? [] }] }] } } };
    const answer = { text, word_count: text === "" ? 0 : text.split(/\s+/).length };
    if (Array.isArray(told.words)) answer.words = told.words;
    if (Array.isArray(told.segments)) answer.segments = told.segments;
    if (told.language !== undefined) answer.transcription_info = { language: told.language, duration: told.duration };
    return { status: 200, json: answer };
  }

  async #speech(model, inputs, served, signal) {
    const text = inputs.text ?? inputs.prompt;
    if (typeof text !== "string" || text === "") throw invalid(`Error: required properties at '/' are '${/melotts/.test(model) ? "prompt" : "text"}'`);
    const format = { linear16: "wav", flac: "flac", opus: "opus", aac: "aac" }[inputs.encoding] ?? "mp3";
    const body = { model: served, input: text, voice: inputs.speaker ?? inputs.voice ?? "alloy", response_format: format };
    const call = this.#call("POST", "/audio/speech", ["content-type", "application/json"], stringify(body), signal);
    const head = await call.head();
    if (head.status !== 200) throw await this.#failed(call, head, model);
    if (head.type === "text/html" || head.type === "application/json") throw new Failure(502, `${this.#who} answers with ${head.type} where speech was expected.`);
    if (/melotts/.test(model)) return { status: 200, json: { audio: base64Of(await call.bytes()) } };
    return { status: 200, type: head.type || "audio/mpeg", bytes: { next: () => call.piece(), cancel: () => call.cancel() } };
  }
}
