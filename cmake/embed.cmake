# embed.cmake: turns files into one C++ source, so that the program needs nothing beside itself.
#
#   cmake -DOUTPUT=x.cpp -DNAMESPACE=a::b -DROOT=DIR "-DFILES=DIR/x.yml;DIR/y.json" [-DTABLE=name] -P embed.cmake
#
# Without TABLE every file becomes `extern const std::string_view NAME;` in NAMESPACE, NAME being its path below ROOT with everything but letters
# and digits replaced by `_` (`default.yml` -> default_yml). With TABLE there is one `extern const std::span<const std::pair<std::string_view,
# std::string_view>> TABLE;` of path below ROOT and text, in the order of FILES.
foreach(needed OUTPUT NAMESPACE ROOT FILES)
  if(NOT DEFINED ${needed})
    message(FATAL_ERROR "embed.cmake: ${needed} is not set")
  endif()
endforeach()

# Compilers limit the length of a literal (64 kB at most): a long text becomes several, cut at line ends so that no character is split.
set(piece_size 16000)
set(delimiter "tollbar_text")

function(literal_of file result)
  file(READ ${file} text)
  string(FIND "${text}" ")${delimiter}\"" clash)
  if(NOT clash EQUAL -1)
    message(FATAL_ERROR "embed.cmake: ${file} holds the delimiter ${delimiter}")
  endif()
  set(literal "")
  string(LENGTH "${text}" length)
  while(length GREATER piece_size)
    string(SUBSTRING "${text}" 0 ${piece_size} piece)
    string(FIND "${piece}" "\n" cut REVERSE)
    if(cut EQUAL -1)
      message(FATAL_ERROR "embed.cmake: ${file} has a line longer than ${piece_size} bytes")
    endif()
    math(EXPR cut "${cut} + 1")
    string(SUBSTRING "${text}" 0 ${cut} piece)
    string(SUBSTRING "${text}" ${cut} -1 text)
    string(APPEND literal "R\"${delimiter}(${piece})${delimiter}\"\n    ")
    string(LENGTH "${text}" length)
  endwhile()
  string(APPEND literal "R\"${delimiter}(${text})${delimiter}\"")
  set(${result} "${literal}" PARENT_SCOPE)
endfunction()

set(body "")
set(rows "")
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH path ${ROOT} ${file})
  string(REGEX REPLACE "[^A-Za-z0-9]" "_" name "${path}")
  literal_of(${file} literal)
  if(DEFINED TABLE)
    string(APPEND rows "    {\"${path}\",\n    ${literal}},\n")
  else()
    string(APPEND body "extern const std::string_view ${name};\nconst std::string_view ${name} =\n    ${literal};\n\n")
  endif()
endforeach()
if(DEFINED TABLE)
  string(APPEND body "namespace {\nconst std::pair<std::string_view, std::string_view> rows[] = {\n${rows}};\n}  // namespace\n\n"
    "extern const std::span<const std::pair<std::string_view, std::string_view>> ${TABLE};\n"
    "const std::span<const std::pair<std::string_view, std::string_view>> ${TABLE}(rows);\n\n")
endif()

file(WRITE ${OUTPUT}
  "// Written by cmake/embed.cmake; do not edit.\n#include <span>\n#include <string_view>\n#include <utility>\n\n"
  "namespace ${NAMESPACE} {\n\n${body}}  // namespace ${NAMESPACE}\n")
