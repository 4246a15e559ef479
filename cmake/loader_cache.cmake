# Runs as the last step of an installation: the dynamic loader finds libcryo.so.1 where it was put, or the person is told how it can be
# made to. A packager's DESTDIR is no place where programs run, so nothing is done there.
if(NOT "$ENV{DESTDIR}" STREQUAL "")
    return()
endif()
cmake_path(ABSOLUTE_PATH CRYO_LIBDIR BASE_DIRECTORY "${CMAKE_INSTALL_PREFIX}" NORMALIZE OUTPUT_VARIABLE folder)
find_program(CRYO_LDCONFIG ldconfig PATHS /sbin /usr/sbin)

# The folders that ldconfig looks into, each as "FOLDER: (from ...)".
set(searched "")
if(CRYO_LDCONFIG)
    execute_process(COMMAND ${CRYO_LDCONFIG} -v -N -X OUTPUT_VARIABLE searched ERROR_QUIET)
endif()
string(FIND "\n${searched}" "\n${folder}:" at)
if(at EQUAL -1)
    message(STATUS "The loader does not look into ${folder}. Link with -Wl,-rpath,${folder} or set LD_LIBRARY_PATH=${folder}; "
                   "for Python set CRYO_LIBRARY=${folder}/libcryo.so")
    return()
endif()
execute_process(COMMAND ${CRYO_LDCONFIG} RESULT_VARIABLE failed ERROR_QUIET)
if(failed)
    message(STATUS "To let programs find the library, run as root: ldconfig")
endif()
