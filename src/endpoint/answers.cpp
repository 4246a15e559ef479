#include "endpoint/answers.h"

#include <algorithm>
#include <cstring>
#include <new>
#include <thread>
#include <utility>

namespace cryo_core {

namespace {

constexpr std::size_t aligned_entry(std::size_t size) noexcept {
    return (size + 7) & ~std::size_t{7};
}

} // namespace

// Entries one behind the other: a session, then its messages, then the next session. The writer counts a
// message in when it is written; the loop, when it has taken all that are there, closes the letter to further
// ones.
class answers::letter final : public net::mail {
  public:
    letter() noexcept {} // NOLINT(modernize-use-equals-default): which would write to all of it

    // --- the writer ---------------------------------------------------------------------------------------
    bool has_room_for(std::size_t data) const noexcept {
        return written_ + sizeof(entry) + sizeof(session) + sizeof(entry) + aligned_entry(data) <=
               sizeof bytes_;
    }
    // False: it is closed, and the message is not in it.
    bool add(const std::shared_ptr<session_control> &to, message_kind kind, bytes_view data) noexcept {
        const bool is_new = to.get() != writes_to_;
        const std::size_t before = written_;
        if (is_new) {
            put({entry::next_session, sizeof(session)});
            new (bytes_ + written_) session(to);
            written_ += sizeof(session);
        }
        put({static_cast<std::uint32_t>(kind), static_cast<std::uint32_t>(data.size())});
        if (!data.empty()) std::memcpy(bytes_ + written_, data.data(), data.size());
        written_ += aligned_entry(data.size());
        if ((state_.fetch_add(1, std::memory_order_release) & closed) == 0) {
            writes_to_ = to.get();
            return true;
        }
        if (is_new) session_at(before + sizeof(entry)).~session();
        written_ = before;
        return false;
    }
    bool is_closed() const noexcept { return (state_.load(std::memory_order_acquire) & closed) != 0; }
    // On its way: the loop has a share in it from here on.
    void share() noexcept { shares_.fetch_add(1, std::memory_order_relaxed); }
    bool is_shared() const noexcept { return shares_.load(std::memory_order_acquire) != 1; }
    void begin_anew() noexcept {
        written_ = 0;
        read_ = 0;
        taken_ = 0;
        writes_to_ = nullptr;
        state_.store(0, std::memory_order_relaxed);
    }
    void drop_share() noexcept {
        if (shares_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
    }

    // --- the loop -----------------------------------------------------------------------------------------
    void deliver() noexcept override {
        std::uint32_t count = state_.load(std::memory_order_acquire);
        do {
            take(count, true);
        } while (!state_.compare_exchange_strong(count, count | closed, std::memory_order_acq_rel));
    }

  private:
    using session = std::shared_ptr<session_control>;
    struct entry {
        static constexpr std::uint32_t next_session = 0; // no kind of a message
        std::uint32_t kind;
        std::uint32_t size;
    };
    static_assert(sizeof(entry) == 8 && sizeof(session) % 8 == 0 && alignof(session) <= 8);
    static constexpr std::uint32_t closed = 0x80000000;
    static constexpr std::size_t run_length = 64;

    // Also where it did not reach its loop: what was promised is taken back.
    void dispose() noexcept override {
        if (!is_closed()) take(state_.fetch_or(closed, std::memory_order_acq_rel), false);
        reader_.reset();
        drop_share();
    }

    void put(entry what) noexcept {
        std::memcpy(bytes_ + written_, &what, sizeof what);
        written_ += sizeof what;
    }
    session &session_at(std::size_t at) noexcept {
        return *std::launder(reinterpret_cast<session *>(bytes_ + at));
    }

    // Up to the count-th message.
    void take(std::uint32_t count, bool deliver) noexcept {
        posted_message run[run_length];
        std::size_t length = 0;
        std::uint64_t bytes = 0;
        const auto end_run = [&] {
            if (length == 0) return;
            if (deliver)
                reader_->take_run({run, length}, bytes);
            else
                reader_->drop_shared(bytes, static_cast<std::uint32_t>(length));
            length = 0;
            bytes = 0;
        };
        while (taken_ < count) {
            entry next;
            std::memcpy(&next, bytes_ + read_, sizeof next);
            read_ += sizeof next;
            if (next.kind == entry::next_session) {
                end_run();
                session &who = session_at(read_);
                reader_ = std::move(who);
                who.~session();
                read_ += sizeof(session);
                continue;
            }
            run[length++] = {static_cast<message_kind>(next.kind), {bytes_ + read_, next.size}};
            bytes += codec::header_size + next.size;
            read_ += aligned_entry(next.size);
            ++taken_;
            if (length == run_length) end_run();
        }
        end_run();
    }

    // The writer's.
    std::size_t written_ = 0;
    const session_control *writes_to_ = nullptr;
    // Both's.
    alignas(64) std::atomic<std::uint32_t> state_{0}; // how many messages are in it, and `closed`
    std::atomic<std::uint32_t> shares_{1};
    // The loop's.
    alignas(64) std::size_t read_ = 0;
    std::uint32_t taken_ = 0;
    session reader_;

    alignas(64) std::uint8_t bytes_[64 * 1024 - 192];
};

answers::answers() noexcept : process_(process_number()) {}

answers::~answers() {
    if (process_ != process_number()) return; // what it has is of no use, and nobody's
    done();
    for (lane &one : lanes_)
        let_go(one);
}

void answers::begin_here() noexcept {
    static thread_local std::unique_ptr<answers> mine;
    if (mine != nullptr && mine->process_ != process_number()) static_cast<void>(mine.release());
    if (mine == nullptr) mine.reset(new (std::nothrow) answers);
    set_of_thread(mine.get());
}

void answers::let_go(lane &of) noexcept {
    for (letter *&one : of.letters)
        if (letter *const gone = std::exchange(one, nullptr)) gone->drop_share();
    of.to.reset();
    of.open = of.quiet = false;
}

// What comes now comes behind the other one, in a letter of its own.
void answers::another_is_posted() noexcept {
    for (lane &one : lanes_)
        one.open = false;
}

answers::lane &answers::lane_to(const std::shared_ptr<net::loop> &to) {
    if (lanes_[recent_].to == to) return lanes_[recent_];
    auto found = std::find_if(lanes_.begin(), lanes_.end(), [&](const lane &one) { return one.to == to; });
    if (found == lanes_.end()) {
        found = std::find_if(lanes_.begin(), lanes_.end(), [](const lane &one) { return !one.to; });
        if (found == lanes_.end()) {
            found = lanes_.begin() + static_cast<std::ptrdiff_t>((recent_ + 1) % max_lanes);
            if (found->quiet) found->to->wake_for_quiet_mail();
            let_go(*found);
        }
        found->to = to;
    }
    recent_ = static_cast<std::size_t>(found - lanes_.begin());
    return *found;
}

// The first of those that no loop has, or a new one in the place of the last. If it must be: where there is
// no memory, the one that its loop has just closed, and is about to give up.
answers::letter &answers::fresh_letter(lane &of, bool must) {
    auto found = std::find_if(of.letters.begin(), of.letters.end(),
                              [](const letter *one) { return one == nullptr || !one->is_shared(); });
    if (found == of.letters.end()) --found;
    if (*found == nullptr || (*found)->is_shared()) {
        if (auto *const made = new (std::nothrow) letter) {
            if (letter *const former = std::exchange(*found, made)) former->drop_share();
        } else if (must) {
            found = of.letters.begin();
            while ((*found)->is_shared())
                std::this_thread::yield();
        } else {
            throw std::bad_alloc();
        }
    }
    std::swap(*found, of.letters.front());
    of.letters.front()->begin_anew();
    return *of.letters.front();
}

status answers::send(const std::shared_ptr<session_control> &to, message_kind kind, bytes_view data) {
    if (!to->sendable()) return to->away() ? status::state : status::closed;
    lane &way = lane_to(to->first_place()->loop);
    if (way.open && (!way.letters.front()->has_room_for(data.size()) || way.letters.front()->is_closed()))
        way.open = false;
    letter *into = way.open ? way.letters.front() : &fresh_letter(way, false);
    const std::uint64_t size = codec::header_size + data.size();
    if (const status outcome = to->begin_shared_send(size); outcome != status::ok) return outcome;
    if (way.open && into->add(to, kind, data)) return status::ok;
    if (way.open) into = &fresh_letter(way, true); // it was closed in this moment
    into->add(to, kind, data);
    into->share();
    way.open = way.to->post_quietly(*into);
    way.quiet = way.quiet || way.open;
    return way.open ? status::ok : status::closed;
}

void answers::done() noexcept {
    if (of_thread() == this) set_of_thread(nullptr);
    if (process_ != process_number()) return;
    last_.reset();
    last_name_ = nullptr;
    for (lane &one : lanes_) {
        one.open = false; // what this thread sends in other ways meanwhile is not to be overtaken
        if (std::exchange(one.quiet, false)) one.to->wake_for_quiet_mail();
    }
}

} // namespace cryo_core
