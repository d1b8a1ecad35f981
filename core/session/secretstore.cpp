// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/secretstore.h"

#include "core/base/bytes.h"
#include "core/config/names.h"
#include "core/secrets/keychain.h"
#include "core/session/secretcontent.h"
#include "core/session/secretnames.h"

#include <QPointer>
#include <QTimer>

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <set>

namespace cleat::session {

namespace fs = std::filesystem;

namespace {

constexpr std::array allScopes{config::Scope::TopLevel, config::Scope::Preview, config::Scope::Production};

std::string inWords(config::Scope scope)
{
    switch (scope) {
    case config::Scope::TopLevel:
        return "the top level";
    case config::Scope::Preview:
        return "Preview";
    case config::Scope::Production:
        return "Production";
    }
    return {};
}

std::string listed(const std::vector<std::string> &words)
{
    std::string text;
    for (std::size_t i = 0; i < words.size(); ++i)
        text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
    return text;
}

fs::path canonicalOf(const fs::path &project)
{
    std::error_code error;
    fs::path path = fs::weakly_canonical(project, error);
    if (error)
        path = project.lexically_normal();
    return path.has_filename() ? path : path.parent_path();
}

} // namespace

class SecretStore::Private
{
public:
    Private(SecretStore &store, secrets::Keychain &chain, const fs::path &given, fs::path folder)
        : q(store), keychain(chain), project(canonicalOf(given)), file(std::move(folder), project)
    {
    }

    /// Tasks run one after the other: each is whole before the next one reads.
    using Task = std::function<void()>;
    void enqueue(Task task)
    {
        tasks.push_back(std::move(task));
        if (!busy)
            next();
    }
    void next()
    {
        busy = !tasks.empty();
        if (!busy)
            return;
        const Task task = std::move(tasks.front());
        tasks.pop_front();
        task();
    }

    /// `work`, unless the store is gone by then.
    template <typename Answer, typename Work>
    std::function<void(Answer)> guarded(Work work)
    {
        return [alive = QPointer<SecretStore>(&q), work = std::move(work)](Answer answer) {
            if (alive)
                work(std::move(answer));
        };
    }

    std::string key(config::Scope scope) const
    {
        return project.string() + (scope == config::Scope::Production ? " (production)" : scope == config::Scope::Preview ? " (preview)" : " (top level)");
    }
    /// Reads and understands one entry of the keychain.
    void fetch(config::Scope scope, std::function<void(base::Result<Secrets>)> answer);
    base::Error foreign(config::Scope scope) const;

    enum class Ask { WhatIsNamed, Everything };
    void load(Ask ask);
    void loadFrom(std::size_t index, std::set<config::Scope> scopes);
    void loaded();

    /// Some scopes of one call of set() or remove(), from `index` on.
    struct Change {
        std::vector<config::Scope> scopes;
        Secrets set;
        std::vector<std::string> removed;
        Done done;
        std::size_t index = 0;
    };
    void apply(Change change);
    void store(Change change, Secrets values);
    void stored(const Change &change, Secrets values, SecretNames after);
    void finish(const Change &change, base::Result<void> result);

    /// As other programs of ours may have left it.
    SecretNames namesNow() const { return file.read().value_or(names); }

