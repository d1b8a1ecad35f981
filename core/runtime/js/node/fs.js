// SPDX-License-Identifier: GPL-3.0-or-later
// node:fs: synchronous functions, callbacks, promises and streams over the file system in memory.
import { Buffer } from "./buffer.js";
import { validateFunction } from "./validators.js";
import { constants, fs as sync } from "./fssync.js";
import { Dir, Dirent, Stats } from "./fstypes.js";
import { promises } from "./fspromises.js";
import Stream from "./stream.js";
import { promisifyCustom } from "./timers.js";

const extra = { read: ["bytesRead", "buffer"], write: ["bytesWritten", "buffer"], readv: ["bytesRead", "buffers"], writev: ["bytesWritten", "buffers"] };

/** The form with a callback of a synchronous function. */
function later(name, method) {
  const made = function (...args) {
    const callback = args.length > 1 ? args.pop() : undefined;
    validateFunction(callback, "callback");
    let result;
    try {
      result = method(...args);
    } catch (error) {
      if (error?.code?.startsWith("ERR_INVALID_ARG") || error?.code === "ERR_OUT_OF_RANGE") throw error;
      queueMicrotask(() => callback(error));
      return;
    }
    queueMicrotask(() => {
      if (extra[name]) callback(null, result, args[1]);
      else if (result === undefined) callback(null);
      else callback(null, result);
    });
  };
  if (extra[name]) made[promisifyCustom] = async (...args) => ({ [extra[name][0]]: method(...args), [extra[name][1]]: args[1] });
  return Object.defineProperty(made, "name", { value: name });
}

const callbacks = {};
for (const [name, method] of Object.entries(sync)) {
  if (name.endsWith("Sync") && name !== "existsSync") callbacks[name.slice(0, -4)] = later(name.slice(0, -4), method);
}
callbacks.exists = (path, callback) => {
  validateFunction(callback, "callback");
  const found = sync.existsSync(path);
  queueMicrotask(() => callback(found));
};
callbacks.writeFile = later("writeFile", (...args) => void sync.writeFileSync(...args));
callbacks.appendFile = later("appendFile", (...args) => void sync.appendFileSync(...args));

class ReadStream extends Stream.Readable {
  constructor(path, options = {}) {
    if (typeof options === "string") options = { encoding: options };
    super({ highWaterMark: options.highWaterMark ?? 65536, encoding: options.encoding, emitClose: true, signal: options.signal });
    this.path = path;
    this.flags = options.flags ?? "r";
    this.fd = options.fd ?? null;
    this.bytesRead = 0;
    this.pos = options.start;
    this.end = options.end ?? Infinity;
  }
  _construct(done) {
    try {
      this.fd ??= sync.openSync(this.path, this.flags);
    } catch (error) {
      done(error);
      return;
    }
    done();
    this.emit("open", this.fd);
    this.emit("ready");
  }
  _read(size) {
    const room = this.pos === undefined ? this.end - this.bytesRead + 1 : this.end - this.pos + 1;
    const buffer = Buffer.alloc(Math.max(0, Math.min(size, room)));
    try {
      const count = buffer.length === 0 ? 0 : sync.readSync(this.fd, buffer, 0, buffer.length, this.pos ?? null);
      this.bytesRead += count;
      if (this.pos !== undefined) this.pos += count;
      this.push(count === 0 ? null : buffer.subarray(0, count));
    } catch (error) {
      this.destroy(error);
    }
  }
  _destroy(error, done) {
    if (this.fd !== null) sync.closeSync(this.fd);
    this.fd = null;
    done(error);
  }
  close(done) {
    if (done) this.once("close", done);
    this.destroy();
  }
  get pending() {
    return this.fd === null;
  }
}

class WriteStream extends Stream.Writable {
  constructor(path, options = {}) {
    if (typeof options === "string") options = { encoding: options };
    super({ highWaterMark: options.highWaterMark, defaultEncoding: options.encoding ?? "utf8", emitClose: true, signal: options.signal });
    this.path = path;
    this.flags = options.flags ?? "w";
    this.fd = options.fd ?? null;
    this.bytesWritten = 0;
    this.pos = options.start;
  }
  _construct(done) {
    try {
      this.fd ??= sync.openSync(this.path, this.flags);
    } catch (error) {
      done(error);
      return;
    }
    done();
    this.emit("open", this.fd);
    this.emit("ready");
  }
  _write(chunk, encoding, done) {
    try {
      const count = sync.writeSync(this.fd, chunk, 0, chunk.length, this.pos ?? null);
      this.bytesWritten += count;
      if (this.pos !== undefined) this.pos += count;
    } catch (error) {
      done(error);
      return;
    }
    done();
  }
  _destroy(error, done) {
    if (this.fd !== null) sync.closeSync(this.fd);
    this.fd = null;
    done(error);
  }
  close(done) {
    if (done) this.once("close", done);
    this.end();
  }
  get pending() {
    return this.fd === null;
  }
}

const callable = (Class) => new Proxy(Class, { apply: (target, self, args) => new target(...args) });
const [readStream, writeStream] = [callable(ReadStream), callable(WriteStream)];
const all = {
  ...sync,
  ...callbacks,
  Dir,
  Dirent,
  F_OK: constants.F_OK,
  FileReadStream: readStream,
  FileWriteStream: writeStream,
  R_OK: constants.R_OK,
  ReadStream: readStream,
  Stats,
  W_OK: constants.W_OK,
  WriteStream: writeStream,
  X_OK: constants.X_OK,
  constants,
  createReadStream: (path, options) => new ReadStream(path, options),
  createWriteStream: (path, options) => new WriteStream(path, options),
  async openAsBlob(path, options = {}) {
    return new Blob([sync.readFileSync(path)], { type: options.type ?? "" });
  },
  promises,
};
export default Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
