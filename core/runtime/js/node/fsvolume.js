// SPDX-License-Identifier: GPL-3.0-or-later
// The file system of node:fs: in memory, /bundle and /dev for reading, /tmp for anything. Its nodes are directories, files and links.
import { nodeError } from "./errors.js";
import { errno, messages } from "./systemerrors.js";

/** An error as the runtime's file system throws it. */
export function systemError(code, syscall, path, words = messages[code]) {
  const error = new Error(path === undefined ? words : `${words}, ${syscall} '${path}'`);
  error.syscall = syscall;
  error.code = code;
  if (path !== undefined) error.path = path;
  return error;
}

/** An error in libuv's form. */
export function uvError(code, syscall, path) {
  const error = nodeError.plain(`ERR_${code}`, path === undefined ? messages[code] : `${messages[code]}, ${syscall} '${path}'`);
  return Object.assign(error, { code, syscall, errno: -errno[code], ...(path === undefined ? {} : { path }) });
}

export class Directory {
  entries = new Map();
  modified = 0;
  constructor(writable) {
    this.writable = writable;
  }
}

export class File {
  #bytes = new Uint8Array(0);
  size = 0;
  modified = 0;
  constructor(writable = true) {
    this.writable = writable;
  }
  content() {
    return this.#bytes.subarray(0, this.size);
  }
  read(position, length) {
    return this.#bytes.subarray(Math.min(position, this.size), Math.min(this.size, position + length));
  }
  write(bytes, position) {
    const end = position + bytes.length;
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.set(bytes, position);
    this.size = Math.max(this.size, end);
    return bytes.length;
  }
  truncate(size) {
    if (size > this.#bytes.length) this.#grow(size);
    if (size > this.size) this.#bytes.fill(0, this.size, size);
    this.size = size;
  }
  #grow(size) {
    const bytes = new Uint8Array(Math.max(size, this.#bytes.length * 2, 64));
    bytes.set(this.content());
    this.#bytes = bytes;
  }
}

class Device {
  modified = 0;
  size = 0;
  constructor(fill) {
    this.fill = fill;
    this.writable = true;
  }
  content() {
    return new Uint8Array(0);
  }
  read(_position, length) {
    return this.fill ? this.fill(length) : new Uint8Array(0);
  }
  write(bytes) {
    if (this.refuses) throw systemError("ENOSPC", "write");
    return bytes.length;
  }
  truncate() {}
}
export const isDevice = (node) => node instanceof Device;

export class Link {
  modified = 0;
  writable = true;
  constructor(target) {
    this.target = target;
  }
}

function random(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65536)));
  return bytes;
}

const root = new Directory(false);
const devices = new Directory(false);
root.entries.set("bundle", new Directory(false));
root.entries.set("tmp", new Directory(true));
root.entries.set("dev", devices);
devices.entries.set("null", new Device());
devices.entries.set("zero", new Device((length) => new Uint8Array(length)));
devices.entries.set("full", Object.assign(new Device((length) => new Uint8Array(length)), { refuses: true }));
devices.entries.set("random", new Device(random));

const partsOf = (path) => path.split("/").filter((part) => part !== "" && part !== ".");

/** Where a path leads: its directory, the last name and what is there, if anything. */
export function walk(path, syscall, { follow = true, depth = 0 } = {}) {
  if (depth > 40) throw systemError("ELOOP", syscall, path);
  const parts = partsOf(path);
  const above = [root];
  for (let i = 0; i < parts.length; ++i) {
    if (parts[i] === "..") {
      if (above.length > 1) above.pop();
      continue;
    }
    const directory = above.at(-1);
    if (!(directory instanceof Directory)) throw systemError("ENOTDIR", syscall, path);
    const node = directory.entries.get(parts[i]);
    const last = i === parts.length - 1;
    if (node instanceof Link && (!last || follow)) {
      const base = `/${parts.slice(0, i).join("/")}`;
      const target = node.target.startsWith("/") ? node.target : `${base}/${node.target}`;
      return walk([target, ...parts.slice(i + 1)].join("/"), syscall, { follow, depth: depth + 1 });
    }
    if (last) return { directory, name: parts[i], node, parts };
    if (node === undefined) throw systemError("ENOENT", syscall, path);
    above.push(node);
  }
  return { directory: undefined, name: "", node: above.at(-1), parts };
}

export function existing(path, syscall, options) {
  const place = walk(path, syscall, options);
  if (place.node === undefined) throw systemError("ENOENT", syscall, path);
  return place;
}

/** Throws unless entries of the directory may be made and removed. */
export function checkWritable(directory, syscall) {
  if (!directory?.writable) throw systemError("EPERM", syscall);
}

