// SPDX-License-Identifier: GPL-3.0-or-later
// The official WebAssembly build of lol-html (npm html-rewriter-wasm), driven without the package's own glue: one instance serves all rewritings of a Worker.
// A handler that waits makes the module unwind its stack (Binaryen's Asyncify). Each rewriting has stacks of its own from the moment it runs until its call is through,
// so that others can run meanwhile.

import { native } from "../native.js";

// What the module knows JavaScript's values by. Below 36 they are wasm-bindgen's own; nothing of ours is counted, so nothing of ours is dropped.
const Undefined = 32;
const Null = 33;
const Memory = 36;
const Buffer = 37;
const View = 38;
const Chunk = 39; // what the output sink is called with
const Sink = 40;
const Handlers = 41; // what is being registered
const Token = 42; // what a handler is called with
const Waiting = 43; // the promise that a handler gave
const Thrown = 44; // the handler threw
export const Html = 45; // {html: true}
const firstHandler = 64; // handlers, by their number in a rewriting
const firstObject = 1 << 24; // values on their way out of the module

const asyncifyBytes = 16384;
const stackBytes = 65536;
const mostIdleMemory = 64 << 20; // an instance whose memory grew beyond is not kept

const Unwinding = 1;
const Rewinding = 2;

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
export const Answer = { Done: 0, Waiting: 1, Thrown: 2 };

/** One document's place in the module: its HTMLRewriter there and, while it runs, its stacks. Holds nothing of user code's. */
export class Place {
  constructor(engine) {
    this.engine = engine;
    this.pointer = engine.exports.htmlrewriter_new(Sink, 0);
    this.stacks = null;
    this.stackPointer = 0;
    this.suspended = false;
    this.ending = false; // it runs its last call
    ++engine.places;
  }
}

export class Engine {
  constructor(module) {
    this.exports = new WebAssembly.Instance(module, { __wbindgen_placeholder__: imports(this) }).exports;
    this.bytes = new Uint8Array(0);
    this.words = new Int32Array(0);
    this.current = null; // the rewriting that runs: {place, failed, call(number, token), emit(offset, length), ended(), dropped(number)}
    this.token = 0; // what the next handler is called with
    this.kind = Kind.Element;
    this.registering = null; // [numbers of functions in the order in which the module asks for them]
    this.objects = [];
    this.free = [];
    this.freeStacks = [];
    this.base = this.exports.__wbindgen_add_to_stack_pointer(0); // where the stack pointer rests
    this.places = 0;
    this.broken = false; // no new rewriting begins here
    this.told = false; // an exception that is on its way was told by the module itself
    this.written = 0; // bytes of the last string that was passed
  }

  /** Memory may have grown since the last look. */
  memory() {
    if (this.bytes.length === 0) {
      const { buffer } = this.exports.memory;
      this.bytes = new Uint8Array(buffer);
      this.words = new Int32Array(buffer);
    }
    return this.bytes;
  }

  text(offset, length) {
    return length === 0 ? "" : native.wasmText(this.memory().buffer, offset, length);
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
    place.stacks = this.freeStacks.pop() ?? this.#newStacks();
    place.stackPointer = place.stacks.top;
    if (bytes === null) {
      this.#enter(run, this.exports.htmlrewriter_end, place.pointer, 0, 0);
    } else {
      const pointer = this.passBytes(bytes);
      this.#enter(run, this.exports.htmlrewriter_write, place.pointer, pointer, bytes.length);
    }
  }

  /** Goes on where a handler had to be waited for. */
  resume(run, ended) {
    run.place.suspended = false;
    this.exports.asyncify_start_rewind(run.place.stacks.control);
    this.#enter(run, ended ? this.exports.htmlrewriter_end : this.exports.htmlrewriter_write, run.place.pointer, 0, 0);
  }

  #newStacks() {
    const { exports } = this;
    const control = exports.__wbindgen_malloc(asyncifyBytes + stackBytes);
    return { control, top: control + asyncifyBytes + stackBytes };
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
      call(a, b, c);
    } catch (caught) {
      error = { caught };
      if (!this.told) this.broken = true;
    }
    this.current = null;
    if (error === null && this.exports.asyncify_get_state() === Unwinding) {
      this.exports.asyncify_stop_unwind();
      place.suspended = true;
      place.stackPointer = move(0);
    } else {
      this.freeStacks.push(place.stacks);
      place.stacks = null;
    }
    move(this.base - move(0));
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

