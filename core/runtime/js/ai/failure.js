// SPDX-License-Identifier: GPL-3.0-or-later
// How a call of Workers AI fails: with the product's numbers where they are known, and none where they are not.

/** What the code is thrown when a model's answer is a failure, whoever gave it. */
export class InferenceUpstreamError extends Error {
  constructor(message, name = "InferenceUpstreamError") {
    super(message);
    this.name = name;
  }
}

/** The same, of a call that was never made. */
export class AiInternalError extends Error {
  constructor(message) {
    super(message);
    this.name = "AiInternalError";
  }
}

/** A failure on its way from a provider. */
export class Failure extends Error {
  /** `unreachable`: nobody was there to answer. */
  constructor(status, description, { code = undefined, unreachable = false } = {}) {
    super(description);
    this.status = status;
    this.code = code;
    this.unreachable = unreachable;
  }

  /** The body of a response that tells of it. */
  body() {
    return this.code === undefined ? { name: "InferenceUpstreamError", description: this.message } : { internalCode: this.code, name: "AiError", description: this.message };
  }
}

/** What the code is thrown of a body like that, or like those of Cloudflare's API. */
export function thrownOf(body, text) {
  if (body?.internalCode) return new InferenceUpstreamError(`${body.internalCode}: ${body.description}`, body.name);
  const first = body?.errors?.[0];
  if (first) return new InferenceUpstreamError(`${first.code}: ${first.message}`);
  return new InferenceUpstreamError(body?.description ?? text);
}

export const invalid = (what) => new Failure(400, what, { code: 5006 });
export const noModel = (what) => new Failure(400, what, { code: 5007 });
