// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"

#include <atomic>
#include <memory>
#include <vector>

namespace cleat::runtime {

/// The HTML rewriter's modules (html/rewritermodule.h) of one isolate, as its JavaScript sees them. The isolate's thread only.
class Rewriters final
{
public:
    Rewriters();
    ~Rewriters();
    Rewriters(const Rewriters &) = delete;
    Rewriters &operator=(const Rewriters &) = delete;

    /// A new module as an object: a method for each of its exports, which takes and returns numbers (where it has to wait, the number that resume() goes on with), and
    /// buffer(): its memory as an ArrayBuffer, which is detached when memory grows; text(offset, length): string, from UTF-8; resume(number); takeOutput(): what came out since, or undefined.
    /// `answers` are functions by RewriterQuestion, which take and return numbers. The module goes when the object does. Empty with a pending exception when there is no memory.
    v8::MaybeLocal<v8::Object> make(Js js, v8::Local<v8::Array> answers);

    /// Before the isolate goes.
    void clear();

    /// The code that runs must end: what it does in a module stops soon, and looks at WorkerState::mustEnd(), which says so already. Any thread.
    void interrupt();

    struct Face;

private:
    void forget(const Face &face);

    std::atomic<char *> m_stackLimit{nullptr};
    std::vector<std::unique_ptr<Face>> m_faces;
};

} // namespace cleat::runtime
