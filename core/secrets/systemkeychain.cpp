// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/secrets/systemkeychain.h"

#include "core/base/bytes.h"
#include "core/secrets/glibbridge.h"
#include "core/secrets/secretservice.h"

#include <QObject>
#include <QTimer>

#include <qt6keychain/keychain.h>

#include <utility>

namespace cleat::secrets {

namespace {

constexpr const char *lockedMessage = "The keychain is locked, and was not unlocked. Unlock it, in the window with which it asks or in the program that manages it, and try again.";

QString text(const std::string &value)
{
    return QString::fromStdString(value);
}

} // namespace

class SystemKeychain::Private
{
public:
    using Entries = base::Result<SecretService::Entries>;

    QMap<QString, QString> attributes(const std::string &key) const { return {{QStringLiteral("user"), text(key)}, {QStringLiteral("server"), service}}; }

    /// `go`, once the Secret Service runs and libsecret can reach it, with what the keychain has under `key`.
    template <typename Answer, typename Go>
    void prepared(const std::string &key, Answer answer, Go go)
    {
        secretService.ready([this, key, answer, go](base::Result<void> ready) {
            if (ready)
                ready = bridge.open();
            if (!ready) {
                answer(std::unexpected(ready.error()));
                return;
            }
            secretService.find(attributes(key), [answer, go](Entries found) {
                if (found)
                    go(*found);
                else
                    answer(std::unexpected(found.error()));
            });
        });
    }

    template <typename Job, typename Ended>
    void run(Job *job, const std::string &key, Ended ended)
    {
        job->setInsecureFallback(false);
        job->setKey(text(key));
        bridge.begin();
        QObject::connect(job, &QKeychain::Job::finished, &context, [this, job, ended] {
            bridge.end();
            ended(*job);
        });
        job->start();
    }

    /// What a job's error means for the caller.
    template <typename Answer>
    void fail(const QKeychain::Job &job, Answer answer)
    {
        switch (job.error()) {
        case QKeychain::AccessDeniedByUser:
        case QKeychain::AccessDenied:
            answer(base::fail("secrets.locked", lockedMessage));
            return;
        case QKeychain::NoBackendAvailable:
        case QKeychain::NotImplemented:
            answer(base::fail("secrets.unavailable", "No keychain can be used: " + job.errorString().toStdString() + "."));
            return;
        case QKeychain::NoError:
        case QKeychain::EntryNotFound:
        case QKeychain::CouldNotDeleteEntry:
        case QKeychain::OtherError:
            break;
        }
        // The keychain may have ended meanwhile.
        secretService.ready([answer, reason = job.errorString().toStdString()](base::Result<void> ready) {
            if (!ready)
                answer(std::unexpected(ready.error()));
            else
                answer(base::fail("secrets.failed", "The keychain did not do what Cleat asked: " + reason + ". Try again."));
        });
    }

    void fetch(const std::string &key, Read answer);

    QString service;
    SecretService secretService;
    GlibBridge bridge;
    QObject context;
};

SystemKeychain::SystemKeychain(std::string service) : d(std::make_unique<Private>())
{
    d->service = text(service);
}

SystemKeychain::~SystemKeychain() = default;

/// Of an entry that is there. libsecret says "not found" as well when the user did not unlock it.
void SystemKeychain::Private::fetch(const std::string &key, Read answer)
{
    run(new QKeychain::ReadPasswordJob(service), key, [this, answer](const QKeychain::ReadPasswordJob &job) {
        if (job.error() == QKeychain::NoError)
            answer(SecretText(job.binaryData().toStdString()));
        else if (job.error() == QKeychain::EntryNotFound)
            answer(base::fail("secrets.locked", lockedMessage));
        else
            fail(job, answer);
    });
}

void SystemKeychain::read(const std::string &key, Read answer)
{
    d->prepared(key, answer, [this, key, answer](SecretService::Entries found) {
        if (found.open + found.locked == 0)
            answer(std::nullopt);
        else
            d->fetch(key, answer);
    });
}

void SystemKeychain::write(const std::string &key, SecretText value, Done answer)
{
    if (!base::isUtf8(value.reveal()) || value.reveal().find('\0') != std::string_view::npos) {
        QTimer::singleShot(0, &d->context, [answer] { answer(base::fail("secrets.failed", "The keychain takes UTF-8 text without NUL characters only.")); });
        return;
    }
    d->prepared(key, answer, [this, key, answer, value = std::move(value)](SecretService::Entries) {
        auto *job = new QKeychain::WritePasswordJob(d->service);
        job->setTextData(QString::fromUtf8(value.reveal().data(), static_cast<qsizetype>(value.reveal().size())));
        d->run(job, key, [this, key, answer, value](const QKeychain::Job &ended) {
            if (ended.error() != QKeychain::NoError) {
                d->fail(ended, answer);
                return;
            }
            // QtKeychain calls it a success, too, when the user closed the window that asked for the password.
            d->fetch(key, [answer, value](const base::Result<std::optional<SecretText>> &stored) {
                if (!stored)
                    answer(std::unexpected(stored.error()));
                else if (!*stored || (*stored)->reveal() != value.reveal())
                    answer(base::fail("secrets.failed", "The keychain did not keep what Cleat wrote. Try again."));
                else
                    answer({});
            });
        });
    });
}

void SystemKeychain::remove(const std::string &key, Done answer)
{
    d->prepared(key, answer, [this, key, answer](SecretService::Entries found) {
        if (found.open + found.locked == 0) {
            answer({});
            return;
        }
        d->run(new QKeychain::DeletePasswordJob(d->service), key, [this, key, answer](const QKeychain::Job &ended) {
            if (ended.error() != QKeychain::NoError && ended.error() != QKeychain::EntryNotFound) {
                d->fail(ended, answer);
                return;
            }
            d->secretService.find(d->attributes(key), [answer](Private::Entries left) {
                if (!left)
                    answer(std::unexpected(left.error()));
                else if (left->open + left->locked > 0)
                    answer(base::fail("secrets.locked", lockedMessage));
                else
                    answer({});
            });
        });
    });
}

} // namespace cleat::secrets
