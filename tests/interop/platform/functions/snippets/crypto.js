// SPDX-License-Identifier: GPL-3.0-or-later
const S = crypto.subtle;
const u8 = (n) => new Uint8Array(n);
const text = (string) => new TextEncoder().encode(string);
const once = (make) => {
  let made;
  return () => (made ??= make());
};
const shown = (made) => {
  const key = made.privateKey ?? made;
  return [key.type, key.extractable, key.algorithm, key.usages, made.publicKey?.usages, made.publicKey?.extractable];
};
const table = (what, rows, run) => Object.fromEntries(Object.entries(rows).map(([name, row]) => [`${what}: ${name}`, () => run(row)]));
const lazy = (what, names, rows, run) => Object.fromEntries(names.map((name) => [`${what}: ${name}`, async () => run((await rows())[name])]));

const keys = once(async () => ({
  H: await S.importKey("raw", u8(20), { name: "HMAC", hash: "SHA-256" }, true, ["sign", "verify"]),
  A: await S.importKey("raw", u8(16), "AES-GCM", true, ["encrypt", "decrypt", "wrapKey", "unwrapKey"]),
  C: await S.importKey("raw", u8(16), "AES-CBC", true, ["encrypt", "decrypt", "wrapKey", "unwrapKey"]),
  T: await S.importKey("raw", u8(16), "AES-CTR", false, ["encrypt", "decrypt"]),
  W: await S.importKey("raw", u8(16), "AES-KW", true, ["wrapKey", "unwrapKey"]),
  M: await S.importKey("raw", u8(2), { name: "HMAC", hash: "MD5" }, true, ["sign"]),
  P: await S.importKey("raw", u8(2), "PBKDF2", false, ["deriveBits", "deriveKey"]),
  K: await S.importKey("raw", u8(2), "HKDF", false, ["deriveBits", "deriveKey"]),
  X: await S.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits", "deriveKey"]),
  X3: await S.generateKey({ name: "ECDH", namedCurve: "P-384" }, true, ["deriveBits"]),
  X5: await S.generateKey("X25519", true, ["deriveBits"]),
  E: await S.generateKey({ name: "ECDSA", namedCurve: "P-256" }, true, ["sign", "verify"]),
  D: await S.generateKey("Ed25519", true, ["sign", "verify"]),
  RP: await S.generateKey({ name: "RSA-PSS", hash: "SHA-512", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) }, true, ["sign", "verify"]),
  RO: await S.generateKey({ name: "RSA-OAEP", hash: "SHA-1", modulusLength: 1024, publicExponent: new Uint8Array([1, 0, 1]) }, true, ["encrypt", "decrypt", "wrapKey", "unwrapKey"]),
  RS: await S.generateKey({ name: "RSASSA-PKCS1-v1_5", hash: "SHA-512", modulusLength: 512, publicExponent: new Uint8Array([1, 0, 1]) }, true, ["sign", "verify"]),
}));

const generated = {
  none: [],
  alg: ["AES-GCM"],
  alg2: ["HMAC", u8(2)],
  bad3: [{name:"HMAC", hash:"SHA-1"}, true, "x"],
  bad3b: [{name:"HMAC", hash:"SHA-1"}, true, [1]],
  bad3c: [{name:"HMAC", hash:"SHA-1"}, true, null],
  emptyu: [{name:"HMAC", hash:"SHA-1"}, true, []],
  badu: [{name:"HMAC", hash:"SHA-1"}, true, ["encrypt"]],
  badu2: [{name:"HMAC", hash:"SHA-1"}, true, ["zz"]],
  nohash: [{name:"HMAC"}, true, ["sign"]],
  badhash: [{name:"HMAC", hash:"x"}, true, ["sign"]],
  hashnull: [{name:"HMAC", hash:null}, true, ["sign"]],
  hashnum: [{name:"HMAC", hash:5}, true, ["sign"]],
  hashobj: [{name:"HMAC", hash:{}}, true, ["sign"]],
  hashmd5: [{name:"hmac", hash:"md5"}, true, ["sign", "verify", "sign"]],
  len0: [{name:"HMAC", hash:"SHA-1", length:0}, true, ["sign"]],
  lenstr: [{name:"HMAC", hash:"SHA-1", length:"12"}, true, ["sign"]],
  lenx: [{name:"HMAC", hash:"SHA-1", length:"x"}, true, ["sign"]],
  lenobj: [{name:"HMAC", hash:"SHA-1", length:{}}, true, ["sign"]],
  lenbig: [{name:"HMAC", hash:"SHA-1", length:2**40}, true, ["sign"]],
  lenneg: [{name:"HMAC", hash:"SHA-1", length:-5}, true, ["sign"]],
  lennull: [{name:"HMAC", hash:"SHA-1", length:null}, true, ["sign"]],
  aesnolen: [{name:"AES-CBC"}, true, ["encrypt"]],
  aeslen: [{name:"AES-CBC", length:129}, true, ["encrypt"]],
  aesstr: [{name:"AES-KW", length:128}, true, ["encrypt"]],
  ecnone: [{name:"ECDSA"}, true, ["sign"]],
  ecbad: [{name:"ECDSA", namedCurve:"P-224"}, true, ["sign"]],
  eclow: [{name:"ecdsa", namedCurve:"p-256"}, true, ["sign"]],
  ecver: [{name:"ECDSA", namedCurve:"P-256"}, true, ["verify"]],
  ecdhu: [{name:"ECDH", namedCurve:"P-256"}, true, ["sign"]],
  rsano: [{name:"RSA-PSS"}, true, ["sign"]],
  rsanomod: [{name:"RSA-PSS", hash:"SHA-1", publicExponent:u8(3)}, true, ["sign"]],
  rsae: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:2048, publicExponent:u8(3)}, true, ["sign"]],
  rsam: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:2049, publicExponent:new Uint8Array([1, 0, 1])}, true, ["sign"]],
  rsam2: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:2056, publicExponent:new Uint8Array([1, 0, 1])}, true, ["sign"]],
  rsam3: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:128, publicExponent:new Uint8Array([1, 0, 1])}, true, ["sign"]],
  rsam512: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:512, publicExponent:new Uint8Array([1, 0, 1])}, true, ["sign"]],
  rsam256: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:256, publicExponent:new Uint8Array([1, 0, 1])}, true, ["sign"]],
  rsa0: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:0, publicExponent:new Uint8Array([1, 0, 1])}, true, ["sign"]],
  rsabig: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:1e6, publicExponent:new Uint8Array([1, 0, 1])}, true, ["sign"]],
  rsaebig: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:2048, publicExponent:new Uint8Array(9).fill(1)}, true, ["sign"]],
  rsa17: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:2048, publicExponent:new Uint8Array([17])}, true, ["sign"]],
  rsaestr: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:2048, publicExponent:"x"}, true, ["sign"]],
  rsaebuf: [{name:"RSA-PSS", hash:"SHA-1", modulusLength:1024, publicExponent:new Uint8Array([1, 0, 1]).buffer}, true, ["sign"]],
  raw: [{name:"RSA-RAW"}, true, ["sign"]],
  pb: ["PBKDF2", true, ["deriveBits"]],
  ed: ["Ed25519", true, ["encrypt"]],
  ned: [{name:"NODE-ED25519"}, true, ["sign"]],
  ned2: [{name:"NODE-ED25519", namedCurve:"x"}, true, ["sign"]],
  sha: ["SHA-256", true, ["sign"]],
};

