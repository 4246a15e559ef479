# cryo_preload_sanitizer(TEST…): for tests whose program was not built with the sanitizer but loads libcryo.so, which was.
# A sanitizer must be there before the program, so it is preloaded; what the program itself leaks is not ours.
function(cryo_preload_sanitizer)
    if(CRYO_SANITIZE MATCHES "address")
        set(runtime libasan.so)
    elseif(CRYO_SANITIZE MATCHES "thread")
        set(runtime libtsan.so)
    else()
        return()
    endif()
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Clang links its run-time library into programs; there is nothing to preload.
        set_tests_properties(${ARGN} PROPERTIES DISABLED ON)
        return()
    endif()
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=${runtime}
        OUTPUT_VARIABLE path OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    # A C++ library that comes later than the sanitizer would leave it blind to exceptions.
    execute_process(COMMAND ${CMAKE_CXX_COMPILER} -print-file-name=libstdc++.so
        OUTPUT_VARIABLE cxx_path OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
    set_property(TEST ${ARGN} APPEND PROPERTY ENVIRONMENT_MODIFICATION
        "LD_PRELOAD=set:${path} ${cxx_path}"
        "ASAN_OPTIONS=string_append::detect_leaks=0")
endfunction()
