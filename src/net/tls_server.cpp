#include "net/tls_server.h"

#include "net/tls_file.h"
#include "net/tls_server_inside.h"

namespace cryo_core::net {

server_tls::server_tls() : inside_(std::make_unique<inside>()) {}

server_tls::~server_tls() {
    for (tls_source &each : inside_->source.certificates)
        wipe_secret(each.key);
    wipe_secret(inside_->source.ticket_keys);
}

#ifdef CRYO_LWS_OVER_OPENSSL

std::shared_ptr<server_tls> server_tls::load(const server_tls_source &from, failure &why) {
    const std::shared_ptr<server_tls> made(new server_tls);
    why = made->exchange(from);
    if (!why && !made->inside_->make_common())
        why = {status::tls, "the TLS library cannot be set up: " + openssl_words()};
    return why ? nullptr : made;
}

failure server_tls::exchange(const server_tls_source &from) {
    failure why = ticket_keys::check(from.ticket_keys);
    if (why) return why;
    const std::lock_guard alone(inside_->exchanging);
    server_tls_source kept = from;
    auto fresh = tls_server_set::load(from, why);
    if (fresh == nullptr) return why;
    inside_->tickets.use(from.ticket_keys);
    std::swap(inside_->source, kept);
    for (tls_source &each : kept.certificates)
        wipe_secret(each.key);
    wipe_secret(kept.ticket_keys);
    const std::lock_guard lock(inside_->mutex);
    inside_->set.swap(fresh);
    return {};
}

failure server_tls::reload() {
    const std::lock_guard alone(inside_->exchanging);
    failure why;
    auto fresh = tls_server_set::load(inside_->source, why);
    if (fresh == nullptr) return why;
    const std::lock_guard lock(inside_->mutex);
    inside_->set.swap(fresh);
    return {};
}

failure server_tls::set_ticket_keys(bytes_view keys) {
    failure why = ticket_keys::check(keys);
    if (why) return why;
    const std::lock_guard alone(inside_->exchanging);
    inside_->tickets.use(keys);
    return {};
}

#else

namespace {

failure needs_openssl(const char *what) {
    return {status::unsupported, std::string(what) + " needs a libwebsockets that was built on OpenSSL"};
}

} // namespace

std::shared_ptr<server_tls> server_tls::load(const server_tls_source &from, failure &why) {
    const std::shared_ptr<server_tls> made(new server_tls);
    if (from.certificates.size() != 1)
        why = needs_openssl("more than one certificate");
    else if (from.asks_clients() || from.require_client_certificate)
        why = needs_openssl("asking clients for certificates");
    else if (from.min_version != tls_version::v1_2)
        why = needs_openssl("a minimum version of TLS");
    else if (!from.ocsp_files.empty() || !from.ticket_keys.empty())
        why = needs_openssl("OCSP, or keys for tickets,");
    else
        made->inside_->material = tls_material::load(from.certificates.front(), why);
    return made->inside_->material != nullptr ? made : nullptr;
}

failure server_tls::exchange(const server_tls_source &) {
    return needs_openssl("exchanging certificates");
}

failure server_tls::reload() {
    return needs_openssl("exchanging certificates");
}

failure server_tls::set_ticket_keys(bytes_view) {
    return needs_openssl("keys for tickets");
}

#endif

} // namespace cryo_core::net
