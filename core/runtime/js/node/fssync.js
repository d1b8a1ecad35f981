// SPDX-License-Identifier: GPL-3.0-or-later
// node:fs, the synchronous half; the others are made of it.
import { Buffer } from "./buffer.js";
import { encodingNumber } from "./encodings.js";
import { invalidArgType, invalidArgValue, outOfRange, unsupported } from "./errors.js";
import { Dir, Dirent, Stats } from "./fstypes.js";
import { Directory, File, Link, checkWritable, existing, systemError, uvError, walk } from "./fsvolume.js";
import { posix } from "./path.js";
import { constants } from "./fsconstants.js";

export { constants };

const flagsByName = {
  r: [1, 0], rs: [1, 0], "r+": [1, 1], "rs+": [1, 1], w: [0, 1, "create truncate"], wx: [0, 1, "create truncate new"], "w+": [1, 1, "create truncate"], "wx+": [1, 1, "create truncate new"],
  a: [0, 1, "create append"], ax: [0, 1, "create append new"], "a+": [1, 1, "create append"], "ax+": [1, 1, "create append new"], as: [0, 1, "create append"], "as+": [1, 1, "create append"],
};

function flagsOf(flags) {
  if (typeof flags === "number") {
    const access = flags & 3;
    const has = (name) => (flags & constants[name]) !== 0;
    return { read: access !== 1, write: access !== 0, create: has("O_CREAT"), truncate: has("O_TRUNC"), append: has("O_APPEND"), fresh: has("O_EXCL") && has("O_CREAT") };
  }
  const found = flagsByName[flags ?? "r"];
  if (!found) throw invalidArgValue("flags", flags);
  const words = found[2] ?? "";
  return { read: found[0] === 1, write: found[1] === 1, create: words.includes("create"), truncate: words.includes("truncate"), append: words.includes("append"), fresh: words.includes("new") };
}

export function pathOf(path, name = "path") {
  if (path instanceof URL) path = require("./url.js").default.fileURLToPath(path);
  else if (path instanceof Uint8Array) path = Buffer.from(path).toString();
  if (typeof path !== "string") throw invalidArgType(name, ["string", "Buffer", "URL"], path);
  if (path.includes("\0")) throw invalidArgValue(name, path, "must be a string, Uint8Array, or URL without null bytes");
  return path.startsWith("/") ? path : posix.join(require("./process.js").default.cwd(), path);
}

function optionsOf(options, defaults = {}) {
  if (options == null || typeof options === "function") return { ...defaults };
  if (typeof options === "string") options = { encoding: options };
  if (typeof options !== "object") throw invalidArgType("options", ["string", "Object"], options);
  if (options.encoding != null && options.encoding !== "buffer" && encodingNumber(options.encoding) === undefined) throw invalidArgValue("encoding", options.encoding, "is invalid encoding");
  return { ...defaults, ...options };
}

const bytesOf = (data, encoding) => {
  if (typeof data === "string") return Buffer.from(data, encoding ?? "utf8");
  if (ArrayBuffer.isView(data)) return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  throw invalidArgType("data", ["string", "Buffer", "TypedArray", "DataView"], data);
};

const open = new Map(); // descriptor -> { file, position, flags, path }
function descriptor(fd) {
  if (typeof fd !== "number") throw invalidArgType("fd", "number", fd);
  if (!Number.isInteger(fd)) throw outOfRange("fd", "an integer", fd);
  if (fd < 0 || fd > 2147483647) throw outOfRange("fd", ">= 0 && <= 2147483647", fd);
  return fd;
}
function opened(fd, syscall) {
  const found = open.get(descriptor(fd));
  if (!found) throw systemError("EBADF", syscall);
  return found;
}

function openNode(path, flags, syscall) {
  const place = walk(path, syscall);
  let { node } = place;
  if (node === undefined) {
    if (!flags.create) throw systemError("ENOENT", syscall, path);
    checkWritable(place.directory, syscall);
    node = new File();
    place.directory.entries.set(place.name, node);
  } else if (flags.fresh) {
    throw systemError("EEXIST", syscall, path);
  }
  if (node instanceof Directory) {
    if (flags.write) throw systemError("EISDIR", syscall);
    return node;
  }
  if (flags.write && !node.writable) throw systemError("EPERM", syscall);
  if (flags.truncate) node.truncate(0);
  return node;
}

function contentOf(path, syscall) {
  const node = typeof path === "number" ? opened(path, syscall).file : existing(pathOf(path), syscall).node;
  if (node instanceof Directory) throw systemError("EISDIR", syscall);
  return node.content();
}

