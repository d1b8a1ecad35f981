// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/locationbar.h"

#include "ui/data/resourcelook.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QToolButton>
#include <QUrl>

namespace cleat::ui {

using namespace Qt::StringLiterals;

void revealInFileManager(const std::filesystem::path &path)
{
    std::filesystem::path folder = path;
    std::error_code error;
    while (!std::filesystem::is_directory(folder, error) && folder.has_relative_path())
        folder = folder.parent_path();
    QDesktopServices::openUrl(QUrl::fromLocalFile(fromPath(folder)));
}

LocationBar::LocationBar(QWidget *parent)
    : QWidget(parent), m_title(new ToneLabel), m_uses(new ElideLabel), m_path(new ElideLabel(Qt::ElideMiddle)), m_facts(new ToneLabel({}, Tone::Muted)),
      m_reveal(new QToolButton), m_copy(new QToolButton)
{
    m_title->setFont(headingFont());
    m_uses->setTone(Tone::Muted);
    m_path->setTone(Tone::Muted);
    m_reveal->setIcon(icon("folder-open"_L1));
    m_reveal->setToolTip(tr("Reveal in the file manager"));
    m_reveal->setAccessibleName(m_reveal->toolTip());
    m_copy->setIcon(icon("copy"_L1));
    m_copy->setToolTip(tr("Copy the path"));
    m_copy->setAccessibleName(m_copy->toolTip());
    for (QToolButton *button : {m_reveal, m_copy}) {
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::TabFocus);
    }
    connect(m_reveal, &QToolButton::clicked, this, &LocationBar::reveal);
    connect(m_copy, &QToolButton::clicked, this, &LocationBar::copyPath);

    auto *first = new QHBoxLayout;
    first->setSpacing(10);
    first->addWidget(m_title);
    first->addWidget(m_uses, 1);
    first->addWidget(m_facts);
    auto *second = new QHBoxLayout;
    second->setSpacing(2);
    second->addWidget(m_path, 1);
    second->addWidget(m_copy);
    second->addWidget(m_reveal);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 6, 8, 4);
    column->setSpacing(0);
    column->addLayout(first);
    column->addLayout(second);
}

void LocationBar::setResource(const session::DataResource &resource)
{
    m_resource = resource;
    m_title->setText(resourceTitle(resource));
    const QString id = fromUtf8(resource.id);
    const bool named = id != m_title->text() && resource.kind != session::DataResource::Kind::Cache && resource.kind != session::DataResource::Kind::Models;
    m_uses->setText(named ? u"%1 · %2"_s.arg(id, usesText(resource)) : usesText(resource));
    m_path->setText(fromPath(resource.file));
    m_path->setVisible(!resource.file.empty());
    m_copy->setVisible(!resource.file.empty());
    m_reveal->setVisible(!resource.file.empty());
    m_summary.clear();
    m_bytes.reset();
    refreshFacts();
}

void LocationBar::setSummary(const QString &summary)
{
    m_summary = summary;
    refreshFacts();
}

void LocationBar::setBytes(std::optional<std::uint64_t> bytes)
{
    m_bytes = bytes;
    refreshFacts();
}

void LocationBar::refreshFacts()
{
    QStringList parts;
    if (!m_summary.isEmpty())
        parts << m_summary;
    if (m_resource.file.empty())
        ; // nothing of it is on disk
    else if (!m_resource.exists && m_bytes.value_or(0) == 0)
        parts << tr("nothing stored yet");
    else if (m_bytes)
        parts << tr("%1 on disk").arg(formatBytes(*m_bytes));
    m_facts->setText(parts.join(u" · "_s));
}

void LocationBar::reveal()
{
    revealInFileManager(m_resource.file);
}

void LocationBar::copyPath()
{
    QGuiApplication::clipboard()->setText(fromPath(m_resource.file));
}

} // namespace cleat::ui