const imported = {
  fmt: ["x", u8(16), "AES-GCM", true, ["encrypt"]],
  raws: ["raw", "x", "AES-GCM", true, ["encrypt"]],
  rawobj: ["raw", {}, "AES-GCM", true, ["encrypt"]],
  rawjwk: ["raw", {kty:"oct"}, "AES-GCM", true, ["encrypt"]],
  jwkraw: ["jwk", u8(16), "AES-GCM", true, ["encrypt"]],
  jwke: ["jwk", {}, "AES-GCM", true, ["encrypt"]],
  jwknk: ["jwk", {kty:"oct"}, "AES-GCM", true, ["encrypt"]],
  jwkrsa: ["jwk", {kty:"RSA"}, "AES-GCM", true, ["encrypt"]],
  jwkbadk: ["jwk", {kty:"oct", k:"!!"}, "AES-GCM", true, ["encrypt"]],
  jwkshort: ["jwk", {kty:"oct", k:"AAAA"}, "AES-GCM", true, ["encrypt"]],
  jwkok: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA"}, "AES-GCM", true, ["encrypt"]],
  jwkokeq: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA=="}, "AES-GCM", true, ["encrypt"]],
  jwkalg: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA", alg:"A256GCM"}, "AES-GCM", true, ["encrypt"]],
  jwkuse: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA", use:"sig"}, "AES-GCM", true, ["encrypt"]],
  jwkops: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA", key_ops:["decrypt"]}, "AES-GCM", true, ["encrypt"]],
  jwkopsd: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA", key_ops:["decrypt", "decrypt"]}, "AES-GCM", true, ["encrypt"]],
  jwkopsbad: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA", key_ops:["encrypt", "zz"]}, "AES-GCM", true, ["encrypt"]],
  jwkext: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA", ext:false}, "AES-GCM", true, ["encrypt"]],
  jwkext2: ["jwk", {kty:"oct", k:"AAAAAAAAAAAAAAAAAAAAAA", ext:false}, "AES-GCM", false, ["encrypt"]],
  a15: ["raw", u8(15), "AES-GCM", true, ["encrypt"]],
  a0: ["raw", u8(0), "AES-GCM", true, ["encrypt"]],
  au: ["raw", u8(16), "AES-GCM", true, ["sign"]],
  ae: ["raw", u8(16), "AES-GCM", true, []],
  aspki: ["spki", u8(16), "AES-GCM", true, ["encrypt"]],
  unk: ["raw", u8(16), "FOO", true, ["encrypt"]],
  hm0: ["raw", u8(0), {name:"HMAC", hash:"SHA-1"}, true, ["sign"]],
  hml: ["raw", u8(2), {name:"HMAC", hash:"SHA-1", length:7}, true, ["sign"]],
  hml2: ["raw", u8(2), {name:"HMAC", hash:"SHA-1", length:9}, true, ["sign"]],
  hml3: ["raw", u8(2), {name:"HMAC", hash:"SHA-1", length:17}, true, ["sign"]],
  hml4: ["raw", u8(2), {name:"HMAC", hash:"SHA-1", length:0}, true, ["sign"]],
  hmnoh: ["raw", u8(2), "HMAC", true, ["sign"]],
  hmspki: ["spki", u8(2), {name:"HMAC", hash:"SHA-1"}, true, ["sign"]],
  hmjalg: ["jwk", {kty:"oct", k:"AAAA", alg:"HS256"}, {name:"HMAC", hash:"SHA-1"}, true, ["sign"]],
  hmjk: ["jwk", {kty:"oct"}, {name:"HMAC", hash:"SHA-1"}, true, ["sign"]],
  hmjkty: ["jwk", {kty:"x", k:"AAAA"}, {name:"HMAC", hash:"SHA-1"}, true, ["sign"]],
  hmjops: ["jwk", {kty:"oct", k:"AAAA", key_ops:["zz"]}, {name:"HMAC", hash:"SHA-1"}, true, ["sign"]],
  hmjuse: ["jwk", {kty:"oct", k:"AAAA", use:"enc"}, {name:"HMAC", hash:"SHA-1"}, true, ["sign"]],
  hmjmd5: ["jwk", {kty:"oct", k:"AAAA", alg:"x"}, {name:"HMAC", hash:"MD5"}, true, ["sign"]],
  hmjlow: ["jwk", {kty:"oct", k:"AAAA", alg:"HS256"}, {name:"HMAC", hash:"sha-256"}, true, ["sign"]],
  pbx: ["raw", u8(2), "PBKDF2", true, ["deriveBits"]],
  pbj: ["jwk", {kty:"oct", k:"AAAA"}, "PBKDF2", false, ["deriveBits"]],
  pbe: ["raw", u8(0), "PBKDF2", false, ["deriveBits"]],
  hkx: ["raw", u8(2), "HKDF", true, ["deriveBits"]],
  hkj: ["jwk", {kty:"oct", k:"AAAA"}, "HKDF", false, ["deriveBits"]],
  hku: ["raw", u8(2), "HKDF", false, ["sign"]],
  pku: ["raw", u8(2), "pbkdf2", false, []],
  spkibad: ["spki", u8(2), {name:"ECDSA", namedCurve:"P-256"}, true, ["verify"]],
  pkcs8bad: ["pkcs8", u8(2), {name:"RSA-PSS", hash:"SHA-1"}, true, ["sign"]],
  rsaraw: ["raw", u8(2), {name:"RSA-PSS", hash:"SHA-1"}, true, ["verify"]],
  ecraw: ["raw", u8(65), {name:"ECDSA", namedCurve:"P-256"}, true, ["verify"]],
  ecraw4: ["raw", u8(65).fill(4, 0, 1), {name:"ECDSA", namedCurve:"P-256"}, true, ["verify"]],
  ecraws: ["raw", u8(3), {name:"ECDH", namedCurve:"P-256"}, true, []],
  ecrawu: ["raw", u8(3), {name:"ECDH", namedCurve:"P-256"}, true, ["deriveBits"]],
  edraw: ["raw", u8(3), "Ed25519", true, ["verify"]],
  edraw2: ["raw", u8(32), "Ed25519", true, ["verify"]],
  edraw3: ["raw", u8(32), "Ed25519", true, ["sign"]],
  xraw: ["raw", u8(31), "X25519", true, []],
  xrawu: ["raw", u8(32), "X25519", true, ["deriveBits"]],
  edempty: ["raw", u8(32), "Ed25519", true, []],
  extundef: ["raw", u8(16), "AES-GCM", undefined, ["encrypt"]],
  nousage: ["raw", u8(16), "AES-GCM", true],
  algnull: ["raw", u8(16), null, true, ["encrypt"]],
  noarg: ["raw"],
  noarg2: ["raw", u8(16)],
  rsaspkiu: ["jwk", {kty:"RSA", n:"AQAB", e:"AQAB"}, {name:"RSA-PSS", hash:"SHA-256"}, true, ["sign"]],
  rsajn: ["jwk", {kty:"RSA", e:"AQAB"}, {name:"RSA-PSS", hash:"SHA-256"}, true, ["verify"]],
  rsaje: ["jwk", {kty:"RSA", n:"AQAB"}, {name:"RSA-PSS", hash:"SHA-256"}, true, ["verify"]],
  rsajalg: ["jwk", {kty:"RSA", n:"AQAB", e:"AQAB", alg:"RS256"}, {name:"RSA-PSS", hash:"SHA-256"}, true, ["verify"]],
  rsajalg2: ["jwk", {kty:"RSA", n:"AQAB", e:"AQAB", alg:"PS256"}, {name:"RSA-PSS", hash:"SHA-1"}, true, ["verify"]],
  rsajtiny: ["jwk", {kty:"RSA", n:"AQAB", e:"AQAB"}, {name:"RSA-PSS", hash:"SHA-1"}, true, ["verify"]],
  rsajoth: ["jwk", {kty:"RSA", n:"AQAB", e:"AQAB", d:"AQ", oth:[{}]}, {name:"RSA-PSS", hash:"SHA-1"}, true, ["sign"]],
  rsajpart: ["jwk", {kty:"RSA", n:"AQAB", e:"AQAB", d:"AQ", p:"AQ"}, {name:"RSA-PSS", hash:"SHA-1"}, true, ["sign"]],
  rsajkty: ["jwk", {kty:"EC"}, {name:"RSA-PSS", hash:"SHA-1"}, true, ["verify"]],
  ecjkty: ["jwk", {kty:"RSA"}, {name:"ECDSA", namedCurve:"P-256"}, true, ["verify"]],
  ecjx: ["jwk", {kty:"EC", crv:"P-256"}, {name:"ECDSA", namedCurve:"P-256"}, true, ["verify"]],
  ecjxy: ["jwk", {kty:"EC", crv:"P-256", x:"AA", y:"AA"}, {name:"ECDSA", namedCurve:"P-256"}, true, ["verify"]],
  ecjcrv: ["jwk", {kty:"EC", crv:"P-384", x:"AA", y:"AA"}, {name:"ECDSA", namedCurve:"P-256"}, true, ["verify"]],
  edjk: ["jwk", {kty:"EC"}, "Ed25519", true, ["verify"]],
  edjc: ["jwk", {kty:"OKP"}, "Ed25519", true, ["verify"]],
  edjc2: ["jwk", {kty:"OKP", crv:"X25519"}, "Ed25519", true, ["verify"]],
  edja: ["jwk", {kty:"OKP", crv:"Ed25519", alg:"x"}, "Ed25519", true, ["verify"]],
  edjx: ["jwk", {kty:"OKP", crv:"Ed25519"}, "Ed25519", true, ["verify"]],
  edjx2: ["jwk", {kty:"OKP", crv:"Ed25519", x:"AAAA"}, "Ed25519", true, ["verify"]],
  usedup: ["jwk", {kty:"OKP", crv:"Ed25519", x:"AAAA", key_ops:["verify", "verify"]}, "Ed25519", true, ["verify"]],
  useenc: ["jwk", {kty:"OKP", crv:"Ed25519", x:"AAAA", use:"enc"}, "Ed25519", true, ["verify"]],
  useops: ["jwk", {kty:"OKP", crv:"Ed25519", x:"AAAA", use:"sig", key_ops:["encrypt"]}, "Ed25519", true, ["verify"]],
  opsmiss: ["jwk", {kty:"OKP", crv:"Ed25519", x:"AAAA", key_ops:["sign"]}, "Ed25519", true, ["verify"]],
};

