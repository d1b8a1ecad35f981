// SPDX-License-Identifier: GPL-3.0-or-later
// The engine's own JSON functions, before anything wraps them.

export const { parse, stringify } = JSON;
