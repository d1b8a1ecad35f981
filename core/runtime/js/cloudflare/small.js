// SPDX-License-Identifier: GPL-3.0-or-later
// "cloudflare:" modules of a few names.

import { registerModule } from "../modules.js";

class NonRetryableError extends Error {
  constructor(message, name = "NonRetryableError") {
    super(message);
    this.name = name;
  }
}

registerModule("cloudflare:workflows", () => ({ NonRetryableError }), { defaultExport: false });
