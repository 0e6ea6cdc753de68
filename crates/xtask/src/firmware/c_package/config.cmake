# find_package(@NAME@), and then target_link_libraries(firmware PRIVATE @TARGET@).
#
# @CAPITALS@_TRIPLE says which archive, such as thumbv7em-none-eabihf. It has to have the float ABI of the firmware.
if(NOT @CAPITALS@_TRIPLE)
  message(FATAL_ERROR "set @CAPITALS@_TRIPLE to one of the folders in ${CMAKE_CURRENT_LIST_DIR}/../lib")
endif()
set(_@LIBRARY@_archive "${CMAKE_CURRENT_LIST_DIR}/../lib/${@CAPITALS@_TRIPLE}/lib@LIBRARY@.a")
if(NOT EXISTS "${_@LIBRARY@_archive}")
  message(FATAL_ERROR "there is no archive for ${@CAPITALS@_TRIPLE}: ${_@LIBRARY@_archive}")
endif()
if(NOT TARGET @TARGET@)
  add_library(@TARGET@ INTERFACE IMPORTED)
  set_target_properties(@TARGET@ PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_LIST_DIR}/../include"
    INTERFACE_LINK_LIBRARIES "${_@LIBRARY@_archive}")
endif()
