// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/html/rewritermodule.h"

#include "lolhtml.h" // made by translate.cmake

#include <boost/context/detail/fcontext.hpp>

#include <sys/mman.h>

#include <algorithm>
#include <cstdarg>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>

// What runs on a call's own stack: sanitizers know nothing of such stacks, and these functions touch nothing but the call.
#define CLEAT_ON_ITS_STACK __attribute__((no_sanitize("address", "undefined", "thread")))

using namespace cleat::runtime;
namespace context = boost::context::detail;

/// The host, as the translated code knows it.
struct Z___wbindgen_placeholder___instance_t {
    std::atomic<char *> *stackLimit = nullptr; // translate.cmake looks at this
    RewriterCall *running = nullptr;
    Z_htmlrewriter_instance_t *instance = nullptr;
    std::vector<char> output;
    std::uint32_t kind = 0; // of the token that a handler is about to be called with
    std::uint32_t token = 0;
};
using Host = Z___wbindgen_placeholder___instance_t;

namespace cleat::runtime {

class RewriterCall
{
public:
    static constexpr std::size_t stackBytes = 256U << 10;
    static constexpr std::size_t guardBytes = 64U << 10;
    static constexpr std::size_t spareBytes = 32U << 10; ///< for what the translated code calls

    RewriterCall()
        : stack(
            static_cast<char *>(mmap(nullptr, guardBytes + stackBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0)))
    {
        if (stack == MAP_FAILED)
            throw std::bad_alloc();
        mprotect(stack, guardBytes, PROT_NONE);
    }
    ~RewriterCall() { munmap(stack, guardBytes + stackBytes); }
    RewriterCall(const RewriterCall &) = delete;
    RewriterCall &operator=(const RewriterCall &) = delete;

    char *lowest() const { return stack + guardBytes + spareBytes; }

    char *const stack;
    context::fcontext_t place = nullptr; ///< where it goes on; null when there is nothing on its stack
    context::fcontext_t caller = nullptr;
    Host *host = nullptr;
    const RewriterExport *what = nullptr;
    std::array<std::uint32_t, RewriterModule::mostArguments> given{};
    RewriterModule::Stop stop = RewriterModule::Stop::Returned;
    std::uint32_t result = 0;
    RewriterQuestion question = RewriterQuestion::Drop;
    std::array<std::uint32_t, 3> arguments{};
    std::uint32_t answer = 0;
    wasm_rt_trap_t trap = WASM_RT_TRAP_NONE;
    bool outOfMemory = false;
};

namespace {

thread_local RewriterCall *current = nullptr; // of this thread, for traps, which are told no instance

CLEAT_ON_ITS_STACK void leave(RewriterCall &call, RewriterModule::Stop stop)
{
    call.stop = stop;
    call.caller = context::jump_fcontext(call.caller, nullptr).fctx;
}

CLEAT_ON_ITS_STACK void life(context::transfer_t from)
{
    RewriterCall &call = *static_cast<RewriterCall *>(from.data);
    call.caller = from.fctx;
    for (;;) {
        call.result = call.what->function(call.host->instance, call.given.data());
        leave(call, RewriterModule::Stop::Returned);
    }
}

CLEAT_ON_ITS_STACK std::uint32_t ask(Host *host, RewriterQuestion question, std::uint32_t a = 0, std::uint32_t b = 0, std::uint32_t c = 0)
{
    RewriterCall &call = *host->running;
    call.question = question;
    call.arguments = {a, b, c};
    leave(call, RewriterModule::Stop::Question);
    return call.answer;
}

/// The function `Function`, whatever it takes and returns, as a RewriterExport has it.
template <auto Function>
struct Numbers;

template <typename Result, typename... Arguments, Result (*Function)(Z_htmlrewriter_instance_t *, Arguments...)>
struct Numbers<Function> {
    static constexpr std::size_t count = sizeof...(Arguments);
    static_assert(count <= RewriterModule::mostArguments);

