// SPDX-License-Identifier: GPL-3.0-or-later
// The messages of a session: arrays that begin with one of these.

export const Op = {
  Call: 0, // question, Target, number, path, is it a call, hosts; arguments as the value
  Result: 1, // question, hosts; the value
  Failed: 2, // question, errorParts()
  Finish: 3, // question: nothing more is asked of its answer
  Release: 4, // number of a stub that nobody needs
  Fetch: 5, // question, method, url, fields, cf, body
  Response: 6, // question, status, its text, fields, body, WebSocket or 0
  Piece: 7, // stream, bytes
  Close: 8, // stream
  Abort: 9, // stream, errorParts(): no more will be written
  Credit: 10, // stream, bytes that were taken
  Cancel: 11, // stream, errorParts(): no more will be read
  Closed: 12, // stream that is written into, errorParts() or null
  Socket: 13, // WebSocket, item
  Gone: 14, // question: the fetch was aborted
  Bye: 15, // the opener needs nothing more
};

/** What a call is asked of. */
export const Target = { Root: 0, Stub: 1, Answer: 2 };
