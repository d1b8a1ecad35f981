// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/datathread.h"
#include "core/session/objectdesk.h"
#include "ui/data/durableobjects/valuemodel.h"

#include <QWidget>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

class QAction;
class QLineEdit;
class QSplitter;

namespace cleat::ui {

class RowView;
class ValueView;

/// The keys and values of one Durable Object, to be looked at and changed. GUI thread.
class StoragePage final : public QWidget
{
    Q_OBJECT
public:
    /// `desk` is borrowed.
    explicit StoragePage(session::ObjectDesk &desk, QWidget *parent = nullptr);
    ~StoragePage() override;

    /// No file: nothing is shown.
    void setObject(const session::ObjectPlace &place, const std::filesystem::path &file);
    /// Looks whether somebody changed something. Quick.
    void poll();
    QByteArray splitterState() const;

Q_SIGNALS:
    /// Something was changed by hand.
    void changed(session::ObjectDesk::Instance instance);
    void failed(const QString &why);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void makeActions();
    void setUpTable();
    void showCurrent();
    void showValue(const std::string &key, base::Result<std::optional<data::durableobjects::StoredValue>> &&found);
    void refreshActions();
    void openAdd();
    void openEdit();
    void removeSelected();
    void copyKeys();
    void apply(data::durableobjects::ObjectChange change);
    void refresh();

    session::ObjectDesk &m_desk;
    session::DataThread m_thread; ///< before what uses it
    std::shared_ptr<ValueReader> m_reader; ///< used on m_thread alone
    std::unique_ptr<ValueModel> m_model;
    session::ObjectPlace m_place;
    std::filesystem::path m_file;
    QLineEdit *m_prefix;
    RowView *m_table;
    ValueView *m_value;
    QSplitter *m_splitter;
    QAction *m_add;
    QAction *m_edit;
    QAction *m_remove;
    QAction *m_copy;
    std::string m_key; ///< at the right
    std::optional<data::durableobjects::StoredValue> m_shown; ///< its value
    session::DataThread::Ticket m_loading = 0;
    bool m_looking = false;
};

} // namespace cleat::ui
