# SPDX-License-Identifier: GPL-3.0-or-later
# Language, warnings, sanitizers, ccache and linker, the same for every target.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_AUTOMOC OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")

if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "" FORCE)
endif()

find_program(CLEAT_CCACHE ccache)
if(CLEAT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        "${CMAKE_COMMAND};-E;env;CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime;CCACHE_BASEDIR=${CMAKE_SOURCE_DIR};CCACHE_NOHASHDIR=1;${CLEAT_CCACHE}")
    set(CMAKE_C_COMPILER_LAUNCHER "${CMAKE_CXX_COMPILER_LAUNCHER}")
endif()

find_program(CLEAT_MOLD mold)
if(CLEAT_MOLD)
    add_link_options(-fuse-ld=mold)
endif()

set(CLEAT_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread")

add_library(cleat_options INTERFACE)
add_library(Cleat::options ALIAS cleat_options)
target_include_directories(cleat_options INTERFACE "${CMAKE_SOURCE_DIR}")
target_compile_options(cleat_options INTERFACE
    -Wno-stringop-overflow -Wno-restrict -Wno-array-bounds # false alarms of GCC 12 about std::string
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
    $<$<CONFIG:Release>:-ffunction-sections -fdata-sections>)
target_link_options(cleat_options INTERFACE $<$<CONFIG:Release>:-Wl,--gc-sections>)
target_compile_definitions(cleat_options INTERFACE
    QT_NO_KEYWORDS QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_URL_CAST_FROM_STRING
    QT_NO_CONTEXTLESS_CONNECT QT_NO_FOREACH QT_DISABLE_DEPRECATED_BEFORE=0x060400
    CLEAT_VERSION="${PROJECT_VERSION}")

if(CLEAT_SANITIZE)
    target_compile_options(cleat_options INTERFACE -fsanitize=${CLEAT_SANITIZE} -fno-omit-frame-pointer)
    target_link_options(cleat_options INTERFACE -fsanitize=${CLEAT_SANITIZE})
    if(CLEAT_SANITIZE MATCHES undefined)
        # V8 is built without RTTI, so vptr checks cannot see its types.
        target_compile_options(cleat_options INTERFACE -fno-sanitize=vptr -fno-sanitize-recover=undefined)
        target_link_options(cleat_options INTERFACE -fno-sanitize=vptr)
    endif()
endif()
