#include "net/tls_reading.h"

#include "base/log.h"
#include "net/tls_file.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <algorithm>
#include <array>
#include <cstdio>
#include <ctime>
#include <openssl/pem.h>

namespace cryo_core::net {

namespace {

// As OpenSSL's security levels ask for it (SSL_CTX_set_security_level).
constexpr std::array<int, 6> bits_of_level{0, 80, 112, 128, 192, 256};

struct unreadable {
    std::size_t number; // in the file, from 1 on
    std::string why;
};

struct pem_block {
    pem_block() = default;
    pem_block(const pem_block &) = delete;
    pem_block &operator=(const pem_block &) = delete;
    ~pem_block() {
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_clear_free(data, static_cast<std::size_t>(size)); // perhaps a key
    }
    char *name = nullptr;
    char *header = nullptr;
    unsigned char *data = nullptr;
    long size = 0;
};

// Some editors put a mark of UTF-8 in front, and PEM has to begin a line.
bio_ptr open_bytes(bytes_view data) {
    if (as_text(data).starts_with("\xef\xbb\xbf")) data = data.subspan(3);
    return bio_ptr(BIO_new_mem_buf(data.data(), static_cast<int>(data.size())));
}

bool holds_pem(bytes_view data) noexcept {
    return as_text(data).find("-----BEGIN ") != std::string_view::npos;
}

certificate_ptr parse_der(const unsigned char *data, long size, bool with_trust) {
    const unsigned char *at = data;
    return certificate_ptr(with_trust ? d2i_X509_AUX(nullptr, &at, size) : d2i_X509(nullptr, &at, size));
}

// Every certificate, in its order; other things between them are passed over.
void read_pem(bytes_view data, certificate_list &into, std::vector<unreadable> &failed) {
    const bio_ptr in = open_bytes(data);
    if (in == nullptr) throw std::bad_alloc();
    std::size_t number = 0;
    for (std::size_t left = BIO_ctrl_pending(in.get()), before = left + 1; left > 0 && left < before;
         before = left, left = BIO_ctrl_pending(in.get())) {
        pem_block block;
        ERR_clear_error();
        if (PEM_read_bio(in.get(), &block.name, &block.header, &block.data, &block.size) != 1) {
            if (ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE) break;
            failed.push_back({++number, openssl_words()});
            continue;
        }
        const std::string_view name = block.name;
        if (name != PEM_STRING_X509 && name != PEM_STRING_X509_OLD && name != PEM_STRING_X509_TRUSTED)
            continue;
        ++number;
        auto one = parse_der(block.data, block.size, name == PEM_STRING_X509_TRUSTED);
        if (one != nullptr)
            into.push_back(std::move(one));
        else
            failed.push_back({number, openssl_words()});
    }
    ERR_clear_error();
}

void read_all(bytes_view data, certificate_list &into, std::vector<unreadable> &failed) {
    if (holds_pem(data)) return read_pem(data, into, failed);
    ERR_clear_error();
    if (auto one = parse_der(data.data(), static_cast<long>(data.size()), false); one != nullptr)
        into.push_back(std::move(one));
    else
        failed.push_back({1, openssl_words()});
}

failure no_certificate(const std::string &name, const std::vector<unreadable> &failed) {
    std::string text = name + " is not a certificate (PEM or DER)";
    if (!failed.empty() && !failed.front().why.empty()) text += ": " + failed.front().why;
    return {status::tls_certificate, std::move(text)};
}

void pass_over(const std::string &name, std::size_t number, const std::string &why) {
    log(log_level::warning,
        "certificate " + std::to_string(number) + " of " + name + " is passed over: " + why);
}

bool too_small(const EVP_PKEY *key, int level) noexcept {
    const std::size_t at = std::min<std::size_t>(static_cast<std::size_t>(std::max(level, 0)), 5);
    return key != nullptr && EVP_PKEY_get_security_bits(key) < bits_of_level[at];
}

int ask_password(char *, int, int, void *asked) noexcept {
    *static_cast<bool *>(asked) = true;
    return -1;
}

key_ptr parse_key(bytes_view data, bool &asked) {
    const bio_ptr in = open_bytes(data);
    if (in == nullptr) throw std::bad_alloc();
    if (holds_pem(data)) return key_ptr(PEM_read_bio_PrivateKey(in.get(), nullptr, ask_password, &asked));
    const unsigned char *at = data.data();
    if (key_ptr key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(data.size()))); key != nullptr)
        return key;
    return key_ptr(d2i_PKCS8PrivateKey_bio(in.get(), nullptr, ask_password, &asked));
}

} // namespace

