// SPDX-License-Identifier: GPL-3.0-or-later
// Runs D1 calls that a test posts as JSON and answers with their outcomes as JSON. BLOBs travel as {"blob": [bytes]}.

const bindable = (value) => (typeof value === "object" && value !== null ? new Uint8Array(value.blob) : value);
const statement = (db, { sql, values = [] }) => db.prepare(sql).bind(...values.map(bindable));

async function run(db, call) {
  switch (call.do) {
    case "all":
      return (await statement(db, call).all()).results;
    case "raw":
      return await statement(db, call).raw();
    case "batch":
      return (await db.batch(call.batch.map((each) => statement(db, each)))).map((result) => result.results);
    case "exec":
      return (await db.exec(call.sql)).count;
    case "session": {
      const session = db.withSession();
      await session.prepare("SELECT 1").run();
      return session.getBookmark();
    }
    case "inserts": {
      let failed = 0;
      for (let i = 0; i < call.count; ++i) {
        try {
          await db.prepare("INSERT INTO mixed (who, n) VALUES (?, ?)").bind(call.who, i).run();
        } catch (error) {
          if (!error.message.includes("SQLITE_BUSY")) throw error;
          ++failed;
        }
      }
      return failed;
    }
  }
  throw new Error("The test asked for " + call.do);
}

export async function onRequestPost({ request, env }) {
  const call = await request.json();
  try {
    return Response.json({ result: await run(env[call.database], call) });
  } catch (error) {
    return Response.json({ error: `${error.name}: ${error.message}` });
  }
}
