// SPDX-License-Identifier: GPL-3.0-or-later
// A WebSocket over the network for the snippets: sends back what it gets; "close CODE REASON", "throw" and "fields" are orders.
export function onRequest({ request }) {
  const [client, server] = Object.values(new WebSocketPair());
  server.accept();
  server.addEventListener("message", ({ data }) => {
    const [word, code, reason] = typeof data === "string" ? data.split(" ") : [];
    if (word === "close") server.close(code && Number(code), reason);
    else if (word === "throw") throw new Error("on purpose");
    else if (word === "field") server.send(String(request.headers.get(code)));
    else server.send(data);
  });
  server.addEventListener("close", ({ code, reason }) => server.close(code === 1005 || code === 1006 ? undefined : code, reason || undefined));
  return new Response(null, { status: 101, webSocket: client, headers: { "Sec-WebSocket-Protocol": "chat", "X-Mine": "1" } });
}
