// SPDX-License-Identifier: GPL-3.0-or-later
// env.AI.toMarkdown() (Workers AI, "Markdown Conversion"), for pages and texts; what takes a model to be read is refused.

import { blobBytes, isBlob } from "../blob.js";
import { randomUUID } from "../crypto.js";
import { native } from "../native.js";
import { AiInternalError } from "./failure.js";

const pages = ["text/html", "application/xhtml+xml"];
const texts = ["text/plain", "text/markdown"];
const extensions = [[".html", pages[0]], [".htm", pages[0]], [".txt", texts[0]], [".md", texts[1]]];

function convert({ name, blob }, options) {
  if (!isBlob(blob)) throw new AiInternalError(`toMarkdown() takes {name, blob}, and the blob of ${name} is none.`);
  const mimeType = blob.type.split(";")[0].trim().toLowerCase() || extensions.find((entry) => `${name}`.toLowerCase().endsWith(entry[0]))?.[1] || "";
  const head = { id: randomUUID(), name, mimeType };
  const refused = (error) => ({ ...head, format: "error", error });
  if (!pages.includes(mimeType) && !texts.includes(mimeType)) {
    return refused(`${mimeType || "A file of no known type"} cannot be converted here: locally toMarkdown() reads HTML and text alone.`);
  }
  const wanted = options?.conversionOptions ?? {};
  if (wanted.html?.cssSelector !== undefined) return refused("The option html.cssSelector is not there locally.");
  const text = native.utf8Decode(blobBytes(blob), false);
  const data = pages.includes(mimeType) ? native.aiMarkdown(text) : text;
  return { ...head, format: "markdown", tokens: Math.ceil(data.length / 4), data };
}

export class ToMarkdownService {
  #told;

  /** `told(method, files, work)` does the work, and tells the log. */
  constructor(told) {
    this.#told = told;
  }

  async transform(files, options) {
    native.refuseInGlobalScope();
    const list = Array.isArray(files) ? files : [files];
    const names = list.map((file) => ({ name: file?.name, type: file?.blob?.type, size: file?.blob?.size }));
    return this.#told("toMarkdown", names, () => {
      const converted = list.map((file) => convert(file, options));
      return Array.isArray(files) ? converted : converted[0];
    });
  }

  async supported() {
    return extensions.map(([extension, mimeType]) => ({ extension, mimeType }));
  }
}
