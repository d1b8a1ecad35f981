// SPDX-License-Identifier: GPL-3.0-or-later

const bytes = (...values) => new Uint8Array(values);

test("TextEncoder", () => {
  const encoder = new TextEncoder();
  equal(encoder.encoding, "utf-8");
  deepEqual(encoder.encode("aä€😀"), bytes(97, 0xc3, 0xa4, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80));
  deepEqual(encoder.encode(), bytes());
  deepEqual(encoder.encode(undefined), bytes());
  deepEqual(encoder.encode(12), bytes(49, 50));
  deepEqual(encoder.encode("\ud800a\udc00"), bytes(0xef, 0xbf, 0xbd, 97, 0xef, 0xbf, 0xbd));
  deepEqual(encoder.encode("\0"), bytes(0));
});

test("encodeInto writes whole characters only", () => {
  const encoder = new TextEncoder();
  const target = new Uint8Array(4);
  deepEqual(encoder.encodeInto("aä€", target), { read: 2, written: 3 });
  deepEqual(target, bytes(97, 0xc3, 0xa4, 0));
  deepEqual(encoder.encodeInto("😀x", target), { read: 2, written: 4 });
  deepEqual(encoder.encodeInto("😀", new Uint8Array(3)), { read: 0, written: 0 });
  deepEqual(encoder.encodeInto("", target), { read: 0, written: 0 });
  deepEqual(encoder.encodeInto("\ud800", target), { read: 1, written: 3 });
  const part = new Uint8Array(8);
  encoder.encodeInto("zz", part.subarray(2, 4));
  deepEqual(part, bytes(0, 0, 122, 122, 0, 0, 0, 0));
  throws(() => encoder.encodeInto("a", new Uint16Array(2)), TypeError);
});

test("TextDecoder: defaults, labels, kinds of input", () => {
  const decoder = new TextDecoder();
  equal(decoder.encoding, "utf-8");
  equal(decoder.fatal, false);
  equal(decoder.ignoreBOM, false);
  equal(decoder.decode(), "");
  equal(decoder.decode(bytes(97, 0xc3, 0xa4)), "aä");
  equal(decoder.decode(bytes(97, 98).buffer), "ab");
  equal(decoder.decode(new DataView(bytes(97, 98, 99).buffer, 1, 1)), "b");
  equal(decoder.decode(new Uint16Array([0x6261])), "ab");
  equal(new TextDecoder(" UTF8\n").encoding, "utf-8");
  equal(new TextDecoder("latin1").encoding, "windows-1252");
  equal(new TextDecoder("utf-16").encoding, "utf-16le");
  equal(new TextDecoder("utf-16be").encoding, "utf-16be");
  throws(() => new TextDecoder("nonsense"), RangeError);
  throws(() => decoder.decode("text"), TypeError);
  throws(() => decoder.decode(null), TypeError);
});

test("malformed UTF-8 is replaced as the standard says", () => {
  const decode = (...values) => new TextDecoder().decode(bytes(...values));
  equal(decode(0xff), "\ufffd");
  equal(decode(0xc3), "\ufffd");
  equal(decode(0xc0, 0x80), "\ufffd\ufffd");
  equal(decode(0xe2, 0x82), "\ufffd");
  equal(decode(0xe2, 0x82, 65), "\ufffdA");
  equal(decode(0xed, 0xa0, 0x80), "\ufffd\ufffd\ufffd");
  equal(decode(0xf0, 0x9f, 0x98, 65), "\ufffdA");
  equal(decode(0xf5, 0x80), "\ufffd\ufffd");
});

test("fatal", () => {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  equal(decoder.fatal, true);
  equal(decoder.decode(bytes(0xc3, 0xa4)), "ä");
  throws(() => decoder.decode(bytes(0xff)), TypeError);
  throws(() => decoder.decode(bytes(0xc3)), TypeError);
  equal(decoder.decode(bytes(65)), "A");
  throws(() => new TextDecoder("utf-16le", { fatal: true }).decode(bytes(65)), TypeError);
  throws(() => new TextDecoder("utf-16le", { fatal: true }).decode(bytes(0, 0xd8)), TypeError);
});

test("byte order marks", () => {
  equal(new TextDecoder().decode(bytes(0xef, 0xbb, 0xbf, 65)), "A");
  equal(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes(0xef, 0xbb, 0xbf, 65)), "\ufeffA");
  equal(new TextDecoder("utf-16le").decode(bytes(0xff, 0xfe, 65, 0)), "A");
  equal(new TextDecoder().decode(bytes(0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf)), "\ufeff");
  equal(new TextDecoder().decode(bytes(65, 0xef, 0xbb, 0xbf)), "A\ufeff");
  const twice = new TextDecoder();
  equal(twice.decode(bytes(0xef, 0xbb, 0xbf)), "");
  equal(twice.decode(bytes(0xef, 0xbb, 0xbf, 66)), "B");
});

