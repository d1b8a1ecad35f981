// SPDX-License-Identifier: GPL-3.0-or-later
// What node:fs answers with: Stats, Dirent, Dir.
import { Directory, File, Link, isDevice } from "./fsvolume.js";

const types = { file: [1, 0o100000], directory: [2, 0o040000], link: [3, 0o120000], device: [6, 0o020000] };
export const typeOf = (node) => (node instanceof Directory ? "directory" : node instanceof Link ? "link" : isDevice(node) ? "device" : "file");

const questions = { isFile: "file", isDirectory: "directory", isSymbolicLink: "link", isCharacterDevice: "device", isBlockDevice: "", isFIFO: "", isSocket: "" };

export class Stats {
  constructor(node, big = false) {
    const type = typeOf(node);
    const number = big ? BigInt : (value) => value;
    const mode = types[type][1] | (type === "directory" ? (node.writable ? 0o777 : 0o555) : node.writable ? 0o666 : 0o444);
    const size = node instanceof File ? node.size : 0;
    const values = { dev: isDevice(node) ? 1 : 0, ino: 0, mode, nlink: 1, uid: 0, gid: 0, rdev: 0, size, blksize: 0, blocks: 0 };
    for (const [name, value] of Object.entries(values)) this[name] = number(value);
    const times = ["atime", "mtime", "ctime", "birthtime"];
    for (const time of times) this[`${time}Ms`] = number(node.modified);
    for (const time of times) this[`${time}Ns`] = big ? BigInt(node.modified) * 1000000n : undefined;
    for (const time of times) this[time] = new Date(node.modified);
  }
}
for (const [name, type] of Object.entries(questions)) {
  Stats.prototype[name] = function () {
    return type !== "" && (Number(this.mode) & 0o170000) === types[type][1];
  };
}

const kind = Symbol("type");
export class Dirent {
  constructor(name, parentPath, node) {
    this.name = name;
    this.parentPath = parentPath;
    this[kind] = types[typeOf(node)][0];
  }
}
for (const [name, type] of Object.entries(questions)) {
  Dirent.prototype[name] = function () {
    return type !== "" && this[kind] === types[type][0];
  };
}

export class Dir {
  #entries;
  #path;
  constructor(entries, path) {
    this.#entries = entries;
    this.#path = path;
  }
  get path() {
    return this.#path;
  }
  readSync() {
    return this.#entries.shift() ?? null;
  }
  read(callback) {
    if (callback === undefined) return Promise.resolve(this.readSync());
    queueMicrotask(() => callback(null, this.readSync()));
    return undefined;
  }
  closeSync() {
    this.#entries = [];
  }
  close(callback) {
    this.closeSync();
    if (callback === undefined) return Promise.resolve();
    queueMicrotask(() => callback(null));
    return undefined;
  }
  async *[Symbol.asyncIterator]() {
    for (let entry = this.readSync(); entry !== null; entry = this.readSync()) yield entry;
  }
}
