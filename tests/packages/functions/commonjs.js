// SPDX-License-Identifier: GPL-3.0-or-later
// require() of Node's modules by both of their names.
const assert = require("assert"); // esbuild lets both kinds stand in one file
const { EventEmitter } = require("node:events");
const util = require("util");
const { Buffer: Bytes } = require("buffer/");

function Emitter() {
  EventEmitter.call(this);
}
util.inherits(Emitter, EventEmitter);

export function onRequest() {
  const emitter = new Emitter();
  let heard;
  emitter.once("x", (value) => (heard = value));
  emitter.emit("x", 5);
  assert.strictEqual(heard, 5);
  assert.strictEqual(Bytes, Buffer);
  assert.strictEqual(require("fs"), require("node:fs"));
  assert.strictEqual(process.env.NAME, "value");
  return new Response("ok");
}
