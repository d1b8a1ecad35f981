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

# A wrapper knows its module by a path, as the name of the function: one name for all, whose objects then are of one shape.
string(REGEX REPLACE "(__(commonJS|esm)\\({\n *)\"[^\"\n]*\"\\(" "\\1m(" bundle "${bundle}")

# A function whose name is set is a dictionary from then on: not where it has that name already.
set(seam "var __name = (target, value) => __defProp(target, \"name\", { value, configurable: true });")
string(FIND "${bundle}" "${seam}" at)
if(at EQUAL -1)
    message(FATAL_ERROR "${BUNDLE} does not name functions as the esbuild of packaging/npm/package-lock.json does. Run packaging/run.sh again.")
endif()
string(REPLACE "${seam}" "var __name = (target, value) => target.name === value ? target : __defProp(target, \"name\", { value, configurable: true });" bundle "${bundle}")
file(WRITE "${BUNDLE}" "${bundle}")
