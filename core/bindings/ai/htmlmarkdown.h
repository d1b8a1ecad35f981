// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace cleat::bindings::ai {

/// A page as Markdown (CommonMark, and GitHub's tables): headings, paragraphs, lists, quotations, code, tables, emphasis, links and pictures. What is not to be read (scripts, styles, the head) is left out.
/// Takes any bytes: what is no HTML comes out as text. UTF-8 in and out. Any thread.
std::string htmlToMarkdown(std::string_view html);

} // namespace cleat::bindings::ai
