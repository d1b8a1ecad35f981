// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <cstdint>
#include <optional>

class QComboBox;
class QDateTimeEdit;
class QSpinBox;

namespace cleat::ui {

/// When a key expires: never, at a moment, or in so long from when it is saved. GUI thread.
class KvExpiryField final : public QWidget
{
    Q_OBJECT
public:
    explicit KvExpiryField(QWidget *parent = nullptr);

    void setExpiration(std::optional<std::int64_t> expiration);
    /// For a key that is saved now. To the second what was set, unless the user changed it.
    std::optional<std::int64_t> expiration(std::int64_t now) const;
    bool isModified() const;

Q_SIGNALS:
    void edited();

private:
    enum Way { Never, At, In };
    void choose(int way);

    QComboBox *m_way;
    QDateTimeEdit *m_at;
    QSpinBox *m_in;
    QComboBox *m_unit;
    std::optional<std::int64_t> m_set;
    bool m_touched = false;
};

} // namespace cleat::ui
