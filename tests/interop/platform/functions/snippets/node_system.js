// SPDX-License-Identifier: GPL-3.0-or-later
import mod from "node:module";
import os from "node:os";
import process from "node:process";
import timers from "node:timers";
import tp from "node:timers/promises";
import util from "node:util";

export default {
  "util.inspect(timers.setTimeout(()=>{},0))": () => util.inspect(timers.setTimeout(()=>{},0)),
  "Object.getOwnPropertyNames(timers.setTimeout(()=>{},0).constructor.prototype)": () => Object.getOwnPropertyNames(timers.setTimeout(()=>{},0).constructor.prototype),
  "setTimeout(()=>{},0).constructor===timers.setTimeout(()=>{},0).constructor": () => setTimeout(()=>{},0).constructor===timers.setTimeout(()=>{},0).constructor,
  "timers.setImmediate(()=>{})": () => timers.setImmediate(()=>{}),
  "typeof globalThis.setImmediate": () => typeof globalThis.setImmediate,
  "tp.setTimeout(1,\"v\")": () => tp.setTimeout(1,"v"),
  "tp.setTimeout(1,\"v\",{signal:AbortSignal.abort()})": () => tp.setTimeout(1,"v",{signal:AbortSignal.abort()}),
  "tp.setTimeout(\"x\")": () => tp.setTimeout("x"),
  "tp.scheduler.wait(1)": () => tp.scheduler.wait(1),
  "tp.setImmediate(4)": () => tp.setImmediate(4),
  "[os.cpus(),os.hostname(),os.tmpdir(),os.homedir(),os.type(),os.release(),os.arch(),os.plat": () => [os.cpus(),os.hostname(),os.tmpdir(),os.homedir(),os.type(),os.release(),os.arch(),os.platform(),os.totalmem(),os.freemem(),os.loadavg(),os.networkInterfaces(),os.uptime(),os.endianness(),os.version(),os.machine(),os.availableParallelism()],
  "os.userInfo()": () => os.userInfo(),
  "os.getPriority()": () => os.getPriority(),
  "os.setPriority(1)": () => os.setPriority(1),
  "mod.createRequire(\"x\")": () => mod.createRequire("x"),
  "mod.createRequire(\"/\")(\"nope\")": () => mod.createRequire("/")("nope"),
  "mod.createRequire(3)": () => mod.createRequire(3),
  "mod.isBuiltin(\"node:fs\")": () => mod.isBuiltin("node:fs"),
  "process.getBuiltinModule(\"nope\")": () => process.getBuiltinModule("nope"),
  "new mod.Module()": () => new mod.Module(),
  "mod.register()": () => mod.register(),
  "timers.setTimeout(\"x\")": () => timers.setTimeout("x"),
  "setTimeout(\"x\",1)": () => setTimeout("x",1),
  "clearTimeout({})": () => clearTimeout({}),
  "clearTimeout(\"x\")": () => clearTimeout("x"),
  "setTimeout(()=>{},1)+0>0": () => setTimeout(()=>{},1)+0>0,
  "util.promisify(setTimeout)(1,\"pv\")": () => util.promisify(setTimeout)(1,"pv"),
  "new Promise(r=>{const x=setTimeout(function(){r(this===x)},1)})": () => new Promise(r=>{const x=setTimeout(function(){r(this===x)},1)}),
  "process.nextTick(3)": () => process.nextTick(3),
  "process.hrtime(3)": () => process.hrtime(3),
  "typeof process.hrtime.bigint()": () => typeof process.hrtime.bigint(),
  "process.memoryUsage()": () => process.memoryUsage(),
  "process.kill(1)": () => process.kill(1),
  "process.binding(\"x\")": () => process.binding("x"),
  "process.getBuiltinModule(\"node:fs\")===fs": () => process.getBuiltinModule("node:fs")===fs,
  "process.resourceUsage()": () => process.resourceUsage(),
  "process.setuid(3)": () => process.setuid(3),
  "process.cpuUsage()": () => process.cpuUsage(),
  "process.dlopen()": () => process.dlopen(),
  "process.permission.has(\"fs\")": () => process.permission.has("fs"),
};
