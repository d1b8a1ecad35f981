// SPDX-License-Identifier: GPL-3.0-or-later
// Keys: made, exported, imported, wrapped, used, and what they refuse.

const { subtle } = crypto;
const text = (string) => new TextEncoder().encode(string);
const exponent = new Uint8Array([1, 0, 1]);
const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const flipped = (buffer, at = 0) => {
  const copy = new Uint8Array(buffer).slice();
  copy[at] ^= 1;
  return copy;
};

test("RSA: signatures, all ways of import and export, tampering", async () => {
  for (const [algorithm, use] of [
    [{ name: "RSA-PSS", hash: "SHA-256" }, { name: "RSA-PSS", saltLength: 32 }], [{ name: "RSA-PSS", hash: "SHA-1" }, { name: "RSA-PSS", saltLength: 0 }],
    [{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-512" }, "RSASSA-PKCS1-v1_5"],
  ]) {
    const pair = await subtle.generateKey({ ...algorithm, modulusLength: 1024, publicExponent: exponent }, true, ["sign", "verify"]);
    const message = text("a message");
    const signature = await subtle.sign(use, pair.privateKey, message);
    equal(signature.byteLength, 128);
    const publics = [pair.publicKey];
    const privates = [pair.privateKey];
    for (const format of ["spki", "jwk"]) publics.push(await subtle.importKey(format, await subtle.exportKey(format, pair.publicKey), algorithm, true, ["verify"]));
    for (const format of ["pkcs8", "jwk"]) privates.push(await subtle.importKey(format, await subtle.exportKey(format, pair.privateKey), algorithm, true, ["sign"]));
    for (const each of publics) {
      for (const key of privates) equal(await subtle.verify(use, each, await subtle.sign(use, key, message), message), true);
      equal(await subtle.verify(use, each, flipped(signature, 64), message), false, "changed 0");
      equal(await subtle.verify(use, each, signature, flipped(message)), false, "changed 1");
      equal(await subtle.verify(use, each, new Uint8Array(signature).subarray(1), message), false, "changed 2");
      equal(await subtle.verify(use, each, new Uint8Array(0), message), false, "changed 3");
    }
    equal(hex(await subtle.exportKey("pkcs8", privates[2])), hex(await subtle.exportKey("pkcs8", pair.privateKey)));
  }
});

test("RSA-OAEP: label, wrong label, tampering, a key that is wrapped", async () => {
  const algorithm = { name: "RSA-OAEP", hash: "SHA-256", modulusLength: 2048, publicExponent: exponent };
  const { publicKey, privateKey } = await subtle.generateKey(algorithm, false, ["encrypt", "decrypt", "wrapKey", "unwrapKey"]);
  equal(privateKey.extractable, false);
  equal(publicKey.extractable, true);
  const labelled = { name: "RSA-OAEP", label: text("label") };
  const sealed = await subtle.encrypt(labelled, publicKey, text("secret"));
  equal(new TextDecoder().decode(await subtle.decrypt(labelled, privateKey, sealed)), "secret");
  await rejects(subtle.decrypt("RSA-OAEP", privateKey, sealed), "OperationError", "RSA-OAEP failed encrypt/decrypt.");
  await rejects(subtle.decrypt(labelled, privateKey, flipped(sealed, 9)), "OperationError");
  equal((await subtle.decrypt("RSA-OAEP", privateKey, await subtle.encrypt("RSA-OAEP", publicKey, new Uint8Array(190)))).byteLength, 190);
  await rejects(subtle.encrypt("RSA-OAEP", publicKey, new Uint8Array(191)), "OperationError");
  const inner = await subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  for (const format of ["raw", "jwk"]) {
    const wrapped = await subtle.wrapKey(format, inner, publicKey, "RSA-OAEP");
    const back = await subtle.unwrapKey(format, wrapped, privateKey, "RSA-OAEP", "AES-GCM", true, ["encrypt", "decrypt"]);
    equal(hex(await subtle.exportKey("raw", back)), hex(await subtle.exportKey("raw", inner)));
  }
  await rejects(subtle.exportKey("pkcs8", privateKey), "InvalidAccessError", "non-extractable RSA-OAEP");
});

test("curves: every one signs, agrees and goes through every format", async () => {
  for (const [namedCurve, half, bits] of [["P-256", 32, 256], ["P-384", 48, 384], ["P-521", 66, 528]]) {
    const algorithm = { name: "ECDSA", namedCurve };
    const pair = await subtle.generateKey(algorithm, true, ["sign", "verify"]);
    for (const hash of ["SHA-1", "SHA-256", "SHA-384", "SHA-512"]) {
      const signature = await subtle.sign({ name: "ECDSA", hash }, pair.privateKey, text("x"));
      equal(signature.byteLength, 2 * half);
      for (const format of ["raw", "spki", "jwk"]) {
        const key = await subtle.importKey(format, await subtle.exportKey(format, pair.publicKey), algorithm, true, ["verify"]);
        equal(await subtle.verify({ name: "ECDSA", hash }, key, signature, text("x")), true);
        equal(await subtle.verify({ name: "ECDSA", hash }, key, signature, text("y")), false);
      }
    }
    const a = await subtle.generateKey({ name: "ECDH", namedCurve }, true, ["deriveBits", "deriveKey"]);
    const b = await subtle.generateKey({ name: "ECDH", namedCurve }, true, ["deriveBits"]);
    const bPrivate = await subtle.importKey("pkcs8", await subtle.exportKey("pkcs8", b.privateKey), { name: "ECDH", namedCurve }, true, ["deriveBits"]);
    const shared = await subtle.deriveBits({ name: "ECDH", public: b.publicKey }, a.privateKey);
    equal(shared.byteLength * 8, bits);
    equal(hex(shared), hex(await subtle.deriveBits({ name: "ECDH", public: a.publicKey }, bPrivate, null)));
    const key = await subtle.deriveKey({ name: "ECDH", public: b.publicKey }, a.privateKey, { name: "AES-CBC", length: 256 }, true, ["encrypt"]);
    equal(hex(await subtle.exportKey("raw", key)), hex(shared).slice(0, 64));
  }
});

test("a key cannot be forged or changed", async () => {
  throws(() => new CryptoKey(), TypeError, "Illegal constructor");
  const key = await subtle.generateKey({ name: "AES-GCM", length: 128 }, false, ["encrypt"]);
  const iv = new Uint8Array(12);
  for (const fake of [Object.create(key), { ...key }, Object.create(CryptoKey.prototype), new Proxy(key, {}), structuredCloneOrNull(key)]) {
    await rejects(subtle.encrypt({ name: "AES-GCM", iv }, fake, iv), TypeError, "parameter 2 is not of type 'CryptoKey'");
  }
  Object.defineProperty(key, "extractable", { value: true });
  Object.defineProperty(key, "usages", { value: ["decrypt"] });
  key.algorithm.name = "AES-CBC";
  await rejects(subtle.exportKey("raw", key), "InvalidAccessError");
  equal((await subtle.encrypt({ name: "AES-GCM", iv }, key, iv)).byteLength, 28);
  await rejects(subtle.decrypt({ name: "AES-GCM", iv }, key, new Uint8Array(28)), "InvalidAccessError");
  throws(() => structuredClone(key), "DataCloneError", "CryptoKey");
});

function structuredCloneOrNull(value) {
  try {
    return structuredClone(value);
  } catch {
    return null;
  }
}

test("what user code does to arguments while they are read", async () => {
  const key = await subtle.importKey("raw", new Uint8Array(16), "AES-GCM", true, ["encrypt"]);
  const data = new Uint8Array(32);
  const detaching = { name: "AES-GCM", get iv() { structuredClone(data.buffer, { transfer: [data.buffer] }); return new Uint8Array(12); } };
  equal((await subtle.encrypt(detaching, key, data)).byteLength, 16);
  const iv = new Uint8Array(12);
  const gone = { name: "AES-GCM", iv, get tagLength() { structuredClone(iv.buffer, { transfer: [iv.buffer] }); return 128; } };
  await rejects(subtle.encrypt(gone, key, new Uint8Array(1)), "OperationError", "IV must not be empty");
  const boom = new RangeError("mine");
  for (const field of ["name", "iv", "additionalData", "tagLength", "counter", "length", "label"]) {
    const algorithm = { name: "AES-GCM", iv: new Uint8Array(12), get [field]() { throw boom; } };
    equal(await rejects(subtle.encrypt(algorithm, key, new Uint8Array(1)), RangeError), boom);
  }
  await rejects(subtle.digest({ name: { toString() { throw boom; } } }, new Uint8Array(1)), RangeError);
  await rejects(subtle.importKey("raw", new Uint8Array(16), "AES-GCM", true, [{ toString() { throw boom; } }]), RangeError);
  await rejects(subtle.importKey("jwk", new Proxy({}, { get() { throw boom; } }), "AES-GCM", true, ["encrypt"]), RangeError);
  const fake = Object.setPrototypeOf(new Uint8Array(16), null);
  equal((await subtle.digest("SHA-256", fake)).byteLength, 32);
});

test("getRandomValues does not trust names", () => {
  throws(() => crypto.getRandomValues(Object.setPrototypeOf(new Float32Array(1), Uint8Array.prototype)), "TypeMismatchError");
  throws(() => crypto.getRandomValues(new DataView(new ArrayBuffer(1))), "TypeMismatchError");
  throws(() => crypto.getRandomValues(new Uint8Array(65537)), "QuotaExceededError");
  throws(() => crypto.getRandomValues.call({}, new Uint8Array(1)), TypeError, "Illegal invocation");
});

test("timingSafeEqual", () => {
  equal(subtle.timingSafeEqual(new Uint8Array([1, 2]), new Uint8Array([1, 2]).buffer), true);
  equal(subtle.timingSafeEqual(new Uint8Array([1, 2]), new Uint16Array([1])), false);
  equal(subtle.timingSafeEqual(new Uint8Array(0), new ArrayBuffer(0)), true);
  throws(() => subtle.timingSafeEqual(new Uint8Array(1), new Uint8Array(2)), TypeError, "same byte length");
});

test("DigestStream: errors", async () => {
  const stream = new crypto.DigestStream("SHA-1");
  const reason = new Error("no more");
  const digest = stream.digest;
  await stream.abort(reason);
  equal(await rejects(digest, Error), reason);
  throws(() => new crypto.DigestStream("SHA-3"), "NotSupportedError");
  throws(() => new crypto.DigestStream(), TypeError, "parameter 1 is not of type");
  const piped = new crypto.DigestStream({ name: "sha-256" });
  await new Response("x".repeat(100000)).body.pipeTo(piped);
  equal(hex(await piped.digest), hex(await subtle.digest("SHA-256", text("x".repeat(100000)))));
  equal(piped.bytesWritten, 100000n);
});
