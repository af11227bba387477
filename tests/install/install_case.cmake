# Installs SEGUE_BUILD into FOLDER, builds the project in SOURCE around PROGRAM with what is there, and runs it.
file(REMOVE_RECURSE ${FOLDER})
if(SANITIZE)
  set(flags -fsanitize=${SANITIZE})
endif()
execute_process(COMMAND ${CMAKE_COMMAND} --install ${SEGUE_BUILD} --prefix ${FOLDER}/installed
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} -S ${SOURCE} -B ${FOLDER}/build -G ${GENERATOR}
  -DCMAKE_PREFIX_PATH=${FOLDER}/installed -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_CXX_FLAGS=${flags} -DPROGRAM=${PROGRAM}
  OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${CMAKE_COMMAND} --build ${FOLDER}/build COMMAND_ERROR_IS_FATAL ANY)
set(ENV{OTEL_TRACES_EXPORTER} console)
execute_process(COMMAND ${FOLDER}/build/program OUTPUT_VARIABLE output COMMAND_ERROR_IS_FATAL ANY)
if(NOT output MATCHES "handoff.lead_to_buyer")
  message(FATAL_ERROR "No handoff in what the program exported:\n${output}")
endif()
