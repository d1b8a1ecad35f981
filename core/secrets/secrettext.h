// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::secrets {

/// Overwrites the whole memory of `text`, its unused capacity too, and empties it. The compiler does not leave it out.
void wipe(std::string &text);

/// A secret's value. Cannot be printed or compared by accident; its memory is overwritten when it ends. The one way to the text is reveal(), so that a search for
/// that word finds every place where a secret leaves.
class SecretText final
{
public:
    SecretText() = default;
    explicit SecretText(std::string text);
    SecretText(const SecretText &) = default;
    SecretText &operator=(const SecretText &other);
    SecretText(SecretText &&other) noexcept;
    SecretText &operator=(SecretText &&other) noexcept;
    ~SecretText();

    std::string_view reveal() const { return m_text; }
    bool empty() const { return m_text.empty(); }

private:
    std::string m_text;
};

} // namespace cleat::secrets
