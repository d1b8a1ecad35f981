// SPDX-License-Identifier: GPL-3.0-or-later
import assert from "node:assert";
import { addMonths, differenceInDays, format, formatISO, parseISO } from "date-fns";

export function onRequest() {
  assert.strictEqual(format(new Date(2026, 0, 31), "yyyy-MM-dd EEEE"), "2026-01-31 Saturday");
  assert.strictEqual(formatISO(addMonths(new Date(2026, 0, 31), 1), { representation: "date" }), "2026-02-28");
  assert.strictEqual(differenceInDays(parseISO("2026-03-01"), parseISO("2026-02-01")), 28);
  return new Response("ok");
}
