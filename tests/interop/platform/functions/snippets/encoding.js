// SPDX-License-Identifier: GPL-3.0-or-later
// TextEncoder, TextDecoder, their streams, atob and btoa.

const bytes = (...values) => new Uint8Array(values);
const decode = (label, values, options) => new TextDecoder(label, options).decode(new Uint8Array(values));
const outcome = (run) => {
  try {
    return run();
  } catch (error) {
    return `${error.constructor.name} ${error.name}: ${error.message}`;
  }
};

const labels = {
  "UTF-8": "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 x-unicode20utf8",
  IBM866: "866 cp866 csibm866 ibm866",
  "ISO-8859-2": "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2",
  "ISO-8859-3": "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3",
  "ISO-8859-4": "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4",
  "ISO-8859-5": "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 iso_8859-5 iso_8859-5:1988",
  "ISO-8859-6": "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 iso_8859-6 iso_8859-6:1987",
  "ISO-8859-7": "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek",
  "ISO-8859-8": "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual",
  "ISO-8859-8-I": "csiso88598i iso-8859-8-i logical",
  "ISO-8859-10": "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6",
  "ISO-8859-13": "iso-8859-13 iso8859-13 iso885913",
  "ISO-8859-14": "iso-8859-14 iso8859-14 iso885914",
  "ISO-8859-15": "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9",
  "ISO-8859-16": "iso-8859-16",
  "KOI8-R": "cskoi8r koi koi8 koi8-r koi8_r",
  "KOI8-U": "koi8-ru koi8-u",
  macintosh: "csmacintosh mac macintosh x-mac-roman",
  "windows-874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
  "windows-1250": "cp1250 windows-1250 x-cp1250",
  "windows-1251": "cp1251 windows-1251 x-cp1251",
  "windows-1252": "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii windows-1252 x-cp1252",
  "windows-1253": "cp1253 windows-1253 x-cp1253",
  "windows-1254": "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254",
  "windows-1255": "cp1255 windows-1255 x-cp1255",
  "windows-1256": "cp1256 windows-1256 x-cp1256",
  "windows-1257": "cp1257 windows-1257 x-cp1257",
  "windows-1258": "cp1258 windows-1258 x-cp1258",
  "x-mac-cyrillic": "x-mac-cyrillic x-mac-ukrainian",
  GBK: "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk iso-ir-58 x-gbk",
  gb18030: "gb18030",
  Big5: "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
  "EUC-JP": "cseucpkdfmtjapanese euc-jp x-euc-jp",
  "ISO-2022-JP": "csiso2022jp iso-2022-jp",
  Shift_JIS: "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis",
  "EUC-KR": "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949",
  replacement: "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr replacement",
  "UTF-16BE": "unicodefffe utf-16be",
  "UTF-16LE": "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le",
  "x-user-defined": "x-user-defined",
};
const singleByte = "IBM866 ISO-8859-2 ISO-8859-3 ISO-8859-4 ISO-8859-5 ISO-8859-6 ISO-8859-7 ISO-8859-8 ISO-8859-8-I ISO-8859-10 ISO-8859-13 ISO-8859-14 ISO-8859-15 ISO-8859-16 KOI8-R KOI8-U macintosh windows-874 windows-1250 windows-1251 windows-1252 windows-1253 windows-1254 windows-1255 windows-1256 windows-1257 windows-1258 x-mac-cyrillic x-user-defined".split(" ");
const doubleByte = ["GBK", "gb18030", "Big5", "EUC-JP", "Shift_JIS", "EUC-KR"];

/** FNV-1a over UTF-16 units. */
function hash(text) {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; ++i) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return `${text.length}:${value.toString(16)}`;
}

const high = Uint8Array.from({ length: 128 }, (_, i) => 128 + i);

async function through(stream, chunks) {
  const writer = stream.writable.getWriter();
  const written = (async () => {
    for (const chunk of chunks) await writer.write(chunk);
    await writer.close();
  })();
  const out = [];
  const read = (async () => {
    for await (const chunk of stream.readable) out.push(chunk);
  })();
  const [one, two] = await Promise.allSettled([written, read]);
  return [out, ...[one, two].map((result) => (result.status === "rejected" ? `${result.reason?.name}: ${result.reason?.message}` : "fulfilled"))];
}

