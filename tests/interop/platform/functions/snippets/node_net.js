// SPDX-License-Identifier: GPL-3.0-or-later
import dns from "node:dns";
import net from "node:net";
import tls from "node:tls";

export default {
  "net.isIP(\"1.2.3.4\")+net.isIP(\"::1\")+net.isIP(\"x\")+net.isIP(\"1.2.3\")+net.isIP(\"::ffff:1.2.3": () => net.isIP("1.2.3.4")+net.isIP("::1")+net.isIP("x")+net.isIP("1.2.3")+net.isIP("::ffff:1.2.3.4"),
  "net.isIPv4(\"01.2.3.4\")": () => net.isIPv4("01.2.3.4"),
  "net.connect()": () => net.connect(),
  "net.connect({port:99999})": () => net.connect({port:99999}),
  "new net.BlockList()": () => new net.BlockList(),
  "new net.SocketAddress({address:\"1.2.3.4\",port:3})": () => new net.SocketAddress({address:"1.2.3.4",port:3}),
  "net.getDefaultAutoSelectFamily()": () => net.getDefaultAutoSelectFamily(),
  "tls.connect()": () => tls.connect(),
  "tls.createServer()": () => tls.createServer(),
  "tls.getCiphers()": () => tls.getCiphers(),
  "tls.rootCertificates": () => tls.rootCertificates,
  "tls.DEFAULT_MIN_VERSION+tls.DEFAULT_MAX_VERSION+tls.DEFAULT_ECDH_CURVE+tls.CLIENT_RENEG_LI": () => tls.DEFAULT_MIN_VERSION+tls.DEFAULT_MAX_VERSION+tls.DEFAULT_ECDH_CURVE+tls.CLIENT_RENEG_LIMIT,
  "tls.createSecureContext()": () => tls.createSecureContext(),
  "tls.DEFAULT_CIPHERS": () => tls.DEFAULT_CIPHERS,
  "tls.convertALPNProtocols([\"h2\"],{})": () => tls.convertALPNProtocols(["h2"],{}),
  "dns.getServers()": () => dns.getServers(),
  "dns.promises.lookup(\"127.0.0.1\")": () => dns.promises.lookup("127.0.0.1"),
  "dns.resolve(\"x\",3)": () => dns.resolve("x",3),
  "dns.promises.resolve4(3)": () => dns.promises.resolve4(3),
  "dns.getDefaultResultOrder()": () => dns.getDefaultResultOrder(),
  "dns.NOTFOUND": () => dns.NOTFOUND,
  "new dns.Resolver().getServers()": () => new dns.Resolver().getServers(),
  "dns.setDefaultResultOrder(\"x\")": () => dns.setDefaultResultOrder("x"),
  "dns.lookup(\"x\")": () => dns.lookup("x"),
  "dns.promises.resolve(\"a\",\"ZZ\")": () => dns.promises.resolve("a","ZZ"),
};
