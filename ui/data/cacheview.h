// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/cache/cachelist.h"
#include "core/session/datathread.h"
#include "ui/data/dataview.h"

#include <memory>

class QAction;
class QLineEdit;
class QSplitter;
class QTableWidget;

namespace cleat::ui {

class CacheModel;
class ElideLabel;
class MessageBar;
class RowView;
class ValueView;

/// The entries of one cache: to be listed, looked at and deleted. GUI thread.
class CacheView final : public DataView
{
    Q_OBJECT
public:
    explicit CacheView(session::DataResource resource, QWidget *parent = nullptr);
    ~CacheView() override;

    void poll() override;
    void showItem(const QString &key) override;
    void saveState(QSettings &settings) const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeTools();
    QWidget *makeDetail();
    void makeActions();
    void showSelected();
    void showEntry(base::Result<std::optional<data::cache::CacheEntry>> &&found);
    void refreshActions();
    void refreshSummary();
    void removeSelected();
    void remove(const std::vector<std::string> &urls);
    void clearAll();
    void showError(const base::Error &error);
    void afterChange(const base::Result<std::uint64_t> &removed);

    session::DataThread m_thread; ///< before what uses it
    std::shared_ptr<data::cache::CacheList> m_list; ///< used on m_thread alone
    std::unique_ptr<CacheModel> m_model;
    RowView *m_table;
    QLineEdit *m_filter;
    MessageBar *m_bar;
    ElideLabel *m_url;
    QTableWidget *m_headers;
    ValueView *m_body;
    QSplitter *m_splitter;
    QAction *m_remove;
    QAction *m_copyUrl;
    QAction *m_clear;
    std::string m_shown; ///< the URL of the entry at the right
    session::DataThread::Ticket m_loading = 0;
    bool m_looking = false;
};

DataView *makeCacheView(const session::DataResource &resource, QWidget *parent);

} // namespace cleat::ui
