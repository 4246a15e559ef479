// CALE for the limit: nothing but what the two cryptographic libraries must do.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace limit {

constexpr std::size_t frame_head = 21;
constexpr std::size_t iv_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t record_extra = iv_size + tag_size;
constexpr std::size_t point_size = 65;

class cale {
  public:
    static std::unique_ptr<cale> make(bool mbedtls);
    virtual ~cale() = default;

    virtual bool hello(std::uint8_t *point) = 0; // point_size bytes
    virtual bool agree(const std::uint8_t *point, std::size_t size) = 0;
    bool is_on() const { return on_; }
    void turn_on() { on_ = true; }

    // Writes the record, iv and tag included, and returns its size.
    std::size_t seal(const std::uint8_t *head, const std::uint8_t *payload, std::size_t size,
                     std::uint8_t *to) {
        const std::size_t text = frame_head + size;
        do {
            for (std::size_t i = 0; i < 8; ++i)
                to[i] = 0;
            for (std::size_t i = 0; i < 4; ++i)
                to[8 + i] = static_cast<std::uint8_t>(counter_ >> (24 - 8 * i));
            ++counter_;
            encrypt(to, head, payload, size, to + iv_size, to + iv_size + text);
        } while (to[20] <= 7); // clients would take it for a frame in the clear
        return text + record_extra;
    }

    // In place.
    virtual bool open(std::uint8_t *record, std::size_t size) = 0;

  protected:
    virtual void encrypt(const std::uint8_t *iv, const std::uint8_t *head, const std::uint8_t *payload,
                         std::size_t size, std::uint8_t *to, std::uint8_t *tag) = 0;

  private:
    bool on_ = false;
    std::uint32_t counter_ = 0;
};

} // namespace limit
