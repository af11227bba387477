# All build logic: how a module, its tests and its checks are declared.
#
#   segue_module(store
#     DEPENDS  recognise            # Segue modules, seen by whoever uses this one
#     USES     RocksDB::rocksdb     # third parties, seen by this module alone
#     HEADERS  segue/server/store/store.h
#     SOURCES  src/rocks_store.cpp
#     TESTS    test/rocks_store_test.cpp)
#
# The layers are enforced here: a module may depend only on modules declared before it, and, inside
# a layer that sets SEGUE_LAYER_MAY_USE, only on the modules named there or declared in that layer. What is installed, and in
# which component, is said by segue_component() (SegueInstall.cmake).

include(${CMAKE_CURRENT_LIST_DIR}/SegueInstall.cmake)

set_property(GLOBAL PROPERTY GLOBAL_DEPENDS_NO_CYCLES ON)
set(CMAKE_VERIFY_INTERFACE_HEADER_SETS ON)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

add_library(segue_options INTERFACE)
target_compile_options(segue_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${SEGUE_WERROR}>:-Werror>)
# gcc 12 sees bounds broken and values unset where it inlines std::string or std::optional: in code instrumented for
# threads, and in tests when it optimises them.
set(false_alarms -Wno-array-bounds -Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow)
if(SEGUE_SANITIZE)
  add_compile_options(-fsanitize=${SEGUE_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${SEGUE_SANITIZE})
  if(SEGUE_SANITIZE MATCHES thread AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    add_compile_options(${false_alarms} -Wno-tsan)  # of fences in Boost, which it cannot check
  endif()
  if(SEGUE_SANITIZE MATCHES undefined)
    add_compile_options(-fno-sanitize-recover=undefined)
    if(CMAKE_CXX_COMPILER_ID MATCHES Clang)
      add_compile_options(-fno-sanitize=function)  # clang 14 cannot put its marks before the parts of a coroutine
    endif()
  endif()
endif()
if(SEGUE_BUILD_FUZZERS AND CMAKE_CXX_COMPILER_ID MATCHES Clang)
  set(SEGUE_LIBFUZZER ON)
  add_compile_options(-fsanitize=fuzzer-no-link)  # so that libFuzzer sees which code an input reached
endif()

# A precompiled header for tests, compiled once and shared by all of them.
if(SEGUE_BUILD_TESTS)
  include(GoogleTest)
  # A program, not an object library: what it is compiled for (-fPIE) must be the same as for the tests.
  file(WRITE ${CMAKE_BINARY_DIR}/test_pch.cpp "int main() {}\n")
  add_executable(segue_test_pch ${CMAKE_BINARY_DIR}/test_pch.cpp)
  target_precompile_headers(segue_test_pch PRIVATE <gtest/gtest.h> <gmock/gmock.h> <string> <vector>)
  add_library(segue_test_options INTERFACE)
  if(SEGUE_SANITIZE)
    target_compile_options(segue_test_options INTERFACE -O0)  # four fifths of the time went into optimising tests
  endif()
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU AND CMAKE_BUILD_TYPE STREQUAL Release)
    target_compile_options(segue_test_options INTERFACE ${false_alarms})
  endif()
  target_link_libraries(segue_test_pch PRIVATE segue_options segue_test_options GTest::gtest GTest::gmock)
endif()

# segue_test(name SOURCES .. LINKS .. [PROPERTIES ..]): one GoogleTest program, run by ctest.
function(segue_test name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS;PROPERTIES")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE segue_options segue_test_options ${arg_LINKS} GTest::gmock GTest::gtest_main)
  target_precompile_headers(${name} REUSE_FROM segue_test_pch)
  gtest_discover_tests(${name} TEST_PREFIX ${name}. DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 60
    PROPERTIES TIMEOUT 300 ${arg_PROPERTIES})
endfunction()

# segue_fuzz(name SOURCES .. LINKS .. CORPUS folder): a program around LLVMFuzzerTestOneInput. With clang it
# is libFuzzer's; otherwise a plain program that replays the corpus. Either way ctest replays the corpus.
function(segue_fuzz name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "CORPUS" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE segue_options ${arg_LINKS})
  cmake_path(ABSOLUTE_PATH arg_CORPUS)
  file(GLOB inputs CONFIGURE_DEPENDS ${arg_CORPUS}/*)
  if(NOT inputs)
    message(FATAL_ERROR "segue_fuzz(${name}): no corpus in ${arg_CORPUS}")
  endif()
  if(SEGUE_LIBFUZZER)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    _segue_list_program(segue_fuzzers ${name} ${arg_CORPUS})
  else()
    target_sources(${name} PRIVATE ${PROJECT_SOURCE_DIR}/fuzz/replay_main.cpp)
  endif()
  add_test(NAME fuzz.${name} COMMAND ${name} ${inputs})
endfunction()

# segue_benchmark(name SOURCES .. LINKS ..): one program of a folder in bench/; `./dev bench` runs them all.
function(segue_benchmark name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "SOURCES;LINKS")
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE segue_options ${arg_LINKS} benchmark::benchmark)
  _segue_list_program(segue_benchmarks ${name})
endfunction()

# Adds program `name` to the target `list` and its line (path, arguments) to ${CMAKE_BINARY_DIR}/<list>.txt.
function(_segue_list_program list name)
  if(NOT TARGET ${list})
    add_custom_target(${list})
    file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/${list}.txt
      CONTENT "$<JOIN:$<TARGET_GENEX_EVAL:${list},$<TARGET_PROPERTY:${list},SEGUE_PROGRAMS>>,\n>\n")
  endif()
  add_dependencies(${list} ${name})
  list(JOIN ARGN " " arguments)
  string(STRIP "$<TARGET_FILE:${name}> ${arguments}" line)
  set_property(TARGET ${list} APPEND PROPERTY SEGUE_PROGRAMS ${line})
endfunction()

function(_segue_check_layers name layer depends)
  get_property(known GLOBAL PROPERTY SEGUE_MODULES)
  get_property(siblings GLOBAL PROPERTY SEGUE_MODULES_${layer})
  if(name IN_LIST known)
    message(FATAL_ERROR "segue_module(${name}): there is a module of that name already")
  endif()
  foreach(dependency IN LISTS depends)
    if(NOT dependency IN_LIST known)
      message(FATAL_ERROR "segue_module(${name}): '${dependency}' is not declared before it. "
        "Modules may only use modules below them; the order of add_subdirectory is the order of layers.")
    endif()
    if(DEFINED SEGUE_LAYER_MAY_USE AND NOT dependency IN_LIST SEGUE_LAYER_MAY_USE
       AND NOT dependency IN_LIST siblings)
      message(FATAL_ERROR "segue_module(${name}): the ${layer} layer may not use '${dependency}', "
        "only ${SEGUE_LAYER_MAY_USE} and its own modules.")
    endif()
  endforeach()
  set_property(GLOBAL APPEND PROPERTY SEGUE_MODULES ${name})
  set_property(GLOBAL APPEND PROPERTY SEGUE_MODULES_${layer} ${name})
endfunction()

function(segue_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "DEPENDS;USES;HEADERS;SOURCES;TESTS;TEST_LINKS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "segue_module(${name}): unknown arguments: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT DEFINED SEGUE_LAYER)
    message(FATAL_ERROR "segue_module(${name}): the folder above must set SEGUE_LAYER")
  endif()
  _segue_check_layers(${name} ${SEGUE_LAYER} "${arg_DEPENDS}")

  list(TRANSFORM arg_HEADERS PREPEND include/)
  set(target segue_${name})
  if(arg_SOURCES)
    add_library(${target} STATIC ${arg_SOURCES})
    set(scope PUBLIC)
    target_link_libraries(${target} PRIVATE $<BUILD_INTERFACE:segue_options> ${arg_USES})
  else()
    add_library(${target} INTERFACE)
    set(scope INTERFACE)
    target_link_libraries(${target} INTERFACE ${arg_USES})
  endif()
  add_library(segue::${name} ALIAS ${target})
  target_compile_features(${target} ${scope} cxx_std_20)
  target_sources(${target} ${scope} FILE_SET HEADERS BASE_DIRS include FILES ${arg_HEADERS})
  list(TRANSFORM arg_DEPENDS PREPEND segue::)
  target_link_libraries(${target} ${scope} ${arg_DEPENDS})
  if(DEFINED SEGUE_COMPONENT)
    _segue_install_module(${name} ${target})
  endif()

  if(SEGUE_BUILD_TESTS AND arg_TESTS)
    segue_test(${target}_test SOURCES ${arg_TESTS} LINKS segue::${name} ${arg_TEST_LINKS})
    if(arg_SOURCES)  # a module's own tests may look at its private headers
      target_include_directories(${target}_test PRIVATE src)
    endif()
  endif()
endfunction()
