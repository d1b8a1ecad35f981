// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/vectorize/similarpage.h"

#include "ui/widgets/counted.h"
#include "ui/widgets/flatviews.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/rowview.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include <algorithm>

namespace cleat::ui {

using namespace Qt::StringLiterals;
using bindings::vectorize::VectorIndex;
using data::vectorize::Matches;
using data::vectorize::QueryOptions;

SimilarPage::SimilarPage(const session::DataResource &index, QWidget *parent)
    : QWidget(parent), m_index(std::make_shared<VectorIndex>(index.state, index.id)), m_vector(new JsonEdit), m_count(new QSpinBox), m_namespace(new QLineEdit), m_filter(new JsonEdit),
      m_run(new QPushButton(icon("search"_L1), tr("Find"))), m_state(new ToneLabel({}, Tone::Muted)), m_model(new MatchModel(this)), m_table(new RowView)
{
    m_vector->setFieldName(tr("Vector"));
    m_vector->setPlaceholderText(tr("A JSON list of numbers, pasted: [0.12, -0.5, …]"));
    m_vector->setVisibleLines(3);
    m_vector->setEmpty(JsonEdit::Empty::IsFine);
    m_filter->setFieldName(tr("Filter"));
    m_filter->setPlaceholderText(tr("Perhaps a filter of the metadata: {\"genre\": {\"$ne\": \"horror\"}}"));
    m_filter->setVisibleLines(2);
    m_filter->setEmpty(JsonEdit::Empty::IsFine);
    m_count->setRange(1, static_cast<int>(data::vectorize::mostMatches));
    m_count->setValue(10);
    m_count->setAccessibleName(tr("How many"));
    m_namespace->setPlaceholderText(tr("any"));
    m_namespace->setAccessibleName(tr("Namespace"));
    m_namespace->setMaximumWidth(180);
    m_run->setAutoDefault(false);
    m_state->setWordWrap(true);
    m_table->setModel(m_model);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setAccessibleName(tr("Matches"));
    m_table->setPlaceholder(tr("Paste a vector, or choose \"Similar to this\" for one of the index."));
    m_table->header()->setSectionResizeMode(MatchModel::Metadata, QHeaderView::Stretch);
    const auto room = [this](const QString &sample) { return m_table->fontMetrics().horizontalAdvance(sample) + 2 * cellMargin + 8; };
    m_table->header()->resizeSection(MatchModel::Score, room(u"-0.00000000"_s));
    m_table->header()->resizeSection(MatchModel::Id, room(u"0123456789012345"_s));
    m_table->header()->resizeSection(MatchModel::Namespace, room(u"Namespace "_s));

    auto *row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(new QLabel(tr("How many")));
    row->addWidget(m_count);
    row->addSpacing(6);
    row->addWidget(new QLabel(tr("Namespace")));
    row->addWidget(m_namespace);
    row->addStretch(1);
    row->addWidget(m_run);
    auto *form = new QVBoxLayout;
    form->setContentsMargins(10, 8, 10, 6);
    form->setSpacing(6);
    form->addWidget(m_vector);
    form->addWidget(m_filter);
    form->addLayout(row);
    form->addWidget(m_state);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(form);
    column->addWidget(new Rule(Qt::Horizontal));
    column->addWidget(m_table, 1);

    connect(m_vector, &JsonEdit::textChanged, this, &SimilarPage::refresh);
    connect(m_filter, &JsonEdit::textChanged, this, &SimilarPage::refresh);
    connect(m_run, &QPushButton::clicked, this, &SimilarPage::run);
    connect(m_namespace, &QLineEdit::returnPressed, this, &SimilarPage::run);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &current) {
        if (current.isValid())
            Q_EMIT chosen(m_model->matches()[static_cast<std::size_t>(current.row())].id);
    });
    refresh();
}

SimilarPage::~SimilarPage()
{
    m_table->setModel(nullptr);
    m_thread.cancel(m_ticket);
    m_thread.keep(std::move(m_index));
}

void SimilarPage::setConfig(const data::vectorize::IndexConfig &config)
{
    m_dimensions = config.dimensions;
    m_count->setMaximum(static_cast<int>(config.version == bindings::vectorize::Version::V1 ? data::vectorize::mostMatchesV1 : data::vectorize::mostMatches));
}

void SimilarPage::showSimilarTo(const data::vectorize::Vector &vector)
{
    m_vector->setText(QString::fromStdString(data::vectorize::numbersText(vector.values)));
    run();
}

void SimilarPage::refresh()
{
    m_run->setEnabled(m_ticket == 0 && !m_vector->problem() && !m_filter->problem() && !m_vector->text().trimmed().isEmpty());
}

void SimilarPage::run()
{
    if (!m_run->isEnabled())
        return;
    const auto values = data::vectorize::numbersOf(toUtf8(m_vector->text()));
    if (!values) {
        take(std::unexpected(values.error()));
        return;
    }
    QueryOptions options;
    options.topK = m_count->value();
    options.returnMetadata = data::vectorize::ReturnMetadata::All;
    if (const QString space = m_namespace->text().trimmed(); !space.isEmpty())
        options.nameSpace = toUtf8(space);
    options.filter = toUtf8(m_filter->text().trimmed());
    tell(tr("Looking…"), Tone::Muted);
    m_ticket = m_thread.run(
        this, [index = m_index, values = *values, options](std::stop_token) { return index->query(values, options); },
        [this](base::Result<Matches> &&matches) {
            m_ticket = 0;
            take(std::move(matches));
            refresh();
        });
    refresh();
}

void SimilarPage::take(base::Result<Matches> &&matches)
{
    if (!matches) {
        m_model->setMatches({});
        tell(formatError(matches.error()), Tone::Danger);
        return;
    }
    QString text = counted(matches->matches.size(), tr("%1 match"), tr("%1 matches"));
    for (const std::string &property : matches->unindexed)
        text += u' ' + tr("There is no metadata index for \"%1\": no vector has a value there.").arg(fromUtf8(property));
    m_model->setMatches(std::move(matches->matches));
    tell(text, Tone::Muted);
}

void SimilarPage::tell(const QString &text, Tone tone) const
{
    m_state->setTone(tone);
    m_state->setText(text);
}

} // namespace cleat::ui
