// The readers: text in, Document out. None of them throws for bad input; problems are part of the result.
#pragma once

#include <string_view>

#include "document/node.h"

namespace tollbar::document {

enum class Format : std::uint8_t { none, yaml, json, toml, hcl, ini, shell, dockerfile, makefile, justfile, program };

/// YAML 1.2 with the 1.1 habits of CI systems. Anchors are expanded (budgeted), `<<` resolved and reported as a
/// problem.
Document read_yaml(std::string_view text);
/// JSON, also with comments and trailing commas (JSONC, JSON5 keys): duplicates kept and reported.
Document read_json(std::string_view text);
/// TOML through toml++.
Document read_toml(std::string_view text);
/// HCL: a block `resource "aws_s3_bucket" "b" {` becomes members nested by its labels; two blocks with the same path
/// become a sequence. Expressions that are no literals are kept as scalar text, normalised in white space.
Document read_hcl(std::string_view text);
/// INI-like (`key = value` under `[section]`), git config and properties files.
Document read_ini(std::string_view text);

/// Dispatches on the structured formats; a Document without roots for shell, dockerfile, makefile, justfile, program
/// and none.
Document read(Format, std::string_view text);

}  // namespace tollbar::document
