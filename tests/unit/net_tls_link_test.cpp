// TLS over what carries a loop's connections: however the bytes are cut, and whatever the client leaves
// undone.
#include "cmocka.hpp"

#include "certificates.hpp"
#include "net_service.hpp"
#include "raw_peer.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

using namespace cryo_test;
using cryo_core::bytes_mut;
using cryo_core::net::transport_kind;

namespace {

// OpenSSL over a socket, in pieces of a size that the test says.
class tls_client {
  public:
    explicit tls_client(std::uint16_t port, std::size_t cut = SIZE_MAX, int receive_buffer = 0,
                        int version = TLS1_3_VERSION)
        : socket_(port, receive_buffer), cut_(cut), context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free) {
        SSL_CTX_set_max_proto_version(context_.get(), version);
        ssl_.reset(SSL_new(context_.get()));
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_connect_state(ssl_.get());
    }

    bool shake_hands() {
        while (SSL_do_handshake(ssl_.get()) != 1)
            if (!tell() || !hear()) return false;
        return tell();
    }
    bool write(std::string_view text) {
        return SSL_write(ssl_.get(), text.data(), static_cast<int>(text.size())) > 0 && tell();
    }
    // What is said so is sent with what comes next.
    bool ask_for_new_keys() {
        return SSL_key_update(ssl_.get(), SSL_KEY_UPDATE_REQUESTED) == 1 && SSL_do_handshake(ssl_.get()) == 1;
    }
    // So many bytes, or what there is before the end.
    std::string read(std::size_t size) {
        std::string got;
        std::string piece(65536, '\0');
        while (got.size() < size) {
            const int n = SSL_read(ssl_.get(), piece.data(), static_cast<int>(piece.size()));
            if (n > 0)
                got.append(piece, 0, static_cast<std::size_t>(n));
            else if (ended() || !hear())
                break;
        }
        return got;
    }
    bool ended() const { return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0; }
    bool say_end() {
        SSL_shutdown(ssl_.get());
        return tell();
    }
    bool tell() {
        const char *data = nullptr;
        const long size = BIO_get_mem_data(SSL_get_wbio(ssl_.get()), &data);
        bool sent = true;
        for (std::string_view rest(data, static_cast<std::size_t>(size)); sent && !rest.empty();
             rest.remove_prefix(std::min(cut_, rest.size())))
            sent = socket_.send(rest.substr(0, cut_));
        static_cast<void>(BIO_reset(SSL_get_wbio(ssl_.get())));
        return sent;
    }
    raw_peer &socket() { return socket_; }

  private:
    bool hear() {
        const std::string data = socket_.receive_some();
        return !data.empty() &&
               BIO_write(SSL_get_rbio(ssl_.get()), data.data(), static_cast<int>(data.size())) > 0;
    }

    raw_peer socket_;
    std::size_t cut_;
    std::unique_ptr<SSL_CTX, void (*)(SSL_CTX *)> context_;
    std::unique_ptr<SSL, void (*)(SSL *)> ssl_{nullptr, SSL_free};
};

std::string *certificate = nullptr;
std::string *key = nullptr;

int make_certificate(void **) {
    certificate_maker maker;
    const auto made = maker.make_ec_key();
    certificate = new std::string(maker.self_signed({}, made));
    key = new std::string(maker.pem_of(made));
    return 0;
}

int drop_certificate(void **) {
    delete certificate;
    delete key;
    return 0;
}

net::loop_options with_tls(transport_kind over = transport_kind::automatic) {
    net::tls_source shown;
    shown.certificate.assign(certificate->begin(), certificate->end());
    shown.key.assign(key->begin(), key->end());
    cryo_core::failure why;
    net::loop_options options{.transport = over};
    options.tls = net::server_tls::load({.certificates = {shown}}, why);
    if (options.tls == nullptr) throw std::runtime_error(why.text);
    return options;
}

scripted_handler *make_echo(net::link &l) {
    auto *h = new scripted_handler(l);
    h->read = [](scripted_handler &self, bytes_mut data) {
        self.out += cryo_core::as_text(data);
        self.own.request_flush();
    };
    h->flush = [](scripted_handler &self) { self.write_out(); };
    return h;
}

std::string text_of(std::size_t size) {
    std::string text(size, '\0');
    std::uint32_t state = 1;
    for (char &c : text)
        c = static_cast<char>('a' + (state = state * 1664525 + 1013904223) % 26);
    return text;
}

constexpr transport_kind all_kinds[] = {transport_kind::poll, transport_kind::poll_each,
                                        transport_kind::libwebsockets};