const encrypted = once(async () => {
  const { H, A, C, T, W } = await keys();
  return {
    badkey: ["AES-GCM", {}, u8(1)],
    bk2: ["AES-GCM", null, u8(1)],
    noiv: ["AES-GCM", A, u8(1)],
    mism: ["AES-CBC", A, u8(1)],
    unk: ["FOO", A, u8(1)],
    iv0: [{name:"AES-GCM", iv:u8(0)}, A, u8(1)],
    ivs: [{name:"AES-GCM", iv:"x"}, A, u8(1)],
    iv1: [{name:"aes-gcm", iv:u8(1)}, A, u8(1)],
    iv100: [{name:"aes-gcm", iv:u8(100)}, A, u8(1)],
    tag33: [{name:"aes-gcm", iv:u8(12), tagLength:33}, A, u8(1)],
    tag32: [{name:"aes-gcm", iv:u8(12), tagLength:32}, A, u8(1)],
    tagnull: [{name:"aes-gcm", iv:u8(12), tagLength:null}, A, u8(1)],
    tags: [{name:"aes-gcm", iv:u8(12), tagLength:"96"}, A, u8(1)],
    aad: [{name:"aes-gcm", iv:u8(12), additionalData:new Uint16Array(3)}, A, u8(1)],
    aads: [{name:"aes-gcm", iv:u8(12), additionalData:5}, A, u8(1)],
    aadn: [{name:"aes-gcm", iv:u8(12), additionalData:null}, A, u8(1)],
    nodata: [{name:"aes-gcm", iv:u8(12)}, A],
    sdata: [{name:"aes-gcm", iv:u8(12)}, A, "x"],
    empty: [{name:"aes-gcm", iv:u8(12)}, A, u8(0)],
    cbc: [{name:"AES-CBC", iv:u8(12)}, C, u8(0)],
    cbcok: [{name:"AES-CBC", iv:u8(16)}, C, u8(0)],
    cbc16: [{name:"AES-CBC", iv:u8(16)}, C, u8(16)],
    ctrno: ["AES-CTR", T, u8(3)],
    ctrl: [{name:"AES-CTR", counter:u8(15)}, T, u8(3)],
    ctr0: [{name:"AES-CTR", counter:u8(16)}, T, u8(3)],
    ctr00: [{name:"AES-CTR", counter:u8(16), length:0}, T, u8(3)],
    ctr129: [{name:"AES-CTR", counter:u8(16), length:129}, T, u8(3)],
    ctrrep: [{name:"AES-CTR", counter:u8(16), length:1}, T, u8(33)],
    ctrwrap: [{name:"AES-CTR", counter:u8(16).fill(255), length:5}, T, u8(50)],
    ctrwrap9: [{name:"AES-CTR", counter:u8(16).fill(255), length:9}, T, u8(50)],
    ctr128: [{name:"AES-CTR", counter:u8(16).fill(255), length:128}, T, u8(50)],
    hm: [{name:"HMAC"}, H, u8(1)],
    kw: ["AES-KW", W, u8(16)],
  };
});
const encryptedNames = ["badkey", "bk2", "noiv", "mism", "unk", "iv0", "ivs", "iv1", "iv100", "tag33", "tag32", "tagnull", "tags", "aad", "aads", "aadn", "nodata", "sdata", "empty", "cbc", "cbcok", "cbc16", "ctrno", "ctrl", "ctr0", "ctr00", "ctr129", "ctrrep", "ctrwrap", "ctrwrap9", "ctr128", "hm", "kw"];

