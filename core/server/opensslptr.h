// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

namespace cleat::server {

/// An object of OpenSSL's that `free` gives back.
template <auto free>
struct OpenSslDeleter {
    template <typename T>
    void operator()(T *object) const
    {
        free(object);
    }
};
template <typename T, auto free>
using OpenSslPtr = std::unique_ptr<T, OpenSslDeleter<free>>;

} // namespace cleat::server
