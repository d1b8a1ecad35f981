// SPDX-License-Identifier: GPL-3.0-or-later
// The JavaScript face of a Vectorize index (Cloudflare, "Vectorize API"), of the current interface (V2) and of the older one (V1).

import { compat } from "./compat.js";
import { native } from "./native.js";

const operations = {
  describe: "INDEX_GET",
  query: "VECTOR_QUERY",
  queryById: "VECTOR_QUERY",
  insert: "VECTOR_INSERT",
  upsert: "VECTOR_UPSERT",
  getByIds: "VECTOR_GET",
  deleteByIds: "VECTOR_DELETE",
};
const levels = ["none", "indexed", "all"];

/** What the code gets of a failure: the product's number where there is one. */
function failure(method, code, message) {
  return new Error(`${operations[method]}_ERROR${code === undefined ? "" : ` (code = ${code})`}: ${message}`, { cause: new Error(message) });
}

/** What C++ answered: JSON, or [code, message]. */
function answered(method, told) {
  if (typeof told === "string") return JSON.parse(told);
  throw failure(method, told[0], told[1]);
}

/** The product reads options out of JSON, and says so when they are of another type. */
function unreadable(method, what) {
  return failure(method, 40026, `Failed to parse the request body as JSON: ${what}: expected value`);
}

/** The numbers of a vector as they are kept; undefined when there is something else among them. */
function floats(given) {
  if (given instanceof Float32Array || given instanceof Float64Array) return new Float32Array(given);
  const list = Array.isArray(given) ? given : Array.from(given);
  const length = list.length;
  for (let i = 0; i < length; ++i) if (typeof list[i] !== "number") return undefined;
  return new Float32Array(list);
}

function optionalText(value) {
  return value === undefined || value === null || typeof value === "string";
}

/** id, values, namespace, JSON of the metadata, id, ... */
function flatVectors(method, vectors) {
  const parts = vectors.map((vector, i) => {
    const wrong = (what) => failure(method, 40023, `failed to parse ${method} vectors request: ${what} of vector ${i}: expected value`);
    const { id, values, namespace, metadata } = vector;
    if (typeof id !== "string") throw wrong("id");
    const numbers = floats(values);
    if (numbers === undefined) throw wrong("values");
    if (!optionalText(namespace)) throw wrong("namespace");
    const text = metadata === undefined || metadata === null ? undefined : JSON.stringify(metadata);
    return [id, numbers, namespace ?? undefined, text];
  });
  return parts.flat();
}

function idList(method, ids) {
  const list = Array.isArray(ids) ? ids : undefined;
  if (list === undefined || list.some((id) => typeof id !== "string")) throw unreadable(method, "ids");
  return list;
}

/** What returnMetadata asks for, as the place of its name in `levels`. */
function levelOf(method, given, isV1) {
  if (isV1) {
    if (given && typeof given !== "boolean") throw new Error(`Invalid returnMetadata option. Expected boolean; got: ${given}`);
    return given ? 2 : 0;
  }
  if (given === undefined) return 0;
  if (given === true) return 2;
  if (!given) throw unreadable(method, "returnMetadata"); // false too, as in the product
  const level = typeof given === "string" ? levels.indexOf(given) : -1;
  if (level < 0) throw new Error(`Invalid returnMetadata option. Expected: true, false, "none", "indexed" or "all"; got: ${given}`);
  return level;
}

/** The matches of a V1 index before vectorize_query_metadata_optional. */
function nested({ count, matches }, withVectors) {
  return {
    count,
    matches: matches.map(({ id, score, ...vector }) => (withVectors ? { vectorId: id, score, vector: { id, ...vector } } : { vectorId: id, score })),
  };
}

function queried(binding, method, target, options, isV1) {
  const original = isV1 && !compat("vectorize_query_metadata_optional");
  const { topK, namespace, filter } = options ?? {};
  const withVectors = original && Boolean(options?.returnVectors);
  const returnValues = original ? withVectors : options?.returnValues;
  const level = original ? (withVectors ? 2 : 0) : levelOf(method, options?.returnMetadata, isV1);
  if (topK !== undefined && topK !== null && typeof topK !== "number") throw unreadable(method, "topK");
  if (returnValues !== undefined && returnValues !== null && typeof returnValues !== "boolean") throw unreadable(method, "returnValues");
  if (!optionalText(namespace)) throw unreadable(method, "namespace");
  const condition = filter === undefined || filter === null ? undefined : JSON.stringify(filter);
  const told = native.vectorizeQuery(binding, native.callMark(), method, target, topK ?? 5, returnValues === true, level, namespace ?? undefined, condition);
  const matches = answered(method, told);
  return original ? nested(matches, withVectors) : matches;
}

class VectorizeIndex {
  #binding;

  constructor(binding) {
    this.#binding = binding;
  }

  #isV1() {
    return native.vectorizeVersion(this.#binding) === 1;
  }

  #write(method, vectors) {
    native.refuseInGlobalScope();
    return answered(method, native.vectorizeWrite(this.#binding, native.callMark(), method, flatVectors(method, vectors)));
  }

  #byIds(method, ids) {
    native.refuseInGlobalScope();
    return answered(method, native.vectorizeIds(this.#binding, native.callMark(), method, idList(method, ids)));
  }

  async describe() {
    native.refuseInGlobalScope();
    return answered("describe", native.vectorizeDescribe(this.#binding, native.callMark()));
  }

  async query(vector, options) {
    native.refuseInGlobalScope();
    const values = floats(vector);
    if (values === undefined) throw unreadable("query", "vector");
    return queried(this.#binding, "query", values, options, this.#isV1());
  }

  async queryById(vectorId, options) {
    native.refuseInGlobalScope();
    if (this.#isV1()) throw new Error("QueryById operation is not supported for v1 indexes.");
    if (typeof vectorId !== "string") throw unreadable("queryById", "vectorId");
    return queried(this.#binding, "queryById", vectorId, options, false);
  }

  async insert(vectors) {
    return this.#write("insert", vectors);
  }

  async upsert(vectors) {
    return this.#write("upsert", vectors);
  }

  async getByIds(ids) {
    return this.#byIds("getByIds", ids);
  }

  async deleteByIds(ids) {
    return this.#byIds("deleteByIds", ids);
  }

  get [Symbol.toStringTag]() {
    return "WrappedBinding";
  }
}

/** An index of `env`. */
export const vectorizeIndex = (binding) => new VectorizeIndex(binding);
