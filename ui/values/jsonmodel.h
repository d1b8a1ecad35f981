// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/jsonindex.h"

#include <QAbstractItemModel>

#include <memory>
#include <optional>
#include <vector>

namespace cleat::ui {

/// A JSON value as a tree. Rows are made when somebody asks for them; a value with more than 1000 others in it has them in groups, "[0 … 999]", so that no row has more than 1000 below it.
class JsonModel final : public QAbstractItemModel
{
    Q_OBJECT
public:
    enum Column { Key, Value, ColumnCount };
    explicit JsonModel(QObject *parent = nullptr);
    ~JsonModel() override;

    /// nullptr: nothing. One with a problem is shown as nothing too.
    void setIndex(std::shared_ptr<const JsonIndex> index);
    const std::shared_ptr<const JsonIndex> &jsonIndex() const { return m_index; }

    /// The row of a value, which makes those on the way to it.
    QModelIndex indexOf(JsonIndex::Node node);
    /// The value of a row; nullopt: it is a group.
    std::optional<JsonIndex::Node> node(const QModelIndex &index) const;
    /// What copying a row gives: a text without its quotes, anything else as it is spelled.
    QString valueText(JsonIndex::Node node) const;

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &index) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    bool hasChildren(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    struct Item;
    Item *item(const QModelIndex &index) const;
    static std::uint32_t unitOf(std::uint32_t count);
    void make(Item &item) const;
    QVariant groupData(const Item &item, int column, int role) const;

    std::shared_ptr<const JsonIndex> m_index;
    std::unique_ptr<Item> m_root;
};

} // namespace cleat::ui
