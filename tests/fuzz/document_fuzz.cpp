// Any bytes through every structured reader: no crash, no hang, and a sealed tree that can be walked.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "document/formats.h"

using namespace tollbar::document;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  for (const Format format : {Format::yaml, Format::json, Format::toml, Format::hcl, Format::ini}) {
    const Document document = read(format, text);
    const Document again = read(format, text);
    for (std::size_t i = 0; i < document.roots.size(); ++i) {
      const Node& root = document.roots[i];
      if (root.hash == 0 || root.brief(80).size() > 80 || !root.same_as(again.roots[i])) {
        std::abort();
      }
    }
  }
  return 0;
}
