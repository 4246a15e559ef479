# What makes faults in code that reads from the network harder to use, where the compiler and the linker know it: canaries on the
# stack, checked copies, pages of the stack that cannot be jumped over, a table of foreign functions that nobody can
# write to once it is filled, marks for the processor where indirect calls may go, and programs at random addresses.
# docs/performance.md has what it costs.
option(CRYO_HARDENING "Harden the library and the program against faults in them" ON)
include(CheckPIESupported)
check_pie_supported(LANGUAGES C CXX OUTPUT_VARIABLE ignored)
if(NOT CRYO_HARDENING OR CRYO_SANITIZE OR CRYO_BUILD_FUZZERS OR WIN32)
    return() # the sanitizers check more, and do not go with checked copies
endif()

include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)
foreach(flag IN ITEMS -fstack-protector-strong -fstack-clash-protection -fcf-protection=full)
    string(MAKE_C_IDENTIFIER "CRYO_HAS${flag}" known)
    check_cxx_compiler_flag(${flag} ${known})
    if(${known})
        add_compile_options(${flag})
    endif()
endforeach()
# Copies are checked where the optimiser sees how large things are.
if(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
foreach(flag IN ITEMS relro now)
    check_linker_flag(CXX LINKER:-z,${flag} CRYO_LINKER_HAS_${flag})
    if(CRYO_LINKER_HAS_${flag})
        add_link_options(LINKER:-z,${flag})
    endif()
endforeach()
