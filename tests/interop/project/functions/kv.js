// SPDX-License-Identifier: GPL-3.0-or-later
// Runs one KV call that a test posts as JSON and answers with its outcome as JSON. Values travel as base64.

function toBase64(buffer) {
    const bytes = new Uint8Array(buffer);
    let text = "";
    for (let i = 0; i < bytes.length; i += 8192)
        text += String.fromCharCode(...bytes.subarray(i, i + 8192));
    return btoa(text);
}

function fromBase64(text) {
    return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

async function run(kv, call) {
    switch (call.do) {
    case "put":
        await kv.put(call.key, fromBase64(call.value), call.options);
        return null;
    case "get": {
        const { value, metadata } = await kv.getWithMetadata(call.key, "arrayBuffer");
        return value === null ? null : { value: toBase64(value), metadata };
    }
    case "delete":
        await kv.delete(call.key);
        return null;
    case "list":
        return await kv.list(call.options);
    }
    throw new Error("The test asked for " + call.do);
}

export async function onRequestPost({ request, env }) {
    const call = await request.json();
    try {
        return Response.json({ result: await run(env[call.namespace], call) });
    } catch (error) {
        return Response.json({ error: `${error.name}: ${error.message}` });
    }
}
