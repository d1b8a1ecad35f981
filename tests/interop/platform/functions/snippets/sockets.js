// SPDX-License-Identifier: GPL-3.0-or-later
// cloudflare:sockets: HTTP is spoken by hand with the tests' server, whose name or address and port come from t.peer.
import { connect } from "cloudflare:sockets";
import * as sockets from "cloudflare:sockets";
import net from "node:net";
import tls from "node:tls";
import { Buffer } from "node:buffer";

const enc = new TextEncoder();
const dec = new TextDecoder();
const place = (t) => new URL(t.peer).host;
const portOf = (t) => Number(new URL(t.peer).port);
const nowhere = "127.0.0.1:1";
const get = (path, more = "") => `GET ${path} HTTP/1.1\r\nHost: x\r\n${more}\r\n`;
const quiet = (socket) => {
  socket.opened.catch(() => {});
  socket.closed.catch(() => {});
  return socket;
};
const say = async (socket, text) => {
  const writer = socket.writable.getWriter();
  try {
    return await writer.write(typeof text === "string" ? enc.encode(text) : text);
  } finally {
    writer.releaseLock();
  }
};
const hearUntil = async (socket, end) => {
  const reader = socket.readable.getReader();
  let text = "";
  try {
    while (!text.includes(end)) {
      const { done, value } = await reader.read();
      if (done) return `${text}(end)`;
      text += dec.decode(value);
    }
    return text;
  } finally {
    reader.releaseLock();
  }
};
const told = (promise) => promise.then((value) => value, (error) => `${error.name}: ${error.message}`);
const attempt = async (work) => told((async () => work())());
const shape = (object) => Object.getOwnPropertyNames(object).map((name) => {
  const { get, set, value, enumerable, configurable } = Object.getOwnPropertyDescriptor(object, name);
  return `${name} ${get ? "get" : ""}${set ? "set" : ""}${typeof value} ${enumerable} ${configurable}`;
});
const events = (socket, names = "connect ready data end finish error close") => new Promise((resolve) => {
  const list = [];
  for (const name of names.split(" ")) socket.on(name, (...args) => list.push([name, ...args.map((arg) => (arg instanceof Error ? `${arg.code} ${arg.message}` : typeof arg === "object" ? "bytes" : arg))].join(" ")));
  socket.on("close", () => setTimeout(resolve, 5, list));
});
const refused = (work) => async (t) => attempt(async () => {
  await told(quiet(await work(t)).opened);
  return "no objection";
});

