// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <memory>
#include <vector>

namespace cleat::app {

/// To be made before signals are handled. Tells when the script runner (npm, pnpm, yarn, bun) that started this program has ended without ending it: killed, or its shell was. Nothing is told to a program that was started
/// otherwise, or was put in the background (nohup, &): it may well outlive its parent on purpose.
class ScriptRunner final : public QObject
{
    Q_OBJECT
public:
    explicit ScriptRunner(QObject *parent = nullptr);
    ~ScriptRunner() override;

Q_SIGNALS:
    void ended();

private:
    struct Watched {
        int descriptor = -1;
        std::unique_ptr<QSocketNotifier> notifier;
    };
    std::vector<Watched> m_watched;
};

} // namespace cleat::app
