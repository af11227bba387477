# Configures and builds SOURCE with SWITCHES in a fresh BUILD folder, header checks included, and compares
# the outcome with PATTERN.
file(REMOVE_RECURSE ${BUILD})
list(TRANSFORM SWITCHES PREPEND -D)
set(ENV{LC_ALL} C)  # plain quotes in the compiler's messages

execute_process(
  COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${BUILD} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER} ${SWITCHES}
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
foreach(target all all_verify_interface_header_sets)
  if(result EQUAL 0)
    execute_process(COMMAND ${CMAKE_COMMAND} --build ${BUILD} --target ${target}
      RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  endif()
endforeach()

string(REGEX REPLACE "[ \n]+" " " text "${output}")  # CMake wraps its messages
if(PATTERN STREQUAL "" AND NOT result EQUAL 0)
  message(FATAL_ERROR "The build should have succeeded:\n${output}")
elseif(NOT PATTERN STREQUAL "" AND result EQUAL 0)
  message(FATAL_ERROR "The build should have been refused, but succeeded.")
elseif(NOT text MATCHES "${PATTERN}")
  message(FATAL_ERROR "The build was refused, but not because of '${PATTERN}':\n${output}")
endif()
