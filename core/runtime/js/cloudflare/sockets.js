// SPDX-License-Identifier: GPL-3.0-or-later
// The module "cloudflare:sockets".

import { registerModule } from "../modules.js";
import { provideConnect } from "../node/connector.js";
import { connect } from "../sockets/socket.js";

provideConnect(connect);
registerModule("cloudflare:sockets", () => ({ connect }), { defaultExport: false });
