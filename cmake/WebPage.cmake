# segue_web_page(variable): a source with the web page's files in it, for embedded_files(); its path goes into `variable`.
#
# The page is built by npm into the build folder; with SEGUE_BUILD_UI off, page/index.html of the calling module stands in.
function(segue_web_page variable)
  set(page ${CMAKE_CURRENT_SOURCE_DIR}/page)
  if(SEGUE_BUILD_UI)
    find_program(SEGUE_NPM npm REQUIRED)
    set(ui ${PROJECT_SOURCE_DIR}/ui)
    set(page ${CMAKE_CURRENT_BINARY_DIR}/page)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${ui}/src/* ${ui}/public/*)
    add_custom_command(OUTPUT ${page}/index.html
      COMMAND sh -c "test -d node_modules || ${SEGUE_NPM} ci"
      COMMAND ${SEGUE_NPM} run --silent build -- --outDir ${page} --emptyOutDir --logLevel warn
      DEPENDS ${sources} ${ui}/index.html ${ui}/package-lock.json ${ui}/vite.config.mjs
      WORKING_DIRECTORY ${ui} COMMENT "Building the web page" VERBATIM)
  endif()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_files.cpp)
  set(script ${PROJECT_SOURCE_DIR}/cmake/EmbedFiles.cmake)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DFOLDER=${page} -DOUTPUT=${source} -P ${script}
    DEPENDS ${page}/index.html ${script} VERBATIM)
  set(${variable} ${source} PARENT_SCOPE)
endfunction()
