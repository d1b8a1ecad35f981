// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>

#include <set>
#include <vector>

namespace cleat::ui {

/// Names and values, of which some are not for every eye. GUI thread.
class FieldsModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Name, Value, ColumnCount };
    struct Field {
        QString name;
        QString value;
        enum class Seen { Always, WhenAsked } seen = Seen::Always;
        QString note; ///< behind the value, muted: a cookie's attributes
        bool operator==(const Field &) const = default;
    };
    /// What stands in place of a value that nobody asked for.
    static QString mask();

    explicit FieldsModel(QObject *parent = nullptr);
    /// What was shown stays shown while the fields are the same ones.
    void setFields(std::vector<Field> fields);
    const std::vector<Field> &fields() const { return m_fields; }
    bool isMasked(int row) const;
    enum class Shown { Masked, Plain };
    void setShown(int row, Shown shown);
    void setAllShown(Shown shown);
    /// Of rows that can be masked: any; any that is now.
    bool anySecret() const;
    bool anyMasked() const;
    /// As it is to be seen.
    QString valueText(int row) const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    std::vector<Field> m_fields;
    std::set<int> m_shown;
};

} // namespace cleat::ui
