// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/datathread.h"
#include "ui/data/dataview.h"
#include "ui/data/durableobjects/objectmodel.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QLineEdit;
class QSplitter;
class QStackedWidget;

namespace cleat::session {
class Session;
}

namespace cleat::ui {

class MessageBar;
class ObjectPanel;
class RowView;

/// The Durable Objects of one namespace: those that have a file and those that only live, and the one that is chosen. GUI thread.
class ObjectsView final : public DataView
{
    Q_OBJECT
public:
    /// `session` is borrowed.
    ObjectsView(session::DataResource resource, session::Session &session, QWidget *parent = nullptr);
    ~ObjectsView() override;

    void poll() override;
    bool isEdited() const override;
    /// By its name or its id.
    void showItem(const QString &key) override;
    void saveState(QSettings &settings) const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeEmpty();
    void setUpTable();
    void wire();
    void applyFilter();
    void sortBy(int column);
    void look(LiveObjects live);
    void looked(const data::durableobjects::ObjectList::Look &look, const std::string &asked, std::optional<data::durableobjects::ObjectRow> &&shown);
    void showCurrent();
    void followShown();
    void chooseId(const std::string &id);
    void removeShown();
    void changed();
    void tell(const QString &what);
    void showError(const QString &why);

    session::Session &m_session;
    session::ObjectDesk &m_desk;
    session::DataThread m_thread; ///< before what uses it
    std::shared_ptr<data::durableobjects::ObjectList> m_list; ///< used on m_thread alone
    std::unique_ptr<ObjectModel> m_model;
    MessageBar *m_bar;
    QStackedWidget *m_pages;
    QLineEdit *m_filterEdit;
    RowView *m_table;
    ObjectPanel *m_panel;
    QSplitter *m_splitter;
    data::durableobjects::ObjectFilter m_filter;
    std::uint64_t m_total = 0;
    bool m_looking = false;
    bool m_following = false; ///< the current row is moved after its object
};

DataView *makeObjectsView(const session::DataResource &resource, session::Session &session, QWidget *parent);

} // namespace cleat::ui
