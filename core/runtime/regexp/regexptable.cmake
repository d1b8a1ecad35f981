# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -D PROPERTIES=folder -D TABLE=file -P regexptable.cmake: a module of all files of regenerate-unicode-properties by their paths, each read when it is asked for.
file(GLOB_RECURSE files RELATIVE "${PROPERTIES}" "${PROPERTIES}/*/*.js")
list(SORT files)
set(table "")
foreach(file IN LISTS files)
    string(REGEX REPLACE "\\.js$" "" name "${file}")
    string(APPEND table "  \"${name}\": () => require(\"regenerate-unicode-properties/${file}\"),\n")
endforeach()
if(table STREQUAL "")
    message(FATAL_ERROR "There are no Unicode properties in ${PROPERTIES}: run packaging/run.sh again.")
endif()
file(WRITE "${TABLE}" "module.exports = {\n${table}};\n")
