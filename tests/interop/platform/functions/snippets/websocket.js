// SPDX-License-Identifier: GPL-3.0-or-later
const accepted = (options) => {
  const [a, b] = new WebSocketPair();
  a.accept(options);
  b.accept(options);
  return [a, b];
};
const seen = ({ type, data, code, reason, wasClean, message, origin, lastEventId, source, ports, isTrusted }) => ({
  type, data: data instanceof ArrayBuffer ? [...new Uint8Array(data)] : data, code, reason, wasClean, message, origin, lastEventId, source, ports, isTrusted,
});
const attempt = async (work) => {
  try {
    return await work();
  } catch (error) {
    return `${error?.constructor?.name} ${error?.name}: ${error?.message}`;
  }
};
const members = (object) => Reflect.ownKeys(object).filter((key) => typeof key === "string").map((key) => {
  const { get, set, value, enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(object, key);
  return [key, Boolean(get), Boolean(set), typeof value, enumerable, writable, configurable];
});
const passed = async (value, type = "arraybuffer") => {
  const [a, b] = accepted();
  b.binaryType = type;
  const message = new Promise((resolve) => b.addEventListener("message", resolve));
  a.send(value);
  return seen(await message);
};
/** What both ends hear of what `work` does. */
const heard = async (options, work) => {
  const [a, b] = accepted(options);
  const list = [];
  for (const [name, end] of [["a", a], ["b", b]]) {
    for (const type of ["message", "close", "error"]) end.addEventListener(type, (event) => list.push(name, seen(event), end.readyState));
  }
  list.push(await attempt(() => work(a, b)));
  await scheduler.wait(10);
  return [list, a.readyState, b.readyState];
};

/** What a socket tells of itself until it closes, or `ms` have passed; `open` is done when it is there. */
const story = (socket, open, ms = 6000) => new Promise((resolve) => {
  const list = [];
  const done = () => resolve([...list, socket.readyState, socket.protocol]);
  for (const type of ["open", "message", "error", "close"]) {
    socket.addEventListener(type, (event) => {
      list.push(seen(event), socket.readyState);
      if (type === "close") setTimeout(done, 10);
    });
  }
  socket.addEventListener("open", open);
  setTimeout(done, ms);
});
const through = async (t, headers = {}) => {
  const response = await fetch(`${t.origin}/socket`, { headers: { Upgrade: "websocket", ...headers } });
  const socket = response.webSocket;
  return { response, socket };
};
const constructing = {
  http: ["http://a/"], fragment: ["ws://a/#f"], "empty fragment": ["ws://a/#"], "no url": ["nope"], ftp: ["ftp://a"], number: [5], "empty protocol": ["ws://127.0.0.1:1", ""],
  "bad protocol": ["ws://127.0.0.1:1", "a b"], "no protocols": ["ws://127.0.0.1:1", []], "a protocol twice": ["ws://127.0.0.1:1", ["a", "a"]],
  "a bad protocol of several": ["ws://127.0.0.1:1", ["a", "b/c"]], "undefined protocol": ["ws://127.0.0.1:1", undefined], "null protocol": ["ws://127.0.0.1:1", null],
  "number protocol": ["ws://127.0.0.1:1", 5], "object protocol": ["ws://127.0.0.1:1", {}], capitals: ["WS://127.0.0.1:1/"], "URL object": [new URL("ws://127.0.0.1:1/")],
  relative: ["/x"], spaces: [" ws://127.0.0.1:1/ "],
};

const sent = {
  undefined: () => undefined, null: () => null, number: () => 5, object: () => ({}), array: () => [1, 2], empty: () => "", astral: () => "\u{1F600}", surrogate: () => "a\ud800b",
  symbol: () => Symbol("x"), bytes: () => new Uint8Array([1, 2, 3]), part: () => new Uint8Array([1, 2, 3, 4]).subarray(1, 3), words: () => new Uint16Array([258, 3]),
  view: () => new DataView(new ArrayBuffer(4), 1, 2), buffer: () => new ArrayBuffer(2), nothing: () => new ArrayBuffer(0), bigint: () => 5n, boolean: () => true, date: () => new Date(NaN),
  blob: () => new Blob(["x"]), throwing: () => ({ toString() { throw new RangeError("mine"); } }),
};
const codes = [0, 1, 999, 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1011, 1014, 1015, 1016, 2999, 3000, 4000, 4999, 5000, 65535, 65536, -1, 1000.9, NaN, Infinity, "1000", "x", null, true];

export default {
  "class": () => members(WebSocket).filter(([key]) => key !== "prototype"),
  "prototype": () => members(WebSocket.prototype),
  "pair class": () => [WebSocketPair.name, WebSocketPair.length, members(WebSocketPair.prototype)],
  "pair": () => [members(new WebSocketPair()), Object.prototype.toString.call(new WebSocketPair()), [...new WebSocketPair()].length],
  "pair without new": () => WebSocketPair(),
  "socket without new": () => WebSocket("ws://x"),
  "socket without url": () => new WebSocket(),
  "fresh end": () => {
    const [a] = new WebSocketPair();
    return [a.readyState, a.bufferedAmount, a.url, a.protocol, a.extensions, a.binaryType, Object.keys(a), a instanceof EventTarget];
  },
  "handlers as properties": () => new Promise((done) => {
    const [a, b] = Object.values(new WebSocketPair());
    const seen = [a.onmessage, Object.getOwnPropertyNames(a)];
    a.addEventListener("message", () => seen.push("listener"));
    a.onmessage = function ({ data }) { seen.push(data, this === globalThis); };
    a.onclose = ({ code }) => { seen.push(code); done(seen); };
    a.accept();
    b.accept();
    b.send("x");
    b.close(4000);
  }),
  "no handlers as properties": () => ["onopen", "onmessage", "onclose", "onerror"].map((name) => name in new WebSocketPair()[0]),
  "send before accept": () => new WebSocketPair()[0].send("x"),
  "close before accept": () => new WebSocketPair()[0].close(),
  "send nothing": () => accepted()[0].send(),
  "accept twice": () => accepted()[0].accept(),
  ...Object.fromEntries(Object.entries(sent).map(([name, value]) => [`send ${name}`, () => passed(value())])),
  ...Object.fromEntries(codes.map((code) => [`close with ${String(code)}`, () => {
    const [a] = accepted();
    a.close(code);
    return a.readyState;
  }])),
  "reason without code": () => accepted()[0].close(undefined, "why"),
  "reason of 123 bytes": () => accepted()[0].close(1000, "x".repeat(123)),
  "reason of 124 bytes": () => accepted()[0].close(1000, "x".repeat(124)),
  "reason of 124 bytes in 62 characters": () => accepted()[0].close(1000, "\u00e9".repeat(62)),
  "send after close": () => {
    const [a] = accepted();
    a.close();
    a.send("x");
  },
  "close twice": () => heard(undefined, (a) => {
    a.close(4000, "first");
    a.close(4001, "second");
  }),
  "binaryType": () => {
    const [a] = new WebSocketPair();
    return ["blob", "arraybuffer", "other", "", null].map((value) => {
      a.binaryType = value;
      return a.binaryType;
    });
  },
  "bytes as a blob": async () => {
    const { data } = await passed(new Uint8Array([1, 2]), "blob");
    return [data.constructor.name, data.size, data.type];
  },
  ...Object.fromEntries([undefined, {}, { allowHalfOpen: true }, { allowHalfOpen: false }].map((options) => [`close, ${JSON.stringify(options)}`, () => heard(options, (a) => a.close(4000, "bye"))])),
  "close without code": () => heard({ allowHalfOpen: false }, (a) => a.close()),
  "messages, then close": () => heard({ allowHalfOpen: true }, (a, b) => {
    a.send("1");
    a.send("2");
    a.close(1000, "done");
    b.send("3");
    b.close(3000);
  }),
  "half-open end sends on": () => heard({ allowHalfOpen: true }, async (a, b) => {
    a.close();
    await scheduler.wait(1);
    b.send("late");
  }),
  "both close at once": () => heard({ allowHalfOpen: true }, (a, b) => {
    a.close(4001, "a");
    b.close(4002, "b");
  }),
  "waits for accept": async () => {
    const [a, b] = new WebSocketPair();
    const list = [];
    b.addEventListener("message", ({ data }) => list.push(data));
    a.accept();
    a.send("1");
    a.send("2");
    await scheduler.wait(1);
    list.push("accept");
    b.accept();
    await scheduler.wait(1);
    return list;
  },
  "attachment": () => {
    const [a, b] = new WebSocketPair();
    a.serializeAttachment({ date: new Date(0), map: new Map([[1, 2]]) });
    return [a.deserializeAttachment(), b.deserializeAttachment()];
  },
  "attachment of a function": () => new WebSocketPair()[0].serializeAttachment(() => 1),
  "attachment missing": () => new WebSocketPair()[0].serializeAttachment(),
  "response": () => {
    const [a] = new WebSocketPair();
    const response = new Response(null, { status: 101, webSocket: a });
    return [response.status, response.webSocket === a, response.body];
  },
  "response with 200": () => new Response(null, { status: 200, webSocket: new WebSocketPair()[0] }),
  "response without socket": () => new Response(null, { status: 101 }),
  "response with an object": () => new Response(null, { status: 101, webSocket: {} }),
  "response with body": () => new Response("x", { status: 101, webSocket: new WebSocketPair()[0] }),
  "response cloned": () => new Response(null, { status: 101, webSocket: new WebSocketPair()[0] }).clone(),
  "receiver of send": () => WebSocket.prototype.send.call({}, "x"),
  "receiver of readyState": () => WebSocket.prototype.readyState,
  ...Object.fromEntries(Object.entries(constructing).map(([name, given]) => [`new WebSocket: ${name}`, () => {
    const socket = new WebSocket(...given);
    socket.addEventListener("error", () => {});
    return [socket.url, socket.readyState, socket.protocol, socket.extensions];
  }])),
  "network: fetch gives a socket": async (t) => {
    const { response, socket } = await through(t);
    const before = [response.status, response.statusText, response.body, response.headers.get("x-mine"), response.headers.get("upgrade"), socket.readyState, socket.url, socket.protocol, socket.extensions];
    socket.accept();
    const message = new Promise((resolve) => socket.addEventListener("message", (event) => resolve(seen(event))));
    socket.send("hello");
    return [before, await message];
  },
  "network: fields of the request": async (t) => {
    const { socket } = await through(t, { "X-Other": "2", "Sec-WebSocket-Protocol": "a, chat" });
    socket.accept();
    const list = [];
    const all = new Promise((resolve) => socket.addEventListener("message", ({ data }) => list.push(data) === 4 && resolve(list)));
    for (const name of ["upgrade", "x-other", "sec-websocket-protocol", "sec-websocket-version"]) socket.send(`field ${name}`);
    return all;
  },
  "network: the server closes": async (t) => {
    const { socket } = await through(t);
    const told = story(socket, () => {});
    socket.accept();
    socket.send("close 4001 enough");
    return told;
  },
  "network: the server closes without a code": async (t) => {
    const { socket } = await through(t);
    const told = story(socket, () => {});
    socket.accept();
    socket.send("close");
    return told;
  },
  "network: the server's code throws": async (t) => {
    const { socket } = await through(t);
    const told = story(socket, () => {});
    socket.accept();
    socket.send("throw");
    return told;
  },
  "network: this side closes": async (t) => {
    const { socket } = await through(t);
    const told = story(socket, () => {});
    socket.accept();
    socket.close(3000, "mine");
    return told;
  },
  "network: a large message": async (t) => {
    const { socket } = await through(t);
    socket.accept();
    const message = new Promise((resolve) => socket.addEventListener("message", ({ data }) => resolve(data.byteLength)));
    socket.send(new Uint8Array(900_000));
    return message;
  },
  "network: many messages": async (t) => {
    const { socket } = await through(t);
    socket.accept();
    let list = "";
    const all = new Promise((resolve) => socket.addEventListener("message", ({ data }) => {
      list += data;
      if (data === "499;") resolve(list.length);
    }));
    for (let i = 0; i < 500; ++i) socket.send(`${i};`);
    return all;
  },
  "network: not a socket": async (t) => {
    const response = await fetch(`${t.peer}/echo`, { headers: { Upgrade: "websocket" } });
    await response.text();
    return [response.status, response.webSocket];
  },
  "network: nobody there": () => attempt(() => fetch("http://127.0.0.1:1/", { headers: { Upgrade: "websocket" } })),
  "network: a ws URL for fetch": () => attempt(() => fetch("ws://127.0.0.1:1/", { headers: { Upgrade: "websocket" } })),
  "network: new WebSocket": (t) => {
    const socket = new WebSocket(`${t.origin.replace("http", "ws")}/socket`, "chat");
    socket.addEventListener("message", () => socket.send("close 4002 x"), { once: true });
    return story(socket, () => socket.send("hello"));
  },
  "network: new WebSocket and no socket": (t) => story(new WebSocket(`${t.peer.replace("http", "ws")}/echo`), () => {}),
  "network: new WebSocket and nobody": () => story(new WebSocket("ws://127.0.0.1:1/"), () => {}),
  "network: before it is open": (t) => {
    const socket = new WebSocket(`${t.origin.replace("http", "ws")}/socket`);
    return Promise.all([attempt(() => socket.send("x")), attempt(() => socket.accept()), attempt(() => socket.close(1))]);
  },
  "network: closed before it is open": async (t) => {
    const socket = new WebSocket(`${t.origin.replace("http", "ws")}/socket`);
    const told = story(socket, () => {});
    socket.close();
    return [socket.readyState, await told];
  },
};
