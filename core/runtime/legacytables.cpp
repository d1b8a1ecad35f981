// SPDX-License-Identifier: GPL-3.0-or-later
// ICU has converters for nearly all of the Encoding standard's tables; what it has otherwise is corrected here, by what workerd decodes.
#include "core/runtime/legacytables.h"

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/utf16.h>

#include <memory>
#include <span>
#include <string>
#include <utility>

namespace cleat::runtime {

namespace {

/// One of ICU's converters. Without it (an ICU that was built without its data) all is nothing.
class Converter final
{
public:
    explicit Converter(const std::string &name)
    {
        UErrorCode error = U_ZERO_ERROR;
        m_converter.reset(ucnv_open(name.c_str(), &error));
        if (m_converter)
            ucnv_setToUCallBack(m_converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr, &error);
    }

    /// The one code point that these bytes stand for, or 0.
    char32_t one(std::string_view bytes)
    {
        if (!m_converter)
            return 0;
        UErrorCode error = U_ZERO_ERROR;
        std::array<UChar, 8> units{};
        ucnv_reset(m_converter.get());
        const int length = ucnv_toUChars(m_converter.get(), units.data(), static_cast<int>(units.size()), bytes.data(), static_cast<int>(bytes.size()), &error);
        if (U_FAILURE(error) || length == 0)
            return 0;
        int at = 0;
        UChar32 c = 0;
        U16_NEXT(units, at, length, c);
        return at == length ? static_cast<char32_t>(c) : 0;
    }

private:
    struct Close {
        void operator()(UConverter *converter) const { ucnv_close(converter); }
    };
    std::unique_ptr<UConverter, Close> m_converter;
};

using Correction = std::pair<std::uint16_t, char16_t>;

bool isPrivate(char32_t c)
{
    return c >= 0xE000 && c <= 0xF8FF;
}

/// All pairs with leads from `first` to `last`. `prefix` stands before each.
PairTable pairs(const std::string &name, int first, int last, int firstTrail, std::string_view prefix, std::span<const Correction> corrections)
{
    PairTable table(0x10000, 0);
    Converter converter(name);
    std::string bytes(prefix);
    bytes += "  ";
    for (int lead = first; lead <= last; ++lead) {
        for (int trail = firstTrail; trail <= 0xFE; ++trail) {
            bytes[prefix.size()] = static_cast<char>(lead);
            bytes[prefix.size() + 1] = static_cast<char>(trail);
            table[static_cast<std::size_t>(lead << 8 | trail)] = converter.one(bytes);
        }
    }
    for (const auto &[code, c] : corrections)
        table[code] = c;
    return table;
}

constexpr Correction gbCorrections[] = {{0xA3A0, 0x3000}};

// Characters of Hong Kong and the standard's own additions.
constexpr Correction big5Corrections[] = {
    {0x87A4, 0x9F97}, {0x87AC, 0x9F96}, {0x8840, 0x31C0}, {0x8841, 0x31C1}, {0x8842, 0x31C2}, {0x8843, 0x31C3}, {0x8844, 0x31C4}, {0x8846, 0x31C5},
    {0x8849, 0x31C6}, {0x884A, 0x31C7}, {0x884D, 0x31C8}, {0x884F, 0x31C9}, {0x8850, 0x31CA}, {0x8851, 0x31CB}, {0x8852, 0x31CC}, {0x8854, 0x31CD},
    {0x8855, 0x31CE}, {0x88A9, 0x23DA}, {0x88AA, 0x23DB}, {0x8C43, 0x9FA6}, {0x8C6D, 0x9FA7}, {0x8C74, 0x9FA8}, {0x8CB7, 0x9FA9}, {0x8CB9, 0x9FAA},
    {0x8CBB, 0x9FAB}, {0x8CC0, 0x9FAC}, {0x8CD7, 0x9FAD}, {0x8CD8, 0x9FAE}, {0x8CDA, 0x9FAF}, {0x8CED, 0x9FB2}, {0x8D48, 0x9FB3}, {0x8E69, 0x7BB8},
    {0x8E6F, 0x7C06}, {0x8E7E, 0x7CCE}, {0x8EAB, 0x7DD2}, {0x8EB4, 0x7E1D}, {0x8ECD, 0x8005}, {0x8ED0, 0x8028}, {0x8F57, 0x83C1}, {0x8F69, 0x84A8},
    {0x8F6E, 0x840F}, {0x8FCB, 0x89A6}, {0x8FCC, 0x89A9}, {0x8FFE, 0x8D77}, {0x906D, 0x90FD}, {0x907A, 0x92B9}, {0x90DC, 0x975C}, {0x90F1, 0x97FF},
    {0x91BF, 0x9F16}, {0x9244, 0x8503}, {0x92AF, 0x5159}, {0x92B0, 0x515B}, {0x92B1, 0x515D}, {0x92B2, 0x515E}, {0x92C8, 0x936E}, {0x92D1, 0x7479},
    {0x9447, 0x6D67}, {0x94CA, 0x799B}, {0x95D9, 0x9097}, {0x9644, 0x975D}, {0x96ED, 0x701E}, {0x96FC, 0x5B28}, {0x9B76, 0x7201}, {0x9B78, 0x77D7},
    {0x9B7B, 0x7E87}, {0x9BC6, 0x99D6}, {0x9BDE, 0x91D4}, {0x9BEC, 0x60DE}, {0x9BF6, 0x6FB6}, {0x9C42, 0x8F36}, {0x9C53, 0x4FBB}, {0x9C62, 0x71DF},
    {0x9C68, 0x9104}, {0x9C6B, 0x9DF0}, {0x9C77, 0x83CF}, {0x9CBC, 0x5C10}, {0x9CBD, 0x79E3}, {0x9CD0, 0x5A67}, {0x9D57, 0x8F0B}, {0x9D5A, 0x7B51},
    {0x9DC4, 0x62D0}, {0x9EA9, 0x6062}, {0x9EEF, 0x75F9}, {0x9EFD, 0x6C4A}, {0x9F60, 0x9B2E}, {0x9F66, 0x9F17}, {0x9FCB, 0x50ED}, {0x9FD8, 0x5F0C},
    {0xA063, 0x880F}, {0xA077, 0x62CE}, {0xA0D5, 0x7468}, {0xA0DF, 0x7162}, {0xA0E4, 0x7250}, {0xA3C0, 0x2400}, {0xA3C1, 0x2401}, {0xA3C2, 0x2402},
    {0xA3C3, 0x2403}, {0xA3C4, 0x2404}, {0xA3C5, 0x2405}, {0xA3C6, 0x2406}, {0xA3C7, 0x2407}, {0xA3C8, 0x2408}, {0xA3C9, 0x2409}, {0xA3CA, 0x240A},
    {0xA3CB, 0x240B}, {0xA3CC, 0x240C}, {0xA3CD, 0x240D}, {0xA3CE, 0x240E}, {0xA3CF, 0x240F}, {0xA3D0, 0x2410}, {0xA3D1, 0x2411}, {0xA3D2, 0x2412},
    {0xA3D3, 0x2413}, {0xA3D4, 0x2414}, {0xA3D5, 0x2415}, {0xA3D6, 0x2416}, {0xA3D7, 0x2417}, {0xA3D8, 0x2418}, {0xA3D9, 0x2419}, {0xA3DA, 0x241A},
    {0xA3DB, 0x241B}, {0xA3DC, 0x241C}, {0xA3DD, 0x241D}, {0xA3DE, 0x241E}, {0xA3DF, 0x241F}, {0xA3E0, 0x2421}, {0xC6CF, 0x5EF4}, {0xC6D3, 0x65E0},
    {0xC6D5, 0x7676}, {0xC6D7, 0x96B6}, {0xC6DE, 0x3003}, {0xC6DF, 0x4EDD}, {0xC879, 0x31CF}, {0xC8A1, 0x9FB0}, {0xC8A3, 0x9FB1}, {0xFA5F, 0x5029},
    {0xFA66, 0x507D}, {0xFABD, 0x5305}, {0xFAC5, 0x5344}, {0xFAD5, 0x537F}, {0xFB48, 0x5605}, {0xFBB8, 0x5A77}, {0xFBF3, 0x5E75}, {0xFBF9, 0x5ED0},
    {0xFC4F, 0x5F58}, {0xFC6C, 0x60A4}, {0xFCB9, 0x6490}, {0xFCE2, 0x6674}, {0xFCF1, 0x675E}, {0xFDB7, 0x6C9C}, {0xFDB8, 0x6E1D}, {0xFDBB, 0x6E2F},
    {0xFDF1, 0x716E}, {0xFE52, 0x732A}, {0xFE6F, 0x745C}, {0xFEAA, 0x74E9}, {0xFEDD, 0x7809},
};

void withoutPrivate(PairTable &table)
{
    for (char32_t &c : table) {
        if (isPrivate(c))
            c = 0;
    }
}

constexpr std::u16string_view latin10 = u"\u00A0\u0104\u0105\u0141\u20AC\u201E\u0160\u00A7\u0161\u00A9\u0218\u00AB\u0179\u00AD\u017A\u017B\u00B0\u00B1\u010C\u0142\u017D\u201D\u00B6\u00B7\u017E"
                                        u"\u010D\u0219\u00BB\u0152\u0153\u0178\u017C\u00C0\u00C1\u00C2\u0102\u00C4\u0106\u00C6\u00C7\u00C8\u00C9\u00CA\u00CB\u00CC\u00CD\u00CE\u00CF\u0110\u0143"
                                        u"\u00D2\u00D3\u00D4\u0150\u00D6\u015A\u0170\u00D9\u00DA\u00DB\u00DC\u0118\u021A\u00DF\u00E0\u00E1\u00E2\u0103\u00E4\u0107\u00E6\u00E7\u00E8\u00E9\u00EA"
                                        u"\u00EB\u00EC\u00ED\u00EE\u00EF\u0111\u0144\u00F2\u00F3\u00F4\u0151\u00F6\u015B\u0171\u00F9\u00FA\u00FB\u00FC\u0119\u021B\u00FF";
static_assert(latin10.size() == 96);

constexpr std::string_view singles[] = {"ibm866", "iso-8859-2", "iso-8859-3", "iso-8859-4", "iso-8859-5", "iso-8859-6", "iso-8859-7", "iso-8859-8", "iso-8859-8-i", "iso-8859-10", "iso-8859-13",
    "iso-8859-14", "iso-8859-15", "iso-8859-16", "koi8-r", "koi8-u", "macintosh", "windows-874", "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "x-mac-cyrillic", "x-user-defined"};

} // namespace

std::optional<HighHalf> highHalf(std::string_view name)
{
    bool known = false;
    for (const std::string_view single : singles)
        known = known || single == name;
    if (!known)
        return std::nullopt;
    HighHalf half{};
    const auto set = [&](int byte, char16_t c) { half[static_cast<std::size_t>(byte - 0x80)] = c; };
    if (name == "x-user-defined") {
        for (int byte = 0x80; byte < 0x100; ++byte)
            set(byte, static_cast<char16_t>(0xF700 + byte));
        return half;
    }
    if (name == "iso-8859-16") {
        for (int byte = 0x80; byte < 0x100; ++byte)
            set(byte, byte < 0xA0 ? static_cast<char16_t>(byte) : latin10[static_cast<std::size_t>(byte - 0xA0)]);
        return half;
    }
    Converter converter{std::string(name)};
    for (int byte = 0x80; byte < 0x100; ++byte) {
        const char one = static_cast<char>(byte);
        const char32_t c = converter.one(std::string_view(&one, 1));
        set(byte, name == "windows-874" && isPrivate(c) ? u'\0' : static_cast<char16_t>(c));
    }
    if (name == "koi8-u") {
        set(0xAE, u'\u045E');
        set(0xBE, u'\u040E');
    } else if (name == "windows-1253") {
        set(0xAA, u'\0');
    } else if (name == "windows-1255") {
        set(0xCA, u'\u05BA');
    }
    return half;
}

const PairTable &gb18030Pairs()
{
    static const PairTable table = pairs("gb18030", 0x81, 0xFE, 0x40, {}, gbCorrections);
    return table;
}

const PairTable &big5Pairs()
{
    static const PairTable table = [] {
        PairTable made = pairs("ibm-1375_P100-2008", 0x87, 0xFE, 0x40, {}, {});
        withoutPrivate(made);
        for (const auto &[code, c] : big5Corrections)
            made[code] = c;
        return made;
    }();
    return table;
}

const PairTable &eucJpPairs()
{
    static const PairTable table = [] {
        PairTable made = pairs("euc-jp-2007", 0xA1, 0xFE, 0xA1, {}, {});
        withoutPrivate(made);
        return made;
    }();
    return table;
}

const PairTable &jis0212Pairs()
{
    static const PairTable table = [] {
        PairTable made = pairs("euc-jp-2007", 0xA1, 0xFE, 0xA1, "\x8F", {});
        withoutPrivate(made);
        for (std::size_t code = 0xF3A1; code <= 0xF3B4; ++code)
            made[code] = 0;
        made[0xF3B7] = 0;
        return made;
    }();
    return table;
}

const PairTable &shiftJisPairs()
{
    static const PairTable table = [] {
        PairTable made = pairs("ibm-943_P15A-2003", 0x81, 0xFC, 0x40, {}, {});
        for (std::size_t code = 0xF940; code <= 0xF9FF; ++code)
            made[code] = 0;
        return made;
    }();
    return table;
}

const PairTable &eucKrPairs()
{
    static const PairTable table = [] {
        PairTable made = pairs("windows-949-2000", 0x81, 0xFE, 0x41, {}, {});
        withoutPrivate(made);
        return made;
    }();
    return table;
}

char32_t gb18030Four(std::uint32_t number)
{
    constexpr std::uint32_t lastInPlane = 39419;
    constexpr std::uint32_t firstBeyond = 189000;
    if (number >= firstBeyond)
        return number - firstBeyond <= 0xFFFFF ? 0x10000 + number - firstBeyond : 0;
    if (number > lastInPlane)
        return 0;
    static const std::vector<char16_t> table = [] {
        std::vector<char16_t> made(lastInPlane + 1);
        Converter converter("gb18030");
        for (std::uint32_t i = 0; i <= lastInPlane; ++i) {
            const std::array bytes{static_cast<char>(0x81 + i / 12600), static_cast<char>(0x30 + i / 1260 % 10), static_cast<char>(0x81 + i / 10 % 126), static_cast<char>(0x30 + i % 10)};
            made[i] = static_cast<char16_t>(converter.one({bytes.data(), bytes.size()}));
        }
        return made;
    }();
    return table[number];
}

} // namespace cleat::runtime
