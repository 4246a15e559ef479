// Both directions of a session once it is secure. Belongs to one session, on one thread at a time.
#pragma once

#include "cale/opener.h"
#include "cale/sealer.h"
#include "cale/session_keys.h"

namespace cryo_core::cale {

constexpr std::size_t sealed_size(std::size_t frame_size) noexcept {
    return frame_size + record_overhead;
}

class channel {
  public:
    // Nothing, if there is no memory for it.
    static std::optional<channel> make(const crypto::provider &provider, role self, const session_keys &keys,
                                       const rekey_limits &limits = {}) noexcept {
        auto sealing = provider.make_sealing_key(keys.sending(self).view());
        auto opening = provider.make_opening_key(keys.receiving(self).view());
        if (sealing == nullptr || opening == nullptr) return std::nullopt;
        return channel(self, sealer(std::move(sealing), limits), opener(std::move(opening)));
    }

    // The frame lies at record + iv_size; sealed_size(frame_size) bytes are there. To be called when the
    // record leaves, since that is when its counter is taken. False: the record must not leave, and the
    // session must end.
    [[nodiscard]] bool seal(std::uint8_t *record, std::size_t frame_size) noexcept {
        return sealer_.seal({record, sealed_size(frame_size)});
    }

    // Every message goes here. With not_a_record it may still be read as a plaintext control frame, as long
    // as takes_plaintext() says so; forged and replayed end the session.
    [[nodiscard]] opened open(bytes_mut message) noexcept { return opener_.open(message); }

    // A server may have sent control frames before it heard that the channel is secure, but none behind its
    // first record. A client has nothing on its way.
    bool takes_plaintext() const noexcept { return self_ == role::client && !opener_.has_opened(); }

    bool rekey_due() const noexcept { return sealer_.rekey_due(); }

  private:
    channel(role self, sealer sealing, opener opening) noexcept
        : self_(self), sealer_(std::move(sealing)), opener_(std::move(opening)) {}

    role self_;
    sealer sealer_;
    opener opener_;
};

} // namespace cryo_core::cale
