// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/values/background.h"
#include "ui/values/valueview.h"

#include <QTimer>
#include <QWidget>

#include <optional>
#include <string_view>

class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace cleat::ui {

class JsonHighlighter;
class ToneLabel;

/// Changes a value: as text where it is text of no more than 1 MiB, with a check and a layout for JSON; anything else is replaced by a file. Line ends and bytes of lines that
/// are not touched stay as they are. Nothing is written: that is up to the owner. GUI thread.
class ValueEditor final : public QWidget
{
    Q_OBJECT
public:
    static constexpr std::size_t mostInPlace = 1024 * 1024;

    explicit ValueEditor(QWidget *parent = nullptr);
    ~ValueEditor() override;

    /// Why such a value is not edited as text; nullopt: it is. Translated.
    static std::optional<QString> whyNotInPlace(std::string_view bytes);
    /// The largest value that a file may bring, in bytes.
    void setLimit(std::uint64_t bytes) { m_limit = bytes; }

    void setValue(ValueBytes bytes);
    /// As it is now.
    ValueBytes value() const;
    bool isModified() const;
    /// Reads the file, away from the GUI thread, and takes it in place of the value.
    void replaceFrom(const QString &path);

Q_SIGNALS:
    /// The value, or whether it is another than the one that was set.
    void edited();
    /// A translated sentence: a file was not read.
    void failed(const QString &why);

private:
    void show(const ValueBytes &bytes);
    void checkJson();
    void layOut();
    void browse();

    QPlainTextEdit *m_edit;
    QWidget *m_notice;
    ToneLabel *m_why;
    QPushButton *m_openLaidOut;
    ToneLabel *m_state;
    QToolButton *m_format;
    QToolButton *m_replace;
    JsonHighlighter *m_highlighter = nullptr;
    QTimer m_wait;
    ValueBytes m_original;
    ValueBytes m_shown; ///< what the editor began with: the original, or what a file brought
    bool m_inPlace = false;
    std::uint64_t m_limit = 25 * 1024 * 1024;
    BackgroundWork m_reading;
};

} // namespace cleat::ui
