// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/data/textdialog.h"

#include "core/base/json.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"
#include "ui/widgets/theme.h"

#include <nlohmann/json.hpp>

#include <QBoxLayout>
#include <QDialog>
#include <QDialogButtonBox>
#include <QFontMetrics>
#include <QMessageBox>
#include <QPlainTextEdit>
#include <QPushButton>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

/// Asks before what was typed is lost.
class TextDialog final : public QDialog
{
public:
    TextDialog(QWidget *parent, const QString &name, const std::string &text)
        : QDialog(parent), m_edit(new QPlainTextEdit), m_state(new ToneLabel({}, Tone::Muted)), m_format(new QPushButton(tr("Lay out JSON"))),
          m_isJson(name.endsWith(".json"_L1) || (!text.empty() && base::Json::accept(text) && (text.find('{') != std::string::npos || text.find('[') != std::string::npos))),
          m_carriageReturns(text.find("\r\n") != std::string::npos)
    {
        setAttribute(Qt::WA_DeleteOnClose);
        setWindowTitle(oneLine(name, 120));
        m_edit->setFont(monospaceFont());
        m_edit->setLineWrapMode(QPlainTextEdit::NoWrap);
        m_edit->setTabStopDistance(4 * QFontMetrics(m_edit->font()).horizontalAdvance(u' '));
        m_edit->setPlainText(fromUtf8(text));
        m_edit->setAccessibleName(tr("Text"));
        m_edit->document()->setModified(false);
        m_format->setVisible(m_isJson);
        m_format->setAutoDefault(false);
        auto *buttons = new QDialogButtonBox(QDialogButtonBox::Save | QDialogButtonBox::Cancel);
        buttons->button(QDialogButtonBox::Save)->setShortcut(QKeySequence::Save);
        buttons->button(QDialogButtonBox::Save)->setToolTip(tr("Save (Ctrl+S)"));
        auto *row = new QHBoxLayout;
        row->addWidget(m_format);
        row->addWidget(m_state, 1);
        row->addWidget(buttons);
        auto *column = new QVBoxLayout(this);
        column->addWidget(m_edit, 1);
        column->addLayout(row);
        resize(720, 520);
        connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
        connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
        connect(m_edit, &QPlainTextEdit::textChanged, this, &TextDialog::check);
        connect(m_format, &QPushButton::clicked, this, [this] {
            const QString pretty = prettyJson(toUtf8(m_edit->toPlainText()));
            QTextCursor all(m_edit->document()); // so that it can be undone
            all.select(QTextCursor::Document);
            all.insertText(pretty);
        });
        check();
    }

    std::string text() const
    {
        QString text = m_edit->toPlainText();
        if (m_carriageReturns)
            text.replace(u'\n', u"\r\n"_s);
        return toUtf8(text);
    }

    void reject() override
    {
        if (!m_edit->document()->isModified()) {
            QDialog::reject();
            return;
        }
        auto *box = new QMessageBox(QMessageBox::Warning, tr("Cleat"), tr("Give up what you changed?"), QMessageBox::Discard | QMessageBox::Cancel, this);
        box->setAttribute(Qt::WA_DeleteOnClose);
        connect(box, &QMessageBox::finished, this, [this](int answer) {
            if (answer == QMessageBox::Discard)
                QDialog::reject();
        });
        box->open();
    }

private:
    void check()
    {
        if (!m_isJson)
            return;
        try {
            [[maybe_unused]] const base::Json json = base::Json::parse(toUtf8(m_edit->toPlainText()));
            m_state->setTone(Tone::Muted);
            m_state->setText(tr("valid JSON"));
            m_format->setEnabled(true);
        } catch (const base::Json::parse_error &error) {
            const QString before = fromUtf8(toUtf8(m_edit->toPlainText()).substr(0, error.byte > 0 ? error.byte - 1 : 0));
            m_state->setTone(Tone::Warning);
            m_state->setText(tr("no valid JSON: line %L1, column %L2").arg(before.count(u'\n') + 1).arg(before.size() - before.lastIndexOf(u'\n')));
            m_format->setEnabled(false);
        }
    }

    QPlainTextEdit *m_edit;
    ToneLabel *m_state;
    QPushButton *m_format;
    const bool m_isJson;
    const bool m_carriageReturns;
};

} // namespace

void editText(QWidget *parent, const QString &name, const std::string &text, std::function<void(const std::string &text)> then)
{
    auto *dialog = new TextDialog(parent, name, text);
    QObject::connect(dialog, &QDialog::accepted, parent, [dialog, then = std::move(then)] { then(dialog->text()); });
    dialog->open();
}

} // namespace cleat::ui