    CLEAT_ON_ITS_STACK static std::uint32_t call(void *instance, const std::uint32_t *arguments)
    {
        return spread(static_cast<Z_htmlrewriter_instance_t *>(instance), arguments, std::make_index_sequence<count>());
    }

private:
    template <std::size_t... I>
    CLEAT_ON_ITS_STACK static std::uint32_t spread(
        Z_htmlrewriter_instance_t *instance, [[maybe_unused]] const std::uint32_t *arguments, std::index_sequence<I...>)
    {
        if constexpr (std::is_void_v<Result>) {
            Function(instance, arguments[I]...);
            return 0;
        } else {
            return Function(instance, arguments[I]...);
        }
    }
};

#define EXPORT(name) \
    RewriterExport \
    { \
#name, &Numbers < &Z_htmlrewriterZ_##name> ::call, Numbers < &Z_htmlrewriterZ_##name> ::count \
    }
constexpr std::array exported = {EXPORT(__wbg_element_free), EXPORT(element_before), EXPORT(element_after), EXPORT(element_replace), EXPORT(element_remove),
    EXPORT(element_removed), EXPORT(element_tag_name), EXPORT(element_set_tag_name), EXPORT(element_namespace_uri), EXPORT(element_attributes),
    EXPORT(element_getAttribute), EXPORT(element_hasAttribute), EXPORT(element_setAttribute), EXPORT(element_removeAttribute), EXPORT(element_prepend),
    EXPORT(element_append), EXPORT(element_setInnerContent), EXPORT(element_removeAndKeepContent), EXPORT(element_onEndTag), EXPORT(__wbg_comment_free),
    EXPORT(comment_before), EXPORT(comment_after), EXPORT(comment_replace), EXPORT(comment_remove), EXPORT(comment_removed), EXPORT(comment_text),
    EXPORT(comment_set_text), EXPORT(__wbg_doctype_free), EXPORT(doctype_name), EXPORT(doctype_public_id), EXPORT(doctype_system_id),
    EXPORT(__wbg_textchunk_free), EXPORT(textchunk_before), EXPORT(textchunk_after), EXPORT(textchunk_replace), EXPORT(textchunk_remove),
    EXPORT(textchunk_removed), EXPORT(textchunk_text), EXPORT(textchunk_last_in_text_node), EXPORT(__wbg_endtag_free), EXPORT(endtag_name),
    EXPORT(endtag_set_name), EXPORT(endtag_before), EXPORT(endtag_after), EXPORT(endtag_remove), EXPORT(__wbg_documentend_free), EXPORT(documentend_append),
    EXPORT(__wbg_htmlrewriter_free), EXPORT(htmlrewriter_new), EXPORT(htmlrewriter_on), EXPORT(htmlrewriter_onDocument), EXPORT(htmlrewriter_write),
    EXPORT(htmlrewriter_end), EXPORT(__wbindgen_malloc), EXPORT(__wbindgen_free), EXPORT(__wbindgen_add_to_stack_pointer)};
#undef EXPORT

} // namespace

struct RewriterMemory {
    /// Each access is at a 32-bit number plus a 32-bit constant: all of that is ours, so that none can leave it. What is not touched is no memory.
    static constexpr std::size_t reach = (8ULL << 30) + 65536;

    RewriterMemory() : data(static_cast<char *>(mmap(nullptr, reach, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)))
    {
        if (data == MAP_FAILED)
            throw std::bad_alloc();
    }
    ~RewriterMemory() { munmap(data, reach); }
    RewriterMemory(const RewriterMemory &) = delete;
    RewriterMemory &operator=(const RewriterMemory &) = delete;

