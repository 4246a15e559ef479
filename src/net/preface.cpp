#include "net/preface.h"

#include "base/log.h"

#include <memory>
#include <new>
#include <string>

namespace cryo_core::net {

namespace {

// Looked at in one piece. Longer headers, with many records, take several.
constexpr std::size_t look_size = 512;

// Pieces that are read in one go before other connections get their turn.
constexpr int looks = 16;

} // namespace

void preface::begin(loop_core &core, socket accepted, const address &from) noexcept {
    auto *const made = new (std::nothrow) preface(core, from);
    if (made == nullptr) return log(log_level::error, "a connection is dropped: out of memory");
    core.add(*made);
    if (!core.proxy_protocol()->contains(from))
        return made->refuse("it is none of the trusted proxies, which alone may come here");
    if (made->socket_.open(core.uv(), std::move(accepted), *made) != 0)
        return made->refuse("the system has no room to watch it");
    core.timers().set(*made, core.now() + core.preface_timeout());
    made->socket_.watch(true, false);
}

preface::~preface() {
    if (armed()) core_.timers().cancel(*this);
}

void preface::end() noexcept {
    leave();
    delete this;
}

// It has left the list.
void preface::loop_ends() noexcept {
    delete this;
}

void preface::on_deadline(time_us) {
    refuse("its PROXY header has not come in time");
}

// Balancers look whether a port is open by connecting and going; they say nothing, and nothing is said of
// them.
void preface::refuse(const char *why) noexcept {
    if (core_.complaint_of_preface_due()) {
        try {
            log(log_level::warning, "a connection of " + from_.text() + " is dropped: " + why);
        } catch (...) { // no memory to say so
        }
    }
    end();
}

// Only the header is taken from the socket: what follows it is for TLS, or the parser of requests.
void preface::on_ready(bool, bool) noexcept {
    for (int i = 0; i < looks; ++i) {
        std::uint8_t bytes[look_size];
        const received seen = look_at_some(socket_.descriptor(), bytes);
        if (seen.end || seen.error != 0) return end();
        if (seen.size == 0) return;
        core_.note_input();
        const proxy_header_parser::result got = parser_.feed(bytes_view(bytes).first(seen.size));
        if (got.is == proxy_header_parser::state::failed) {
            try {
                return refuse(("its PROXY header is refused: " + std::string(got.what)).c_str());
            } catch (const std::bad_alloc &) {
                return end();
            }
        }
        if (receive_some(socket_.descriptor(), bytes_mut(bytes).first(got.consumed)).size != got.consumed)
            return end();
        if (got.is == proxy_header_parser::state::complete) {
            loop_core &core = core_;
            const address from = parser_.names_client() ? parser_.client() : from_;
            socket taken = socket_.release();
            end();
            return core.introduce_socket(std::move(taken), from);
        }
    }
}

} // namespace cryo_core::net
