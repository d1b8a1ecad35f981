// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QHBoxLayout;
class QLineEdit;
class QStackedWidget;
class QToolButton;

namespace cleat::ui {

/// Where one is in a bucket: a button for each folder on the way, one that goes up, and (Ctrl+L, or a click beside the buttons) a line to type the folder. GUI thread.
class FolderBar final : public QWidget
{
    Q_OBJECT
public:
    explicit FolderBar(const QString &bucket, QWidget *parent = nullptr);

    /// Empty, or ends with '/'.
    void setFolder(const QString &folder);
    const QString &folder() const { return m_folder; }
    /// The line to type in.
    void edit();
    /// The folder that holds this one; empty for the first ones.
    static QString above(const QString &folder);

Q_SIGNALS:
    void chosen(const QString &folder);

protected:
    void mousePressEvent(QMouseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    void take();

    const QString m_bucket;
    QString m_folder;
    QToolButton *m_up;
    QStackedWidget *m_pages;
    QWidget *m_crumbs;
    QHBoxLayout *m_row;
    QLineEdit *m_line;
};

} // namespace cleat::ui
