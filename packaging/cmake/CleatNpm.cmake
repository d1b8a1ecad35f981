# SPDX-License-Identifier: GPL-3.0-or-later
# The npm packages that the build takes things from: CLEAT_NPM_DIR, and esbuild's own binary in CLEAT_ESBUILD.

set(CLEAT_NPM_DIR "${CMAKE_SOURCE_DIR}/build/deps/npm/node_modules" CACHE PATH "node_modules with what packaging/npm/package-lock.json names")
if(NOT EXISTS "${CLEAT_NPM_DIR}/esbuild" AND NOT EXISTS "${CLEAT_NPM_DIR}/@esbuild")
    message(FATAL_ERROR "No npm packages in ${CLEAT_NPM_DIR}. Run packaging/run.sh once, or pass -DCLEAT_NPM_DIR=<node_modules>.")
endif()
file(GLOB CLEAT_ESBUILD "${CLEAT_NPM_DIR}/@esbuild/*/bin/esbuild")
if(NOT CLEAT_ESBUILD)
    message(FATAL_ERROR "The npm package esbuild has no binary for this machine in ${CLEAT_NPM_DIR}/@esbuild. Run packaging/run.sh again.")
endif()
list(GET CLEAT_ESBUILD 0 CLEAT_ESBUILD)
