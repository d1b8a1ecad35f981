// SPDX-License-Identifier: GPL-3.0-or-later

/** What comes of a stream of these pieces: [type, data, last event's id] of each event, until its end. */
async function eventsOf(...pieces) {
  const encoder = new TextEncoder();
  const stream = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
      controller.close();
    },
  });
  const source = EventSource.from(stream);
  const seen = [];
  for (const type of ["message", "a", "b"]) source.addEventListener(type, (event) => seen.push([event.type, event.data, event.lastEventId]));
  await new Promise((resolve) => (source.onerror = resolve));
  equal(source.readyState, EventSource.CLOSED);
  return seen;
}

test("fields", async () => {
  deepEqual(await eventsOf("data: one\n\n"), [["message", "one", ""]]);
  deepEqual(await eventsOf("data:one\ndata: two\ndata:  three\n\n"), [["message", "one\ntwo\n three", ""]]);
  deepEqual(await eventsOf("event: a\nid: 7\ndata: x\n\ndata: y\n\nid\ndata: z\n\n"), [["a", "x", "7"], ["message", "y", "7"], ["message", "z", ""]]);
  deepEqual(await eventsOf(": comment\n:\nfoo: bar\nretry: 5\nretry: x\ndata: x\n\n"), [["message", "x", ""]]);
  deepEqual(await eventsOf("event: a\n\ndata\n\ndata:\n\n"), []);
  deepEqual(await eventsOf("data: x\n"), []);
  deepEqual(await eventsOf(" data: x\n\nDATA: y\n\n"), []);
});

test("ends of lines, in one piece and in many", async () => {
  const text = "\ufeffdata: 1\r\ndata: 2\rdata: 3\n\r\n\rdata: ü€😀\r\n\r\n";
  const expected = [["message", "1\n2\n3", ""], ["message", "ü€😀", ""]];
  deepEqual(await eventsOf(text), expected);
  deepEqual(await eventsOf(...new TextEncoder().encode(text).reduce((list, byte) => [...list, new Uint8Array([byte])], [])), expected);
  deepEqual(await eventsOf("data: a\r", "\ndata: b\r", "\n\r", "\n"), [["message", "a\nb", ""]]);
  deepEqual(await eventsOf("\n\n", "da", "ta", ": x", "\n", "\n"), [["message", "x", ""]]);
});

test("a throwing listener ends it", async () => {
  const source = EventSource.from(new Response("data: 1\n\ndata: 2\n\n").body);
  const seen = [];
  source.onmessage = (event) => {
    seen.push(event.data);
    throw new Error("boo");
  };
  const error = await new Promise((resolve) => (source.onerror = (event) => resolve(event.error)));
  equal(error.message, "boo");
  deepEqual(seen, ["1"]);
  equal(source.readyState, 2);
});

test("close", async () => {
  const source = EventSource.from(new Response("data: 1\n\ndata: 2\n\n").body);
  const seen = [];
  source.onmessage = (event) => {
    seen.push(event.data);
    source.close();
  };
  source.onerror = () => seen.push("error");
  await pause(20);
  deepEqual(seen, ["1"]);
  source.close();
});

test("what is refused", async () => {
  throws(() => new EventSource(), TypeError, "constructor parameter 1 is not of type 'string'");
  throws(() => new EventSource("bad"), "SyntaxError", "Cannot open an EventSource to 'bad'. The URL is invalid.");
  throws(() => new EventSource("http://h", 5), TypeError);
  throws(() => new EventSource("http://h", { withCredentials: true }), "NotSupportedError");
  throws(() => EventSource.from("x"), TypeError);
  const stream = new Response("x").body;
  stream.getReader();
  throws(() => EventSource.from(stream), TypeError);
  equal(EventSource.CONNECTING + EventSource.OPEN + EventSource.CLOSED, 3);
  const source = new EventSource("http://127.0.0.1:1/");
  equal(source.readyState, 0);
  equal(source.url, "http://127.0.0.1:1/");
  const event = await new Promise((resolve) => (source.onerror = resolve));
  equal(event.error.message, "Network connection lost.");
  equal(source.readyState, 2);
});
