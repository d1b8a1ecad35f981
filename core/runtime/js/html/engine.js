// SPDX-License-Identifier: GPL-3.0-or-later
// lol-html's official WebAssembly build (npm html-rewriter-wasm), driven without the package's own glue: one module serves all rewritings of a Worker. Its code is part of the program
// (core/runtime/html/rewritermodule.h). A handler that waits leaves the call on a stack of its own, so that others can run meanwhile; what the module itself takes for its stack is a piece of memory
// that each rewriting has from the moment it runs until its call is through.

import { native } from "../native.js";

// What the module knows JavaScript's values by (RewriterReference).
const Undefined = 32;
const Null = 33;
const Sink = 40;
const Handlers = 41;
const Waiting = 43;
const Thrown = 44;
export const Html = 45; // {html: true}
const firstHandler = 64; // handlers, by their number in a rewriting
const firstObject = 1 << 24; // values on their way out of the module

const stackBytes = 65536;
const mostIdleMemory = 64 << 20; // a module whose memory grew beyond is not kept

/** Throws as workerd does on a string with a lone surrogate: it passes three bytes that are no UTF-8. */
function checkWellFormed(text) {
  let bytes = 0;
  for (let i = 0; i < text.length; ++i) {
    const code = text.charCodeAt(i);
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = text.charCodeAt(i + 1);
      if (code > 0xdbff || !(low >= 0xdc00 && low <= 0xdfff)) throw new TypeError(`Parser error: invalid utf-8 sequence of 1 bytes from index ${bytes}`);
      bytes += 4;
      ++i;
    } else {
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : 3;
    }
  }
}

export const Kind = { Element: 0, Comment: 1, Text: 2, Doctype: 3, EndTag: 4, DocumentEnd: 5 };
/** How a handler ended. */
export const Answer = { Done: Undefined, Waiting, Thrown };

/** One document's place in the module: its HTMLRewriter there and, while it runs, its stacks. Holds nothing of user code's. */
export class Place {
  constructor(engine) {
    this.engine = engine;
    this.pointer = engine.exports.htmlrewriter_new(Sink, 0);
    this.stack = 0;
    this.stackPointer = 0;
    this.waiting = 0; // what the module calls the call that waits for a handler
    this.ending = false; // it runs its last call
    ++engine.places;
  }

  get suspended() { return this.waiting !== 0; }
}

export class Engine {
  constructor() {
    this.exports = native.rewriterModule(answers(this));
    this.bytes = new Uint8Array(0);
    this.words = new Int32Array(0);
    this.current = null; // the rewriting that runs: {place, failed, call(number, kind, token), emit(bytes), ended(), dropped(number)}
    this.registering = null; // [numbers of functions in the order in which the module asks for them]
    this.objects = [];
    this.free = [];
    this.freeStacks = []; // where they begin
    this.base = this.exports.__wbindgen_add_to_stack_pointer(0); // where the stack pointer rests
    this.places = 0;
    this.broken = false; // no new rewriting begins here
    this.told = false; // an exception that is on its way was told by the module itself
    this.written = 0; // bytes of the last string that was passed
  }

  /** Memory may have grown since the last look. */
  memory() {
    if (this.bytes.length === 0) {
      const buffer = this.exports.buffer();
      this.bytes = new Uint8Array(buffer);
      this.words = new Int32Array(buffer);
    }
    return this.bytes;
  }

  text(offset, length) {
    return length === 0 ? "" : this.exports.text(offset, length);
  }

  /** A string in memory that the module frees. Throws as workerd does on a lone surrogate. */
  pass(text) {
    const { length } = text;
    const pointer = this.exports.__wbindgen_malloc(length);
    const bytes = this.memory();
    let i = 0;
    for (; i < length; ++i) {
      const code = text.charCodeAt(i);
      if (code > 127) break;
      bytes[pointer + i] = code;
    }
    if (i === length) {
      this.written = length;
      return pointer;
    }
    this.exports.__wbindgen_free(pointer, length);
    return this.#passEncoded(text);
  }

