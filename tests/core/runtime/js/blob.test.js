// SPDX-License-Identifier: GPL-3.0-or-later
/* Blob, alone and as a body. */

test("parts of all kinds", async () => {
  const blob = new Blob(["a", new Uint8Array([98, 99]), new Uint8Array([0, 100, 0]).subarray(1, 2), new Uint8Array([101]).buffer, new Blob(["f"]), 1, "é"], { type: "Text/Plain" });
  equal(await blob.text(), "abcdef1é");
  equal(blob.size, 9);
  equal(blob.type, "text/plain");
  equal(Object.prototype.toString.call(blob), "[object Blob]");
});
test("nothing", async () => {
  equal(new Blob().size, 0);
  equal(new Blob([]).type, "");
  equal(new Blob(["x"], { type: "é" }).type, "");
  throws(() => new Blob("text"), TypeError);
  throws(() => new Blob(null), TypeError);
});
test("its content is a copy", async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const blob = new Blob([bytes]);
  bytes[0] = 9;
  const read = await blob.bytes();
  deepEqual(read, new Uint8Array([1, 2, 3]));
  read[1] = 9;
  deepEqual(new Uint8Array(await blob.arrayBuffer()), new Uint8Array([1, 2, 3]));
});
test("slice", async () => {
  const blob = new Blob(["0123456789"], { type: "a/b" });
  equal(await blob.slice(2, 5).text(), "234");
  equal(await blob.slice(-3).text(), "789");
  equal(blob.slice(5, 2).size, 0);
  equal(blob.slice(0, 1, "C/D").type, "c/d");
  equal(blob.slice(0, 1).type, "");
});
test("stream", async () => {
  const reader = new Blob(["abc"]).stream().getReader();
  deepEqual((await reader.read()).value, new Uint8Array([97, 98, 99]));
  equal((await reader.read()).done, true);
});
test("as a body", async () => {
  const response = new Response(new Blob(["abc"], { type: "a/b" }));
  equal(response.headers.get("content-type"), "a/b");
  equal(await response.text(), "abc");
  equal(new Response(new Blob(["abc"])).headers.get("content-type"), null);
  equal(await new Request("http://x/", { method: "POST", body: new Blob(["é"]) }).text(), "é");
});
test("a byte order mark stays in its text", async () => equal(await new Blob([new Uint8Array([0xef, 0xbb, 0xbf, 97])]).text(), "\ufeffa"));
