// SPDX-License-Identifier: GPL-3.0-or-later
// node:dns: addresses from the system's resolver, as connect() finds them; what that does not know is asked of Cloudflare's over HTTPS, as in Workers.
import { invalidArgType, invalidArgValue } from "./errors.js";
import { resolveHost } from "../sockets/connection.js";
import { isIP } from "./netaddress.js";
import { validateFunction, validateOneOf, validateString } from "./validators.js";

const codes = Object.fromEntries(["NODATA", "FORMERR", "SERVFAIL", "NOTFOUND", "NOTIMP", "REFUSED", "BADQUERY", "BADNAME", "BADFAMILY", "BADRESP", "CONNREFUSED", "TIMEOUT", "EOF", "FILE", "NOMEM",
  "DESTRUCTION", "BADSTR", "BADFLAGS", "NONAME", "BADHINTS", "NOTINITIALIZED", "LOADIPHLPAPI", "ADDRGETNETWORKPARAMS", "CANCELLED"].map((name) => [name, `E${name}`]));
const types = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, AAAA: 28, SRV: 33, NAPTR: 35, CAA: 257 };

class DnsError extends Error {
  constructor(hostname, code, syscall) {
    super(`${syscall} ${code} ${hostname}`);
    Object.assign(this, { code, name: "Error", errno: code, hostname, syscall });
  }
  toString() {
    return `${this.name} [${this.code}]: ${this.message}`;
  }
}

async function ask(name, type) {
  const syscall = `query${type === "A" || type === "AAAA" ? type : type[0] + type.slice(1).toLowerCase()}`;
  let response;
  try {
    response = await fetch(`https://cloudflare-dns.com/dns-query?name=${encodeURIComponent(name)}&type=${type}`, { headers: { accept: "application/dns-json" } });
  } catch {
    throw new DnsError(name, codes.CONNREFUSED, syscall);
  }
  if (!response.ok) throw new DnsError(name, codes.BADRESP, syscall);
  const { Status: status, Answer: answers = [] } = await response.json();
  if (status !== 0) throw new DnsError(name, status === 3 ? codes.NOTFOUND : status === 2 ? codes.SERVFAIL : status === 5 ? codes.REFUSED : codes.BADRESP, syscall);
  const found = answers.filter((answer) => answer.type === types[type]);
  if (found.length === 0) throw new DnsError(name, codes.NODATA, syscall);
  return found;
}

const bare = (host) => host.replace(/\.$/, "");
const unquoted = (text) => [...text.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, part]) => part.replace(/\\(.)/g, "$1"));
const words = (text) => text.match(/"(?:[^"\\]|\\.)*"|\S+/g) ?? [];
const parsers = {
  A: (answer, options) => (options?.ttl ? { address: answer.data, ttl: answer.TTL } : answer.data),
  AAAA: (answer, options) => (options?.ttl ? { address: answer.data, ttl: answer.TTL } : answer.data),
  CNAME: ({ data }) => bare(data),
  NS: ({ data }) => bare(data),
  PTR: ({ data }) => bare(data),
  TXT: ({ data }) => (data.startsWith('"') ? unquoted(data) : [data]),
  MX({ data }) {
    const [priority, exchange] = words(data);
    return { exchange: bare(exchange), priority: Number(priority) };
  },
  SRV({ data }) {
    const [priority, weight, port, name] = words(data);
    return { name: bare(name), port: Number(port), priority: Number(priority), weight: Number(weight) };
  },
  CAA({ data }) {
    const [critical, field, value] = words(data);
    return { critical: Number(critical), [field]: unquoted(value)[0] ?? value };
  },
  NAPTR({ data }) {
    const [order, preference, flags, service, regexp, replacement] = words(data).map((word) => (word.startsWith('"') ? unquoted(word)[0] ?? "" : word));
    return { flags, service, regexp, replacement: bare(replacement), order: Number(order), preference: Number(preference) };
  },
  SOA({ data }) {
    const [nsname, hostmaster, serial, refresh, retry, expire, minttl] = words(data);
    return { nsname: bare(nsname), hostmaster: bare(hostmaster), serial: Number(serial), refresh: Number(refresh), retry: Number(retry), expire: Number(expire), minttl: Number(minttl) };
  },
};

async function addresses(type, name) {
  try {
    return await resolveHost(name, type === "A" ? 4 : 6);
  } catch (error) {
    const again = String(error?.message).includes("EAI_AGAIN");
    throw new DnsError(name, again ? codes.SERVFAIL : codes.NOTFOUND, `query${type}`);
  }
}

