// SPDX-License-Identifier: GPL-3.0-or-later
// The sessions that are open, by their links and by the requests that opened them.

import { SafeMap, SafeSet } from "../primordials.js";

const sessions = new SafeMap(); // link -> Session
const opened = new SafeMap(); // request -> SafeSet of the Sessions that it opened

export const sessionOf = (link) => sessions.get(link);

export function addSession(session, opener) {
  sessions.set(session.link, session);
  if (!opener) return;
  let all = opened.get(session.request);
  if (!all) opened.set(session.request, (all = new SafeSet()));
  all.add(session);
}

export function removeSession(session) {
  sessions.delete(session.link);
  const all = opened.get(session.request);
  all?.delete(session);
  if (all?.size === 0) opened.delete(session.request);
}

/** A request is over: so is what it opened. */
export function endSessions(request) {
  const all = opened.get(request);
  if (all) all.forEach((session) => session.forget());
}
