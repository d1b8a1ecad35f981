# SPDX-License-Identifier: GPL-3.0-or-later
# What the bundle of the JavaScript half takes from npm for Node's modules (js/node): node_aliases are esbuild's arguments, node_inspect a file that they name.

# node-inspect-extracted cannot look into promises, proxies and iterators: it is given the engine's eyes.
set(node_inspect "${CMAKE_CURRENT_BINARY_DIR}/nodeinspect.js")
set(node_hooks "${CMAKE_CURRENT_SOURCE_DIR}/js/node/inspecthooks.js")
file(READ "${CLEAT_NPM_DIR}/node-inspect-extracted/dist/inspect.js" node_inspect_text)
set(node_inspect_seam "getPromiseDetails:()=>[g,void 0],getProxyDetails:y.getProxyDetails,Proxy:y.Proxy,previewEntries:t=>[[],!1]")
string(FIND "${node_inspect_text}" "${node_inspect_seam}" node_inspect_at)
if(node_inspect_at EQUAL -1)
    message(FATAL_ERROR "node-inspect-extracted in ${CLEAT_NPM_DIR} is not the version that packaging/npm/package-lock.json names. Run packaging/run.sh again.")
endif()
string(REPLACE "${node_inspect_seam}"
    "getPromiseDetails:t=>cleatHooks.promise(t,g,h),getProxyDetails:cleatHooks.proxy,Proxy,previewEntries:cleatHooks.entries" node_inspect_text "${node_inspect_text}")
file(GENERATE OUTPUT "${node_inspect}" CONTENT "const cleatHooks=require(\"${node_hooks}\").default;\n${node_inspect_text}")

set(node_js "${CMAKE_CURRENT_SOURCE_DIR}/js/node")
set(node_aliases
    "--alias:node-inspect-extracted=${node_inspect}"
    "--alias:abort-controller=${node_js}/shims/abort.js"
    "--alias:buffer=${node_js}/buffer.js"
    "--alias:events=${node_js}/events.js"
    "--alias:process=${node_js}/shims/process"
    "--alias:string_decoder=${node_js}/shims/string_decoder"
    "--alias:tr46=${CMAKE_CURRENT_SOURCE_DIR}/js/idna.js"
    "--alias:tr46-whole=${CLEAT_NPM_DIR}/tr46/index.js"
    "--alias:stream=${CLEAT_NPM_DIR}/readable-stream/lib/stream.js"
    "--alias:node:async_hooks=unenv/node/async_hooks"
    "--alias:node:events=unenv/node/events"
    "--alias:node:module=${node_js}/module.js"
    "--alias:node:path=${node_js}/path.js"
    "--alias:node:readline/promises=unenv/node/readline/promises"
    "--alias:node:stream=${CLEAT_NPM_DIR}/readable-stream/lib/stream.js"
    "--alias:node:querystring=unenv/node/querystring")
