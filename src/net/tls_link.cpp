#include "net/tls_link.h"

#include "net/handshake_failure.h"
#include "net/tls_names.h"
#include "net/tls_server_inside.h"

#include <algorithm>

namespace cryo_core::net {

#ifdef CRYO_LWS_OVER_OPENSSL

namespace {

// What may wait of answers that OpenSSL gives by itself: a client that asks for new keys again and again and
// takes none of the answers is let go. Above what a write leaves.
constexpr std::size_t most_waiting = 512 * 1024;

} // namespace

struct tls_link::bio {
    static tls_link &link_of(BIO *from) noexcept { return *static_cast<tls_link *>(BIO_get_data(from)); }

    static int read(BIO *from, char *into, int size) noexcept {
        BIO_clear_retry_flags(from);
        const int taken = link_of(from).take(
            {reinterpret_cast<std::uint8_t *>(into), static_cast<std::size_t>(std::max(size, 0))});
        if (taken > 0) return taken;
        BIO_set_retry_read(from);
        return -1;
    }

    static int write(BIO *to, const char *from, int size) noexcept {
        BIO_clear_retry_flags(to);
        const bytes_view record(reinterpret_cast<const std::uint8_t *>(from),
                                static_cast<std::size_t>(std::max(size, 0)));
        return link_of(to).say(record) ? size : -1;
    }

    static long control(BIO *, int command, long, void *) noexcept {
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }

    static int create(BIO *made) noexcept {
        BIO_set_init(made, 1);
        return 1;
    }

    // Never freed: connections may live until the very end of the process.
    static const BIO_METHOD *method() noexcept {
        static const BIO_METHOD *const made = [] {
            BIO_METHOD *const fresh =
                BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "an accepted connection");
            if (fresh == nullptr) return fresh;
            BIO_meth_set_read(fresh, read);
            BIO_meth_set_write(fresh, write);
            BIO_meth_set_ctrl(fresh, control);
            BIO_meth_set_create(fresh, create);
            return fresh;
        }();
        return made;
    }
};

std::unique_ptr<tls_link> tls_link::make(tls_room &room, os_socket s) noexcept {
    std::unique_ptr<tls_link> made(new (std::nothrow) tls_link(room, s));
    if (made == nullptr || bio::method() == nullptr) return nullptr;
    SSL *const ssl = SSL_new(room.with().get().common.get());
    BIO *const below = ssl != nullptr ? BIO_new(bio::method()) : nullptr;
    made->ssl_.reset(ssl);
    if (below == nullptr) {
        ERR_clear_error();
        return nullptr;
    }
    BIO_set_data(below, made.get());
    SSL_set_bio(ssl, below, below);
    SSL_set_accept_state(ssl);
    return made;
}

tls_link::~tls_link() {
    if (room_.said_ == this) room_.said_ = nullptr;
    forget_handshake_failure(ssl_.get());
}

int tls_link::take(bytes_mut into) noexcept {
    const std::size_t taken = std::min(into.size(), room_.in_.size());
    std::copy_n(room_.in_.begin(), taken, into.begin());
    room_.in_ = room_.in_.subspan(taken);
    return static_cast<int>(taken);
}

tls_link::text tls_link::open(bytes_mut buffer, std::size_t received) noexcept {
    SSL *const ssl = ssl_.get();
    heard_ = true;
    room_.in_ = buffer.subspan(tls_gap, received);
    text got;
    ERR_clear_error();
    for (;;) {
        const std::size_t free = tls_gap + received - room_.in_.size();
        std::size_t size = 0;
        if (SSL_read_ex(ssl, buffer.data() + got.size, free - got.size, &size) == 1) {
            got.size += size;
            if (room_.in_.empty() && SSL_has_pending(ssl) == 0) break; // as after most messages
            continue;
        }
        const int error = SSL_get_error(ssl, 0);
        if (error == SSL_ERROR_ZERO_RETURN)
            got.then = state::over;
        else if (error != SSL_ERROR_WANT_READ || broken_)
            got.then = state::failed;
        if (got.then != state::open) ERR_clear_error();
        break;
    }
    room_.in_ = {};
    if (!agreed_) agreed_ = SSL_is_init_finished(ssl) != 0;
    return got;
}

// Only what one connection has said is gathered: another one's is sent before.
bool tls_link::say(bytes_view record) noexcept {
    if (room_.said_ != nullptr && room_.said_ != this) room_.said_->flush();
    if (broken_ || waiting() + room_.out_.size() > most_waiting) return false;
    if (room_.said_ == nullptr) room_.out_.clear(); // of a connection that ended before it was sent
    try {
        room_.out_.append(record);
    } catch (const std::bad_alloc &) {
        broken_ = true;
        return false;
    }
    room_.said_ = this;
    return true;
}

bool tls_link::flush() noexcept {
    if (room_.said_ != this) return !broken_;
    room_.said_ = nullptr;
    send(room_.out_.view());
    room_.out_.clear();
    return !broken_;
}

bool tls_link::send(bytes_view records) noexcept {
    if (broken_) return false;
    if (waiting() == 0) {
        const auto taken = send_some(socket_, records);
        broken_ = !taken;
        if (broken_ || *taken == records.size()) return !broken_;
        records = records.subspan(*taken);
    }
    try {
        waiting_.append(records);
    } catch (const std::bad_alloc &) {
        broken_ = true;
    }
    return !broken_;
}

bool tls_link::write(bytes_view data) noexcept {
    ERR_clear_error();
    std::size_t size = 0;
    if (SSL_write_ex(ssl_.get(), data.data(), data.size(), &size) != 1 || size != data.size()) {
        ERR_clear_error();
        broken_ = true;
    }
    return flush();
}

void tls_link::say_end() noexcept {
    if (!agreed_) return;
    ERR_clear_error();
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
    flush();
}

bool tls_link::drain() noexcept {
    if (broken_ || waiting() == 0) return !broken_;
    const auto taken = send_some(socket_, waiting_.view().subspan(sent_));
    broken_ = !taken;
    if (broken_) return false;
    sent_ += *taken;
    if (waiting() == 0) {
        waiting_.reset(); // who is not slow holds none
        sent_ = 0;
    }
    return true;
}

const char *tls_link::failure() const noexcept {
    return heard_ && !agreed_ ? take_handshake_failure(ssl_.get()) : nullptr;
}

std::unique_ptr<const peer_certificate> tls_link::certificate() const {
    const X509 *const shown = SSL_get0_peer_certificate(ssl_.get());
    return shown != nullptr ? describe(shown) : nullptr;
}

#else

// No loop has such links here: see resolved() in net/transport.cpp.
std::unique_ptr<tls_link> tls_link::make(tls_room &, os_socket) noexcept {
    return nullptr;
}
tls_link::~tls_link() = default;
tls_link::text tls_link::open(bytes_mut, std::size_t) noexcept {
    return {0, state::failed};
}
bool tls_link::write(bytes_view) noexcept {
    return false;
}
bool tls_link::flush() noexcept {
    return false;
}
void tls_link::say_end() noexcept {}
bool tls_link::drain() noexcept {
    return false;
}
const char *tls_link::failure() const noexcept {
    return nullptr;
}
std::unique_ptr<const peer_certificate> tls_link::certificate() const {
    return nullptr;
}

#endif

} // namespace cryo_core::net
