// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/configstore.h"

#include "core/base/file.h"
#include "core/config/discovery.h"
#include "core/config/merge.h"
#include "core/session/filewatch.h"

#include <QDate>

#include <algorithm>
#include <utility>
#include <vector>

namespace cleat::session {

namespace {

using Text = std::shared_ptr<const std::string>; ///< steps that follow each other share theirs

struct Step {
    Text before;
    Text after;
    QString what;
};

Text shared(std::string text)
{
    return std::make_shared<const std::string>(std::move(text));
}

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

/// Whether an entry that `edit` changes or removes is another in `now` than it was in `then`.
struct Touched {
    const config::WranglerConfig &then;
    const config::WranglerConfig &now;

    template <typename T>
    static bool differ(const config::Placed<T> *a, const config::Placed<T> *b)
    {
        return (a == nullptr) != (b == nullptr) || (a && !(a->value == b->value));
    }
    bool operator()(const config::AddBinding &) const { return false; } // a name that is taken by now is told as such
    bool operator()(const config::AddVariable &) const { return false; }
    bool operator()(const config::ChangeBinding &e) const { return binding(e.scope, e.kind, e.name); }
    bool operator()(const config::RemoveBinding &e) const { return binding(e.scope, e.kind, e.name); }
    bool operator()(const config::ChangeVariable &e) const { return variable(e.scope, e.name); }
    bool operator()(const config::RemoveVariable &e) const { return variable(e.scope, e.name); }

    bool binding(config::Scope scope, config::Kind kind, const std::string &name) const
    {
        return differ(then.set(scope).binding(kind, name), now.set(scope).binding(kind, name));
    }
    bool variable(config::Scope scope, const std::string &name) const { return differ(then.set(scope).variable(name), now.set(scope).variable(name)); }
};

} // namespace

class ConfigStore::Private
{
public:
    Private(ConfigStore &store, std::filesystem::path folder) : q(store), project(std::move(folder)), watch(30) {}

    /// Reads the file as it is on disk now; true when something that callers see has changed.
    bool load();
    void reload()
    {
        if (load())
            Q_EMIT q.changed();
    }
    bool breakOff(const std::filesystem::path &file, const base::Error &why);
    void addRedirectFindings();
    base::Result<void> write(const std::string &text);
    base::Result<void> step(std::string text, const QString &what);
    base::Result<void> travel(std::vector<Step> &from, std::vector<Step> &to, Text Step::*expected, Text Step::*wanted, OnConflict onConflict);
    void rewatch();
    std::unexpected<base::Error> clash(std::string seen, std::string mine, std::string theirs);
    base::Error missing() const { return {"config.missing", "The project has no Wrangler file. Create one first.", {}}; }

