# CRYO_SANITIZE and CRYO_COVERAGE reach every target of this build, so that no part runs unwatched.
if(CRYO_SANITIZE)
    add_compile_options(-fsanitize=${CRYO_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
    add_link_options(-fsanitize=${CRYO_SANITIZE})
endif()
if(CRYO_COVERAGE)
    add_compile_options(--coverage)
    add_link_options(--coverage)
endif()
