#pragma once

#ifdef __cplusplus
extern "C" {
#endif

// A cryo_finalizer that throws a std::exception with the text that `user` points to: the library logs an
// error.
void throw_it(void *user);

#ifdef __cplusplus
}
#endif
