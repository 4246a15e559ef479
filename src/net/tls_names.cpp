#include "net/tls_names.h"

#include "base/bytes.h"

#ifdef CRYO_LWS_OVER_OPENSSL
#include <algorithm>
#include <array>
#include <new>
#include <openssl/x509v3.h>
#include <optional>

namespace cryo_core::net {

namespace {

using names_ptr = std::unique_ptr<GENERAL_NAMES, freed_by<GENERAL_NAMES_free>>;

names_ptr alternative_names(const X509 *of) {
    names_ptr all(static_cast<GENERAL_NAMES *>(X509_get_ext_d2i(of, NID_subject_alt_name, nullptr, nullptr)));
    ERR_clear_error();
    return all;
}

// Only what can be shown: a NUL or a line end in a name is there to deceive whoever reads it.
std::optional<std::string> plain_text(const ASN1_STRING *from) {
    const std::string_view text(reinterpret_cast<const char *>(ASN1_STRING_get0_data(from)),
                                static_cast<std::size_t>(ASN1_STRING_length(from)));
    const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
    return plain && !text.empty() ? std::optional<std::string>(text) : std::nullopt;
}

std::optional<std::string> ip_text(const ASN1_OCTET_STRING *from) {
    const auto *const at = ASN1_STRING_get0_data(from);
    std::array<char, 64> out{};
    switch (ASN1_STRING_length(from)) {
    case 4:
        BIO_snprintf(out.data(), out.size(), "%d.%d.%d.%d", at[0], at[1], at[2], at[3]);
        return out.data();
    case 16: {
        std::string all;
        for (int i = 0; i < 16; i += 2) {
            BIO_snprintf(out.data(), out.size(), "%x", at[i] << 8 | at[i + 1]);
            all += (i == 0 ? "" : ":") + std::string(out.data());
        }
        return all;
    }
    default:
        return std::nullopt;
    }
}

std::string text_of(const X509_NAME *name, unsigned long how) {
    const bio_ptr out(BIO_new(BIO_s_mem()));
    if (out == nullptr) throw std::bad_alloc();
    if (X509_NAME_print_ex(out.get(), name, 0, how) < 0) {
        ERR_clear_error();
        return {};
    }
    const char *text = nullptr;
    const long size = BIO_get_mem_data(out.get(), &text);
    return {text, static_cast<std::size_t>(size)};
}

// As UTF-8; with the bytes in hexadecimal where they are no text in their own encoding.
std::string name_text(const X509_NAME *name) {
    std::string text = text_of(name, XN_FLAG_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB));
    if (text.empty() && X509_NAME_entry_count(name) > 0)
        text = text_of(name, XN_FLAG_RFC2253 | ASN1_STRFLGS_DUMP_ALL);
    return text;
}

std::optional<std::string> describe_name(const GENERAL_NAME *from) {
    const auto with = [](const char *kind, std::optional<std::string> text) {
        return text ? std::optional<std::string>(kind + *text) : std::nullopt;
    };
    switch (from->type) {
    case GEN_DNS:
        return with("DNS:", plain_text(from->d.dNSName));
    case GEN_EMAIL:
        return with("email:", plain_text(from->d.rfc822Name));
    case GEN_URI:
        return with("URI:", plain_text(from->d.uniformResourceIdentifier));
    case GEN_IPADD:
        return with("IP:", ip_text(from->d.iPAddress));
    case GEN_DIRNAME:
        return with("DirName:", name_text(from->d.directoryName));
    default:
        return std::nullopt;
    }
}

std::string fingerprint_of(const X509 *certificate) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    if (X509_digest(certificate, EVP_sha256(), digest.data(), &size) != 1) throw std::bad_alloc();
    std::string text;
    for (unsigned i = 0; i < size; ++i) {
        constexpr const char *digits = "0123456789abcdef";
        text += digits[digest[i] >> 4];
        text += digits[digest[i] & 0xf];
    }
    return text;
}

} // namespace

std::vector<std::string> dns_names(const X509 *of) {
    std::vector<std::string> found;
    const names_ptr all = alternative_names(of);
    for (int i = 0; all != nullptr && i < sk_GENERAL_NAME_num(all.get()); ++i) {
        const GENERAL_NAME *const each = sk_GENERAL_NAME_value(all.get(), i);
        if (each->type != GEN_DNS) continue;
        auto name = plain_text(each->d.dNSName);
        if (!name) continue;
        for (char &c : *name)
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (name->back() == '.') name->pop_back();
        if (!name->empty()) found.push_back(std::move(*name));
    }
    return found;
}

std::unique_ptr<const peer_certificate> describe(const X509 *certificate) {
    auto told = std::make_unique<peer_certificate>();
    told->subject = name_text(X509_get_subject_name(certificate));
    told->fingerprint = fingerprint_of(certificate);
    const names_ptr all = alternative_names(certificate);
    for (int i = 0; all != nullptr && i < sk_GENERAL_NAME_num(all.get()); ++i)
        if (auto name = describe_name(sk_GENERAL_NAME_value(all.get(), i)))
            told->names.push_back(std::move(*name));
    ERR_clear_error();
    return told;
}

} // namespace cryo_core::net

#endif