const statOf = (node, options) => new Stats(node, options?.bigint === true);
function statAt(path, options, follow, syscall) {
  path = pathOf(path);
  let node;
  try {
    ({ node } = walk(path, syscall, { follow }));
  } catch (error) {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    if (error.code === "ENOTDIR" && options?.throwIfNoEntry !== false) throw uvError("ENOTDIR", syscall, path);
  }
  if (node !== undefined) return statOf(node, options);
  if (options?.throwIfNoEntry === false) return undefined;
  throw uvError("ENOENT", syscall, path);
}

function remove(path, syscall, allowed) {
  const place = existing(path, syscall, { follow: false });
  checkWritable(place.directory, syscall);
  allowed(place.node);
  place.directory.entries.delete(place.name);
}

function* listed(directory, path, recursive) {
  for (const [name, node] of directory.entries) {
    yield [name, path, node];
    if (recursive && node instanceof Directory) yield* listed(node, posix.join(path, name), true);
  }
}

function copyTree(from, to, options) {
  const source = existing(from, "cp", { follow: options.dereference === true }).node;
  if (options.filter && !options.filter(from, to)) return;
  if (source instanceof Directory) {
    if (!options.recursive) throw systemError("EISDIR", "cp", from);
    if (!fs.existsSync(to)) fs.mkdirSync(to, { recursive: true });
    for (const name of [...source.entries.keys()]) copyTree(posix.join(from, name), posix.join(to, name), options);
  } else if (source instanceof Link) {
    fs.symlinkSync(source.target, to);
  } else if (!fs.existsSync(to) || options.force !== false) {
    fs.writeFileSync(to, source.content());
  } else if (options.errorOnExist) {
    throw systemError("EEXIST", "cp", to);
  }
}

