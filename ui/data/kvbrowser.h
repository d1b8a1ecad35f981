// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/kv/keylist.h"
#include "core/session/datathread.h"
#include "ui/data/dataview.h"
#include "ui/data/kvpanel.h"

#include <QItemSelection>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

class QAction;
class QLineEdit;
class QMenu;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace cleat::ui {

class EmptyState;
class KvModel;
class ProgressStrip;
class MessageBar;
class RowView;
struct KvStore;

/// See makeKvView().
class KvBrowser final : public DataView
{
    Q_OBJECT
public:
    explicit KvBrowser(const session::DataResource &resource, QWidget *parent = nullptr);
    ~KvBrowser() override;

    void poll() override;
    bool isEdited() const override;
    void showItem(const QString &key) override;
    void saveState(QSettings &settings) const override;

    void importFrom(const QString &path);
    void exportTo(const QString &path);

protected:
    void resizeEvent(QResizeEvent *event) override;
    void dragEnterEvent(QDragEnterEvent *event) override;
    void dropEvent(QDropEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// What a look at the namespace found.
    struct Look {
        data::kv::KeyFilter filter;
        std::uint64_t count = 0;
        std::uint64_t total = 0;
        std::string key; ///< that was asked for
        std::optional<std::uint64_t> position; ///< of the key among those that match, when it does
        std::optional<data::kv::KeyRow> row; ///< of the key
    };
    enum class Saved { Written, Conflict };
    struct SaveAnswer {
        Saved saved = Saved::Written;
        std::optional<KvKey> theirs;
    };

    QWidget *makeList();
    void makeActions();
    data::kv::KeyFilter wantedFilter() const;
    /// Counts anew, and finds the key again; the rows follow.
    void look(const std::string &key);
    void take(Look &&look);
    void refreshPages();
    void refreshActions();
    void tellSummary();
    void showError(const base::Error &error);

    // What is chosen
    void choose();
    void load(const std::string &key);
    void keyRead(base::Result<std::optional<KvKey>> &&read, const std::string &key);
    void select(std::uint64_t position);
    int selectedRows() const;
    bool isAllSelected() const;
    /// The keys of the selected rows, read where they are not at hand.
    void withSelectedKeys(std::function<void(std::vector<std::string> keys)> then);

    // What is changed
    void save();
    void saved(const KvWish &wish, base::Result<SaveAnswer> &&answer);
    void addKey();
    void duplicateKey();
    void renameKey();
    void deleteKeys();
    void copyKeys();
    void copyValue();
    void copyCall();
    void chooseImport();
    void chooseExport(const std::vector<std::string> &keys);
    void startExport(const QString &path, const std::vector<std::string> &keys);
    void showMenu(const QPoint &point);

    session::DataThread m_thread;
    std::shared_ptr<KvStore> m_store;
    KvModel *m_model;
    QLineEdit *m_filter;
    QToolButton *m_anywhere;
    QToolButton *m_add;
    QToolButton *m_more;
    RowView *m_list;
    QStackedWidget *m_listPages;
    EmptyState *m_empty;
    MessageBar *m_bar;
    ProgressStrip *m_task;
    KvPanel *m_panel;
    QSplitter *m_splitter;
    struct Actions {
        QAction *add, *edit, *rename, *duplicate, *remove, *copyKey, *copyValue, *copyCall, *import, *exportAll, *exportSelected;
    } m_do;
    QTimer m_filterWait;
    QTimer m_chooseWait;
    QTimer m_tick; ///< "in 3 minutes" becomes "in 2 minutes"
    session::DataThread::Ticket m_looking = 0;
    session::DataThread::Ticket m_loading = 0;
    bool m_polling = false;
    bool m_saving = false;
    bool m_looked = false;
    std::uint64_t m_total = 0;
    std::string m_wantedKey; ///< to be chosen once it is found
    bool m_selectFirst = false;
    bool m_restoring = false; ///< the selection follows the data, not the user
    QString m_lastError;
};

} // namespace cleat::ui
