// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/configstore.h"

#include <QWidget>

namespace cleat::ui {

class DiffView;
class ToneLabel;

/// Both sides of a conflict, beside each other: what the file has become meanwhile, and what Save would have made of it.
class ConflictView final : public QWidget
{
    Q_OBJECT
public:
    explicit ConflictView(QWidget *parent = nullptr);
    void setConflict(const session::ConfigStore::Conflict &conflict, const QString &fileName);

private:
    ToneLabel *m_title;
    DiffView *m_theirs;
    DiffView *m_mine;
};

} // namespace cleat::ui
