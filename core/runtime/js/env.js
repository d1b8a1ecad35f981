// SPDX-License-Identifier: GPL-3.0-or-later
// What `env` holds, made once for each loaded version of the code, before any of it runs.

import { aiBinding } from "./ai/binding.js";
import { analyticsEngine } from "./analytics.js";
import { assetsFetcher, fetchAsset } from "./assets.js";
import { compat, setCompatibility } from "./compat.js";
import { d1Database } from "./d1.js";
import { kvNamespace } from "./kv.js";
import { objectNamespace } from "./durable/namespace.js";
import { hyperdrive } from "./hyperdrive/binding.js";
import { fillProcessEnv } from "./node/env.js";
import { queueProducer } from "./queues/queue.js";
import { r2Bucket } from "./r2.js";
import { serviceBinding } from "./rpc/service.js";
import { vectorizeIndex } from "./vectorize.js";

export let env = {};
export let sqliteClasses = []; // whose Durable Objects may use SQL
export let assets; // env.ASSETS, whatever user code does to that

/** Called by C++. `ais`: see ai/binding.js; `hyperdrives`: see hyperdrive/binding.js; `services`: name, Worker, ...; `objects`: name, class, Worker, ...; `flags`: name, whether it holds, ...; `variables`: name, text, whether the text is JSON, ... */
export function prepare(flags, variables, kvNames, d1Names, r2Names, services, hasAssets, queueNames, objects, sqliteNames, vectorizeNames, hyperdrives, analyticsNames, ais) {
  setCompatibility(flags);
  env = hasAssets ? { ASSETS: assetsFetcher() } : {};
  assets = { fetch: fetchAsset };
  for (let i = 0; i < variables.length; i += 3) env[variables[i]] = variables[i + 2] ? JSON.parse(variables[i + 1]) : variables[i + 1];
  if (compat("nodejs_compat") && compat("nodejs_compat_populate_process_env")) fillProcessEnv(variables);
  kvNames.forEach((name, i) => (env[name] = kvNamespace(i)));
  d1Names.forEach((name, i) => (env[name] = d1Database(i)));
  r2Names.forEach((name, i) => (env[name] = r2Bucket(i)));
  queueNames.forEach((name, i) => (env[name] = queueProducer(i)));
  vectorizeNames.forEach((name, i) => (env[name] = vectorizeIndex(i)));
  analyticsNames.forEach((name, i) => (env[name] = analyticsEngine(i)));
  for (let i = 0; i < ais.length; i += 9) env[ais[i]] = aiBinding(i / 9, ais.slice(i + 1, i + 9));
  for (let i = 0; i < hyperdrives.length; i += 13) env[hyperdrives[i]] = hyperdrive(hyperdrives.slice(i, i + 13));
  for (let i = 0; i < services.length; i += 2) env[services[i]] = serviceBinding(i / 2, services[i], services[i + 1]);
  for (let i = 0; i < objects.length; i += 3) env[objects[i]] = objectNamespace(i / 3, objects[i], objects[i + 1], objects[i + 2]);
  sqliteClasses = sqliteNames;
}
