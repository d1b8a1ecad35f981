// SPDX-License-Identifier: GPL-3.0-or-later
// Published test vectors, both ways; and that nothing that was tampered with passes.

const { subtle } = crypto;
const bytes = (hex) => new Uint8Array((hex.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const text = (string) => new TextEncoder().encode(string);
const flipped = (buffer, at = 0) => {
  const copy = new Uint8Array(buffer).slice();
  copy[at] ^= 1;
  return copy;
};

test("digests of abc", async () => {
  const expected = {
    MD5: "900150983cd24fb0d6963f7d28e17f72",
    "SHA-1": "a9993e364706816aba3e25717850c26c9cd0d89d",
    "SHA-256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "SHA-384": "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    "SHA-512": "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
  };
  for (const name of Object.keys(expected)) {
    equal(hex(await subtle.digest(name, text("abc"))), expected[name], name);
    equal(hex(await subtle.digest({ name: name.toLowerCase() }, new DataView(text("xabcx").buffer, 1, 3))), expected[name], name);
    const stream = new crypto.DigestStream(name);
    const writer = stream.getWriter();
    writer.write(text("a"));
    writer.write("bc");
    await writer.close();
    equal(hex(await stream.digest), expected[name], name);
    equal(stream.bytesWritten, 3n);
  }
});

test("AES-GCM: test cases 3 to 5 of NIST's submission", async () => {
  const plain = "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
  const key = await subtle.importKey("raw", bytes("feffe9928665731c6d6a8f9467308308"), "AES-GCM", false, ["encrypt", "decrypt"]);
  const aad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
  for (const [iv, additional, data, cipher, tag] of [
    ["cafebabefacedbaddecaf888", "", plain,
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985", "4d5c2af327cd64a62cf35abd2ba6fab4"],
    ["cafebabefacedbaddecaf888", aad, plain.slice(0, 120),
      "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091", "5bc94fbc3221a5db94fae95ae7121a47"],
    ["cafebabefacedbad", aad, plain.slice(0, 120),
      "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c742373806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598", "3612d2e79e3b0785561be14aaca2fccb"],
  ]) {
    for (const tagLength of [32, 64, 96, 104, 112, 120, 128]) {
      const algorithm = { name: "AES-GCM", iv: bytes(iv), additionalData: bytes(additional), tagLength };
      const sealed = await subtle.encrypt(algorithm, key, bytes(data));
      equal(hex(sealed), cipher + tag.slice(0, tagLength / 4));
      equal(hex(await subtle.decrypt(algorithm, key, sealed)), data);
      for (const at of [0, 59, sealed.byteLength - 1]) await rejects(subtle.decrypt(algorithm, key, flipped(sealed, at)), "OperationError", "Decryption failed");
      await rejects(subtle.decrypt({ ...algorithm, additionalData: bytes(aad + "00") }, key, sealed), "OperationError");
      await rejects(subtle.decrypt({ ...algorithm, iv: bytes(iv + "00") }, key, sealed), "OperationError");
    }
  }
});

test("AES-CBC and AES-CTR: NIST SP 800-38A", async () => {
  const raw = bytes("2b7e151628aed2a6abf7158809cf4f3c");
  const plain = "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51";
  const cbc = await subtle.importKey("raw", raw, "AES-CBC", false, ["encrypt", "decrypt"]);
  const iv = { name: "AES-CBC", iv: bytes("000102030405060708090a0b0c0d0e0f") };
  const sealed = await subtle.encrypt(iv, cbc, bytes(plain));
  equal(hex(sealed).slice(0, 64), "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2");
  equal(hex(await subtle.decrypt(iv, cbc, sealed)), plain);
  await rejects(subtle.decrypt(iv, cbc, new Uint8Array(sealed).subarray(0, 32)), "OperationError");
  const ctr = await subtle.importKey("raw", raw, "AES-CTR", false, ["encrypt", "decrypt"]);
  const expected = "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff";
  for (const length of [8, 64, 127, 128]) {
    const counter = { name: "AES-CTR", counter: bytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"), length };
    const stream = await subtle.encrypt(counter, ctr, bytes(plain));
    equal(hex(stream).slice(0, 32), expected.slice(0, 32));
    if (length > 8) equal(hex(stream), expected);
    equal(hex(await subtle.decrypt(counter, ctr, stream)), plain);
  }
});

test("AES-CTR: a counter of any length begins again at its own zero", async () => {
  const raw = bytes("00112233445566778899aabbccddeeff");
  const ctr = await subtle.importKey("raw", raw, "AES-CTR", false, ["encrypt"]);
  for (const length of [1, 2, 5, 8, 9, 15, 31, 33, 65]) {
    const counter = new Uint8Array(16).fill(0xff);
    const zeroed = counter.slice();
    for (let bit = 0; bit < length; ++bit) zeroed[15 - (bit >> 3)] &= ~(1 << (bit & 7));
    const both = hex(await subtle.encrypt({ name: "AES-CTR", counter, length }, ctr, new Uint8Array(32)));
    const first = hex(await subtle.encrypt({ name: "AES-CTR", counter, length: 128 }, ctr, new Uint8Array(16)));
    const second = hex(await subtle.encrypt({ name: "AES-CTR", counter: zeroed, length: 128 }, ctr, new Uint8Array(16)));
    equal(both, first + second, `${length} bits`);
  }
});

test("AES-KW: RFC 3394", async () => {
  for (const [kek, key, wrapped] of [
    ["000102030405060708090a0b0c0d0e0f", "00112233445566778899aabbccddeeff", "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"],
    ["000102030405060708090a0b0c0d0e0f1011121314151617", "00112233445566778899aabbccddeeff", "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"],
    ["000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
      "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"],
  ]) {
    const wrapping = await subtle.importKey("raw", bytes(kek), "AES-KW", false, ["wrapKey", "unwrapKey"]);
    const inner = await subtle.importKey("raw", bytes(key), "AES-GCM", true, ["encrypt"]);
    equal(hex(await subtle.wrapKey("raw", inner, wrapping, "AES-KW")), wrapped);
    const back = await subtle.unwrapKey("raw", bytes(wrapped), wrapping, "AES-KW", "AES-GCM", true, ["encrypt"]);
    equal(hex(await subtle.exportKey("raw", back)), key);
    for (let at = 0; at < wrapped.length / 2; ++at) {
      await rejects(subtle.unwrapKey("raw", flipped(bytes(wrapped), at), wrapping, "AES-KW", "AES-GCM", true, ["encrypt"]), "OperationError", "AES-KW key unwrapping failed.");
    }
  }
});

test("HMAC: RFC 4231", async () => {
  for (const [key, data, hash, expected] of [
    ["0b".repeat(20), text("Hi There"), "SHA-256", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
    [hex(text("Jefe")), text("what do ya want for nothing?"), "SHA-256", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"],
    [hex(text("Jefe")), text("what do ya want for nothing?"), "SHA-512",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"],
    ["aa".repeat(131), text("Test Using Larger Than Block-Size Key - Hash Key First"), "SHA-256", "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"],
  ]) {
    const made = await subtle.importKey("raw", bytes(key), { name: "HMAC", hash }, true, ["sign", "verify"]);
    equal(hex(await subtle.sign("HMAC", made, data)), expected);
    equal(await subtle.verify("HMAC", made, bytes(expected), data), true);
    equal(await subtle.verify("HMAC", made, flipped(bytes(expected), 5), data), false);
    equal(await subtle.verify("HMAC", made, bytes(expected.slice(2)), data), false);
    equal(await subtle.verify("HMAC", made, bytes(expected), flipped(data)), false);
    const again = await subtle.importKey("jwk", await subtle.exportKey("jwk", made), { name: "HMAC", hash }, true, ["sign"]);
    equal(hex(await subtle.sign("HMAC", again, data)), expected);
  }
});

test("HKDF: RFC 5869", async () => {
  const key = await subtle.importKey("raw", bytes("0b".repeat(22)), "HKDF", false, ["deriveBits"]);
  const derive = async (salt, info) => hex(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: bytes(salt), info: bytes(info) }, key, 42 * 8));
  equal(await derive("000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9"), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  equal(await derive("", ""), "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
  const empty = await subtle.importKey("raw", new Uint8Array(0), "HKDF", false, ["deriveBits"]);
  equal(hex(await subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt: bytes(""), info: bytes("") }, empty, 256)), "eb70f01dede9afafa449eee1b1286504e1f62388b3f7dd4f956697b0e828fe18");
});

test("PBKDF2: RFC 6070", async () => {
  const key = await subtle.importKey("raw", text("password"), "PBKDF2", false, ["deriveBits"]);
  for (const [hash, iterations, expected] of [
    ["SHA-1", 1, "0c60c80f961f0e71f3a9b524af6012062fe037a6"],
    ["SHA-1", 2, "ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957"],
    ["SHA-1", 4096, "4b007901b765489abead49d926f721d065a429c1"],
    ["SHA-256", 1, "120fb6cffcf8b32c43e7225256c4f837a86548c92ccc35480805987cb70be17b"],
  ]) {
    equal(hex(await subtle.deriveBits({ name: "PBKDF2", hash, salt: text("salt"), iterations }, key, expected.length * 4)), expected);
  }
  await rejects(subtle.deriveBits({ name: "PBKDF2", hash: "SHA-1", salt: text("salt"), iterations: 100001 }, key, 8), "NotSupportedError",
    "Pbkdf2 failed: iteration counts above 100000 are not supported (requested 100001).");
});

const base64Url = (string) => btoa(String.fromCharCode(...bytes(string))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

test("Ed25519: RFC 8032", async () => {
  for (const [secret, point, message, signature] of [
    ["9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"],
    ["4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb", "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"],
  ]) {
    const jwk = { kty: "OKP", crv: "Ed25519", x: base64Url(point), d: base64Url(secret) };
    for (const algorithm of ["Ed25519", { name: "NODE-ED25519", namedCurve: "NODE-ED25519" }]) {
      const mine = await subtle.importKey("jwk", jwk, algorithm, true, ["sign"]);
      const theirs = await subtle.importKey("raw", bytes(point), algorithm, true, ["verify"]);
      equal(hex(await subtle.sign(algorithm, mine, bytes(message))), signature);
      equal(await subtle.verify(algorithm, theirs, bytes(signature), bytes(message)), true);
      for (const at of [0, 31, 32, 63]) equal(await subtle.verify(algorithm, theirs, flipped(bytes(signature), at), bytes(message)), false);
      equal(await subtle.verify(algorithm, theirs, bytes(signature), bytes(message + "00")), false);
      const pkcs8 = await subtle.exportKey("pkcs8", mine);
      equal(hex(pkcs8), `302e020100300506032b657004220420${secret}`);
      equal(hex(await subtle.exportKey("spki", theirs)), `302a300506032b6570032100${point}`);
      const again = await subtle.importKey("pkcs8", pkcs8, algorithm, true, ["sign"]);
      equal((await subtle.exportKey("jwk", again)).x, jwk.x);
    }
  }
});

test("X25519: RFC 7748", async () => {
  for (const [scalar, point, secret] of [
    ["a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4", "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552"],
    ["4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d", "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957"],
  ]) {
    const mine = await subtle.importKey("jwk", { kty: "OKP", crv: "X25519", x: base64Url(point), d: base64Url(scalar) }, "X25519", true, ["deriveBits"]);
    const theirs = await subtle.importKey("raw", bytes(point), "X25519", true, []);
    equal(hex(await subtle.deriveBits({ name: "X25519", public: theirs }, mine)), secret);
    equal(hex(await subtle.deriveBits({ name: "X25519", public: theirs }, mine, 9)), hex([bytes(secret)[0], bytes(secret)[1] & 0x80]));
  }
});

test("ECDSA: RFC 6979, P-256", async () => {
  const [d, x, y] = ["c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721", "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6",
    "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299"];
  const signature = "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8";
  const curve = { name: "ECDSA", namedCurve: "P-256" };
  const algorithm = { name: "ECDSA", hash: "SHA-256" };
  const open = await subtle.importKey("raw", bytes(`04${x}${y}`), curve, true, ["verify"]);
  const message = text("sample");
  equal(await subtle.verify(algorithm, open, bytes(signature), message), true);
  for (const at of [0, 31, 32, 63]) equal(await subtle.verify(algorithm, open, flipped(bytes(signature), at), message), false);
  const zero = "00".repeat(32);
  const r = signature.slice(0, 64);
  const s = signature.slice(64);
  const n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
  for (const bad of ["", "00", r, `${r}${s}00`, `00${r}${s}`, zero + zero, r + zero, zero + s, r + n, n + s, "ff".repeat(64), `30450221 00${r}0221 00${s}`.replaceAll(" ", "")]) {
    equal(await subtle.verify(algorithm, open, bytes(bad), message), false, bad);
  }
  const compressed = await subtle.importKey("raw", bytes(`03${x}`), curve, true, ["verify"]);
  equal(hex(await subtle.exportKey("raw", compressed)), `04${x}${y}`);
  const mine = await subtle.importKey("jwk", { kty: "EC", crv: "P-256", x: base64Url(x), y: base64Url(y), d: base64Url(d) }, curve, true, ["sign"]);
  const own = await subtle.sign(algorithm, mine, message);
  equal(own.byteLength, 64);
  equal(await subtle.verify(algorithm, open, own, message), true);
  equal((await subtle.exportKey("jwk", mine)).d, base64Url(d));
});
