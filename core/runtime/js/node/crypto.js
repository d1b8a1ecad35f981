// SPDX-License-Identifier: GPL-3.0-or-later
// node:crypto.
import { crypto } from "../crypto.js";
import { CryptoKey } from "../crypto/key.js";
import * as ciphers from "./cryptocipher.js";
import * as groups from "./cryptodh.js";
import * as generation from "./cryptogenerate.js";
import * as hashes from "./cryptohash.js";
import { KeyObject, PrivateKeyObject, PublicKeyObject, SecretKeyObject, createPrivateKey, createPublicKey, createSecretKey } from "./cryptokeys.js";
import * as derivation from "./cryptokdf.js";
import * as randoms from "./cryptorandom.js";
import * as signatures from "./cryptosign.js";
import { notImplemented } from "./errors.js";

const refused = (name) => Object.defineProperty(() => {
  throw notImplemented(name);
}, "name", { value: name });

const functions = {};
for (const part of [ciphers, generation, groups, hashes, derivation, randoms, signatures]) {
  for (const name of Object.keys(part)) functions[name] = part[name];
}

const module = {
  ...functions,
  CryptoKey, KeyObject, PrivateKeyObject, PublicKeyObject, SecretKeyObject, createPrivateKey, createPublicKey, createSecretKey,
  createCipher: refused("createCipher"),
  createDecipher: refused("createDecipher"),
  Cipher: refused("Cipher"),
  Decipher: refused("Decipher"),
  constants: {
    RSA_PKCS1_PADDING: 1, RSA_NO_PADDING: 3, RSA_PKCS1_OAEP_PADDING: 4, RSA_X931_PADDING: 5, RSA_PKCS1_PSS_PADDING: 6,
    RSA_PSS_SALTLEN_DIGEST: -1, RSA_PSS_SALTLEN_MAX_SIGN: -2, RSA_PSS_SALTLEN_AUTO: -2,
    POINT_CONVERSION_COMPRESSED: 2, POINT_CONVERSION_UNCOMPRESSED: 4, POINT_CONVERSION_HYBRID: 6,
  },
  timingSafeEqual: (left, right) => crypto.subtle.timingSafeEqual(left, right),
  getRandomValues: (view) => crypto.getRandomValues(view),
  fips: true,
  getFips: () => true,
  setFips: refused("setFips"),
  setEngine: refused("setEngine"),
  secureHeapUsed: () => ({ total: 0, used: 0, utilization: 0, min: 0 }),
  subtle: crypto.subtle,
  webcrypto: crypto,
};

export default module;
