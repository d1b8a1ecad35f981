// SPDX-License-Identifier: GPL-3.0-or-later
// A Hyperdrive binding (Hyperdrive, "Connect to PostgreSQL", "Connect to MySQL"): where its database is, under a name that connect() knows.

import { interfaceOf } from "../interface.js";
import { connectTo } from "../sockets/socket.js";
import { knowPlatformClass } from "../structuredclone.js";
import { keepDatabase } from "./table.js";

let isHyperdrive;
let makeHyperdrive;

class Hyperdrive {
  #connect;

  static {
    isHyperdrive = (value) => typeof value === "object" && value !== null && #connect in value;
    makeHyperdrive = (connect) => {
      const made = new Hyperdrive();
      made.#connect = connect;
      return made;
    };
  }

  connect() {
    return this.#connect();
  }
}
interfaceOf(Hyperdrive, { isOne: (value) => isHyperdrive(value), members: "connect", illegal: true });
knowPlatformClass(Hyperdrive, "Hyperdrive");

/** `given`: binding, why there is no database, connection string, name, user, password, database, scheme, host, file of authorities, port, encryption, for how many seconds answers are kept. */
export function hyperdrive(given) {
  const [binding, problem, connectionString, name, user, password, database, scheme, host, authorities, port, encryption, cacheSeconds] = given;
  const target = { binding, name, host, port, encryption, authorities, mysql: scheme === "mysql", cacheSeconds, place: `${host}:${port}` };
  const refuse = () => {
    throw new Error(problem);
  };
  const made = makeHyperdrive(problem ? refuse : () => connectTo(target));
  const ip = problem ? "" : keepDatabase(target);
  for (const [key, value] of Object.entries({ connectionString, port, ip, host: name, password, user, database })) {
    Object.defineProperty(made, key, { enumerable: true, configurable: true, ...(problem ? { get: refuse } : { value, writable: false }) });
  }
  return made;
}
