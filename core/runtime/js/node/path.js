// SPDX-License-Identifier: GPL-3.0-or-later
// node:path, both kinds.
import { validateObject, validateString } from "./validators.js";

const isLetter = (code) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122);

/** Resolves "." and ".." among parts; above the root there is nothing. */
function collapsed(parts, absolute) {
  const kept = [];
  for (const part of parts) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!absolute) kept.push("..");
  }
  return kept;
}

function globToRegExp(pattern, separators) {
  const any = `[^${separators}]`;
  const slash = `[${separators}]`;
  let out = "";
  for (let i = 0; i < pattern.length; ++i) {
    const c = pattern[i];
    if (c === "*" && pattern[i + 1] === "*") {
      const before = i === 0 || separators.includes(pattern[i - 1]);
      while (pattern[i + 1] === "*") ++i;
      if (before && pattern[i + 1] !== undefined && separators.includes(pattern[i + 1])) {
        ++i;
        out += `(?:${any}+${slash})*`;
      } else {
        out += before ? ".*" : `${any}*`;
      }
    } else if (c === "*") out += `${any}*`;
    else if (c === "?") out += any;
    else if (c === "{" && pattern.indexOf("}", i) > 0) {
      const end = pattern.indexOf("}", i);
      out += `(?:${pattern.slice(i + 1, end).split(",").map((p) => globToRegExp(p, separators).source.slice(1, -1)).join("|")})`;
      i = end;
    } else if (c === "[" && pattern.indexOf("]", i) > 0) {
      const end = pattern.indexOf("]", i + 2);
      out += `[${pattern.slice(i + 1, end).replace(/^!/, "^").replace(/\\/g, "\\\\")}]`;
      i = end;
    } else out += separators.includes(c) ? slash : c.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  }
  return new RegExp(`^${out}$`, "s");
}

/** The parts that posix and win32 share: what a path is made of, once its root is known. */
function common(sep, isSeparator, rootOf) {
  const lastPart = (path, rootLength) => {
    let end = path.length;
    while (end > rootLength && isSeparator(path.charCodeAt(end - 1))) --end;
    let start = end;
    while (start > rootLength && !isSeparator(path.charCodeAt(start - 1))) --start;
    return [start, end];
  };
  const extension = (base) => {
    const dot = base.lastIndexOf(".");
    return dot <= 0 || base === ".." ? "" : base.slice(dot);
  };
  return {
    basename(path, suffix) {
      if (suffix !== undefined) validateString(suffix, "suffix");
      validateString(path, "path");
      const driveOnly = sep === "\\" && path.length >= 2 && isLetter(path.charCodeAt(0)) && path[1] === ":" ? 2 : 0;
      const [start, end] = lastPart(path, driveOnly);
      const base = path.slice(start, end);
      return suffix !== undefined && suffix.length > 0 && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : suffix !== undefined && base === suffix && path === suffix ? "" : base;
    },
    extname(path) {
      validateString(path, "path");
      const [start, end] = lastPart(path, sep === "\\" && path[1] === ":" && isLetter(path.charCodeAt(0)) ? 2 : 0);
      return extension(path.slice(start, end));
    },
    dirname(path) {
      validateString(path, "path");
      if (path.length === 0) return ".";
      const root = rootOf(path);
      const [start] = lastPart(path, root.length);
      const end = start - 1;
      if (end > root.length) return path.slice(0, end);
      if (root.length > 0) return sep === "/" && path.startsWith("//") && start === 2 ? "//" : path.slice(0, root.length);
      return ".";
    },
    parse(path) {
      validateString(path, "path");
      const parsed = { root: "", dir: "", base: "", ext: "", name: "" };
      if (path.length === 0) return parsed;
      parsed.root = rootOf(path);
      const [start, end] = lastPart(path, parsed.root.length);
      parsed.base = path.slice(start, end);
      parsed.ext = extension(parsed.base);
      parsed.name = parsed.ext ? parsed.base.slice(0, -parsed.ext.length) : parsed.base;
      parsed.dir = start > parsed.root.length ? path.slice(0, start - 1) : parsed.root;
      return parsed;
    },
    format(parts) {
      validateObject(parts, "pathObject");
      const dir = parts.dir || parts.root;
      const ext = parts.ext ? `${parts.ext[0] === "." ? "" : "."}${parts.ext}` : "";
      const base = parts.base || `${parts.name || ""}${ext}`;
      if (!dir) return base;
      return dir === parts.root ? `${dir}${base}` : `${dir}${sep}${base}`;
    },
    matchesGlob(path, pattern) {
      validateString(path, "path");
      validateString(pattern, "pattern");
      return globToRegExp(pattern, sep === "/" ? "/" : "\\\\/").test(path);
    },
  };
}

