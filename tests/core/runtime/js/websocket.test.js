// SPDX-License-Identifier: GPL-3.0-or-later
// Outcomes are workerd's, where it has them.

const accepted = (options) => {
  const [a, b] = new WebSocketPair();
  a.accept(options);
  b.accept(options);
  return [a, b];
};
const next = (socket, type) => new Promise((resolve) => socket.addEventListener(type, resolve, { once: true }));

test("a pair has two open ends", () => {
  const pair = new WebSocketPair();
  deepEqual(Object.keys(pair), ["0", "1"]);
  equal([...pair].length, 2);
  equal(pair[0] instanceof WebSocket, true);
  equal(pair[0].readyState, WebSocket.OPEN);
  equal(pair[0].url, null);
  equal(pair[0].protocol, "");
  equal(pair[0].extensions, "");
  equal(Object.prototype.toString.call(pair[0]), "[object WebSocket]");
  equal(WebSocket.READY_STATE_CLOSED, 3);
  throws(() => WebSocketPair(), TypeError, "Failed to construct 'WebSocketPair': Please use the 'new' operator");
});

test("nothing is sent before accept()", () => {
  const [a] = new WebSocketPair();
  throws(() => a.send("x"), TypeError, "You must call one of accept() or state.acceptWebSocket()");
  throws(() => a.close(), TypeError, "You must call one of accept() or state.acceptWebSocket()");
  a.accept();
  a.accept();
});

test("what comes before accept() waits, in order", async () => {
  const [a, b] = new WebSocketPair();
  a.accept();
  a.send("one");
  a.send("two");
  const got = [];
  b.addEventListener("message", ({ data }) => got.push(data));
  b.accept();
  got.push("accepted");
  while (got.length < 3) await pause(1);
  deepEqual(got, ["accepted", "one", "two"]);
});

test("anything but bytes is sent as text", async () => {
  for (const [value, text] of [[undefined, "undefined"], [null, "null"], [5, "5"], [{}, "[object Object]"], [[1, 2], "1,2"], ["", ""], ["\ud800x", "\ufffdx"]]) {
    const [a, b] = accepted();
    const message = next(b, "message");
    a.send(value);
    equal((await message).data, text);
  }
  const [a] = accepted();
  throws(() => a.send(), TypeError, "Failed to execute 'send' on 'WebSocket': parameter 1 is not of type 'ArrayBuffer or ArrayBufferView or string'.");
  throws(() => a.send(Symbol("x")), TypeError);
  throws(() => a.send({ toString() { throw new RangeError("mine"); } }), RangeError, "mine");
});

test("bytes are copied when they are sent", async () => {
  const [a, b] = accepted();
  b.binaryType = "arraybuffer";
  const message = next(b, "message");
  const bytes = new Uint8Array([1, 2, 3]);
  a.send(bytes.subarray(1));
  bytes.fill(9);
  deepEqual(new Uint8Array((await message).data), new Uint8Array([2, 3]));
});

test("binaryType decides what bytes come as, and takes two values", async () => {
  const [a, b] = accepted();
  b.binaryType = "blob";
  b.binaryType = "other";
  equal(b.binaryType, "blob");
  const message = next(b, "message");
  a.send(new ArrayBuffer(3));
  const { data } = await message;
  equal(data instanceof Blob, true);
  equal(data.size, 3);
});

test("codes and reasons of close()", () => {
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 5000, 65536, -1, NaN, null]) {
    const [a] = accepted();
    throws(() => a.close(code), "InvalidAccessError", `Invalid WebSocket close code: ${code | 0}.`);
    equal(a.readyState, 1);
  }
  for (const code of [1000, 1001, 1016, 2999, 3000, 4999]) {
    const [a] = accepted({ allowHalfOpen: true });
    a.close(code);
    a.close(code);
    equal(a.readyState, 2);
    throws(() => a.send("x"), TypeError, "Can't call WebSocket send() after close().");
  }
  const [a] = accepted();
  throws(() => a.close(undefined, "why"), "InvalidAccessError", "If you specify a WebSocket close reason, you must also specify a code.");
});

