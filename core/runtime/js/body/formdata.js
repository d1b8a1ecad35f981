// SPDX-License-Identifier: GPL-3.0-or-later
// FormData (XMLHttpRequest standard, section 5), as workerd has it.

import { defineGlobals } from "../native.js";
import { argumentError, interfaceOf } from "../interface.js";
import { EntryIterator, KeyIterator, ValueIterator } from "../iterators.js";
import { blobBytes, bytesFile, isBlob, isFile, replaceLone } from "../blob.js";

const { apply } = Reflect;
const textOf = (value) => replaceLone(`${value}`);

function entryValue(name, value, filename) {
  if (!isBlob(value)) return textOf(value);
  if (isFile(value) && filename === undefined) return value;
  return bytesFile(blobBytes(value), filename === undefined ? name : textOf(filename), value.type);
}

let isForm;

/** [{name, value}] of a form, to be read or filled. */
export let formEntries;

export class FormData {
  #entries = [];

  static {
    isForm = (value) => typeof value === "object" && value !== null && #entries in value;
    formEntries = (form) => form.#entries;
  }

  append(name, value, filename) {
    const key = textOf(name);
    this.#entries.push({ name: key, value: entryValue(key, value, filename) });
  }

  delete(name) {
    const key = textOf(name);
    this.#entries = this.#entries.filter((entry) => entry.name !== key);
  }

  get(name) {
    const key = textOf(name);
    return this.#entries.find((entry) => entry.name === key)?.value ?? null;
  }

  getAll(name) {
    const key = textOf(name);
    return this.#entries.filter((entry) => entry.name === key).map((entry) => entry.value);
  }

  has(name) {
    const key = textOf(name);
    return this.#entries.some((entry) => entry.name === key);
  }

  set(name, value, filename) {
    const entry = { name: textOf(name), value: undefined };
    entry.value = entryValue(entry.name, value, filename);
    const at = this.#entries.findIndex((one) => one.name === entry.name);
    if (at < 0) this.#entries.push(entry);
    else this.#entries = this.#entries.filter((one, i) => i === at || one.name !== entry.name).map((one, i) => (i === at ? entry : one));
  }

  #steps(pick) {
    let at = 0;
    return () => (at < this.#entries.length ? pick(this.#entries[at++]) : undefined);
  }

  entries() { return new EntryIterator(this.#steps(({ name, value }) => [name, value])); }
  keys() { return new KeyIterator(this.#steps(({ name }) => name)); }
  values() { return new ValueIterator(this.#steps(({ value }) => value)); }

  forEach(callback, self) {
    if (typeof callback !== "function") throw argumentError("FormData", "forEach", 1, "function");
    for (let i = 0; i < this.#entries.length; ++i) {
      const { name, value } = this.#entries[i];
      apply(callback, self, [value, name, this]);
    }
  }

  [Symbol.iterator]() { return new EntryIterator(this.#steps(({ name, value }) => [name, value])); }
}

interfaceOf(FormData, {
  isOne: (value) => isForm(value),
  members: "append:string,File_or_Blob_or_string delete:string get:string getAll:string has:string set:string,File_or_Blob_or_string entries keys values forEach:function",
});
export { isForm };
defineGlobals({ FormData });
