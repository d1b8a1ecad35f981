# SPDX-License-Identifier: GPL-3.0-or-later
# cleat_module(storage SOURCES a.cpp b.cpp [MOC a.h] [LINK Cleat::base] [PRIVATE_LINK OpenSSL::Crypto])
# makes the static library of one folder, Cleat::storage. MOC names the headers with Q_OBJECT.
function(cleat_module name)
    cmake_parse_arguments(arg "" "" "SOURCES;MOC;LINK;PRIVATE_LINK" ${ARGN})
    set(target cleat_${name})
    if(arg_MOC)
        qt_wrap_cpp(moc_sources ${arg_MOC})
    endif()
    add_library(${target} STATIC ${arg_SOURCES} ${arg_MOC} ${moc_sources})
    add_library(Cleat::${name} ALIAS ${target})
    target_link_libraries(${target} PUBLIC Cleat::options ${arg_LINK} PRIVATE ${arg_PRIVATE_LINK})
endfunction()

# cleat_test(name SOURCES t_x.cpp [LINK ...] [LABELS ...] [GUI] [TIMEOUT s]) makes one Qt Test program and registers it.
# The source ends with: #include "t_x.moc"
function(cleat_test name)
    cmake_parse_arguments(arg "GUI" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_link_libraries(${name} PRIVATE Cleat::options Qt6::Test ${arg_LINK})
    target_compile_definitions(${name} PRIVATE CLEAT_TESTS_DIR="${CMAKE_SOURCE_DIR}/tests" CLEAT_BINARY_DIR="${CMAKE_BINARY_DIR}"
        CLEAT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
        ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp;TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp")
    if(arg_GUI)
        set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
    endif()
endfunction()
