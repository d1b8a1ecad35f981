// SPDX-License-Identifier: GPL-3.0-or-later
// The sessions that are open, by their links and by who opened them: a request, or a Durable Object.

import { SafeMap, SafeSet } from "../primordials.js";

const sessions = new SafeMap(); // link -> Session
const opened = new SafeMap(); // request or object -> SafeSet of the Sessions that it opened

export const sessionOf = (link) => sessions.get(link);

export function addSession(session, opener) {
  sessions.set(session.link, session);
  if (!opener) return;
  let all = opened.get(session.context);
  if (!all) opened.set(session.context, (all = new SafeSet()));
  all.add(session);
}

export function removeSession(session) {
  sessions.delete(session.link);
  const all = opened.get(session.context);
  all?.delete(session);
  if (all?.size === 0) opened.delete(session.context);
}

/** A request, or an object's instance, is over: so is what it opened. */
export function endSessions(context) {
  const all = opened.get(context);
  if (all) all.forEach((session) => session.forget());
}
