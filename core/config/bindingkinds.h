// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/config/binding.h"

#include <span>
#include <string_view>

namespace cleat::config {

struct BindingField {
    enum class Type { Text, Number, Truth, Any };
    std::string_view name;
    Type type = Type::Text;
    bool required = false;
};

/// One kind of binding as a Pages file spells it (Cloudflare's "Wrangler configuration" page for Pages).
struct BindingKind {
    enum class Form {
        List,   ///< a list of tables
        Single, ///< one table: the kind can be bound once
    };
    Kind kind;
    std::string_view key;    ///< in the scope's table
    std::string_view within; ///< below `key`, where the list lies deeper (durable_objects.bindings); else empty
    Form form = Form::List;
    std::string_view nameField; ///< "binding" or "name"
    std::string_view words;     ///< "a KV namespace"
    std::string_view resourceField; ///< the field that names what is bound (id, bucket_name, index_name, ...); empty when there is none
    std::span<const BindingField> fields; ///< nameField among them
};

/// Every kind that Pages has, `vars` aside, in the order of the dashboard's Add menu.
std::span<const BindingKind> bindingKinds();
const BindingKind &bindingKind(Kind kind);

/// What Pages does with a key of the file or of an environment.
enum class KeyUse { Everywhere, TopLevelOnly, Unsupported, Unknown };
KeyUse keyUse(std::string_view key);

} // namespace cleat::config
