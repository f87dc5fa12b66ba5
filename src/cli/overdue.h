// What people are reminded of whatever they do here. Internal to src/cli.
#pragma once

#include "git/repository.h"

namespace tollbar::cli {

class Arguments;
struct Console;

/// Says which reviews of broken glass somebody owes. Silent where store or policy cannot be read: others say that.
void warn_of_overdue_reviews(const git::Repository& repository, const Arguments& arguments, Console& console);

}  // namespace tollbar::cli
