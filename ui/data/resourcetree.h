// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"

#include <QTreeWidget>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cleat::ui {

/// The stores of local data, by kind: those in use, then those that no binding uses. GUI thread.
class ResourceTree final : public QTreeWidget
{
    Q_OBJECT
public:
    explicit ResourceTree(QWidget *parent = nullptr);

    /// Keeps what is chosen and what is folded.
    void setResources(std::vector<session::DataResource> resources);
    const std::vector<session::DataResource> &resources() const { return m_resources; }
    /// The chosen one; nullptr when there is none.
    const session::DataResource *current() const;
    /// False when there is no such resource. Emits chosen() when it is another one.
    bool choose(session::DataResource::Kind kind, const std::string &id);
    /// Shows what is on disk for it.
    void setBytes(session::DataResource::Kind kind, const std::string &id, std::uint64_t bytes);

Q_SIGNALS:
    void chosen();

protected:
    void changeEvent(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QTreeWidgetItem *itemOf(session::DataResource::Kind kind, const std::string &id) const;
    void show(QTreeWidgetItem *item, const session::DataResource &resource);

    std::vector<session::DataResource> m_resources;
    std::map<std::pair<session::DataResource::Kind, std::string>, std::uint64_t> m_bytes;
    bool m_filling = false;
};

} // namespace cleat::ui