void cut_anyhow(void **) {
    for (const transport_kind kind : all_kinds) {
        service s(make_echo, with_tls(kind));
        for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
            for (const auto &[cut, size] : {std::pair<std::size_t, std::size_t>{1, 700},
                                            {7, 20'000},
                                            {1000, 70'000},
                                            {16'384, 300'000},
                                            {SIZE_MAX, 1'000'000}}) {
                tls_client c(s.port(), cut, 0, version);
                assert_true(c.shake_hands());
                const std::string text = text_of(size);
                // In writes of which none waits for the other's answer, but small enough for the buffers.
                std::string back;
                for (std::size_t at = 0; at < size; at += 50'000) {
                    const std::string_view piece = std::string_view(text).substr(at, 50'000);
                    assert_true(c.write(piece));
                    back += c.read(piece.size());
                }
                assert_true(back == text);
            }
        }
    }
}

// What was encrypted waits, in its order, and the end comes behind it.
void a_client_that_reads_late(void **) {
    constexpr std::size_t size = 20'000'000;
    for (const transport_kind kind : all_kinds) {
        signal choked, gone;
        service s(
            [&](net::link &l) {
                auto *h = make_echo(l);
                h->read = [&](scripted_handler &self, bytes_mut) {
                    self.out = text_of(size);
                    self.own.request_flush();
                };
                h->flush = [&](scripted_handler &self) {
                    const std::size_t before = self.out.size();
                    self.write_out();
                    if (before == size && !self.out.empty()) choked.raise();
                    if (before != 0 && self.out.empty()) self.own.finish();
                };
                h->gone = [&](scripted_handler &) { gone.raise(); };
                return h;
            },
            with_tls(kind));
        tls_client c(s.port(), SIZE_MAX, 32 * 1024);
        assert_true(c.shake_hands());
        assert_true(c.write("go"));
        assert_true(choked.wait());
        assert_true(c.read(size) == text_of(size));
        assert_true(c.read(1).empty());
        assert_true(c.ended());
        c.socket().close();
        assert_true(gone.wait());
    }
}

void the_end_of_either(void **) {
    for (const transport_kind kind : all_kinds) {
        signal gone;
        std::atomic<std::size_t> heard{0};
        service s(
            [&](net::link &l) {
                auto *h = new scripted_handler(l);
                h->read = [&](scripted_handler &, bytes_mut data) { heard += data.size(); };
                h->gone = [&](scripted_handler &) { gone.raise(); };
                return h;
            },
            with_tls(kind));
        {
            tls_client c(s.port());
            assert_true(c.shake_hands());
            assert_true(c.write("last words"));
            assert_true(c.say_end());
            assert_true(gone.wait(1));
            assert_int_equal(heard, 10);
        }
        {
            tls_client c(s.port());
            assert_true(c.shake_hands());
            constexpr char record[] = "\x17\x03\x03\x00\x20 this was encrypted by nobody ...";
            assert_true(c.socket().send({record, 5 + 32}));
            assert_true(gone.wait(2));
        }
        {
            raw_peer c(s.port());
            assert_true(c.send("GET / HTTP/1.1\r\n\r\n"));
            assert_true(c.readable(10'000)); // the end, perhaps behind an alert
            while (!c.receive_some().empty()) {
            }
        }
    }
}

// The others are heard meanwhile, and what is said to one does not reach another.
void one_answers_for_another(void **) {
    std::vector<scripted_handler *> all;
    service s(
        [&](net::link &l) {
            auto *h = new scripted_handler(l);
            all.push_back(h);
            h->read = [&](scripted_handler &self, bytes_mut data) {
                const std::string text(cryo_core::as_text(data));
                for (scripted_handler *const each : all) {
                    each->out += (each == &self ? "mine: " : "theirs: ") + text;
                    each->write_out();
                }
                if (text == "bye") self.own.abort();
            };
            h->gone = [&](scripted_handler &self) { std::erase(all, &self); };
            return h;
        },
        with_tls());
    tls_client a(s.port()), b(s.port());
    assert_true(a.shake_hands() && b.shake_hands());
    assert_true(a.write("one"));
    assert_string_equal(a.read(9).c_str(), "mine: one");
    assert_true(b.write("two"));
    assert_string_equal(a.read(11).c_str(), "theirs: two");
    const std::string heard = b.read(9); // whether it was there for the first
    assert_true(heard == "mine: two" || heard.starts_with("theirs: one"));
    assert_true(b.write("bye"));
    assert_string_equal(a.read(11).c_str(), "theirs: bye");
    assert_true(a.write("alone"));
    assert_string_equal(a.read(11).c_str(), "mine: alone");
}

// Each request for new keys has to be answered.
void new_keys(void **) {
    service s(make_echo, with_tls());
    tls_client c(s.port());
    assert_true(c.shake_hands());
    for (int i = 0; i < 20; ++i) {
        assert_true(c.ask_for_new_keys());
        assert_true(c.write("under new keys"));
        assert_string_equal(c.read(14).c_str(), "under new keys");
    }
}

// A client that does so for ever, and takes no answer, is let go before they fill the memory.
void new_keys_without_end(void **) {
    signal gone;
    service s(
        [&](net::link &l) {
            auto *h = make_echo(l);
            h->gone = [&](scripted_handler &) { gone.raise(); };
            return h;
        },
        with_tls(transport_kind::poll));
    tls_client c(s.port(), SIZE_MAX, 16 * 1024);
    assert_true(c.shake_hands());
    int asked = 0;
    while (asked < 2'000'000 && c.ask_for_new_keys())
        if (++asked % 500 == 0 && !c.tell()) break;
    assert_true(gone.wait());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(cut_anyhow),        cmocka_unit_test(a_client_that_reads_late),
        cmocka_unit_test(the_end_of_either), cmocka_unit_test(one_answers_for_another),
        cmocka_unit_test(new_keys),          cmocka_unit_test(new_keys_without_end),
    };
    return cmocka_run_group_tests(tests, make_certificate, drop_certificate);
}
