// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"
#include "core/session/datathread.h"
#include "ui/data/vectorize/vectormodel.h"
#include "ui/widgets/theme.h"

#include <QWidget>

#include <memory>

class QLineEdit;
class QPushButton;
class QSpinBox;

namespace cleat::ui {

class JsonEdit;
class RowView;
class ToneLabel;

/// A query of an index by hand: a vector, how many, a namespace, a filter; and what it finds. GUI thread.
class SimilarPage final : public QWidget
{
    Q_OBJECT
public:
    explicit SimilarPage(const session::DataResource &index, QWidget *parent = nullptr);
    ~SimilarPage() override;

    void setConfig(const data::vectorize::IndexConfig &config);
    /// Looks for what is like this one.
    void showSimilarTo(const data::vectorize::Vector &vector);

Q_SIGNALS:
    void chosen(const std::string &id);

private:
    void refresh();
    void run();
    void take(base::Result<data::vectorize::Matches> &&matches);
    void tell(const QString &text, Tone tone) const;

    session::DataThread m_thread; ///< of its own: a first query reads the whole index
    std::shared_ptr<bindings::vectorize::VectorIndex> m_index; ///< used on m_thread alone
    std::uint32_t m_dimensions = 0;
    JsonEdit *m_vector;
    QSpinBox *m_count;
    QLineEdit *m_namespace;
    JsonEdit *m_filter;
    QPushButton *m_run;
    ToneLabel *m_state;
    MatchModel *m_model;
    RowView *m_table;
    session::DataThread::Ticket m_ticket = 0;
};

} // namespace cleat::ui