export const fs = {
  accessSync(path, mode = 0) {
    path = pathOf(path);
    const { node } = (() => {
      try {
        return walk(path, "access");
      } catch {
        return {};
      }
    })();
    if (node === undefined) throw uvError("ENOENT", "access", path);
    if ((mode & constants.W_OK && !node.writable) || (mode & constants.X_OK && !(node instanceof Directory))) throw uvError("EACCES", "access", path);
  },
  existsSync(path) {
    try {
      return walk(pathOf(path), "access").node !== undefined;
    } catch {
      return false;
    }
  },
  openSync(path, flags = "r") {
    path = pathOf(path);
    const wanted = flagsOf(flags);
    const file = openNode(path, wanted, "open");
    let fd = 3;
    while (open.has(fd)) ++fd;
    open.set(fd, { file, position: 0, flags: wanted, path });
    return fd;
  },
  closeSync(fd) {
    open.delete(descriptor(fd));
  },
  readSync(fd, buffer, offset, length, position) {
    const handle = opened(fd, "read");
    if (!ArrayBuffer.isView(buffer)) throw invalidArgType("buffer", ["Buffer", "TypedArray", "DataView"], buffer);
    if (offset !== null && typeof offset === "object") ({ offset = 0, length, position } = offset);
    offset ??= 0;
    length ??= buffer.byteLength - offset;
    if (offset < 0 || offset > buffer.byteLength) throw outOfRange("offset", `>= 0 && <= ${buffer.byteLength}`, offset);
    if (length < 0 || length > buffer.byteLength - offset) throw outOfRange("length", `>= 0 && <= ${buffer.byteLength - offset}`, length);
    if (!handle.flags.read) throw systemError("EBADF", "read");
    if (handle.file instanceof Directory) throw systemError("EISDIR", "read");
    const at = position == null || Number(position) < 0 ? handle.position : Number(position);
    const bytes = handle.file.read(at, length);
    new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength).set(bytes, offset);
    if (position == null || Number(position) < 0) handle.position += bytes.length;
    return bytes.length;
  },
  readvSync(fd, buffers, position) {
    let total = 0;
    for (const buffer of buffers) {
      const count = fs.readSync(fd, buffer, 0, buffer.byteLength, position == null ? null : position + total);
      total += count;
      if (count < buffer.byteLength) break;
    }
    return total;
  },
  writeSync(fd, data, offset, length, position) {
    const handle = opened(fd, "write");
    let bytes;
    if (typeof data === "string") {
      position = offset;
      bytes = bytesOf(data, typeof length === "string" ? length : "utf8");
    } else {
      bytes = bytesOf(data);
      if (offset !== null && typeof offset === "object") ({ offset, length, position } = offset);
      offset ??= 0;
      bytes = bytes.subarray(offset, offset + (length ?? bytes.length - offset));
    }
    if (!handle.flags.write) throw systemError("EBADF", "write");
    const at = handle.flags.append ? handle.file.size : position == null ? handle.position : Number(position);
    const count = handle.file.write(bytes, at);
    if (position == null || handle.flags.append) handle.position = at + count;
    return count;
  },
  writevSync(fd, buffers, position) {
    let total = 0;
    for (const buffer of buffers) total += fs.writeSync(fd, buffer, 0, buffer.byteLength, position == null ? null : position + total);
    return total;
  },
  readFileSync(path, options) {
    const { encoding, flag } = optionsOf(options);
    if (flag !== undefined) flagsOf(flag);
    if (typeof path === "number") descriptor(path);
    const content = contentOf(path, "readAll");
    return encoding == null || encoding === "buffer" ? Buffer.from(content) : Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString(encoding);
  },
  writeFileSync(path, data, options) {
    const { encoding, flag } = optionsOf(options, { flag: "w" });
    const bytes = bytesOf(data, encoding);
    const flags = flagsOf(flag);
    const file = typeof path === "number" ? opened(path, "writeAll").file : openNode(pathOf(path), flags, "writeAll");
    file.write(bytes, flags.append ? file.size : 0);
    return bytes.length;
  },
  appendFileSync: (path, data, options) => fs.writeFileSync(path, data, { ...optionsOf(options), flag: "a" }),
  truncateSync(path, length = 0) {
    const { node } = existing(pathOf(path), "ftruncate");
    if (node instanceof Directory) throw systemError("EISDIR", "ftruncate");
    if (!node.writable) throw systemError("EPERM", "ftruncate");
    node.truncate(length);
  },
  ftruncateSync(fd, length = 0) {
    opened(fd, "ftruncate").file.truncate(length);
  },
  statSync: (path, options) => statAt(path, options, true, "stat"),
  lstatSync: (path, options) => statAt(path, options, false, "lstat"),
  fstatSync: (fd, options) => statOf(opened(fd, "fstat").file, options),
  statfsSync(path, options) {
    existing(pathOf(path), "statfs");
    const number = options?.bigint ? 0n : 0;
    return { type: number, bsize: number, blocks: number, bfree: number, bavail: number, files: number, ffree: number };
  },
  mkdirSync(path, options) {
    const recursive = typeof options === "object" && options?.recursive === true;
    path = pathOf(path);
    if (!recursive) {
      let place;
      try {
        place = walk(path, "mkdir");
      } catch (error) {
        if (error.code === "ENOENT") throw systemError("ENOENT", "mkdir", posix.basename(path));
        throw error;
      }
      if (place.node instanceof Directory) return undefined;
      if (place.node !== undefined) throw systemError("EEXIST", "mkdir", place.name);
      checkWritable(place.directory, "mkdir");
      place.directory.entries.set(place.name, new Directory(true));
      return undefined;
    }
    let first;
    const parts = path.split("/").filter(Boolean);
    for (let i = 1; i <= parts.length; ++i) {
      const at = `/${parts.slice(0, i).join("/")}`;
      const place = walk(at, "mkdir");
      if (place.node === undefined) {
        checkWritable(place.directory, "mkdir");
        place.directory.entries.set(place.name, new Directory(true));
        first ??= at;
      } else if (!(place.node instanceof Directory)) {
        throw systemError(i === parts.length ? "EEXIST" : "ENOTDIR", "mkdir", place.name);
      }
    }
    return first;
  },
  mkdtempSync(prefix) {
    prefix = pathOf(prefix, "prefix");
    for (let i = 0; ; ++i) {
      const path = `${prefix}${i}`;
      if (!fs.existsSync(path)) {
        fs.mkdirSync(path);
        return path;
      }
    }
  },
  readdirSync(path, options) {
    const { withFileTypes = false, recursive = false, encoding } = optionsOf(options);
    path = pathOf(path);
    const { node } = existing(path, "readdir");
    if (!(node instanceof Directory)) throw systemError("ENOTDIR", "readdir", path);
    const found = [...listed(node, posix.normalize(path), recursive)];
    return found.map(([name, parent, entry]) => {
      const shown = recursive ? posix.join(parent, name).slice(1) : name;
      if (withFileTypes) return new Dirent(shown, parent, entry);
      return encoding === "buffer" ? Buffer.from(shown) : shown;
    });
  },
  opendirSync: (path, options) => new Dir(fs.readdirSync(path, { ...options, withFileTypes: true }), pathOf(path)),
  rmdirSync(path) {
    path = pathOf(path);
    remove(path, "rm", (node) => {
      if (!(node instanceof Directory)) throw systemError("ENOTDIR", "rm", posix.basename(path));
      if (node.entries.size > 0) throw systemError("ENOTEMPTY", "rm", posix.basename(path));
    });
  },
  rmSync(path, options) {
    path = pathOf(path);
    if (!fs.existsSync(path) && statAt(path, { throwIfNoEntry: false }, false, "rm") === undefined) return;
    remove(path, "rm", (node) => {
      if (node instanceof Directory && !options?.recursive && node.entries.size > 0) throw systemError("ENOTEMPTY", "rm", posix.basename(path));
    });
  },
  unlinkSync(path) {
    path = pathOf(path);
    const place = walk(path, "unlink", { follow: false });
    if (place.node === undefined) throw Object.assign(new Error("File not found"), { syscall: "unlink", code: "ENOENT", path: place.name });
    checkWritable(place.directory, "unlink");
    if (place.node instanceof Directory) throw systemError("EISDIR", "unlink", path);
    place.directory.entries.delete(place.name);
  },
  renameSync(from, to) {
    from = pathOf(from, "oldPath");
    to = pathOf(to, "newPath");
    const source = existing(from, "rename", { follow: false });
    const target = walk(to, "rename", { follow: false });
    checkWritable(source.directory, "rename");
    checkWritable(target.directory, "rename");
    if (target.node === source.node) return;
    if (target.node instanceof Directory && (!(source.node instanceof Directory) || target.node.entries.size > 0)) throw systemError(source.node instanceof Directory ? "ENOTEMPTY" : "EISDIR", "rename", to);
    if (`${to}/`.startsWith(`${from}/`)) throw systemError("EINVAL", "rename", to);
    source.directory.entries.delete(source.name);
    target.directory.entries.set(target.name, source.node);
  },
  copyFileSync(from, to, mode = 0) {
    const content = contentOf(from, "copyFile");
    if (mode & constants.COPYFILE_EXCL && fs.existsSync(to)) throw systemError("EEXIST", "copyFile", pathOf(to));
    fs.writeFileSync(to, content);
  },
  cpSync: (from, to, options = {}) => copyTree(pathOf(from, "src"), pathOf(to, "dest"), options),
  linkSync(from, to) {
    const source = existing(pathOf(from, "existingPath"), "link").node;
    const place = walk(pathOf(to, "newPath"), "link", { follow: false });
    if (place.node !== undefined) throw systemError("EEXIST", "link", pathOf(to));
    if (source instanceof Directory) throw systemError("EPERM", "link");
    checkWritable(place.directory, "link");
    place.directory.entries.set(place.name, source);
  },
  symlinkSync(target, path) {
    const place = walk(pathOf(path), "symlink", { follow: false });
    if (place.node !== undefined) throw systemError("EEXIST", "symlink", pathOf(path));
    checkWritable(place.directory, "symlink");
    place.directory.entries.set(place.name, new Link(String(target)));
  },
  readlinkSync(path, options) {
    const { node } = existing(pathOf(path), "readlink", { follow: false });
    if (!(node instanceof Link)) throw systemError("EINVAL", "readlink", pathOf(path));
    return optionsOf(options).encoding === "buffer" ? Buffer.from(node.target) : node.target;
  },
  realpathSync(path, options) {
    const { parts } = existing(pathOf(path), "realpath");
    const real = posix.normalize(`/${parts.join("/")}`);
    return optionsOf(options).encoding === "buffer" ? Buffer.from(real) : real;
  },
  globSync(pattern, options = {}) {
    const cwd = pathOf(options.cwd ?? require("./process.js").default.cwd());
    const matched = [];
    for (const [name, parent] of listed(existing(cwd, "glob").node, cwd, true)) {
      const path = posix.relative(cwd, posix.join(parent, name));
      const full = posix.join(parent, name);
      if ([pattern].flat().some((p) => posix.matchesGlob(p.startsWith("/") ? full : path, p))) matched.push(path);
    }
    return matched;
  },
  fsyncSync: (fd) => void opened(fd, "fsync"),
  fdatasyncSync: (fd) => void opened(fd, "fdatasync"),
};
fs.realpathSync.native = fs.realpathSync;

for (const name of ["chmod", "chown", "lchmod", "lchown", "utimes", "lutimes"]) {
  fs[`${name}Sync`] = (path) => {
    existing(pathOf(path), name, { follow: !name.startsWith("l") });
  };
}
for (const name of ["fchmod", "fchown", "futimes"]) fs[`${name}Sync`] = (fd) => void opened(fd, name);
for (const name of ["watch", "watchFile", "unwatchFile"]) {
  fs[name] = () => {
    const error = unsupported();
    error.message = "The requested operation is unsupported";
    throw error;
  };
}
