// SPDX-License-Identifier: GPL-3.0-or-later
// node:url: the platform's URL, and the old interface from unenv.
import * as legacy from "unenv/node/url";
import { invalidArgType, nodeError } from "./errors.js";
import { posix, win32 } from "./path.js";
import { validateString } from "./validators.js";

const { URL, URLSearchParams } = globalThis;
const isUrl = (value) => value instanceof URL || Boolean(value?.href && value.protocol && value.auth === undefined && value.path === undefined);

function fileURLToPath(path, { windows = false } = {}) {
  if (typeof path === "string") path = new URL(path);
  else if (!isUrl(path)) throw invalidArgType("path", ["string", "URL"], path);
  if (path.protocol !== "file:") throw nodeError.plain("ERR_INVALID_URL_SCHEME", "The URL must be of scheme file");
  const { pathname } = path;
  if (/%2f/i.test(pathname) || (windows && /%5c/i.test(pathname))) {
    throw nodeError.plain("ERR_INVALID_FILE_URL_PATH", `File URL path must not include encoded ${windows ? "\\ or / " : "/ "}characters`.replace(/ {2}/, " "));
  }
  const decoded = decodeURIComponent(pathname);
  if (!windows) {
    if (path.hostname !== "") throw nodeError.plain("ERR_INVALID_FILE_URL_HOST", 'File URL host must be "localhost" or empty on linux');
    return decoded;
  }
  const local = decoded.replace(/\//g, "\\");
  if (path.hostname !== "") return `\\\\${path.hostname}${local}`;
  if (!/^\\[a-zA-Z]:/.test(local)) throw nodeError.plain("ERR_INVALID_FILE_URL_PATH", "File URL path must be absolute");
  return local.slice(1);
}

function pathToFileURL(path, { windows = false } = {}) {
  validateString(path, "path");
  const kind = windows ? win32 : posix;
  let resolved = kind.resolve(path);
  if (/[\\/]$/.test(path) && !resolved.endsWith(kind.sep)) resolved += kind.sep;
  if (windows && path.startsWith("\\\\")) {
    const [, host, rest] = /^\\\\([^\\]+)(\\.*)?$/.exec(resolved) ?? [];
    return new URL(`file://${host}${encoded((rest ?? "").replace(/\\/g, "/"))}`);
  }
  return new URL(`file://${windows ? "/" : ""}${encoded(windows ? resolved.replace(/\\/g, "/") : resolved)}`);
}

const encoded = (path) => path.replace(/[%\\\n\r\t?#]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);

function urlToHttpOptions(url) {
  const { protocol, hostname, hash, search, pathname, href, port, username, password } = url;
  const options = Object.assign(Object.create(null), {
    ...url,
    protocol,
    hostname: typeof hostname === "string" && hostname.startsWith("[") ? hostname.slice(1, -1) : hostname,
    hash,
    search,
    pathname,
    path: `${pathname || ""}${search || ""}`,
    href,
  });
  if (port !== "") options.port = Number(port);
  if (username || password) options.auth = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return options;
}

function domainToASCII(domain) {
  if (arguments.length < 1) throw nodeError.type("ERR_MISSING_ARGS", 'The "domain" argument must be specified');
  try {
    return new URL(`ws://${domain}`).hostname;
  } catch {
    return "";
  }
}

function domainToUnicode(domain) {
  const ascii = domainToASCII(domain);
  return ascii === "" ? "" : require("./punycode.js").default.toUnicode(ascii);
}

function format(value, options) {
  if (!(value instanceof URL)) return legacy.format(value, options);
  const { auth = true, fragment = true, search = true, unicode = false } = options ?? {};
  const copy = new URL(value.href);
  if (!auth) copy.username = copy.password = "";
  if (!fragment) copy.hash = "";
  if (!search) copy.search = "";
  return unicode ? copy.href.replace(copy.hostname, domainToUnicode(copy.hostname)) : copy.href;
}

const order = ["protocol", "slashes", "auth", "host", "port", "hostname", "hash", "search", "query", "pathname", "path", "href"];

function parse(url, parseQueryString, slashesDenoteHost) {
  if (typeof url !== "string" && !(url instanceof legacy.Url)) throw invalidArgType("url", "string", url);
  const parsed = legacy.parse(url, parseQueryString, slashesDenoteHost);
  const ordered = Object.create(Object.getPrototypeOf(parsed));
  for (const name of order) ordered[name] = parsed[name];
  return ordered;
}

export default {
  URL,
  URLSearchParams,
  Url: legacy.Url,
  domainToASCII,
  domainToUnicode,
  fileURLToPath,
  format,
  parse,
  pathToFileURL,
  resolve: legacy.resolve,
  resolveObject: legacy.resolveObject,
  toPathIfFileURL: (value) => (isUrl(value) ? fileURLToPath(value) : value),
  urlToHttpOptions,
};
