// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/runtime/httppeer.h"

#include <QElapsedTimer>
#include <QHostAddress>
#include <QSslSocket>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace cleat::test {

class HttpPeer::Listener final : public QTcpServer
{
public:
    explicit Listener(HttpPeer &peer) : m_peer(peer) {}

protected:
    void incomingConnection(qintptr descriptor) override
    {
        ++m_peer.m_connections;
        std::lock_guard lock(m_peer.m_mutex);
        m_peer.m_threads.emplace_back([this, descriptor] { m_peer.serve(descriptor); });
    }

private:
    HttpPeer &m_peer;
};

QByteArray HttpPeer::Received::field(const char *name) const
{
    for (const auto &[known, value] : fields) {
        if (known == name)
            return value;
    }
    return {};
}

bool HttpPeer::Connection::send(const QByteArray &bytes)
{
    if (m_socket.write(bytes) != bytes.size())
        return false;
    while (m_socket.bytesToWrite() > 0) {
        if (m_stop || (!m_socket.waitForBytesWritten(50) && m_socket.state() != QAbstractSocket::ConnectedState))
            return false;
    }
    return true;
}

bool HttpPeer::Connection::answer(const QByteArray &body, const QByteArray &fields, const QByteArray &status)
{
    return send("HTTP/1.1 " + status + "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n" + fields + "\r\n" + body);
}

bool HttpPeer::Connection::more()
{
    while (!m_stop) {
        if (m_socket.waitForReadyRead(50) || m_socket.bytesAvailable() > 0) {
            m_buffer += m_socket.readAll();
            return true;
        }
        if (m_socket.state() != QAbstractSocket::ConnectedState)
            return false;
    }
    return false;
}

bool HttpPeer::Connection::waitForEnd(int milliseconds)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < milliseconds && !m_stop) {
        m_socket.waitForReadyRead(20);
        m_socket.readAll();
        if (m_socket.state() != QAbstractSocket::ConnectedState)
            return true;
    }
    return false;
}

std::optional<QByteArray> HttpPeer::Connection::line()
{
    qsizetype end = -1;
    while ((end = m_buffer.indexOf("\r\n")) < 0) {
        if (!more())
            return std::nullopt;
    }
    const QByteArray text = m_buffer.left(end);
    m_buffer.remove(0, end + 2);
    return text;
}

std::optional<QByteArray> HttpPeer::Connection::bytes(qint64 count)
{
    while (m_buffer.size() < count) {
        if (!more())
            return std::nullopt;
    }
    const QByteArray taken = m_buffer.left(count);
    m_buffer.remove(0, count);
    return taken;
}

std::optional<HttpPeer::Received> HttpPeer::Connection::head()
{
    const auto first = line();
    if (!first)
        return std::nullopt;
    const QList<QByteArray> words = first->split(' ');
    Received request;
    request.method = words.value(0);
    request.target = words.value(1);
    for (;;) {
        const auto text = line();
        if (!text)
            return std::nullopt;
        if (text->isEmpty())
            return request;
        const qsizetype colon = text->indexOf(':');
        request.fields.append({text->left(colon).toLower(), text->mid(colon + 1).trimmed()});
    }
}

bool HttpPeer::Connection::readBody(Received &request)
{
    if (request.field("transfer-encoding") == "chunked") {
        for (;;) {
            const auto size = line();
            if (!size)
                return false;
            const qint64 length = size->toLongLong(nullptr, 16);
            const auto chunk = bytes(length);
            if (!chunk || !line())
                return false;
            if (length == 0)
                return true;
            request.body += *chunk;
        }
    }
    const auto whole = bytes(request.field("content-length").toLongLong());
    if (whole)
        request.body = *whole;
    return whole.has_value();
}

HttpPeer::HttpPeer(Handler handler, std::optional<Identity> identity, Bodies bodies) : m_handler(std::move(handler)), m_identity(std::move(identity)), m_bodies(bodies)
{
    m_listener = new Listener(*this);
    m_listener->listen(QHostAddress::LocalHost);
    m_port = m_listener->serverPort();
    m_listener->moveToThread(&m_thread);
    QObject::connect(&m_thread, &QThread::finished, m_listener, &QObject::deleteLater);
    m_thread.start();
}

HttpPeer::~HttpPeer()
{
    m_stop = true;
    m_thread.quit();
    m_thread.wait();
    for (std::thread &thread : m_threads)
        thread.join();
}

std::string HttpPeer::base() const
{
    return (m_identity ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(m_port);
}

std::vector<HttpPeer::Received> HttpPeer::received() const
{
    std::lock_guard lock(m_mutex);
    return m_received;
}

void HttpPeer::serve(qintptr descriptor)
{
    std::unique_ptr<QTcpSocket> socket;
    if (m_identity) {
        auto secure = std::make_unique<QSslSocket>();
        secure->setSocketDescriptor(descriptor);
        secure->setLocalCertificate(m_identity->certificate);
        secure->setPrivateKey(m_identity->key);
        secure->startServerEncryption();
        if (!secure->waitForEncrypted(5000))
            return;
        socket = std::move(secure);
    } else {
        socket = std::make_unique<QTcpSocket>();
        socket->setSocketDescriptor(descriptor);
    }
    Connection connection(*socket, m_stop);
    while (!m_stop) {
        auto request = connection.head();
        if (!request || (m_bodies == Bodies::Read && !connection.readBody(*request)))
            break;
        {
            std::lock_guard lock(m_mutex);
            m_received.push_back(*request);
        }
        if (m_handler(connection, *request) == Then::Close)
            break;
    }
    socket->disconnectFromHost();
    if (socket->state() != QAbstractSocket::UnconnectedState)
        socket->waitForDisconnected(1000);
}

HttpPeer::Identity HttpPeer::makeIdentity()
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(EVP_RSA_gen(2048), EVP_PKEY_free);
    const std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(), X509_free);
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 24 * 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME *name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char *>("localhost"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    for (const auto &[id, value] : {std::pair{NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1"}, std::pair{NID_basic_constraints, "CA:TRUE"}}) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(nullptr, nullptr, id, value);
        X509_add_ext(certificate.get(), extension, -1);
        X509_EXTENSION_free(extension);
    }
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const auto text = [](auto &&write) {
        BIO *memory = BIO_new(BIO_s_mem());
        write(memory);
        char *data = nullptr;
        const long size = BIO_get_mem_data(memory, &data);
        const QByteArray bytes(data, size);
        BIO_free(memory);
        return bytes;
    };
    const QByteArray certificateText = text([&](BIO *out) { PEM_write_bio_X509(out, certificate.get()); });
    const QByteArray keyText = text([&](BIO *out) { PEM_write_bio_PrivateKey(out, key.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    return {QSslCertificate(certificateText), QSslKey(keyText, QSsl::Rsa)};
}

} // namespace cleat::test