const bits = once(async () => {
  const { P, K, X3, X5, X } = await keys();
  const pa = { name: "PBKDF2", hash: "SHA-256", salt: u8(2), iterations: 2 };
  const ha = { name: "HKDF", hash: "SHA-256", salt: u8(2), info: u8(1) };
  return {
    p: [pa, P, 16],
    pnull: [pa, P, null],
    pun: [pa, P],
    p0: [pa, P, 0],
    p7: [pa, P, 7],
    pneg: [pa, P, -8],
    pstr: [pa, P, "16"],
    pit0: [{...pa, iterations:0}, P, 8],
    pitneg: [{...pa, iterations:-1}, P, 8],
    pit100001: [{...pa, iterations:100001}, P, 8],
    pnoit: [{...pa, iterations:undefined}, P, 8],
    pnosalt: [{...pa, salt:undefined}, P, 8],
    pnohash: [{...pa, hash:undefined}, P, 8],
    pstrsalt: [{...pa, salt:"x"}, P, 8],
    h: [ha, K, 64],
    hnull: [ha, K, null],
    h0: [ha, K, 0],
    h7: [ha, K, 9],
    hbig: [ha, K, 255*256+8],
    hnoinfo: [{...ha, info:undefined}, K, 8],
    hnosalt: [{...ha, salt:undefined}, K, 8],
    e: [{name:"ECDH", public:X.publicKey}, X.privateKey, 257],
    eno: ["ECDH", X.privateKey, 8],
    epriv: [{name:"ECDH", public:X.privateKey}, X.privateKey, 8],
    eobj: [{name:"ECDH", public:{}}, X.privateKey, 8],
    ecur: [{name:"ECDH", public:X3.publicKey}, X.privateKey, 8],
    ex: [{name:"ECDH", public:X5.publicKey}, X.privateKey, 8],
    exx: [{name:"X25519", public:X.publicKey}, X5.privateKey, 8],
    x257: [{name:"X25519", public:X5.publicKey}, X5.privateKey, 257],
    epubbase: [{name:"ECDH", public:X.publicKey}, X.publicKey, 8],
    xmis: [{name:"X25519"}, P, 8],
  };
});
const bitsNames = ["p", "pnull", "pun", "p0", "p7", "pneg", "pstr", "pit0", "pitneg", "pit100001", "pnoit", "pnosalt", "pnohash", "pstrsalt", "h", "hnull", "h0", "h7", "hbig", "hnoinfo", "hnosalt", "e", "eno", "epriv", "eobj", "ecur", "ex", "exx", "x257", "epubbase", "xmis"];

