// Images that are built, services that are run, and files of the tree that run inside containers.
#include "reach/container_calls.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "reach/call_words.h"

namespace tollbar::reach {
namespace {

std::vector<Call> image_call(const Words& argv) {
  const auto build = std::find_if(argv.begin() + 1, argv.end(), [](const auto& word) {
    return is_one_of(word, {"build", "bud"});
  });
  if (build == argv.end()) return {};
  if (std::any_of(argv.begin(), build, [](const auto& word) { return is_one_of(word, {"run", "exec"}); })) return {};
  Call call = make_call(CallKind::image, {});
  std::string context = ".", file;
  for (auto i = static_cast<std::size_t>(build - argv.begin()) + 1; i < argv.size(); ++i) {
    std::string ignored, target;
    if (takes(argv, i, {"-f", "--file"}, file)) continue;
    if (takes(argv, i, {"--target"}, target)) {
      call.parts = {target};
      continue;
    }
    if (takes(argv, i,
              {"-t", "--tag", "--build-arg", "--platform", "--label", "--secret", "--ssh", "--cache-from", "--cache-to",
               "--output", "-o", "--network", "--progress", "--iidfile", "--metadata-file", "--builder",
               "--build-context"},
              ignored)) {
      continue;
    }
    if (!is_flag(argv[i]) && !argv[i].empty()) context = argv[i];
  }
  call.files = file.empty() ? Words{context + "/Dockerfile", context + "/Containerfile"} : Words{file};
  return {call};
}

/// `docker buildx bake -f docker-bake.hcl lint test`: further files add to the first. With words that nobody knows any
/// target of the file may be meant, unless others name some.
std::vector<Call> bake_call(const Words& argv, std::size_t from) {
  Call call = make_call(CallKind::bake, {});
  bool open = false;
  for (std::size_t i = from; i < argv.size(); ++i) {
    std::string value;
    if (is_one_of(argv[i], {"--print", "--list", "--check"}) || argv[i].starts_with("--list=")) return {};
    if (takes(argv, i, {"-f", "--file"}, value)) {
      if (value.ends_with(".hcl") || value.ends_with(".json")) call.files.push_back(value);
    } else if (takes(argv, i, {"--set", "--builder", "--progress", "--metadata-file", "--allow", "--call", "--var"},
                     value)) {
      continue;
    } else if (argv[i].empty()) {
      open = true;
    } else if (argv[i].find("://") != std::string::npos) {
      return {};
    } else if (!is_flag(argv[i])) {
      call.parts.push_back(argv[i]);
    }
  }
  if (call.files.empty()) {
    call.files = {"docker-bake.hcl", "docker-bake.json"};
    call.certainty = Certainty::declared;
  }
  if (open) call.certainty = Certainty::inferred;
  if (open && call.parts.empty()) call.parts = {"*"};
  return {call};
}

/// A folder of the machine that a container sees.
struct Mount {
  std::string here, there;
};

/// `-v "$PWD:/src:ro"`, `--mount type=bind,source=x,target=/src`
void add_mount(const std::string& value, bool is_long, std::vector<Mount>& mounts) {
  Mount mount;
  if (is_long) {
    for (const auto& item : split_at_commas(value)) {
      const auto equals = item.find('=');
      const auto key = item.substr(0, equals);
      if (equals == std::string::npos) continue;
      if (is_one_of(key, {"source", "src"})) mount.here = item.substr(equals + 1);
      if (is_one_of(key, {"target", "dst", "destination"})) mount.there = item.substr(equals + 1);
    }
  } else if (const auto colon = value.find(':'); colon != std::string::npos) {
    mount.here = value.substr(0, colon);
    mount.there = value.substr(colon + 1, value.find(':', colon + 1) - colon - 1);
  }
  const bool of_the_tree = !mount.here.empty() && (mount.here.front() == '.' || mount.here.front() == kTreeRoot);
  if (of_the_tree && mount.there.starts_with('/')) mounts.push_back(std::move(mount));
}

/// The path on this machine of one in the container; empty where no mount holds it.
std::string on_this_machine(const std::string& path, const std::vector<Mount>& mounts) {
  for (const auto& mount : mounts) {
    if (path == mount.there) return mount.here;
    if (path.starts_with(mount.there + "/")) return mount.here + path.substr(mount.there.size());
  }
  return {};
}

/// What runs in a container that something else has started, of which nobody tells here what it sees: most likely the
/// tree, in its working directory or in some folder from the root (`/app/bin/send`, `/usr/src/app/bin/send`).
std::vector<Call> calls_inside(const Words& argv, std::size_t from) {
  constexpr int deepest_root = 3;
  if (from >= argv.size()) return {};
  auto calls = calls_of(words_from(argv, from), false);
  for (auto& call : calls) {
    call.optional_file = true;
    call.certainty = std::max(call.certainty, Certainty::inferred);
    const std::string first = call.files.empty() ? std::string() : call.files.front();
    if (!first.starts_with('/')) continue;
    call.files.clear();
    auto slash = first.find('/', 1);
    for (int depth = 0; depth < deepest_root && slash != std::string::npos; ++depth) {
      const auto rest = first.substr(slash + 1);
      if (rest.find_first_of("/.") != std::string::npos) call.files.push_back(rest);
      slash = first.find('/', slash + 1);
    }
  }
  return calls;
}

/// `docker exec -i -w /app CONTAINER ./tools/send.sh`
std::vector<Call> exec_calls(const Words& argv, std::size_t from) {
  std::size_t i = from;
  for (; i < argv.size() && is_flag(argv[i]); ++i) {
    std::string value;
    takes(argv, i, {"-e", "--env", "--env-file", "-u", "--user", "-w", "--workdir", "--detach-keys", "--index"}, value);
  }
  return calls_inside(argv, i + 1);
}

/// `docker run -v "$PWD:/src" -w /src IMAGE ./tools/send.sh`: files of the tree that run in a container.
std::vector<Call> run_calls(const Words& argv, std::size_t from) {
  std::vector<Mount> mounts;
  std::string workdir;
  std::size_t i = from;
  for (; i < argv.size() && (is_flag(argv[i]) || argv[i].empty()); ++i) {
    std::string value;
    if (takes(argv, i, {"-v", "--volume"}, value)) {
      add_mount(value, false, mounts);
    } else if (takes(argv, i, {"--mount"}, value)) {
      add_mount(value, true, mounts);
    } else if (takes(argv, i, {"-w", "--workdir"}, value)) {
      workdir = value;
    } else {
      takes(argv, i,
            {"-e",         "--env",        "--env-file", "-u",        "--user",     "--name",         "--network",
             "--net",      "--entrypoint", "-p",         "--publish", "--platform", "--pull",         "-h",
             "--hostname", "--add-host",   "-l",         "--label",   "-m",         "--memory",       "--cpus",
             "--shm-size", "--tmpfs",      "--ulimit",   "--cap-add", "--device",   "--volumes-from", "--security-opt",
             "--link"},
            value);
    }
  }
  if (mounts.empty() || i + 1 >= argv.size()) return {};
  Words inner(argv.begin() + static_cast<std::ptrdiff_t>(i) + 1, argv.end());
  for (auto& word : inner) {
    const std::string here = on_this_machine(word, mounts);
    if (!here.empty()) word = here;
  }
  const std::string directory = on_this_machine(workdir, mounts);
  auto calls = calls_of(inner, false);
  for (auto& call : calls) {
    const bool by_path = !call.files.empty() && call.files.front().find(kTreeRoot) != std::string::npos;
    if (directory.empty() && !by_path) return {};
    if (!directory.empty()) call.directory = call.directory.empty() ? directory : join_path(directory, call.directory);
    call.certainty = std::max(call.certainty, Certainty::inferred);
  }
  return calls;
}

}  // namespace

std::vector<Call> compose_call(const Words& argv, std::size_t from) {
  Call call =
      make_call(CallKind::compose, {"compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml"});
  call.certainty = Certainty::declared;
  bool builds = false, runs = false, has_words = false;
  std::vector<Call> inside;
  for (std::size_t i = from; i < argv.size(); ++i) {
    std::string value;
    if (!builds && takes(argv, i, {"-f", "--file"}, value)) {
      call.files = {value};
      call.certainty = Certainty::verified;
    } else if (!builds && takes(argv, i, {"--project-directory"}, value)) {
      call.directory = value;
    } else if (!builds && takes(argv, i, {"-p", "--project-name", "--profile", "--env-file"}, value)) {
      continue;
    } else if (!builds && !is_flag(argv[i])) {
      if (argv[i] == "exec") return exec_calls(argv, i + 1);
      if (!is_one_of(argv[i], {"build", "push", "up", "run", "create"})) return {};
      builds = true;
      runs = argv[i] == "run";
    } else if (runs && takes(argv, i,
                             {"-e", "--env", "-u", "--user", "-v", "--volume", "-w", "--workdir", "--name", "-p",
                              "--publish", "--entrypoint"},
                             value)) {
      continue;
    } else if (!is_flag(argv[i]) && !argv[i].empty()) {
      call.parts.push_back(argv[i]);
      if (!runs) continue;
      inside = calls_inside(argv, i + 1);
      has_words = i + 1 < argv.size();
      break;
    }
  }
  if (!builds) return {};
  // Without words of its own `run` starts what the service says.
  if (runs && call.parts.size() == 1 && !has_words) call.main_part = call.parts.front();
  inside.insert(inside.begin(), std::move(call));
  return inside;
}

std::vector<Call> container_calls(const Words& argv) {
  const auto names = [&](std::string_view word) { return std::find(argv.begin() + 1, argv.end(), word); };
  if (const auto compose = names("compose"); compose != argv.end())
    return compose_call(argv, static_cast<std::size_t>(compose - argv.begin()) + 1);
  const auto bake = names("bake");
  const bool bakes = bake != argv.end() && std::all_of(argv.begin() + 1, bake, [](const auto& word) {
                       return word == "buildx" || is_flag(word);
                     });
  if (bakes) return bake_call(argv, static_cast<std::size_t>(bake - argv.begin()) + 1);
  if (argv.size() > 2 && argv[1] == "run") return run_calls(argv, 2);
  if (argv.size() > 3 && argv[1] == "exec") return exec_calls(argv, 2);
  return image_call(argv);
}

}  // namespace tollbar::reach
