// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"

#include <QWidget>

class QToolButton;

namespace cleat::ui {

class ElideLabel;
class ToneLabel;

/// The head of a view of local data: what it is, which bindings use it, where it lies, and how much there is. GUI thread.
class LocationBar final : public QWidget
{
    Q_OBJECT
public:
    explicit LocationBar(QWidget *parent = nullptr);

    void setResource(const session::DataResource &resource);
    /// "12,345 keys".
    void setSummary(const QString &summary);
    void setBytes(std::optional<std::uint64_t> bytes);

private:
    void refreshFacts();
    void reveal();
    void copyPath();

    ToneLabel *m_title;
    ElideLabel *m_uses;
    ElideLabel *m_path;
    ToneLabel *m_facts;
    QToolButton *m_reveal;
    QToolButton *m_copy;
    session::DataResource m_resource;
    QString m_summary;
    std::optional<std::uint64_t> m_bytes;
};

/// Opens the file manager on a file or folder, or on the nearest folder above it that exists.
void revealInFileManager(const std::filesystem::path &path);

} // namespace cleat::ui
