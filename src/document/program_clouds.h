// What libraries of Amazon's cloud destroy, and who asks a machine for its own metadata, as the commands that do the
// same.
#pragma once

#include <string_view>
#include <vector>

#include "document/program_clients.h"
#include "document/program_text.h"

namespace tollbar::document {

/// `aws dynamodb delete-table orders` of `new DeleteTableCommand({ TableName: 'orders' })`; `curl` of an address of the
/// metadata that stands as a string of its own.
std::vector<ClientCall> cloud_calls(std::string_view text, const ProgramText& program);

}  // namespace tollbar::document
