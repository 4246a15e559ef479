# cryo_export_lists(FOLDER): writes, from docs/symbols.txt, what each linker wants to know about exported names:
#   cryo.map        GNU ld, lld: a version node for each version that brought names; all else is local
#   cryo.exported   macOS
#   cryo.def        Windows
#   cryo.keep       objcopy, for the static library
# and sets CRYO_EXPORTED_NAMES. One list in the tree, so the others cannot lag behind it.
set(CRYO_SYMBOLS_FILE ${PROJECT_SOURCE_DIR}/docs/symbols.txt)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${CRYO_SYMBOLS_FILE})

function(cryo_export_lists folder)
    file(STRINGS ${CRYO_SYMBOLS_FILE} lines REGEX "^[^#]")
    set(names "")
    set(versions "")
    foreach(line IN LISTS lines)
        if(NOT line MATCHES "^(cryo_[a-z0-9_]+) +([0-9]+\\.[0-9]+)$")
            message(FATAL_ERROR "${CRYO_SYMBOLS_FILE}: not `name version`: ${line}")
        endif()
        list(APPEND names ${CMAKE_MATCH_1})
        list(APPEND versions ${CMAKE_MATCH_2})
        list(APPEND names_of_${CMAKE_MATCH_2} ${CMAKE_MATCH_1})
    endforeach()
    list(REMOVE_DUPLICATES versions)
    list(SORT versions COMPARE NATURAL)

    set(map "")
    set(before "")
    foreach(version IN LISTS versions)
        list(JOIN names_of_${version} ";\n        " globals)
        string(APPEND map "CRYO_${version} {\n    global:\n        ${globals};\n")
        if(NOT before)
            string(APPEND map "    local:\n        *;\n")
        endif()
        string(APPEND map "}${before};\n")
        set(before " CRYO_${version}")
    endforeach()
    list(JOIN names "\n" keep)
    list(JOIN names "\n    " def)
    list(TRANSFORM names PREPEND _ OUTPUT_VARIABLE underscored)
    list(JOIN underscored "\n" exported)

    file(CONFIGURE OUTPUT ${folder}/cryo.map CONTENT "${map}" @ONLY)
    file(CONFIGURE OUTPUT ${folder}/cryo.exported CONTENT "${exported}\n" @ONLY)
    file(CONFIGURE OUTPUT ${folder}/cryo.def CONTENT "EXPORTS\n    ${def}\n" @ONLY)
    file(CONFIGURE OUTPUT ${folder}/cryo.keep CONTENT "${keep}\n" @ONLY)
    set(CRYO_EXPORTED_NAMES ${names} PARENT_SCOPE)
endfunction()
