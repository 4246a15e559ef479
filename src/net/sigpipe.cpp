#include "net/sigpipe.h"

#include "net/lws_context.h"
#include "net/socket.h"

#include <algorithm>

#ifndef _WIN32
#include <sys/socket.h>
#endif

#ifdef CRYO_LWS_OVER_OPENSSL
#include <openssl/bio.h>
#include <openssl/ssl.h>
#endif

namespace cryo_core::net {

#ifdef _WIN32

sigpipe_kept::sigpipe_kept() noexcept = default;
sigpipe_kept::~sigpipe_kept() = default;
sigpipe_blocked::sigpipe_blocked(bool) noexcept {}
sigpipe_blocked::~sigpipe_blocked() = default;

#else

namespace {

sigset_t only_sigpipe() noexcept {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    return set;
}

// Of this thread: takes the signal if it is there.
void take_pending_sigpipe() noexcept {
    const sigset_t set = only_sigpipe();
#ifdef __APPLE__ // which has no sigtimedwait()
    sigset_t pending;
    int number = 0;
    if (sigpending(&pending) == 0 && sigismember(&pending, SIGPIPE) == 1) sigwait(&set, &number);
#else
    const timespec at_once{0, 0};
    static_cast<void>(sigtimedwait(&set, nullptr, &at_once));
#endif
}

} // namespace

sigpipe_kept::sigpipe_kept() noexcept {
    if (sigaction(SIGPIPE, nullptr, &before_) != 0) before_.sa_handler = SIG_IGN;
}

sigpipe_kept::~sigpipe_kept() {
    struct sigaction now {};
    if ((before_.sa_flags & SA_SIGINFO) == 0 && before_.sa_handler == SIG_IGN) return;
    if (sigaction(SIGPIPE, nullptr, &now) != 0 || now.sa_handler != SIG_IGN) return; // another thread's wish
    sigaction(SIGPIPE, &before_, nullptr);
}

sigpipe_blocked::sigpipe_blocked(bool wanted) noexcept : wanted_(wanted) {
    if (!wanted) return;
    sigset_t pending;
    const sigset_t set = only_sigpipe();
    sigpending(&pending);
    pthread_sigmask(SIG_BLOCK, &set, &before_);
    wanted_ = sigismember(&before_, SIGPIPE) == 0 && sigismember(&pending, SIGPIPE) == 0;
}

sigpipe_blocked::~sigpipe_blocked() {
    if (!wanted_) return;
    take_pending_sigpipe();
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

#endif

#if defined(CRYO_LWS_OVER_OPENSSL) && defined(MSG_NOSIGNAL)

namespace {

os_socket socket_of(BIO *bio) noexcept {
    return static_cast<os_socket>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
}

int write_without_signal(BIO *bio, const char *from, int size) noexcept {
    BIO_clear_retry_flags(bio);
    const auto taken = send_some(socket_of(bio), bytes_view(reinterpret_cast<const std::uint8_t *>(from),
                                                            static_cast<std::size_t>(std::max(size, 0))));
    if (!taken) return -1;
    if (*taken > 0 || size == 0) return static_cast<int>(*taken);
    BIO_set_retry_write(bio);
    return -1;
}

long writer_control(BIO *, int command, long, void *) noexcept {
    return command == BIO_CTRL_FLUSH ? 1 : 0;
}

int writer_create(BIO *bio) noexcept {
    BIO_set_init(bio, 1);
    return 1;
}

// Never freed: connections may live until the very end of the process.
const BIO_METHOD *writer_method() noexcept {
    static const BIO_METHOD *const made = [] {
        BIO_METHOD *const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "quiet writer");
        if (method == nullptr) return method;
        BIO_meth_set_write(method, write_without_signal);
        BIO_meth_set_ctrl(method, writer_control);
        BIO_meth_set_create(method, writer_create);
        return method;
    }();
    return made;
}

} // namespace

// What reads stays: libwebsockets asks it for the descriptor.
void write_quietly(lws *wsi) noexcept {
    SSL *const ssl = lws_get_ssl(wsi);
    if (ssl == nullptr || writer_method() == nullptr) return;
    BIO *const writer = BIO_new(writer_method());
    if (writer == nullptr) return;
    BIO_set_data(writer, reinterpret_cast<void *>(static_cast<std::intptr_t>(lws_get_socket_fd(wsi))));
    SSL_set0_wbio(ssl, writer);
}

#else

void write_quietly(lws *) noexcept {}

#endif

} // namespace cryo_core::net
