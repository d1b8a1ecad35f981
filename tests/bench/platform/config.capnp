# Plain workerd with the rows that Cleat's project beside it has.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [(name = "rows", worker = .rows)],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "rows")],
);

const rows :Workerd.Worker = (
  modules = [(name = "workerd.js", esModule = embed "workerd.js"), (name = "rows.js", esModule = embed "rows.js")],
  compatibilityDate = "2026-03-01",
);
