// SPDX-License-Identifier: GPL-3.0-or-later
import { Buffer } from "node:buffer";
import fs from "node:fs";
import { pipeline } from "node:stream/promises";

/** What each step gives or throws; each snippet has a folder of its own, because in Workers /tmp lasts for a request only. */
let folders = 0;
async function steps(...list) {
  const folder = `/tmp/steps${++folders}`;
  fs.mkdirSync(folder);
  const outcomes = [];
  for (const step of list) {
    try {
      outcomes.push(await step(folder));
    } catch (error) {
      outcomes.push({ name: error.name, message: error.message.replaceAll(folder, "DIR"), code: error.code, syscall: error.syscall, path: error.path?.replaceAll(folder, "DIR") });
    }
  }
  return outcomes.map((outcome) => (typeof outcome === "string" ? outcome.replaceAll(folder, "DIR") : outcome));
}

export default {
  "the root": () => fs.readdirSync("/").sort(),
  "devices": () => fs.readdirSync("/dev").sort(),
  "device null": () => fs.readFileSync("/dev/null").length,
  "write and read": () => steps((d) => fs.writeFileSync(`${d}/a`, "text"), (d) => fs.readFileSync(`${d}/a`, "utf8"), (d) => fs.readFileSync(`${d}/a`), (d) => fs.readFileSync(`${d}/none`)),
  "write outside": () => steps(() => fs.writeFileSync("/x", "a"), () => fs.mkdirSync("/y"), () => fs.writeFileSync("/bundle/z", "a")),
  "append and truncate": () => steps((d) => fs.appendFileSync(`${d}/a`, "ab"), (d) => fs.appendFileSync(`${d}/a`, "cd"), (d) => fs.truncateSync(`${d}/a`, 3), (d) => fs.readFileSync(`${d}/a`, "utf8")),
  "folders": () => steps((d) => fs.mkdirSync(`${d}/a/b`), (d) => fs.mkdirSync(`${d}/a/b/c`, { recursive: true }), (d) => fs.rmdirSync(`${d}/a`), (d) => fs.readdirSync(d), (d) => fs.mkdirSync(`${d}/a`)),
  "remove": () => steps((d) => fs.unlinkSync(`${d}/none`), (d) => fs.rmSync(`${d}/none`), (d) => fs.rmSync(d, { recursive: true }), (d) => fs.existsSync(d)),
  "stat": () => steps((d) => fs.writeFileSync(`${d}/a`, "abc"), (d) => { const s = fs.statSync(`${d}/a`); return [s.size, s.isFile(), s.isDirectory(), s.isSymbolicLink(), s.mode]; }, (d) => fs.statSync(`${d}/none`), (d) => fs.statSync(`${d}/none`, { throwIfNoEntry: false }), (d) => fs.statSync(d).isDirectory()),
  "access": () => steps((d) => fs.accessSync(`${d}/none`), (d) => fs.accessSync(d), () => fs.existsSync("/tmp"), () => fs.existsSync("/none")),
  "rename": () => steps((d) => fs.writeFileSync(`${d}/a`, "1"), (d) => fs.renameSync(`${d}/a`, `${d}/b`), (d) => fs.readdirSync(d), (d) => fs.renameSync(`${d}/none`, `${d}/c`)),
  "links": () => steps((d) => fs.writeFileSync(`${d}/a`, "1"), (d) => fs.symlinkSync(`${d}/a`, `${d}/l`), (d) => fs.readlinkSync(`${d}/l`), (d) => fs.realpathSync(`${d}/l`), (d) => fs.lstatSync(`${d}/l`).isSymbolicLink(), (d) => fs.readFileSync(`${d}/l`, "utf8")),
  "wrong kinds": () => steps((d) => fs.readFileSync(d), (d) => fs.writeFileSync(`${d}/a`, ""), (d) => fs.readdirSync(`${d}/a`)),
  "wrong arguments": () => steps(() => fs.readFileSync(3.5), () => fs.readFileSync(null), () => fs.writeFileSync("/tmp/q", 5), () => fs.openSync("/tmp/q", "zz"), () => fs.readFile("/x")),
  "copy": () => steps((d) => fs.writeFileSync(`${d}/a`, "1"), (d) => fs.copyFileSync(`${d}/a`, `${d}/b`), (d) => fs.readFileSync(`${d}/b`, "utf8")),
  "callbacks": () => steps((d) => new Promise((resolve) => fs.writeFile(`${d}/a`, "1", resolve)), (d) => new Promise((resolve) => fs.readFile(`${d}/a`, "utf8", (...all) => resolve(all))), (d) => new Promise((resolve) => fs.stat(`${d}/none`, (error) => resolve(error.code)))),
  "promises": () => steps((d) => fs.promises.writeFile(`${d}/a`, "1"), (d) => fs.promises.readFile(`${d}/a`, "utf8"), (d) => fs.promises.readFile(`${d}/none`), async (d) => (await fs.promises.stat(`${d}/a`)).size, (d) => fs.promises.readdir(d), (d) => fs.promises.rm(`${d}/a`)),
  "descriptors": () => steps((d) => fs.writeFileSync(`${d}/a`, "hello"), (d) => { const fd = fs.openSync(`${d}/a`, "r+"); const b = Buffer.alloc(3); const n = fs.readSync(fd, b, 0, 3, 1); fs.writeSync(fd, "J", 0); fs.closeSync(fd); return [n, b.toString(), fs.readFileSync(`${d}/a`, "utf8")]; }),
  "streams": () => steps((d) => pipeline(fs.createReadStream("/dev/null"), fs.createWriteStream(`${d}/a`)), (d) => new Promise((resolve, reject) => { const s = fs.createWriteStream(`${d}/b`); s.on("error", reject); s.on("finish", resolve); s.write("one,"); s.end("two"); }), (d) => fs.readFileSync(`${d}/b`, "utf8"), async (d) => { let text = ""; for await (const chunk of fs.createReadStream(`${d}/b`, { encoding: "utf8" })) text += chunk; return text; }),
  "a handle": () => steps(async (d) => { const handle = await fs.promises.open(`${d}/a`, "w"); await handle.writeFile("abc"); await handle.close(); return fs.readFileSync(`${d}/a`, "utf8"); }),
  "watch": () => fs.watch("/tmp"),
  "statfs": () => ({ ...fs.statfsSync("/tmp") }),
  "names": () => Object.keys(fs).sort(),
  "constants": () => ({ ...fs.constants }),
};
