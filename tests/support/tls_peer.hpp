// A TLS server on a blocking socket, for one client: to ask it for its certificate, and to see what it says
// of itself.
#pragma once

#include "raw_peer.hpp"

#include <memory>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <stdexcept>

namespace cryo_test {

struct tls_peer_options {
    std::string certificate; // PEM
    std::string key;
    std::string client_ca; // PEM: certificates of this authority are demanded; empty: none are
    int max_version = TLS1_3_VERSION;
};

class tls_peer {
  public:
    // Takes the handshake as far as it goes.
    tls_peer(raw_peer socket, const tls_peer_options &how) : socket_(std::move(socket)) {
        context_.reset(SSL_CTX_new(TLS_server_method()));
        SSL_CTX_set_security_level(context_.get(), 0);
        SSL_CTX_set_max_proto_version(context_.get(), how.max_version);
        check(SSL_CTX_use_certificate(context_.get(), certificate(how.certificate).get()));
        const std::unique_ptr<BIO, int (*)(BIO *)> text(bio(how.key));
        const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY *)> key(
            PEM_read_bio_PrivateKey(text.get(), nullptr, nullptr, nullptr), EVP_PKEY_free);
        check(SSL_CTX_use_PrivateKey(context_.get(), key.get()));
        if (!how.client_ca.empty()) {
            X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), certificate(how.client_ca).get());
            SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
        }
        SSL_CTX_set_alpn_select_cb(context_.get(), choose, this);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_fd(ssl_.get(), socket_.fd());
        accepted_ = SSL_accept(ssl_.get()) == 1;
        ERR_clear_error();
    }

    bool accepted() const { return accepted_; }
    std::string version() const { return SSL_get_version(ssl_.get()); }
    std::string alpn_offered() const { return alpn_; }
    std::string server_name() const {
        const char *name = SSL_get_servername(ssl_.get(), TLSEXT_NAMETYPE_host_name);
        return name != nullptr ? name : "";
    }
    std::string client_name() const {
        const std::unique_ptr<X509, void (*)(X509 *)> shown(SSL_get1_peer_certificate(ssl_.get()), X509_free);
        if (!shown) return {};
        char text[200] = {};
        X509_NAME_oneline(X509_get_subject_name(shown.get()), text, sizeof text);
        return text;
    }

    std::string receive_some() {
        std::string data(65536, '\0');
        const int n = SSL_read(ssl_.get(), data.data(), static_cast<int>(data.size()));
        ERR_clear_error();
        data.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return data;
    }
    bool send(std::string_view data) {
        return SSL_write(ssl_.get(), data.data(), static_cast<int>(data.size())) > 0;
    }

    // TLS 1.2. Takes what the client says to it.
    void ask_to_renegotiate() {
        SSL_renegotiate(ssl_.get());
        SSL_do_handshake(ssl_.get());
        renegotiated_ = SSL_do_handshake(ssl_.get()) == 1 && SSL_renegotiate_pending(ssl_.get()) == 0 &&
                        SSL_is_init_finished(ssl_.get()) == 1;
        ERR_clear_error();
        socket_.close();
    }
    bool renegotiated() const { return renegotiated_; }

    // So that the alert gets through: a socket that is closed with something unread resets the connection.
    void hang_up() {
        socket_.finish_sending();
        socket_.receive_all();
        socket_.close();
    }

  private:
    static std::unique_ptr<BIO, int (*)(BIO *)> bio(const std::string &text) {
        return {BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), BIO_free};
    }
    static std::unique_ptr<X509, void (*)(X509 *)> certificate(const std::string &pem) {
        return {PEM_read_bio_X509(bio(pem).get(), nullptr, nullptr, nullptr), X509_free};
    }
    static void check(int good) {
        if (good != 1) throw std::runtime_error("OpenSSL refuses the certificate of a test");
    }
    static int choose(SSL *, const unsigned char **, unsigned char *, const unsigned char *in, unsigned size,
                      void *self) {
        static_cast<tls_peer *>(self)->alpn_.assign(reinterpret_cast<const char *>(in), size);
        return SSL_TLSEXT_ERR_NOACK;
    }

    raw_peer socket_;
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX *)> context_{nullptr, SSL_CTX_free};
    std::unique_ptr<SSL, void (*)(SSL *)> ssl_{nullptr, SSL_free};
    std::string alpn_;
    bool accepted_ = false;
    bool renegotiated_ = false;
};

} // namespace cryo_test
