// SPDX-License-Identifier: GPL-3.0-or-later
// What readable-stream asks of process.

export const nextTick = (callback, ...args) => queueMicrotask(() => callback(...args));
export const env = {};
export const stdout = undefined;
export const stderr = undefined;
export const platform = "linux";
export const version = "v22.0.0";
