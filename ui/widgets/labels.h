// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/theme.h"

#include <QLabel>

namespace cleat::ui {

/// A plain-text label in the colour of a tone, which follows the theme.
class ToneLabel final : public QLabel
{
    Q_OBJECT
public:
    explicit ToneLabel(const QString &text = {}, Tone tone = Tone::Normal, QWidget *parent = nullptr);
    void setTone(Tone tone);

protected:
    void changeEvent(QEvent *event) override;

private:
    void recolor();
    Tone m_tone;
    bool m_recoloring = false;
};

/// One line of plain text that is cut with "…" where there is no room; the whole text is then its tool tip.
class ElideLabel final : public QWidget
{
    Q_OBJECT
public:
    explicit ElideLabel(Qt::TextElideMode mode = Qt::ElideRight, QWidget *parent = nullptr);
    void setText(const QString &text);
    QString text() const { return m_text; }
    void setTone(Tone tone);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString m_text;
    Qt::TextElideMode m_mode;
    Tone m_tone = Tone::Normal;
};

/// A filled circle in the colour of a tone.
class Dot final : public QWidget
{
    Q_OBJECT
public:
    explicit Dot(QWidget *parent = nullptr);
    void setTone(Tone tone);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Tone m_tone = Tone::Muted;
};

/// A thin line in the theme's border colour.
class Rule final : public QWidget
{
    Q_OBJECT
public:
    explicit Rule(Qt::Orientation orientation, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace cleat::ui
