// What programs do to databases by way of libraries, as the commands that do the same.
#pragma once

#include <string_view>
#include <vector>

#include "document/program_clients.h"
#include "document/program_text.h"

namespace tollbar::document {

/// `psql ${DATABASE_URL} -c 'DROP TABLE orders'` of `cur.execute("DROP TABLE orders")`; `psql --service 'of the
/// program' -c 'DELETE FROM Order'` of `Order.delete_all`, whose database the settings of the program name. In Ruby a
/// namespace or task that says whom it is for, and a guard against production, stand behind the command (` @=dev`).
/// Databases of the program's own, as a file or in memory, are none.
std::vector<ClientCall> database_calls(std::string_view text, const ProgramText& program);

}  // namespace tollbar::document
