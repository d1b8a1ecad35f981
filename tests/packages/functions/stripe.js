// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import Stripe from "stripe";

export async function onRequest() {
  const stripe = new Stripe("sk_test_123", { httpClient: Stripe.createFetchHttpClient() });
  const secret = "whsec_test";
  const payload = JSON.stringify({ id: "evt_1", object: "event", type: "charge.succeeded" });
  const provider = Stripe.createSubtleCryptoProvider();
  const header = await stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, cryptoProvider: provider });
  const event = await stripe.webhooks.constructEventAsync(payload, header, secret, undefined, provider);
  assert.strictEqual(event.type, "charge.succeeded");
  await assert.rejects(stripe.webhooks.constructEventAsync(`${payload} `, header, secret, undefined, provider), { type: "StripeSignatureVerificationError" });
  await assert.rejects(stripe.webhooks.constructEventAsync(payload, header, "whsec_other", undefined, provider), { type: "StripeSignatureVerificationError" });
  return new Response("ok");
}