const derived = once(async () => {
  const { P, X } = await keys();
  const pa = { name: "PBKDF2", hash: "SHA-256", salt: u8(2), iterations: 2 };
  return {
    a: [pa, P, {name:"AES-GCM", length:128}, true, ["encrypt"]],
    al: [pa, P, {name:"AES-GCM", length:127}, true, ["encrypt"]],
    an: [pa, P, "AES-GCM", true, ["encrypt"]],
    h: [pa, P, {name:"HMAC", hash:"SHA-1"}, true, ["sign"]],
    h0: [pa, P, {name:"HMAC", hash:"SHA-1", length:0}, true, ["sign"]],
    hn: [pa, P, "HMAC", true, ["sign"]],
    ec: [pa, P, {name:"ECDSA", namedCurve:"P-256"}, true, ["sign"]],
    hk: [pa, P, "HKDF", false, ["deriveBits"]],
    ehk: [{name:"ECDH", public:X.publicKey}, X.privateKey, "HKDF", false, ["deriveBits"]],
    emp: [pa, P, {name:"AES-GCM", length:128}, true, []],
    badu: [pa, P, {name:"AES-GCM", length:128}, true, ["sign"]],
  };
});
const derivedNames = ["a", "al", "an", "h", "h0", "hn", "ec", "hk", "ehk", "emp", "badu"];

const wrapped = once(async () => {
  const { H, A, C, T, W } = await keys();
  return {
    kw: ["raw", H, W, "AES-KW"],
    kwok: ["raw", A, W, "AES-KW"],
    gcm: ["raw", H, A, {name:"AES-GCM", iv:u8(12)}],
    jwk: ["jwk", H, C, {name:"AES-CBC", iv:u8(16)}],
    jwkkw: ["jwk", H, W, "AES-KW"],
    ne: ["raw", T, W, "AES-KW"],
    fmt: ["x", A, W, "AES-KW"],
    spki: ["spki", A, W, "AES-KW"],
    nou: ["raw", A, T, "AES-CTR"],
  };
});
const wrappedNames = ["kw", "kwok", "gcm", "jwk", "jwkkw", "ne", "fmt", "spki", "nou"];

