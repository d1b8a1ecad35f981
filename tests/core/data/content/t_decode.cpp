// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/content/decode.h"

#include <QTest>

#include <zlib.h>

#include <random>

using namespace cleat::data::content;
using End = Decoded::End;

namespace {

std::string packed(std::string_view text, int windowBits)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string result(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef *>(result.data());
    stream.avail_out = static_cast<uInt>(result.size());
    deflate(&stream, Z_FINISH);
    result.resize(result.size() - stream.avail_out);
    deflateEnd(&stream);
    return result;
}

std::string gzip(std::string_view text) { return packed(text, 15 + 16); }
std::string zlibbed(std::string_view text) { return packed(text, 15); }
std::string rawDeflate(std::string_view text) { return packed(text, -15); }

/// "Hello, Cleat! " eight times, by Python's and Google's brotli alike.
std::string hello()
{
    std::string text;
    for (int i = 0; i < 8; ++i)
        text += "Hello, Cleat! ";
    return text;
}

/// An uncompressed block of brotli (RFC 7932, 9.2), made by hand: window bits 16, MLEN of four nibbles, ISUNCOMPRESSED; then an empty last block.
std::string brotliOf(std::string_view text)
{
    const std::uint32_t length = static_cast<std::uint32_t>(text.size()) - 1; // at most 65536
    // bits: WBITS "0"; ISLAST 0; MNIBBLES 00; MLEN-1 in 16 bits; ISUNCOMPRESSED 1
    const std::uint64_t bits = (static_cast<std::uint64_t>(length) << 4) | (1ULL << 20);
    std::string result;
    for (int i = 0; i < 3; ++i)
        result += static_cast<char>(bits >> (8 * i));
    result += text;
    result += '\x03'; // ISLAST, ISLASTEMPTY
    return result;
}

} // namespace

class TestDecode : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void decodes_data()
    {
        QTest::addColumn<QByteArray>("encoding");
        QTest::addColumn<QByteArray>("input");
        QTest::addColumn<QByteArray>("output");
        QTest::addColumn<int>("end");
        const auto row = [](const char *name, const char *encoding, const std::string &input, const std::string &output, End end) {
            QTest::newRow(name) << QByteArray(encoding) << QByteArray::fromStdString(input) << QByteArray::fromStdString(output) << static_cast<int>(end);
        };
        const std::string text = hello();
        row("none", "", text, text, End::Whole);
        row("identity", " Identity ", text, text, End::Whole);
        row("gzip", "gzip", gzip(text), text, End::Whole);
        row("x-gzip, capitals", "X-GZip", gzip(text), text, End::Whole);
        row("gzip of nothing", "gzip", gzip(""), "", End::Whole);
        row("two members", "gzip", gzip("one ") + gzip("two"), "one two", End::Whole);
        row("padded", "gzip", gzip(text) + std::string(9, '\0'), text, End::Whole);
        row("rubbish behind", "gzip", gzip(text) + "rubbish", text, End::Damaged);
        row("deflate", "deflate", zlibbed(text), text, End::Whole);
        row("deflate without wrapping", "deflate", rawDeflate(text), text, End::Whole);
        row("brotli", "br", brotliOf(text), text, End::Whole);
        row("brotli, rubbish behind", "br", brotliOf(text) + "x", text, End::Damaged);
        row("two encodings", "deflate, gzip", gzip(zlibbed(text)), text, End::Whole);
        row("empty parts", ",gzip,,", gzip(text), text, End::Whole);
        row("no body", "gzip", "", "", End::Whole);
        row("not known", "zstd", text, text, End::Unknown);
        row("not known inside", "zstd, gzip", gzip(text), text, End::Unknown);
        row("five encodings", "gzip,gzip,gzip,gzip,gzip", text, text, End::Unknown);
        row("no gzip at all", "gzip", "plain text", "", End::Damaged);
        row("one byte", "gzip", "\x1f", "", End::CutOff);
        row("no brotli", "br", "\xff\xff\xff\xff", "", End::Damaged);
    }
    void decodes()
    {
        QFETCH(QByteArray, encoding);
        QFETCH(QByteArray, input);
        QFETCH(QByteArray, output);
        QFETCH(int, end);
        const Decoded got = decode(encoding.toStdString(), input.toStdString());
        QCOMPARE(QByteArray::fromStdString(got.bytes), output);
        QCOMPARE(static_cast<int>(got.end), end);
        if (got.end == End::Damaged)
            QVERIFY(got.at <= static_cast<std::size_t>(input.size()));
    }

    /// What was kept of a body is its beginning.
    void cutOff()
    {
        std::string text;
        std::mt19937 random(1);
        for (int i = 0; i < 50'000; ++i)
            text += static_cast<char>('a' + random() % 26);
        for (const auto &[encoding, whole] : {std::pair("gzip", gzip(text)), std::pair("deflate", zlibbed(text)), std::pair("br", brotliOf(text))}) {
            const Decoded got = decode(encoding, std::string_view(whole).substr(0, whole.size() / 2));
            QCOMPARE(got.end, End::CutOff);
            QVERIFY(got.bytes.size() > text.size() / 4);
            QVERIFY(text.starts_with(got.bytes));
        }
        const std::string twice = gzip(zlibbed(text));
        QCOMPARE(decode("deflate, gzip", std::string_view(twice).substr(0, twice.size() / 2)).end, End::CutOff);
    }

    void damaged()
    {
        std::string text(200'000, 'x');
        std::mt19937 random(2);
        for (char &c : text)
            c = static_cast<char>(random() % 7 + 'a');
        std::string bytes = gzip(text);
        bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 0x55);
        const Decoded got = decode("gzip", bytes);
        QCOMPARE(got.end, End::Damaged);
        QVERIFY(got.at >= bytes.size() / 2);
        QCOMPARE(got.encoding, std::string("gzip"));
    }

    /// A thousand to one, twice: 4 kB that stand for 4 GB.
    void bomb()
    {
        const std::string inner = gzip(std::string(64U << 20, '\0'));
        const Decoded once = decode("gzip", inner, 1U << 20);
        QCOMPARE(once.end, End::TooLarge);
        QCOMPARE(once.bytes.size(), std::size_t(1U << 20));
        std::string many;
        for (int i = 0; i < 64; ++i)
            many += inner;
        const Decoded twice = decode("gzip, gzip", gzip(many), 1U << 20);
        QCOMPARE(twice.end, End::TooLarge);
        QVERIFY(twice.bytes.size() <= (1U << 20));
    }

    /// Anything at all ends, within its bound.
    void anything()
    {
        std::mt19937 random(3);
        const std::string seeds[] = {gzip(hello()), zlibbed(hello()), rawDeflate(hello()), brotliOf(hello())};
        for (int i = 0; i < 20'000; ++i) {
            std::string bytes = seeds[random() % 4];
            for (unsigned n = random() % 4; n > 0; --n)
                bytes[random() % bytes.size()] = static_cast<char>(random());
            bytes.resize(random() % (bytes.size() + 1));
            const char *encodings[] = {"gzip", "deflate", "br", "br, gzip"};
            const Decoded got = decode(encodings[random() % 4], bytes, 10'000);
            QVERIFY(got.bytes.size() <= 10'000);
        }
    }
};

QTEST_APPLESS_MAIN(TestDecode)
#include "t_decode.moc"
