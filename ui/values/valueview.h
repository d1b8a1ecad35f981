// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QWidget>

#include <cstdint>
#include <memory>
#include <string>

namespace cleat::ui {

/// Bytes that are shown, shared with the threads that look at them.
using ValueBytes = std::shared_ptr<const std::string>;

/// The ways to show a value.
enum class ValueForm { Text, Json, Hex, Image };

/// What is known of a value besides its bytes.
struct ValueHint {
    QString name; ///< a key, or a file's name: proposed by "Save as...", and its ending tells the kind
    QString contentType; ///< "application/json; charset=utf-8"; empty: not known
    QString group; ///< where values are alike, as "kv/<id>" or "r2/<bucket>": the form that the user chose there is taken again for the same kind of value; empty: none is remembered
    std::uint64_t wholeSize = 0; ///< more than the bytes: they are only the beginning of a value of this size
};

/// Shows bytes as text, as a JSON tree, as hexadecimal digits or as a picture; takes the form that fits by itself, and tabs change it. A value of 25 MiB is there at once: what
/// takes time is done on other threads, for which the bytes are shared. With find, copy, save, and a line of kind and size. GUI thread.
class ValueView final : public QWidget
{
    Q_OBJECT
public:
    explicit ValueView(QWidget *parent = nullptr);
    ~ValueView() override;

    /// Shows another value. Nothing of the bytes is copied. For the same name and group the place and the form stay (the value changed while it was looked at).
    void setValue(ValueBytes bytes, const ValueHint &hint = {});
    /// Shows no value, but this: "Choose a key", "Loading…", an error. Plain text.
    void setMessage(const QString &message);

    /// nullptr: none.
    const ValueBytes &value() const;
    const ValueHint &hint() const;
    /// The form that is to be seen.
    ValueForm form() const;
    /// Shows it in another form, as the tab does. JSON of what is none, and a picture of what is none, show why not.
    void setForm(ValueForm form);
    /// "JSON · 12 KB"; the line below the value, for those who show it elsewhere.
    QString summary() const;
    enum class Summary { Shown, Hidden };
    void setSummary(Summary summary);
    /// A widget at the end of the row of tabs, as an "Edit" button. Becomes its owner.
    void addCornerWidget(QWidget *widget);

public Q_SLOTS:
    void openFind();
    /// What is selected; all of it when nothing is (text up to 25 MiB).
    void copy();
    void saveAs();

Q_SIGNALS:
    void formChanged(cleat::ui::ValueForm form);
    void summaryChanged(const QString &summary);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cleat::ui
