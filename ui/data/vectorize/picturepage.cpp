// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/vectorize/picturepage.h"

#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QPushButton>

namespace cleat::ui {

using data::vectorize::Projection;
using data::vectorize::VectorList;

PicturePage::PicturePage(const session::DataResource &index, QWidget *parent)
    : QWidget(parent), m_list(std::make_shared<VectorList>(index.state, index.id)), m_scatter(new ScatterView), m_note(new ToneLabel({}, Tone::Muted)), m_cancel(new QPushButton(tr("Cancel")))
{
    m_cancel->hide();
    m_note->setWordWrap(true);
    auto *row = new QHBoxLayout;
    row->setContentsMargins(10, 4, 10, 4);
    row->addWidget(m_note, 1);
    row->addWidget(m_cancel);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(row);
    column->addWidget(m_scatter, 1);
    connect(m_scatter, &ScatterView::chosen, this, &PicturePage::chosen);
    connect(m_cancel, &QPushButton::clicked, this, [this] { m_thread.stop(m_ticket); });
}

PicturePage::~PicturePage()
{
    m_thread.cancel(m_ticket);
    m_thread.keep(std::move(m_list));
}

void PicturePage::touch(const data::vectorize::IndexConfig &config, std::uint64_t vectors)
{
    m_metric = config.metric;
    m_vectors = vectors;
    m_stale = true;
    if (isVisible())
        draw();
}

void PicturePage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    draw();
}

void PicturePage::draw()
{
    if (!m_stale || m_ticket != 0)
        return; // what runs draws again when it is out of date by then
    m_stale = false;
    m_cancel->show();
    m_note->setText(tr("Drawing…"));
    m_ticket = m_thread.run(
        this,
        [list = m_list, metric = m_metric](std::stop_token stop) -> base::Result<Projection> {
            data::Control control;
            control.stop = std::move(stop);
            const auto sample = list->sample(mostVectors, control);
            if (!sample)
                return std::unexpected(sample.error());
            return data::vectorize::project(*sample, metric, control);
        },
        [this](base::Result<Projection> &&made) {
            m_ticket = 0;
            m_cancel->hide();
            if (!made) {
                m_note->setText(formatError(made.error()));
                return;
            }
            const auto shown = made->spots.size();
            QString note = shown < m_vectors ? tr("%L1 of %L2 vectors, by their two principal components").arg(shown).arg(m_vectors)
                                             : tr("All %L1 vectors, by their two principal components").arg(shown);
            if (shown > 2)
                note += tr(", which hold %1 % of the differences.").arg(qRound(made->share * 100));
            m_note->setText(shown == 0 ? tr("The index is empty.") : note);
            m_scatter->setProjection(std::move(*made));
            if (isVisible())
                draw();
        });
}

} // namespace cleat::ui
