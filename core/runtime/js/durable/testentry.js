// SPDX-License-Identifier: GPL-3.0-or-later
// For tests of the storage alone, which set this variable: a storage without an object.

import { registerModule } from "../modules.js";
import { native } from "../native.js";
import { makeStorage, objectStorage } from "./storage.js";

registerModule("cleat-internal:object-storage", () => ({ makeStorage, objectStorage }), { available: () => native.objectTestEntry(), defaultExport: false });