/** What the module calls. The names are wasm-bindgen's, with its hashes. */
function imports(engine) {
  const function_ = (place) => (engine.registering[place] >= 0 ? firstHandler + engine.registering[place] : 0);
  const token = (kind) => (pointer) => {
    engine.kind = kind;
    engine.token = pointer;
    return Token;
  };
  const value = (index) => (index < firstObject ? undefined : engine.objects[index - firstObject]);
  return {
    __wbindgen_object_drop_ref: (index) => engine.drop(index),
    __wbindgen_object_clone_ref: (index) => (index < firstObject ? index : engine.add(value(index))),
    __wbindgen_string_new: (offset, length) => engine.add(engine.text(offset, length)),
    __wbindgen_debug_string: (out) => engine.answer(out, "JsValue"),
    __wbg_String_60c4ba333b5ca1c6: (out, index) => engine.answer(out, String(value(index))),
    __wbindgen_throw: (offset, length) => {
      throw new Error(engine.text(offset, length));
    },
    __wbindgen_rethrow: (index) => {
      engine.told = true;
      throw new TypeError(told(engine.take(index)));
    },
    __wbg_new_917809a3e20a4b00: (offset, length) => engine.add(new TypeError(engine.text(offset, length))),
    __wbg_new_4fee7e2900033464: () => engine.add([]),
    __wbg_push_ba9b5e3c25cff8f9: (list, index) => (value(list)[value(list).length] = value(index), value(list).length),
    __wbg_html_cd9a0f328493678b: () => 1,
    __wbg_enableEsiTags_de6b91cc61a25874: () => 1,

    __wbg_element_c38470ed972aea27: () => function_(0),
    __wbg_comments_ba86bc03331d9378: () => function_(1),
    __wbg_text_7800bf26cb443911: () => function_(2),
    __wbg_doctype_ac58c0964a59b61b: () => function_(0),
    __wbg_comments_94d876f6c0502e82: () => function_(1),
    __wbg_text_4606a16c30e4ae91: () => function_(2),
    __wbg_end_34efb9402eac8a4e: () => function_(3),

    __wbg_element_new: token(Kind.Element),
    __wbg_comment_new: token(Kind.Comment),
    __wbg_textchunk_new: token(Kind.Text),
    __wbg_doctype_new: token(Kind.Doctype),
    __wbg_endtag_new: token(Kind.EndTag),
    __wbg_documentend_new: token(Kind.DocumentEnd),

    // Output: the module makes an array over its memory, copies that, and calls its sink with the copy.
    __wbindgen_memory: () => Memory,
    __wbg_buffer_89a8560ab6a3d9c6: () => Buffer,
    __wbg_newwithbyteoffsetandlength_e45d8b33c02dc3b5: (buffer, offset, length) => {
      engine.current.emit(offset >>> 0, length >>> 0);
      return View;
    },
    __wbg_new_bd2e1d010adb8a1a: () => Chunk,

    __wbg_call_6c4ea719458624eb: (callee, self, argument) => {
      if (argument === Chunk) return Undefined;
      const answer = engine.current.call(callee - firstHandler, engine.kind, engine.token);
      if (answer === Answer.Thrown) engine.exports.__wbindgen_exn_store(Thrown);
      return answer === Answer.Waiting ? Waiting : Undefined;
    },
    __wbg_instanceof_Promise_c6535fc791fcc4d2: (index) => (index === Waiting ? 1 : 0),
    __wbg_awaitPromise_39a1101fd8518869: () => {
      const { exports, current } = engine;
      if (exports.asyncify_get_state() === Rewinding) {
        exports.asyncify_stop_rewind();
        current.ended();
        return;
      }
      const { control } = current.place.stacks;
      engine.memory();
      engine.words[control >> 2] = control + 8;
      engine.words[(control >> 2) + 1] = control + asyncifyBytes;
      exports.asyncify_start_unwind(control);
    },
  };
}

let engine = null;

/** The Worker's instance of the module. Compiled at the first use: the snapshot cannot hold it. */
export function currentEngine() {
  if (engine === null || engine.broken) engine = new Engine(native.compileWasm("htmlrewriter"));
  return engine;
}
