// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <string>

class QLineEdit;
class QPushButton;

namespace cleat::ui {

class JsonEdit;
class ToneLabel;

/// A key of a Durable Object and its value, as JSON: a new one, or another value for one that is there. Deletes itself when it is closed. GUI thread.
class KeyDialog final : public QDialog
{
    Q_OBJECT
public:
    enum class Purpose { Add, Edit };
    KeyDialog(Purpose purpose, const QString &key, const QString &json, QWidget *parent);

Q_SIGNALS:
    /// The value as V8's serializer writes it.
    void saved(const std::string &key, const std::string &value);

private:
    void refresh();
    void save();

    QLineEdit *m_key;
    JsonEdit *m_value;
    ToneLabel *m_trouble;
    QPushButton *m_save;
};

} // namespace cleat::ui
