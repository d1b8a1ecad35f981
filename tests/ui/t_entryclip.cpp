// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bindings/entryclip.h"

#include "core/config/bindingkinds.h"

#include <QMimeData>
#include <QTest>

using namespace cleat;
using namespace Qt::StringLiterals;
using config::Field;
using config::Kind;
using config::Scope;

namespace {

config::Binding kv(std::string name, std::string id)
{
    config::Binding binding{Kind::KvNamespace, std::move(name), {}};
    binding.set("id", id);
    return binding;
}

ui::EntryClip sample()
{
    config::Binding service{Kind::Service, "API", {}};
    service.set("service", "api-worker");
    service.setJson("props", "{\"deep\":[1,2]}");
    return {"/home/me/site",
        {{kv("LIST", "id-1"), Scope::TopLevel}, {service, Scope::Preview}, {config::Variable{"URL", Field::Kind::Text, "https://ü.example"}, Scope::Production},
            {config::Variable{"MAX", Field::Kind::Json, "7"}, Scope::Production}}};
}

} // namespace

class TestEntryClip : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void roundTrip()
    {
        const auto back = ui::clipFromJson(ui::clipToJson(sample()));
        QVERIFY(back);
        QCOMPARE(*back, sample());
    }

    void everyKind()
    {
        ui::EntryClip clip;
        for (const config::BindingKind &kind : config::bindingKinds())
            clip.entries.push_back({config::Binding{kind.kind, "X" + std::to_string(clip.entries.size()), {}}, Scope::TopLevel});
        const auto back = ui::clipFromJson(ui::clipToJson(clip));
        QVERIFY(back);
        QCOMPARE(*back, clip);
    }

    void broken_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::addColumn<QString>("code");
        const QString broken = u"clip.broken"_s;
        QTest::newRow("nothing") << QByteArray() << broken;
        QTest::newRow("no JSON") << QByteArray("{\"version\":1,") << broken;
        QTest::newRow("a list") << QByteArray("[1]") << broken;
        QTest::newRow("a later version") << QByteArray(R"({"version":2,"project":"","entries":[]})") << broken;
        QTest::newRow("no entries") << QByteArray(R"({"version":1,"project":"","entries":[]})") << u"clip.empty"_s;
        QTest::newRow("unknown kind") << QByteArray(R"({"version":1,"project":"","entries":[{"scope":"preview","kind":"main","name":"A","fields":[]}]})") << broken;
        QTest::newRow("unknown set") << QByteArray(R"({"version":1,"project":"","entries":[{"scope":"staging","kind":"ai","name":"A","fields":[]}]})") << broken;
        QTest::newRow("a name of a wrong type") << QByteArray(R"({"version":1,"project":"","entries":[{"scope":"preview","kind":"ai","name":7,"fields":[]}]})") << broken;
        QTest::newRow("a field of a wrong type") << QByteArray(R"({"version":1,"project":"","entries":[{"scope":"preview","kind":"ai","name":"A","fields":["x"]}]})") << broken;
        QTest::newRow("deep") << QByteArray(100'000, '[') << broken;
    }

    void broken()
    {
        QFETCH(QByteArray, json);
        QFETCH(QString, code);
        const auto clip = ui::clipFromJson(json);
        QVERIFY(!clip);
        QCOMPARE(QString::fromStdString(clip.error().code), code);
    }

    void textOfTheFile()
    {
        const auto values = sample().values();
        QCOMPARE(QString::fromStdString(ui::clipToText(std::span(values).first(1), config::Form::Toml)), u"[[kv_namespaces]]\nbinding = \"LIST\"\nid = \"id-1\"\n"_s);
        for (const config::Form form : {config::Form::Toml, config::Form::Jsonc}) {
            const std::string text = ui::clipToText(values, form);
            const auto config = config::readWranglerFile(text, form, {});
            QVERIFY2(config, text.c_str());
            QCOMPARE(config->topLevel.bindings.size(), std::size_t(2));
            QCOMPARE(config->topLevel.bindings[1].value, std::get<config::Binding>(values[1]));
            QCOMPARE(config->topLevel.variables.size(), std::size_t(2));
            const auto back = ui::clipFromText(text);
            QVERIFY(back);
            QCOMPARE(back->values(), values);
        }
    }

    void textLeavesOutWhatCannotStandThere()
    {
        const std::vector<ui::Entry> twice{kv("A", "1"), kv("A", "2"), kv("B", "3")};
        const auto back = ui::clipFromText(ui::clipToText(twice, config::Form::Toml));
        QVERIFY(back);
        QCOMPARE(back->values(), (std::vector<ui::Entry>{kv("A", "1"), kv("B", "3")}));
    }

    void textFromElsewhere()
    {
        const auto clip = ui::clipFromText("kv_namespaces = [\n  { binding = \"TODO\", id = \"<YOUR_ID>\" }\n]\n");
        QVERIFY(clip);
        QCOMPARE(clip->values(), (std::vector<ui::Entry>{kv("TODO", "<YOUR_ID>")}));
        QVERIFY(!ui::clipFromText("Just some words."));
        QVERIFY(!ui::clipFromText("name = \"site\"\n"));
        QVERIFY(!ui::clipFromText({}));
    }

    void mime()
    {
        const auto data = ui::mimeOf(sample(), config::Form::Toml);
        QVERIFY(ui::mayHoldClip(*data));
        QVERIFY(data->text().startsWith(u"[[kv_namespaces]]\nbinding = \"LIST\""_s));
        const auto clip = ui::clipOf(*data);
        QVERIFY(clip);
        QCOMPARE(*clip, sample());
        QMimeData text;
        text.setText(data->text());
        const auto fromText = ui::clipOf(text);
        QVERIFY(fromText);
        QCOMPARE(fromText->project, std::string());
        QMimeData files;
        files.setUrls({QUrl(u"file:///tmp/x"_s)});
        QVERIFY(!ui::mayHoldClip(files));
        QCOMPARE(ui::clipOf(QMimeData()).error().code, std::string("clip.empty"));
    }
};

QTEST_MAIN(TestEntryClip)
#include "t_entryclip.moc"
