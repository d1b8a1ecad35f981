// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/runtime/contentdecoder.h"

#include <QTest>

#include <zlib.h>

using cleat::runtime::ContentDecoder;

class ContentDecoderTest final : public QObject
{
    Q_OBJECT

    static std::string gzipped(const std::string &plain)
    {
        z_stream stream{};
        if (deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
            return {};
        std::string packed(deflateBound(&stream, plain.size()), '\0');
        stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(plain.data()));
        stream.avail_in = static_cast<uInt>(plain.size());
        stream.next_out = reinterpret_cast<Bytef *>(packed.data());
        stream.avail_out = static_cast<uInt>(packed.size());
        deflate(&stream, Z_FINISH);
        packed.resize(stream.total_out);
        deflateEnd(&stream);
        return packed;
    }

    static std::string decoded(ContentDecoder &decoder, const std::string &bytes, std::size_t step)
    {
        std::string all;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            const auto piece = decoder.decode(std::string_view(bytes).substr(at, step));
            if (!piece)
                return "failed: " + piece.error().message;
            all += *piece;
        }
        return all;
    }

private Q_SLOTS:
    void names()
    {
        for (const char *name : {"gzip", "GZIP", " gzip\t", "br", "Br"})
            QVERIFY(ContentDecoder::create(name));
        for (const char *name : {"", "identity", "deflate", "zstd", "gzip, br", "x-gzip", "gzipp", "b r x"})
            QVERIFY2(!ContentDecoder::create(name), name);
    }

    void gzip_data()
    {
        QTest::addColumn<int>("step");
        for (const int step : {1, 7, 1000, 1 << 20})
            QTest::newRow(qPrintable(QString::number(step))) << step;
    }

    void gzip()
    {
        QFETCH(int, step);
        std::string plain;
        for (int i = 0; i < 20000; ++i)
            plain += std::to_string(i * 7919 % 10007) + ',';
        for (const std::string &text : {std::string(), std::string("x"), plain, std::string(1 << 20, 'a')}) {
            const auto decoder = ContentDecoder::create("gzip");
            QVERIFY(decoder->isComplete()); // nothing at all is an empty body
            QVERIFY(decoded(*decoder, gzipped(text), static_cast<std::size_t>(step)) == text);
            QVERIFY(decoder->isComplete());
        }
    }

    void membersAndWhatFollows()
    {
        for (const std::size_t step : {std::size_t(1), std::size_t(5), std::size_t(1000)}) {
            const auto decoder = ContentDecoder::create("gzip");
            QCOMPARE(decoded(*decoder, gzipped("one ") + gzipped("two ") + gzipped("three") + "junk", step), std::string("one two three"));
            QVERIFY(decoder->isComplete());
        }
    }

    void broken()
    {
        const std::string whole = gzipped("a text that is long enough to be cut in the middle");
        const auto cut = ContentDecoder::create("gzip");
        decoded(*cut, whole.substr(0, whole.size() / 2), 3);
        QVERIFY(!cut->isComplete());
        QCOMPARE(decoded(*ContentDecoder::create("gzip"), "this is no gzip", 4), std::string("failed: Gzip decompression failed."));
        std::string bent = whole;
        bent[bent.size() - 6] = static_cast<char>(bent[bent.size() - 6] ^ 1); // the checksum
        QVERIFY(decoded(*ContentDecoder::create("gzip"), bent, 1000).starts_with("failed: "));
        QVERIFY(decoded(*ContentDecoder::create("br"), "\xff\xff\xff\xff\xff\xff", 2).starts_with("failed: "));
    }
};

QTEST_GUILESS_MAIN(ContentDecoderTest)
#include "t_contentdecoder.moc"
