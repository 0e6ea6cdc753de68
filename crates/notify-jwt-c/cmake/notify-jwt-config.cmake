# find_package(notify-jwt), and then target_link_libraries(firmware PRIVATE notify::jwt).
#
# NOTIFY_JWT_TRIPLE says which archive, such as thumbv7em-none-eabihf. It has to have the float ABI of the firmware.
if(NOT NOTIFY_JWT_TRIPLE)
  message(FATAL_ERROR "set NOTIFY_JWT_TRIPLE to one of the folders in ${CMAKE_CURRENT_LIST_DIR}/../lib")
endif()
set(_notify_jwt_archive "${CMAKE_CURRENT_LIST_DIR}/../lib/${NOTIFY_JWT_TRIPLE}/libnotify_jwt.a")
if(NOT EXISTS "${_notify_jwt_archive}")
  message(FATAL_ERROR "there is no archive for ${NOTIFY_JWT_TRIPLE}: ${_notify_jwt_archive}")
endif()
if(NOT TARGET notify::jwt)
  add_library(notify::jwt INTERFACE IMPORTED)
  set_target_properties(notify::jwt PROPERTIES
    INTERFACE_INCLUDE_DIRECTORIES "${CMAKE_CURRENT_LIST_DIR}/../include"
    INTERFACE_LINK_LIBRARIES "${_notify_jwt_archive}")
endif()