async function query(type, name, options) {
  validateString(name, "name");
  if ((type === "A" || type === "AAAA") && !options?.ttl) return addresses(type, name);
  const answers = (await ask(name, type)).map((answer) => parsers[type](answer, options));
  return type === "SOA" ? answers[0] : answers;
}

const promises = {
  async lookup(hostname, options = {}) {
    if (typeof options === "number") options = { family: options };
    if (hostname) validateString(hostname, "hostname");
    const { all = false } = options;
    const family = options.family === "IPv4" ? 4 : options.family === "IPv6" ? 6 : options.family ?? 0;
    validateOneOf(family, "family", [0, 4, 6]);
    if (!hostname) return all ? [] : { address: null, family: family === 6 ? 6 : 4 };
    const given = isIP(hostname);
    if (given) return all ? [{ address: hostname, family: given }] : { address: hostname, family: given };
    const found = [];
    let failure;
    for (const kind of family === 0 ? [4, 6] : [family]) {
      try {
        for (const address of await query(kind === 4 ? "A" : "AAAA", hostname)) found.push({ address, family: kind });
        if (!all && found.length > 0) break;
      } catch (error) {
        failure ??= error;
      }
    }
    if (found.length === 0) throw failure;
    return all ? found : found[0];
  },
  async lookupService() {
    throw new Error("Not implemented");
  },
  async resolve(hostname, type = "A") {
    validateString(hostname, "hostname");
    validateString(type, "rrtype");
    if (!(type in types) && type !== "ANY") throw invalidArgValue("rrtype", type);
    if (type === "ANY") return promises.resolveAny(hostname);
    return query(type, hostname);
  },
  resolve4: (name, options) => query("A", name, options),
  resolve6: (name, options) => query("AAAA", name, options),
  async resolveAny() {
    throw new Error("Not implemented");
  },
  resolveCaa: (name) => query("CAA", name),
  resolveCname: (name) => query("CNAME", name),
  resolveMx: (name) => query("MX", name),
  resolveNaptr: (name) => query("NAPTR", name),
  resolveNs: (name) => query("NS", name),
  resolvePtr: (name) => query("PTR", name),
  resolveSoa: (name) => query("SOA", name),
  resolveSrv: (name) => query("SRV", name),
  resolveTxt: (name) => query("TXT", name),
  async reverse(address) {
    validateString(address, "name");
    const kind = isIP(address);
    if (kind === 0) throw new DnsError(address, "EINVAL", "getHostByAddr");
    if (kind === 4) return query("PTR", `${address.split(".").reverse().join(".")}.in-addr.arpa`);
    const [left, right] = address.split("::").map((half) => (half === "" ? [] : half.split(":")));
    const groups = right === undefined ? left : [...left, ...new Array(8 - left.length - right.length).fill("0"), ...right];
    return query("PTR", `${groups.map((group) => group.padStart(4, "0")).join("").split("").reverse().join(".")}.ip6.arpa`);
  },
};

function refuse() {
  throw new Error("Not implemented");
}
const servers = ["1.1.1.1", "2606:4700:4700::1111", "1.0.0.1", "2606:4700:4700::1001"];
const settings = {
  getDefaultResultOrder: () => "verbatim",
  getServers: () => [...servers],
  setDefaultResultOrder(order) {
    validateOneOf(order, "dnsOrder", ["verbatim", "ipv4first", "ipv6first"]);
  },
  setServers: refuse,
};

function withCallback(name) {
  return {
    [name](...args) {
      const callback = args.length > 1 ? args.pop() : undefined;
      if (name === "resolve" && typeof callback !== "function") throw invalidArgType("last argument", "function", callback);
      validateFunction(callback, "callback");
      promises[name](...args).then((value) => {
        if (name === "lookup" && !Array.isArray(value)) callback(null, value.address, value.family);
        else callback(null, value);
      }, (error) => callback(error));
    },
  }[name];
}
const callbacks = Object.fromEntries(Object.keys(promises).map((name) => [name, withCallback(name)]));
const asking = Object.fromEntries(Object.entries(callbacks).filter(([name]) => !name.startsWith("lookup")));

function resolver(methods) {
  return class Resolver {
    constructor() {
      Object.assign(this, methods);
    }
    cancel() {
      refuse();
    }
    getServers() {
      return [...servers];
    }
    setLocalAddress() {
      refuse();
    }
    setServers() {
      refuse();
    }
  };
}
const askingPromises = Object.fromEntries(Object.entries(promises).filter(([name]) => !name.startsWith("lookup")));
Object.assign(promises, settings, codes, { Resolver: resolver(askingPromises) });

export { promises };
export default { ADDRCONFIG: 1024, ALL: 256, V4MAPPED: 2048, ...codes, Resolver: resolver(asking), ...callbacks, ...settings, promises };