test("a half-open end may still send, and closes when both have", async () => {
  const [a, b] = accepted({ allowHalfOpen: true });
  const closed = next(b, "close");
  a.close(4000, "bye");
  const { code, reason, wasClean } = await closed;
  deepEqual([code, reason, wasClean, b.readyState, a.readyState], [4000, "bye", true, 2, 2]);
  const late = next(a, "message");
  b.send("late");
  equal((await late).data, "late");
  const back = next(a, "close");
  b.close(4001, "back");
  equal((await back).code, 4001);
  deepEqual([a.readyState, b.readyState], [3, 3]);
});

test("without half-open ends a close is answered by itself", async () => {
  const [a, b] = accepted({ allowHalfOpen: false });
  const states = [];
  b.addEventListener("close", () => states.push(b.readyState));
  const back = next(a, "close");
  a.close();
  deepEqual([(await back).code, a.readyState, ...states], [1005, 3, 3]);
});

test("a listener that throws ends the connection on both sides", async () => {
  const [a, b] = accepted();
  const got = [];
  b.addEventListener("message", ({ data }) => {
    got.push(data);
    throw new Error("mine");
  });
  b.addEventListener("error", ({ message, error }) => got.push(message, error.message));
  a.addEventListener("error", ({ message }) => got.push(message));
  const closed = next(a, "close");
  a.send("one");
  a.send("two");
  const { code, reason, wasClean } = await closed;
  deepEqual([code, reason, wasClean], [1006, "WebSocket disconnected without sending Close frame.", false]);
  deepEqual(got, ["one", "Uncaught Error: mine", "mine", "Uncaught Error: Network connection lost."]);
  deepEqual([a.readyState, b.readyState], [3, 3]);
});

test("attachments are copies", () => {
  const [a, b] = new WebSocketPair();
  equal(a.deserializeAttachment(), null);
  const value = { list: [1] };
  a.serializeAttachment(value);
  value.list.push(2);
  deepEqual(a.deserializeAttachment(), { list: [1] });
  a.deserializeAttachment().list.push(3);
  deepEqual(a.deserializeAttachment(), { list: [1] });
  equal(b.deserializeAttachment(), null);
  throws(() => a.serializeAttachment(() => 1), "DataCloneError");
  throws(() => a.serializeAttachment(), TypeError, "Failed to execute 'serializeAttachment' on 'WebSocket': parameter 1 is not of type 'Value'.");
});

test("a response carries an end", () => {
  const [client] = new WebSocketPair();
  const response = new Response(null, { status: 101, webSocket: client });
  equal(response.status, 101);
  equal(response.webSocket, client);
  throws(() => new Response(null, { status: 200, webSocket: client }), RangeError, "must have status code 101");
  throws(() => new Response(null, { status: 101, webSocket: {} }), TypeError);
});

test("receivers are checked", () => {
  for (const name of ["accept", "send", "close"]) throws(() => WebSocket.prototype[name].call({}, "x"), TypeError, "Illegal invocation");
  throws(() => WebSocket.prototype.readyState, TypeError, "Illegal invocation");
});

test("a thousand messages both ways arrive in order though the language's own methods are replaced", async () => {
  const { shift } = Array.prototype;
  const [a, b] = accepted();
  b.addEventListener("message", ({ data }) => b.send(data));
  const got = [];
  const all = new Promise((resolve) => a.addEventListener("message", ({ data }) => got.push(Number(data)) === 1000 && resolve()));
  Array.prototype.shift = () => undefined;
  for (let i = 0; i < 1000; ++i) a.send(i);
  await all;
  Array.prototype.shift = shift;
  equal(got.every((value, i) => value === i), true);
});
