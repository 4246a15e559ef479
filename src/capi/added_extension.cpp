#include "capi/event_lane.h"
#include "capi/extension.h"
#include "capi/hook.h"
#include "capi/session_attachment.h"

#include <exception>

namespace cryo_core::capi {

void added_extension::registered() noexcept {
    registered_ = true;
    if (settings_.on_register == nullptr) return;
    call_out("register function", [&] { settings_.on_register(from_->name.c_str(), from_->user.get()); });
}

added_extension::~added_extension() {
    if (!registered_ || settings_.on_unregister == nullptr) return;
    call_out("unregister function", [&] { settings_.on_unregister(from_->name.c_str(), from_->user.get()); });
}

void added_extension::ask(const std::shared_ptr<hook_ticket> &ticket, void *context) noexcept {
    try {
        auto &control = *static_cast<session_control *>(context);
        cryo_hook *const handle = hook_attachment::prepare(*ticket, control.shared_from_this());
        if (settings_.at(ticket->direction(), ticket->kind()).function != nullptr)
            ask_function(*ticket, handle, session_attachment::of(control).handle());
        else
            ask_queue(*ticket, handle, control);
    } catch (const std::exception &thrown) {
        ticket->settle_failed(thrown.what());
    } catch (...) {
        ticket->settle_failed("it threw something that is no std::exception");
    }
}

void added_extension::ask_function(hook_ticket &ticket, cryo_hook *handle, cryo_session *session) {
    static constexpr std::uint8_t nothing = 0; // so that the data is never NULL
    const bytes_view data = ticket.data();
    settings_.at(ticket.direction(), ticket.kind())
        .function(handle, session, static_cast<std::int32_t>(ticket.kind()),
                  data.empty() ? &nothing : data.data(), data.size(), from_->user.get());
}

void added_extension::ask_queue(hook_ticket &ticket, cryo_hook *handle, session_control &who) {
    event_queue &queue = *settings_.at(ticket.direction(), ticket.kind()).queue;
    if (event_lane *const lane = event_lane::known(queue, who.loop())) lane->pass_on();
    const session_attachment::reference its(session_attachment::of(who));
    if (queue.push({.kind = CRYO_EVENT_HOOK,
                    .message_kind = static_cast<std::int32_t>(ticket.kind()),
                    .code = static_cast<std::int32_t>(ticket.direction()),
                    .session = its.handle(),
                    .ticket = handle,
                    .data = ticket.data(),
                    .text = from_->name}))
        return its.keep();
    ticket.settle_failed("its queue was freed");
}

} // namespace cryo_core::capi
