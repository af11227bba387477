# Installs COMPONENTS of BUILD into a fresh PREFIX.
file(REMOVE_RECURSE ${PREFIX})
foreach(component IN LISTS COMPONENTS)
  execute_process(COMMAND ${CMAKE_COMMAND} --install ${BUILD} --prefix ${PREFIX} --component ${component}
    OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
endforeach()
