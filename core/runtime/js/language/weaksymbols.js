// SPDX-License-Identifier: GPL-3.0-or-later
// Symbols as keys of WeakMap and WeakSet (ES2023). The engine cannot hold a symbol weakly, so one stays as long as its collection.

const { apply } = Reflect;
const Weak = WeakMap;
const Strong = Map;
const { get, set } = WeakMap.prototype;
const { get: mapGet, set: mapSet, has: mapHas, delete: mapDelete } = Map.prototype;
const { keyFor } = Symbol;

const isWeakSymbol = (value) => typeof value === "symbol" && keyFor(value) === undefined;
const symbolsOf = new Weak(); // collection -> Map

function tableOf(collection, create) {
  let table = apply(get, symbolsOf, [collection]);
  if (!table && create) apply(set, symbolsOf, [collection, (table = new Strong())]);
  return table;
}

/** Puts a method beside the engine's own: for symbols `forSymbol`, for the rest what was there. The engine's runs first on a wrong `this`. */
function extend(prototype, name, forSymbol) {
  const found = Object.getOwnPropertyDescriptor(prototype, name);
  const own = found.value;
  const { has } = prototype;
  const made = {
    [name](key, value) {
      if (!isWeakSymbol(key)) return apply(own, this, arguments);
      apply(has, this, [key]); // throws when `this` is no such collection
      return forSymbol(this, key, value);
    },
  }[name];
  Object.defineProperty(made, "length", { value: own.length, configurable: true });
  return () => Object.defineProperty(prototype, name, { ...found, value: made });
}

const hasSymbol = (self, key) => Boolean(tableOf(self) && apply(mapHas, tableOf(self), [key]));
const deleteSymbol = (self, key) => Boolean(tableOf(self) && apply(mapDelete, tableOf(self), [key]));
const keep = (self, key, value) => {
  apply(mapSet, tableOf(self, true), [key, value]);
  return self;
};

const changes = [
  extend(WeakMap.prototype, "has", hasSymbol),
  extend(WeakMap.prototype, "delete", deleteSymbol),
  extend(WeakMap.prototype, "set", keep),
  extend(WeakMap.prototype, "get", (self, key) => (tableOf(self) ? apply(mapGet, tableOf(self), [key]) : undefined)),
  extend(WeakSet.prototype, "has", hasSymbol),
  extend(WeakSet.prototype, "delete", deleteSymbol),
  extend(WeakSet.prototype, "add", (self, key) => keep(self, key, true)),
];
for (const change of changes) change();
