# One set of warnings for everything that is ours.
add_library(cryo_warnings INTERFACE)
target_compile_options(cryo_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion
    $<$<COMPILE_LANGUAGE:CXX>:-Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual>
    $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes -Wmissing-prototypes>
    $<$<BOOL:${CRYO_WERROR}>:-Werror>)
# What GCC sees in the C++ library and is not so:
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # overlapping copies where strings are joined (GCC bug 105651, in 12 only)
    if(CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        target_compile_options(cryo_warnings INTERFACE -Wno-restrict)
    endif()
    # uninitialised values where a sanitizer has taken the code apart (GCC bug 105562)
    if(CRYO_SANITIZE)
        target_compile_options(cryo_warnings INTERFACE -Wno-maybe-uninitialized)
    endif()
endif()
