// SPDX-License-Identifier: GPL-3.0-or-later
import { answer } from "../rows.js";

export const onRequest = ({ request }) => answer(request);
