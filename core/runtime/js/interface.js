// SPDX-License-Identifier: GPL-3.0-or-later
// Gives classes the outside that workerd's have: what is enumerable, in which order, with which lengths; which `this` is refused; how many arguments
// are needed. Runs while the snapshot is made only.

const apply = Reflect.apply;
// What is made from texts belongs to the runtime, for debuggers and in stacks.
const named = "\n//# sourceURL=cleat:runtime";
const illegal = "Illegal invocation: function called with incorrect `this` reference. See https://developers.cloudflare.com/workers/observability/errors/#illegal-invocation-errors for details.";

/** Throws workerd's words for a `this` that is none of ours. */
export function refuseThis() {
  throw new TypeError(illegal);
}

/** What is thrown when an argument (counted from 1) is of a wrong type or missing. */
export function argumentError(type, method, parameter, expected) {
  return new TypeError(`Failed to execute '${method}' on '${type}': parameter ${parameter} is not of type '${expected}'.`);
}

export function constructorError(type, parameter, expected) {
  return new TypeError(`Failed to construct '${type}': constructor parameter ${parameter} is not of type '${expected}'.`);
}

export function fieldError(field, dictionary, expected) {
  return new TypeError(`Incorrect type for the '${field}' field on '${dictionary}': the provided value is not of type '${expected}'.`);
}

/** A dictionary argument: undefined and null stand for none. */
export function isDictionary(value) {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

/**
 * Functions round those of `members` ({name, get, set, method, needs}) that look at `this` and at the number of arguments first: for each name {get, set} or {value}.
 * Written as text and compiled one by one, so that each has type feedback of its own and is inlined like a method that the class has itself. Each has its name and length by the way it
 * is written: a function whose name is set is a dictionary from then on, three times as large in the snapshot.
 */
function guarded(type, members, isOne) {
  const list = [];
  const source = members.map(({ name, get, set, method, needs }) => {
    const key = JSON.stringify(name);
    const parts = [];
    const use = (inner) => `f${list.push(inner) - 1}`;
    if (get) parts.push(`get: { ""() { if (!isOne(this)) refuse(); return apply(${use(get)}, this, none); } }[""]`);
    if (set) parts.push(`set: { ""(value) { if (!isOne(this)) refuse(); apply(${use(set)}, this, [value]); } }[""]`);
    if (method) {
      const check = needs.map((expected, i) => `if (arguments.length < ${i + 1}) throw wrong(${JSON.stringify(type)}, ${JSON.stringify(name)}, ${i + 1}, ${JSON.stringify(expected)});`).join(" ");
      parts.push(`value: { ${key}() { if (!isOne(this)) refuse(); ${check} return apply(${use(method)}, this, arguments); } }[${key}]`);
    }
    return `${key}: { ${parts.join(", ")} }`;
  });
  const names = list.map((_, i) => `f${i}`);
  const make = new Function("isOne", "refuse", "wrong", "apply", "none", ...names, `"use strict"; return {\n${source.join(",\n")}\n};${named}`);
  return make(isOne, refuseThis, argumentError, apply, [], ...list);
}

const faces = new Map(); // class -> what user code has in its place

/** What stands for a class of ours on the outside. */
export const faceOf = (Class) => faces.get(Class) ?? Class;

function refuseCall(words) {
  throw new TypeError(words);
}

/** A function that makes instances of a class, and says workerd's words where it is called without new. */
function makeFace(Class, name, illegal) {
  const words = illegal ? "Illegal constructor" : `Failed to construct '${name}': Please use the 'new' operator, this object constructor cannot be called as a function.`;
  const refuse = `refuse(${JSON.stringify(words)});`;
  const body = illegal ? refuse : `if (new.target === undefined) ${refuse} return construct(Class, arguments, new.target === ${name} ? Class : new.target);`;
  const face = new Function("Class", "construct", "refuse", `"use strict"; return function ${name}() { ${body} };${named}`)(Class, Reflect.construct, refuseCall);
  face.prototype = Class.prototype;
  faces.set(Class, face);
  return face;
}

/**
 * `illegal`: user code may make no instances. `members`: names in workerd's order, separated by spaces; a method with the types of its necessary arguments: "append:string,string get:string keys".
 * `statics` the same. `constants`: [name, value] of both the class and its prototype. `isOne` tells the class's own instances.
 */
export function interfaceOf(Class, { name = Class.name, isOne, members = "", statics = "", constants = [], illegal = false }) {
  const prototype = Class.prototype;
  const face = makeFace(Class, name, illegal);
  const parse = (text) => text.split(" ").filter(Boolean).map((entry) => {
    const [key, needs] = entry.split(":");
    return [key, needs ? needs.split(",").map((type) => type.replaceAll("_", " ")) : []];
  });
  const described = parse(members).map(([key, needs]) => {
    const found = Object.getOwnPropertyDescriptor(prototype, key);
    if (!found) throw new Error(`${name} has no ${key}`);
    return { name: key, get: found.get, set: found.set, method: found.value, needs };
  });
  const outer = guarded(name, described, isOne);
  const symbols = Object.getOwnPropertySymbols(prototype).filter((key) => key !== Symbol.toStringTag).map((key) => [key, Object.getOwnPropertyDescriptor(prototype, key)]);
  for (const key of Reflect.ownKeys(prototype)) delete prototype[key];
  for (const { name: key } of described) {
    const found = outer[key];
    Object.defineProperty(prototype, key, { ...(found.value ? { ...found, writable: true } : { get: found.get, set: found.set }), enumerable: true, configurable: true });
  }
  for (const [key, value] of constants) {
    for (const target of [Class, face, prototype]) Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: false });
  }
  Object.defineProperty(prototype, "constructor", { value: face, writable: true, enumerable: false, configurable: true });
  Object.defineProperty(prototype, Symbol.toStringTag, { value: name, writable: true, enumerable: false, configurable: true });
  for (const [key, found] of symbols) {
    if (typeof found.value === "function") Object.defineProperties(found.value, { name: { value: "" }, length: { value: 0 } });
    Object.defineProperty(prototype, key, { ...found, enumerable: false });
  }
  const made = parse(statics).map(([key, needs]) => ({ name: key, method: Class[key], needs }));
  const outerStatics = guarded(name, made, () => true);
  for (const { name: key } of made) {
    Object.defineProperty(face, key, { value: outerStatics[key].value, writable: true, enumerable: true, configurable: true });
  }
  if (Class.name !== name) Object.defineProperty(Class, "name", { value: name, configurable: true });
}

export const globalObject = globalThis;
const isGlobal = (self) => self === undefined || self === null || self === globalObject;

/** A function of the global object: called with it or with nothing as `this`. */
export function globalFunction(name, inner, needs = []) {
  return guarded("ServiceWorkerGlobalScope", [{ name, method: inner, needs }], isGlobal)[name].value;
}
