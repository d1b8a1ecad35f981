// SPDX-License-Identifier: GPL-3.0-or-later
// An HTTP/2 server for t_fetchhttp2, which is HTTP/1.1 for who asks for no more: node http2peer.mjs CERTIFICATE KEY. Prints its port; ends with its standard input.
import { readFileSync } from "node:fs";
import http2 from "node:http2";

const [certificate, key] = process.argv.slice(2);
const server = http2.createSecureServer({ cert: readFileSync(certificate), key: readFileSync(key), allowHTTP1: true });
let sessions = 0;
let refusals = 0;
server.on("session", () => ++sessions);
server.on("sessionError", () => {});

const answers = {
  "/version": (request, response) => response.end(request.httpVersion),
  "/sessions": (request, response) => response.end(String(sessions)),
  "/echo"(request, response) {
    response.setHeader("content-type", "application/octet-stream");
    request.pipe(response);
  },
  "/fields"(request, response) {
    response.setHeader("set-cookie", ["a=1", "b=2"]);
    response.setHeader("x-seen", JSON.stringify([request.headers["x-one"], request.headers["x-two"], request.headers.cookie]));
    response.end();
  },
  "/big": (request, response) => response.end(Buffer.alloc(5 << 20, 7)),
  "/late": (request, response) => setTimeout(() => response.end("late"), 100),
  "/reset"(request, response) {
    response.setHeader("content-length", "1000");
    response.write("begun", () => response.stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
  },
  "/refused"(request, response) {
    if (refusals++ === 0) response.stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
    else response.end("the second time");
  },
  "/goaway"(request, response) {
    const session = response.stream.session;
    response.end("good-bye", () => session.close());
  },
  "/trailers"(request, response) {
    response.write("body");
    response.addTrailers({ "x-sum": "1" });
    response.end();
  },
  "/hints"(request, response) {
    response.writeEarlyHints({ link: "</s.css>; rel=preload" });
    response.end("hinted");
  },
};

server.on("request", (request, response) => {
  request.on("error", () => {});
  response.on("error", () => {});
  const answer = answers[request.url];
  if (answer) answer(request, response);
  else response.writeHead(404).end("no such row");
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.resume().on("end", () => process.exit());
