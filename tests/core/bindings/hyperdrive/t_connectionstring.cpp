// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bindings/hyperdrive/connectionstring.h"

#include <QTest>

using namespace cleat::bindings::hyperdrive;

class ConnectionStringTest final : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void parts()
    {
        const auto parsed = parseConnectionString("  PostgreSQL://us%40er:p%2Fw%3A1@[::1]:6543/d%20b?sslmode=Verify-CA&sslrootcert=/etc/ca.pem&x=1#y ");
        QVERIFY(parsed.has_value());
        QCOMPARE(*parsed, (Database{Database::Protocol::Postgres, "postgresql", "us@er", "p/w:1", "[::1]", 6543, "d b", Encryption::TrustedAuthority, "/etc/ca.pem"}));
        QCOMPARE(connectionStringFor(*parsed, "abc.hyperdrive.local"), std::string("postgresql://us%40er:p%2Fw%3A1@abc.hyperdrive.local:6543/d%20b?sslmode=disable"));
        const auto mysql = parseConnectionString("mysql://root:p@w@localhost/data?sslrootcert=system");
        QVERIFY(mysql.has_value());
        QCOMPARE(*mysql, (Database{Database::Protocol::MySql, "mysql", "root", "p@w", "localhost", 3306, "data", Encryption::Never, {}}));
        QCOMPARE(connectionStringFor(*mysql, "h"), std::string("mysql://root:p%40w@h:3306/data?ssl-mode=disabled"));
        QCOMPARE(parseConnectionString("postgres://u:p@h/")->name, std::string());
        QCOMPARE(parseConnectionString("postgres://u:p@h:/d")->port, std::uint16_t{5432});
        QCOMPARE(parseConnectionString("postgres://u:100%@h/d")->password, std::string("100%"));
    }

    void encryption_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("encryption");
        const auto row = [](const char *text, Encryption encryption) { QTest::newRow(text) << QString::fromLatin1(text) << static_cast<int>(encryption); };
        row("postgres://u:p@h/d", Encryption::Never);
        row("postgres://u:p@h/d?sslmode=disable", Encryption::Never);
        row("postgres://u:p@h/d?sslmode=allow", Encryption::Never);
        row("postgres://u:p@h/d?sslmode=prefer", Encryption::IfOffered);
        row("postgres://u:p@h/d?sslmode=require", Encryption::Always);
        row("postgres://u:p@h/d?SSLMODE=VERIFY-FULL", Encryption::TrustedServer);
        row("postgres://u:p@h/d?ssl=true", Encryption::Never);
        row("mysql://u:p@h/d?ssl-mode=PREFERRED", Encryption::IfOffered);
        row("mysql://u:p@h/d?ssl=1", Encryption::Always);
        row("mysql://u:p@h/d?sslmode=required", Encryption::Always);
        row("mysql://u:p@h/d?ssl-mode=verify_ca", Encryption::TrustedAuthority);
        row("mysql://u:p@h/d?ssl-mode=VERIFY_IDENTITY&ssl=false", Encryption::TrustedServer);
        row("mysql://u:p@h/d?ssl-mode=require", Encryption::Never);
    }

    void encryption()
    {
        QFETCH(QString, text);
        QFETCH(int, encryption);
        const auto parsed = parseConnectionString(text.toStdString());
        QVERIFY(parsed.has_value());
        QCOMPARE(static_cast<int>(parsed->encryption), encryption);
    }

    void refused_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        const auto row = [](const char *text, const char *why) { QTest::newRow(text) << QString::fromLatin1(text) << QString::fromLatin1(why); };
        row("", "Invalid URL");
        row("localhost", "Invalid URL");
        row("://u:p@h/d", "Invalid URL");
        row("postgres://u:p@h:port/d", "Invalid URL");
        row("postgres://u:p@h:70000/d", "Invalid URL");
        row("postgres://u:p@[::1/d", "Invalid URL");
        row("postgres://u:p@a b/d", "Invalid URL");
        row("mongodb://u:p@h/d", "Only PostgreSQL-compatible");
        row("http://u:p@h/d", "Only PostgreSQL-compatible");
        row("postgres:///d", "You must provide a hostname");
        row("postgres:d", "You must provide a hostname");
        row("postgres://u:p@/d", "You must provide a hostname");
        row("postgres://u:p@h", "You must provide a database name");
        row("postgres://u:p@h?sslmode=require", "You must provide a database name");
        row("postgres://h/d", "You must provide a username");
        row("postgres://:p@h/d", "You must provide a username");
        row("postgres://u@h/d", "You must provide a password");
        row("postgres://u:@h/d", "You must provide a password");
    }

    void refused()
    {
        QFETCH(QString, text);
        QFETCH(QString, why);
        const auto parsed = parseConnectionString(text.toStdString());
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, std::string("hyperdrive.connection-string"));
        QVERIFY2(parsed.error().message.starts_with(why.toStdString()), parsed.error().message.c_str());
    }
};

QTEST_GUILESS_MAIN(ConnectionStringTest)
#include "t_connectionstring.moc"
