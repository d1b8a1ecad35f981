// SPDX-License-Identifier: GPL-3.0-or-later
// What the runtime needs of the language, as it was before user code could change it. User code shares these objects: an answer must not depend on what it has done to them.

const { apply, defineProperty, getOwnPropertyDescriptor, ownKeys } = Reflect;
const setPrototypeOf = Object.setPrototypeOf;
const freeze = Object.freeze;

/** A method as a function whose first argument is `this`. */
export const uncurryThis = Function.prototype.bind.bind(Function.prototype.call);

export const hasOwn = uncurryThis(Object.prototype.hasOwnProperty);
export { apply };
export const Promise = globalThis.Promise;
export const isArray = Array.isArray;
export const regExpExec = uncurryThis(RegExp.prototype.exec);

/** Gives a class that extends one of the language's the methods of that as its own, so that nothing is looked up where user code reaches. */
function makeSafe(base, safe) {
  for (const key of ownKeys(base.prototype)) {
    if (key !== "constructor") defineProperty(safe.prototype, key, getOwnPropertyDescriptor(base.prototype, key));
  }
  setPrototypeOf(safe.prototype, null);
  freeze(safe.prototype);
  freeze(safe);
  return safe;
}

export const SafeMap = makeSafe(Map, class SafeMap extends Map {});
export const SafeSet = makeSafe(Set, class SafeSet extends Set {});
export const SafeWeakMap = makeSafe(WeakMap, class SafeWeakMap extends WeakMap {});

/** Calls `done` or `failed` with what becomes of `value`, as `Promise.resolve(value).then(done, failed)` does. They must not throw. */
export async function settled(value, done, failed) {
  let result;
  try {
    result = await value;
  } catch (error) {
    failed(error);
    return;
  }
  done(result);
}
