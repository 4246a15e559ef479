# CRYO_SANITIZE and CRYO_COVERAGE reach every target of this build, so that no part runs unwatched.
if(CRYO_SANITIZE)
    add_compile_options(-fsanitize=${CRYO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${CRYO_SANITIZE})
endif()
if(CRYO_COVERAGE)
    add_compile_options(--coverage -fprofile-update=atomic) # threads that count at once make counters negative
    add_link_options(--coverage)
endif()
# Fuzzers see their way through all code only if all of it is instrumented.
if(CRYO_BUILD_FUZZERS)
    if(NOT CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        message(FATAL_ERROR "CRYO_BUILD_FUZZERS needs Clang, this is ${CMAKE_CXX_COMPILER_ID}")
    endif()
    add_compile_options(-fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=address,undefined)
endif()
# The tests run programs under Valgrind, and Debian 12's cannot read Clang's DWARF 5.
if(CRYO_BUILD_TESTS AND CMAKE_CXX_COMPILER_ID MATCHES "Clang")
    add_compile_options($<$<CONFIG:Debug,RelWithDebInfo>:-gdwarf-4>)
endif()
