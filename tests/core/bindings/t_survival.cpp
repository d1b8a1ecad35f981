// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/bindings/survival.h"

#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QTest>

/// kill -9 in the middle of a write, at random moments: what was acknowledged is there, whole; nothing else stays for good.
class SurvivalTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void killed()
    {
        QTemporaryDir dir;
        Survival survival(dir.path().toStdString(), 20261128);
        QElapsedTimer timer;
        timer.start();
        constexpr int kills = 200;
        for (int i = 0; i < kills; ++i) {
            const QString wrong = survival.round();
            QVERIFY2(wrong.isEmpty(), qPrintable(QStringLiteral("after kill %1: %2").arg(i + 1).arg(wrong)));
        }
        QVERIFY(survival.writes() > kills);
        const QString left = survival.sweep();
        QVERIFY2(left.isEmpty(), qPrintable(left));
        qInfo("%d kills in %lld ms; %d acknowledged writes were all there", kills, static_cast<long long>(timer.elapsed()), survival.writes());
    }
};

QTEST_GUILESS_MAIN(SurvivalTest)
#include "t_survival.moc"
