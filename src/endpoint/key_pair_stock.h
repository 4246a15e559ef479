// Key pairs for CALE that were made ahead, where making one is slow: a hello leaves at once, and the worker
// hands its session one result for a handshake instead of two. Each is used once. The stock grows with use
// and is empty until then.
#pragma once

#include "cale/crypto.h"

#include <memory>
#include <mutex>
#include <vector>

namespace cryo_core {

class cale_job;
class worker_pool;

class key_pair_stock : public std::enable_shared_from_this<key_pair_stock> {
    struct key {};

  public:
    static constexpr std::size_t most = 32;

    static std::shared_ptr<key_pair_stock> make() { return std::make_shared<key_pair_stock>(key{}); }
    explicit key_pair_stock(key) noexcept {}
    key_pair_stock(const key_pair_stock &) = delete;
    key_pair_stock &operator=(const key_pair_stock &) = delete;

    // From any thread. Settles a job that makes a key pair with one that is there, and has the next ones
    // made. False: it is another job, or there is none.
    bool settle(cale_job &job, worker_pool &workers);

  private:
    class refill;
    std::unique_ptr<cale::crypto::key_pair> take() noexcept;
    void order(const cale::crypto::provider &from, worker_pool &workers);

    std::mutex mutex_; // of what follows
    std::vector<std::unique_ptr<cale::crypto::key_pair>> pairs_;
    std::size_t ordered_ = 0;
    std::int64_t made_in_ = 0; // the process: the two halves of a fork must not use the same ones
};

} // namespace cryo_core
