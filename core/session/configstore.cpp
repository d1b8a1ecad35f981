// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/configstore.h"

#include "core/base/file.h"
#include "core/config/discovery.h"
#include "core/session/filewatch.h"

#include <QDate>

#include <vector>

namespace cleat::session {

namespace {

struct Step {
    std::string before;
    std::string after;
    QString what;
};

/// What Pages would take as the name of a project in this folder: small letters, digits and dashes.
std::string projectNameFor(const std::filesystem::path &folder)
{
    const std::string from = (folder.has_filename() ? folder : folder.parent_path()).filename().string();
    std::string name;
    for (const char c : from) {
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_')
            name += c;
        else if (c >= 'A' && c <= 'Z')
            name += static_cast<char>(c - 'A' + 'a');
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    while (name.ends_with('-'))
        name.pop_back();
    return name.empty() ? "site" : name;
}

} // namespace

class ConfigStore::Private
{
public:
    explicit Private(std::filesystem::path folder) : project(std::move(folder)), watch(30) {}

    /// Reads the file as it is on disk now; true when something that callers see has changed.
    bool load();
    base::Result<void> write(const std::string &text);
    base::Result<void> travel(std::vector<Step> &from, std::vector<Step> &to, std::string Step::*expected, std::string Step::*wanted);
    void rewatch();

    const std::filesystem::path project;
    std::filesystem::path path;
    Status status = Status::Missing;
    base::Error error;
    std::string text;
    config::WranglerConfig config;
    std::vector<Step> undo;
    std::vector<Step> redo;
    FileWatch watch;
};

bool ConfigStore::Private::load()
{
    const Status oldStatus = status;
    const base::Error oldError = error;
    const std::string oldText = text;
    const std::filesystem::path oldPath = path;
    error = {};
    const auto found = config::findWranglerFile(project);
    if (!found) {
        status = Status::Missing;
        path = project / "wrangler.toml";
        text.clear();
        config = {};
    } else {
        path = *found;
        auto read = base::readFile(path);
        if (!read) {
            status = Status::Broken;
            error = read.error();
        } else {
            text = std::move(*read);
            if (path.extension() != ".toml") {
                status = Status::Broken;
                error = {"config.form", path.filename().string() + " is in JSON, and this version of Cleat reads and edits wrangler.toml only. The file is not touched.",
                    {path.string()}};
            } else if (auto parsed = config::readWranglerToml(text, path.string()); parsed) {
                status = Status::Readable;
                config = std::move(*parsed);
            } else {
                status = Status::Broken;
                error = parsed.error();
            }
        }
    }
    return status != oldStatus || error != oldError || text != oldText || path != oldPath;
}

base::Result<void> ConfigStore::Private::write(const std::string &newText)
{
    auto written = base::writeFileAtomically(path, newText);
    if (written)
        load();
    rewatch();
    return written;
}

void ConfigStore::Private::rewatch()
{
    watch.watch({path, path.parent_path(), project});
}

base::Result<void> ConfigStore::Private::travel(std::vector<Step> &from, std::vector<Step> &to, std::string Step::*expected, std::string Step::*wanted)
{
    if (from.empty())
        return {};
    const auto now = base::readFile(path);
    if (!now && now.error().code != "file.missing")
        return std::unexpected(now.error());
    if (!now || *now != from.back().*expected) {
        undo.clear();
        redo.clear();
        load();
        return base::fail("config.changed-outside", path.filename().string() + " was changed by another program since, so this step cannot be taken back. The file is as it was left there.",
            {path.string()});
    }
    Step step = from.back();
    if (auto written = write(step.*wanted); !written)
        return written;
    from.pop_back();
    to.push_back(std::move(step));
    return {};
}

ConfigStore::ConfigStore(std::filesystem::path project, QObject *parent) : QObject(parent), d(std::make_unique<Private>(std::move(project)))
{
    d->load();
    d->rewatch();
    connect(&d->watch, &FileWatch::changed, this, [this] {
        const std::string before = d->text;
        if (!d->load())
            return;
        if (d->text != before) {
            d->undo.clear();
            d->redo.clear();
        }
        d->rewatch();
        Q_EMIT changed();
    });
}

ConfigStore::~ConfigStore() = default;

ConfigStore::Status ConfigStore::status() const
{
    return d->status;
}

base::Error ConfigStore::error() const
{
    return d->error;
}

std::filesystem::path ConfigStore::path() const
{
    return d->path;
}

std::string ConfigStore::text() const
{
    return d->text;
}

const config::WranglerConfig &ConfigStore::config() const
{
    return d->config;
}

base::Result<std::string> ConfigStore::preview(const config::Edit &edit) const
{
    if (d->status != Status::Readable)
        return std::unexpected(d->status == Status::Missing ? base::Error{"config.missing", "The project has no Wrangler file yet. Create one first.", {}} : d->error);
    return config::applyEdit(d->text, edit);
}

base::Result<void> ConfigStore::apply(const config::Edit &edit, const QString &what)
{
    // On top of what is on disk now, not of what was there when the panel was drawn.
    const std::string before = d->text;
    if (d->load()) {
        if (d->text != before) {
            d->undo.clear();
            d->redo.clear();
        }
        Q_EMIT changed();
    }
    const auto text = preview(edit);
    if (!text)
        return std::unexpected(text.error());
    if (*text == d->text)
        return {};
    Step step{d->text, *text, what};
    if (auto written = d->write(*text); !written)
        return written;
    d->undo.push_back(std::move(step));
    d->redo.clear();
    Q_EMIT changed();
    return {};
}

base::Result<void> ConfigStore::create(const std::string &outputDir)
{
    d->load();
    if (d->status != Status::Missing)
        return base::fail("config.exists", "The project has a Wrangler file already: " + d->path.string() + ".", {d->path.string()});
    const std::string date = QDate::currentDate().toString(Qt::ISODate).toStdString();
    const std::string text = config::newWranglerToml(projectNameFor(d->project), outputDir, date);
    if (auto written = d->write(text); !written)
        return written;
    Q_EMIT changed();
    return {};
}

bool ConfigStore::canUndo() const
{
    return !d->undo.empty();
}

bool ConfigStore::canRedo() const
{
    return !d->redo.empty();
}

QString ConfigStore::undoText() const
{
    return d->undo.empty() ? QString() : d->undo.back().what;
}

QString ConfigStore::redoText() const
{
    return d->redo.empty() ? QString() : d->redo.back().what;
}

base::Result<void> ConfigStore::undo()
{
    const auto result = d->travel(d->undo, d->redo, &Step::after, &Step::before);
    Q_EMIT changed();
    return result;
}

base::Result<void> ConfigStore::redo()
{
    const auto result = d->travel(d->redo, d->undo, &Step::before, &Step::after);
    Q_EMIT changed();
    return result;
}

} // namespace cleat::session
