// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entryedits.h"

#include <QDialog>

class QPushButton;
class QRadioButton;
class QVBoxLayout;

namespace cleat::session {
class ConfigStore;
}

namespace cleat::ui {

class DiffView;
class ToneLabel;

/// Asks what entries that are pasted, dropped or moved need asked: where they go in an environment without a table of its own, and what becomes of those whose name
/// is taken. Shows the lines to be written. Window modal, deletes itself; shown by open(). GUI thread.
class AdditionDialog final : public QDialog
{
    Q_OBJECT
public:
    struct Request {
        std::vector<Entry> entries;
        std::vector<PlacedEntry> moved; ///< for a move: where each of `entries` stands, to be removed there; else empty
        config::Scope environment = config::Scope::Preview;
        QString title; ///< "Paste 3 entries into Preview"
        QString verb;  ///< of the button: "Paste"
    };
    /// `store` is borrowed.
    AdditionDialog(session::ConfigStore &store, Request request, QWidget *parent = nullptr);

    /// Whether there is something to ask.
    static bool isNeeded(const config::WranglerConfig &config, const Request &request);
    /// The steps of the request, with no question open. Removals of what was moved follow the additions.
    static std::vector<config::Edit> editsFor(const config::WranglerConfig &config, const Request &request, Destination::Table table, TakenNames taken);

Q_SIGNALS:
    /// The user agreed. `seen` is the file's text on which that was decided.
    void chosen(const std::vector<cleat::config::Edit> &edits, const std::string &seen);

private:
    void addWhere(QVBoxLayout *column);
    void addTaken(QVBoxLayout *column);
    void refresh();
    Destination::Table table() const;
    TakenNames taken() const;

    session::ConfigStore &m_store;
    const Request m_request;
    std::vector<config::Edit> m_edits;
    std::string m_seen;
    QRadioButton *m_topLevel;
    QRadioButton *m_own;
    QWidget *m_takenBox;
    ToneLabel *m_takenText;
    QRadioButton *m_skip;
    QRadioButton *m_rename;
    ToneLabel *m_once;
    DiffView *m_diff;
    QPushButton *m_go;
};

} // namespace cleat::ui
