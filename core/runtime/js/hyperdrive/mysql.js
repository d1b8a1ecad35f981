// SPDX-License-Identifier: GPL-3.0-or-later
// As much of MySQL's protocol as it takes to begin TLS on behalf of a client that knows nothing of it (MySQL, "Connection Phase"): one packet more goes to the server
// than the client has sent, so that until it is let in the numbers of their packets differ by one.

const ssl = 0x800;
const shortest = 32; // of a client's answer to the greeting, and all that the request for TLS has of it

/** The payload of the first packet, or undefined when it is not all there. */
export function greetingOf(bytes) {
  if (bytes.length < 4) return undefined;
  const length = bytes[0] | (bytes[1] << 8) | (bytes[2] << 16);
  return bytes.length < 4 + length ? undefined : bytes.subarray(4, 4 + length);
}

/** Behind the version's number and text, and thread, salt and a filler, are the lower capabilities. */
export function offersTls(greeting) {
  if (greeting[0] !== 10) return false; // an error, such as "too many connections"
  const at = greeting.indexOf(0, 1) + 1 + 4 + 8 + 1;
  return at + 1 < greeting.length && ((greeting[at] | (greeting[at + 1] << 8)) & ssl) !== 0;
}

/** What a client that wants TLS sends first: the beginning of its answer to the greeting. Undefined when that is not all there; `answer` says from now on that there will be TLS. */
export function tlsRequest(answer) {
  if (answer.length < 4 + shortest) return undefined;
  if (answer[0] < shortest && answer[1] === 0 && answer[2] === 0) throw new Error("The client's answer to the database's greeting is too short.");
  answer[5] |= ssl >> 8;
  const packet = answer.slice(0, 4 + shortest);
  packet[0] = shortest;
  packet[1] = packet[2] = 0;
  return packet;
}

/** Walks through packets that come in pieces of any size, and adds to the number of each. `first` gets the first byte of each one's payload, and ends the walk by giving true. */
class Walk {
  constructor(by) {
    this.by = by;
    this.head = 0; // how many bytes of the packet's head have been
    this.left = 0; // of its payload
    this.fresh = false;
  }

  over(bytes, first) {
    for (let i = 0; i < bytes.length;) {
      if (this.head < 4) {
        if (this.head === 3) bytes[i] += this.by;
        else this.left |= bytes[i] << (8 * this.head);
        this.head += 1;
        this.fresh = true;
        i += 1;
      } else {
        if (this.fresh && this.left > 0 && first(bytes[i])) return true;
        this.fresh = false;
        const step = Math.min(this.left, bytes.length - i);
        this.left -= step;
        i += step;
      }
      if (this.head === 4 && this.left === 0) this.head = 0;
    }
    return false;
  }
}

export class PacketNumbers {
  #server = new Walk(-1);
  #code = new Walk(1);

  /** Changes the piece; true when the client has been let in or refused: from then on all numbers are the same. */
  fromServer(piece) {
    return this.#server.over(piece, (byte) => byte === 0x00 || byte === 0xff);
  }

  fromCode(bytes) {
    const copy = bytes.slice();
    this.#code.over(copy, () => false);
    return copy;
  }
}
