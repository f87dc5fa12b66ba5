// Protection in Terraform whose demands go by names: locals and variables, perhaps of another file.
#pragma once

#include <string>
#include <vector>

#include "document/node.h"
#include "rule/change.h"
#include "rule/checks/protection_demands.h"

namespace tollbar::rule {

std::string folder_of(const FileChange& file);

/// The file asks for something by a name of its module: `contexts = local.checks`.
bool asks_by_names(FileChange& file);

/// A file that stays as it is, and what it demands by the names before and after.
struct NamedProtection {
  document::Document document;
  Protection before, after;
};
/// Of a changed file that names values, the files of its module that do not change and protect something.
std::vector<NamedProtection> protection_by_names(Change& change, FileChange& file);

}  // namespace tollbar::rule
