// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import OpenAI from "openai";

export async function onRequest({ env }) {
  const client = new OpenAI({ apiKey: "key", baseURL: `${env.PEER}/v1`, maxRetries: 0 });
  const answer = await client.chat.completions.create({ model: "m", messages: [{ role: "user", content: "hi" }] });
  assert.strictEqual(answer.choices[0].message.content, "Hello!");
  let text = "";
  for await (const chunk of await client.chat.completions.create({ model: "m", messages: [], stream: true })) text += chunk.choices[0].delta.content ?? "";
  assert.strictEqual(text, "Hello!");
  await assert.rejects(client.models.list(), { status: 401 });
  return new Response("ok");
}
