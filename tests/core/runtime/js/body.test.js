// SPDX-License-Identifier: GPL-3.0-or-later

const encode = (text) => new TextEncoder().encode(text);
const streamOf = (...chunks) => new ReadableStream({
  start(controller) {
    for (const chunk of chunks) controller.enqueue(chunk);
    controller.close();
  },
});

test("each way of reading", async () => {
  equal(await new Response("tëxt").text(), "tëxt");
  deepEqual(await new Response('{"a":1}').json(), { a: 1 });
  deepEqual(new Uint8Array(await new Response("ab").arrayBuffer()), new Uint8Array([97, 98]));
  deepEqual(await new Response("ab").bytes(), new Uint8Array([97, 98]));
  equal((await new Response(null).arrayBuffer()).byteLength, 0);
  equal(await new Response(null).text(), "");
  equal(await new Response("").text(), "");
  await rejects(new Response("x").json(), SyntaxError);
  await rejects(new Response("").json(), SyntaxError);
});

test("each kind of body", async () => {
  const bytes = new Uint8Array([120, 65, 66, 121]);
  equal(await new Response(bytes).text(), "xABy");
  equal(await new Response(bytes.buffer).text(), "xABy");
  equal(await new Response(bytes.subarray(1, 3)).text(), "AB");
  equal(await new Response(new DataView(bytes.buffer, 1, 2)).text(), "AB");
  equal(await new Response(new URLSearchParams([["a", "ü"], ["b", ""]])).text(), "a=%C3%BC&b=");
  equal(await new Response(streamOf(encode("a"), encode("b"))).text(), "ab");
  equal(await new Response(streamOf(encode("a").buffer)).text(), "a");
  equal(await new Response({}).text(), "[object Object]");
  equal(await new Response(12.5).text(), "12.5");
});

test("bytes are copied when the body is made", async () => {
  const bytes = new Uint8Array([65]);
  const response = new Response(bytes);
  bytes[0] = 66;
  equal(await response.text(), "A");
});

test("a body is read once", async () => {
  const response = new Response("x");
  equal(response.bodyUsed, false);
  await response.text();
  equal(response.bodyUsed, true);
  equal(response.body.locked, true);
  const error = "Body has already been used. It can only be used once. Use tee() first if you need to read it twice.";
  await rejects(response.text(), TypeError, error);
  await rejects(response.arrayBuffer(), TypeError, error);
  await rejects(response.json(), TypeError, error);
  const empty = new Response(null);
  await empty.text();
  equal(empty.bodyUsed, false);
  equal(await empty.text(), "");
});

test("a locked body cannot be read, cloned or used", async () => {
  const response = new Response("x");
  const reader = response.body.getReader();
  equal(response.bodyUsed, false);
  await rejects(response.text(), TypeError, "This ReadableStream is currently locked to a reader");
  throws(() => response.clone(), TypeError, "This ReadableStream is currently locked to a reader");
  throws(() => new Response(response.body), TypeError);
  reader.releaseLock();
  equal(await response.text(), "x");
});

test("body is one stream, and reading it uses the body", async () => {
  const response = new Response("text");
  equal(response.body, response.body);
  ok(response.body instanceof ReadableStream);
  const reader = response.body.getReader();
  const { value, done } = await reader.read();
  equal(done, false);
  equal(new TextDecoder().decode(value), "text");
  equal(response.bodyUsed, true);
  equal((await reader.read()).done, true);
  reader.releaseLock();
  await rejects(response.text(), TypeError);
});

test("a BYOB reader on a body", async () => {
  const reader = new Response("abcdef").body.getReader({ mode: "byob" });
  let result = await reader.read(new Uint8Array(4));
  equal(new TextDecoder().decode(result.value), "abcd");
  result = await reader.read(new Uint8Array(4));
  equal(new TextDecoder().decode(result.value), "ef");
  result = await reader.read(new Uint8Array(4));
  equal(result.done, true);
});

test("a byte order mark goes, malformed bytes are replaced", async () => {
  equal(await new Response(new Uint8Array([0xef, 0xbb, 0xbf, 65])).text(), "A");
  equal(await new Response(new Uint8Array([65, 0xff, 66])).text(), "A\ufffdB");
  equal(await new Response("\ud800x").text(), "\ufffdx");
  deepEqual(await new Response(new Uint8Array([0xef, 0xbb, 0xbf, 0x31])).json(), 1);
});

test("a stream of the wrong chunks", async () => {
  await rejects(new Response(streamOf({})).text(), TypeError, "This ReadableStream did not return bytes.");
  await rejects(new Response(streamOf("text")).text(), TypeError, "This ReadableStream did not return bytes.");
});

test("a stream that fails", async () => {
  const failing = () => new ReadableStream({
    pull(controller) {
      controller.error(new RangeError("broken"));
    },
  });
  await rejects(new Response(failing()).text(), RangeError, "broken");
  await rejects(new Response(failing()).arrayBuffer(), RangeError, "broken");
});

test("tee of a body", async () => {
  const [one, two] = new Response("both").body.tee();
  equal(await new Response(one).text(), "both");
  equal(await new Response(two).text(), "both");
});

test("large bodies", async () => {
  const big = "ä".repeat(1 << 20);
  equal((await new Response(big).arrayBuffer()).byteLength, 2 << 20);
  equal(await new Response(big).text(), big);
  const pieces = Array.from({ length: 100 }, (_, i) => new Uint8Array(10000).fill(i));
  const bytes = await new Response(streamOf(...pieces)).bytes();
  equal(bytes.length, 1000000);
  equal(bytes[999999], 99);
});