const exported = once(async () => {
  const { H, A, T, M, P, X5, X } = await keys();
  return {
    x: ["x", A],
    spki: ["spki", A],
    ne: ["raw", T],
    h: ["spki", H],
    pb: ["raw", P],
    jwka: ["jwk", A],
    epriv: ["raw", X.privateKey],
    epk: ["spki", X.privateKey],
    epp: ["pkcs8", X.publicKey],
    ex: ["x", X.publicKey],
    xr: ["raw", X5.privateKey],
    nokey: ["raw"],
    jH: ["jwk", H],
    jMd5: ["jwk", M],
  };
});
const exportedNames = ["x", "spki", "ne", "h", "pb", "jwka", "epriv", "epk", "epp", "ex", "xr", "nokey", "jH", "jMd5"];

const methods = ["encrypt", "decrypt", "sign", "verify", "digest", "generateKey", "deriveKey", "deriveBits", "importKey", "exportKey", "wrapKey", "unwrapKey", "timingSafeEqual"];
const properties = (object) => Reflect.ownKeys(object).filter((key) => typeof key === "string").map((key) => {
  const { enumerable, configurable, get, value } = Object.getOwnPropertyDescriptor(object, key);
  return [key, get ? "accessor" : typeof value, enumerable, configurable];
});

