// SPDX-License-Identifier: GPL-3.0-or-later
// node:tls: the client, over connect() and startTls() of cloudflare:sockets.
import { missingArgs, nodeError } from "./errors.js";
import net, { Socket } from "./net.js";

const refuse = () => {
  throw new Error("Not implemented");
};

export class TLSSocket extends Socket {
  constructor(socket, options = {}) {
    super(options);
    this.encrypted = true;
    this.authorized = false;
    this.authorizationError = null;
    this.alpnProtocol = null;
    this.servername = options.servername;
    if (socket) this.#upgrade(socket, options);
  }

  _secureTransport() {
    return "on";
  }

  _opened() {
    this.authorized = true;
    this.emit("secureConnect");
    this.emit("secure");
  }

  /** Goes on where a plain socket stands, which has nothing more to do with the connection then. */
  #upgrade(plain, { servername }) {
    const start = () => {
      let secured;
      try {
        secured = plain._detach().startTls(servername ? { expectedServerHostname: servername } : undefined);
        this._attach(secured);
      } catch (error) {
        this.destroy(error);
        return;
      }
      this._await(secured, (error) => error);
    };
    this.connecting = true;
    this.once("close", () => plain.destroy());
    if (plain.connecting) plain.once("connect", start);
    else start();
  }

  getPeerCertificate() {
    return {};
  }
  getCipher() {
    return undefined;
  }
  getProtocol() {
    return null;
  }
  getSession() {
    return undefined;
  }
  isSessionReused() {
    return false;
  }
  setServername(name) {
    this.servername = name;
  }
  disableRenegotiation() {}
}

function connect(...args) {
  const [options, callback] = net._normalizeArgs(args);
  const merged = { ...options, ...(typeof args[1] === "object" && args[1] !== null ? args[1] : {}), ...(typeof args[2] === "object" && args[2] !== null ? args[2] : {}) };
  if (!merged.socket && merged.port === undefined && merged.path === undefined) throw missingArgs(["options", "port", "path"]);
  const socket = new TLSSocket(merged.socket, merged);
  if (callback) socket.once("secureConnect", callback);
  if (!merged.socket) socket.connect(merged);
  return socket;
}

function matches(host, pattern) {
  const [a, b] = [host, pattern].map((name) => name.toLowerCase().replace(/\.$/, "").split("."));
  return a.length === b.length && b.every((part, i) => part === a[i] || (i === 0 && part === "*" && b.length > 2));
}

function checkServerIdentity(host, cert) {
  host = String(host);
  const names = (cert.subjectaltname ?? "").split(", ").filter((name) => name.startsWith("DNS:")).map((name) => name.slice(4));
  const addresses = (cert.subjectaltname ?? "").split(", ").filter((name) => name.startsWith("IP Address:")).map((name) => name.slice(11));
  let reason;
  if (net.isIP(host)) {
    if (!addresses.includes(host)) reason = `IP: ${host} is not in the cert's list: ${addresses.join(", ")}`;
  } else if (names.length > 0) {
    if (!names.some((name) => matches(host, name))) reason = `Host: ${host}. is not in the cert's altnames: ${cert.subjectaltname}`;
  } else if (cert.subject?.CN) {
    if (![cert.subject.CN].flat().some((name) => matches(host, name))) reason = `Host: ${host}. is not cert's CN: ${cert.subject.CN}`;
  } else {
    reason = "Cert does not contain a DNS name";
  }
  if (reason === undefined) return undefined;
  const error = nodeError.plain("ERR_TLS_CERT_ALTNAME_INVALID", reason);
  return Object.assign(error, { reason, host, cert });
}

class SecureContext {
  constructor() {
    this.context = undefined;
  }
}

export default {
  SecureContext,
  Server: class Server {
    constructor() {
      refuse();
    }
  },
  TLSSocket,
  connect,
  createSecureContext: () => new SecureContext(),
  createServer: refuse,
  checkServerIdentity,
  convertALPNProtocols(protocols, out) {
    if (Array.isArray(protocols)) out.ALPNProtocols = require("./buffer.js").Buffer.concat(protocols.map((name) => require("./buffer.js").Buffer.from([name.length, ...new TextEncoder().encode(name)])));
    else out.ALPNProtocols = protocols;
  },
  getCiphers: refuse,
  createSecurePair: refuse,
  CLIENT_RENEG_LIMIT: 3,
  CLIENT_RENEG_WINDOW: 600,
  DEFAULT_CIPHERS: "",
  DEFAULT_ECDH_CURVE: "auto",
  DEFAULT_MAX_VERSION: "TLSv1.3",
  DEFAULT_MIN_VERSION: "TLSv1.2",
  rootCertificates: [],
};
