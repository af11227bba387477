# Every function that the libraries define and that <segue/segue.h> declares for applications is called by SOURCE: what it is
# compiled to, PROGRAM, refers to it. So a new one cannot be forgotten where its empty form belongs.
cmake_minimum_required(VERSION 3.25)

# For those who build a back end of their own, which a program without tracing has none of; and what is private.
set(not_for_programs "TracerProvider::|BatchProcessor::|RecordQueue::|SamplingResult::|FinishedSpan::|Baggage::content_without")
string(APPEND not_for_programs "|MeterProvider::|PeriodicReader::|NodeMetrics::|Counter::|Histogram::|Span::end_with_outcome")

# The words of all headers that <segue/segue.h> includes.
list(TRANSFORM FOLDERS PREPEND -I)
execute_process(COMMAND ${COMPILER} -std=c++20 -MM ${FOLDERS} ${SOURCE}
  OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^ \\\n]+\\.h" headers "${headers}")
set(words "")
foreach(header IN LISTS headers)
  file(READ ${header} text)
  string(REGEX REPLACE "//[^\n]*" "" text "${text}")
  string(APPEND words "${text}")
endforeach()

execute_process(COMMAND ${NM} -C --undefined-only ${PROGRAM} OUTPUT_VARIABLE called COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${NM} -C --defined-only ${LIBRARIES} OUTPUT_VARIABLE defined COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL " T segue::[A-Za-z_:~]+" names "${defined}")
list(REMOVE_DUPLICATES names)
set(checked 0)
set(forgotten "")
foreach(name IN LISTS names)
  string(REGEX REPLACE "^ T " "" name ${name})
  string(REGEX REPLACE ".*::" "" word ${name})
  # Constructors and destructors come with their class.
  if(name MATCHES "^segue::(detail::|${not_for_programs})" OR word MATCHES "^~" OR name MATCHES "::${word}::${word}$"
     OR NOT words MATCHES "[^A-Za-z_]${word}\\(")
    continue()
  endif()
  math(EXPR checked "${checked} + 1")
  if(NOT called MATCHES " U ${name}[^A-Za-z_]")
    list(APPEND forgotten ${name})
  endif()
endforeach()
if(checked LESS 30)
  message(FATAL_ERROR "only ${checked} functions found: the check cannot tell")
endif()
if(forgotten)
  list(JOIN forgotten "\n" forgotten)
  message(FATAL_ERROR "${SOURCE} does not call:\n${forgotten}")
endif()
message("${checked} functions, all called")
