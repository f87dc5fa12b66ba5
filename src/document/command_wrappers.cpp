// Programs that run the rest of their words as a command: one table for those with plain options, a function for each
// that needs more.
#include "document/command_wrappers.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "text/word_list.h"
#include "text/words.h"

namespace tollbar::document {

namespace {

using text::base_name;
using text::lists;

/// A program that runs the rest of its arguments as a command.
struct Wrapper {
  std::string_view program;
  std::string_view subcommands;  ///< one of these must follow, after options; empty where the command follows at once
  std::string_view valued_options;  ///< options whose value is the next word
  unsigned operands = 0;            ///< words between the options and the command: the duration of `timeout`
  bool assignments = false;         ///< `NAME=value` may stand before the command
  bool needs_dashes = false;        ///< the command stands after `--`, whatever comes before
};

constexpr std::array wrappers{
    Wrapper{"env", "", "-u --unset -C --chdir", 0, true},
    Wrapper{"cross-env", "", "", 0, true},
    Wrapper{"cross-env-shell", "", "", 0, true},
    Wrapper{"sudo", "", "-u -g -h -p -C -T -r -t -U -D -R --user --group --host --prompt --chdir", 0, true},
    Wrapper{"doas", "", "-u -C"},
    Wrapper{"gosu", "", "", 1},
    Wrapper{"su-exec", "", "", 1},
    Wrapper{"time", "", "-f -o --format --output"},
    Wrapper{"gtime", "", "-f -o"},
    Wrapper{"timeout", "", "-s -k --signal --kill-after", 1},
    Wrapper{"gtimeout", "", "-s -k --signal --kill-after", 1},
    Wrapper{"nice", "", "-n --adjustment"},
    Wrapper{"ionice", "", "-c -n -p --class --classdata"},
    Wrapper{"nohup", "", ""},
    Wrapper{"setsid", "", ""},
    Wrapper{"stdbuf", "", "-i -o -e --input --output --error"},
    Wrapper{"unbuffer", "", ""},
    Wrapper{"chronic", "", ""},
    Wrapper{"xvfb-run", "", "-n -s -e -f -p -w --server-num --server-args --error-file --auth-file"},
    Wrapper{"dbus-run-session", "", "--config-file --dbus-daemon"},
    Wrapper{"faketime", "", "", 1},
    Wrapper{"exec", "", "-a"},
    Wrapper{"command", "", ""},
    Wrapper{"builtin", "", ""},
    Wrapper{"xargs", "", "-I -n -P -L -d -a -E -s --max-args --max-procs --max-lines --delimiter --arg-file --replace"},
    Wrapper{"npx", "", "-p --package"},
    Wrapper{"pnpx", "", ""},
    Wrapper{"bunx", "", "-p --package"},
    Wrapper{"pipx", "run", "--spec --python --pip-args --index-url"},
    Wrapper{"uvx", "", "--from --with --python -p"},
    Wrapper{"pnpm", "exec dlx", "-C --dir --filter -F --package"},
    Wrapper{"yarn", "exec dlx", "--cwd -p --package"},
    Wrapper{"npm", "exec x", "-w --workspace --prefix -C --package -p"},
    Wrapper{"bun", "x", "--cwd"},
    Wrapper{"bundle", "exec", "--gemfile"},
    Wrapper{"poetry", "run", "-C --directory -P --project"},
    Wrapper{"pipenv", "run", ""},
    Wrapper{"pdm", "run", "-p --project"},
    Wrapper{"rye", "run", ""},
    Wrapper{"hatch", "run", "-e --env"},
    Wrapper{"uv", "run",
            "--with --python -p --extra --group --only-group --package --project --directory --env-file "
            "--with-requirements"},
    Wrapper{"mise", "exec x", "", 0, false, true},
    Wrapper{"op", "run", "", 0, false, true},
    Wrapper{"dotenv", "", "", 0, false, true},
    Wrapper{"percy", "exec app:exec", "", 0, false, true},
    Wrapper{"nx-cloud", "record", "", 0, false, true},
    Wrapper{"infisical", "run", "", 0, false, true},
    Wrapper{"tini", "", "", 0, false, true},
    Wrapper{"dumb-init", "", ""},
    Wrapper{"travis_retry", "", ""},
    Wrapper{"retry", "", "-t --times -d --delay -m --min -x --max -n --until"},
    Wrapper{"flock", "", "-w --wait --timeout -E --conflict-exit-code", 1},
    Wrapper{"ssh-agent", "", "-a -t -E -O"},
    Wrapper{"taskset", "", "-c --cpu-list"},
    Wrapper{"strace", "", "-e -o -p -s -u -E -P"},
    Wrapper{"ltrace", "", "-e -o -p -s -u"},
    Wrapper{"caffeinate", "", "-t -w"},
    Wrapper{"fakeroot", "", "-s -i -l"},
    Wrapper{"runuser", "", "-u --user -g -G"},
    Wrapper{"busybox", "", ""},
    Wrapper{"coproc", "", ""},
    Wrapper{"parallel", "", "-j --jobs -a --arg-file --delay --retries --timeout -N -n -P --max-procs"},
    Wrapper{"git", "bisect", "", 1},
    Wrapper{"conda", "run", "-n --name -p --prefix --cwd"},
    Wrapper{"mamba", "run", "-n --name -p --prefix --cwd"},
    Wrapper{"micromamba", "run", "-n --name -p --prefix --cwd"},
    Wrapper{"pixi", "run", "-e --environment --manifest-path"},
    Wrapper{"asdf", "exec", ""},
    Wrapper{"rbenv", "exec", ""},
    Wrapper{"pyenv", "exec", ""},
    Wrapper{"volta", "run", "--node --npm --yarn"},
    Wrapper{"rustup", "run", "", 1},
    Wrapper{"dockerize", "", "-wait -timeout -template -stdout -stderr -wait-retry-interval"},
    Wrapper{"kcov", "", "", 1},
    Wrapper{"doppler", "run", "", 0, false, true},
    Wrapper{"aws-vault", "exec", "", 0, false, true},
    Wrapper{"chamber", "exec", "", 0, false, true},
    Wrapper{"dotenvx", "run", "", 0, false, true},
    Wrapper{"teller", "run", "", 0, false, true},
    Wrapper{"berglas", "exec", "", 0, false, true},
    Wrapper{"guix", "shell environment", "", 0, false, true},
    Wrapper{"devbox", "run", "", 0, false, true},
    Wrapper{"wait-for-it", "", "", 0, false, true},
    Wrapper{"wait-for-it.sh", "", "", 0, false, true},
    Wrapper{"wait-for", "", "", 0, false, true},
    Wrapper{"wait-for.sh", "", "", 0, false, true},
    Wrapper{"lerna", "exec", "", 0, false, true},
    Wrapper{"summon", "", "-p -f -e -D"},
    Wrapper{"envconsul", "", "-config -prefix -secret"},
    Wrapper{"direnv", "exec", "", 1},
    Wrapper{"flatpak", "build", "", 1},
    Wrapper{"toolbox", "run", "-c --container -d --distro -r --release"},
    Wrapper{"distrobox", "enter", "", 0, false, true},
    Wrapper{"jhbuild", "run", ""},
    Wrapper{"meson", "devenv", "-C -w --workdir"},
    Wrapper{"dbus-launch", "", ""},
    Wrapper{"eatmydata", "", ""},
};

/// Programs of which a name inside a package manager's `run` is surely the tool and not a script of the package.
constexpr std::array<std::string_view, 37> known_tools{
    "eslint", "jest",    "vitest",    "mocha",  "tsc",          "prettier", "playwright",   "cypress",
    "ava",    "biome",   "stylelint", "karma",  "nyc",          "c8",       "webpack",      "vite",
    "tap",    "ts-node", "tsx",       "rollup", "oxlint",       "knip",     "depcheck",     "wrangler",
    "turbo",  "nx",      "lerna",     "lage",   "oxfmt",        "vue-tsc",  "svelte-check", "tsd",
    "wdio",   "cspell",  "publint",   "attw",   "react-scripts"};

template <typename Table>
bool contains(const Table& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

bool is_assignment(const Word& word) {
  const std::size_t equals = word.text.find('=');
  return equals != std::string::npos && equals > 0 && word.text[0] != '-' && word.text.find('/') > equals;
}

bool is_option(const Word& word) {
  return word.text.size() > 1 && word.text[0] == '-';
}

std::size_t skip_options(const std::vector<Word>& argv, std::size_t at, const Wrapper& wrapper) {
  while (at < argv.size()) {
    if (argv[at].text == "--") return at + 1;
    if (wrapper.assignments && is_assignment(argv[at])) {
      ++at;
    } else if (is_option(argv[at])) {
      at += lists(wrapper.valued_options, argv[at].text) ? 2U : 1U;
    } else {
      break;
    }
  }
  return at;
}

/// Where the wrapped command starts; argv.size() where there is none.
std::size_t wrapped_command(const std::vector<Word>& argv, const Wrapper& wrapper) {
  if (wrapper.program == "command" && argv.size() > 1 && (argv[1].text == "-v" || argv[1].text == "-V"))
    return argv.size();
  std::size_t at = skip_options(argv, 1, wrapper);
  if (!wrapper.subcommands.empty()) {
    if (at >= argv.size() || !lists(wrapper.subcommands, argv[at].text)) return argv.size();
    ++at;
  }
  if (wrapper.needs_dashes) {
    const auto dashes = std::find_if(argv.begin() + 1, argv.end(), [](const Word& word) { return word.text == "--"; });
    return dashes == argv.end() ? argv.size() : static_cast<std::size_t>(dashes - argv.begin()) + 1;
  }
  at = skip_options(argv, at, wrapper);
  return std::min(skip_options(argv, std::min(at + wrapper.operands, argv.size()), wrapper), argv.size());
}

/// `-m`, also behind other letters: `python -Im pytest`.
bool names_module(std::string_view option) {
  return option.size() > 1 && option[0] == '-' && option.ends_with('m') &&
         option.find_first_not_of("bBdEiIOPqsSuvm", 1) == std::string_view::npos;
}

/// `python -m pytest`, `nix develop -c cmd`, `yarn run eslint`: wrappers that need more than the table says.
std::size_t irregular_command(const std::vector<Word>& argv, std::string_view program) {
  const auto at = [&argv](std::size_t i) {
    return i < argv.size() ? std::string_view(argv[i].text) : std::string_view();
  };
  if (program.starts_with("python") && program.find_first_not_of("0123456789.", 6) == std::string_view::npos) {
    std::size_t i = 1;
    while (is_option({std::string(at(i)), false, false, 0}) && !names_module(at(i)) && at(i) != "-c")
      i += at(i) == "-X" || at(i) == "-W" ? 2U : 1U;
    return names_module(at(i)) ? i + 1 : argv.size();
  }
  if (program == "ruby" || program == "jruby") {  // `ruby -rmulti_json -S rake`: a program that the PATH finds
    std::size_t i = 1;
    while (is_option({std::string(at(i)), false, false, 0}) && at(i) != "-S" && at(i) != "-e")
      i += lists("-r -I -C -E", at(i)) ? 2U : 1U;
    return at(i) == "-S" ? i + 1 : argv.size();
  }
  if (program == "nix" && (at(1) == "develop" || at(1) == "shell")) {
    for (std::size_t i = 2; i + 1 < argv.size(); ++i)
      if (at(i) == "-c" || at(i) == "--command") return i + 1;
  }
  if (program == "flatpak-builder") {
    const bool runs = std::any_of(argv.begin(), argv.end(), [](const Word& word) { return word.text == "--run"; });
    constexpr Wrapper in_sandbox{"flatpak-builder", "", "", 2};
    return runs ? wrapped_command(argv, in_sandbox) : argv.size();
  }
  if (program == "go" && at(1) == "tool") {
    constexpr std::array<std::string_view, 18> own{"addr2line", "asm",  "buildid", "cgo",       "compile", "covdata",
                                                   "cover",     "dist", "doc",     "fix",       "link",    "nm",
                                                   "objdump",   "pack", "pprof",   "test2json", "trace",   "vet"};
    std::size_t i = 2;
    while (i < argv.size() && is_option(argv[i]))
      i += at(i) == "-modfile" || at(i) == "-C" || at(i) == "-mod" ? 2U : 1U;
    return contains(own, at(i)) || i >= argv.size() ? argv.size() : i;
  }
  if (program == "go" && at(1) == "run") {
    std::size_t i = 2;
    while (i < argv.size() && (is_option(argv[i]) || argv[i].dynamic))
      i += at(i) == "-C" || at(i) == "-tags" || at(i) == "-modfile" ? 2U : 1U;
    // A module that is fetched: its host has a dot. Files and folders of the project are not meant.
    const std::string_view host = at(i).substr(0, at(i).find('/'));
    const bool fetched = host.find('.') != std::string_view::npos && host.front() != '.' && host.size() < at(i).size();
    return fetched ? i : argv.size();
  }
  if (program == "corepack") {
    const std::string_view manager = at(1).substr(0, at(1).find('@'));
    constexpr std::array<std::string_view, 5> managers{"npm", "npx", "pnpm", "pnpx", "yarn"};
    return contains(managers, manager) ? 1 : argv.size();
  }
  if (program == "nyc" || program == "c8" || program == "travis_wait") {
    std::size_t i = 1;
    while (i < argv.size() && is_option(argv[i]))
      i += at(i).find('=') == std::string_view::npos && at(i).size() == 2 ? 2U : 1U;
    if (program == "travis_wait" && at(i).find_first_not_of("0123456789") == std::string_view::npos) ++i;
    constexpr std::array<std::string_view, 5> reports{"report", "check-coverage", "merge", "instrument", "help"};
    return contains(reports, at(i)) ? argv.size() : std::min(i, argv.size());
  }
  if ((program == "yarn" || program == "pnpm" || program == "bun") && !argv.empty()) {
    const std::size_t i = at(1) == "run" ? 2 : 1;
    if (contains(known_tools, at(i))) return i;
  }
  return argv.size();
}

/// An image whose entry point is a tool, by the end of its name.
struct ToolImage {
  std::string_view image, tool;
};
constexpr std::array tool_images{
    ToolImage{"aws-cli", "aws"},           ToolImage{"terraform", "terraform"}, ToolImage{"opentofu", "tofu"},
    ToolImage{"terragrunt", "terragrunt"}, ToolImage{"kubectl", "kubectl"},     ToolImage{"helm", "helm"},
    ToolImage{"pulumi", "pulumi"},         ToolImage{"flyway", "flyway"},       ToolImage{"liquibase", "liquibase"},
    ToolImage{"migrate", "migrate"},       ToolImage{"vault", "vault"},         ToolImage{"crane", "crane"},
    ToolImage{"skopeo", "skopeo"},         ToolImage{"rclone", "rclone"},       ToolImage{"wrangler", "wrangler"},
    ToolImage{"gcloud", "gcloud"},         ToolImage{"gsutil", "gsutil"},       ToolImage{"helmfile", "helmfile"},
};
/// Tools that act on the world outside, called by name in any image.
constexpr std::array<std::string_view, 21> remote_tools{
    "aws",       "gcloud",    "gsutil",     "bq",     "az",     "kubectl", "helm",
    "terraform", "tofu",      "terragrunt", "pulumi", "gh",     "flyctl",  "psql",
    "mysql",     "liquibase", "flyway",     "doctl",  "argocd", "oc",      "ansible-playbook"};

/// `docker run -v "$PWD:/src" IMAGE words`: the tool that the image is, or that the words call. What else runs in a
/// container runs in a place of its own and is left to it.
std::size_t command_in_container(std::vector<Word>& argv) {
  const bool runs = argv.size() > 2 && argv[1].text == "run";
  if (!runs) return argv.size();
  constexpr Wrapper options{
      "docker", "",
      "-v --volume -e --env --env-file -w --workdir -u --user --name --network --net --entrypoint -p "
      "--publish --mount --platform --pull -h --hostname --add-host -l --label -m --memory --cpus "
      "--shm-size --tmpfs --ulimit --cap-add --device --volumes-from --security-opt --link"};
  const std::size_t image = skip_options(argv, 2, options);
  if (image >= argv.size()) return argv.size();
  const std::string_view next = image + 1 < argv.size() ? std::string_view(argv[image + 1].text) : std::string_view();
  if (contains(remote_tools, base_name(next))) return image + 1;
  const std::string_view whole = base_name(argv[image].text);
  const auto name = whole.substr(0, whole.find_first_of(":@"));
  for (const ToolImage& known : tool_images) {
    if (known.image != name || next.empty()) continue;
    argv[image].text = known.tool;
    return image;
  }
  return argv.size();
}

/// `parallel ./x ::: a b` without the words it is called with.
void without_inputs(std::vector<Word>& argv) {
  const auto end =
      std::find_if(argv.begin(), argv.end(), [](const Word& word) { return word.text.starts_with(":::"); });
  argv.erase(end, argv.end());
}

/// `find . -name '*.yaml' -exec kubectl apply -f {} \;` without what closes it.
std::size_t command_of_find(std::vector<Word>& argv) {
  for (std::size_t i = 1; i + 1 < argv.size(); ++i) {
    if (argv[i].text != "-exec" && argv[i].text != "-execdir" && argv[i].text != "-ok") continue;
    const auto end = std::find_if(argv.begin() + static_cast<std::ptrdiff_t>(i), argv.end(), [](const Word& word) {
      return word.text == ";" || word.text == "\\;" || word.text == "+";
    });
    argv.erase(end, argv.end());
    return i + 1;
  }
  return argv.size();
}

}  // namespace

std::size_t next_command(std::vector<Word>& argv) {
  const std::string program(base_name(argv[0].text));
  if (program == "docker" || program == "podman") return command_in_container(argv);
  if (program == "find") return command_of_find(argv);
  if (program == "git" && !(argv.size() > 3 && argv[1].text == "bisect" && argv[2].text == "run")) return argv.size();
  if (program == "parallel") without_inputs(argv);
  for (const Wrapper& wrapper : wrappers) {
    if (wrapper.program != program) continue;
    const std::size_t at = wrapped_command(argv, wrapper);
    if (at < argv.size()) return at;
  }
  return irregular_command(argv, program);
}

}  // namespace tollbar::document
