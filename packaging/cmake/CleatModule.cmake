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

# Most of a test's compilation is the headers of Qt Test and JSON: they are compiled once for all tests, and once for those of windows, whose macros differ.
set(cleat_test_options -UQT_TESTCASE_BUILDDIR -UQT_TESTCASE_SOURCEDIR) # each folder's own, which would make the compiled headers another's
function(cleat_test_headers target)
    file(CONFIGURE OUTPUT "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp" CONTENT "")
    add_library(${target} OBJECT "${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp")
    target_link_libraries(${target} PRIVATE Cleat::options Qt6::Test Qt6::Network ${ARGN})
    target_compile_options(${target} PRIVATE ${cleat_test_options})
    # By names that no tree's path is in, so that trees share what ccache keeps.
    target_precompile_headers(${target} PRIVATE <tests/patience.h> <QTemporaryDir> <QSignalSpy> <algorithm> <filesystem> <functional> <map> <memory> <optional> <string>
        <unordered_map> <vector> <nlohmann/json.hpp>)
endfunction()

# cleat_test(name SOURCES t_x.cpp [LINK ...] [LABELS ...] [GUI] [TIMEOUT s]) makes one Qt Test program and registers it.
# The source ends with: #include "t_x.moc". The target tests_x builds all tests that have the label x.
function(cleat_test name)
    cmake_parse_arguments(arg "GUI" "TIMEOUT" "SOURCES;LINK;LABELS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    # By hand, because AUTOMOC has a second file compiled for each program.
    set(moc_folder "${CMAKE_CURRENT_BINARY_DIR}/${name}_moc")
    foreach(source IN LISTS arg_SOURCES)
        get_filename_component(base "${source}" NAME_WE)
        if(base MATCHES "^t_")
            get_filename_component(source "${source}" ABSOLUTE)
            add_custom_command(OUTPUT "${moc_folder}/${base}.moc" COMMAND Qt6::moc "-I${CMAKE_SOURCE_DIR}" -o "${moc_folder}/${base}.moc" "${source}"
                DEPENDS "${source}" VERBATIM)
            set_property(SOURCE "${source}" APPEND PROPERTY OBJECT_DEPENDS "${moc_folder}/${base}.moc")
        endif()
    endforeach()
    file(MAKE_DIRECTORY "${moc_folder}")
    target_include_directories(${name} PRIVATE "${moc_folder}")
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
    target_compile_options(${name} PRIVATE ${cleat_test_options})
    target_link_libraries(${name} PRIVATE Cleat::options Qt6::Test Qt6::Network ${arg_LINK})
    if(CMAKE_CURRENT_SOURCE_DIR STREQUAL "${CMAKE_SOURCE_DIR}/tests/ui")
        target_link_libraries(${name} PRIVATE Qt6::Widgets)
        target_precompile_headers(${name} REUSE_FROM cleat_window_test_headers)
    else()
        target_precompile_headers(${name} REUSE_FROM cleat_test_headers)
    endif()
    target_compile_definitions(${name} PRIVATE CLEAT_TESTS_DIR="${CMAKE_SOURCE_DIR}/tests" CLEAT_BINARY_DIR="${CMAKE_BINARY_DIR}"
        CLEAT_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    add_test(NAME ${name} COMMAND ${name})
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 300)
    endif()
    set_tests_properties(${name} PROPERTIES TIMEOUT ${arg_TIMEOUT} LABELS "${arg_LABELS}"
        ENVIRONMENT "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/lsan.supp;TSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/tsan.supp")
    foreach(label IN LISTS arg_LABELS)
        string(REPLACE "-" "_" group "tests_${label}")
        if(NOT TARGET ${group})
            add_custom_target(${group})
        endif()
        add_dependencies(${group} ${name})
    endforeach()
    if(arg_GUI)
        set_property(TEST ${name} APPEND PROPERTY ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
    endif()
endfunction()
