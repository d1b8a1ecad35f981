// SPDX-License-Identifier: GPL-3.0-or-later
// How node:net reaches the network: connect() of cloudflare:sockets, put in place by whoever provides it.

let provided;

export function provideConnect(connect) {
  provided = connect;
}

export function connect(address, options) {
  if (provided === undefined) throw new Error("connect() of cloudflare:sockets is not there.");
  return provided(address, options);
}
