// Whether what a client of databases or stores is told to do only reads.
#pragma once

#include <string>
#include <vector>

#include "document/shell.h"

namespace tollbar::reach {

/// Every statement that the command names is a query: `psql -c 'select 1'`, `mongosh --eval 'db.x.find()'`. False for a
/// session, a file of statements and whatever is only known when it runs.
bool only_queries(const document::Command& command, const std::vector<std::string>& words);

/// Copies from elsewhere to a place that is plainly here: `aws s3 cp s3://bucket/x .`, `scp host:log /tmp/log`.
bool only_downloads(const std::vector<std::string>& words);

}  // namespace tollbar::reach
