// SPDX-License-Identifier: GPL-3.0-or-later
// node:os: a machine that tells nothing of itself, as Workers has it.
import { errno, signals } from "./systemerrors.js";
import { validateInteger } from "./validators.js";

const bare = (values) => Object.assign(Object.create(null), values);
const priority = { PRIORITY_LOW: 19, PRIORITY_BELOW_NORMAL: 10, PRIORITY_NORMAL: 0, PRIORITY_ABOVE_NORMAL: -7, PRIORITY_HIGH: -14, PRIORITY_HIGHEST: -20 };
const constants = bare({
  UV_UDP_REUSEADDR: 4,
  dlopen: bare({ RTLD_LAZY: 1, RTLD_NOW: 2, RTLD_GLOBAL: 256, RTLD_LOCAL: 0, RTLD_DEEPBIND: 8 }),
  errno: bare(errno),
  signals: Object.setPrototypeOf({ ...signals }, Object.create(null)),
  priority: bare(priority),
});

const answers = {
  availableParallelism: 1, arch: "x64", endianness: "LE", freemem: 0, homedir: "/tmp/", hostname: "localhost", machine: "x86_64", platform: "linux",
  release: "", tmpdir: "/tmp/", totalmem: 0, type: "Linux", uptime: 0, version: "",
};
const functions = Object.fromEntries(Object.entries(answers).map(([name, value]) => [name, Object.defineProperty(() => value, "name", { value: name })]));

const all = {
  EOL: "\n",
  devNull: "/dev/null",
  constants,

  cpus: () => [],
  ...functions,
  getPriority: () => 0,
  loadavg: () => [0, 0, 0],
  networkInterfaces: () => ({}),
  setPriority(pid, value) {
    validateInteger(value, "priority", -20, 19);
  },
  userInfo: () => ({}),
};
const [fixed, callable] = [["EOL", "devNull", "constants"], Object.keys(all).filter((name) => typeof all[name] === "function").sort()];
export default Object.fromEntries([...fixed, ...callable].map((name) => [name, all[name]]));
