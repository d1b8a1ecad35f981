// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/r2/objectlist.h"
#include "core/session/datathread.h"
#include "ui/data/dataview.h"

#include <functional>
#include <memory>

class QAction;
class QLineEdit;
class QSplitter;
class QToolButton;

namespace cleat::ui {

class BucketCommands;
class FolderBar;
class FolderModel;
class MessageBar;
class ObjectDetail;
class ProgressStrip;
class RowView;

/// The objects of one R2 bucket as folders: to be listed, looked at, uploaded, downloaded and changed. GUI thread.
class R2View final : public DataView
{
    Q_OBJECT
public:
    explicit R2View(session::DataResource resource, QWidget *parent = nullptr);
    ~R2View() override;

    void poll() override;
    bool isEdited() const override;
    /// An object's key, or a folder that ends with '/'.
    void showItem(const QString &key) override;
    void saveState(QSettings &settings) const override;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;

private:
    struct Actions {
        QAction *open, *openOutside, *uploadFiles, *uploadFolder, *download, *create, *rename, *move, *copy, *remove, *copyKey, *copyEncoded, *copyCode;
    };
    void makeActions();
    QWidget *makeTools();
    void makeTable();
    void connectCommands();
    void showFolder(const QString &folder);
    void refreshQuery();
    data::r2::FolderFilter wantedFilter() const;
    /// Chooses its row, wherever it is among those that are listed.
    void find(const std::string &key);
    void refresh();
    void refreshSummary();
    void refreshActions();
    void openCurrent();
    void showSelected();
    void showObject(const std::string &key);
    void editObject();
    void showMenu(const QPoint &place);
    void tell(const QString &sentence);
    void askAboutEdits();
    int selectedCount() const;
    /// Those that are at hand.
    std::vector<data::r2::FolderRow> selectedRows() const;
    /// All keys that are selected, read where they are not at hand.
    void withSelected(std::function<void(const std::vector<std::string> &keys)> then);
    std::string folder() const;

    session::DataThread m_thread; ///< before what uses it
    std::shared_ptr<data::r2::ObjectList> m_list; ///< used on m_thread alone
    std::unique_ptr<FolderModel> m_model;
    RowView *m_table;
    FolderBar *m_folders;
    QLineEdit *m_filter;
    QToolButton *m_below;
    MessageBar *m_bar;
    ObjectDetail *m_detail;
    ProgressStrip *m_strip;
    QSplitter *m_splitter;
    BucketCommands *m_commands;
    Actions m_do{};
    session::DataThread::Ticket m_loading = 0;
    session::DataThread::Ticket m_finding = 0;
    bool m_choiceWaits = false; ///< another row was chosen while metadata were edited
    bool m_looking = false;
};

DataView *makeR2View(const session::DataResource &resource, QWidget *parent);

} // namespace cleat::ui
