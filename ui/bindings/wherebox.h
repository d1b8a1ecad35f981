// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entrydraft.h"

#include <QWidget>

#include <array>

class QCheckBox;
class QRadioButton;

namespace cleat::ui {

class ToneLabel;

/// Where a new entry goes, with what each choice means in this file; of an entry that is there, where it stands.
class WhereBox final : public QWidget
{
    Q_OBJECT
public:
    enum class Purpose { Choose, Tell };
    WhereBox(config::Scope environment, Purpose purpose, QWidget *parent = nullptr);

    void setWhere(EntryDraft::Where where);
    EntryDraft::Where where() const;
    EntryDraft::Copies copies() const;
    void refresh(const config::WranglerConfig &config, config::Form form, const EntryDraft &draft);

Q_SIGNALS:
    void edited();

private:
    struct Choice {
        EntryDraft::Where where = EntryDraft::Where::Everywhere;
        QRadioButton *button = nullptr;
        ToneLabel *sentence = nullptr;
    };
    const config::Scope m_environment;
    std::array<Choice, 3> m_choices;
    QCheckBox *m_copy = nullptr;
    ToneLabel *m_place = nullptr;
};

} // namespace cleat::ui
