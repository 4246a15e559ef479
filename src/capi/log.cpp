#include "base/log.h"
#include "capi/guard.h"

using namespace cryo_core;
using namespace cryo_core::capi;

namespace {

class function_sink final : public log_sink {
  public:
    explicit function_sink(cryo_log_fn function) noexcept : function_(function) {}
    void adopt(user_data user) noexcept { user_ = std::move(user); }
    void write(log_level level, std::string_view line) noexcept override {
        try {
            function_(static_cast<std::int32_t>(level), std::string(line).c_str(), user_.get());
        } catch (...) { // the log has nowhere to report its own failure to
        }
    }

  private:
    cryo_log_fn function_;
    user_data user_;
};

} // namespace

extern "C" cryo_status cryo_set_log(int32_t level, cryo_log_fn fn, void *user, cryo_finalizer finalizer) {
    return guard("cryo_set_log", [&]() -> cryo_status {
        if (level < CRYO_LOG_OFF || level > CRYO_LOG_DEBUG)
            return invalid("cryo_set_log", "the level is none of CRYO_LOG_OFF to CRYO_LOG_DEBUG.");
        if (inside_log_sink()) return fail(status::state, "cryo_set_log: not from inside of a log function.");
        if (fn == nullptr) {
            set_log(static_cast<log_level>(level), nullptr);
            if (finalizer != nullptr) call_out("finalizer", [&] { finalizer(user); }); // nothing will call it
            return CRYO_OK;
        }
        auto sink = std::make_unique<function_sink>(fn);
        sink->adopt(user_data(user, finalizer));
        set_log(static_cast<log_level>(level), std::move(sink));
        return CRYO_OK;
    });
}