    char *const data;
};

namespace {

thread_local RewriterMemory *memoryOfNew = nullptr; // of the module that is being made on this thread

} // namespace

struct RewriterModule::Parts {
    std::shared_ptr<RewriterMemory> memory = std::make_shared<RewriterMemory>();
    Host host;
    Z_htmlrewriter_instance_t instance{};
    std::vector<std::unique_ptr<RewriterCall>> calls;
    std::vector<RewriterCall *> idle;
};

std::span<const RewriterExport> RewriterModule::exports()
{
    return exported;
}

RewriterModule::RewriterModule(StackLimit &limit) : m_parts(std::make_unique<Parts>())
{
    static_assert(sizeof(StackLimit) == sizeof(char *) && StackLimit::is_always_lock_free);
    m_parts->host.stackLimit = &limit;
    static std::once_flag once;
    std::call_once(once, Z_htmlrewriter_init_module);
    m_parts->host.instance = &m_parts->instance;
    memoryOfNew = m_parts->memory.get();
    Z_htmlrewriter_instantiate(&m_parts->instance, &m_parts->host);
    memoryOfNew = nullptr;
}

RewriterModule::~RewriterModule()
{
    Z_htmlrewriter_free(&m_parts->instance);
}

RewriterCall &RewriterModule::begin(const RewriterExport &what, const std::uint32_t *given)
{
    if (m_parts->idle.empty()) {
        m_parts->calls.push_back(std::make_unique<RewriterCall>());
        m_parts->calls.back()->host = &m_parts->host;
        m_parts->idle.push_back(m_parts->calls.back().get());
    }
    RewriterCall &call = *m_parts->idle.back();
    m_parts->idle.pop_back();
    call.what = &what;
    call.outOfMemory = false;
    std::copy_n(given, what.arguments, call.given.begin());
    if (!call.place)
        call.place = context::make_fcontext(call.stack + RewriterCall::guardBytes + RewriterCall::stackBytes, RewriterCall::stackBytes, life);
    return call;
}

void RewriterModule::prepare(RewriterCall &call)
{
    m_parts->host.running = &call;
    m_parts->host.stackLimit->store(call.lowest());
}

RewriterModule::Stop RewriterModule::go(RewriterCall &call, std::uint32_t answer)
{
    call.answer = answer;
    RewriterCall *const outer = std::exchange(current, &call);
    call.place = context::jump_fcontext(call.place, &call).fctx;
    current = outer;
    return call.stop;
}

void RewriterModule::end(RewriterCall &call)
{
    if (call.stop != Stop::Returned)
        call.place = nullptr; // what is on its stack is left there
    m_parts->idle.push_back(&call);
}

RewriterQuestion RewriterModule::question(const RewriterCall &call)
{
    return call.question;
}

const std::array<std::uint32_t, 3> &RewriterModule::arguments(const RewriterCall &call)
{
    return call.arguments;
}

std::uint32_t RewriterModule::result(const RewriterCall &call)
{
    return call.result;
}

std::string_view RewriterModule::trap(const RewriterCall &call)
{
    switch (call.trap) {
    case WASM_RT_TRAP_OOB:
        return "memory access out of bounds";
    case WASM_RT_TRAP_EXHAUSTION:
        return "Maximum call stack size exceeded";
    case WASM_RT_TRAP_UNREACHABLE:
        return "unreachable";
    default:
        return "the code of the HTML rewriter failed";
    }
}

bool RewriterModule::outOfMemory(const RewriterCall &call)
{
    return call.outOfMemory;
}

std::span<char> RewriterModule::bytes() const
{
    return {m_parts->memory->data, m_parts->instance.w2c_memory.size};
}

std::shared_ptr<void> RewriterModule::memory() const
{
    return m_parts->memory;
}

std::vector<char> &RewriterModule::output()
{
    return m_parts->host.output;
}

} // namespace cleat::runtime

// ---- what the translated code calls (wasm-rt.h of wabt)

void wasm_rt_allocate_memory(wasm_rt_memory_t *memory, std::uint32_t pages, std::uint32_t)
{
    memory->data = reinterpret_cast<std::uint8_t *>(memoryOfNew->data);
    memory->pages = pages;
    memory->max_pages = RewriterModule::maxBytes >> 16;
    memory->size = static_cast<std::uint64_t>(pages) << 16;
}

std::uint32_t wasm_rt_grow_memory(wasm_rt_memory_t *memory, std::uint32_t pages)
{
    const std::uint32_t before = memory->pages;
    if (pages > memory->max_pages - before) {
        current->outOfMemory = true;
        return ~0U;
    }
    memory->pages += pages;
    memory->size += static_cast<std::uint64_t>(pages) << 16;
    return before;
}

