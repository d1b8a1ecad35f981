// SPDX-License-Identifier: GPL-3.0-or-later
import { answer } from "rows.js";

export default { fetch: (request) => answer(request) };
