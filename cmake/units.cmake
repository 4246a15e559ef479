# systemd's units. The path of the program is written into them when they are installed: the prefix may be another one then.
set(CRYO_UNITS ${PROJECT_SOURCE_DIR}/packaging/systemd)
install(CODE "
    set(CRYO_BINDIR \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_BINDIR}\")
    configure_file(\"${CRYO_UNITS}/cryo.service.in\" \"${PROJECT_BINARY_DIR}/cryo.service\" @ONLY)
    file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/systemd/system\" TYPE FILE
         FILES \"${PROJECT_BINARY_DIR}/cryo.service\" \"${CRYO_UNITS}/cryo.socket\")
    file(INSTALL DESTINATION \"\${CMAKE_INSTALL_PREFIX}/lib/sysusers.d\" TYPE FILE
         FILES \"${CRYO_UNITS}/cryo.sysusers\" RENAME cryo.conf)"
    COMPONENT runtime)
