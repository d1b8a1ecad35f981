// SPDX-License-Identifier: GPL-3.0-or-later
// What handlers are called with. A token is good while its handler runs; then it only says so.

import { Html, Kind } from "./engine.js";
import { contentText } from "./content.js";
import { checkThis, finishClass, isObject, parameter, textParameter } from "./idl.js";

const internal = Symbol("internal");
let elementHandle;
let endTagHandle;
let commentHandle;
let textHandle;
let endHandle;

const gone = "This content token is no longer valid. Content tokens are only valid during the execution of the relevant content handler.";
const changed = "The attributes of this element have been modified during iteration. You must create a new iterator after modifying attributes.";

/** What all tokens have: where they are in the module, and how to work on that. */
class Handle {
  constructor(run, pointer, free) {
    this.run = run;
    this.engine = run.place.engine;
    this.pointer = pointer;
    this.free = free;
    this.version = 0; // of an element's attributes
  }

  check() {
    if (this.pointer === 0) throw new TypeError(gone);
    return this.pointer;
  }

  end() {
    const { pointer } = this;
    this.pointer = 0;
    if (!this.engine.broken) this.free(pointer);
  }

  read(name) {
    this.check();
    return this.engine.takeText(this.engine.exports[name], this.pointer);
  }

  flag(name) {
    this.check();
    return this.engine.exports[name](this.pointer) !== 0;
  }

  write(name, text) {
    this.check();
    const { engine } = this;
    engine.exports[name](this.pointer, engine.pass(text), engine.written);
  }

  /** One of the methods that put content somewhere. */
  put(name, content, html) {
    this.check();
    const { engine } = this;
    if (typeof content !== "string") {
      content = this.run.later(content, html);
      html = true;
    }
    engine.exports[name](this.pointer, engine.pass(content), engine.written, html ? Html : 0);
  }

  do(name) {
    this.check();
    this.engine.exports[name](this.pointer);
  }
}

