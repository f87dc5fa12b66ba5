// The one table of commands and flags: parsing, help, did-you-mean and completion all read it.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace tollbar::cli {

class Arguments;
struct Console;

struct Flag {
  std::string_view name;    ///< `--color`, or `-C` where there is no long form
  std::string_view letter;  ///< `-o`, empty where there is none
  std::string_view value;   ///< `FORMAT[=FILE]`; empty for a switch
  std::string_view help;
  bool repeatable = false;
  std::vector<std::string_view> choices{};  ///< the only values; empty: any
};

struct Command {
  std::string_view name;       ///< `scan`, `rules list`
  std::string_view arguments;  ///< `[REV | A..B]`, as help shows it
  std::size_t least = 0;       ///< arguments
  std::size_t most = 0;
  std::string_view summary;
  std::vector<Flag> flags;
  int (*run)(const Arguments& arguments, Console& console) = nullptr;  ///< gives the exit status
};

inline constexpr std::size_t any_number = static_cast<std::size_t>(-1);

const std::vector<Command>& commands();
/// Understood before and after every command.
const std::vector<Flag>& global_flags();
/// Null for a name that is none.
const Command* find_command(std::string_view name);
/// `rules`, `policy`: the first words of commands that have two.
bool is_command_group(std::string_view word);

int run_scan(const Arguments& arguments, Console& console);
int run_rules_list(const Arguments& arguments, Console& console);
int run_rules_test(const Arguments& arguments, Console& console);
int run_status(const Arguments& arguments, Console& console);
int run_explain(const Arguments& arguments, Console& console);
int run_approve(const Arguments& arguments, Console& console);
int run_revoke(const Arguments& arguments, Console& console);
int run_policy_check(const Arguments& arguments, Console& console);
int run_policy_show(const Arguments& arguments, Console& console);
int run_policy_schema(const Arguments& arguments, Console& console);
int run_approvals_list(const Arguments& arguments, Console& console);
int run_approvals_show(const Arguments& arguments, Console& console);
int run_approvals_verify(const Arguments& arguments, Console& console);
int run_approvals_push(const Arguments& arguments, Console& console);
int run_approvals_fetch(const Arguments& arguments, Console& console);
int run_install(const Arguments& arguments, Console& console);
int run_uninstall(const Arguments& arguments, Console& console);
int run_doctor(const Arguments& arguments, Console& console);
int run_hook(const Arguments& arguments, Console& console);
int run_completion(const Arguments& arguments, Console& console);

}  // namespace tollbar::cli
