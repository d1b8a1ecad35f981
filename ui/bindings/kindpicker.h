// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entrydialogs.h"

#include <QWidget>

class QLineEdit;
class QListWidget;

namespace cleat::ui {

class ToneLabel;

/// The first page of the Add window: every kind of entry, found by typing. Typing goes to the search, arrows to the kinds, Enter takes the current one.
class KindPicker final : public QWidget
{
    Q_OBJECT
public:
    explicit KindPicker(QWidget *parent = nullptr);
    /// Greys out what is bound already and can be bound once only.
    void refresh(const config::WranglerConfig &config);

Q_SIGNALS:
    void chosen(const cleat::ui::EntryStart &start);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void showEvent(QShowEvent *event) override;

private:
    void filter();
    void fitGrid();
    void choose();

    QLineEdit *m_search;
    QListWidget *m_list;
    ToneLabel *m_nothing;
};

} // namespace cleat::ui
