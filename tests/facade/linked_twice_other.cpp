// The other unit of linked_twice_test.
#include <cryo.hpp>

void set_in_the_other_unit(const cryo::session &session);

void set_in_the_other_unit(const cryo::session &session) {
    session.set("number", 17);
}
