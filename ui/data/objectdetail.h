// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/data/r2/objectlist.h"

#include <QWidget>

#include <optional>

class QComboBox;
class QDateTimeEdit;
class QCheckBox;
class QLineEdit;
class QPushButton;
class QTableWidget;
class QTabWidget;

namespace cleat::ui {

class ElideLabel;
class ToneLabel;
class ValueView;

/// One object of a bucket: its value, what is known of it, and its metadata to be edited. GUI thread.
class ObjectDetail final : public QWidget
{
    Q_OBJECT
public:
    explicit ObjectDetail(QWidget *parent = nullptr);

    void setMessage(const QString &message);
    /// `bytes` is the value, or the first part of a large one. What is being edited of the same object stays.
    void setObject(const bindings::r2::Object &object, std::shared_ptr<const std::string> bytes, const QString &group);
    /// Of the value, where it cannot be read.
    void setTrouble(const bindings::r2::Object &object, const QString &message);
    bool isEdited() const;
    /// What the fields say, as JSON.
    std::string httpMetadata() const;
    std::string customMetadata() const;
    /// The fields are as the object is again.
    void revert();
    const std::optional<bindings::r2::Object> &object() const { return m_object; }
    /// The value, as far as it is at hand.
    std::shared_ptr<const std::string> bytes() const;

Q_SIGNALS:
    void saveRequested();
    void editRequested();

private:
    QWidget *makeMetadata();
    void fill(const bindings::r2::Object &object);
    void addCustomRow(const QString &name, const QString &value);
    void refreshButtons();

    std::optional<bindings::r2::Object> m_object;
    QTabWidget *m_tabs;
    ElideLabel *m_key;
    ValueView *m_value;
    QPushButton *m_edit;
    QTableWidget *m_facts;
    QComboBox *m_contentType;
    QLineEdit *m_language;
    QLineEdit *m_disposition;
    QLineEdit *m_encoding;
    QLineEdit *m_cacheControl;
    QCheckBox *m_expires;
    QDateTimeEdit *m_expiry;
    QTableWidget *m_custom;
    QPushButton *m_save;
    QPushButton *m_revert;
    bool m_filling = false;
};

} // namespace cleat::ui
