// SPDX-License-Identifier: GPL-3.0-or-later
// Text generation of Workers AI as OpenAI's chat completions, and back.

import { Failure, invalid } from "./failure.js";
import { base64Of, givenBytes } from "./media.js";

const { parse, stringify } = JSON;
const asTheyAre = ["max_tokens", "temperature", "top_p", "top_k", "seed", "repetition_penalty", "frequency_penalty", "presence_penalty", "stop", "tool_choice", "parallel_tool_calls", "reasoning_effort", "chat_template_kwargs", "logit_bias", "user"];

const parsed = (text) => {
  try {
    return parse(text);
  } catch {
    return text;
  }
};

/** A tool's call as OpenAI has it: {id, type, function: {name, arguments as JSON text}}. */
function outgoingCall(call, i) {
  const { name, arguments: given } = call.function ?? call;
  return { id: call.id ?? `call_${i}`, type: "function", function: { name, arguments: typeof given === "string" ? given : stringify(given ?? {}) } };
}

function messagesOf(inputs) {
  if (inputs.messages === undefined) return [{ role: "user", content: `${inputs.prompt}` }];
  if (!Array.isArray(inputs.messages)) throw invalid("Error: Type mismatch of '/messages', 'array' not in 'string'");
  let calls = []; // of the assistant, that no answer was given to yet
  let count = 0;
  return inputs.messages.map((message) => {
    if (message === null || typeof message !== "object") throw invalid("Error: Type mismatch of '/messages/0', 'object' expected");
    const { role, content, name, tool_calls: made, tool_call_id: id, ...rest } = message;
    if (role === "assistant" && Array.isArray(made) && made.length > 0) {
      calls = made.map((call) => outgoingCall(call, (count += 1)));
      return { role, content: content ?? null, tool_calls: calls };
    }
    if (role === "tool") {
      let at = calls.findIndex((call) => (id === undefined ? call.function.name === name : call.id === id));
      if (at < 0) at = 0;
      const call = calls[at];
      calls = calls.filter((one) => one !== call);
      return { role, content: typeof content === "string" ? content : stringify(content), tool_call_id: id ?? call?.id ?? "call_0" };
    }
    return { role, content, ...(name === undefined ? {} : { name }), ...rest };
  });
}

/** A picture goes with the last message of the user. */
function withPicture(messages, image) {
  const picture = typeof image === "string" && /^(data|https?):/.test(image) ? image : `data:image/png;base64,${base64Of(givenBytes(image, "image").bytes)}`;
  for (let i = messages.length - 1; i >= 0; --i) {
    if (messages[i].role !== "user") continue;
    const before = messages[i].content;
    messages[i] = { ...messages[i], content: [...(Array.isArray(before) ? before : [{ type: "text", text: `${before ?? ""}` }]), { type: "image_url", image_url: { url: picture } }] };
    break;
  }
  return messages;
}

function formatOf(format) {
  if (format?.type !== "json_schema") return format;
  const given = format.json_schema;
  return { type: "json_schema", json_schema: given?.schema !== undefined && typeof given.name === "string" ? given : { name: "answer", schema: given } };
}

/** Whether the answer is to be JSON. */
export const wantsJson = (inputs) => inputs.response_format?.type === "json_schema" || inputs.response_format?.type === "json_object";

/** The body of /chat/completions, or with `raw` of /completions. `all`: what is not known goes, too. */
export function chatRequest(inputs, model, all) {
  if (inputs.messages === undefined && typeof inputs.prompt !== "string") throw invalid("Error: oneOf at '/' not met, 0 matches: required properties at '/' are 'prompt', required properties at '/' are 'messages'");
  const body = { model };
  if (all) Object.assign(body, inputs);
  delete body.prompt;
  body.model = model;
  for (const name of asTheyAre) if (inputs[name] !== undefined) body[name] = inputs[name];
  if (inputs.raw && inputs.messages === undefined) {
    body.prompt = inputs.prompt;
  } else {
    body.messages = messagesOf(inputs);
    if (inputs.image !== undefined) body.messages = withPicture(body.messages, inputs.image);
    if (Array.isArray(inputs.tools) && inputs.tools.length > 0) {
      body.tools = inputs.tools.map((tool) => (tool.function ? tool : { type: "function", function: { name: tool.name, description: tool.description, parameters: tool.parameters } }));
    }
  }
  if (inputs.response_format !== undefined) {
    if (inputs.stream && wantsJson(inputs) && !all) throw new Failure(400, "JSON Schema mode is not supported with stream mode.", { code: 5023 });
    body.response_format = formatOf(inputs.response_format);
  }
  delete body.image;
  delete body.raw;
  if (inputs.stream) {
    body.stream = true;
    body.stream_options = { include_usage: true };
  } else {
    delete body.stream;
  }
  return body;
}

