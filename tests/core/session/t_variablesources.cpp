// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/variablesources.h"

#include <QTest>

using namespace cleat;
using config::LocalSecrets;
using config::Placed;
using config::Variable;
using namespace session;
using Standing = VariableSource::Standing;

namespace {

QString shown(const std::vector<VariableSource> &sources)
{
    static const QStringList origins{QStringLiteral("pages"), QStringLiteral("wrangler"), QStringLiteral("devvars"), QStringLiteral("dotenv"), QStringLiteral("keychain"), QStringLiteral("flag")};
    QStringList out;
    for (const VariableSource &source : sources) {
        QString text = QString::fromStdString(source.name) + u' ' + origins[int(source.origin)];
        text += source.secrecy == VariableSource::Secrecy::Secret ? QStringLiteral(" secret") : u'=' + QString::fromStdString(source.value);
        if (source.place.line)
            text += QStringLiteral(" %1:%2").arg(QString::fromStdString(source.place.file)).arg(source.place.line);
        if (source.standing == Standing::Overridden)
            text += QStringLiteral(" overridden");
        if (source.standing == Standing::Missing)
            text += QStringLiteral(" missing");
        out << text;
    }
    return out.join(u'\n');
}

QString shown(const std::vector<Variable> &values)
{
    QStringList out;
    for (const Variable &value : values)
        out << QString::fromStdString(value.name + (value.kind == Variable::Kind::Json ? ":=" : "=") + value.value);
    return out.join(u' ');
}

} // namespace

class VariableSourcesTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void empty()
    {
        QVERIFY(variableSources({}).empty());
        QVERIFY(variableValues({}).empty());
        QVERIFY(secretValues({}).empty());
    }

    void everyOrigin()
    {
        const std::vector<Placed<Variable>> wrangler{{{"A", Variable::Kind::Text, "w"}, {"wrangler.toml", 3, 1}}, {{"J", Variable::Kind::Json, "{}"}, {"wrangler.toml", 4, 1}},
            {{"CF_PAGES", Variable::Kind::Text, "0"}, {"wrangler.toml", 5, 1}}};
        const std::vector<std::pair<std::string, secrets::SecretText>> keychain{{"A", secrets::SecretText("k")}, {"S", secrets::SecretText("s")}};
        const std::vector<std::pair<std::string, std::string>> flags{{"F", "f"}, {"J", "flag"}};
        VariableInputs inputs;
        inputs.pages = {{"CF_PAGES", "1"}};
        inputs.wrangler = wrangler;
        inputs.local = {{"A", "one", {".dev.vars", 1, 1}, LocalSecrets::Kind::DevVars, LocalSecrets::Standing::Overridden},
            {"A", "two", {".dev.vars", 2, 1}, LocalSecrets::Kind::DevVars, LocalSecrets::Standing::Wins}, {"L", "l", {".env", 7, 1}, LocalSecrets::Kind::DotEnv, LocalSecrets::Standing::Wins}};
        inputs.keychain = keychain;
        inputs.keychainNames = {"A", "L", "S"};
        inputs.flags = flags;
        QCOMPARE(shown(variableSources(inputs)),
            QStringLiteral("A wrangler=w wrangler.toml:3 overridden\n"
                           "A devvars secret .dev.vars:1 overridden\n"
                           "A devvars secret .dev.vars:2 overridden\n"
                           "A keychain secret\n"
                           "CF_PAGES pages=1 overridden\n"
                           "CF_PAGES wrangler=0 wrangler.toml:5\n"
                           "F flag=f\n"
                           "J wrangler={} wrangler.toml:4 overridden\n"
                           "J flag=flag\n"
                           "L dotenv secret .env:7\n"
                           "L keychain secret missing\n"
                           "S keychain secret"));
        QCOMPARE(shown(variableValues(inputs)), QStringLiteral("CF_PAGES=0 L=l A=k S=s F=f J=flag"));
        QCOMPARE(secretValues(inputs), (std::vector<std::pair<std::string, std::string>>{{"A", "one"}, {"A", "two"}, {"L", "l"}, {"A", "k"}, {"S", "s"}}));
    }

    void jsonStaysJson()
    {
        const std::vector<Placed<Variable>> wrangler{{{"J", Variable::Kind::Json, "[1]"}, {}}};
        VariableInputs inputs;
        inputs.wrangler = wrangler;
        QCOMPARE(shown(variableValues(inputs)), QStringLiteral("J:=[1]"));
    }

    void keychainThatGivesNothing()
    {
        VariableInputs inputs;
        inputs.keychainNames = {"A"};
        QCOMPARE(shown(variableSources(inputs)), QStringLiteral("A keychain secret missing"));
        QVERIFY(variableValues(inputs).empty());
        QVERIFY(secretValues(inputs).empty());
    }
};

QTEST_GUILESS_MAIN(VariableSourcesTest)
#include "t_variablesources.moc"
