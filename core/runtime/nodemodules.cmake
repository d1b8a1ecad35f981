# SPDX-License-Identifier: GPL-3.0-or-later
# What the bundle of the JavaScript half takes from npm for Node's modules (js/node): node_aliases are esbuild's arguments, node_inspect a file that they name.

# node-inspect-extracted cannot look into promises, proxies and iterators: it is given the engine's eyes. And it is given something else for what is a proxy in this runtime only.
set(node_inspect "${CMAKE_CURRENT_BINARY_DIR}/nodeinspect.js")
set(node_hooks "${CMAKE_CURRENT_SOURCE_DIR}/js/node/inspecthooks.js")
file(READ "${CLEAT_NPM_DIR}/node-inspect-extracted/dist/inspect.js" node_inspect_text)
function(replace_in_node_inspect seam by)
    string(FIND "${node_inspect_text}" "${seam}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "node-inspect-extracted in ${CLEAT_NPM_DIR} is not the version that packaging/npm/package-lock.json names. Run packaging/run.sh again.")
    endif()
    string(REPLACE "${seam}" "${by}" replaced "${node_inspect_text}")
    set(node_inspect_text "${replaced}" PARENT_SCOPE)
endfunction()
replace_in_node_inspect("getPromiseDetails:()=>[g,void 0],getProxyDetails:y.getProxyDetails,Proxy:y.Proxy,previewEntries:t=>[[],!1]"
    "getPromiseDetails:t=>cleatHooks.promise(t,g,h),getProxyDetails:cleatHooks.proxy,Proxy,previewEntries:cleatHooks.entries")
replace_in_node_inspect([[isTypedArray:t=>A(t,"Int8Array","Uint8Array","Uint8ClampedArray","Int16Array","Uint16Array","Int32Array","Uint32Array","Float32Array","Float64Array","BigInt64Array","BigUint64Array")]]
    "isTypedArray:cleatHooks.isTypedArray")
replace_in_node_inspect("je(e,!!t.showProxy)" "je(e=cleatHooks.shown(e,t),!!t.showProxy)")
replace_in_node_inspect("je(e=c,!1)" "je(e=cleatHooks.shown(c,t),!1)")
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
