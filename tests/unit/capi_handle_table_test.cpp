// Handles: whatever is handed in, it is told what it is, and nothing is touched that is not there.
#include "capi/handle_table.h"

#include "cmocka.hpp"

#include <atomic>
#include <random>
#include <set>
#include <thread>
#include <vector>

using namespace cryo_core::capi;

namespace {

constexpr handle_type types[] = {handle_type::server_options, handle_type::events, handle_type::server,
                                 handle_type::session,        handle_type::queue,  handle_type::event};

void *bits(std::uintptr_t value) {
    return reinterpret_cast<void *>(value);
}

void assert_none(const void *handle) {
    for (const handle_type type : types) {
        assert_null(find_object(type, handle));
        assert_null(find_shared(type, handle).get());
        assert_null(remove_handle(type, const_cast<void *>(handle)).get());
        assert_false(with_object(
            type, handle, [](void *, void *) {}, nullptr));
    }
}

void test_a_life(void **) {
    const auto object = std::make_shared<int>(7);
    void *const handle = add_handle(handle_type::queue, object);
    assert_non_null(handle);
    assert_true(handle != object.get()); // never an address
    assert_ptr_equal(find_object(handle_type::queue, handle), object.get());
    assert_ptr_equal(find_shared(handle_type::queue, handle).get(), object.get());
    assert_int_equal(object.use_count(), 2);
    void *seen = nullptr;
    assert_true(with_object(
        handle_type::queue, handle, [](void *o, void *into) { *static_cast<void **>(into) = o; }, &seen));
    assert_ptr_equal(seen, object.get());
    assert_ptr_equal(remove_handle(handle_type::queue, handle).get(), object.get());
    assert_int_equal(object.use_count(), 1);
    assert_none(handle);
    assert_true(type_of(handle) == handle_type::queue); // it once was
}

void test_another_type(void **) {
    int object = 0;
    for (const handle_type type : types) {
        void *const handle = add_handle(type, &object);
        for (const handle_type other : types) {
            if (other == type) continue;
            assert_null(find_object(other, handle));
            assert_null(find_shared(other, handle).get());
            remove_handle(other, handle);
            assert_false(with_object(
                other, handle, [](void *, void *) {}, nullptr));
        }
        assert_ptr_equal(find_object(type, handle), &object);
        assert_true(type_of(handle) == type);
        remove_handle(type, handle);
    }
}

void test_made_up(void **) {
    int on_stack = 0;
    const auto on_heap = std::make_unique<int>(0);
    assert_none(nullptr);
    assert_none(&on_stack);
    assert_none(on_heap.get());
    for (const std::uintptr_t value : {std::uintptr_t{1}, std::uintptr_t{16}, ~std::uintptr_t{0},
                                       ~std::uintptr_t{0} << 8, ~std::uintptr_t{15}})
        assert_none(bits(value));
    assert_true(type_of(nullptr) == handle_type::none);
    assert_true(type_of(bits(1)) == handle_type::none);
    assert_true(type_of(bits(~std::uintptr_t{0})) == handle_type::none);

    // One bit away from a real one.
    int object = 0;
    void *const handle = add_handle(handle_type::session, &object);
    for (unsigned bit = 0; bit < sizeof(void *) * 8; ++bit)
        assert_null(find_object(handle_type::session,
                                bits(reinterpret_cast<std::uintptr_t>(handle) ^ (std::uintptr_t{1} << bit))));
    remove_handle(handle_type::session, handle);
    std::mt19937_64 random(3);
    for (int i = 0; i < 100'000; ++i)
        assert_none(bits(static_cast<std::uintptr_t>(random())));
}

void test_generations(void **) {
    int object = 0;
    std::vector<void *> stale;
    for (int i = 0; i < 1000; ++i) { // the same slot again and again
        void *const handle = add_handle(handle_type::event, &object);
        assert_ptr_equal(find_object(handle_type::event, handle), &object);
        remove_handle(handle_type::event, handle);
        stale.push_back(handle);
    }
    assert_int_equal(std::set<void *>(stale.begin(), stale.end()).size(), 1000);
    void *const live = add_handle(handle_type::event, &object);
    for (void *const handle : stale)
        assert_none(handle);
    assert_ptr_equal(find_object(handle_type::event, live), &object);
    remove_handle(handle_type::event, live);
}

void test_many_at_once(void **) {
    std::vector<void *> handles;
    std::vector<int> objects(3000); // more than a chunk
    for (int &object : objects)
        handles.push_back(add_handle(handle_type::session, &object));
    for (std::size_t i = 0; i < objects.size(); ++i)
        assert_ptr_equal(find_object(handle_type::session, handles[i]), &objects[i]);
    for (std::size_t i = 0; i < objects.size(); i += 2)
        remove_handle(handle_type::session, handles[i]);
    for (std::size_t i = 0; i < objects.size(); ++i)
        assert_ptr_equal(find_object(handle_type::session, handles[i]), i % 2 == 0 ? nullptr : &objects[i]);
    for (std::size_t i = 1; i < objects.size(); i += 2)
        remove_handle(handle_type::session, handles[i]);
}

// A ticket is another face of its session's handle, with its life and no other one.
void test_ticket(void **) {
    int object = 0;
    void *const session = add_handle(handle_type::session, &object);
    void *const ticket = ticket_of(session);
    assert_true(ticket != session);
    assert_true(type_of(ticket) == handle_type::auth);
    assert_ptr_equal(find_object(handle_type::auth, ticket), &object);
    assert_true(with_object(
        handle_type::auth, ticket, [](void *, void *) {}, nullptr));
    assert_none(ticket); // as anything else
    assert_null(find_object(handle_type::auth, session));
    remove_handle(handle_type::auth, ticket); // only the session's handle is removed
    assert_ptr_equal(find_object(handle_type::session, session), &object);
    remove_handle(handle_type::session, session);
    assert_null(find_object(handle_type::auth, ticket));
    assert_true(type_of(ticket) == handle_type::auth); // it once was
}

void test_names(void **) {
    for (const handle_type type : types)
        assert_true(std::string_view(handle_type_name(type)) != handle_type_name(handle_type::none));
}

// Threads make, use and drop handles, and try those of the others, live or stale.
void test_threads(void **) {
    std::atomic<void *> shared[8] = {};
    std::atomic<int> wrong{0};
    const auto run = [&](unsigned seed) {
        std::mt19937 random(seed);
        for (int i = 0; i < 20'000; ++i) {
            const auto object = std::make_shared<int>(static_cast<int>(seed));
            void *const mine = add_handle(handle_type::server, object);
            if (find_object(handle_type::server, mine) != object.get()) ++wrong;
            void *const other = shared[random() % 8].exchange(mine);
            if (find_object(handle_type::queue, other) != nullptr) ++wrong;
            if (const auto found = find_shared(handle_type::server, other))
                if (const int value = *std::static_pointer_cast<int>(found); value < 1 || value > 4) ++wrong;
            const auto removed = remove_handle(handle_type::server, other);
            if (other != nullptr && !removed) ++wrong; // only one thread gets each out of the exchange
            if (remove_handle(handle_type::server, other)) ++wrong;
        }
    };
    std::vector<std::thread> threads;
    for (unsigned seed = 1; seed <= 4; ++seed)
        threads.emplace_back(run, seed);
    for (std::thread &thread : threads)
        thread.join();
    assert_int_equal(wrong.load(), 0);
    for (auto &one : shared)
        remove_handle(handle_type::server, one.load());
}

} // namespace

int main() {
    const CMUnitTest tests[] = {
        cmocka_unit_test(test_a_life),       cmocka_unit_test(test_another_type),
        cmocka_unit_test(test_made_up),      cmocka_unit_test(test_generations),
        cmocka_unit_test(test_many_at_once), cmocka_unit_test(test_ticket),
        cmocka_unit_test(test_names),        cmocka_unit_test(test_threads),
    };
    return cmocka_run_group_tests(tests, nullptr, nullptr);
}