bool read_chain(const std::string &name, bytes_view data, certificate_list &into, failure &why) {
    std::vector<unreadable> failed;
    if (!data.empty()) read_all(data, into, failed);
    if (into.empty()) {
        why = no_certificate(name, failed);
        return false;
    }
    if (failed.empty()) return true;
    why = {status::tls_certificate, std::to_string(failed.size()) + " of the certificates in " + name +
                                        " cannot be read; number " + std::to_string(failed.front().number) +
                                        ": " + failed.front().why};
    return false;
}

bool read_trusted(const std::string &file, bytes_view bytes, int level, certificate_list &into,
                  failure &why) {
    std::vector<std::uint8_t> read;
    if (!file.empty() && !read_tls_file(file, read, why)) return false;
    const std::string name = file.empty() ? "the given certificates" : file;
    const bytes_view data = file.empty() ? bytes : bytes_view(read);
    std::vector<unreadable> failed;
    certificate_list found;
    if (!data.empty()) read_all(data, found, failed);
    if (found.empty()) {
        why = no_certificate(name, failed);
        return false;
    }
    for (const unreadable &each : failed)
        pass_over(name, each.number, each.why);
    std::string weak;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const EVP_PKEY *const key = X509_get0_pubkey(found[i].get());
        ERR_clear_error();
        if (key != nullptr && !too_small(key, level)) {
            into.push_back(std::move(found[i]));
            continue;
        }
        weak = key == nullptr ? "its kind of key is unknown" : "its key is too small (" + words_of(key) + ")";
        if (found.size() > 1) pass_over(name, i + 1, subject_words(found[i].get()) + ": " + weak);
    }
    if (!into.empty()) return true;
    why = {status::tls_certificate, "no certificate in " + name + " can be used: " + weak};
    return false;
}

key_ptr read_key(const std::string &name, bytes_view data, failure &why) {
    ERR_clear_error();
    bool asked = false;
    key_ptr key = data.empty() ? nullptr : parse_key(data, asked);
    const std::string words = openssl_words();
    if (key != nullptr) return key;
    if (asked)
        why = {status::tls_key, "the key in " + name +
                                    " is encrypted, and a password is needed for it; decrypt it first "
                                    "(openssl pkey)"};
    else
        why = {status::tls_key,
               name + " is not a private key (PEM or DER)" + (words.empty() ? "" : ": ") + words};
    return key;
}

std::string words_of(const EVP_PKEY *key) {
    const char *const kind = EVP_PKEY_get0_type_name(key);
    return std::string(kind != nullptr ? kind : "unknown") + ", " + std::to_string(EVP_PKEY_get_bits(key)) +
           " bits";
}

std::string words_of(const ASN1_TIME *when) {
    std::tm t{};
    if (ASN1_TIME_to_tm(when, &t) != 1) return "a date that cannot be read";
    std::array<char, 80> text{};
    std::snprintf(text.data(), text.size(), "%04d-%02d-%02d %02d:%02d:%02d UTC", t.tm_year + 1900,
                  t.tm_mon + 1, t.tm_mday, t.tm_hour, t.tm_min, t.tm_sec);
    return text.data();
}

std::string subject_words(const X509 *of) {
    const bio_ptr out(BIO_new(BIO_s_mem()));
    if (out == nullptr || X509_NAME_print_ex(out.get(), X509_get_subject_name(of), 0, XN_FLAG_RFC2253) < 0) {
        ERR_clear_error();
        return "a certificate";
    }
    const char *text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

} // namespace cryo_core::net

#endif
