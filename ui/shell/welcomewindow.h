// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <filesystem>

namespace cleat::ui {

/// Shown when no project is open: opens a folder or a recent project.
class WelcomeWindow final : public QWidget
{
    Q_OBJECT
public:
    explicit WelcomeWindow(QWidget *parent = nullptr);

Q_SIGNALS:
    void openProjectRequested(const std::filesystem::path &folder);
    /// By the user.
    void closed();

protected:
    void closeEvent(QCloseEvent *event) override;

private:
    void chooseFolder();
};

} // namespace cleat::ui
