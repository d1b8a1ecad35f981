// SPDX-License-Identifier: GPL-3.0-or-later
import { DurableObject } from "cloudflare:workers";
import { legacyCases, cases, run, show } from "./corpus.js";
import { values } from "./values.js";

class Base extends DurableObject {
  async fetch(request) {
    const { pathname, searchParams } = new URL(request.url);
    const { storage } = this.ctx;
    switch (pathname) {
      case "/corpus":
        return Response.json(await run(storage, this.kind === "legacy" ? legacyCases : cases));
      case "/write": // every kind of value, each under its name
        for (const [name, make] of values) await storage.put(name, make());
        return Response.json(values.length);
      case "/read": {
        const all = {};
        for (const [name, value] of await storage.list({ prefix: searchParams.get("prefix") ?? "" })) all[name] = show(value);
        return Response.json(all);
      }
      case "/sql":
        return Response.json([...storage.sql.exec(await request.text()).raw()].map((row) => show(row)));
      case "/count": {
        const count = ((await storage.get("count")) ?? 0) + 1;
        await storage.put("count", count);
        return Response.json(count);
      }
      case "/alarm":
        if (searchParams.has("at")) await storage.setAlarm(Number(searchParams.get("at")));
        return Response.json(await storage.getAlarm());
    }
    return new Response("not found", { status: 404 });
  }

  async alarm() {
    await this.ctx.storage.put("rang", Date.now());
  }
}

export class Stored extends Base {
  kind = "stored";
}

export class Legacy extends Base {
  kind = "legacy";
}

export default { fetch: () => new Response("keeper") };
