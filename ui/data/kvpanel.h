// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/kv/keyeditor.h"
#include "core/data/kv/keylist.h"
#include "ui/values/valueview.h"

#include <QWidget>

#include <optional>

class QLineEdit;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace cleat::ui {

class ElideLabel;
class JsonEdit;
class KvExpiryField;
class MessageBar;
class ToneLabel;
class ValueEditor;

/// A key with all that belongs to it, as it was read.
struct KvKey {
    std::string key;
    ValueBytes bytes = std::make_shared<const std::string>();
    std::optional<std::int64_t> expiration;
    std::optional<std::string> metadata;
    std::optional<data::kv::KeyRow> row; ///< as the list had it when the value was read
    bool sameAs(const KvKey &other) const { return expiration == other.expiration && metadata == other.metadata && *bytes == *other.bytes; }
};

/// What is to be written.
struct KvWish {
    enum class What { Add, Change, Describe }; ///< Describe: the value stays
    What what = What::Change;
    KvKey key;
    KvKey before; ///< what the user saw and changed
    bool wasGone = false; ///< the user knows that the key is not there any more, and wants it back
};

/// One key: its value in the form that fits, its expiry and metadata, and the editor for them. Asks its owner to read and write. GUI thread.
class KvPanel final : public QWidget
{
    Q_OBJECT
public:
    /// `group`: where values are alike (see ValueHint).
    explicit KvPanel(QString group, QWidget *parent = nullptr);
    ~KvPanel() override;

    /// No key, but this sentence. Gives up what is edited.
    void showMessage(const QString &message);
    void showKey(const KvKey &key);
    /// A new key, to begin with this.
    void startNew(const KvKey &draft);
    void startEditing();
    /// Back to what was read.
    void revert();

    bool isNew() const { return m_mode == Mode::New; }
    bool hasKey() const { return m_mode != Mode::Nothing; }
    bool isEdited() const;
    /// What was read; its key is empty when there is none.
    const KvKey &shown() const { return m_shown; }
    KvWish wish() const;
    /// Somebody else wrote the key while it is edited; nullopt: it is gone. The user chooses.
    void setTheirs(const std::optional<KvKey> &theirs);
    /// Why it was not saved, and the like.
    void showProblem(const QString &problem);
    ValueView &valueView() { return *m_view; }

Q_SIGNALS:
    void saveWanted();
    void renameWanted();
    void duplicateWanted();
    void deleteWanted();
    /// A new key was given up.
    void givenUp();
    /// Something was edited, or is as it was again.
    void edited();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    enum class Mode { Nothing, Showing, Editing, New };
    QWidget *makeHead();
    QWidget *makeDetails();
    void setMode(Mode mode);
    void fill(const KvKey &key);
    void refresh();
    void refreshFacts();

    const QString m_group;
    Mode m_mode = Mode::Nothing;
    KvKey m_shown;
    bool m_gone = false; ///< deleted by somebody else, and to be written anew
    QWidget *m_head;
    ElideLabel *m_keyLabel;
    QLineEdit *m_keyEdit;
    QToolButton *m_rename;
    QToolButton *m_duplicate;
    QToolButton *m_delete;
    MessageBar *m_bar;
    QWidget *m_facts;
    ElideLabel *m_factsLabel;
    QToolButton *m_unfold;
    QWidget *m_details;
    KvExpiryField *m_expiry;
    JsonEdit *m_metadata;
    QString m_metadataSet;
    QStackedWidget *m_values;
    ValueView *m_view;
    QToolButton *m_edit;
    ValueEditor *m_editor;
    QWidget *m_foot;
    QPushButton *m_save;
    QPushButton *m_revert;
};

} // namespace cleat::ui
