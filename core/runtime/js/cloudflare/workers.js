// SPDX-License-Identifier: GPL-3.0-or-later
// The module "cloudflare:workers".

import { compat } from "../compat.js";
import { env } from "../env.js";
import { argumentError } from "../interface.js";
import { registerModule } from "../modules.js";
import { currentFrame, frameWith, runIn, valueIn } from "../node/asyncframe.js";
import { DurableObject, RpcTarget, WorkerEntrypoint, WorkflowEntrypoint } from "./entrypoints.js";
import { entrypoints } from "./exports.js";
import "../rpc/local.js";
import { RpcPromise, RpcProperty, RpcStub, ServiceStub } from "../rpc/stubs.js";
import { tracing } from "./tracing.js";
import { waitUntil } from "../invocations.js";

// The keys of the asynchronous frame under which other values than the ordinary ones stand.
const envKey = {};
const exportsKey = {};

/** Stands for what `current` gives at the moment, whatever is done with it. */
function standIn(current) {
  const handler = {};
  for (const trap of Reflect.ownKeys(Reflect)) {
    if (typeof Reflect[trap] === "function") handler[trap] = (target, ...rest) => Reflect[trap](current(), ...rest);
  }
  handler.get = (target, key) => Reflect.get(current(), key);
  handler.set = (target, key, value) => Reflect.set(current(), key, value);
  return new Proxy({}, handler);
}

const own = (key, usual) => {
  const replaced = valueIn(currentFrame(), key);
  if (replaced === undefined) return usual();
  return replaced.value !== null && typeof replaced.value === "object" ? replaced.value : {};
};

function within(replacements, work) {
  let frame = currentFrame();
  for (const [key, value] of replacements) frame = frameWith(frame, key, { value });
  return runIn(frame, work, undefined, []);
}

function withEnv(env, work) {
  if (typeof work !== "function") throw argumentError("EnvModule", "withEnv", 2, "function");
  return within([[envKey, env]], work);
}

function withExports(exports, work) {
  if (typeof work !== "function") throw argumentError("EnvModule", "withExports", 2, "function");
  return within([[exportsKey, exports]], work);
}

function withEnvAndExports(env, exports, work) {
  if (typeof work !== "function") throw argumentError("EnvModule", "withEnvAndExports", 3, "function");
  return within([[envKey, env], [exportsKey, exports]], work);
}

registerModule("cloudflare:workers", () => {
  const hidden = {};
  const { waitUntil: given } = {
    waitUntil(promise) {
      if (arguments.length === 0) throw argumentError("EntrypointsModule", "waitUntil", 1, "Promise");
      waitUntil(promise);
    },
  };
  Object.defineProperty(given, "name", { value: "bound waitUntil", configurable: true });
  Object.defineProperty(given, "length", { value: 0, configurable: true });
  return {
    DurableObject, RpcPromise, RpcProperty, RpcStub, RpcTarget, ServiceStub, WorkerEntrypoint, WorkflowEntrypoint,
    cache: {},
    env: standIn(() => own(envKey, () => (compat("disallow_importable_env") ? hidden : env))),
    exports: standIn(() => own(exportsKey, entrypoints)),
    restore: Symbol("cloudflare:workers:restore"),
    tracing,
    waitUntil: given, withEnv, withEnvAndExports, withExports,
  };
}, { defaultExport: false });