    SecretStore &q;
    secrets::Keychain &keychain;
    const fs::path project;
    const SecretNamesFile file;
    State state = State::Loading;
    std::optional<base::Error> unavailable; ///< what the keychain said last, instead of an answer
    std::optional<base::Error> unwritten;   ///< why the file of names is not what it should be
    SecretNames names;
    std::array<Secrets, 3> values;
    std::array<bool, 3> isForeign{}; ///< the keychain's entry is not one of ours
    std::deque<Task> tasks;
    bool busy = false;
};

SecretStore::SecretStore(secrets::Keychain &keychain, fs::path project, fs::path names, QObject *parent)
    : QObject(parent), d(std::make_unique<Private>(*this, keychain, project, std::move(names)))
{
    const auto known = d->file.read();
    if (known && *known == SecretNames()) {
        d->state = State::Ready;
        return;
    }
    if (known)
        d->names = *known;
    d->enqueue([this] { d->load(Private::Ask::WhatIsNamed); });
}

SecretStore::~SecretStore() = default;

SecretStore::State SecretStore::state() const
{
    return d->state;
}

base::Error SecretStore::error() const
{
    if (d->unavailable)
        return *d->unavailable;
    for (const config::Scope scope : allScopes) {
        if (d->isForeign[indexOf(scope)])
            return d->foreign(scope);
    }
    for (const config::Scope scope : allScopes) {
        std::vector<std::string> missing;
        for (const std::string &name : d->names[indexOf(scope)]) {
            if (d->state == State::Ready && std::ranges::find(d->values[indexOf(scope)], name, &Secrets::value_type::first) == d->values[indexOf(scope)].end())
                missing.push_back(name);
        }
        if (!missing.empty())
            return {"secrets.missing", "The keychain no longer has what Cleat put there for " + inWords(scope) + ": " + listed(missing) + ". Set it again, or remove it.", {}};
    }
    return d->unwritten.value_or(base::Error());
}

std::vector<std::string> SecretStore::names(config::Scope scope) const
{
    const auto &names = d->names[indexOf(scope)];
    return {names.begin(), names.end()};
}

const Secrets &SecretStore::values(config::Scope scope) const
{
    static const Secrets none;
    return d->state == State::Ready ? d->values[indexOf(scope)] : none;
}

void SecretStore::set(const std::vector<config::Scope> &scopes, const std::vector<std::pair<std::string, secrets::SecretText>> &secrets, Done done)
{
    const auto refuse = [this, &done](base::Error error) { QTimer::singleShot(0, this, [done, error = std::move(error)] { done(std::unexpected(error)); }); };
    Private::Change change;
    for (const auto &[name, value] : secrets) {
        if (const auto good = config::checkSpelling(name); !good) {
            refuse(good.error());
            return;
        }
        if (!base::isUtf8(value.reveal())) {
            refuse({"secrets.text", "The value of " + name + " is no text: it is not valid UTF-8.", {}});
            return;
        }
        put(change.set, name, value);
    }
    change.scopes = scopes;
    change.done = std::move(done);
    d->enqueue([this, change = std::move(change)] { d->apply(change); });
}

void SecretStore::remove(config::Scope scope, const std::vector<std::string> &names, Done done)
{
    d->enqueue([this, change = Private::Change{{scope}, {}, names, std::move(done)}] { d->apply(change); });
}

void SecretStore::reload()
{
    d->enqueue([this] { d->load(Private::Ask::Everything); });
}

base::Error SecretStore::Private::foreign(config::Scope scope) const
{
    return {"secrets.content", "The keychain's entry \"" + key(scope) + "\" is not as Cleat writes it, so the secrets of " + inWords(scope)
            + " cannot be read, and are left as they are. Remove that entry in the program that manages your keychain, and set the secrets again.", {}};
}

void SecretStore::Private::fetch(config::Scope scope, std::function<void(base::Result<Secrets>)> answer)
{
    using Found = base::Result<std::optional<secrets::SecretText>>;
    keychain.read(key(scope), guarded<Found>([this, scope, answer = std::move(answer)](const Found &found) {
        if (!found) {
            answer(std::unexpected(found.error()));
            return;
        }
        auto content = *found ? parseSecrets(**found) : Secrets();
        isForeign[indexOf(scope)] = !content;
        if (content)
            answer(std::move(*content));
        else
            answer(std::unexpected(foreign(scope)));
    }));
}

// ---- reading

void SecretStore::Private::load(Ask ask)
{
    const auto known = file.read();
    if (known)
        names = *known;
    std::set<config::Scope> scopes;
    for (const config::Scope scope : allScopes) {
        if (ask == Ask::Everything || !known || !names[indexOf(scope)].empty())
            scopes.insert(scope);
    }
    if (state == State::Unavailable) {
        state = State::Loading;
        Q_EMIT q.changed();
    }
    loadFrom(0, std::move(scopes));
}

void SecretStore::Private::loadFrom(std::size_t index, std::set<config::Scope> scopes)
{
    while (index < allScopes.size() && !scopes.contains(allScopes[index]))
        ++index;
    if (index == allScopes.size()) {
        loaded();
        return;
    }
    fetch(allScopes[index], [this, index, scopes = std::move(scopes)](base::Result<Secrets> found) {
        if (found) {
            values[index] = std::move(*found);
        } else if (isForeign[index]) {
            values[index].clear();
        } else {
            // What was read before stays in use.
            unavailable = found.error();
            if (state == State::Loading)
                state = State::Unavailable;
            Q_EMIT q.changed();
            next();
            return;
        }
        loadFrom(index + 1, scopes);
    });
}

void SecretStore::Private::loaded()
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (const auto &[name, value] : values[i])
            names[i].insert(name);
    }
    unwritten.reset();
    if (const auto onDisk = file.read(); !onDisk || *onDisk != names) {
        if (const auto written = file.write(names); !written)
            unwritten = written.error();
    }
    unavailable.reset();
    state = State::Ready;
    Q_EMIT q.changed();
    next();
}