const slash = (code) => code === 47;
const posix = {
  ...common("/", slash, (path) => (path.startsWith("/") ? "/" : "")),
  sep: "/",
  delimiter: ":",
  resolve(...paths) {
    let resolved = "";
    let absolute = false;
    for (let i = paths.length - 1; i >= -1 && !absolute; --i) {
      const path = i >= 0 ? paths[i] : posix.cwd();
      validateString(path, `paths[${i}]`);
      if (path.length === 0) continue;
      resolved = `${path}/${resolved}`;
      absolute = path[0] === "/";
    }
    const joined = collapsed(resolved.split("/"), absolute).join("/");
    return absolute ? `/${joined}` : joined || ".";
  },
  normalize(path) {
    validateString(path, "path");
    if (path.length === 0) return ".";
    const absolute = path[0] === "/";
    let joined = collapsed(path.split("/"), absolute).join("/");
    if (joined.length === 0) return absolute ? "/" : path.endsWith("/") ? "./" : ".";
    if (path.endsWith("/")) joined += "/";
    return absolute ? `/${joined}` : joined;
  },
  isAbsolute(path) {
    validateString(path, "path");
    return path.startsWith("/");
  },
  join(...paths) {
    for (const path of paths) validateString(path, "path");
    const joined = paths.filter((path) => path.length > 0).join("/");
    return joined.length === 0 ? "." : posix.normalize(joined);
  },
  relative(from, to) {
    validateString(from, "from");
    validateString(to, "to");
    if (from === to) return "";
    const a = posix.resolve(from).split("/").filter(Boolean);
    const b = posix.resolve(to).split("/").filter(Boolean);
    let same = 0;
    while (same < a.length && same < b.length && a[same] === b[same]) ++same;
    return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
  },
  toNamespacedPath: (path) => path,
};
Object.defineProperty(posix, "cwd", { value: () => "/", writable: true, enumerable: false });

const anySlash = (code) => code === 47 || code === 92;
/** "C:\\", "C:", "\\\\server\\share\\", "\\" or "". */
function winRoot(path) {
  const unc = /^[\\/]{2}[^\\/]+[\\/]+[^\\/]+(?:[\\/]|$)/.exec(path);
  if (unc) return unc[0];
  if (path.length >= 2 && isLetter(path.charCodeAt(0)) && path[1] === ":") return anySlash(path.charCodeAt(2)) ? path.slice(0, 3) : path.slice(0, 2);
  return anySlash(path.charCodeAt(0)) ? path[0] : "";
}

function winSplit(path) {
  const root = winRoot(path);
  const device = /^[\\/]{2}/.test(root) ? `\\\\${root.split(/[\\/]+/).filter(Boolean).join("\\")}` : /^[a-zA-Z]:/.test(root) ? root.slice(0, 2) : "";
  const absolute = root.length > device.length || device.startsWith("\\\\");
  return { device, absolute, rest: path.slice(root.length) };
}

const win32 = {
  ...common("\\", anySlash, winRoot),
  sep: "\\",
  delimiter: ";",
  resolve(...paths) {
    let device = "";
    let rest = "";
    let absolute = false;
    for (let i = paths.length - 1; i >= -1 && !(absolute && device); --i) {
      const path = i >= 0 ? paths[i] : posix.cwd().replace(/\//g, "\\");
      validateString(path, `paths[${i}]`);
      if (path.length === 0) continue;
      const parts = winSplit(path);
      if (parts.device && device && parts.device.toLowerCase() !== device.toLowerCase()) continue;
      device ||= parts.device;
      if (!absolute) {
        rest = `${parts.rest}\\${rest}`;
        absolute = parts.absolute;
      }
    }
    return `${device}${absolute ? "\\" : ""}${collapsed(rest.split(/[\\/]/), absolute).join("\\")}` || ".";
  },
  normalize(path) {
    validateString(path, "path");
    if (path.length === 0) return ".";
    const { device, absolute, rest } = winSplit(path);
    let tail = collapsed(rest.split(/[\\/]/), absolute).join("\\");
    if (tail.length === 0 && !absolute) tail = ".";
    if (tail.length > 0 && anySlash(path.charCodeAt(path.length - 1)) && rest.length > 0) tail += "\\";
    return `${device}${absolute ? "\\" : ""}${tail}`;
  },
  isAbsolute(path) {
    validateString(path, "path");
    return anySlash(path.charCodeAt(0)) || (path.length > 2 && isLetter(path.charCodeAt(0)) && path[1] === ":" && anySlash(path.charCodeAt(2)));
  },
  join(...paths) {
    for (const path of paths) validateString(path, "path");
    const parts = paths.filter((path) => path.length > 0);
    if (parts.length === 0) return ".";
    let joined = parts.join("\\");
    // Only a first part that is itself a UNC path makes the whole one.
    if (!/^[\\/]{2}[^\\/]/.test(parts[0])) joined = joined.replace(/^[\\/]{2,}/, "\\");
    return win32.normalize(joined);
  },
  relative(from, to) {
    validateString(from, "from");
    validateString(to, "to");
    if (from === to) return "";
    const [a, b] = [win32.resolve(from), win32.resolve(to)];
    if (a.toLowerCase() === b.toLowerCase()) return "";
    const [x, y] = [winSplit(a), winSplit(b)];
    if (x.device.toLowerCase() !== y.device.toLowerCase()) return b;
    const [p, q] = [x, y].map((parts) => parts.rest.split("\\").filter(Boolean));
    let same = 0;
    while (same < p.length && same < q.length && p[same].toLowerCase() === q[same].toLowerCase()) ++same;
    return [...p.slice(same).map(() => ".."), ...q.slice(same)].join("\\");
  },
  toNamespacedPath(path) {
    if (typeof path !== "string" || path.length === 0) return path;
    const resolved = win32.resolve(path);
    if (resolved.length <= 2) return path;
    if (resolved.startsWith("\\\\")) return /^\\\\[^?.]/.test(resolved) ? `\\\\?\\UNC\\${resolved.slice(2)}` : path;
    return /^[a-zA-Z]:\\/.test(resolved) ? `\\\\?\\${resolved}` : resolved;
  },
};

for (const kind of [posix, win32]) {
  kind.posix = posix;
  kind.win32 = win32;
  kind._makeLong = kind.toNamespacedPath;
}
export { posix, win32 };
export default posix;
