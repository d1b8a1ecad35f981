// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

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
    enum class Form { List, Single };
    std::string_view key;    ///< in the scope's table
    std::string_view within; ///< below `key`, where the list lies deeper (durable_objects.bindings); else empty
    Form form = Form::List;
    std::string_view nameField;
    std::string_view words; ///< "a KV namespace"
    std::span<const BindingField> fields;
};

/// Every kind that Pages has, `vars` aside.
std::span<const BindingKind> bindingKinds();

/// What Pages does with a key of the file or of an environment.
enum class KeyUse { Everywhere, TopLevelOnly, Unsupported, Unknown };
KeyUse keyUse(std::string_view key);

} // namespace cleat::config
