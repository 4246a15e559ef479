# With CRYO_UNITY the sources of a folder are compiled as one, so that the headers of the C++ library, which take most of the time,
# are read once for each folder instead of once for each file.

# cryo_unity_group(GROUP SOURCE...): these sources of the current folder's targets go together.
function(cryo_unity_group group)
    set_source_files_properties(${ARGN} PROPERTIES UNITY_GROUP ${group})
endfunction()

# cryo_unity_by_folder(TARGET): what is in no group yet goes with what lies in the same folder; "top" is the CMakeLists.txt's own.
function(cryo_unity_by_folder target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ${CRYO_UNITY} UNITY_BUILD_MODE GROUP)
    get_target_property(sources ${target} SOURCES)
    list(FILTER sources EXCLUDE REGEX "^\\$<") # objects of other targets
    foreach(source IN LISTS sources)
        get_source_file_property(group ${source} UNITY_GROUP)
        get_filename_component(folder ${source} DIRECTORY)
        if(NOT group AND folder)
            cryo_unity_group(${folder} ${source})
        elseif(NOT group)
            cryo_unity_group(top ${source})
        endif()
    endforeach()
endfunction()

# cryo_objects_of(VARIABLE TARGET FOLDER...): a generator expression for the objects made of these folders' sources.
function(cryo_objects_of variable target)
    list(JOIN ARGN "|" folders)
    set(${variable} "$<FILTER:$<TARGET_OBJECTS:${target}>,INCLUDE,/(${folders})/|/unity_(${folders})_>" PARENT_SCOPE)
endfunction()
