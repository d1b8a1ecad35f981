// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of HTTP caching (RFC 9111) as wrangler's simulator applies them: what is stored and for how long, and what a request is answered from it.

import CachePolicy from "http-cache-semantics";

// Fields between two peers, and those that follow from the body: they do not reach the cache.
const dropped = new Set(["connection", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "content-length", "cf-cache-status"]);

/** Fields by name out of a flat list; those that come more than once are joined. */
function fieldsOf(flat) {
  const fields = Object.create(null);
  for (let i = 0; i < flat.length; i += 2) fields[flat[i]] = fields[flat[i]] === undefined ? flat[i + 1] : fields[flat[i]] + ", " + flat[i + 1];
  return fields;
}

/** {headers: flat list, ttl in milliseconds} of a response that is stored; undefined when it is not. `length` is that of its body, where it is known. */
export function storage(url, requestFlat, status, responseFlat, length) {
  const asked = fieldsOf(requestFlat);
  delete asked["cache-control"];
  const fields = fieldsOf(responseFlat);
  for (const name of dropped) delete fields[name];
  if (length !== undefined) fields["content-length"] = String(length);
  const control = fields["cache-control"]?.toLowerCase();
  if (control?.includes("private=set-cookie")) {
    fields["cache-control"] = control.replace(/private=set-cookie;?/, "");
    delete fields["set-cookie"];
  }
  const policy = new CachePolicy({ url, method: "GET", headers: asked }, { status, headers: fields }, { shared: true });
  if (!policy.storable() || fields["set-cookie"] !== undefined) return undefined;
  const headers = [];
  for (const [name, value] of Object.entries(policy.responseHeaders())) headers.push(name, value);
  return { headers, ttl: policy.timeToLive() };
}

const etagForm = /^(?:W\/)?"(.+)"$/;
const dateForm = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;
const tagOf = (text) => etagForm.exec(text.trim())?.[1];
const timeOf = (text) => (dateForm.test(text) ? Date.parse(text) : NaN);

/** Whether the one who asks has the response already. */
export function isUnchanged(request, response) {
  const tags = request.get("if-none-match");
  const etag = response.get("etag");
  const tag = tags === null || etag === null ? undefined : tagOf(etag);
  if (tag !== undefined && (tags.trim() === "*" || tags.split(",").some((asked) => tagOf(asked) === tag))) return true;
  const since = request.get("if-modified-since");
  const modified = response.get("last-modified");
  return since !== null && modified !== null && timeOf(modified) <= timeOf(since);
}

/** The ranges of a Range field as [first, last, ...]; empty for the whole, undefined when they cannot be satisfied. */
export function rangesOf(text, size) {
  const unit = /^ *bytes *=/i.exec(text);
  if (!unit) return undefined;
  const rest = text.slice(unit[0].length);
  if (rest.trimStart() === "") return [];
  const ranges = [];
  for (const piece of rest.split(",")) {
    const numbers = /^ *(\d+)? *- *(\d+)? *$/.exec(piece);
    if (!numbers || (numbers[1] === undefined && numbers[2] === undefined)) return undefined;
    if (numbers[1] === undefined) {
      const suffix = Number(numbers[2]);
      if (suffix >= size) return [];
      if (suffix > 0) ranges.push(size - suffix, size - 1);
      continue;
    }
    const first = Number(numbers[1]);
    const last = numbers[2] === undefined ? size - 1 : Number(numbers[2]);
    if (first >= size || (numbers[2] !== undefined && first > last)) return undefined;
    ranges.push(first, Math.min(last, size - 1));
  }
  return ranges;
}