const made = {
  "properties of Crypto": () => properties(Crypto.prototype),
  "properties of SubtleCrypto": () => properties(SubtleCrypto.prototype),
  "properties of CryptoKey": () => properties(CryptoKey.prototype),
  "properties of DigestStream": () => properties(crypto.DigestStream.prototype),
  "properties of a key": async () => properties((await keys()).A),
  "tags": async () => [crypto, S, (await keys()).A, new crypto.DigestStream("MD5")].map(String),
  "no CryptoKeyPair": () => typeof CryptoKeyPair,
  "JSON of a key": async () => JSON.stringify((await keys()).A),
  "a key cloned": async () => structuredClone((await keys()).A),
  "new Crypto": () => new Crypto(),
  "new SubtleCrypto": () => new SubtleCrypto(),
  "new CryptoKey": () => new CryptoKey(),
  "getRandomValues of another object": () => crypto.getRandomValues.call({}, u8(1)),
  "digest of another object": () => S.digest.call({}),
  "decrypt: too short": async () => S.decrypt({ name: "AES-GCM", iv: u8(12) }, (await keys()).A, u8(3)),
  "decrypt: not authentic": async () => S.decrypt({ name: "AES-GCM", iv: u8(12) }, (await keys()).A, u8(30)),
  "decrypt: not authentic, short tag": async () => S.decrypt({ name: "AES-GCM", iv: u8(12), tagLength: 32 }, (await keys()).A, u8(30)),
  "decrypt: iv of CBC": async () => S.decrypt({ name: "AES-CBC", iv: u8(15) }, (await keys()).C, u8(16)),
  "sign: HMAC": async () => S.sign("HMAC", (await keys()).H, u8(1)),
  "sign: other algorithm": async () => S.sign("HMAC", (await keys()).A, u8(1)),
  "verify: HMAC": async () => S.verify("HMAC", (await keys()).H, u8(32), u8(1)),
  "sign: ECDSA without a hash": async () => S.sign("ECDSA", (await keys()).E.privateKey, u8(1)),
  "sign: ECDSA with a wrong hash": async () => S.sign({ name: "ECDSA", hash: "x" }, (await keys()).E.privateKey, u8(1)),
  "sign: ECDSA with the public key": async () => S.sign({ name: "ECDSA", hash: "SHA-1" }, (await keys()).E.publicKey, u8(1)),
  "sign: RSA too small": async () => S.sign("RSASSA-PKCS1-v1_5", (await keys()).RS.privateKey, u8(1)),
  "verify: RSA of a wrong size": async () => S.verify("RSASSA-PKCS1-v1_5", (await keys()).RS.publicKey, u8(1), u8(1)),
  "OAEP: too long": async () => S.encrypt("RSA-OAEP", (await keys()).RO.publicKey, u8(200)),
  "OAEP: nonsense": async () => S.decrypt("RSA-OAEP", (await keys()).RO.privateKey, u8(128)),
  "OAEP: too short": async () => S.decrypt("RSA-OAEP", (await keys()).RO.privateKey, u8(12)),
  "OAEP: label": async () => {
    const { RO } = await keys();
    const sealed = await S.encrypt({ name: "RSA-OAEP", label: u8(3) }, RO.publicKey, u8(3));
    return [sealed.byteLength, await S.decrypt({ name: "RSA-OAEP", label: u8(3) }, RO.privateKey, sealed), await S.decrypt("RSA-OAEP", RO.privateKey, sealed)];
  },
  "usages of an OAEP pair": async () => shown((await keys()).RO),
  "raw of RSA": async () => S.exportKey("raw", (await keys()).RO.publicKey),
  "JWK of RSA": async () => Object.keys(await S.exportKey("jwk", (await keys()).RP.privateKey)),
  "JWK of P-256": async () => ({ ...(await S.exportKey("jwk", (await keys()).E.publicKey)), x: 0, y: 0 }),
  "JWK of Ed25519": async () => ({ ...(await S.exportKey("jwk", (await keys()).D.privateKey)), x: 0, d: 0 }),
  "RSA-RAW": async () => {
    const key = await S.importKey("pkcs8", await S.exportKey("pkcs8", (await keys()).RP.privateKey), { name: "RSA-RAW" }, true, ["sign"]);
    return [key.algorithm, (await S.sign("RSA-RAW", key, u8(128).fill(1))).byteLength, await S.sign("RSA-RAW", key, u8(129))];
  },
  "RSA-RAW: too short": async () => S.sign("RSA-RAW", await S.importKey("pkcs8", await S.exportKey("pkcs8", (await keys()).RP.privateKey), { name: "RSA-RAW" }, true, ["sign"]), u8(3)),
  "RSA-RAW: public": async () => S.importKey("spki", await S.exportKey("spki", (await keys()).RP.publicKey), { name: "RSA-RAW" }, true, ["verify"]),
  "pkcs8 with more after it": async () => S.importKey("pkcs8", new Uint8Array([...u8(await S.exportKey("pkcs8", (await keys()).E.privateKey)), 0, 0]), { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]),
  "pkcs8 of another curve": async () => S.importKey("pkcs8", await S.exportKey("pkcs8", (await keys()).E.privateKey), { name: "ECDSA", namedCurve: "P-384" }, true, ["sign"]),
  "pkcs8 of a curve as RSA": async () => S.importKey("pkcs8", await S.exportKey("pkcs8", (await keys()).E.privateKey), { name: "RSA-PSS", hash: "SHA-1" }, true, ["sign"]),
  "pkcs8 of RSA as a curve": async () => S.importKey("pkcs8", await S.exportKey("pkcs8", (await keys()).RP.privateKey), { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]),
  "pkcs8 of RSA as Ed25519": async () => S.sign("Ed25519", await S.importKey("pkcs8", await S.exportKey("pkcs8", (await keys()).RP.privateKey), "Ed25519", true, ["sign"]), u8(1)),
  "JWK: d of another point": async () => S.importKey("jwk", { ...(await S.exportKey("jwk", (await keys()).E.privateKey)), d: "AQ" }, { name: "ECDSA", namedCurve: "P-256" }, true, ["sign"]),
  "JWK: RSA without factors": async () => {
    const { n, e, d } = await S.exportKey("jwk", (await keys()).RP.privateKey);
    return (await S.sign({ name: "RSA-PSS", saltLength: 1 }, await S.importKey("jwk", { kty: "RSA", n, e, d }, { name: "RSA-PSS", hash: "SHA-512" }, true, ["sign"]), u8(1))).byteLength;
  },
  "JWK: a getter throws": () => S.importKey("jwk", { get kty() { throw new RangeError("mine"); } }, "AES-GCM", true, ["encrypt"]),
  "JWK: key_ops is a text": () => S.importKey("jwk", { kty: "oct", key_ops: "x" }, "AES-GCM", true, ["encrypt"]),
  "JWK: null": () => S.importKey("jwk", null, "AES-GCM", true, ["encrypt"]),
  "JWK: undefined": () => S.importKey("jwk", undefined, "AES-GCM", true, ["encrypt"]),
  "a usage that is null": () => S.generateKey({ name: "AES-GCM", length: 128 }, true, [null]),
  "a name that is a symbol": () => S.generateKey({ name: Symbol("x") }, true, []),
  "a length that is a bigint": () => S.generateKey({ name: "AES-GCM", length: 128n }, true, ["encrypt"]),
  "a length that is infinite": () => S.generateKey({ name: "AES-GCM", length: Infinity }, true, ["encrypt"]),
  "a length that is broken": async () => (await S.generateKey({ name: "AES-GCM", length: 128.9 }, true, ["encrypt"])).algorithm,
  "X25519: a point of small order": async () => S.deriveBits({ name: "X25519", public: await S.importKey("raw", u8(32), "X25519", true, []) }, (await keys()).X5.privateKey, 8),
  "unwrap: no JSON": async () => {
    const { A } = await keys();
    return S.unwrapKey("jwk", await S.encrypt({ name: "AES-GCM", iv: u8(12) }, A, text("5")), A, { name: "AES-GCM", iv: u8(12) }, "AES-GCM", true, ["encrypt"]);
  },
  "unwrap: not a multiple": async () => S.unwrapKey("raw", u8(3), (await keys()).W, "AES-KW", "AES-GCM", true, ["encrypt"]),
  "unwrap: too short": async () => S.unwrapKey("raw", u8(16), (await keys()).W, "AES-KW", "AES-GCM", true, ["encrypt"]),
  "unwrap: not authentic": async () => S.unwrapKey("raw", u8(24), (await keys()).W, "AES-KW", "AES-GCM", true, ["encrypt"]),
  "DigestStream without an algorithm": () => new crypto.DigestStream(),
  "DigestStream of another algorithm": () => new crypto.DigestStream("x"),
  "DigestStream of null": () => new crypto.DigestStream(null),
  "DigestStream aborted": async () => {
    const stream = new crypto.DigestStream("MD5");
    const { digest } = stream;
    await stream.abort(new Error("boo"));
    return digest;
  },
  "DigestStream: digest and bytes": async () => {
    const stream = new crypto.DigestStream("SHA-256");
    const writer = stream.getWriter();
    writer.write(text("ab"));
    writer.write("c");
    await writer.close();
    return [stream.bytesWritten, stream.digest === stream.digest, await stream.digest];
  },
  "DigestStream piped to": async () => {
    const stream = new crypto.DigestStream("SHA-1");
    await new Response("hello").body.pipeTo(stream);
    return [stream.bytesWritten, await stream.digest];
  },
};
const chunks = { number: 1, null: null, object: {}, array: [1], view: new DataView(new ArrayBuffer(2)), floats: new Float64Array(1), buffer: new ArrayBuffer(4), empty: "" };
const randomTargets = { undefined, null: null, number: 1, text: "x", object: {}, array: [1], view: new DataView(new ArrayBuffer(1)), floats: new Float64Array(1), large: u8(65537), buffer: new ArrayBuffer(3) };
const digestNames = { undefined, null: null, number: 1, "another name": "x", object: {}, "a name that is a number": { name: 1 }, right: { name: "SHA-256" }, array: ["SHA-256"], symbol: Symbol("s"), low: "sha-512", MD5: "MD5" };
const digestData = { undefined, null: null, number: 1, text: "x", object: {}, array: [1], view: new DataView(new ArrayBuffer(1)), floats: new Float64Array(1), buffer: new ArrayBuffer(2) };
const compared = { numbers: [1, 2], one: [u8(1)], lengths: [u8(1), u8(2)], same: [u8(1), new ArrayBuffer(1)], text: [u8(1), "a"], floats: [new Float64Array(1), new Float64Array(1)] };
const salts = { undefined, negative: -1, none: 0, some: 20, most: 62, "one too many": 63, many: 500, text: "x", null: null };

