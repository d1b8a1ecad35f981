// SPDX-License-Identifier: GPL-3.0-or-later
/* The face of R2: what the corpus of tests/interop, which runs in both runtimes, does not cover. */

const bucket = env.BUCKET;
const large = new Uint8Array(1_000_000).map((_, i) => i % 251);

test("large value, as a whole", async () => {
  await bucket.put("large", large);
  const got = await bucket.get("large");
  equal(got.size, large.byteLength);
  deepEqual(await got.bytes(), large);
  equal(got.bodyUsed, true);
  await rejects(got.text(), TypeError, "Body has already been used");
});
test("large value, in pieces", async () => {
  const got = await bucket.get("large");
  let length = 0;
  let pieces = 0;
  for await (const piece of got.body) {
    equal(piece[0], large[length]);
    length += piece.byteLength;
    ++pieces;
  }
  equal(length, large.byteLength);
  ok(pieces > 1);
});
test("large value, a range", async () => {
  const got = await bucket.get("large", { range: { offset: 999_990 } });
  deepEqual(got.range, { offset: 999_990, length: 10, suffix: undefined });
  deepEqual(await got.bytes(), large.slice(-10));
});
test("large value, cancelled", async () => {
  const got = await bucket.get("large");
  const reader = got.body.getReader();
  await reader.read();
  await reader.cancel("enough");
  equal((await reader.read()).done, true);
});
test("from one object to another", async () => {
  await bucket.put("copy", (await bucket.get("large")).body, { md5: (await bucket.head("large")).checksums.md5 });
  equal((await bucket.head("copy")).etag, (await bucket.head("large")).etag);
});
test("through a transform and a stream of fixed length", async () => {
  const { readable, writable } = new FixedLengthStream(large.byteLength);
  const piped = (await bucket.get("large")).body.pipeTo(writable);
  await Promise.all([piped, bucket.put("piped", readable)]);
  equal((await bucket.head("piped")).etag, (await bucket.head("large")).etag);
});
test("a stream that fails leaves nothing", async () => {
  const { readable, writable } = new FixedLengthStream(10);
  const writer = writable.getWriter();
  const stored = bucket.put("failing", readable);
  writer.write(new Uint8Array(3)).catch(() => {});
  writer.abort(new Error("no more")).catch(() => {});
  await rejects(stored, Error, "no more");
  equal(await bucket.head("failing"), null);
});
test("the value of a part is a stream", async () => {
  const upload = await bucket.createMultipartUpload("parts");
  const one = await upload.uploadPart(1, (await bucket.get("large")).body);
  const done = await upload.complete([one]);
  equal(done.size, large.byteLength);
  deepEqual(await (await bucket.get("parts")).bytes(), large);
});
test("a body that nobody asks for", async () => {
  for (let i = 0; i < 100; ++i) await bucket.get("large");
});
test("many reads at once", async () => {
  const texts = await Promise.all(Array.from({ length: 20 }, async () => (await (await bucket.get("large")).arrayBuffer()).byteLength));
  equal(new Set(texts).size, 1);
});
test("a response of a body, and its length", async () => {
  await bucket.put("small", "hello");
  const got = await bucket.get("small");
  const response = new Response(got.body);
  equal(response.body, got.body);
  equal(await response.text(), "hello");
  equal(got.bodyUsed, true);
});
test("both halves of a body that was split", async () => {
  const [one, two] = (await bucket.get("large")).body.tee();
  equal((await new Response(one).arrayBuffer()).byteLength, large.byteLength);
  equal((await new Response(two).arrayBuffer()).byteLength, large.byteLength);
});
test("put of what get gave, unchanged", async () => {
  await bucket.put("meta", "x", { httpMetadata: { contentType: "a/b", cacheExpiry: new Date(1e12) }, customMetadata: { a: "b" } });
  const { httpMetadata, customMetadata } = await bucket.head("meta");
  await bucket.put("meta2", "x", { httpMetadata, customMetadata });
  const head = await bucket.head("meta2");
  equal(head.httpMetadata.contentType, "a/b");
  equal(head.httpMetadata.cacheExpiry.getTime(), 1e12);
  equal(head.customMetadata.a, "b");
});
test("an object is cloned like plain data", async () => {
  const copy = { ...(await bucket.head("meta")) };
  equal(copy.key, "meta");
  equal(copy.customMetadata.a, "b");
  equal(JSON.parse(JSON.stringify(await bucket.head("meta"))).checksums.md5, copy.etag);
});
test("more than a page", async () => {
  for (let i = 0; i < 25; ++i) await bucket.put(`page/${String(i).padStart(2, "0")}`, "");
  const keys = [];
  let cursor;
  do {
    const page = await bucket.list({ prefix: "page/", limit: 10, cursor });
    keys.push(...page.objects.map((object) => object.key));
    cursor = page.cursor;
  } while (cursor);
  equal(keys.length, 25);
  equal(keys[24], "page/24");
});
