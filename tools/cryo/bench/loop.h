// What the load generator waits with: libuv, which costs it no measurable part of a message (a socket's event
// is one call of a function, and a message of 32 outstanding ones shares it with 31 others).
#pragma once

#include <chrono>
#include <memory>

struct uv_loop_s;
struct uv_poll_s;
struct uv_timer_s;

namespace cryo_tool {

class bench_loop {
  public:
    class handler {
      public:
        virtual ~handler() = default;
        virtual void on_ready(bool readable, bool writable) = 0;
    };

    // One descriptor that is watched. May be destroyed inside its handler's call.
    class watch {
      public:
        watch(bench_loop &loop, int fd, handler &to); // throws std::system_error
        ~watch();
        watch(const watch &) = delete;
        watch &operator=(const watch &) = delete;

        // For reading always. Costs a system call where it changes something.
        void want_write(bool on) noexcept;

      private:
        struct state;
        state *state_;
        bool writing_ = false;
    };

    bench_loop(); // throws std::system_error
    ~bench_loop();
    bench_loop(const bench_loop &) = delete;
    bench_loop &operator=(const bench_loop &) = delete;

    // Handles what is ready, waiting for it no longer than this. The last millisecond of a wait is spent
    // looking again and again, since libuv's timers, and the system's, are coarser than what is measured.
    void run(std::chrono::nanoseconds longest);

  private:
    std::unique_ptr<uv_loop_s> loop_;
    std::unique_ptr<uv_timer_s> timer_;
};

} // namespace cryo_tool
