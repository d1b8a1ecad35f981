// SPDX-License-Identifier: GPL-3.0-or-later
// node:fs/promises.
import EventEmitter from "./events.js";
import { Buffer } from "./buffer.js";
import { constants, fs as sync } from "./fssync.js";

class FileHandle extends EventEmitter {
  #fd;
  constructor(fd) {
    super();
    this.#fd = fd;
  }
  get fd() {
    return this.#fd;
  }
  async appendFile(data, options) {
    sync.appendFileSync(this.#fd, data, options);
  }
  async close() {
    if (this.#fd === -1) return;
    sync.closeSync(this.#fd);
    this.#fd = -1;
    this.emit("close");
  }
  async read(buffer, offset, length, position) {
    if (!ArrayBuffer.isView(buffer)) {
      ({ buffer = Buffer.alloc(16384), offset, length, position } = buffer ?? {});
    }
    return { bytesRead: sync.readSync(this.#fd, buffer, offset, length, position), buffer };
  }
  async readv(buffers, position) {
    return { bytesRead: sync.readvSync(this.#fd, buffers, position), buffers };
  }
  async readFile(options) {
    return sync.readFileSync(this.#fd, options);
  }
  async write(data, offset, length, position) {
    return { bytesWritten: sync.writeSync(this.#fd, data, offset, length, position), buffer: data };
  }
  async writev(buffers, position) {
    return { bytesWritten: sync.writevSync(this.#fd, buffers, position), buffers };
  }
  async writeFile(data, options) {
    sync.writeFileSync(this.#fd, data, options);
  }
  async stat(options) {
    return sync.fstatSync(this.#fd, options);
  }
  async truncate(length) {
    sync.ftruncateSync(this.#fd, length);
  }
  async sync() {}
  async datasync() {}
  async chmod() {}
  async chown() {}
  async utimes() {}
  createReadStream(options) {
    return require("./fs.js").default.createReadStream(null, { ...options, fd: this.#fd });
  }
  createWriteStream(options) {
    return require("./fs.js").default.createWriteStream(null, { ...options, fd: this.#fd });
  }
  async *readLines(options) {
    const text = sync.readFileSync(this.#fd, options?.encoding ?? "utf8");
    yield* text.replace(/\n$/, "").split(/\r?\n/);
  }
  async [Symbol.asyncDispose ?? Symbol.for("Symbol.asyncDispose")]() {
    await this.close();
  }
}

const names = ["access", "appendFile", "chmod", "chown", "copyFile", "cp", "lchmod", "lchown", "link", "lstat", "lutimes", "mkdir", "mkdtemp", "opendir", "readFile", "readdir", "readlink",
  "realpath", "rename", "rm", "rmdir", "stat", "statfs", "symlink", "truncate", "unlink", "utimes", "writeFile"];
const silent = new Set(["appendFile", "writeFile"]);
const made = Object.fromEntries(names.map((name) => [name, {
  async [name](path, ...args) {
    if (path instanceof FileHandle) path = path.fd;
    const result = sync[`${name}Sync`](path, ...args);
    return silent.has(name) ? undefined : result;
  },
}[name]]));

export const promises = Object.fromEntries(Object.entries({
  FileHandle,
  ...made,
  constants,
  async *glob(pattern, options) {
    yield* sync.globSync(pattern, options);
  },
  async open(path, flags, mode) {
    return new FileHandle(sync.openSync(path, flags, mode));
  },
  watch: sync.watch,
}).sort(([a], [b]) => (a < b ? -1 : 1)));
