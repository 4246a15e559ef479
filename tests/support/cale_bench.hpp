// What the tests of CALE share: the providers that are linked in, the exchanges of the golden vectors, and
// records.
#pragma once

#include "cale/channel.h"
#include "codec/encode.h"
#include "vectors.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace cryo_test {

using cryo_core::bytes_view;
using bytes = std::vector<std::uint8_t>;
namespace cale = cryo_core::cale;

inline std::vector<const cale::crypto::provider *> providers() {
#ifdef CRYO_TEST_BOTH_CRYPTO
    return {&cale::crypto::mbedtls(), &cale::crypto::openssl()};
#else
    return {&cale::crypto::chosen()};
#endif
}

inline bytes hex_bytes(const nlohmann::json &text) {
    return from_hex(text.get<std::string>());
}

struct exchange {
    bytes server_private, server_public, client_private, client_public;
    bytes shared_secret, hash, server_to_client_key, client_to_server_key;
    nlohmann::json transcript;
};

inline exchange exchange_of(const nlohmann::json &entry) {
    return {hex_bytes(entry.at("server_private")),
            hex_bytes(entry.at("server_public")),
            hex_bytes(entry.at("client_private")),
            hex_bytes(entry.at("client_public")),
            hex_bytes(entry.at("shared_secret")),
            hex_bytes(entry.at("hash")),
            hex_bytes(entry.at("server_to_client_key")),
            hex_bytes(entry.at("client_to_server_key")),
            entry.at("transcript")};
}

inline exchange exchange_named(const std::string &name) {
    for (const auto &entry : load_vectors("cale.json", "exchanges"))
        if (entry.at("name") == name) return exchange_of(entry);
    throw std::runtime_error("no exchange " + name);
}

// The key of a direction of that exchange, as the lists of the vectors name both.
inline bytes key_of(const nlohmann::json &exchange_name, const nlohmann::json &direction) {
    const auto keys = exchange_named(exchange_name.get<std::string>());
    return direction == "server_to_client" ? keys.server_to_client_key : keys.client_to_server_key;
}

// A record's memory, with the frame where it has to lie.
inline bytes unsealed(bytes_view frame) {
    bytes record(cale::sealed_size(frame.size()), 0xee);
    std::copy(frame.begin(), frame.end(), record.begin() + cale::iv_size);
    return record;
}

inline bytes frame_bytes(const cryo_core::codec::frame &frame) {
    bytes out(cryo_core::codec::header_size + frame.payload.size());
    cryo_core::codec::write_frame(out.data(), frame);
    return out;
}

inline bytes sealed_with(cale::sealer &sealer, bytes_view frame) {
    bytes record = unsealed(frame);
    if (!sealer.seal(record)) throw std::runtime_error("a frame was not sealed");
    return record;
}

inline std::uint32_t counter_of(const bytes &record) {
    return cryo_core::load_be<std::uint32_t>(record.data() + cale::counter_offset);
}

inline cale::sealer make_sealer(const cale::crypto::provider &with, bytes_view key,
                                const cale::rekey_limits &limits = {}) {
    return cale::sealer(with.make_sealing_key(key), limits);
}

inline cale::opener make_opener(const cale::crypto::provider &with, bytes_view key) {
    return cale::opener(with.make_opening_key(key));
}

// The frame, or nothing: what a test compares. The record is a copy.
inline std::optional<bytes> open_copy(cale::opener &opener, bytes record) {
    const auto got = opener.open(record);
    if (got.error != cale::open_error::none) return std::nullopt;
    return bytes(got.frame.begin(), got.frame.end());
}

} // namespace cryo_test
