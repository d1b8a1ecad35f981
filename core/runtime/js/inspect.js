// SPDX-License-Identifier: GPL-3.0-or-later
// Values as text, for console lines.

const lineWidth = 76;
const identifier = /^[A-Za-z_$][\w$]*$/;

function quote(text) {
  const mark = !text.includes("'") ? "'" : !text.includes('"') ? '"' : !text.includes("`") ? "`" : "'";
  const escaped = JSON.stringify(text).slice(1, -1).replace(/\\"/g, '"');
  return mark + (mark === "'" ? escaped.replace(/'/g, "\\'") : escaped) + mark;
}

function keyText(key) {
  if (typeof key === "symbol") return `[${String(key)}]`;
  return identifier.test(key) ? key : quote(key);
}

function primitive(value) {
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Object.is(value, -0)) return "-0";
  return String(value);
}

function group(prefix, open, items, close) {
  if (items.length === 0) return `${prefix}${open}${close}`;
  const flat = `${prefix}${open} ${items.join(", ")} ${close}`;
  if (flat.length <= lineWidth && !flat.includes("\n")) return flat;
  return `${prefix}${open}\n${items.map((item) => "  " + item.replace(/\n/g, "\n  ")).join(",\n")}\n${close}`;
}

function className(value) {
  let proto = Object.getPrototypeOf(value);
  if (proto === null) return "[Object: null prototype]";
  while (proto) {
    const constructor = Object.getOwnPropertyDescriptor(proto, "constructor")?.value;
    if (typeof constructor === "function" && constructor.name) return constructor.name;
    proto = Object.getPrototypeOf(proto);
  }
  return "Object";
}

function properties(value, depth, seen, skip = () => false) {
  const items = [];
  for (const key of Reflect.ownKeys(value)) {
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (!descriptor?.enumerable || skip(key)) continue;
    if (items.length === 100) {
      items.push("...");
      break;
    }
    let text;
    if (descriptor.get) text = descriptor.set ? "[Getter/Setter]" : "[Getter]";
    else if (descriptor.set) text = "[Setter]";
    else text = format(descriptor.value, depth + 1, seen);
    items.push(`${keyText(key)}: ${text}`);
  }
  return items;
}

function more(count, shown) {
  return count > shown ? [`... ${count - shown} more item${count - shown === 1 ? "" : "s"}`] : [];
}

function format(value, depth, seen) {
  if (typeof value === "function") {
    const kind = /^class\b/.test(Function.prototype.toString.call(value)) ? "class" : "Function";
    return value.name ? `[${kind}${kind === "class" ? " " : ": "}${value.name}]` : `[${kind} (anonymous)]`;
  }
  if (typeof value !== "object" || value === null) return primitive(value);
  if (seen.includes(value)) return "[Circular]";
  if (value instanceof Error) {
    const extra = properties(value, depth, [...seen, value], (key) => key === "stack" || key === "message");
    const cause = Object.hasOwn(value, "cause") ? [`[cause]: ${format(value.cause, depth + 1, [...seen, value])}`] : [];
    const stack = String(value.stack || `${value.name}: ${value.message}`);
    return extra.length + cause.length > 0 ? group(stack + " ", "{", [...extra, ...cause], "}") : stack;
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  const name = className(value);
  if (depth > 4) return Array.isArray(value) ? "[Array]" : `[${name}]`;
  const deeper = [...seen, value];
  if (Array.isArray(value)) {
    const items = Array.from({ length: Math.min(value.length, 100) }, (_, i) => (i in value ? format(value[i], depth + 1, deeper) : "<empty>"));
    items.push(...more(value.length, 100), ...properties(value, depth, deeper, (key) => /^\d+$/.test(String(key))));
    return group(name === "Array" ? "" : `${name}(${value.length}) `, "[", items, "]");
  }
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const items = Array.from(value.subarray(0, 100), (item) => primitive(item));
    return group(`${name}(${value.length}) `, "[", [...items, ...more(value.length, 100)], "]");
  }
  if (value instanceof ArrayBuffer) return `ArrayBuffer { byteLength: ${value.byteLength} }`;
  if (value instanceof Map) {
    const items = [...value].slice(0, 100).map(([key, item]) => `${format(key, depth + 1, deeper)} => ${format(item, depth + 1, deeper)}`);
    return group(`Map(${value.size}) `, "{", [...items, ...more(value.size, 100)], "}");
  }
  if (value instanceof Set) {
    const items = [...value].slice(0, 100).map((item) => format(item, depth + 1, deeper));
    return group(`Set(${value.size}) `, "{", [...items, ...more(value.size, 100)], "}");
  }
  if (value instanceof Promise) return "Promise { <state hidden> }";
  if (value instanceof WeakMap || value instanceof WeakSet) return `${name} { <items unknown> }`;
  if (value instanceof Number || value instanceof String || value instanceof Boolean) return `[${name}: ${primitive(value.valueOf())}]`;
  return platformObject(value, name, depth, deeper) ?? group(name === "Object" ? "" : name + " ", "{", properties(value, depth, deeper), "}");
}

/** Platform objects keep their state in private members: show what their getters tell. */
function platformObject(value, name, depth, seen) {
  const show = (...keys) => group(name + " ", "{", keys.map((key) => `${key}: ${format(value[key], depth + 1, seen)}`), "}");
  try {
    if (value instanceof globalThis.Headers) return group("Headers ", "{", [...value].map(([key, text]) => `${quote(key)}: ${quote(text)}`), "}");
    if (value instanceof globalThis.Request) return show("method", "url", "headers", "bodyUsed");
    if (value instanceof globalThis.Response) return show("status", "statusText", "headers", "ok", "bodyUsed", "url");
    if (value instanceof globalThis.URL) return show("href", "origin", "protocol", "host", "pathname", "search", "hash");
    if (value instanceof globalThis.URLSearchParams) return group("URLSearchParams ", "{", [...value].map(([key, text]) => `${quote(key)} => ${quote(text)}`), "}");
  } catch {
    return undefined;
  }
  return undefined;
}

export function inspect(value) {
  try {
    return format(value, 0, []);
  } catch (error) {
    return `[a value that cannot be shown: ${error instanceof Error ? error.message : "its accessors threw"}]`;
  }
}

/** The text of a console call: printf-like marks in a first string, then the rest with spaces between. */
export function formatLine(args) {
  const rest = [...args];
  let text = "";
  if (typeof rest[0] === "string" && rest.length > 1 && rest[0].includes("%")) {
    const template = rest.shift();
    text = template.replace(/%[sdifjoOc%]/g, (mark) => {
      if (mark === "%%") return "%";
      if (rest.length === 0) return mark;
      const value = rest.shift();
      switch (mark) {
        case "%s": return typeof value === "string" ? value : typeof value === "object" && value !== null ? inspect(value) : primitive(value);
        case "%d": return typeof value === "bigint" ? `${value}n` : typeof value === "symbol" ? "NaN" : String(Number(value));
        case "%i": return typeof value === "bigint" ? `${value}n` : typeof value === "symbol" ? "NaN" : String(Math.trunc(Number(value)));
        case "%f": return typeof value === "symbol" ? "NaN" : String(parseFloat(value));
        case "%j": return JSON.stringify(value) ?? "undefined";
        case "%c": return "";
        default: return inspect(value);
      }
    });
    if (rest.length > 0) text += " ";
  }
  return text + rest.map((value) => (typeof value === "string" ? value : inspect(value))).join(" ");
}
