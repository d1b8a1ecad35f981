// SPDX-License-Identifier: GPL-3.0-or-later
// For rebuild.sh: node rebuild.mjs NAME FILES SAVES FOLDER PORT COMMAND...
// Makes a project of FILES functions in FOLDER, starts COMMAND in it, and prints as JSON, in milliseconds, how long the first answer took and each new answer after a save.
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import http from "node:http";

const [name, files, saves, folder, port, ...command] = process.argv.slice(2);
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const agent = new http.Agent({ keepAlive: true });
const body = () => new Promise((done) => {
  http.get({ host: "127.0.0.1", port, path: "/version", agent }, (response) => {
    let text = "";
    response.setEncoding("utf8");
    response.on("data", (piece) => (text += piece));
    response.on("end", () => done(text));
  }).on("error", () => done(null));
});

async function until(wanted, everyMs) {
  const start = performance.now();
  while ((await body()) !== wanted) {
    if (performance.now() - start > 120_000) throw new Error(`${name} never answered "${wanted}"; it said:\n${said}`);
    await pause(everyMs);
  }
  return performance.now() - start;
}

const version = (n) => writeFileSync(`${folder}/functions/version.ts`, `export const onRequest: PagesFunction = () => new Response("${n}");\n`);
mkdirSync(`${folder}/public`, { recursive: true });
writeFileSync(`${folder}/public/index.html`, "<!doctype html>\n");
for (let i = 0; i < Number(files) - 1; ++i) {
  const group = `${folder}/functions/group${i % 20}`;
  mkdirSync(group, { recursive: true });
  writeFileSync(`${group}/item${i}.ts`, `const prices: Record<string, number> = { item: ${i} };\n\nexport const onRequestGet: PagesFunction = ({ params }) => Response.json({ params, price: prices.item });\n`);
}
version(0);

let said = "";
const server = spawn(command[0], command.slice(1), { cwd: folder, stdio: ["ignore", "pipe", "pipe"], detached: true });
for (const pipe of [server.stdout, server.stderr]) pipe.on("data", (text) => (said += text));
process.on("exit", () => {
  try {
    process.kill(-server.pid, "SIGKILL");
  } catch {
    // it is gone
  }
});
const first = await until("0", 10);
const times = [];
for (let n = 1; n <= Number(saves); ++n) {
  await pause(700); // watchers gather what comes close together
  version(n);
  times.push(await until(String(n), 1));
}
times.sort((a, b) => a - b);
console.log(JSON.stringify({ name, first: Math.round(first), median: Math.round(times[times.length >> 1]), least: Math.round(times[0]), most: Math.round(times.at(-1)) }));
process.exit();
