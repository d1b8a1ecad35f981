// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/datathread.h"
#include "ui/data/dataview.h"
#include "ui/data/vectorize/vectormodel.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

class QAction;
class QLineEdit;
class QPlainTextEdit;
class QSplitter;
class QStackedWidget;

namespace cleat::ui {

class ElideLabel;
class FlatTabs;
class MessageBar;
class PicturePage;
class ProgressStrip;
class RowView;
class SimilarPage;
class ToneLabel;
class ValueView;

/// One Vectorize index: its vectors, what is like which, and a picture; import and export. GUI thread.
class VectorView final : public DataView
{
    Q_OBJECT
public:
    explicit VectorView(const session::DataResource &resource, QWidget *parent = nullptr);
    ~VectorView() override;

    void poll() override;
    /// A vector, by its id.
    void showItem(const QString &key) override;
    void saveState(QSettings &settings) const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class Importing { Replace, KeepWhatIsThere };

    void makeActions();
    QWidget *makeTools();
    QWidget *makeList();
    QWidget *makeDetail();
    QWidget *makeEmpty();
    void looked(const data::vectorize::VectorList::Look &look);
    void refreshActions();
    void showVector(const std::string &id);
    void show(const std::string &id, const std::optional<data::vectorize::Vector> &vector);
    void removeSelected();
    void remove(std::vector<std::string> ids);
    void chooseImport(Importing how);
    void importFrom(const QString &path, Importing how);
    void chooseExport();
    void exportTo(const QString &path);
    void openNewIndex(const QString &name);
    void deleteIndex();
    void changed();
    void tell(const QString &text);
    void showError(const base::Error &error);

    session::DataThread m_thread; ///< before what uses it
    std::shared_ptr<data::vectorize::VectorList> m_list; ///< used on m_thread alone
    std::unique_ptr<VectorModel> m_model;
    RowView *m_table;
    QLineEdit *m_prefix;
    ElideLabel *m_facts; ///< of the index
    MessageBar *m_bar;
    ProgressStrip *m_strip;
    SimilarPage *m_similar;
    PicturePage *m_picture;
    ElideLabel *m_id;
    ToneLabel *m_about; ///< of the vector
    ValueView *m_metadata;
    QPlainTextEdit *m_values;
    FlatTabs *m_tabs;
    QSplitter *m_splitter;
    QStackedWidget *m_pages;
    QAction *m_like;
    QAction *m_copy;
    QAction *m_remove;
    QAction *m_import;
    QAction *m_importNew;
    QAction *m_export;
    QAction *m_new;
    QAction *m_deleteIndex;
    std::optional<data::vectorize::Vector> m_shown; ///< at the right
    std::string m_wanted; ///< the id that the right is about
    session::DataThread::Ticket m_loading = 0;
    bool m_looking = false;
};

DataView *makeVectorView(const session::DataResource &resource, QWidget *parent);

} // namespace cleat::ui
