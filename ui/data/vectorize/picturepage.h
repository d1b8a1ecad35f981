// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/session/dataresources.h"
#include "core/session/datathread.h"
#include "ui/data/vectorize/scatterview.h"
#include "ui/data/vectorize/vectormodel.h"

#include <QWidget>

#include <memory>

class QStackedWidget;
class QPushButton;

namespace cleat::ui {

class ToneLabel;

/// A sample of an index as a picture, made anew whenever it is to be seen and the index has changed. GUI thread.
class PicturePage final : public QWidget
{
    Q_OBJECT
public:
    static constexpr std::size_t mostVectors = 2000;

    explicit PicturePage(const session::DataResource &index, QWidget *parent = nullptr);
    ~PicturePage() override;

    /// The index has changed.
    void touch(const data::vectorize::IndexConfig &config, std::uint64_t vectors);
    void setCurrent(const std::string &id) { m_scatter->setCurrent(id); }

Q_SIGNALS:
    void chosen(const std::string &id);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void draw();

    session::DataThread m_thread;
    std::shared_ptr<data::vectorize::VectorList> m_list; ///< used on m_thread alone
    data::vectorize::Metric m_metric = data::vectorize::Metric::Cosine;
    std::uint64_t m_vectors = 0;
    bool m_stale = true;
    ScatterView *m_scatter;
    ToneLabel *m_note;
    QPushButton *m_cancel;
    session::DataThread::Ticket m_ticket = 0;
};

} // namespace cleat::ui
