# Fails unless DOCUMENT contains the text of SNIPPET.
file(READ ${DOCUMENT} document)
file(READ ${SNIPPET} snippet)
string(FIND "${document}" "${snippet}" place)
if(place EQUAL -1)
  message(FATAL_ERROR "${DOCUMENT} does not quote ${SNIPPET} as it is")
endif()