  #passEncoded(text) {
    checkWellFormed(text);
    return this.passBytes(native.utf8Encode(text));
  }

  passBytes(bytes) {
    const pointer = this.exports.__wbindgen_malloc(bytes.length);
    this.memory().set(bytes, pointer);
    this.written = bytes.length;
    return pointer;
  }

  /** The string that an export writes the place of to its first argument. */
  takeText(read, pointer) {
    const { exports } = this;
    const out = exports.__wbindgen_add_to_stack_pointer(-16);
    try {
      read(out, pointer);
      this.memory();
      const offset = this.words[out >> 2];
      const length = this.words[(out >> 2) + 1];
      const text = this.text(offset, length);
      exports.__wbindgen_free(offset, length);
      return text;
    } finally {
      exports.__wbindgen_add_to_stack_pointer(16);
    }
  }

  /** Gives the module a string in return: where it lies, and how long it is. */
  answer(out, text) {
    const pointer = this.passBytes(native.utf8Encode(text));
    this.memory();
    this.words[out >> 2] = pointer;
    this.words[(out >> 2) + 1] = this.written;
  }

  add(object) {
    const index = this.free.length > 0 ? this.free.pop() : this.objects.length;
    this.objects[index] = object;
    return firstObject + index;
  }

  take(index) {
    if (index < firstObject) return index === Null ? null : undefined;
    const object = this.objects[index - firstObject];
    this.drop(index);
    return object;
  }

  drop(index) {
    if (index >= firstObject) {
      this.objects[index - firstObject] = undefined;
      this.free.push(index - firstObject);
    } else if (index >= firstHandler) {
      this.current?.dropped(index - firstHandler);
    }
  }

  /** Makes a handler known: `numbers` are of the functions in the order of the module's questions, -1 for none. */
  register(place, selector, numbers) {
    this.registering = numbers;
    if (selector === null) this.exports.htmlrewriter_onDocument(place.pointer, Handlers);
    else this.exports.htmlrewriter_on(place.pointer, this.pass(selector), this.written, Handlers);
  }

  onEndTag(run, pointer, number) {
    const { current } = this;
    this.current = run; // an earlier one of the element is dropped
    try {
      this.exports.element_onEndTag(pointer, firstHandler + number);
    } finally {
      this.current = current;
    }
  }

  /** Gives bytes to the rewriter of `run`, or null for the end. Then run.place.suspended says whether a handler has to be waited for. */
  write(run, bytes) {
    const { place } = run;
    place.stack = this.freeStacks.pop() ?? this.exports.__wbindgen_malloc(stackBytes);
    place.stackPointer = place.stack + stackBytes;
    if (bytes === null) {
      this.#enter(run, this.exports.htmlrewriter_end, place.pointer, 0, 0);
    } else {
      const pointer = this.passBytes(bytes);
      this.#enter(run, this.exports.htmlrewriter_write, place.pointer, pointer, bytes.length);
    }
  }

  /** Goes on where a handler had to be waited for. */
  resume(run) {
    const { waiting } = run.place;
    run.place.waiting = 0;
    run.ended();
    this.#enter(run, this.exports.resume, waiting, 0, 0);
  }

  #enter(run, call, a, b, c) {
    const { place } = run;
    const { __wbindgen_add_to_stack_pointer: move } = this.exports;
    // Only code that was terminated leaves this behind: who knows in what state the memory is.
    if (this.current) this.broken = true;
    this.current = run;
    this.told = false;
    move(place.stackPointer - move(0));
    let error = null;
    try {
      place.waiting = call(a, b, c);
    } catch (caught) {
      error = { caught };
      if (!this.told) this.broken = true;
    }
    this.current = null;
    if (place.waiting !== 0) {
      place.stackPointer = move(0);
    } else {
      this.freeStacks.push(place.stack);
      place.stack = 0;
    }
    move(this.base - move(0));
    const output = this.exports.takeOutput();
    if (output !== undefined) run.emit(output);
    if (error) throw error.caught;
  }

  /** Frees what `place` has in the module. It may not be suspended. */
  release(place) {
    const { pointer } = place;
    if (pointer === 0) return;
    place.pointer = 0;
    --this.places;
    if (!this.broken) this.exports.__wbg_htmlrewriter_free(pointer);
    if (this.places === 0 && this.memory().length > mostIdleMemory) this.broken = true;
  }
}

/** The module's own words for a failure, as the lol-html of today has them. */
function told(thrown) {
  let text = thrown instanceof TypeError ? thrown.message : `${thrown}`;
  if (text.startsWith("Parser error: ")) text = text.slice(14);
  if (text === "Empty negation in selector.") text = "The selector is empty.";
  return `Parser error: ${text.replace("is is unclear is consequent", "it is unclear whether consequent")}`;
}

/** What the module asks, by RewriterQuestion. */
function answers(engine) {
  const value = (index) => (index < firstObject ? undefined : engine.objects[index - firstObject]);
  const toText = (out, index) => engine.answer(out, String(value(index)));
  return [
    (index) => engine.drop(index),
    (index) => (index < firstObject ? index : engine.add(value(index))),
    (offset, length) => engine.add(engine.text(offset, length)),
    toText,
    (offset, length) => {
      engine.broken = true; // it panicked
      throw new Error(engine.text(offset, length));
    },
    (index) => {
      engine.told = true;
      throw new TypeError(told(engine.take(index)));
    },
    (offset, length) => engine.add(new TypeError(engine.text(offset, length))),
    () => engine.add([]),
    (list, index) => (value(list)[value(list).length] = value(index), value(list).length),
    (which) => (engine.registering[which] >= 0 ? firstHandler + engine.registering[which] : 0),
    () => void (engine.broken = true),
    (callee, kind, token) => engine.current.call(callee - firstHandler, kind, token),
  ];
}

let engine = null;

/** The Worker's module. Made at the first use: the snapshot cannot hold it. */
export function currentEngine() {
  if (engine === null || engine.broken) engine = new Engine();
  return engine;
}
