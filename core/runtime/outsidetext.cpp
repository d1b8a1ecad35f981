// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/outsidetext.h"

#include "core/runtime/pagearena.h"

namespace cleat::runtime {

namespace {

class OutsideText final : public v8::String::ExternalOneByteStringResource
{
public:
    OutsideText(std::string &&text, BoundedAllocator &allocator) : m_text(std::move(text)), m_allocator(allocator) {}
    ~OutsideText() override { m_allocator.release(m_text.size()); }
    const char *data() const override { return m_text.data(); }
    std::size_t length() const override { return m_text.size(); }

private:
    const std::string m_text;
    BoundedAllocator &m_allocator;
};

} // namespace

v8::Local<v8::Value> toJsOutside(Js js, std::string &&text, BoundedAllocator &allocator)
{
    // V8 puts what lies outside among its old objects, which only a full collection frees: until then each text takes memory that is new. Below this its own heap is faster (PageArena).
    constexpr std::size_t worthIt = PageArena::mostStretchBytes;
    if (text.size() < worthIt || text.size() > static_cast<std::size_t>(v8::String::kMaxLength) || !isAscii(text) || !allocator.reserve(text.size()))
        return toJs(js, text);
    auto *resource = new OutsideText(std::move(text), allocator);
    v8::Local<v8::String> made;
    if (v8::String::NewExternalOneByte(js.isolate, resource).ToLocal(&made))
        return made;
    delete resource;
    return v8::Null(js.isolate);
}

} // namespace cleat::runtime