void wasm_rt_free_memory(wasm_rt_memory_t *) {}

void wasm_rt_allocate_funcref_table(wasm_rt_funcref_table_t *table, std::uint32_t size, std::uint32_t most)
{
    table->data = static_cast<wasm_rt_funcref_t *>(std::calloc(size, sizeof *table->data));
    if (!table->data)
        std::abort();
    table->size = size;
    table->max_size = most;
}

void wasm_rt_free_funcref_table(wasm_rt_funcref_table_t *table)
{
    std::free(table->data);
}

std::uint32_t wasm_rt_register_func_type(std::uint32_t parameters, std::uint32_t results, ...)
{
    static std::vector<std::vector<int>> known; // called once for all
    std::vector<int> type{static_cast<int>(parameters)};
    std::va_list list;
    va_start(list, results);
    for (std::uint32_t i = 0; i < parameters + results; ++i)
        type.push_back(va_arg(list, int));
    va_end(list);
    const auto found = std::ranges::find(known, type);
    if (found != known.end())
        return static_cast<std::uint32_t>(found - known.begin()) + 1;
    known.push_back(std::move(type));
    return static_cast<std::uint32_t>(known.size());
}

bool wasm_rt_is_initialized()
{
    return true;
}

CLEAT_ON_ITS_STACK void wasm_rt_trap(wasm_rt_trap_t trap)
{
    current->trap = trap;
    leave(*current, RewriterModule::Stop::Trapped);
    std::abort(); // nobody goes on with it
}

extern "C" CLEAT_ON_ITS_STACK void cleat_lolhtml_stop(Host *host, char *stack)
{
    if (stack < host->running->lowest())
        wasm_rt_trap(WASM_RT_TRAP_EXHAUSTION);
    leave(*host->running, RewriterModule::Stop::Interrupted);
}

// ---- what the module imports

#define IMPORT(name) Z___wbindgen_placeholder__Z_##name
#define NUMBER(name, value) \
    CLEAT_ON_ITS_STACK std::uint32_t IMPORT(name)(Host *, std::uint32_t) \
    { \
        return value; \
    }
#define HANDLER(name, which) \
    CLEAT_ON_ITS_STACK std::uint32_t IMPORT(name)(Host * host, std::uint32_t) \
    { \
        return ask(host, RewriterQuestion::Handler, which); \
    }
#define TOKEN(name, number) \
    CLEAT_ON_ITS_STACK std::uint32_t IMPORT(name)(Host * host, std::uint32_t token) \
    { \
        host->kind = number; \
        host->token = token; \
        return RewriterReference::Token; \
    }

CLEAT_ON_ITS_STACK void IMPORT(__wbindgen_object_drop_ref)(Host *host, std::uint32_t reference)
{
    if (reference >= RewriterReference::FirstHandler)
        ask(host, RewriterQuestion::Drop, reference);
}

CLEAT_ON_ITS_STACK std::uint32_t IMPORT(__wbindgen_object_clone_ref)(Host *host, std::uint32_t reference)
{
    return reference < RewriterReference::FirstHandler ? reference : ask(host, RewriterQuestion::Clone, reference);
}

CLEAT_ON_ITS_STACK std::uint32_t IMPORT(__wbindgen_string_new)(Host *host, std::uint32_t offset, std::uint32_t length)
{
    return ask(host, RewriterQuestion::String, offset, length);
}

CLEAT_ON_ITS_STACK void IMPORT(__wbg_String_60c4ba333b5ca1c6)(Host *host, std::uint32_t out, std::uint32_t reference)
{
    ask(host, RewriterQuestion::ToString, out, reference);
}

CLEAT_ON_ITS_STACK void IMPORT(__wbindgen_debug_string)(Host *host, std::uint32_t out, std::uint32_t reference)
{
    ask(host, RewriterQuestion::ToString, out, reference);
}