test("streaming UTF-8, cut at each place", () => {
  const text = "aä€😀z";
  const all = new TextEncoder().encode(text);
  for (let cut = 0; cut <= all.length; ++cut) {
    const decoder = new TextDecoder();
    equal(decoder.decode(all.subarray(0, cut), { stream: true }) + decoder.decode(all.subarray(cut)), text, `cut at ${cut}`);
  }
  const single = new TextDecoder();
  let out = "";
  for (const byte of all) out += single.decode(bytes(byte), { stream: true });
  equal(out + single.decode(), text);
});

test("streaming: a mark in pieces, an end in the middle, use again", () => {
  const decoder = new TextDecoder();
  equal(decoder.decode(bytes(0xef), { stream: true }) + decoder.decode(bytes(0xbb), { stream: true }) + decoder.decode(bytes(0xbf, 65), { stream: true }) + decoder.decode(), "A");
  equal(decoder.decode(bytes(0xe2, 0x82), { stream: true }), "");
  equal(decoder.decode(), "\ufffd");
  equal(decoder.decode(bytes(0xef, 0xbb, 0xbf, 66)), "B");
  equal(decoder.decode(bytes(65), { stream: true }) + decoder.decode(bytes(0xef, 0xbb, 0xbf), { stream: true }) + decoder.decode(), "A\ufeff");
});

test("streaming UTF-16, cut at each place", () => {
  const text = "aä€😀z";
  const all = new Uint8Array(new Uint16Array([...text].flatMap((c) => c.length === 2 ? [c.charCodeAt(0), c.charCodeAt(1)] : [c.charCodeAt(0)])).buffer);
  for (let cut = 0; cut <= all.length; ++cut) {
    const decoder = new TextDecoder("utf-16le", { fatal: true });
    equal(decoder.decode(all.subarray(0, cut), { stream: true }) + decoder.decode(all.subarray(cut)), text, `cut at ${cut}`);
  }
  const decoder = new TextDecoder("utf-16le");
  equal(decoder.decode(bytes(0x3d, 0xd8), { stream: true }), "");
  equal(decoder.decode(), "\ufffd");
  equal(decoder.decode(bytes(65, 0, 66)), "A\ufffd");
});

test("UTF-16 big endian", () => {
  equal(new TextDecoder("utf-16be").decode(bytes(0xfe, 0xff, 0, 65, 0x20, 0xac, 0xd8, 0x3d, 0xde, 0)), "A€😀");
});

test("windows-1252", () => {
  equal(new TextDecoder("iso-8859-1").decode(bytes(65, 0xe4, 0x80, 0x99, 0x81, 0xff)), "Aä€™\x81ÿ");
  equal(new TextDecoder("ascii").decode(bytes(0xef, 0xbb, 0xbf)), "ï»¿");
});

test("atob", () => {
  equal(atob("YWJj"), "abc");
  equal(atob("YQ=="), "a");
  equal(atob("YQ"), "a");
  equal(atob(" Y\nQ\t=\f= \r"), "a");
  equal(atob("YR=="), "a");
  equal(atob(""), "");
  equal(atob("/+8="), "\xff\xef");
  equal(atob("AA=="), "\0");
  equal(atob(null), "\x9e\xe9e");
  for (const text of ["Y", "YQ=", "YQ===", "Y=Q=", "=", "YW-j", "YWJj=", "ä", "YQ\0=", "YWJjY", "\xa0YQ=="]) throws(() => atob(text), "InvalidCharacterError");
  throws(() => atob(), TypeError);
});

test("btoa", () => {
  equal(btoa("abc"), "YWJj");
  equal(btoa("\xff\0"), "/wA=");
  equal(btoa(""), "");
  equal(btoa(12), "MTI=");
  equal(btoa(("€" + "a").slice(1)), "YQ==");
  throws(() => btoa("€"), "InvalidCharacterError");
  throws(() => btoa(), TypeError);
  const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
  equal(atob(btoa(all)), all);
});

test("TextEncoderStream and TextDecoderStream", async () => {
  const parts = ["a", "\ud83d", "\ude00", "ü"];
  const source = new ReadableStream({ start(c) { for (const part of parts) c.enqueue(part); c.close(); } });
  equal(await new Response(source.pipeThrough(new TextEncoderStream())).text(), "a😀ü");
  const pieces = [[0xe2, 0x82], [0xac, 0x41]].map((part) => bytes(...part));
  let text = "";
  const coded = new ReadableStream({ start(c) { for (const part of pieces) c.enqueue(part); c.close(); } });
  for await (const part of coded.pipeThrough(new TextDecoderStream())) text += part;
  equal(text, "€A");
  const decoder = new TextDecoderStream("latin1");
  equal(decoder.encoding, "windows-1252");
});
