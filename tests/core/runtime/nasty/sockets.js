// SPDX-License-Identifier: GPL-3.0-or-later
// WebSockets in the hands of hostile code (loops.js says how this is read).

// ---- an endless listener of a pair | 503 CPU
const bad = () => new Promise(() => { const [a, b] = new WebSocketPair(); a.accept(); b.accept(); b.addEventListener("message", () => { for (;;); }); a.send("x"); });
// ---- two ends that answer each other for ever | 503 CPU
const bad = () => new Promise(() => { const [a, b] = new WebSocketPair(); a.accept(); b.accept(); for (const end of [a, b]) end.addEventListener("message", ({ data }) => { for (let i = 0; i < 1e6; ++i); end.send(data); }); a.send("x"); });
// ---- messages without end that nobody takes | any
const bad = () => { const [a] = new WebSocketPair(); a.accept(); const piece = new Uint8Array(1 << 20); for (;;) a.send(piece); };
// ---- a WebSocket where none was asked for | 500 Worker tried to return a WebSocket
const bad = () => { const [a, b] = new WebSocketPair(); b.accept(); return new Response(null, { status: 101, webSocket: a }); };
// ---- a response's fields that throw | 500 mine
const bad = () => new Response(null, { status: 101, get webSocket() { throw new Error("mine"); } });
// ---- a WebSocket that is a proxy | 500 webSocket
const bad = () => new Response(null, { status: 101, webSocket: new Proxy(new WebSocketPair()[0], {}) });
// ---- messages that are detached buffers | 200 done
const bad = () => {
  const [a, b] = new WebSocketPair();
  a.accept();
  b.accept();
  const buffer = new ArrayBuffer(8);
  const view = new Uint8Array(buffer);
  structuredClone(buffer, { transfer: [buffer] });
  for (const value of [buffer, view, new DataView(new ArrayBuffer(4)), Object.create(ArrayBuffer.prototype)]) try { a.send(value); } catch {}
  return new Response("done");
};
// ---- protocols and addresses that throw | 200 done
const bad = () => {
  const evil = new Proxy([], { get() { throw new Error("get"); } });
  for (const args of [[evil], ["ws://127.0.0.1:1/", evil], ["ws://127.0.0.1:1/", [evil]], ["ws://127.0.0.1:1/", [Symbol()]], [{ toString() { throw 1; } }], ["ws://" + "x".repeat(1e4)]]) try { new WebSocket(...args); } catch {}
  return new Response("done");
};
// ---- listeners that close and send within each other | 200 done
const bad = async () => {
  const [a, b] = new WebSocketPair();
  a.accept();
  b.accept();
  for (const end of [a, b]) for (const type of ["message", "close", "error"]) end.addEventListener(type, () => { try { end.send("again"); } catch {} try { end.close(1000, "x"); } catch {} throw new Error("mine"); });
  a.send("x");
  await scheduler.wait(20);
  return new Response("done");
};
// ---- everything it uses is changed | 200 done
const bad = async () => {
  const shift = Array.prototype.shift;
  const slice = ArrayBuffer.prototype.slice;
  const well = String.prototype.toWellFormed;
  Array.prototype.shift = ArrayBuffer.prototype.slice = String.prototype.toWellFormed = () => { throw new Error("changed"); };
  Object.prototype.kind = "lost";
  try {
    const [a, b] = new WebSocketPair();
    a.accept();
    b.accept();
    const heard = new Promise((resolve) => b.addEventListener("message", ({ data }) => resolve(data.byteLength ?? data.size)));
    a.send(new Uint8Array(3));
    return new Response((await heard) === 3 ? "done" : "wrong");
  } finally {
    Array.prototype.shift = shift;
    ArrayBuffer.prototype.slice = slice;
    String.prototype.toWellFormed = well;
    delete Object.prototype.kind;
  }
};
