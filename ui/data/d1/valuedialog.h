// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/d1/schema.h"
#include "core/data/d1/values.h"

#include <QDialog>

class QCheckBox;
class QPlainTextEdit;

namespace cleat::ui {

/// A window for one long value. Accepted: value() is what it is to be. GUI thread.
class ValueDialog final : public QDialog
{
    Q_OBJECT
public:
    enum class Access { Editable, ReadOnly };
    ValueDialog(const data::d1::Column &column, data::d1::Value value, Access access, QWidget *parent);
    data::d1::Value value() const;
    const data::d1::Value &before() const { return m_before; }

private:
    const data::d1::Column m_column;
    const data::d1::Value m_before;
    QString m_text; ///< as it was shown
    QPlainTextEdit *m_edit;
    QCheckBox *m_null;
};

} // namespace cleat::ui
