# Configures SOURCE in a fresh FOLDER with OPTIONS, builds it there, runs the command PROGRAM and looks for PATTERN in what it
# prints. With REFUSED the configuration must fail instead, and PATTERN stands in its message. -DCONFIGURE_ONLY=ON among
# the options leaves out the rest.
cmake_minimum_required(VERSION 3.25)
file(REMOVE_RECURSE ${FOLDER})
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${COMPILER}
  -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_CXX_FLAGS=${FLAGS} ${OPTIONS}
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(REFUSED)
  string(REGEX REPLACE "[ \n]+" " " text "${output}")  # CMake wraps its messages
  if(result EQUAL 0)
    message(FATAL_ERROR "The configuration should have been refused, but succeeded.")
  elseif(NOT text MATCHES "${PATTERN}")
    message(FATAL_ERROR "The configuration was refused, but not because of '${PATTERN}':\n${output}")
  endif()
  return()
endif()
if(NOT result EQUAL 0)
  message(FATAL_ERROR "The configuration failed:\n${output}")
elseif("-DCONFIGURE_ONLY=ON" IN_LIST OPTIONS)
  return()
endif()

execute_process(COMMAND ${CMAKE_COMMAND} --build ${FOLDER} --parallel
  RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "The build failed:\n${output}")
endif()
if(PROGRAM)
  set(ENV{OTEL_TRACES_EXPORTER} console)
  execute_process(COMMAND ${PROGRAM} WORKING_DIRECTORY ${FOLDER} OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
  if(NOT output MATCHES "${PATTERN}")
    message(FATAL_ERROR "No '${PATTERN}' in what the program printed:\n${output}")
  endif()
endif()
