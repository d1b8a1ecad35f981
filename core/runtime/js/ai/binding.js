// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript face of Workers AI (Cloudflare, "Workers AI bindings").

import { native } from "../native.js";
import { Response } from "../response.js";
import { gathered, keptEvent, streamOf, watched } from "./answers.js";
import { AiInternalError, Failure, thrownOf } from "./failure.js";
import { ToMarkdownService } from "./markdown.js";
import { inputsText, readStreams } from "./media.js";
import { joinBytes } from "../streams.js";
import { Provider } from "./provider.js";

const { stringify } = JSON;
const mostListed = 8 << 20; // bytes of a picture or a sound (CallLog::longest)

const textOf = (error) => (error instanceof Error ? `${error.name}: ${error.message}` : `${error}`);
const thrown = (error) => (error instanceof Failure ? thrownOf(error.body(), error.message) : error);

/** What may not go into the log: who the code says that it is. */
const shownOptions = ({ extraHeaders, sessionOptions, signal, ...rest }) => rest;

class Ai {
  #provider;
  #index;
  lastRequestId = null;
  aiGatewayLogId = null;
  lastRequestHttpStatusCode = null;
  lastRequestInternalStatusCode = null;

  constructor(index, given) {
    this.#index = index;
    this.#provider = new Provider(index, given);
  }

  async run(model, inputs, options = {}) {
    native.refuseInGlobalScope();
    const mark = native.callMark();
    const { signal, websocket, returnRawResponse } = options;
    this.lastRequestId = "";
    if (websocket) throw new AiInternalError("A WebSocket to a model is not there locally.");
    const given = await readStreams(inputs, options);
    native.aiMayCall();
    const text = inputsText(given);
    const said = stringify(shownOptions(options));
    const extra = said === "{}" ? "" : said;
    const shown = `[${stringify(`${model}`)},${text}${extra && `,${extra}`}]`;
    const over = (result, error, bytes = 0, form = 0, content = result, type = "") => {
      native.aiEnd(this.#index, mark, "run", shown, result, error, bytes);
      native.aiLog(this.#index, mark, `${model}`, text, extra, form, content, type, error);
    };
    let answer;
    try {
      answer = await this.#provider.ask(`${model}`, given, text, signal);
    } catch (error) {
      if (!(error instanceof Failure)) {
        over(undefined, textOf(error));
        throw error;
      }
      answer = { status: error.status, json: error.body() };
    }
    this.lastRequestId = answer.id ?? null;
    this.aiGatewayLogId = answer.logId ?? null;
    this.lastRequestHttpStatusCode = answer.status;
    if (answer.status < 200 || answer.status > 299) {
      const error = thrownOf(answer.json, stringify(answer.json));
      over(undefined, textOf(error));
      if (answer.json?.internalCode) this.lastRequestInternalStatusCode = answer.json.internalCode;
      if (!returnRawResponse) throw error;
      return Response.json(answer.json, { status: answer.status });
    }
    if (!answer.events && !answer.bytes) {
      const result = stringify(answer.json) ?? "null";
      over(result, undefined, result.length);
      return returnRawResponse ? Response.json(answer.json, { status: answer.status }) : answer.json;
    }
    const stream = streamOf(this.#told(answer, over), thrown);
    return returnRawResponse ? new Response(stream, { status: answer.status, headers: { "content-type": answer.events ? "text/event-stream" : answer.type } }) : stream;
  }

  /** The same answer; the log is told of the call when it is over. */
  #told(answer, over) {
    let bytes = 0;
    const errorOf = (how) => (how === "complete" ? undefined : how === "cancelled" ? "The stream was cancelled." : textOf(thrown(how)));
    if (answer.events) {
      const events = [];
      const piece = (event) => {
        bytes += event.data.length;
        events.push(keptEvent(event));
      };
      const ended = (how) => over(stringify({ ...gathered(events), events: events.length }), errorOf(how), bytes, 1, stringify(events));
      return { ...answer, events: watched(answer.events, piece, ended) };
    }
    let pieces = []; // for the list of calls; null: there is too much
    const piece = (part) => {
      bytes += part.byteLength;
      pieces = bytes > mostListed ? null : pieces;
      pieces?.push(part.slice());
    };
    const ended = (how) => over(stringify(`<${bytes} bytes of ${answer.type}>`), errorOf(how), bytes, 2, pieces ? joinBytes(pieces, bytes) : undefined, answer.type);
    return { ...answer, bytes: watched(answer.bytes, piece, ended) };
  }

  async models(params = {}) {
    return this.#call("models", [params], async () => {
      try {
        return await this.#provider.catalogue(params);
      } catch (error) {
        throw error instanceof Failure ? new AiInternalError(error.message) : error;
      }
    });
  }

  async #call(method, shown, work) {
    native.refuseInGlobalScope();
    const mark = native.callMark();
    native.aiMayCall();
    const over = (result, error) => native.aiEnd(this.#index, mark, method, stringify(shown), result, error, 0);
    try {
      const result = await work();
      over(stringify(result));
      return result;
    } catch (error) {
      over(undefined, textOf(error));
      throw error;
    }
  }

  toMarkdown(files, options) {
    const service = new ToMarkdownService((method, shown, work) => this.#call(method, [shown], async () => work()));
    return arguments.length < 1 || !files ? service : service.transform(files, options);
  }

  gateway() {
    throw new AiInternalError("AI Gateway is not there locally; run() takes the option `gateway`, and asks the model itself.");
  }

  autorag() {
    throw new AiInternalError("AI Search (AutoRAG) is not there locally.");
  }

  aiSearch() {
    throw new AiInternalError("AI Search is not there locally.");
  }

  async websearch() {
    throw new AiInternalError("Web search is not there locally.");
  }

  getLogs() {
    return [];
  }

  get [Symbol.toStringTag]() {
    return "WrappedBinding";
  }
}

/** Workers AI in `env`. `given`: kind of provider, base URL, account, models ([Workers AI's name, the server's, ...]), whether answers are recorded, ports to look at, patience in milliseconds, why nobody can be asked or "". */
export const aiBinding = (index, given) => new Ai(index, given);
