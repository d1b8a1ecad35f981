// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// QScintilla's headers spell Qt's keywords in lower case, which this project has switched off.
#define signals Q_SIGNALS
#define slots Q_SLOTS
#include <Qsci/qscilexersql.h>
#include <Qsci/qsciscintilla.h>
#include <Qsci/qscistyle.h>
#undef slots
#undef signals
