// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { SignJWT, base64url, decodeJwt, jwtVerify } from "jose";

export async function onRequest() {
  const secret = new TextEncoder().encode("a secret of thirty-two characters");
  const token = await new SignJWT({ name: "Ann" }).setProtectedHeader({ alg: "HS256" }).setIssuer("cleat").setIssuedAt().setExpirationTime("2h").sign(secret);
  const { payload, protectedHeader } = await jwtVerify(token, secret, { issuer: "cleat" });
  assert.strictEqual(payload.name, "Ann");
  assert.strictEqual(protectedHeader.alg, "HS256");
  assert.strictEqual(decodeJwt(token).iss, "cleat");
  await assert.rejects(jwtVerify(token, new TextEncoder().encode("another secret of thirty-two chars")), { code: "ERR_JWS_SIGNATURE_VERIFICATION_FAILED" });
  await assert.rejects(jwtVerify(token, secret, { issuer: "other" }), { code: "ERR_JWT_CLAIM_VALIDATION_FAILED" });
  assert.strictEqual(new TextDecoder().decode(base64url.decode(base64url.encode("hé"))), "hé");
  return new Response("ok");
}
