#include "endpoint/key_pair_stock.h"

#include "base/process_id.h"
#include "endpoint/worker_pool.h"
#include "session/security.h"

#include <utility>

namespace cryo_core {

namespace {

// For each that is taken: so that the stock grows, and what clients wait for is not held up by all of it.
constexpr int orders_for_one = 2;

} // namespace

// One key pair. Dropped or done, it counts as ordered for as long as it exists.
class key_pair_stock::refill final : public work {
  public:
    // With the stock's mutex held.
    refill(std::shared_ptr<key_pair_stock> stock, const cale::crypto::provider &from) noexcept
        : stock_(std::move(stock)), provider_(from) {
        ++stock_->ordered_;
    }
    ~refill() override {
        const std::lock_guard lock(stock_->mutex_);
        --stock_->ordered_;
    }
    void run(std::unique_ptr<work> self) noexcept override {
        auto pair = provider_.make_key_pair();
        if (pair != nullptr) {
            const std::lock_guard lock(stock_->mutex_);
            stock_->pairs_.push_back(std::move(pair)); // there is room for `most`
        }
        self.reset();
    }

  private:
    std::shared_ptr<key_pair_stock> stock_;
    const cale::crypto::provider &provider_;
};

bool key_pair_stock::settle(cale_job &job, worker_pool &workers) {
    if (!job.makes_key_pair()) return false;
    auto pair = take();
    order(job.provider(), workers);
    if (pair == nullptr) return false;
    job.settle(std::move(pair));
    return true;
}

std::unique_ptr<cale::crypto::key_pair> key_pair_stock::take() noexcept {
    const std::lock_guard lock(mutex_);
    if (const std::int64_t process = process_id(); std::exchange(made_in_, process) != process)
        pairs_.clear();
    if (pairs_.empty()) return nullptr;
    auto taken = std::move(pairs_.back());
    pairs_.pop_back();
    return taken;
}

void key_pair_stock::order(const cale::crypto::provider &from, worker_pool &workers) {
    for (int i = 0; i < orders_for_one; ++i) {
        std::unique_ptr<work> one;
        {
            const std::lock_guard lock(mutex_);
            pairs_.reserve(most);
            if (pairs_.size() + ordered_ >= most) return;
            one = std::make_unique<refill>(shared_from_this(), from);
        }
        workers.put(std::move(one));
    }
}

} // namespace cryo_core
