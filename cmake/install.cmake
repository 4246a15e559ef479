# Everything goes to its GNU place, and finds the rest from where it lies: the prefix may be moved after the installation.
include(CMakePackageConfigHelpers)

set(CRYO_CMAKE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/cryo)
set(CRYO_PKGCONFIG_DIR ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Told before anything is installed: half an installation is worse than none.
function(cryo_want_built component)
    foreach(target IN LISTS ARGN)
        if(TARGET ${target})
            install(CODE "
                if(NOT EXISTS \"$<TARGET_FILE:${target}>\")
                    message(FATAL_ERROR \"$<TARGET_FILE_NAME:${target}> is not built yet: cmake --build ${PROJECT_BINARY_DIR}\")
                endif()" COMPONENT ${component})
        endif()
    endforeach()
endfunction()
cryo_want_built(runtime cryo_shared cryo_deep cryo_bundled cryo_tool)
cryo_want_built(development cryo_static)

if(CRYO_BUILD_SHARED)
    install(TARGETS cryo_shared EXPORT cryo_shared_targets
        RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
    install(EXPORT cryo_shared_targets FILE cryoSharedTargets.cmake NAMESPACE cryo::
        DESTINATION ${CRYO_CMAKE_DIR} COMPONENT development)
endif()
if(CRYO_BUILD_DEEP)
    install(TARGETS cryo_deep LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development)
endif()
if(TARGET cryo_bundled)
    install(TARGETS cryo_bundled LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT runtime NAMELINK_COMPONENT development)
endif()
if(CRYO_BUILD_STATIC)
    install(TARGETS cryo_static EXPORT cryo_static_targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
    install(EXPORT cryo_static_targets FILE cryoStaticTargets.cmake NAMESPACE cryo::
        DESTINATION ${CRYO_CMAKE_DIR} COMPONENT development)
endif()
if(CRYO_BUILD_TOOLS)
    file(RELATIVE_PATH CRYO_BIN_TO_LIB /${CMAKE_INSTALL_BINDIR} /${CMAKE_INSTALL_LIBDIR})
    set_target_properties(cryo_tool PROPERTIES
        INSTALL_RPATH $<IF:$<PLATFORM_ID:Darwin>,@loader_path,$ORIGIN>/${CRYO_BIN_TO_LIB})
    install(TARGETS cryo_tool RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT runtime)
    if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
        include(cmake/units.cmake)
    endif()
endif()

install(FILES include/cryo.h include/cryo.hpp include/cryo_logger.hpp include/cryo_rate_limit.hpp include/cryo_rpc.hpp
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT runtime OPTIONAL)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT development)
install(DIRECTORY examples/deploy DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT development)

# `cmake --build BUILD --target uninstall` takes away what was installed from this build.
if(PROJECT_IS_TOP_LEVEL)
    add_custom_target(uninstall VERBATIM
        COMMAND ${CMAKE_COMMAND} -D BUILD=${PROJECT_BINARY_DIR} -P ${PROJECT_SOURCE_DIR}/cmake/uninstall.cmake)
endif()

# The C++ library, for linkers that are started for another language.
set(CRYO_CXX_LIBRARIES ${CMAKE_CXX_IMPLICIT_LINK_LIBRARIES})
list(FILTER CRYO_CXX_LIBRARIES INCLUDE REGEX "^(stdc\\+\\+|c\\+\\+|c\\+\\+abi|m)$")
list(REMOVE_DUPLICATES CRYO_CXX_LIBRARIES)

# The CMake package.
set(CRYO_STATIC_REQUIRES libwebsockets libuv)
if(TARGET PkgConfig::OPENSSL)
    list(APPEND CRYO_STATIC_REQUIRES openssl)
endif()
list(JOIN CRYO_STATIC_REQUIRES " " CRYO_STATIC_REQUIRES)
configure_package_config_file(cmake/cryoConfig.cmake.in ${PROJECT_BINARY_DIR}/cryoConfig.cmake
    INSTALL_DESTINATION ${CRYO_CMAKE_DIR} NO_SET_AND_CHECK_MACRO)
# Before 1.0 a minor version may change the API.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/cryoConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/cryoConfig.cmake ${PROJECT_BINARY_DIR}/cryoConfigVersion.cmake
    DESTINATION ${CRYO_CMAKE_DIR} COMPONENT development)

# pkg-config. The folders are relative to the prefix, unless the packager gave absolute ones.
foreach(kind IN ITEMS LIBDIR INCLUDEDIR)
    if(IS_ABSOLUTE ${CMAKE_INSTALL_${kind}})
        set(CRYO_PC_${kind} ${CMAKE_INSTALL_${kind}})
    else()
        set(CRYO_PC_${kind} "\${prefix}/${CMAKE_INSTALL_${kind}}")
    endif()
endforeach()
if(IS_ABSOLUTE ${CRYO_PKGCONFIG_DIR})
    set(CRYO_PC_TO_PREFIX ${CMAKE_INSTALL_PREFIX})
else()
    file(RELATIVE_PATH CRYO_PC_TO_PREFIX /${CRYO_PKGCONFIG_DIR} /)
    string(REGEX REPLACE "/$" "" CRYO_PC_TO_PREFIX ${CRYO_PC_TO_PREFIX})
endif()
# What libcryo.a itself calls. Not what those libraries' own archives need: they are there as shared libraries, and OpenSSL's
# *_STATIC_LDFLAGS name libzstd, whose development files its package does not bring. And what a linker that was started for C does not
# know: the C++ library, and what our objects call.
set(cxx_libraries ${CRYO_CXX_LIBRARIES})
list(TRANSFORM cxx_libraries PREPEND -l)
set(mbedtls_folders ${MBEDX509_LIBRARY} ${MBEDCRYPTO_LIBRARY})
list(TRANSFORM mbedtls_folders REPLACE "^(.*)/[^/]*$" "-L\\1")
set(CRYO_PC_LIBS_PRIVATE ${mbedtls_folders} ${LIBWEBSOCKETS_LDFLAGS} ${LIBUV_LDFLAGS} ${OPENSSL_LDFLAGS}
    -lmbedx509 -lmbedcrypto ${CMAKE_THREAD_LIBS_INIT} ${cxx_libraries})
list(REMOVE_DUPLICATES CRYO_PC_LIBS_PRIVATE)
foreach(folder IN LISTS CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
    list(REMOVE_ITEM CRYO_PC_LIBS_PRIVATE -L${folder})
endforeach()
list(JOIN CRYO_PC_LIBS_PRIVATE " " CRYO_PC_LIBS_PRIVATE)
configure_file(pkgconfig/cryo.pc.in ${PROJECT_BINARY_DIR}/cryo.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/cryo.pc DESTINATION ${CRYO_PKGCONFIG_DIR} COMPONENT development)

# Where the system looks for libraries is its administrator's business, but a library that is not found is of no use.
if(CRYO_BUILD_SHARED AND CMAKE_SYSTEM_NAME STREQUAL "Linux")
    install(CODE "set(CRYO_LIBDIR \"${CMAKE_INSTALL_LIBDIR}\")" COMPONENT runtime)
    install(SCRIPT cmake/loader_cache.cmake COMPONENT runtime)
endif()
