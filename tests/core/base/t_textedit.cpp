// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/textedit.h"

#include <QTest>

using namespace cleat::base;

namespace {
using Edits = std::vector<TextEdit>;
} // namespace
Q_DECLARE_METATYPE(Edits)

class TextEditTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void apply_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<Edits>("edits");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("none") << QByteArray("abc") << Edits{} << QByteArray("abc");
        QTest::newRow("into nothing") << QByteArray("") << Edits{{0, 0, "x"}} << QByteArray("x");
        QTest::newRow("at the start") << QByteArray("abc") << Edits{{0, 0, "x"}} << QByteArray("xabc");
        QTest::newRow("at the end") << QByteArray("abc") << Edits{{3, 0, "x"}} << QByteArray("abcx");
        QTest::newRow("replace") << QByteArray("abcdef") << Edits{{2, 2, "XYZ"}} << QByteArray("abXYZef");
        QTest::newRow("remove") << QByteArray("abcdef") << Edits{{2, 2, ""}} << QByteArray("abef");
        QTest::newRow("everything") << QByteArray("abc") << Edits{{0, 3, ""}} << QByteArray("");
        QTest::newRow("any order") << QByteArray("abcdef") << Edits{{5, 1, "F"}, {0, 1, "A"}, {2, 0, "-"}} << QByteArray("Ab-cdeF");
        QTest::newRow("two insertions") << QByteArray("ab") << Edits{{1, 0, "1"}, {1, 0, "2"}} << QByteArray("a12b");
        QTest::newRow("neighbours") << QByteArray("abcd") << Edits{{1, 1, "X"}, {2, 1, "Y"}} << QByteArray("aXYd");
        QTest::newRow("insertion before a replacement") << QByteArray("abcd") << Edits{{1, 0, "+"}, {1, 2, "X"}} << QByteArray("a+Xd");
        QTest::newRow("insertion named after a replacement") << QByteArray("abcd") << Edits{{1, 2, "X"}, {1, 0, "+"}} << QByteArray("a+Xd");
        QTest::newRow("insertion behind a replacement") << QByteArray("abcd") << Edits{{3, 0, "+"}, {1, 2, "X"}} << QByteArray("aX+d");
        QTest::newRow("bytes, not characters") << QByteArray("\xc3\xa9\r\n") << Edits{{2, 0, "!"}} << QByteArray("\xc3\xa9!\r\n");
        QTest::newRow("beyond the end") << QByteArray("ab") << Edits{{9, 3, "x"}} << QByteArray("abx");
        QTest::newRow("longer than the rest") << QByteArray("ab") << Edits{{1, 9, "x"}} << QByteArray("ax");
    }
    void apply()
    {
        QFETCH(QByteArray, text);
        QFETCH(Edits, edits);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(applyEdits(text.toStdString(), edits)), expected);
    }
};

QTEST_GUILESS_MAIN(TextEditTest)
#include "t_textedit.moc"
