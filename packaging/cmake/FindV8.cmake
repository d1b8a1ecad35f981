# SPDX-License-Identifier: GPL-3.0-or-later
# Finds V8 as Debian ships it inside libnode (headers and libv8.so), and defines V8::V8.
# Looked for in this order: V8_ROOT (a CMake or environment variable; an unpacked package tree, or a folder that holds
# include/ and lib/), the private copy that packaging/fetch-v8.sh unpacks to build/deps/v8, then the system.
set(_v8_roots "")
if(V8_ROOT)
    list(APPEND _v8_roots "${V8_ROOT}")
elseif(DEFINED ENV{V8_ROOT})
    list(APPEND _v8_roots "$ENV{V8_ROOT}")
endif()
list(APPEND _v8_roots "${CMAKE_SOURCE_DIR}/build/deps/v8" "/")

set(_v8_lib_suffixes usr/lib/${CMAKE_LIBRARY_ARCHITECTURE} usr/lib lib/${CMAKE_LIBRARY_ARCHITECTURE} lib)
find_path(V8_INCLUDE_DIR v8.h PATHS ${_v8_roots} PATH_SUFFIXES usr/include/nodejs/deps/v8/include usr/include/node include/nodejs/deps/v8/include
    include/node include NO_DEFAULT_PATH)
find_path(V8_PLATFORM_INCLUDE_DIR libplatform/libplatform.h HINTS "${V8_INCLUDE_DIR}" PATHS ${_v8_roots} PATH_SUFFIXES usr/include/nodejs/deps/v8/include
    usr/include/node include NO_DEFAULT_PATH)
find_library(V8_LIBRARY NAMES v8 node PATHS ${_v8_roots} PATH_SUFFIXES ${_v8_lib_suffixes} NO_DEFAULT_PATH)

if(V8_INCLUDE_DIR AND EXISTS "${V8_INCLUDE_DIR}/v8-version.h")
    file(STRINGS "${V8_INCLUDE_DIR}/v8-version.h" _v8_lines REGEX "#define V8_(MAJOR|MINOR|BUILD)")
    string(REGEX REPLACE ".*V8_MAJOR_VERSION ([0-9]+).*V8_MINOR_VERSION ([0-9]+).*V8_BUILD_NUMBER ([0-9]+).*" "\\1.\\2.\\3" V8_VERSION "${_v8_lines}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(V8 REQUIRED_VARS V8_LIBRARY V8_INCLUDE_DIR V8_PLATFORM_INCLUDE_DIR VERSION_VAR V8_VERSION
    REASON_FAILURE_MESSAGE "run packaging/fetch-v8.sh, or pass -DV8_ROOT=<folder with V8's headers and library>")

if(V8_FOUND AND NOT TARGET V8::V8)
    add_library(V8::V8 SHARED IMPORTED)
    set_target_properties(V8::V8 PROPERTIES IMPORTED_LOCATION "${V8_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${V8_INCLUDE_DIR};${V8_PLATFORM_INCLUDE_DIR}" IMPORTED_NO_SONAME FALSE)
    get_filename_component(V8_LIBRARY_DIR "${V8_LIBRARY}" DIRECTORY)
endif()
mark_as_advanced(V8_INCLUDE_DIR V8_PLATFORM_INCLUDE_DIR V8_LIBRARY)