/** A class of tokens whose content methods are `methods` (name -> export) and which refuses streams with `refuse`, if given. */
function contentMethods(prototype, kind, handleOf, methods, refuse) {
  for (const [name, target] of Object.entries(methods)) {
    Object.defineProperty(prototype, name, {
      value: {
        [name](content, options) {
          const handle = handleOf(this);
          if (arguments.length === 0) throw new TypeError(`Failed to execute '${name}' on '${kind}': parameter 1 is not of type 'string or JsReadableStream or Response'.`);
          const [value, html] = contentText(content, options, `Failed to execute '${name}' on '${kind}'`);
          if (refuse !== undefined && typeof value !== "string") throw new TypeError(refuse);
          handle.put(target, value, html);
          return this;
        },
      }[name],
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
}

const noStreams = "Replacing content in HTML comments using a ReadableStream or Response object is not implemented. You must provide a string.";

class AttributesIterator {
  #handle;
  #version;
  #list;
  #at = 0;

  constructor(key, handle) {
    if (key !== internal) throw new TypeError("Illegal constructor");
    this.#handle = handle;
    this.#version = handle.version;
    this.#list = handle.engine.take(handle.engine.exports.element_attributes(handle.check()));
  }

  next() {
    checkThis(isObject(this) && #handle in this);
    this.#handle.check();
    if (this.#version !== this.#handle.version) throw new Error(changed);
    return this.#at < this.#list.length ? { done: false, value: this.#list[this.#at++] } : { done: true, value: undefined };
  }
}

export class Element {
  #handle;

  constructor(key, handle) {
    if (key !== internal) throw new TypeError("Illegal constructor");
    this.#handle = handle;
  }

  static {
    elementHandle = (token) => {
      checkThis(isObject(token) && #handle in token);
      return token.#handle;
    };
    contentMethods(this.prototype, "Element", elementHandle, {
      before: "element_before", after: "element_after", prepend: "element_prepend", append: "element_append", replace: "element_replace",
      setInnerContent: "element_setInnerContent",
    });
  }

  get namespaceURI() {
    const handle = elementHandle(this);
    return handle.engine.take(handle.engine.exports.element_namespace_uri(handle.check()));
  }
  get removed() { return elementHandle(this).flag("element_removed"); }
  get attributes() {
    const handle = elementHandle(this);
    handle.check();
    return new AttributesIterator(internal, handle);
  }
  get tagName() { return elementHandle(this).read("element_tag_name"); }
  set tagName(name) {
    const handle = elementHandle(this);
    handle.write("element_set_tag_name", `${name}`);
  }

  getAttribute(name) {
    const handle = elementHandle(this);
    const text = textParameter(arguments, 0, "getAttribute", "Element");
    const { engine } = handle;
    return engine.take(engine.exports.element_getAttribute(handle.check(), engine.pass(text), engine.written));
  }

  hasAttribute(name) {
    const handle = elementHandle(this);
    const text = textParameter(arguments, 0, "hasAttribute", "Element");
    const { engine } = handle;
    return engine.exports.element_hasAttribute(handle.check(), engine.pass(text), engine.written) !== 0;
  }

  setAttribute(name, value) {
    const handle = elementHandle(this);
    const text = textParameter(arguments, 0, "setAttribute", "Element");
    const content = textParameter(arguments, 1, "setAttribute", "Element");
    const { engine } = handle;
    handle.check();
    const first = engine.pass(text);
    const length = engine.written;
    engine.exports.element_setAttribute(handle.pointer, first, length, engine.pass(content), engine.written);
    ++handle.version;
    return this;
  }

  removeAttribute(name) {
    const handle = elementHandle(this);
    handle.write("element_removeAttribute", textParameter(arguments, 0, "removeAttribute", "Element"));
    ++handle.version;
    return this;
  }

  remove() {
    elementHandle(this).do("element_remove");
    return this;
  }

  removeAndKeepContent() {
    elementHandle(this).do("element_removeAndKeepContent");
    return this;
  }

  onEndTag(handler) {
    const handle = elementHandle(this);
    if (typeof handler !== "function") throw new TypeError(parameter("onEndTag", "Element", 1, "function"));
    handle.check();
    handle.run.onEndTag(handle.pointer, handler);
  }
}

export class EndTag {
  #handle;

  constructor(key, handle) {
    if (key !== internal) throw new TypeError("Illegal constructor");
    this.#handle = handle;
  }

  static {
    endTagHandle = (token) => {
      checkThis(isObject(token) && #handle in token);
      return token.#handle;
    };
    contentMethods(this.prototype, "EndTag", endTagHandle, { before: "endtag_before", after: "endtag_after" });
  }

  get name() { return endTagHandle(this).read("endtag_name"); }
  set name(name) {
    const handle = endTagHandle(this);
    handle.write("endtag_set_name", `${name}`);
  }

  remove() {
    endTagHandle(this).do("endtag_remove");
    return this;
  }
}

export class Comment {
  #handle;

  constructor(key, handle) {
    if (key !== internal) throw new TypeError("Illegal constructor");
    this.#handle = handle;
  }

  static {
    commentHandle = (token) => {
      checkThis(isObject(token) && #handle in token);
      return token.#handle;
    };
    contentMethods(this.prototype, "Comment", commentHandle, { before: "comment_before", after: "comment_after", replace: "comment_replace" }, noStreams);
  }

  get removed() { return commentHandle(this).flag("comment_removed"); }
  get text() { return commentHandle(this).read("comment_text"); }
  set text(text) {
    const handle = commentHandle(this);
    const content = `${text}`;
    handle.check();
    if (/^-?>|--!?>/.test(content)) throw new TypeError("Parser error: Comment text shouldn't contain a comment-closing sequence.");
    handle.write("comment_set_text", content);
  }

  remove() {
    commentHandle(this).do("comment_remove");
    return this;
  }
}

export class Text {
  #handle;

  constructor(key, handle) {
    if (key !== internal) throw new TypeError("Illegal constructor");
    this.#handle = handle;
  }

  static {
    textHandle = (token) => {
      checkThis(isObject(token) && #handle in token);
      return token.#handle;
    };
    contentMethods(this.prototype, "Text", textHandle, { before: "textchunk_before", after: "textchunk_after", replace: "textchunk_replace" });
  }

  get removed() { return textHandle(this).flag("textchunk_removed"); }
  get lastInTextNode() { return textHandle(this).flag("textchunk_last_in_text_node"); }
  get text() { return textHandle(this).read("textchunk_text"); }

  remove() {
    textHandle(this).do("textchunk_remove");
    return this;
  }
}

export class Doctype {
  #handle;

  constructor(key, handle) {
    if (key !== internal) throw new TypeError("Illegal constructor");
    this.#handle = handle;
  }

  #part(name) {
    checkThis(isObject(this) && #handle in this);
    const { engine } = this.#handle;
    return engine.take(engine.exports[name](this.#handle.check()));
  }

  get systemId() { return this.#part("doctype_system_id"); }
  get publicId() { return this.#part("doctype_public_id"); }
  get name() { return this.#part("doctype_name"); }
}

export class DocumentEnd {
  #handle;

  constructor(key, handle) {
    if (key !== internal) throw new TypeError("Illegal constructor");
    this.#handle = handle;
  }

  static {
    endHandle = (token) => {
      checkThis(isObject(token) && #handle in token);
      return token.#handle;
    };
    contentMethods(this.prototype, "DocumentEnd", endHandle, { append: "documentend_append" }, noStreams);
  }
}

const kinds = []; // by Kind
kinds[Kind.Element] = [Element, "__wbg_element_free"];
kinds[Kind.Comment] = [Comment, "__wbg_comment_free"];
kinds[Kind.Text] = [Text, "__wbg_textchunk_free"];
kinds[Kind.Doctype] = [Doctype, "__wbg_doctype_free"];
kinds[Kind.EndTag] = [EndTag, "__wbg_endtag_free"];
kinds[Kind.DocumentEnd] = [DocumentEnd, "__wbg_documentend_free"];

export const handleFor = (run, kind, pointer) => new Handle(run, pointer, run.place.engine.exports[kinds[kind][1]]);
export const tokenFor = (kind, handle) => new kinds[kind][0](internal, handle);

finishClass(Element, "Element", ["getAttribute", "hasAttribute", "setAttribute", "removeAttribute", "before", "after", "prepend", "append", "replace", "remove",
  "removeAndKeepContent", "setInnerContent", "onEndTag"]);
finishClass(EndTag, "EndTag", ["before", "after", "remove"]);
finishClass(Comment, "Comment", ["before", "after", "replace", "remove"]);
finishClass(Text, "Text", ["before", "after", "replace", "remove"]);
finishClass(Doctype, "Doctype", []);
finishClass(DocumentEnd, "DocumentEnd", ["append"]);
finishClass(AttributesIterator, "AttributesIterator", ["next"]);
Object.setPrototypeOf(AttributesIterator.prototype, Object.getPrototypeOf(Object.getPrototypeOf([][Symbol.iterator]())));
Object.defineProperty(AttributesIterator.prototype, Symbol.iterator, { value: { [Symbol.iterator]() { return this; } }[Symbol.iterator], writable: true, configurable: true });
