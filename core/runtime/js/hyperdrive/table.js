// SPDX-License-Identifier: GPL-3.0-or-later
// The databases that Hyperdrive bindings stand for, by the names that connect() knows them by.

import { SafeMap } from "../primordials.js";

const databases = new SafeMap();
let last = 0;

/** Gives the address under which connect() finds the database, too: one of a block that nothing else uses. */
export function keepDatabase(database) {
  last += 1;
  const ip = `240.0.${last >> 8}.${last & 255}`;
  databases.set(database.name, database);
  databases.set(ip, database);
  return ip;
}

export function databaseAt(host, port) {
  const found = databases.size === 0 ? undefined : databases.get(host);
  return found !== undefined && found.port === port ? found : undefined;
}