// ---- writing

void SecretStore::Private::apply(Change change)
{
    if (change.index == change.scopes.size()) {
        finish(change, {});
        return;
    }
    const config::Scope scope = change.scopes[change.index];
    fetch(scope, [this, change](base::Result<Secrets> found) {
        if (!found) {
            finish(change, std::unexpected(found.error()));
            return;
        }
        for (const auto &[name, value] : change.set)
            put(*found, name, value);
        for (const std::string &name : change.removed)
            std::erase_if(*found, [&name](const auto &secret) { return secret.first == name; });
        store(change, std::move(*found));
    });
}

void SecretStore::Private::store(Change change, Secrets newValues)
{
    const config::Scope scope = change.scopes[change.index];
    const SecretNames before = namesNow();
    SecretNames after = before;
    auto &mine = after[indexOf(scope)];
    for (const auto &[name, value] : newValues)
        mine.insert(name);
    // A name is written before its secret, and removed after it: a secret that has no name would never be looked for.
    if (after != before) {
        if (const auto written = file.write(after); !written) {
            finish(change, std::unexpected(written.error()));
            return;
        }
    }
    const SecretNames between = after;
    for (const std::string &name : change.removed)
        mine.erase(name);
    const auto answer = guarded<base::Result<void>>([this, change, newValues, before, between, after](const base::Result<void> &result) {
        if (result) {
            stored(change, newValues, after);
            return;
        }
        if (between != before) {
            if (const auto written = file.write(before); !written)
                unwritten = written.error();
        }
        finish(change, result);
    });
    if (newValues.empty())
        keychain.remove(key(scope), answer);
    else
        keychain.write(key(scope), printSecrets(newValues), answer);
}

void SecretStore::Private::stored(const Change &change, Secrets newValues, SecretNames after)
{
    const std::size_t scope = indexOf(change.scopes[change.index]);
    values[scope] = std::move(newValues);
    names = after;
    unwritten.reset();
    if (file.read().value_or(SecretNames()) != after) {
        if (const auto written = file.write(after); !written) {
            unwritten = written.error();
            finish(change, written);
            return;
        }
    }
    Change rest = change;
    ++rest.index;
    apply(std::move(rest));
}

void SecretStore::Private::finish(const Change &change, base::Result<void> result)
{
    if (!result && change.index > 0) {
        std::vector<std::string> words;
        for (std::size_t i = 0; i < change.index; ++i)
            words.push_back(inWords(change.scopes[i]));
        result = base::fail(result.error().code, "Done for " + listed(words) + ", but not for " + inWords(change.scopes[change.index]) + ". " + result.error().message);
    }
    // The keychain is back: the rest is there, too.
    if (result && (state != State::Ready || unavailable))
        tasks.push_front([this] { load(Ask::WhatIsNamed); });
    const QPointer<SecretStore> alive(&q);
    Q_EMIT q.changed();
    if (alive)
        change.done(result);
    if (alive)
        next();
}

} // namespace cleat::session
