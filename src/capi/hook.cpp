#include "capi/hook.h"

#include "capi/message.h"
#include "capi/session_attachment.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace cryo_core::capi {

hook_attachment::~hook_attachment() {
    if (handle_ != nullptr) remove_handle(handle_type::hook, handle_);
}

cryo_hook *hook_attachment::prepare(hook_ticket &ticket, std::shared_ptr<session_control> of) {
    auto made = std::make_unique<hook_attachment>(std::move(of));
    made->handle_ = static_cast<cryo_hook *>(add_handle(handle_type::hook, static_cast<void *>(&ticket)));
    cryo_hook *const handle = made->handle_;
    ticket.attached = std::move(made);
    return handle;
}

} // namespace cryo_core::capi

namespace {

constexpr const char *session_closed = "the session has closed";

std::shared_ptr<hook_ticket> find_ticket(const cryo_hook *hook) noexcept {
    return shared_object<hook_ticket>(handle_type::hook, hook);
}

// A ticket that is gone is a settled one.
cryo_status no_ticket(const char *function, const cryo_hook *hook) noexcept {
    return type_of(hook) == handle_type::hook ? ticket_is_over(function, session_closed)
                                              : bad_handle(function, handle_type::hook, hook);
}

// null: it is settled, or none, and that is told.
std::shared_ptr<hook_ticket> find_open(const char *function, const cryo_hook *hook) noexcept {
    auto ticket = find_ticket(hook);
    if (ticket && ticket->open()) return ticket;
    no_ticket(function, hook);
    return nullptr;
}

template <typename Function>
cryo_status with_ticket(const char *function, const cryo_hook *hook, Function body) noexcept {
    return guard(function, [&]() -> cryo_status {
        const auto ticket = find_ticket(hook);
        return ticket ? body(*ticket) : no_ticket(function, hook);
    });
}

cryo_status settle(const char *function, hook_ticket &ticket, hook_ticket::answer how,
                   shared_bytes replacement = {}, std::string reason = {}) {
    session_control &session = hook_attachment::of(ticket).session();
    return session.settle_hook(ticket, how, std::move(replacement), std::move(reason))
               ? CRYO_OK
               : ticket_is_over(function, session_closed);
}

} // namespace

extern "C" {

cryo_status cryo_hook_pass(cryo_hook *hook) {
    return with_ticket("cryo_hook_pass", hook, [](hook_ticket &ticket) {
        return settle("cryo_hook_pass", ticket, hook_ticket::answer::pass);
    });
}

cryo_status cryo_hook_stop(cryo_hook *hook) {
    return with_ticket("cryo_hook_stop", hook, [](hook_ticket &ticket) {
        return settle("cryo_hook_stop", ticket, hook_ticket::answer::stop);
    });
}

cryo_status cryo_hook_replace(cryo_hook *hook, const uint8_t *data, size_t len) {
    return with_ticket("cryo_hook_replace", hook, [&](hook_ticket &ticket) -> cryo_status {
        const auto kind = static_cast<std::int32_t>(ticket.kind());
        if (const cryo_status bad = check_message("cryo_hook_replace", kind, data, len)) return bad;
        return settle("cryo_hook_replace", ticket, hook_ticket::answer::replace,
                      shared_bytes::copy({data, len}));
    });
}

cryo_status cryo_hook_fail(cryo_hook *hook, const char *reason) {
    return with_ticket("cryo_hook_fail", hook, [&](hook_ticket &ticket) {
        return settle("cryo_hook_fail", ticket, hook_ticket::answer::fail, {},
                      reason == nullptr ? "" : reason);
    });
}

const uint8_t *cryo_hook_data(const cryo_hook *hook, size_t *len) {
    static constexpr std::uint8_t nothing = 0;
    const auto ticket = find_open(__func__, hook);
    if (len != nullptr) *len = ticket ? ticket->data().size() : 0;
    if (!ticket) return nullptr;
    return ticket->data().empty() ? &nothing : ticket->data().data();
}

int32_t cryo_hook_kind(const cryo_hook *hook) {
    const auto ticket = find_open(__func__, hook);
    return ticket ? static_cast<std::int32_t>(ticket->kind()) : 0;
}

int32_t cryo_hook_direction(const cryo_hook *hook) {
    const auto ticket = find_open(__func__, hook);
    return ticket ? static_cast<std::int32_t>(ticket->direction()) : 0;
}

cryo_session *cryo_hook_session(const cryo_hook *hook) {
    const auto ticket = find_open(__func__, hook);
    return ticket ? session_attachment::of(hook_attachment::of(*ticket).session()).handle() : nullptr;
}

} // extern "C"