    ConfigStore &q;
    const std::filesystem::path project;
    config::FoundFile found;
    std::filesystem::path path;
    Status status = Status::Missing;
    base::Error error;
    std::string text;
    config::WranglerConfig config;
    std::vector<Step> undo;
    std::vector<Step> redo;
    Conflict conflict;
    FileWatch watch;
};

bool ConfigStore::Private::load()
{
    const auto discovered = config::discoverWranglerFile(project);
    if (!discovered) {
        const auto own = config::findWranglerFile(project);
        return breakOff(own ? *own : project / "wrangler.toml", discovered.error());
    }
    if (!*discovered) {
        const std::filesystem::path made = project / "wrangler.toml";
        found = {made, {}, {}};
        if (status == Status::Missing && path == made)
            return false;
        status = Status::Missing;
        error = {};
        path = made;
        text.clear();
        config = {};
        return true;
    }
    const bool sameWay = found == **discovered;
    found = **discovered;
    auto read = base::readFile(found.path);
    if (!read)
        return breakOff(found.path, read.error());
    const bool known = sameWay && path == found.path && text == *read && (status == Status::Readable || (status == Status::Broken && error.code == "config.parse"));
    if (known)
        return false;
    path = found.path;
    text = std::move(*read);
    if (auto parsed = config::readWranglerFile(text, config::formOf(path), path.string()); parsed) {
        status = Status::Readable;
        error = {};
        config = std::move(*parsed);
        if (found.redirectedFrom)
            addRedirectFindings();
    } else {
        status = Status::Broken;
        error = parsed.error();
    }
    return true;
}

bool ConfigStore::Private::breakOff(const std::filesystem::path &file, const base::Error &why)
{
    const bool same = status == Status::Broken && error == why && path == file;
    status = Status::Broken;
    error = why;
    path = file;
    return !same;
}

void ConfigStore::Private::addRedirectFindings()
{
    config::Finding note{config::Finding::Severity::Warning, "file.redirected",
        "A build tool made this file, and " + found.redirectedFrom->string() + " puts it in the place of " + (found.userFile ? found.userFile->filename().string() : "your own")
            + ". What is changed here is lost at the next build.",
        {path.string(), 0, 0}};
    std::vector<config::Finding> more = config::redirectFindings(text, config::formOf(path), path.string());
    more.insert(more.begin(), std::move(note));
    config.findings.insert(config.findings.begin(), more.begin(), more.end());
}

base::Result<void> ConfigStore::Private::write(const std::string &newText)
{
    auto written = base::writeFileAtomically(path, newText);
    if (written)
        load();
    rewatch();
    return written;
}

/// Saves a text as the next step of the history.
base::Result<void> ConfigStore::Private::step(std::string newText, const QString &what)
{
    if (newText == text)
        return {};
    const Text before = !undo.empty() && *undo.back().after == text ? undo.back().after : shared(text);
    Step next{before, shared(std::move(newText)), what};
    if (auto written = write(*next.after); !written)
        return written;
    undo.push_back(std::move(next));
    redo.clear();
    Q_EMIT q.changed();
    return {};
}

void ConfigStore::Private::rewatch()
{
    const std::filesystem::path deploy = project / ".wrangler" / "deploy"; // where a redirect may be
    watch.watch({path, path.parent_path(), project, project / ".wrangler", deploy, deploy / "config.json"});
}

std::unexpected<base::Error> ConfigStore::Private::clash(std::string seen, std::string mine, std::string theirs)
{
    conflict = {std::move(seen), std::move(mine), std::move(theirs)};
    return base::fail("config.conflict", path.filename().string() + " was changed by another program meanwhile, in the same place. Nothing is written; choose which of the two shall stay.",
        {path.string()});
}

base::Result<void> ConfigStore::Private::travel(std::vector<Step> &from, std::vector<Step> &to, Text Step::*expected, Text Step::*wanted, OnConflict onConflict)
{
    if (from.empty())
        return {};
    reload();
    if (status == Status::Missing)
        return base::fail("config.changed-outside", "The Wrangler file was removed by another program, so this step cannot be made. Undo the removal there first.", {path.string()});
    if (status == Status::Broken && error.code != "config.parse")
        return std::unexpected(error);
    Step step = from.back();
    const Text now = text == *(step.*expected) ? step.*expected : shared(text);
    Text result = step.*wanted;
    if (now != step.*expected) {
        auto merged = config::mergeTexts(*(step.*expected), *(step.*wanted), *now, config::formOf(path));
        if (!merged && onConflict == OnConflict::Fail)
            return clash(*(step.*expected), *(step.*wanted), *now);
        if (!merged) {
            merged = base::mergeLines(*(step.*expected), *(step.*wanted), *now, base::OnClash::PreferMine, base::Adjacent::Apart);
            if (!merged || !config::readWranglerFile(*merged, config::formOf(path), path.string()))
                merged = *(step.*wanted);
        }
        result = shared(std::move(*merged));
    }
    if (auto written = write(*result); !written)
        return written;
    step.*expected = now;
    step.*wanted = result;
    from.pop_back();
    to.push_back(std::move(step));
    Q_EMIT q.changed();
    return {};
}

ConfigStore::ConfigStore(std::filesystem::path project, QObject *parent) : QObject(parent), d(std::make_unique<Private>(*this, std::move(project)))
{
    d->load();
    d->rewatch();
    connect(&d->watch, &FileWatch::changed, this, [this] {
        const bool another = d->load();
        d->rewatch(); // a folder in which a redirect may come may be new
        if (another)
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

std::filesystem::path ConfigStore::folder() const
{
    if (!d->found.redirectedFrom)
        return d->path.parent_path();
    // Beside .wrangler/deploy/config.json, where there is no file of the user's.
    return d->found.userFile ? d->found.userFile->parent_path() : d->found.redirectedFrom->parent_path().parent_path().parent_path();
}

std::string ConfigStore::text() const
{
    return d->text;
}

const config::WranglerConfig &ConfigStore::config() const
{
    return d->config;
}

config::Form ConfigStore::form() const
{
    return config::formOf(d->path);
}

const ConfigStore::Conflict &ConfigStore::conflict() const
{
    return d->conflict;
}

base::Result<std::string> ConfigStore::preview(std::span<const config::Edit> edits) const
{
    if (d->status != Status::Readable)
        return std::unexpected(d->status == Status::Missing ? d->missing() : d->error);
    return config::applyEdits(d->text, form(), edits);
}

base::Result<void> ConfigStore::apply(std::span<const config::Edit> edits, const QString &what, const std::optional<std::string> &seen)
{
    // On top of what is on disk now, not of what was there when the panel was drawn.
    d->reload();
    if (seen && d->status == Status::Readable && *seen != d->text) {
        const auto then = config::readWranglerFile(*seen, form(), {});
        const bool touched = then && std::ranges::any_of(edits, [&](const config::Edit &edit) { return std::visit(Touched{*then, d->config}, edit); });
        if (touched) {
            auto mine = config::applyEdits(*seen, form(), edits);
            if (!mine)
                return std::unexpected(std::move(mine.error()));
            return d->clash(*seen, std::move(*mine), d->text);
        }
    }
    auto text = preview(edits);
    if (!text)
        return std::unexpected(std::move(text.error()));
    return d->step(std::move(*text), what);
}

base::Result<void> ConfigStore::save(const std::string &text, const QString &what, const std::string &seen)
{
    d->reload();
    if (d->status == Status::Missing)
        return std::unexpected(d->missing());
    if (d->status == Status::Broken && d->error.code != "config.parse")
        return std::unexpected(d->error);
    if (d->text == seen)
        return d->step(text, what);
    auto merged = config::mergeTexts(seen, text, d->text, form());
    if (!merged)
        return d->clash(seen, text, d->text);
    return d->step(std::move(*merged), what);
}

std::string ConfigStore::suggestedName() const
{
    return projectNameFor(d->project);
}

base::Result<std::string> ConfigStore::newText(const NewFile &file) const
{
    const std::string date = file.compatibilityDate.empty() ? QDate::currentDate().toString(Qt::ISODate).toStdString() : file.compatibilityDate;
    return config::applyEdits(config::newWranglerFile(file.form, file.projectName.empty() ? suggestedName() : file.projectName, file.outputDir, date, file.compatibilityFlags), file.form,
                              file.edits);
}

base::Result<void> ConfigStore::create(const NewFile &file)
{
    d->reload();
    if (d->status != Status::Missing)
        return base::fail("config.exists", "The project has a Wrangler file already: " + d->path.string() + ".", {d->path.string()});
    const auto text = newText(file);
    if (!text)
        return std::unexpected(text.error());
    const std::filesystem::path empty = std::exchange(d->path, d->project / (file.form == config::Form::Toml ? "wrangler.toml" : "wrangler.jsonc"));
    if (auto written = d->write(*text); !written) {
        d->path = empty;
        return written;
    }
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

base::Result<void> ConfigStore::undo(OnConflict onConflict)
{
    return d->travel(d->undo, d->redo, &Step::after, &Step::before, onConflict);
}

base::Result<void> ConfigStore::redo(OnConflict onConflict)
{
    return d->travel(d->redo, d->undo, &Step::before, &Step::after, onConflict);
}

} // namespace cleat::session
