# What find_package(segue) reads: the SDK's modules as segue::<name>, of which most programs link segue::sdk.
include(${CMAKE_CURRENT_LIST_DIR}/Deps.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/segue.cmake)
