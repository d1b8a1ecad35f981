// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/durableobjects/objectvalues.h"
#include "ui/data/pagedmodel.h"

#include <filesystem>
#include <memory>
#include <string>

namespace cleat::ui {

/// Reads the values of the object that is asked for; used on one DataThread alone.
class ValueReader final
{
public:
    data::durableobjects::ObjectValues &at(const std::filesystem::path &file)
    {
        if (!m_values || m_file != file) {
            m_values = std::make_unique<data::durableobjects::ObjectValues>(file);
            m_file = file;
        }
        return *m_values;
    }

private:
    std::filesystem::path m_file;
    std::unique_ptr<data::durableobjects::ObjectValues> m_values;
};

/// Of which object's file, and with which beginning, keys are shown; no file: none.
struct ValueQuery {
    std::filesystem::path file;
    std::string prefix;
    bool operator==(const ValueQuery &) const = default;
};

/// The keys of one Durable Object. GUI thread.
class ValueModel final : public PagedModel<data::durableobjects::ValueRow, ValueQuery>
{
    Q_OBJECT
public:
    enum Column { Key, Value, Size, ColumnCount };

    ValueModel(session::DataThread &thread, const std::shared_ptr<ValueReader> &reader, QObject *parent = nullptr);

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

} // namespace cleat::ui
