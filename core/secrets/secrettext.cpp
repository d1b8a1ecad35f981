// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/secrettext.h"

#include <cstring>
#include <utility>

namespace cleat::secrets {

void wipe(std::string &text)
{
    text.resize(text.capacity());
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

// A short text lies inside of the string object, so a move copies it and what was moved from has to be wiped, too.

SecretText::SecretText(std::string text) : m_text(std::move(text))
{
    wipe(text);
}

SecretText &SecretText::operator=(const SecretText &other)
{
    if (this != &other) {
        wipe(m_text);
        m_text = other.m_text;
    }
    return *this;
}

SecretText::SecretText(SecretText &&other) noexcept : m_text(std::move(other.m_text))
{
    wipe(other.m_text);
}

SecretText &SecretText::operator=(SecretText &&other) noexcept
{
    if (this != &other) {
        wipe(m_text);
        m_text = std::move(other.m_text);
        wipe(other.m_text);
    }
    return *this;
}

SecretText::~SecretText()
{
    wipe(m_text);
}

} // namespace cleat::secrets
