// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QStringList>

#include <string>

namespace cleat::test {

/// The handler that makes some hundred D1 calls on the binding CORPUS and answers with their outcomes (tests/interop/d1project/functions/corpus.js).
std::string d1Corpus();

/// Where two answers of the corpus differ, one text for each call, apart from the differences that are known and told in d1corpus.cpp.
QStringList d1Differences(const QByteArray &real, const QByteArray &ours);

} // namespace cleat::test