export default {
  ...made,
  ...Object.fromEntries(methods.map((method) => [`no arguments: ${method}`, () => S[method]()])),
  ...Object.fromEntries(methods.map((method) => [`of another object: ${method}`, () => S[method].call(null)])),
  ...table("generateKey", generated, async (row) => shown(await S.generateKey(...row))),
  ...table("importKey", imported, async (row) => shown(await S.importKey(...row))),
  ...lazy("encrypt", encryptedNames, encrypted, (row) => S.encrypt(...row)),
  ...lazy("deriveBits", bitsNames, bits, (row) => S.deriveBits(...row)),
  ...lazy("deriveKey", derivedNames, derived, async (row) => shown(await S.deriveKey(...row))),
  ...lazy("wrapKey", wrappedNames, wrapped, (row) => S.wrapKey(...row)),
  ...lazy("exportKey", exportedNames, exported, (row) => S.exportKey(...row)),
  ...table("getRandomValues", randomTargets, (target) => void crypto.getRandomValues(target)),
  ...table("digest by name", digestNames, (name) => S.digest(name, u8(1))),
  ...table("digest of", digestData, (data) => S.digest("SHA-1", data)),
  ...table("timingSafeEqual", compared, (pair) => S.timingSafeEqual(...pair)),
  ...table("PSS salt", salts, async (saltLength) => {
    const { RP } = await keys();
    const signature = await S.sign({ name: "RSA-PSS", saltLength }, RP.privateKey, u8(1));
    return [signature.byteLength, await S.verify({ name: "RSA-PSS", saltLength }, RP.publicKey, signature, u8(1))];
  }),
  ...table("PSS salt, verifying", { undefined, negative: -1, none: 0, many: 500 }, async (saltLength) => S.verify({ name: "RSA-PSS", saltLength }, (await keys()).RP.publicKey, u8(128), u8(1))),
  ...Object.fromEntries([0, 1, 15, 16, 32, 33].map((size) => [`decrypt: ${size} bytes of CBC`, async () => S.decrypt({ name: "AES-CBC", iv: u8(16) }, (await keys()).C, u8(size))])),
  ...Object.fromEntries([0, 1, 63, 64, 65, 128].map((size) => [`verify: ECDSA, ${size} bytes`, async () => S.verify({ name: "ECDSA", hash: "SHA-1" }, (await keys()).E.publicKey, u8(size), u8(1))])),
  ...Object.fromEntries([0, 63, 64, 65].map((size) => [`verify: Ed25519, ${size} bytes`, async () => S.verify("Ed25519", (await keys()).D.publicKey, u8(size), u8(1))])),
  ...Object.fromEntries([null, 0, 1, 7, 8, 255].map((length) => [`ECDH: ${length} bits`, async () => {
    const { X } = await keys();
    return (await S.deriveBits({ name: "ECDH", public: X.publicKey }, X.privateKey, length)).byteLength;
  }])),
  ...table("DigestStream written", chunks, async (chunk) => {
    const stream = new crypto.DigestStream("MD5");
    const writer = stream.getWriter();
    await writer.write(chunk);
    await writer.close();
    return [await stream.digest, stream.bytesWritten];
  }),
};
