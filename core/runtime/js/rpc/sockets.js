// SPDX-License-Identifier: GPL-3.0-or-later
// WebSockets over a link. Their messages go as they are, with no frames.

import { Op } from "./ops.js";

export class SocketLink {
  /** receive(item) gets what comes; over() is called once, at the end. */
  constructor(session, id, receive, over = () => {}) {
    this.session = session;
    this.id = id;
    this.receive = receive;
    this.over = over;
    this.far = null; // the End that user code has here
    this.sentClose = false;
    this.gotClose = false;
    session.sockets.set(id, this);
  }

  /** What is given to deliver() is copied on the way. */
  get direct() {
    return true;
  }

  /** Whether it needs nobody to be there: what comes goes to a Durable Object that may sleep. */
  sleeps() {
    return this.far?.sleeping === true;
  }

  /** To the other side. */
  deliver(item) {
    if (!this.session.sockets.has(this.id)) return;
    this.session.send([Op.Socket, this.id, item.kind === "message" ? { kind: "message", data: copied(item.data) } : item]);
    if (item.kind === "close") this.sentClose = true;
    if (item.kind === "lost" || (this.sentClose && this.gotClose)) this.end();
  }

  /** From the other side. */
  arrived(item) {
    if (item.kind === "close") this.gotClose = true;
    this.receive(item);
    if (item.kind !== "message" && item.kind !== "close") this.end();
    else if (this.sentClose && this.gotClose) this.end();
  }

  lost() {
    this.receive({ kind: "lost" });
    this.over();
  }

  end() {
    this.session.sockets.delete(this.id);
    this.session.settle();
    this.session.server?.settle();
    this.over();
  }
}

/** Bytes without the rest of the buffer that they are a part of. */
function copied(data) {
  if (typeof data === "string") return data;
  if (!ArrayBuffer.isView(data)) return data;
  return data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength);
}