export default {
  "typeof connect": () => [typeof connect, typeof sockets.connect, "default" in sockets],
  "a Socket's prototype": (t) => {
    const prototype = Object.getPrototypeOf(quiet(connect(nowhere)));
    return [shape(prototype), prototype[Symbol.toStringTag], Object.getPrototypeOf(prototype) === Object.prototype];
  },
  "a Socket's own properties": () => Object.getOwnPropertyNames(quiet(connect(nowhere))),
  "new Socket()": () => new (quiet(connect(nowhere)).constructor)(),
  "Socket()": () => quiet(connect(nowhere)).constructor(),
  "Socket is no global": () => typeof Socket,
  "String(socket)": () => String(quiet(connect(nowhere))),
  "getters of something else": () => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(quiet(connect(nowhere))), "opened").get.call({}),
  "close of something else": () => quiet(connect(nowhere)).close.call({}),
  "startTls of something else": () => quiet(connect(nowhere)).startTls.call({}),
  "the same promises each time": () => {
    const s = quiet(connect(nowhere));
    return [s.opened === s.opened, s.closed === s.closed, s.readable === s.readable, s.writable === s.writable];
  },
  "at the start": () => {
    const s = quiet(connect(nowhere));
    return [s.upgraded, s.secureTransport, s.readable instanceof ReadableStream, s.writable instanceof WritableStream, s.readable.locked, s.writable.locked];
  },
  "properties are read-only": () => {
    const s = quiet(connect(nowhere));
    s.upgraded = true;
    return s.upgraded;
  },

  "connect()": () => connect(),
  ...Object.fromEntries(["localhost", "localhost:", "localhost:abc", "localhost:65536", ":80", "", "http://localhost:80", "127.0.0.1:1/path", "user@127.0.0.1:1", "a b:1", "127.0.0.1:1?x", "127.0.0.1:1#x",
    "::1:80", "[::1]", " 127.0.0.1:1", "127.0.0.1:1 ", "127.0.0.1:+1", "127.0.0.1:1e1", "exämple.com:1", "*:1", "unix:/tmp/x", "http://127.0.0.1:1", "127.0.0.1:01", "[::1]:1", "127.0.0.1:25", "[::1:1",
    `${"a".repeat(300)}:1`, "a%41:1", "under_score:1", "a.b.:1"].map((text) => [`connect(${JSON.stringify(text).slice(0, 40)})`, refused(() => connect(text))])),
  ...Object.fromEntries([[null], [5], [true], [{}], [[]], [{ hostname: "localhost" }], [{ port: 1 }], [{ hostname: "127.0.0.1", port: 1 }], [{ hostname: "127.0.0.1", port: "1" }], [{ hostname: "127.0.0.1", port: 70000 }],
    [{ hostname: "127.0.0.1", port: -1 }], [{ hostname: "127.0.0.1", port: 1.5 }], [{ hostname: "127.0.0.1", port: "x" }], [{ hostname: "127.0.0.1", port: null }], [{ hostname: "127.0.0.1", port: true }],
    [{ hostname: "a/b", port: 1 }], [{ hostname: "x@127.0.0.1", port: 1 }], [{ hostname: "::1", port: 1 }], [{ hostname: "[::1]", port: 1 }], [{ hostname: "127.0.0.1:1", port: 1 }], [{ hostname: "", port: 1 }]]
    .map(([value]) => [`connect(${JSON.stringify(value)})`, refused(() => connect(value))])),
  "a port that is a BigInt": refused(() => connect({ hostname: "127.0.0.1", port: 1n })),
  "an address that is a function": refused(() => connect(() => {})),
  "an address that is a Symbol": refused(() => connect(Symbol("a"))),
  "an address that throws": refused(() => connect({ get hostname() { throw new RangeError("boo"); } })),
  "an address that is a String object": refused(() => connect(new String(nowhere))),
  ...Object.fromEntries([5, "x", true, null, [], {}, { secureTransport: "bad" }, { secureTransport: 1 }, { secureTransport: null }, { secureTransport: "ON" }, { allowHalfOpen: "x" }, { highWaterMark: -1 }, { highWaterMark: "x" },
    { highWaterMark: 1.5 }, { highWaterMark: null }].map((value) => [`connect(nowhere, ${JSON.stringify(value)})`, refused(() => connect(nowhere, value))])),
  "highWaterMark: a BigInt": refused(() => connect(nowhere, { highWaterMark: 1n })),
  "highWaterMark: Infinity": refused(() => connect(nowhere, { highWaterMark: Infinity })),
  "options that are a function": refused(() => connect(nowhere, () => {})),
  "options that throw": refused(() => connect(nowhere, { get secureTransport() { throw new RangeError("boo"); } })),
  "the order in which options are read": () => {
    const list = [];
    const watched = (name, object) => new Proxy(object, { get: (target, key) => (list.push(`${name}.${String(key)}`), target[key]) });
    quiet(connect(watched("address", { hostname: "127.0.0.1", port: 1 }), watched("options", { secureTransport: "off" })));
    return list;
  },

  "opened": async (t) => {
    const s = connect(place(t));
    const info = await s.opened;
    await s.close();
    return [info.remoteAddress === place(t), Object.keys(info), Object.getPrototypeOf(info) === Object.prototype];
  },
  "opened, by an object": async (t) => {
    const s = connect({ hostname: "127.0.0.1", port: portOf(t) });
    const info = await s.opened;
    await s.close();
    return info.remoteAddress === `127.0.0.1:${portOf(t)}`;
  },
  "opened, by a name": async (t) => {
    const s = connect(`LOCALHOST:${portOf(t)}`);
    const info = await s.opened;
    await s.close();
    return info.remoteAddress === `LOCALHOST:${portOf(t)}`;
  },
  "HTTP by hand": async (t) => {
    const s = connect(place(t));
    await say(s, get("/text"));
    const text = await hearUntil(s, "some text");
    await s.close();
    return text;
  },
  "two questions on one connection": async (t) => {
    const s = connect(place(t));
    await say(s, get("/text"));
    await hearUntil(s, "some text");
    await say(s, get("/status/299"));
    const text = await hearUntil(s, "\r\n\r\n");
    await s.close();
    return text;
  },
  "text in place of bytes": async (t) => {
    const s = connect(place(t));
    const written = await say(s, new Uint8Array(0));
    const writer = s.writable.getWriter();
    await writer.write(get("/text"));
    writer.releaseLock();
    const text = await hearUntil(s, "some text");
    await s.close();
    return [written, text.length];
  },
  "views and buffers": async (t) => {
    const s = connect(place(t));
    const bytes = enc.encode(get("/text"));
    await say(s, new DataView(bytes.buffer, 0, 4));
    await say(s, bytes.slice(4, 8).buffer);
    await say(s, new Uint8Array(bytes.buffer, 8));
    const text = await hearUntil(s, "some text");
    await s.close();
    return text.length;
  },
  ...Object.fromEntries([5, {}, null].map((value) => [`write(${JSON.stringify(value)})`, async (t) => {
    const s = connect(place(t));
    const outcome = await attempt(() => say(s, value));
    await s.close();
    return outcome;
  }])),
  "a broken answer": async (t) => {
    const s = connect(place(t));
    await say(s, get("/broken"));
    const text = await hearUntil(s, "(never)");
    return [text, await told(s.closed)];
  },
  "writing after the other side has ended": async (t) => {
    const s = connect(place(t));
    await say(s, get("/broken"));
    await hearUntil(s, "(never)");
    await s.closed;
    return attempt(() => say(s, "x"));
  },
  "reading after the end": async (t) => {
    const s = connect(place(t));
    await say(s, get("/broken"));
    await hearUntil(s, "(never)");
    return s.readable.getReader().read();
  },
  "half open": async (t) => {
    const s = connect(place(t), { allowHalfOpen: true });
    await say(s, get("/broken"));
    const text = await hearUntil(s, "(never)");
    return [text.length, s.writable.locked, await attempt(() => say(s, "x"))];
  },
  "this side ends": async (t) => {
    const s = connect(place(t));
    await say(s, get("/text"));
    const writer = s.writable.getWriter();
    const closed = await told(writer.close());
    return [closed, await told(writer.closed), await attempt(() => writer.write("x")), await attempt(() => writer.close())];
  },
  "a body of a Response": async (t) => {
    const s = connect(place(t));
    await say(s, get("/broken"));
    return (await new Response(s.readable).text()).length;
  },
  "pipeTo the socket": async (t) => {
    const s = connect(place(t));
    await new Blob([get("/text")]).stream().pipeTo(s.writable, { preventClose: true });
    const text = await hearUntil(s, "some text");
    await s.close();
    return text.length;
  },
  "pipeThrough": async (t) => {
    const s = connect(place(t));
    await say(s, get("/broken"));
    let text = "";
    for await (const piece of s.readable.pipeThrough(new TextDecoderStream())) text += piece;
    return text.length;
  },
  "for await": async (t) => {
    const s = connect(place(t));
    await say(s, get("/bytes/100000", "Connection: close\r\n"));
    let length = 0;
    for await (const piece of s.readable) {
      length += piece.byteLength;
      if (length > 100000) break;
    }
    return length > 100000;
  },
  "tee": async (t) => {
    const s = connect(place(t));
    await say(s, get("/broken"));
    const [a, b] = s.readable.tee();
    return [(await new Response(a).text()).length, (await new Response(b).text()).length];
  },
  "read into a view": async (t) => {
    const s = connect(place(t));
    await say(s, get("/text"));
    const reader = s.readable.getReader({ mode: "byob" });
    const { done, value } = await reader.read(new Uint8Array(4));
    reader.releaseLock();
    await s.close();
    return [done, dec.decode(value)];
  },
  "readAtLeast": async (t) => {
    const s = connect(place(t));
    await say(s, get("/text"));
    const reader = s.readable.getReader({ mode: "byob" });
    const { value } = await reader.readAtLeast(12, new Uint8Array(12));
    reader.releaseLock();
    await s.close();
    return dec.decode(value);
  },
  "desiredSize": async (t) => {
    const s = connect(place(t));
    const writer = s.writable.getWriter();
    const before = writer.desiredSize;
    const written = writer.write(get("/text"));
    const during = writer.desiredSize;
    await written;
    await s.close();
    return [before, during];
  },
  "desiredSize with a highWaterMark": async (t) => {
    const s = connect(place(t), { highWaterMark: 100 });
    const writer = s.writable.getWriter();
    const before = writer.desiredSize;
    const written = writer.write("GET /");
    const during = writer.desiredSize;
    await written;
    const after = writer.desiredSize;
    await s.close();
    return [before, during, after];
  },
  "cancel": async (t) => {
    const s = connect(place(t));
    const cancelled = await told(s.readable.cancel("enough"));
    const written = await attempt(() => say(s, "x"));
    await s.close();
    return [cancelled, written];
  },
  "abort": async (t) => {
    const s = connect(place(t));
    await s.opened;
    const writer = s.writable.getWriter();
    return [await told(writer.abort(new RangeError("enough"))), await told(writer.closed)];
  },

  "close": async (t) => {
    const s = connect(place(t));
    await s.opened;
    return [await told(s.close()), await told(s.closed), await told(s.close())];
  },
  "close before it is open": async (t) => {
    const s = connect(place(t));
    return [await told(s.close()), await told(s.closed), typeof (await told(s.opened))];
  },
  "reading after close": async (t) => {
    const s = connect(place(t));
    await s.close();
    return attempt(() => s.readable.getReader().read());
  },
  "writing after close": async (t) => {
    const s = connect(place(t));
    await s.close();
    return attempt(() => say(s, "x"));
  },
  "close with locked streams": async (t) => {
    const s = connect(place(t));
    s.readable.getReader();
    const writer = s.writable.getWriter();
    await s.opened;
    return [await told(s.close()), await attempt(() => writer.write("x")), await attempt(() => writer.close())];
  },
  "close while somebody reads": async (t) => {
    const s = connect(place(t));
    await s.opened;
    const read = told(s.readable.getReader().read());
    await s.close();
    return read;
  },
  "a second reader, a second writer": async (t) => {
    const s = connect(place(t));
    s.readable.getReader();
    s.writable.getWriter();
    const outcomes = [await attempt(() => s.readable.getReader()), await attempt(() => s.writable.getWriter()), await attempt(() => s.readable.cancel()), await attempt(() => s.writable.close())];
    await s.close();
    return outcomes;
  },

  "refused": async () => {
    const s = connect(nowhere);
    return [await told(s.opened), await told(s.closed), await told(s.close())];
  },
  "refused: reading": async () => {
    const s = quiet(connect(nowhere));
    await told(s.opened);
    return s.readable.getReader().read();
  },
  "refused: reading before": async () => told(quiet(connect(nowhere)).readable.getReader().read()),
  "refused: writing": async () => {
    const s = quiet(connect(nowhere));
    await told(s.opened);
    return attempt(() => say(s, "x"));
  },
  "refused: writing before": async () => attempt(() => say(quiet(connect(nowhere)), "x")),
  "refused: IPv6": async () => told(connect("[::1]:1").opened),
  "no such name": async () => told(connect("no-such-host.invalid:1234").opened),
  "no such name, port 80": async () => told(connect("no-such-host.invalid:80").opened),
  "no such name, port 443": async () => told(connect({ hostname: "no-such-host.invalid", port: 443 }).opened),
  "TLS to a server without": async (t) => {
    const s = connect(place(t), { secureTransport: "on" });
    return [s.secureTransport, await told(s.opened), await told(s.closed)];
  },

  "startTls where it is off": async () => quiet(connect(nowhere)).startTls(),
  "startTls where it is on": async () => quiet(connect(nowhere, { secureTransport: "on" })).startTls(),
  "startTls(5)": async () => quiet(connect(nowhere, { secureTransport: "starttls" })).startTls(5),
  "startTls after close": async (t) => {
    const s = connect(place(t), { secureTransport: "starttls" });
    await s.close();
    return s.startTls();
  },
  "startTls twice": async (t) => {
    const s = connect(place(t), { secureTransport: "starttls" });
    await s.opened;
    const secured = quiet(s.startTls());
    const outcome = await attempt(() => s.startTls());
    return [outcome, secured.secureTransport, secured.upgraded, await attempt(() => secured.startTls())];
  },
  "startTls to a server without": async (t) => {
    const s = connect(place(t), { secureTransport: "starttls" });
    const secured = s.startTls();
    const failed = await secured.opened.then(() => false, (error) => error instanceof Error);
    return [failed, (await s.opened).remoteAddress === place(t), await told(s.closed), s.secureTransport, secured.secureTransport];
  },
  "structuredClone": () => structuredClone(quiet(connect(nowhere))),

  "net: HTTP by hand": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    const seen = events(s);
    s.write(get("/text"));
    s.once("data", () => s.destroy());
    return seen;
  },
  "net: the other side ends": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    const seen = events(s);
    s.write(get("/broken"));
    return [await seen, s.destroyed, s.readyState, s.bytesWritten];
  },
  "net: end": async (t) => {
    const s = net.connect({ port: portOf(t), host: "127.0.0.1" });
    const seen = events(s, "connect ready end finish error close");
    s.end(get("/text"));
    s.resume();
    return seen;
  },
  "net: refused": async () => {
    const s = net.connect(1, "127.0.0.1");
    return [await events(s), s.destroyed, s.connecting];
  },
  "net: refused, its error": async () => {
    const s = net.connect({ port: 1, host: "127.0.0.1" });
    const error = await new Promise((resolve) => s.on("error", resolve));
    return [error.code, error.errno, error.syscall, error.address, error.port, error.message];
  },
  "net: destroyed at once": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    const seen = events(s);
    s.destroy();
    return seen;
  },
  "net: destroyed with an error": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    const seen = events(s);
    s.on("connect", () => s.destroy(new RangeError("mine")));
    return seen;
  },
  "net: timeout": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    s.setTimeout(30);
    await new Promise((resolve) => s.on("timeout", resolve));
    s.destroy();
    return s.timeout;
  },
  "net: before it connects": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    const state = [s.readyState, s.connecting, s.pending, s.remoteAddress, s.remotePort === portOf(t), s.bytesRead, s.destroyed];
    s.destroy();
    return state;
  },
  "net: when it is connected": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    await new Promise((resolve) => s.on("connect", resolve));
    const state = [s.readyState, s.connecting, s.pending, s.remoteAddress, s.remotePort === portOf(t), s.remoteFamily, s.localFamily, s.bytesRead];
    s.destroy();
    return state;
  },
  "net: never connected": () => {
    const s = new net.Socket();
    return [s.readyState, s.connecting, s.pending, s.bytesRead, s.address(), s.remoteAddress];
  },
  "net: setEncoding": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    s.setEncoding("latin1");
    s.write(Buffer.from(get("/text")).toString("hex"), "hex");
    const text = await new Promise((resolve) => s.once("data", resolve));
    s.destroy();
    return text.slice(0, 15);
  },
  "net: for await": async (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    s.write(get("/broken"));
    let text = "";
    for await (const piece of s) text += piece;
    return text;
  },
  "net: connect twice": (t) => {
    const s = net.connect(portOf(t), "127.0.0.1");
    try {
      return s.connect(portOf(t), "127.0.0.1");
    } finally {
      s.destroy();
    }
  },
  "net: a write without a connection": async () => {
    const s = new net.Socket();
    s.on("error", () => {});
    const error = await new Promise((resolve) => s.write("x", resolve));
    return [error.code, error.message];
  },
  "net: lookup": async (t) => {
    const s = net.connect({ port: portOf(t), host: "whatever", lookup: (host, options, done) => done(null, "127.0.0.1", 4) });
    const seen = events(s, "connect error close");
    s.on("connect", () => s.destroy());
    return seen;
  },
  ...Object.fromEntries([[], ["/tmp/x"], [{ port: "abc" }], [{ port: -1 }], [{ port: 70000 }], [{ port: null }], [{ path: "/x" }]].map((args) => [`net.connect(${JSON.stringify(args).slice(1, -1)})`, () => net.connect(...args)])),
  "new net.Socket({objectMode: true})": () => new net.Socket({ objectMode: true }),
  "new net.Socket({fd: 3})": () => new net.Socket({ fd: 3 }),
  "net.Socket() without new": () => net.Socket() instanceof net.Socket,
  "setTimeout(-1)": () => new net.Socket().setTimeout(-1),
  "setTimeout('x')": () => new net.Socket().setTimeout("x"),
  "tls: refused": async () => {
    const s = tls.connect(1, "127.0.0.1");
    return [await events(s, "error close secureConnect"), s.authorized, s.encrypted];
  },
};
