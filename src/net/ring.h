// Lists whose links lie in their elements: adding and removing needs no memory and cannot fail.
#pragma once

namespace cryo_core::net {

// An element is in at most one ring of each Tag. It leaves its ring when it is destroyed.
template <typename Tag>
class ring_hook {
  public:
    ring_hook() noexcept = default;
    ring_hook(const ring_hook &) = delete;
    ring_hook &operator=(const ring_hook &) = delete;
    ~ring_hook() { leave(); }

    bool in_ring() const noexcept { return next_ != this; }

    void leave() noexcept {
        prev_->next_ = next_;
        next_->prev_ = prev_;
        next_ = prev_ = this;
    }

    // In front of `where`: behind the last element when that is the ring's own hook.
    void join(ring_hook &where) noexcept {
        leave();
        prev_ = where.prev_; // NOLINT(clang-analyzer-cplusplus.NewDelete): a hook leaves when it is destroyed
        next_ = &where;
        prev_->next_ = this;
        where.prev_ = this;
    }

    ring_hook *next() const noexcept { return next_; } // NOLINT(clang-analyzer-cplusplus.NewDelete): as above

  private:
    ring_hook *next_ = this;
    ring_hook *prev_ = this;
};

template <typename T, typename Tag>
class ring {
  public:
    using hook = ring_hook<Tag>;

    bool empty() const noexcept { return !ends_.in_ring(); }
    T &front() const noexcept { return static_cast<T &>(*ends_.next()); }

    // The first that f wants; null: none.
    template <typename F>
    T *find(F f) const {
        for (hook *at = ends_.next(); at != &ends_; at = at->next())
            if (f(static_cast<T &>(*at))) return static_cast<T *>(at);
        return nullptr;
    }

    // Moves it here, behind all others.
    void add(T &element) noexcept { static_cast<hook &>(element).join(ends_); }
    static void remove(T &element) noexcept { static_cast<hook &>(element).leave(); }
    static bool has(const T &element) noexcept { return static_cast<const hook &>(element).in_ring(); }

    // Takes over all of another ring, which must hold everything that this one is to hold.
    void take(ring &other) noexcept {
        ends_.join(other.ends_);
        other.ends_.leave();
    }

  private:
    hook ends_;
};

} // namespace cryo_core::net
