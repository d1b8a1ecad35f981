// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/bindings/entrydialog.h"

#include <QPointer>

#include <map>
#include <memory>
#include <optional>
#include <string>

class QAbstractButton;
class QCheckBox;
class QLineEdit;
class QPushButton;
class QRadioButton;

namespace cleat::tests {

/// A Wrangler file and a keychain in memory, and the windows for entries on them. GUI thread.
class EntryBench final
{
public:
    explicit EntryBench(std::string fileText, config::Form fileForm = config::Form::Toml);
    ~EntryBench();

    void add(std::optional<ui::EntryStart> start = {}, config::Scope environment = config::Scope::Preview);
    void add(config::Kind kind, config::Scope environment = config::Scope::Preview);
    void change(const ui::EntryDraft &draft, config::Scope environment = config::Scope::Preview);
    /// What others write: at once, or unnoticed until the next apply().
    void writeFromOutside(const std::string &now);
    void writeUnnoticed(const std::string &now);

    /// By their words, but for "&"; nullptr when there is none that can be seen.
    QLineEdit *field(const QString &name) const;
    template <typename T>
    T *find(const QString &name) const
    {
        for (T *widget : dialog->findChildren<T *>()) {
            if (widget->isVisible() && wordsOf(*widget) == name)
                return widget;
        }
        return nullptr;
    }
    QPushButton *save() const;
    QString problem() const;
    QString diff() const;
    bool shows(const QString &words) const;
    /// Types into the field as a user does.
    void type(const QString &name, const QString &text) const;
    void click(const QString &button) const;
    void choose(const QString &radio) const;
    config::WranglerConfig written() const;

    std::string text;
    config::WranglerConfig config;
    config::Form form;
    std::vector<std::string> steps;
    std::optional<base::Error> saveError;
    std::map<config::Kind, std::vector<std::string>> known;
    ui::EntryAccess::Keychain keychain = ui::EntryAccess::Keychain::Ready;
    std::map<config::Scope, std::map<std::string, std::string>> secrets;
    std::optional<base::Error> secretError;
    std::map<std::string, std::string> devVars;
    int asked = 0;
    ui::EntryAccess::Done pending; ///< of the last setSecret(), when `slow`
    bool slow = false;
    QPointer<ui::EntryDialog> dialog;

private:
    static QString wordsOf(const QWidget &widget);
    ui::EntryAccess access();
    void read();

    std::optional<std::string> m_unnoticed;
    session::ConfigStore::Conflict m_conflict;
};

} // namespace cleat::tests
