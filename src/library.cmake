# libcryo.so and libcryo.a, both from the objects of cryo_core. Included at the end of src/CMakeLists.txt.
include(${PROJECT_SOURCE_DIR}/cmake/exports.cmake)
cryo_export_lists(${CMAKE_CURRENT_BINARY_DIR})

# What the objects need at link time. Not passed on to the export: users of the shared library need none of it, and those
# of the static one get it from cryoConfig.cmake or cryo.pc.
set(CRYO_LINK_LIBRARIES cryo_mbedtls cryo_openssl PkgConfig::LIBUV PkgConfig::LIBWEBSOCKETS Threads::Threads)

# What cryo.h declares is for export here, and for import in the programs that use a DLL.
target_compile_definitions(cryo_core PRIVATE CRYO_BUILDING)
# GNU's "unique" symbols are one for the whole process, whatever the lists below say.
target_compile_options(cryo_core PRIVATE $<$<COMPILE_LANG_AND_ID:CXX,GNU>:-fno-gnu-unique>)

# The layers are files of their own, and most of a message's way goes through small functions of several of them: over
# their borders the compiler sees only when it links. "Fat" objects hold plain code as well, for whoever links libcryo.a.
if(CRYO_LTO AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(cryo_core PRIVATE -flto=auto -ffat-lto-objects)
endif()

function(cryo_library target kind)
    add_library(${target} ${kind} ${ARGN})
    target_include_directories(${target} INTERFACE
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
    target_link_libraries(${target} PRIVATE "$<BUILD_INTERFACE:${CRYO_LINK_LIBRARIES}>")
    set_target_properties(${target} PROPERTIES OUTPUT_NAME cryo LINKER_LANGUAGE CXX)
endfunction()

if(CRYO_BUILD_SHARED)
    cryo_library(cryo_shared SHARED $<TARGET_OBJECTS:cryo_core>)
    add_library(cryo::cryo ALIAS cryo_shared)
    set_target_properties(cryo_shared PROPERTIES
        EXPORT_NAME cryo VERSION ${PROJECT_VERSION} SOVERSION ${CRYO_ABI_VERSION})

    # Visibility hides our own names; the lists also hide the templates of the C++ library that our objects instantiate.
    if(APPLE)
        set(list cryo.exported)
        target_link_options(cryo_shared PRIVATE LINKER:-exported_symbols_list,${CMAKE_CURRENT_BINARY_DIR}/${list})
    elseif(WIN32)
        set(list cryo.def)
        target_sources(cryo_shared PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${list})
    else()
        # Its threads and what the C library calls at a fork must not lose their code: runtimes unload libraries on their own.
        target_link_options(cryo_shared PRIVATE LINKER:-z,nodelete)
        set(list cryo.map)
        target_link_options(cryo_shared PRIVATE LINKER:--version-script=${CMAKE_CURRENT_BINARY_DIR}/${list})
        # The sanitizers' own names come from the program, so there they stay open.
        if(NOT CRYO_SANITIZE AND NOT CRYO_BUILD_FUZZERS)
            target_link_options(cryo_shared PRIVATE LINKER:-z,defs)
        endif()
    endif()
    set_target_properties(cryo_shared PROPERTIES LINK_DEPENDS ${CMAKE_CURRENT_BINARY_DIR}/${list})
endif()

if(CRYO_BUILD_STATIC)
    # An archive has no list of exported names, so its objects are made one, in which all but the names of cryo.h are
    # local. Then nothing in it can clash with what a program, or another library of that program, holds itself.
    execute_process(COMMAND ${CMAKE_LINKER} -v OUTPUT_VARIABLE linker ERROR_QUIET)
    if(linker MATCHES "GNU ld" AND CMAKE_OBJCOPY AND NOT CRYO_SANITIZE AND NOT CRYO_COVERAGE AND NOT CRYO_BUILD_FUZZERS
       AND NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION)
        add_custom_command(OUTPUT cryo.o
            COMMAND ${CMAKE_LINKER} -r --force-group-allocation -o cryo-open.o $<TARGET_OBJECTS:cryo_core>
            COMMAND ${CMAKE_OBJCOPY} --keep-global-symbols=${CMAKE_CURRENT_BINARY_DIR}/cryo.keep --remove-section=.gnu.lto_*
                --remove-section=.gnu.debuglto_* --remove-section=.rela.gnu.debuglto_* cryo-open.o cryo.o
            COMMAND ${CMAKE_COMMAND} -E rm cryo-open.o
            DEPENDS $<TARGET_OBJECTS:cryo_core> ${CMAKE_CURRENT_BINARY_DIR}/cryo.keep
            COMMENT "Joining the objects of libcryo.a" COMMAND_EXPAND_LISTS VERBATIM)
        cryo_library(cryo_static STATIC ${CMAKE_CURRENT_BINARY_DIR}/cryo.o)
        set_target_properties(cryo_static PROPERTIES CRYO_IS_JOINED 1)
    else()
        cryo_library(cryo_static STATIC $<TARGET_OBJECTS:cryo_core>)
        set_target_properties(cryo_static PROPERTIES CRYO_IS_JOINED 0)
    endif()
    add_library(cryo::static ALIAS cryo_static)
    target_compile_definitions(cryo_static INTERFACE CRYO_STATIC)
    set_target_properties(cryo_static PROPERTIES EXPORT_NAME static)
    if(NOT TARGET cryo::cryo)
        add_library(cryo::cryo ALIAS cryo_static)
    endif()
endif()
