// SPDX-License-Identifier: GPL-3.0-or-later
// Keys as JSON (RFC 7517, RFC 7518).

import { native } from "../native.js";
import { fail, jwkFields } from "./convert.js";

const toBase64 = (bytes) => native.toBase64(native.latin1Decode(bytes));

export const toBase64Url = (bytes) => toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

function fromBase64Url(text) {
  const binary = native.fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));
  if (binary === undefined) return undefined;
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < bytes.length; ++i) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

/** The bytes of a member; a DataError with this message where it is missing or malformed. */
export function jwkBytes(text, message) {
  const bytes = text === undefined ? undefined : fromBase64Url(text);
  return bytes ?? fail("DataError", message);
}

/** A JsonWebKey with all members in workerd's order. */
export function makeJwk(members) {
  const jwk = {};
  for (const field of jwkFields) jwk[field] = members[field];
  return jwk;
}

const duplicates = (list) => list.find((item, i) => list.indexOf(item) !== i);

/** key_ops and use of a secret AES key. */
export function checkSecretJwk(jwk, usages) {
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== "enc") fail("DataError", `Symmetric "jwk" key must have a "use" of "enc", not "${jwk.use}".`);
  if (jwk.key_ops === undefined) return;
  const twice = duplicates([...jwk.key_ops].sort());
  if (twice !== undefined) fail("DataError", `Symmetric "jwk" key contains duplicate value "${twice}", in "key_op".`);
  for (const usage of usages) {
    if (!jwk.key_ops.includes(usage)) fail("DataError", `"jwk" key missing usage "${usage}", in "key_ops".`);
  }
}

const agreement = (name) => name === "ECDH" || name === "X25519";

/** key_ops, use and ext of a public or private key. */
export function checkAsymmetricJwk(name, jwk, extractable, usages) {
  const [use, ...operations] = name === "RSA-OAEP" ? ["enc", "encrypt", "wrapKey"] : agreement(name) ? ["enc", "unused", "unused"] : ["sig", "sign", "verify"];
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== use) {
    fail("DataError", `Asymmetric "jwk" key import with usages requires a JSON Web Key with Public Key Use parameter "use" ("${jwk.use}") equal to "sig".`);
  }
  if (jwk.key_ops !== undefined) {
    const given = [...jwk.key_ops].sort();
    if (duplicates(given) !== undefined) fail("DataError", "A JSON Web Key's Key Operations parameter (\"key_ops\") must not contain duplicates.");
    if (jwk.use !== undefined) {
      if (jwk.use !== use) fail("DataError", `Asymmetric "jwk" import requires a JSON Web Key with Public Key Use "use" ("${jwk.use}") equal to "${use}".`);
      const consistent = "A JSON Web Key should have either a Public Key Use parameter (\"use\") or a Key Operations parameter (\"key_ops\"); otherwise, "
        + "the parameters must be consistent with each other. ";
      for (const operation of given) {
        if (agreement(name)) fail("DataError", `${consistent}For public ${name} keys, there are no valid usages,so keys with a non-empty "key_ops" parameter are not allowed.`);
        if (!operations.includes(operation)) {
          fail("DataError", `${consistent}A Public Key Use for ${name} would allow a Key Operations array with only "${operations[0]}" and/or "${operations[1]}" values (not "${operation}").`);
        }
      }
    }
    if (!usages.every((usage) => given.includes(usage))) {
      fail("DataError", "All specified key usages must be present in the JSON Web Key's Key Operations parameter (\"key_ops\").");
    }
  }
  if (extractable && jwk.ext === false) fail("DataError", "Cannot create an extractable CryptoKey from an unextractable JSON Web Key.");
}
