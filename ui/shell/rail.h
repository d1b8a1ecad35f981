// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractButton>
#include <QWidget>

class QButtonGroup;
class QVBoxLayout;

namespace cleat::ui {

/// The narrow column of panes at the left: an icon and a word each, one of them chosen.
class Rail final : public QWidget
{
    Q_OBJECT
public:
    explicit Rail(QWidget *parent = nullptr);
    /// Panes count from 0 in the order of adding.
    void addPane(QLatin1StringView iconName, const QString &name, const QKeySequence &keys);
    void setCurrent(int pane);
    int count() const;

Q_SIGNALS:
    void chosen(int pane);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QButtonGroup *m_group;
    QVBoxLayout *m_column;
};

} // namespace cleat::ui
