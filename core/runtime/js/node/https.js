// SPDX-License-Identifier: GPL-3.0-or-later
// node:https: the client.
import http, { Agent as PlainAgent, ClientRequest } from "./http.js";
import url from "./url.js";

export class Agent extends PlainAgent {
  constructor(options = {}) {
    super(options);
    this.defaultPort = 443;
    this.protocol = "https:";
    this.maxCachedSessions = options?.maxCachedSessions ?? 100;
  }
}
const globalAgent = new Agent({ keepAlive: true, scheduling: "lifo", timeout: 5000 });

function request(input, options, callback) {
  let given = {};
  if (typeof input === "string") given = url.urlToHttpOptions(new URL(input));
  else if (input instanceof URL) given = url.urlToHttpOptions(input);
  else [callback, options] = [options, input];
  if (typeof options === "function") [callback, options] = [options, {}];
  return new ClientRequest({ ...given, ...options, _defaultAgent: globalAgent }, callback);
}

export default {
  Agent,
  Server: http.Server,
  createServer: http.createServer,
  get(input, options, callback) {
    const made = request(input, options, callback);
    made.end();
    return made;
  },
  globalAgent,
  request,
};
