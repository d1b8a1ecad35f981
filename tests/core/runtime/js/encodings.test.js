// SPDX-License-Identifier: GPL-3.0-or-later

const decode = (label, values, options) => new TextDecoder(label, options).decode(new Uint8Array(values));

test("one character of each encoding", () => {
  const table = {
    ibm866: [[0x80], "А"], "iso-8859-2": [[0xa1], "Ą"], "iso-8859-16": [[0xaa], "Ș"], "koi8-u": [[0xae], "ў"], macintosh: [[0x80], "Ä"], "windows-874": [[0xa1], "ก"], "windows-1255": [[0xca], "\u05ba"],
    "x-mac-cyrillic": [[0xff], "€"], "x-user-defined": [[0x80], "\uf780"], gbk: [[0xa3, 0xa0], "\u3000"], gb18030: [[0x81, 0x30, 0x81, 0x30], "\x80"], big5: [[0x88, 0x62], "Ê̄"], "euc-jp": [[0x8f, 0xa2, 0xaf], "˘"],
    "iso-2022-jp": [[0x1b, 0x24, 0x42, 0x24, 0x22], "あ"], shift_jis: [[0x82, 0xa0], "あ"], "euc-kr": [[0xb0, 0xa1], "가"], "utf-16be": [[0, 65], "A"],
  };
  for (const [label, [values, text]] of Object.entries(table)) equal(decode(label, values), text, label);
  equal(decode("gb18030", [0x90, 0x30, 0x81, 0x30]), "\u{10000}");
  equal(decode("gb18030", [0xe3, 0x32, 0x9a, 0x35]), "\u{10ffff}");
});

test("what is cut at each place comes out the same", () => {
  const bytes = new Uint8Array([0x41, 0x81, 0x30, 0x81, 0x30, 0x8f, 0xa2, 0xaf, 0x1b, 0x24, 0x42, 0x24, 0x22, 0x1b, 0x28, 0x42, 0xff, 0x80, 0xd8, 0x3d, 0xde, 0x00, 0x41, 0x0a]);
  for (const label of ["gbk", "gb18030", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr", "utf-16be", "utf-16le", "koi8-r"]) {
    const whole = new TextDecoder(label).decode(bytes);
    for (let cut = 0; cut <= bytes.length; ++cut) {
      const decoder = new TextDecoder(label);
      equal(decoder.decode(bytes.subarray(0, cut), { stream: true }) + decoder.decode(bytes.subarray(cut)), whole, `${label} at ${cut}`);
    }
    const single = new TextDecoder(label);
    let text = "";
    for (const byte of bytes) text += single.decode(new Uint8Array([byte]), { stream: true });
    equal(text + single.decode(), whole, `${label}, byte by byte`);
  }
});

test("errors end a fatal decoder's text, not the decoder", () => {
  for (const label of ["gbk", "big5", "euc-jp", "iso-2022-jp", "euc-kr", "utf-16le", "iso-8859-3"]) {
    const decoder = new TextDecoder(label, { fatal: true });
    throws(() => decoder.decode(new Uint8Array([0xff, 0xa5, 0xff])), TypeError, "Failed to decode input.");
    equal(decoder.decode(new Uint8Array(label === "utf-16le" ? [65, 0] : [65])), "A", label);
  }
  for (const label of ["replacement", "utf-7", "utf-32", "iso-2022-kr", "latin1\0", "\u00a0utf-8"]) throws(() => new TextDecoder(label), RangeError, "is not a valid encoding.");
});

test("the tables cannot be reached by the names of properties", () => {
  for (const label of ["__proto__", "constructor", "toString"]) throws(() => new TextDecoder(label), RangeError);
});
