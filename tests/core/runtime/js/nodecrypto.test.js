// SPDX-License-Identifier: GPL-3.0-or-later

const c = process.getBuiltinModule("node:crypto");
const hex = (string) => Buffer.from(string, "hex");

test("digests: encodings, copies, streams", async () => {
  equal(c.createHash("sha256").update("ab").update(Buffer.from("c")).digest("hex"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  equal(c.createHash("md5").update("616263", "hex").digest("base64"), "kAFQmDzST7DWlj99KOF/cg==");
  equal(c.hash("sha1", "abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  const first = c.createHash("sha1").update("a");
  const second = first.copy();
  equal(first.update("bc").digest("hex"), "a9993e364706816aba3e25717850c26c9cd0d89d");
  equal(second.digest("hex"), "86f7e437faa5a7fce15d1ddcb9eaeaea377667b8");
  throws(() => first.update("x"), Error, "Digest already called");
  throws(() => first.copy(), Error, "Digest already called");
  throws(() => c.createHash("sha3-256"), Error, "Digest method not supported");
  for (const bad of [undefined, null, 5, {}, [], Symbol("x"), new ArrayBuffer(2)]) throws(() => c.createHash("md5").update(bad), TypeError);
  const streamed = await new Promise((resolve) => {
    const stream = c.createHash("sha1");
    stream.on("data", resolve);
    stream.write("ab");
    stream.end("c");
  });
  equal(streamed.toString("hex"), "a9993e364706816aba3e25717850c26c9cd0d89d");
});

test("HMAC: RFC 4231, through every kind of key", async () => {
  const expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
  const webKey = await crypto.subtle.importKey("raw", Buffer.from("Jefe"), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  for (const key of ["Jefe", Buffer.from("Jefe"), c.createSecretKey("Jefe"), webKey]) {
    equal(c.createHmac("sha256", key).update("what do ya want for nothing?").digest("hex"), expected);
  }
});

test("derivation: scrypt of RFC 7914, PBKDF2 of RFC 6070, HKDF of RFC 5869", () => {
  equal(c.scryptSync("", "", 64, { N: 16, r: 1, p: 1 }).toString("hex"),
    "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906");
  equal(c.pbkdf2Sync("password", "salt", 4096, 20, "sha1").toString("hex"), "4b007901b765489abead49d926f721d065a429c1");
  equal(Buffer.from(c.hkdfSync("sha256", Buffer.alloc(22, 0x0b), hex("000102030405060708090a0b0c"), hex("f0f1f2f3f4f5f6f7f8f9"), 42)).toString("hex"),
    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  throws(() => c.scryptSync("p", "s", 8, { N: 3 }), Error, "Scrypt failed");
  throws(() => c.scryptSync("p", "s", 8, { N: 1 << 19, r: 8, p: 1 }), Error, "Scrypt failed");
});

test("ciphers: both ways, in pieces, tampered with", () => {
  for (const [name, keySize, ivSize] of [["aes-128-cbc", 16, 16], ["aes-192-ctr", 24, 16], ["aes-256-gcm", 32, 12], ["aes-128-gcm", 16, 16], ["aes-256-ecb", 32, 0], ["chacha20-poly1305", 32, 12]]) {
    const [key, iv, plain] = [c.randomBytes(keySize), c.randomBytes(ivSize), c.randomBytes(1000)];
    const authenticated = /gcm|poly/.test(name);
    const cipher = c.createCipheriv(name, key, ivSize ? iv : null);
    if (authenticated) cipher.setAAD(Buffer.from("more"));
    const sealed = Buffer.concat([cipher.update(plain.subarray(0, 333)), cipher.update(plain.subarray(333)), cipher.final()]);
    const open = (bytes, tag, more = "more") => {
      const decipher = c.createDecipheriv(name, key, ivSize ? iv : null);
      if (authenticated) decipher.setAAD(Buffer.from(more)).setAuthTag(tag);
      return Buffer.concat([decipher.update(bytes), decipher.final()]);
    };
    const tag = authenticated ? cipher.getAuthTag() : undefined;
    ok(open(sealed, tag).equals(plain), name);
    if (!authenticated) continue;
    const changed = Buffer.from(sealed);
    changed[500] ^= 1;
    throws(() => open(changed, tag), Error, "Authentication failed");
    throws(() => open(sealed, Buffer.alloc(16)), Error, "Authentication failed");
    throws(() => open(sealed, tag, "less"), Error, "Authentication failed");
    throws(() => open(sealed, Buffer.alloc(3)), Error, "Invalid authentication tag length");
  }
  throws(() => c.createCipheriv("aes-128-cbc", Buffer.alloc(15), Buffer.alloc(16)), Error, "Invalid key length");
  throws(() => c.createCipheriv("aes-128-cbc", Buffer.alloc(16), null), Error, "Invalid initialization vector");
  throws(() => c.createCipheriv("aes-128-ccm", Buffer.alloc(16), Buffer.alloc(12)), Error, "Unknown or unsupported cipher");
});

test("keys: PEM, DER, JWK and with a passphrase, and signatures with all of them", () => {
  for (const [type, options, digest] of [["rsa", { modulusLength: 1024 }, "sha256"], ["ec", { namedCurve: "P-384" }, "sha384"], ["ed25519", {}, null]]) {
    const pair = c.generateKeyPairSync(type, options);
    equal(pair.publicKey.asymmetricKeyType, type);
    const message = Buffer.from("message");
    const privates = [pair.privateKey];
    const publics = [pair.publicKey, c.createPublicKey(pair.privateKey)];
    for (const kind of type === "rsa" ? ["pkcs8", "pkcs1"] : type === "ec" ? ["pkcs8", "sec1"] : ["pkcs8"]) {
      const pem = pair.privateKey.export({ type: kind, format: "pem" });
      privates.push(c.createPrivateKey(pem), c.createPrivateKey({ key: pair.privateKey.export({ type: kind, format: "der" }), format: "der", type: kind }));
      publics.push(c.createPublicKey(pem));
    }
    const locked = pair.privateKey.export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open" });
    ok(locked.startsWith("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
    privates.push(c.createPrivateKey({ key: locked, passphrase: "open" }), c.createPrivateKey({ key: pair.privateKey.export({ format: "jwk" }), format: "jwk" }));
    for (const passphrase of [undefined, "shut", "x".repeat(1024)]) throws(() => c.createPrivateKey({ key: locked, passphrase }), Error, "Failed to parse private key");
    publics.push(c.createPublicKey(pair.publicKey.export({ type: "spki", format: "pem" })), c.createPublicKey({ key: pair.publicKey.export({ format: "jwk" }), format: "jwk" }));
    publics.push(c.createPublicKey({ key: pair.publicKey.export({ type: "spki", format: "der" }), format: "der", type: "spki" }));
    for (const key of privates) {
      equal(key.equals(pair.privateKey), true);
      const signature = c.sign(digest, message, key);
      for (const each of publics) {
        equal(each.equals(pair.publicKey), true);
        equal(c.verify(digest, message, each, signature), true);
        equal(c.verify(digest, Buffer.from("other"), each, signature), false);
      }
    }
  }
  for (const bad of ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]) throws(() => c.createPrivateKey(bad), Error, "Failed to parse private key");
});

test("createSign and createVerify in pieces; RSA both ways; ECDH", () => {
  const rsa = c.generateKeyPairSync("rsa", { modulusLength: 1024 });
  const signature = c.createSign("RSA-SHA256").update("mess").update("age").sign(rsa.privateKey, "base64");
  equal(c.createVerify("RSA-SHA256").update("message").verify(rsa.publicKey, signature, "base64"), true);
  equal(c.createVerify("RSA-SHA256").update("messages").verify(rsa.publicKey, signature, "base64"), false);
  equal(c.privateDecrypt(rsa.privateKey, c.publicEncrypt(rsa.publicKey, Buffer.from("hi"))).toString(), "hi");
  equal(c.publicDecrypt(rsa.publicKey, c.privateEncrypt(rsa.privateKey, Buffer.from("hi"))).toString(), "hi");
  throws(() => c.privateDecrypt(rsa.privateKey, Buffer.alloc(128, 1)), Error);
  const [a, b] = [c.createECDH("secp384r1"), c.createECDH("P-384")];
  a.generateKeys();
  b.generateKeys();
  equal(a.computeSecret(b.getPublicKey(null, "compressed"), null, "hex"), b.computeSecret(a.getPublicKey("hex"), "hex", "hex"));
  throws(() => a.computeSecret(Buffer.alloc(97)), Error);
  const pair = c.generateKeyPairSync("x25519");
  equal(c.diffieHellman({ privateKey: pair.privateKey, publicKey: pair.publicKey }).length, 32);
});

test("random values and primes", async () => {
  equal(c.randomBytes(10).length, 10);
  const filled = c.randomFillSync(new Uint8Array(100), 90);
  equal(filled.length, 10);
  for (let i = 0; i < 100; ++i) {
    const n = c.randomInt(-3, 4);
    ok(Number.isInteger(n) && n >= -3 && n < 4);
  }
  throws(() => c.randomInt(5, 5), RangeError);
  equal(c.checkPrimeSync(2n ** 127n - 1n), true);
  equal(c.checkPrimeSync(2n ** 128n + 1n), false);
  equal(c.checkPrimeSync(c.generatePrimeSync(64)), true);
  equal((await new Promise((resolve) => c.randomBytes(7, (error, bytes) => resolve(bytes)))).length, 7);
});

test("KeyObject: none can be made up", () => {
  throws(() => new c.KeyObject(), Error, "Illegal constructor");
  throws(() => new c.SecretKeyObject(Symbol("x"), {}), Error, "Illegal constructor");
  const key = c.createSecretKey(Buffer.from("key"));
  key.export().fill(0);
  equal(key.export().toString(), "key");
  for (const fake of [Object.create(key), { type: "secret" }, new Proxy(key, {})]) throws(() => c.createHmac("md5", fake), TypeError);
});
