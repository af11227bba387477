# What `cmake --install` puts where: the SDK in components, each a set of modules with a CMake file and a pkg-config file.
#
#   segue_component(http_exporters REQUIRES core PACKAGES CURL ZLIB)   # the modules that follow belong to it
#   ...
#   segue_install_package()                                           # last: the files that find_package(segue) reads
#
# The same names serve for `cmake --install --component <name>` and `find_package(segue COMPONENTS <name>)`.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(SEGUE_PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/segue)

# A macro: the component counts for the calling folder's modules, as SEGUE_LAYER does.
macro(segue_component name)
  set(SEGUE_COMPONENT ${name})
  _segue_declare_component(${ARGV})
endmacro()

function(_segue_declare_component name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "REQUIRES;PACKAGES")
  set_property(GLOBAL APPEND PROPERTY SEGUE_COMPONENTS ${name})
  set_property(GLOBAL PROPERTY SEGUE_COMPONENT_${name}_REQUIRES ${arg_REQUIRES})
  set_property(GLOBAL PROPERTY SEGUE_COMPONENT_${name}_PACKAGES ${arg_PACKAGES})
endfunction()

# segue_module() calls it for every module of a component.
function(_segue_install_module name target)
  # Hidden: a shared object that links the SDK does not offer it to others.
  set_target_properties(${target} PROPERTIES EXPORT_NAME ${name}
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  install(TARGETS ${target} EXPORT segue-${SEGUE_COMPONENT}
    ARCHIVE COMPONENT ${SEGUE_COMPONENT} FILE_SET HEADERS COMPONENT ${SEGUE_COMPONENT})
  get_target_property(type ${target} TYPE)
  if(type STREQUAL STATIC_LIBRARY)
    set_property(GLOBAL APPEND PROPERTY SEGUE_COMPONENT_${SEGUE_COMPONENT}_LIBRARIES ${target})
  endif()
endfunction()

# The component's name in pkg-config: the SDK as a whole is "segue".
function(_segue_pkg_config_name component variable)
  set(${variable} segue-${component} PARENT_SCOPE)
  if(component STREQUAL sdk)
    set(${variable} segue PARENT_SCOPE)
  endif()
endfunction()

function(_segue_install_pkg_config component)
  foreach(property IN ITEMS REQUIRES PACKAGES LIBRARIES)
    get_property(${property} GLOBAL PROPERTY SEGUE_COMPONENT_${component}_${property})
  endforeach()
  set(requires "")
  foreach(other IN LISTS REQUIRES)
    _segue_pkg_config_name(${other} other_name)
    list(APPEND requires "${other_name} = ${PROJECT_VERSION}")
  endforeach()
  # Public although our users see none of them: the SDK's libraries are archives, which name what they need nowhere.
  # protozero and Boost's headers are not linked.
  set(pkg_config_of_CURL libcurl)
  set(pkg_config_of_ZLIB zlib)
  set(pkg_config_of_gRPC grpc++)
  set(pkg_config_of_OpenSSL libcrypto)
  set(pkg_config_of_yaml-cpp yaml-cpp)
  foreach(package IN LISTS PACKAGES)
    list(APPEND requires ${pkg_config_of_${package}})
  endforeach()
  list(JOIN requires ", " SEGUE_REQUIRES)
  list(REVERSE LIBRARIES)  # an archive stands before the ones it needs
  list(TRANSFORM LIBRARIES PREPEND -l)
  list(JOIN LIBRARIES " " SEGUE_LIBRARIES)
  set(SEGUE_COMPONENT_NAME ${component})
  file(RELATIVE_PATH SEGUE_PREFIX_FROM_FILE /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" SEGUE_PREFIX_FROM_FILE ${SEGUE_PREFIX_FROM_FILE})
  _segue_pkg_config_name(${component} name)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/segue.pc.in ${PROJECT_BINARY_DIR}/package/${name}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/package/${name}.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT ${component})
endfunction()

function(segue_install_package)
  get_property(components GLOBAL PROPERTY SEGUE_COMPONENTS)
  set(SEGUE_COMPONENT_TABLE "set(_segue_components ${components})\n")
  foreach(component IN LISTS components)
    foreach(property IN ITEMS REQUIRES PACKAGES)
      get_property(value GLOBAL PROPERTY SEGUE_COMPONENT_${component}_${property})
      string(APPEND SEGUE_COMPONENT_TABLE "set(_segue_${component}_${property} ${value})\n")
    endforeach()
    install(EXPORT segue-${component} NAMESPACE segue:: DESTINATION ${SEGUE_PACKAGE_FOLDER} COMPONENT ${component})
    _segue_install_pkg_config(${component})
  endforeach()
  configure_file(cmake/segue-config.cmake.in package/segue-config.cmake @ONLY)
  # Before 1.0 a minor version may break what the one before it had.
  write_basic_package_version_file(${PROJECT_BINARY_DIR}/package/segue-config-version.cmake
    COMPATIBILITY SameMinorVersion)
  install(FILES ${PROJECT_BINARY_DIR}/package/segue-config.cmake
    ${PROJECT_BINARY_DIR}/package/segue-config-version.cmake cmake/ThirdParty.cmake
    DESTINATION ${SEGUE_PACKAGE_FOLDER} COMPONENT core)
endfunction()
