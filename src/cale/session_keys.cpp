#include "cale/session_keys.h"

#include <algorithm>

namespace cryo_core::cale {

namespace {

// A point and its negative have the same x.
bool has_same_x(bytes_view a, bytes_view b) noexcept {
    return std::equal(a.begin() + 1, a.begin() + 1 + crypto::coordinate_size, b.begin() + 1);
}

bool is_uncompressed_point(bytes_view bytes) noexcept {
    return bytes.size() == codec::public_key_size && bytes[0] == crypto::uncompressed_point;
}

} // namespace

key_agreement agree_on_keys(const crypto::provider &provider, crypto::key_pair &own,
                            bytes_view peer) noexcept {
    key_agreement result;
    if (!is_uncompressed_point(peer) || has_same_x(peer, own.point())) {
        result.outcome = crypto::agreement::refused;
        return result;
    }
    crypto::shared_secret x;
    crypto::digest hash;
    result.outcome = own.agree(peer, x);
    if (result.outcome != crypto::agreement::reached) return result;
    if (!provider.sha256(x.view(), hash)) {
        result.outcome = crypto::agreement::failed;
        return result;
    }
    static_assert(crypto::digest_size == 2 * key_size);
    std::memcpy(result.keys.server_to_client.span().data(), hash.view().data(), key_size);
    std::memcpy(result.keys.client_to_server.span().data(), hash.view().data() + key_size, key_size);
    return result;
}

} // namespace cryo_core::cale