CLEAT_ON_ITS_STACK void IMPORT(__wbindgen_throw)(Host *host, std::uint32_t offset, std::uint32_t length)
{
    ask(host, RewriterQuestion::Throw, offset, length);
}

CLEAT_ON_ITS_STACK void IMPORT(__wbindgen_rethrow)(Host *host, std::uint32_t reference)
{
    ask(host, RewriterQuestion::Rethrow, reference);
}

CLEAT_ON_ITS_STACK std::uint32_t IMPORT(__wbg_new_917809a3e20a4b00)(Host *host, std::uint32_t offset, std::uint32_t length)
{
    return ask(host, RewriterQuestion::Error, offset, length);
}

CLEAT_ON_ITS_STACK std::uint32_t IMPORT(__wbg_new_4fee7e2900033464)(Host *host)
{
    return ask(host, RewriterQuestion::List);
}

CLEAT_ON_ITS_STACK std::uint32_t IMPORT(__wbg_push_ba9b5e3c25cff8f9)(Host *host, std::uint32_t list, std::uint32_t reference)
{
    return ask(host, RewriterQuestion::Push, list, reference);
}

NUMBER(__wbg_html_cd9a0f328493678b, 1)
NUMBER(__wbg_enableEsiTags_de6b91cc61a25874, 1)
HANDLER(__wbg_element_c38470ed972aea27, 0)
HANDLER(__wbg_comments_ba86bc03331d9378, 1)
HANDLER(__wbg_text_7800bf26cb443911, 2)
HANDLER(__wbg_doctype_ac58c0964a59b61b, 0)
HANDLER(__wbg_comments_94d876f6c0502e82, 1)
HANDLER(__wbg_text_4606a16c30e4ae91, 2)
HANDLER(__wbg_end_34efb9402eac8a4e, 3)
TOKEN(__wbg_element_new, 0)
TOKEN(__wbg_comment_new, 1)
TOKEN(__wbg_textchunk_new, 2)
TOKEN(__wbg_doctype_new, 3)
TOKEN(__wbg_endtag_new, 4)
TOKEN(__wbg_documentend_new, 5)

// Output: the module makes an array over its memory, copies that, and calls its sink with the copy.
std::uint32_t IMPORT(__wbindgen_memory)(Host *)
{
    return RewriterReference::Memory;
}
NUMBER(__wbg_buffer_89a8560ab6a3d9c6, RewriterReference::Buffer)
CLEAT_ON_ITS_STACK std::uint32_t IMPORT(__wbg_newwithbyteoffsetandlength_e45d8b33c02dc3b5)(
    Host *host, std::uint32_t, std::uint32_t offset, std::uint32_t length)
{
    const char *from = reinterpret_cast<const char *>(host->instance->w2c_memory.data) + offset;
    host->output.insert(host->output.end(), from, from + length);
    return RewriterReference::View;
}
NUMBER(__wbg_new_bd2e1d010adb8a1a, RewriterReference::Chunk)

CLEAT_ON_ITS_STACK std::uint32_t IMPORT(__wbg_call_6c4ea719458624eb)(Host *host, std::uint32_t callee, std::uint32_t, std::uint32_t argument)
{
    if (argument == RewriterReference::Chunk)
        return RewriterReference::Undefined;
    const std::uint32_t answer = ask(host, RewriterQuestion::Call, callee, host->kind, host->token);
    if (answer != RewriterReference::Thrown)
        return answer;
    Z_htmlrewriterZ___wbindgen_exn_store(host->instance, RewriterReference::Thrown);
    return RewriterReference::Undefined;
}

CLEAT_ON_ITS_STACK std::uint32_t IMPORT(__wbg_instanceof_Promise_c6535fc791fcc4d2)(Host *, std::uint32_t reference)
{
    return reference == RewriterReference::Waiting ? 1 : 0;
}

CLEAT_ON_ITS_STACK void IMPORT(__wbg_awaitPromise_39a1101fd8518869)(Host *host, std::uint32_t, std::uint32_t)
{
    leave(*host->running, RewriterModule::Stop::Waiting);
}
