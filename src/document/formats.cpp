// Which reader reads which format.
#include "document/formats.h"

namespace tollbar::document {

Document read(Format format, std::string_view text) {
  switch (format) {
    case Format::yaml:
      return read_yaml(text);
    case Format::json:
      return read_json(text);
    case Format::toml:
      return read_toml(text);
    case Format::hcl:
      return read_hcl(text);
    case Format::ini:
      return read_ini(text);
    case Format::none:
    case Format::shell:
    case Format::dockerfile:
    case Format::makefile:
    case Format::justfile:
    case Format::program:
      break;
  }
  return {};
}

}  // namespace tollbar::document
