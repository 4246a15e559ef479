#include "net/client_stream.h"

namespace cryo_core::net {

bool client_stream::start_tls(std::shared_ptr<const client_tls> with, const std::string &host, failure &why) {
    tls_ = tls_stream::make(std::move(with), host, *this, why);
    return tls_ != nullptr;
}

std::optional<std::size_t> client_stream::receive(bytes_mut into) noexcept {
    const received got = receive_some(socket_.descriptor(), into);
    if (got.end || got.error != 0) return std::nullopt;
    return got.size;
}

// TLS gives a record at a time: they are put one behind the other, so that a message in several is whole.
std::optional<std::size_t> client_stream::read(bytes_mut into) noexcept {
    if (tls_ == nullptr) return receive(into);
    std::size_t size = 0;
    more_ = false;
    while (!over_ && size < into.size()) {
        const auto got = tls_->read(into.subspan(size));
        if (!got) over_ = true;
        if (!got || *got == 0) break;
        size += *got;
    }
    if (over_ && size == 0) return std::nullopt;
    more_ = over_ || size == into.size();
    return size;
}

bool client_stream::send(bytes_view data) noexcept {
    if (broken_) return false;
    if (waiting_.empty()) {
        const auto taken = send_some(socket_.descriptor(), data);
        broken_ = !taken;
        if (broken_) return false;
        data = data.subspan(*taken);
        handed_ += *taken;
    }
    try {
        waiting_.append(data);
    } catch (const std::bad_alloc &) {
        broken_ = true;
    }
    return !broken_;
}

struct delivery client_stream::delivery() const noexcept {
    const std::uint64_t ours = waiting_.size() - sent_;
    const auto told = delivery_of(socket_.descriptor());
    return told ? net::delivery{told->taken, told->waiting + ours} : net::delivery{handed_, ours};
}

bool client_stream::drain() noexcept {
    if (broken_ || waiting_.empty()) return !broken_;
    const auto taken = send_some(socket_.descriptor(), waiting_.view().subspan(sent_));
    broken_ = !taken;
    if (broken_) return false;
    sent_ += *taken;
    handed_ += *taken;
    if (sent_ == waiting_.size()) {
        waiting_.reset(); // who is not slow holds none
        sent_ = 0;
    }
    return true;
}

} // namespace cryo_core::net
