// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/runtime/js.h"
#include "core/runtime/worker.h"

namespace cleat::runtime {

/// Header fields out of a flat JavaScript array [name, value, ...]; none out of anything else.
inline Fields fieldsOf(Js js, v8::Local<v8::Value> value)
{
    Fields fields;
    if (!value->IsArray())
        return fields;
    const v8::Local<v8::Array> flat = value.As<v8::Array>();
    fields.reserve(flat->Length() / 2);
    for (std::uint32_t i = 0; i + 1 < flat->Length(); i += 2) {
        v8::Local<v8::Value> name;
        v8::Local<v8::Value> text;
        if (flat->Get(js.context, i).ToLocal(&name) && flat->Get(js.context, i + 1).ToLocal(&text))
            fields.emplace_back(toStd(js, name), toStd(js, text));
    }
    return fields;
}

/// The same the other way round.
inline v8::Local<v8::Array> toFlat(Js js, const Fields &fields)
{
    std::vector<v8::Local<v8::Value>> flat;
    flat.reserve(fields.size() * 2);
    for (const auto &[name, value] : fields) {
        flat.push_back(toJs(js, name));
        flat.push_back(toJs(js, value));
    }
    return v8::Array::New(js.isolate, flat.data(), flat.size());
}

} // namespace cleat::runtime
