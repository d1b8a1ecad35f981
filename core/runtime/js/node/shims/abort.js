// SPDX-License-Identifier: GPL-3.0-or-later
// abort-controller for readable-stream: the runtime's own.
import "../../events.js";

export const { AbortController, AbortSignal } = globalThis;
