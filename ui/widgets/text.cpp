// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/text.h"

#include "core/base/json.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QFileInfo>
#include <QLocale>

#include <nlohmann/json.hpp>

#include <array>

namespace cleat::ui {

using namespace Qt::StringLiterals;

namespace {

struct Words {
    Q_DECLARE_TR_FUNCTIONS(cleat::ui::Text)
};

} // namespace

QString fromUtf8(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

std::string toUtf8(const QString &text)
{
    return text.toStdString();
}

QString fromPath(const std::filesystem::path &path)
{
    return QFile::decodeName(QByteArray::fromStdString(path.native()));
}

std::filesystem::path toPath(const QString &text)
{
    return QFile::encodeName(text).toStdString();
}

QString formatBytes(std::uint64_t bytes)
{
    const QLocale locale;
    if (bytes < 1000)
        return Words::tr("%1 B").arg(bytes);
    static constexpr std::array units = {"kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes) / 1000;
    std::size_t unit = 0;
    while (value >= 999.5 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return locale.toString(value, 'f', value < 99.95 ? 1 : 0) + u' ' + QLatin1StringView(units[unit]);
}

QString formatDuration(std::uint32_t us)
{
    const QLocale locale;
    if (us < 1000)
        return Words::tr("%1 µs").arg(us);
    if (us < 999'500)
        return Words::tr("%1 ms").arg(locale.toString(us / 1000.0, 'f', us < 99'950 ? 1 : 0));
    return Words::tr("%1 s").arg(locale.toString(us / 1'000'000.0, 'f', 2));
}

QString formatTime(std::int64_t us)
{
    return QDateTime::fromMSecsSinceEpoch(us / 1000).time().toString(u"HH:mm:ss.zzz"_s);
}

QString formatPlace(const base::Place &place)
{
    QString text = QFileInfo(fromUtf8(place.file)).fileName();
    if (place.line > 0)
        text += (text.isEmpty() ? Words::tr("line %1") : u":%1"_s).arg(place.line);
    if (place.line > 0 && place.column > 0 && !place.file.empty())
        text += u":%1"_s.arg(place.column);
    return text;
}

QString formatError(const base::Error &error)
{
    if (error.code == "name.empty")
        return Words::tr("Type a name.");
    if (error.code == "config.changed-outside")
        return Words::tr("The file was changed outside of Cleat, so this step cannot be undone or redone any more.");
    if (error.code == "config.edit.unsafe")
        return Words::tr("Cleat cannot make this change without disturbing other parts of the file. Nothing was written; please edit the file by hand.");
    if (error.message.empty())
        return fromUtf8(error.code);
    return fromUtf8(error.message);
}

QString formatPlacedError(const base::Error &error)
{
    const QString place = formatPlace(error.place);
    QString message = formatError(error);
    if (place.isEmpty() || (error.place.line == 0 && message.contains(fromUtf8(error.place.file))))
        return message;
    const QString told = u"%1, line %2, column %3: "_s.arg(fromUtf8(error.place.file)).arg(error.place.line).arg(error.place.column);
    if (message.startsWith(told))
        message.remove(0, told.size());
    return u"%1: %2"_s.arg(place, message);
}

QString prettyJson(std::string_view text)
{
    const base::Json json = base::Json::parse(text, nullptr, false);
    if (json.is_discarded())
        return fromUtf8(text);
    return fromUtf8(json.dump(2, ' ', false, base::Json::error_handler_t::replace));
}

QString oneLine(const QString &text, int limit)
{
    QString line = text.left(limit + 1);
    line.replace(u'\n', u' ').replace(u'\r', u' ').replace(u'\t', u' ');
    if (line.size() > limit)
        line = line.left(limit - 1) + u'…';
    return line;
}

} // namespace cleat::ui
