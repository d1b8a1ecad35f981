// SPDX-License-Identifier: GPL-3.0-or-later
// Runs R2 calls that a test posts as JSON, one after the other, and answers with their outcomes. Values are texts; {repeat: [text, times]} stands for a long one.

function valueOf(given) {
  return typeof given === "object" && given !== null ? given.repeat[0].repeat(given.repeat[1]) : given;
}

async function run(bucket, call, state) {
  switch (call.do) {
  case "put": {
    const object = await bucket.put(call.key, valueOf(call.value), call.options);
    return object && { etag: object.etag, size: object.size };
  }
  case "get": {
    const object = await bucket.get(call.key, call.options);
    return object && { etag: object.etag, size: object.size, text: await object.text(), type: object.httpMetadata.contentType, custom: object.customMetadata };
  }
  case "digest": {
    const object = await bucket.get(call.key, call.options);
    const digest = await crypto.subtle.digest("SHA-256", await object.arrayBuffer());
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  case "delete":
    return await bucket.delete(call.keys);
  case "list": {
    const listed = await bucket.list(call.options);
    return { keys: listed.objects.map((object) => object.key), prefixes: listed.delimitedPrefixes, cursor: listed.cursor };
  }
  case "create":
    state.upload = await bucket.createMultipartUpload(call.key, call.options);
    state.parts = [];
    return state.upload.uploadId;
  case "resume":
    state.upload = bucket.resumeMultipartUpload(call.key, call.uploadId);
    state.parts = call.parts ?? [];
    return null;
  case "part":
    state.parts.push(await state.upload.uploadPart(call.number, valueOf(call.value)));
    return state.parts.at(-1);
  case "complete":
    return (await state.upload.complete(state.parts)).etag;
  case "abort":
    return await state.upload.abort();
  }
  throw new Error("The test asked for " + call.do);
}

export async function onRequestPost({ request, env }) {
  const { bucket, calls } = await request.json();
  const state = {};
  const outcomes = [];
  for (const call of calls) {
    try {
      outcomes.push({ result: (await run(env[bucket], call, state)) ?? null });
    } catch (error) {
      outcomes.push({ error: `${error.name}: ${error.message}` });
    }
  }
  return Response.json(outcomes);
}
