// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/error.h"
#include "core/config/wranglerconfig.h"

#include <span>
#include <string>
#include <string_view>
#include <variant>

namespace cleat::config {

struct AddBinding {
    Scope scope = Scope::TopLevel;
    Binding entry;
};
/// Gives the entry of that kind and name the name and the fields of `entry`; a field that `entry` lacks is removed. `entry.kind` is `kind`.
struct ChangeBinding {
    Scope scope = Scope::TopLevel;
    Kind kind = Kind::KvNamespace;
    std::string name;
    Binding entry;
};
struct RemoveBinding {
    Scope scope = Scope::TopLevel;
    Kind kind = Kind::KvNamespace;
    std::string name;
};
struct AddVariable {
    Scope scope = Scope::TopLevel;
    Variable entry;
};
struct ChangeVariable {
    Scope scope = Scope::TopLevel;
    std::string name;
    Variable entry;
};
struct RemoveVariable {
    Scope scope = Scope::TopLevel;
    std::string name;
};

using Edit = std::variant<AddBinding, ChangeBinding, RemoveBinding, AddVariable, ChangeVariable, RemoveVariable>;

/// The text of a Wrangler file after `edits`, made one after the other; all of them or none. Changes only the bytes that must change, in the style round them
/// (indentation, quotes, line ends, table or inline form, where siblings stand); comments, order and blank lines stay. The result is parsed again and returned
/// only if it means exactly what the edits say and everything else means what it meant; else code config.edit.unsafe, and the caller keeps the old text.
/// Further codes: config.parse, name.* (see checkName; a name that stays as it is is not checked), config.edit.missing (no such entry), config.edit.taken (a second
/// one of a kind that can be bound once), config.edit.value (no UTF-8, no JSON, or JSON that TOML cannot say: null, a number beyond 64 bits). Any thread.
///
/// Comments: removing takes away the lines of the entry, what stands at their ends and what stands between them. Comments above and below stay.
/// Of entries with one name, the first is meant. Removing the last entry of an environment leaves the environment in the file ([env.preview]), because without
/// it Pages would use the bindings of the top level; adding to an environment that is not there makes it, so it no longer uses those.
/// A move between environments is a removal and an addition in one call.
base::Result<std::string> applyEdits(std::string_view text, Form form, std::span<const Edit> edits);
base::Result<std::string> applyEdit(std::string_view text, Form form, const Edit &edit);

/// The text of a minimal Pages file for a project that has none.
std::string newWranglerFile(Form form, std::string_view projectName, std::string_view outputDir, std::string_view compatibilityDate,
                            std::span<const std::string> compatibilityFlags = {});

} // namespace cleat::config
