// SPDX-License-Identifier: GPL-3.0-or-later
// node:stream/consumers.
import { Buffer } from "./buffer.js";

async function bytesOf(stream) {
  const parts = [];
  for await (const chunk of stream) parts.push(typeof chunk === "string" ? Buffer.from(chunk) : ArrayBuffer.isView(chunk) ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength) : Buffer.from(chunk));
  return Buffer.concat(parts);
}

async function text(stream) {
  const decoder = new TextDecoder();
  let whole = "";
  for await (const chunk of stream) whole += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
  return whole + decoder.decode();
}

export default {
  async arrayBuffer(stream) {
    const bytes = await bytesOf(stream);
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  },
  async blob(stream) {
    return new Blob([await bytesOf(stream)]);
  },
  buffer: bytesOf,
  json: async (stream) => JSON.parse(await text(stream)),
  text,
};
