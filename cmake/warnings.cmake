# One set of warnings for everything that is ours.
add_library(cryo_warnings INTERFACE)
target_compile_options(cryo_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual>
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
    $<$<BOOL:${CRYO_WERROR}>:-Werror>)
# GCC sees uninitialised values in the C++ library that are none when a sanitizer has taken the code apart (GCC bug 105562).
if(CRYO_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(cryo_warnings INTERFACE -Wno-maybe-uninitialized)
endif()
