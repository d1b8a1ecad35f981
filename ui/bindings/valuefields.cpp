// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/valuefields.h"

#include "ui/bindings/formparts.h"
#include "ui/bindings/secretfield.h"
#include "ui/widgets/codeview.h"
#include "ui/widgets/jsonedit.h"
#include "ui/widgets/labels.h"
#include "ui/widgets/text.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QPlainTextEdit>

#include <nlohmann/json.hpp>

namespace cleat::ui {

using namespace Qt::StringLiterals;

ValueFields::ValueFields(QWidget *parent)
    : QWidget(parent), m_type(new QComboBox), m_textPart(new QWidget), m_jsonPart(new QWidget), m_text(makeLinesField(5)), m_json(new JsonEdit),
      m_secret(new SecretField)
{
    m_type->addItem(tr("Text"));
    m_type->addItem(tr("JSON"));
    m_type->addItem(tr("Secret (encrypted)"));
    m_json->setPlaceholderText(u"{\"max\": 5}"_s);

    const auto open = tr("Everyone who can read the file can read it. A password or a key belongs into a secret.");
    auto *column = makeFieldColumn(this);
    addField(*column, tr("&Type"), m_type);
    column->addSpacing(8);
    auto *textColumn = makeFieldColumn(m_textPart);
    addField(*textColumn, tr("Va&lue"), m_text);
    textColumn->addWidget(makeHint(open));
    auto *jsonColumn = makeFieldColumn(m_jsonPart);
    addField(*jsonColumn, tr("Va&lue"), m_json);
    m_json->setFieldName(tr("Value"));
    jsonColumn->addWidget(makeHint(open));
    column->addWidget(m_textPart, 1);
    column->addWidget(m_jsonPart, 1);
    column->addWidget(m_secret);

    connect(m_type, &QComboBox::currentIndexChanged, this, &ValueFields::changeType);
    connect(m_text, &QPlainTextEdit::textChanged, this, &ValueFields::edited);
    connect(m_json, &JsonEdit::textChanged, this, &ValueFields::edited);
    connect(m_secret, &SecretField::edited, this, &ValueFields::edited);
    connect(m_secret, &SecretField::askKeychainRequested, this, &ValueFields::askKeychainRequested);
    connect(m_secret, &SecretField::devVarsRequested, this, &ValueFields::devVarsRequested);
    changeType();
}

ValueFields::Type ValueFields::type() const
{
    return static_cast<Type>(m_type->currentIndex());
}

void ValueFields::changeType()
{
    const Type now = type();
    // What was typed is not lost: it goes along where it makes sense.
    if (now == Json && m_before == Text && m_json->text().isEmpty() && !m_text->toPlainText().isEmpty()) {
        const QString typed = m_text->toPlainText();
        m_json->setText(checkJson(typed) ? fromUtf8(nlohmann::json(toUtf8(typed)).dump()) : typed);
    } else if (now == Text && m_before == Json && m_text->toPlainText().isEmpty()) {
        const nlohmann::json value = nlohmann::json::parse(toUtf8(m_json->text()), nullptr, false);
        m_text->setPlainText(value.is_string() ? fromUtf8(value.get<std::string>()) : m_json->text());
    } else if (now == Secret && m_before != Secret && m_secret->text().isEmpty()) {
        m_secret->setText(m_before == Text ? m_text->toPlainText() : m_json->text());
    }
    m_before = now;
    m_textPart->setVisible(now == Text);
    m_jsonPart->setVisible(now == Json);
    m_secret->setVisible(now == Secret);
    setSizePolicy(QSizePolicy::Preferred, now == Secret ? QSizePolicy::Maximum : QSizePolicy::Expanding);
    Q_EMIT edited();
}

void ValueFields::setValues(const EntryDraft &draft)
{
    const bool secret = draft.sort == EntryDraft::Sort::Secret;
    const bool json = draft.variable.kind == config::Variable::Kind::Json;
    if (!secret)
        json ? m_json->setText(formatJson(fromUtf8(draft.variable.value))) : m_text->setPlainText(fromUtf8(draft.variable.value));
    m_before = secret ? Secret : json ? Json : Text;
    m_type->setCurrentIndex(m_before);
    const bool stays = secret && !draft.original.empty();
    m_type->setEnabled(!stays);
    m_secret->setMode(stays ? SecretField::Mode::Replace : SecretField::Mode::New);
    changeType();
}

EntryDraft ValueFields::applied(EntryDraft draft) const
{
    const bool wasVariable = draft.sort == EntryDraft::Sort::Variable;
    switch (type()) {
    case Text:
        draft.sort = EntryDraft::Sort::Variable;
        draft.variable.kind = config::Variable::Kind::Text;
        draft.variable.value = toUtf8(m_text->toPlainText());
        break;
    case Json: {
        draft.sort = EntryDraft::Sort::Variable;
        const bool same = draft.variable.kind == config::Variable::Kind::Json && formatJson(fromUtf8(draft.variable.value)) == formatJson(m_json->text());
        draft.variable.kind = config::Variable::Kind::Json;
        if (!same)
            draft.variable.value = toUtf8(m_json->text().trimmed());
        break;
    }
    case Secret:
        draft.sort = EntryDraft::Sort::Secret;
        draft.variable.value.clear();
        draft.secret = secrets::SecretText(toUtf8(m_secret->text()));
        draft.replaces = wasVariable && !draft.original.empty() ? EntryDraft::Replaces::Variable : EntryDraft::Replaces::Nothing;
        break;
    }
    return draft;
}

void ValueFields::setKeychain(EntryAccess::Keychain state, const base::Error &error, const QString &fileName)
{
    m_secret->setKeychain(state, error, fileName);
}

void ValueFields::setDevVarsFiles(const QStringList &files)
{
    m_secret->setDevVarsFiles(files);
}

void ValueFields::forgetSecret()
{
    m_secret->forget();
}

} // namespace cleat::ui
