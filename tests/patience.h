// SPDX-License-Identifier: GPL-3.0-or-later
// How long QTRY_VERIFY and its kin wait. Qt's own five seconds are short for sanitized code on a machine that does other things too; what is there at once
// costs nothing. Comes with the precompiled header of every test.
#pragma once

#include <QTest>

#undef QTRY_VERIFY
#undef QTRY_VERIFY2
#undef QTRY_COMPARE
#define QTRY_VERIFY(expr) QTRY_VERIFY_WITH_TIMEOUT(expr, 30000)
#define QTRY_VERIFY2(expr, messageExpression) QTRY_VERIFY2_WITH_TIMEOUT(expr, messageExpression, 30000)
#define QTRY_COMPARE(expr, expected) QTRY_COMPARE_WITH_TIMEOUT(expr, expected, 30000)
