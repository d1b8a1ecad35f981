# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -D WASM2C=program -D WASM=file -D FOLDER=folder -P translate.cmake: makes C of lol-html's official WebAssembly build, as FOLDER/lolhtml.c and lolhtml.h, for rewritermodule.cpp.
# Taken out of it is what Asyncify put in, which lets a WebAssembly engine leave the code in the middle of a call and come back: here calls have stacks of their own.
file(MAKE_DIRECTORY "${FOLDER}")
execute_process(COMMAND "${WASM2C}" "${WASM}" --module-name=htmlrewriter "--output=${FOLDER}/lolhtml.c" RESULT_VARIABLE result ERROR_VARIABLE error)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "${WASM2C} could not translate ${WASM}: ${error}")
endif()
file(READ "${FOLDER}/lolhtml.c" code)

function(exchange seam replacement)
    string(FIND "${code}" "${seam}" at)
    if(at EQUAL -1)
        message(FATAL_ERROR "The C code that ${WASM2C} writes is not that of wabt 1.0.32, which Debian 12 has. This is not in it: ${seam}")
    endif()
    string(REPLACE "${seam}" "${replacement}" code "${code}")
    set(code "${code}" PARENT_SCOPE)
endfunction()

# Asyncify's state is 0 wherever nothing is being left or come back to: a constant, with which the compiler drops the rest of it.
if(NOT code MATCHES "static u32 w2c_asyncify_get_state\\([^;{]*{[^}]*(instance->w2c_g[0-9]+);")
    message(FATAL_ERROR "${WASM} has no Asyncify")
endif()
set(state "${CMAKE_MATCH_1}")
exchange("${state} = " "(void)")
exchange("${state}" "0u")

# Where memory lies is the same as long as there is the module. In a variable of each function the compiler knows that.
exchange("(&instance->w2c_memory, (u64)" "(&here, (u64)")
exchange("static inline" "static inline __attribute__((always_inline))")
exchange("#define wasm_asm __asm__" "#define wasm_asm(...)")
exchange("#include \"lolhtml.h\"" "#include \"lolhtml.h\"
struct Z___wbindgen_placeholder___instance_t {
  char *volatile *stack_limit;
};
void cleat_lolhtml_stop(struct Z___wbindgen_placeholder___instance_t *, char *stack);
#if defined(__x86_64__)
#define CLEAT_STACK(place) __asm__(\"mov %%rsp, %0\" : \"=r\"(place))
#elif defined(__aarch64__)
#define CLEAT_STACK(place) __asm__(\"mov %0, sp\" : \"=r\"(place))
#else
#define CLEAT_STACK(place) place = __builtin_frame_address(0)
#endif
#define CLEAT_BEGIN                                                                                                   \\
  char *stack;                                                                                                        \\
  CLEAT_STACK(stack);                                                                                                 \\
  if (UNLIKELY(stack < *instance->Z___wbindgen_placeholder___instance->stack_limit))                                  \\
    cleat_lolhtml_stop(instance->Z___wbindgen_placeholder___instance, stack);                                         \\
  wasm_rt_memory_t here = {.data = instance->w2c_memory.data};")
exchange("  FUNC_PROLOGUE;" "  CLEAT_BEGIN")

# What a C library does better than loops over bytes. The functions have no names in the module: they are known by what they are.
function(exchange_function name hash body)
    string(FIND "${code}" " ${name}(Z_htmlrewriter_instance_t* instance, " at)
    string(SUBSTRING "${code}" ${at} 4000 function)
    string(FIND "${function}" "\n}\n" end)
    string(SUBSTRING "${function}" 0 ${end} function)
    string(SHA256 found "${function}")
    if(NOT found STREQUAL hash)
        message(FATAL_ERROR "${name} of ${WASM} is another function than it was: its hash is ${found}")
    endif()
    string(REGEX REPLACE "{\n.*" "{\n  CLEAT_BEGIN\n  ${body}" replacement "${function}")
    string(REPLACE "${function}" "${replacement}" code "${code}")
    set(code "${code}" PARENT_SCOPE)
endfunction()
exchange_function(w2c_f687 "f674f3807fc1d02847f50b977cc3a34c22d66c8f96379cef733292dcb0e448e4" "memmove(here.data + w2c_p0, here.data + w2c_p1, w2c_p2); return w2c_p0;")
exchange_function(w2c_f713 "d9544974ab0f18f87eb4f58cdf4f815b7a3e9a3b1d86c0f6a0cd935498c570a1" "memset(here.data + w2c_p0, (int)w2c_p1, w2c_p2); return w2c_p0;")
exchange_function(w2c_f670 "745edf0abef33707bc6250b3e921bccbed1e4f53d566b9483a1da8aac6333920" "return (u32)memcmp(here.data + w2c_p0, here.data + w2c_p1, w2c_p2);")
exchange_function(w2c_f602 "d4b658cf8c1416bddbe7dfb464bb51c2be251eb833053934da278962d1d83507" "memmove(here.data + w2c_p0, here.data + w2c_p1, w2c_p2);")
file(WRITE "${FOLDER}/lolhtml.c" "${code}")
