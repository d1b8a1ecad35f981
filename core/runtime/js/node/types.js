// SPDX-License-Identifier: GPL-3.0-or-later
// node:util/types.
import { float16Bits } from "../language/views.js";
import { native } from "../native.js";

const names = native.brandNames();
const brand = (name) => {
  const number = names.indexOf(name);
  return (value) => native.isBrand(value, number);
};
const types = {};
for (const name of names) types[`is${name}`] = brand(name);

const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
const apply = Reflect.apply;
for (const name of ["Uint8Array", "Uint8ClampedArray", "Uint16Array", "Uint32Array", "Int8Array", "Int16Array", "Int32Array", "Float32Array", "Float64Array", "BigInt64Array", "BigUint64Array"]) {
  types[`is${name}`] = (value) => value !== null && typeof value === "object" && apply(tagOf, value, []) === name;
}
types.isFloat16Array = (value) => float16Bits(value) !== undefined;
types.isTypedArray = (value) => (value !== null && typeof value === "object" && apply(tagOf, value, []) !== undefined) || types.isFloat16Array(value);
types.isArrayBufferView = (value) => ArrayBuffer.isView(value);
types.isAnyArrayBuffer = (value) => types.isArrayBuffer(value) || types.isSharedArrayBuffer(value);

const { isAsyncFunction, isGeneratorFunction, isProxy } = types;
types.isProxy = (value) => isProxy(value) && float16Bits(value) === undefined;
types.isAsyncFunction = (value) => isAsyncFunction(value);
types.isGeneratorFunction = (value) => isGeneratorFunction(value);

const boxed = {};
for (const constructor of [Number, String, Boolean, BigInt, Symbol]) {
  const valueOf = constructor.prototype.valueOf;
  boxed[`is${constructor.name}Object`] = (value) => {
    if (typeof value !== "object" || value === null) return false;
    try {
      apply(valueOf, value, []);
      return true;
    } catch {
      return false;
    }
  };
}
Object.assign(types, boxed);
types.isBoxedPrimitive = (value) => Object.values(boxed).some((test) => test(value));
types.isCryptoKey = (value) => typeof CryptoKey === "function" && value instanceof CryptoKey;
types.isKeyObject = (value) => value !== null && typeof value === "object" && value.constructor?.name?.endsWith("KeyObject") === true;

for (const name of Object.keys(types)) {
  if (types[name].name !== name) Object.defineProperty(types[name], "name", { value: name, configurable: true });
}
export default Object.fromEntries(Object.entries(types).sort(([a], [b]) => (a < b ? -1 : 1)));
