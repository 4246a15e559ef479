#include "capi/token.h"

#include "base/utf8.h"
#include "capi/client_options.h"
#include "capi/option_setters.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace cryo_core::capi {

cryo_status check_token(const char *function, const char *token) noexcept {
    if (token == nullptr || *token == '\0') return invalid(function, "the token is NULL or empty.");
    if (!utf8_valid(as_bytes(token))) return invalid(function, "the token is not UTF-8.");
    return CRYO_OK;
}

token_attachment::~token_attachment() {
    if (handle_ != nullptr) remove_handle(handle_type::token_request, handle_);
}

cryo_token_request *token_attachment::prepare(token_request &ticket, std::shared_ptr<session_control> of) {
    auto made = std::make_unique<token_attachment>(std::move(of));
    made->handle_ = static_cast<cryo_token_request *>(
        add_handle(handle_type::token_request, static_cast<void *>(&ticket)));
    cryo_token_request *const handle = made->handle_;
    ticket.attached = std::move(made);
    return handle;
}

} // namespace cryo_core::capi

namespace {

using set_token_of = option_setters<client_options_object, handle_type::client_options>;

std::shared_ptr<token_request> find_request(const cryo_token_request *handle) noexcept {
    return shared_object<token_request>(handle_type::token_request, handle);
}

cryo_status request_is_over(const char *function) noexcept {
    return ticket_is_over(function, "the client waits for no token any more");
}

cryo_status answer_request(const char *function, cryo_token_request *handle, token_request::answer how,
                           std::string text) {
    const auto found = find_request(handle);
    if (!found)
        return type_of(handle) == handle_type::token_request
                   ? request_is_over(function)
                   : bad_handle(function, handle_type::token_request, handle);
    session_control &session = token_attachment::of(*found).session();
    return session.settle_token(*found, how, std::move(text)) ? CRYO_OK : request_is_over(function);
}

} // namespace

extern "C" {

cryo_status cryo_client_options_set_token(cryo_client_options *options, const char *token) {
    return set_token_of::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        if (const cryo_status bad = check_token("cryo_client_options_set_token", token)) return bad;
        object.values.token = token;
        return CRYO_OK;
    });
}

cryo_status cryo_client_options_set_token_provider(cryo_client_options *options, cryo_token_fn fn, void *user,
                                                   cryo_finalizer finalizer) {
    return set_token_of::change(__func__, options, [&](client_options_object &object) -> cryo_status {
        user_data former(user, finalizer);
        std::swap(object.tokens.user, former);
        object.tokens.fn = fn;
        object.values.asks_for_token = true;
        return CRYO_OK;
    });
}

cryo_status cryo_token_give(cryo_token_request *request, const char *token) {
    return guard("cryo_token_give", [&]() -> cryo_status {
        if (const cryo_status bad = check_token("cryo_token_give", token)) return bad;
        return answer_request("cryo_token_give", request, token_request::answer::given, token);
    });
}

cryo_status cryo_token_fail(cryo_token_request *request, const char *reason) {
    return guard("cryo_token_fail", [&] {
        const bool unsaid = reason == nullptr || *reason == '\0';
        return answer_request("cryo_token_fail", request, token_request::answer::failed,
                              std::string("There is no token: ") +
                                  (unsaid ? "its provider failed." : reason));
    });
}

} // extern "C"