const usageOf = (usage) => (usage ? { prompt_tokens: usage.prompt_tokens ?? 0, completion_tokens: usage.completion_tokens ?? 0, total_tokens: usage.total_tokens ?? (usage.prompt_tokens ?? 0) + (usage.completion_tokens ?? 0) } : undefined);

const incomingCalls = (calls) => calls.map(({ function: { name, arguments: given } }) => ({ name, arguments: typeof given === "string" ? parsed(given || "{}") : given }));

/** {response, tool_calls, usage} out of a chat completion; undefined when it is none. */
export function chatAnswer(completion, inputs) {
  const choice = completion?.choices?.[0];
  if (choice === undefined || choice === null) return undefined;
  const text = choice.message ? choice.message.content : choice.text;
  const calls = choice.message?.tool_calls ?? [];
  let response = text ?? (calls.length > 0 ? null : "");
  if (wantsJson(inputs) && calls.length === 0) {
    response = parsed(response);
    if (typeof response === "string") throw new Failure(400, "JSON Mode couldn't be met", { code: 5024 });
  }
  const answer = { response };
  if (calls.length > 0) answer.tool_calls = incomingCalls(calls);
  const usage = usageOf(completion.usage);
  if (usage) answer.usage = usage;
  return answer;
}

/** Events of a chat completion (those of CallEvents) as Workers AI's: {"response": ...}; the last have the tools' calls, and the usage. */
export class ChatEvents {
  #events;
  #who;
  #plain; // hand OpenAI's own on
  #calls = [];
  #usage;
  #finished = false;
  #last = []; // to be given before the end
  #ended = false;

  constructor(events, who, plain) {
    this.#events = events;
    this.#who = who;
    this.#plain = plain;
  }

  /** {type, data}, or null after the last; "[DONE]" is not among them. */
  async next() {
    for (;;) {
      if (this.#last.length > 0) return this.#last.shift();
      if (this.#ended) return null;
      const event = await this.#events.next();
      if (event === null || event.data === "[DONE]") {
        if (event === null && !this.#finished) throw new Failure(502, `${this.#who} broke off in the middle of its answer: the stream has no end.`);
        if (event !== null) this.#events.cancel();
        this.#ended = true;
        this.#close();
        continue;
      }
      let chunk;
      try {
        chunk = parse(event.data);
      } catch {
        this.#events.cancel();
        throw new Failure(502, `${this.#who} sent an event that is no JSON: ${event.data.slice(0, 200)}`);
      }
      if (chunk?.error) {
        this.#events.cancel();
        throw new Failure(502, `${this.#who} failed in the middle of its answer: ${chunk.error.message ?? stringify(chunk.error)}`);
      }
      const text = this.#take(chunk);
      if (this.#plain) return { type: "message", data: event.data };
      if (typeof text === "string" && text !== "") return { type: "message", data: stringify({ response: text }) };
    }
  }

  #take(chunk) {
    if (chunk?.usage) this.#usage = usageOf(chunk.usage);
    const choice = chunk?.choices?.[0];
    if (!choice) return undefined;
    if (choice.finish_reason) this.#finished = true;
    for (const part of choice.delta?.tool_calls ?? []) {
      const call = (this.#calls[part.index ?? this.#calls.length] ??= { function: { name: "", arguments: "" } });
      if (part.function?.name) call.function.name = part.function.name;
      if (part.function?.arguments) call.function.arguments += part.function.arguments;
    }
    return choice.delta ? choice.delta.content : choice.text;
  }

  #close() {
    if (this.#plain) return;
    const calls = this.#calls.filter(Boolean);
    if (calls.length > 0) this.#last.push({ type: "message", data: stringify({ response: "", tool_calls: incomingCalls(calls) }) });
    if (this.#usage) this.#last.push({ type: "message", data: stringify({ response: "", usage: this.#usage }) });
  }

  cancel() {
    this.#events.cancel();
  }
}
