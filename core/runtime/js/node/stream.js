// SPDX-License-Identifier: GPL-3.0-or-later
// node:stream, on readable-stream.
import "./streamerrors.js";
import Stream from "readable-stream/lib/stream.js";
import { duplexPair } from "./duplexpair.js";
import { adapters } from "./webadapters.js";

const { Duplex, Readable, Writable } = Stream;
Stream._isArrayBufferView = ArrayBuffer.isView;
Stream._uint8ArrayToBuffer = (bytes) => require("./buffer.js").Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
Stream.duplexPair = duplexPair(Duplex);
Stream.setDefaultHighWaterMark(false, 64 * 1024);

const web = adapters(Stream);
Readable.fromWeb = web.readableFromWeb;
Readable.toWeb = web.readableToWeb;
Writable.fromWeb = web.writableFromWeb;
Writable.toWeb = web.writableToWeb;
Duplex.fromWeb = web.duplexFromWeb;
Duplex.toWeb = web.duplexToWeb;

export default Stream;