export default {
  ...Object.fromEntries(Object.entries(labels).map(([name, all]) => [`labels of ${name}`, () => all.split(" ").map((label) => outcome(() => new TextDecoder(label).encoding))])),
  ...Object.fromEntries(singleByte.map((name) => [`upper half of ${name}`, () => outcome(() => new TextDecoder(name).decode(high))])),
  ...Object.fromEntries(singleByte.map((name) => [`upper half of ${name}, fatal`, () => {
    const bad = [];
    for (const byte of high) if (outcome(() => new TextDecoder(name, { fatal: true }).decode(bytes(byte))).length > 1) bad.push(byte);
    return bad;
  }])),
  ...Object.fromEntries(doubleByte.map((name) => [`all pairs of ${name}`, () => {
    const rows = [];
    for (let lead = 0x81; lead <= 0xfe; ++lead) {
      const row = new Uint8Array(3 * 191);
      for (let i = 0; i < 191; ++i) row.set([lead, 0x40 + i, 0x0a], 3 * i);
      rows.push(hash(new TextDecoder(name).decode(row)));
    }
    return rows.join(" ");
  }])),
  ...Object.fromEntries([...doubleByte, "ISO-2022-JP"].map((name) => [`nasty bytes in ${name}`, () => [
    [0x80], [0xff], [0x81], [0xa4, 0x20], [0x81, 0x30, 0x81, 0x30], [0x81, 0x30, 0x81], [0x81, 0x30, 0x81, 0x41], [0xfe, 0x39, 0xfe, 0x39], [0x90, 0x30, 0x81, 0x30], [0xe3, 0x32, 0x9a, 0x35], [0xe3, 0x32, 0x9a, 0x36],
    [0x84, 0x31, 0xa4, 0x37], [0x8e, 0xa1], [0x8e, 0xe0], [0x8f, 0xa2, 0xaf], [0x8f, 0xa1], [0x8f, 0x41], [0x88, 0x62], [0x88, 0x64], [0x88, 0xa3], [0x88, 0xa5], [0xa8, 0xbc], [0xa2, 0xe3], [0xa6, 0xd9], [0x5c, 0x7e],
    [0xf0, 0x40], [0xf9, 0xfc], [0xa0], [0xa1], [0xdf], [0xe0], [0xfd], [0xfe], [0xc9, 0xa1], [0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 0x41], [0x1b, 0x28, 0x49, 0x31, 0x1b, 0x28, 0x4a, 0x5c], [0x1b, 0x24],
    [0x1b, 0x24, 0x40, 0x30, 0x21], [0x1b, 0x28, 0x42, 0x1b, 0x28, 0x42], [0x0e, 0x0f], [0x1b], [0x1b, 0x24, 0x42, 0x24], [0x1b, 0x24, 0x42, 0x80, 0x80],
  ].map((values) => [outcome(() => decode(name, values)), outcome(() => decode(name, values, { fatal: true }))])])),
  ...Object.fromEntries(["utf-8", "utf-16le", "utf-16be", ...doubleByte, "ISO-2022-JP", "windows-1252"].map((name) => [`${name} cut at each place`, () => {
    const all = [0x41, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xd8, 0x3d, 0xde, 0x00, 0x81, 0x30, 0x81, 0x30, 0x8f, 0xa2, 0xaf, 0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 0x0a];
    const seen = [];
    for (let cut = 0; cut <= all.length; ++cut) {
      const decoder = new TextDecoder(name);
      seen.push(outcome(() => decoder.decode(Uint8Array.from(all.slice(0, cut)), { stream: true }) + decoder.decode(Uint8Array.from(all.slice(cut)))));
    }
    return [...new Set(seen)];
  }])),
  "labels with space and case": () => ["\tUTF-8\n", " Latin1 ", "\u00a0utf-8", "utf-8\0", "\vutf-8", "UTF\u20118", "", " ", "utf-7", "utf-32", "cesu-8", "none", "IſO-8859-1"].map((label) => outcome(() => new TextDecoder(label).encoding)),
  "labels of other types": () => [null, undefined, 5, {}, [], ["utf-8"], Object("latin1")].map((label) => outcome(() => new TextDecoder(label).encoding)),
  "label that is a symbol": () => new TextDecoder(Symbol("x")),
  "label that throws": () => new TextDecoder({ toString() { throw new RangeError("mine"); } }),
  "options of other types": () => [null, undefined, 1, "x", [], () => {}, { fatal: 1 }, { fatal: "" }, { ignoreBOM: {} }].map((options) => outcome(() => { const d = new TextDecoder("utf-8", options); return [d.fatal, d.ignoreBOM]; })),
  "options that throw": () => new TextDecoder("utf-8", { get fatal() { throw new RangeError("mine"); } }),
  "called without new": () => TextDecoder("utf-8"),
  "encoder called without new": () => TextEncoder(),
  "decode of things that are no bytes": () => ["x", 1, null, {}, [], true, Symbol.iterator].map((value) => outcome(() => new TextDecoder().decode(value))),
  "decode of nothing": () => [new TextDecoder().decode(), new TextDecoder().decode(undefined)],
  "decode of all kinds of bytes": () => {
    const buffer = bytes(97, 98, 99, 100, 101, 102, 103, 104).buffer;
    return [new Uint8Array(buffer), buffer, new DataView(buffer, 2, 3), new Uint16Array(buffer, 2, 2), new Float64Array(buffer), new BigInt64Array(buffer), new Uint8ClampedArray(buffer)].map((value) => outcome(() => new TextDecoder().decode(value)));
  },
  "decode of a SharedArrayBuffer": () => [outcome(() => new TextDecoder().decode(new SharedArrayBuffer(2))), outcome(() => new TextDecoder().decode(new Uint8Array(new SharedArrayBuffer(2))))],
  "decode of a detached buffer": () => {
    const view = bytes(1, 2);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    return [outcome(() => new TextDecoder().decode(view)), outcome(() => new TextDecoder().decode(view.buffer))];
  },
  "decode options": () => [null, 1, "x", { stream: "yes" }].map((options) => outcome(() => new TextDecoder().decode(bytes(0xe2), options))),
  "decode on another this": () => TextDecoder.prototype.decode.call({}),
  "getter on another this": () => Object.getOwnPropertyDescriptor(TextDecoder.prototype, "encoding").get.call({}),
  "malformed UTF-8": () => [[0xff], [0xc3], [0xc0, 0x80], [0xe2, 0x82], [0xe2, 0x82, 65], [0xed, 0xa0, 0x80], [0xf0, 0x9f, 0x98, 65], [0xf5, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf8, 0x88, 0x80, 0x80, 0x80], [0xfc], [0xe0, 0x80, 0x80], [0xf0, 0x80, 0x80, 0x80], [0x80, 0xbf], [0xf0, 0x9f]].map((values) => decode("utf-8", values)),
  "malformed UTF-8, fatal": () => [[0xff], [0xc3], [0xed, 0xa0, 0x80], [65]].map((values) => outcome(() => decode("utf-8", values, { fatal: true }))),
  "malformed UTF-16": () => ["utf-16le", "utf-16be"].map((name) => [[65], [0, 0xd8], [0xd8, 0], [0, 0xdc], [0xdc, 0], [0, 0xd8, 65, 0], [0xd8, 0, 0, 65], [0, 0xd8, 0], []].map((values) => [outcome(() => decode(name, values)), outcome(() => decode(name, values, { fatal: true }))])),
  "fatal decoder goes on after an error": () => {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    return [outcome(() => decoder.decode(bytes(0xff))), decoder.decode(bytes(65)), outcome(() => decoder.decode(bytes(0xe2, 0x82), { stream: true })), outcome(() => decoder.decode(bytes(0xff), { stream: true })), outcome(() => decoder.decode(bytes(66)))];
  },
  "fatal decoder at the end of a stream": () => {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    return [decoder.decode(bytes(0xe2), { stream: true }), outcome(() => decoder.decode()), outcome(() => decoder.decode(bytes(67)))];
  },
  "byte order marks": () => [
    decode("utf-8", [0xef, 0xbb, 0xbf, 65]), decode("utf-8", [0xef, 0xbb, 0xbf, 65], { ignoreBOM: true }), decode("utf-16le", [0xff, 0xfe, 65, 0]), decode("utf-16le", [0xff, 0xfe, 65, 0], { ignoreBOM: true }),
    decode("utf-16be", [0xfe, 0xff, 0, 65]), decode("utf-16be", [0xff, 0xfe, 0, 65]), decode("utf-8", [0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf]), decode("latin1", [0xef, 0xbb, 0xbf]), decode("utf-8", [0xff, 0xfe, 65, 0]),
    decode("gb18030", [0x84, 0x31, 0x95, 0x33, 65]), decode("utf-8", [0xef, 0xbb]), decode("utf-16le", [0xff, 0xfe]),
  ],
  "byte order mark in pieces": () => {
    const decoder = new TextDecoder();
    return [decoder.decode(bytes(0xef), { stream: true }), decoder.decode(bytes(0xbb), { stream: true }), decoder.decode(bytes(0xbf, 65), { stream: true }), decoder.decode(bytes(0xef, 0xbb, 0xbf)), decoder.decode(bytes(0xef, 0xbb, 0xbf, 66))];
  },
  "byte order mark alone, then text": () => {
    const decoder = new TextDecoder();
    return [decoder.decode(bytes(0xef, 0xbb, 0xbf)), decoder.decode(bytes(0xef, 0xbb, 0xbf, 66))];
  },
  "encode: types": () => [undefined, null, 1, 1n, true, {}, [1, 2], "\ud800a\udc00", "\0", "aä€😀", Object("x")].map((value) => outcome(() => new TextEncoder().encode(value))),
  "encode without argument": () => new TextEncoder().encode(),
  "encode of a symbol": () => new TextEncoder().encode(Symbol("x")),
  "encodeInto: whole characters": () => [["aä€", 4], ["😀x", 4], ["😀", 3], ["", 2], ["\ud800", 3], ["\ud800", 2], ["a\udc00b", 9], ["ää", 3], ["abc", 0]].map(([text, size]) => {
    const target = new Uint8Array(size);
    return [new TextEncoder().encodeInto(text, target), target];
  }),
  "encodeInto: other targets": () => [undefined, null, {}, new Uint16Array(4), new ArrayBuffer(4), new DataView(new ArrayBuffer(4)), [], new Uint8ClampedArray(4), new Uint8Array(new SharedArrayBuffer(4))].map((target) => outcome(() => new TextEncoder().encodeInto("ab", target))),
  "encodeInto: one argument": () => new TextEncoder().encodeInto("a"),
  "encodeInto: no argument": () => new TextEncoder().encodeInto(),
  "encodeInto: result's shape": () => Object.getOwnPropertyNames(new TextEncoder().encodeInto("a", new Uint8Array(1))),
  "encodeInto: part of a buffer": () => {
    const whole = new Uint8Array(6);
    new TextEncoder().encodeInto("zz", whole.subarray(2, 4));
    return whole;
  },
  "encodeInto: detached": () => {
    const view = new Uint8Array(4);
    structuredClone(view.buffer, { transfer: [view.buffer] });
    return new TextEncoder().encodeInto("ab", view);
  },
  "atob: good": () => ["YWJj", "YQ==", "YQ", " Y\nQ\t=\f= \r", "YR==", "", "/+8=", "AA==", null, undefined, 1234, "ab=", "YWI", "  "].map((text) => outcome(() => atob(text))),
  "atob: bad": () => ["Y", "YQ=", "YQ===", "Y=Q=", "=", "==", "YW-j", "YW_j", "YWJj=", "YWJjY", "ä", "YQ\0=", "\xa0YQ==", "YQ=\v=", "A===", "AAAA====", "a", "abcde", {}, [], true].map((text) => outcome(() => atob(text))),
  "atob without argument": () => atob(),
  "atob of a symbol": () => atob(Symbol("x")),
  "atob that throws": () => atob({ toString() { throw new RangeError("mine"); } }),
  "btoa: good": () => ["abc", "\xff\0", "", 12, null, undefined, true, [1, 2], "\u0080"].map((text) => outcome(() => btoa(text))),
  "btoa: bad": () => ["€", "\u0100", "a😀", "\ud800"].map((text) => outcome(() => btoa(text))),
  "btoa without argument": () => btoa(),
  "btoa of a symbol": () => btoa(Symbol("x")),
  "atob and btoa, all bytes": () => {
    const all = Array.from({ length: 256 }, (_, i) => String.fromCharCode(i)).join("");
    return [btoa(all), atob(btoa(all)) === all];
  },
  "TextEncoderStream: pieces": () => through(new TextEncoderStream(), ["a", "\ud83d", "\ude00", "ü", "", "\ud800", "x", "\udc00"]),
  "TextEncoderStream: ends in a half": () => through(new TextEncoderStream(), ["a\ud83d"]),
  "TextEncoderStream: other types": () => through(new TextEncoderStream(), [1, null, undefined, { toString: () => "o" }, [1, 2]]),
  "TextEncoderStream: symbol": () => through(new TextEncoderStream(), [Symbol("x")]),
  "TextEncoderStream: outside": () => {
    const stream = new TextEncoderStream();
    return [stream.encoding, stream instanceof TransformStream, Object.getPrototypeOf(TextEncoderStream.prototype) === TransformStream.prototype, stream.readable instanceof ReadableStream, stream.writable instanceof WritableStream, Object.prototype.toString.call(stream)];
  },
  "TextDecoderStream: pieces": () => through(new TextDecoderStream(), [bytes(0xe2, 0x82), bytes(0xac, 0x41), bytes(), bytes(0xf0, 0x9f), bytes(0x98), bytes(0x80)]),
  "TextDecoderStream: ends in a half": () => through(new TextDecoderStream(), [bytes(0x41, 0xe2, 0x82)]),
  "TextDecoderStream: ends in a half, fatal": () => through(new TextDecoderStream("utf-8", { fatal: true }), [bytes(0x41, 0xe2, 0x82)]),
  "TextDecoderStream: bad, fatal": () => through(new TextDecoderStream("utf-8", { fatal: true }), [bytes(0x41), bytes(0xff), bytes(0x42)]),
  "TextDecoderStream: strings": () => through(new TextDecoderStream(), ["text"]),
  "TextDecoderStream: other types": () => through(new TextDecoderStream(), [{}]),
  "TextDecoderStream: buffers and views": () => through(new TextDecoderStream(), [bytes(65).buffer, new DataView(bytes(66, 67).buffer, 1), new Uint16Array([0x4544])]),
  "TextDecoderStream: marks": () => Promise.all([{}, { ignoreBOM: true }].map((options) => through(new TextDecoderStream("utf-8", options), [bytes(0xef), bytes(0xbb, 0xbf), bytes(65)]))),
  "TextDecoderStream: legacy": () => through(new TextDecoderStream("shift_jis"), [bytes(0x82), bytes(0xa0, 0x82), bytes(0xa2)]),
  "TextDecoderStream: outside": () => {
    const stream = new TextDecoderStream("latin1", { fatal: true, ignoreBOM: true });
    return [stream.encoding, stream.fatal, stream.ignoreBOM, stream instanceof TransformStream, Object.prototype.toString.call(stream)];
  },
  "TextDecoderStream: label": () => new TextDecoderStream("nonsense"),
  "descriptors": () => [TextEncoder, TextDecoder, TextEncoderStream, TextDecoderStream].map((one) => Object.getOwnPropertyNames(one.prototype).map((key) => {
    const found = Object.getOwnPropertyDescriptor(one.prototype, key);
    return `${key} ${found.enumerable} ${typeof found.get} ${typeof found.value} ${found.value?.length}`;
  })),
};
