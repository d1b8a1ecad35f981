# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -D BUNDLE=file -P runonce.cmake: lets modules that have run forget their code. esbuild's wrapper of a CommonJS module keeps the function that holds the module's whole
# top level, compiled; in the snapshot that would be a sixth of the heap that every Worker has to read.
file(READ "${BUNDLE}" bundle)
set(seam [=[
    try {
      return mod || (0, cb[__getOwnPropNames(cb)[0]])((mod = { exports: {} }).exports, mod), mod.exports;
    } catch]=])
string(FIND "${bundle}" "${seam}" at)
if(at EQUAL -1)
    message(FATAL_ERROR "${BUNDLE} does not hold the wrapper that the esbuild of packaging/npm/package-lock.json writes. Run packaging/run.sh again.")
endif()
string(REPLACE "${seam}" [=[
    if (mod) return mod.exports;
    const run = cb[__getOwnPropNames(cb)[0]];
    try {
      run((mod = { exports: {} }).exports, mod);
      cb = null;
      return mod.exports;
    } catch]=] bundle "${bundle}")
file(WRITE "${BUNDLE}" "${bundle}")
