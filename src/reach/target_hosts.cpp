// Hosts out of inputs, words and logins.
#include "reach/target_hosts.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>
#include <iterator>

#include "document/command_identity.h"
#include "reach/leading_words.h"
#include "reach/word_glob.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

using text::is_one_of;
using Values = std::map<std::string, std::string>;

constexpr std::string_view docker_host = "docker.io";
constexpr std::string_view amazon_registry = "amazon ecr";

bool is_registry(const Effect& effect) {
  return effect.system == "container registry" || effect.system == "chart registry";
}

void add(std::string host, std::vector<std::string>& to) {
  if (!host.empty() && std::find(to.begin(), to.end(), host) == to.end()) to.push_back(std::move(host));
}

/// Variables of constant value put in: `${{ env.X }}`, `$X`, `${X}`.
std::string with_variables(std::string_view text, const Values& env) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto rest = text.substr(at);
    std::size_t length = 0;
    std::string name;
    if (rest.starts_with("${{")) {
      const auto end = rest.find("}}");
      if (end == std::string_view::npos) break;
      length = end + 2;
      name = text::trimmed(rest.substr(3, end - 3));
      name = name.starts_with("env.") ? name.substr(4) : std::string();
    } else if (rest.starts_with("${")) {
      const auto end = rest.find('}');
      if (end == std::string_view::npos) break;
      length = end + 1;
      const auto inner = rest.substr(2, end - 2);
      name = inner.substr(0, std::min(inner.find(":-"), inner.find('-')));  // what is known is no default
    } else if (rest.starts_with('$')) {
      length = 1;
      while (length < rest.size() &&
             (std::isalnum(static_cast<unsigned char>(rest[length])) != 0 || rest[length] == '_'))
        ++length;
      name = rest.substr(1, length - 1);
    }
    const auto value = length == 0 ? env.end() : env.find(name);
    if (length == 0) length = 1;
    result += value == env.end() ? std::string(rest.substr(0, length)) : value->second;
    at += length;
  }
  return result;
}

/// The host of `https://host:port/path`; empty for other texts and computed hosts.
std::string url_host(std::string_view text) {
  const auto scheme = text.find("://");
  if (scheme == std::string_view::npos) return {};
  text.remove_prefix(scheme + 3);
  text = text.substr(0, text.find_first_of("/?#'\" "));
  if (const auto at = text.rfind('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  text = text.substr(0, text.find(':'));
  const bool known = text.find_first_of("${`*") == std::string_view::npos && text.find('.') != std::string_view::npos;
  return known ? folded(text) : std::string();
}

/// What stands in lists: lines, elements between commas.
std::vector<std::string> pieces(std::string text) {
  std::replace(text.begin(), text.end(), ',', ' ');
  return split_words(text);
}

/// `https://index.docker.io/v1/`, `ghcr.io`, `ghcr.io/acme`.
std::string login_host(std::string_view written) {
  if (written.find("://") != std::string_view::npos) return url_host(written);
  const auto host = written.substr(0, written.find('/'));
  const bool known = host.find_first_of("${`") == std::string_view::npos && host.find('.') != std::string_view::npos;
  return known ? folded(host) : std::string();
}

/// The host that `docker login -u x ghcr.io` names, that of Docker where it names none; empty where it is no login.
std::string logged_in(const ExecutedCommand& executed) {
  constexpr std::string_view clients[] = {"docker", "podman", "buildah", "nerdctl", "skopeo",
                                          "crane",  "oras",   "helm",    "regctl",  "cosign"};
  constexpr std::string_view valued[] = {"-u", "-p", "--username", "--password", "--authfile", "--tls-verify"};
  const auto words = essential_words(*executed.command);
  if (words.empty() || std::find(std::begin(clients), std::end(clients), words.front()) == std::end(clients)) return {};
  auto word = std::find(words.begin(), words.end(), "login");
  if (word == words.end() || word - words.begin() > 2) return {};
  for (++word; word != words.end(); ++word) {
    if (std::find(std::begin(valued), std::end(valued), *word) != std::end(valued)) {
      if (++word == words.end()) break;
    } else if (!word->starts_with('-')) {
      return login_host(with_variables(*word, *executed.env));
    }
  }
  return words.front() == "docker" || words.front() == "podman" ? std::string(docker_host) : std::string();
}

/// `ghcr.io`, `registry.example.org:5000`; no `./x`, `charts-1.2` or this machine.
bool is_host(std::string_view text) {
  if (text.front() == '.' || text.starts_with("localhost") || text.starts_with("127.")) return false;
  const auto end = text.substr(0, text.find(':'));
  const auto last = end.substr(end.rfind('.') + 1);
  return text.size() > end.size() || (!last.empty() && std::all_of(last.begin(), last.end(), [](unsigned char byte) {
           return std::isalpha(byte) != 0;
         }));
}

const std::string* input(const Values& with, std::initializer_list<std::string_view> names) {
  for (const auto& [name, value] : with)
    if (std::find(names.begin(), names.end(), folded(name)) != names.end() && !value.empty()) return &value;
  return nullptr;
}

const Values& environment(const ExecutedStep& step) {
  static const Values none;
  return step.job == nullptr ? none : step.job->env;
}

}  // namespace

bool is_own_registry(std::string_view host) {
  return is_one_of(host, {"ko.local", "kind.local"});
}

std::string registry_of(std::string_view image) {
  for (const std::string_view scheme : {"oci://", "docker://"})
    if (image.starts_with(scheme)) image.remove_prefix(scheme.size());
  const auto slash = image.find('/');
  const auto first = image.substr(0, slash);
  if (first.find(".dkr.ecr.") != std::string_view::npos && first.find('$') != std::string_view::npos)
    return std::string(amazon_registry);
  if (first.empty() || first.find_first_of("${}`=*\"'()|") != std::string_view::npos) return {};
  if (slash != std::string_view::npos && first.find_first_of(".:") != std::string_view::npos)
    return is_host(first) ? folded(first) : std::string();
  return slash == std::string_view::npos ? std::string() : std::string(docker_host);
}

void TargetHosts::note(const ExecutedStep& step) {
  for (const auto& action : step.actions) {
    const auto name = folded(action.uses);
    if (name == "docker/metadata-action") {
      if (const auto* images = input(action.with, {"images"}))
        for (const auto& image : pieces(*images)) add(registry_of(with_variables(image, environment(step))), named_);
    } else if (name.ends_with("ecr-login") || name.ends_with("ecr_login")) {
      const auto* kind = input(action.with, {"registry-type", "public_registry"});
      const bool is_public = kind != nullptr && is_one_of(*kind, {"public", "true"});
      add(std::string(is_public ? "public.ecr.aws" : amazon_registry), logins_);
    } else if (name.ends_with("login-action") || name.ends_with("docker-login") || name.ends_with("podman-login")) {
      const auto* registry = input(action.with, {"registry", "login-server"});
      std::string host;
      if (registry != nullptr)
        host = login_host(with_variables(*registry, environment(step)));
      else if (name == "docker/login-action")
        host = docker_host;
      if (step.step != nullptr) conditions_[host] += " " + step.step->condition.text;
      add(std::move(host), logins_);
    }
  }
  for (const auto& command : step.commands)
    if (!command.unreachable) add(logged_in(command), logins_);
}

/// The registry of one image whose name is computed: that of the only login, or of the one that is made just where the
/// variable which holds the name is set.
std::vector<std::string> TargetHosts::only_one(const std::string& image) const {
  if (logins_.size() == 1) return logins_;
  const auto variable = folded(image);
  const auto begin = variable.find("vars.");
  if (begin == std::string::npos) return {};
  const auto name = variable.substr(begin, variable.find_first_of(" }", begin) - begin);
  std::vector<std::string> hosts;
  for (const auto& [host, condition] : conditions_)
    if (folded(condition).find(name) != std::string::npos) add(host, hosts);
  return hosts.size() == 1 ? hosts : std::vector<std::string>();
}

std::vector<std::string> TargetHosts::of(const Effect& effect) const {
  return effect.system == "container registry" ? logins_ : std::vector<std::string>();
}

std::vector<std::string> TargetHosts::of(const Effect& effect, const ExecutedStep& step,
                                         const ExecutedAction& action) const {
  std::vector<std::string> hosts;
  if (!is_registry(effect)) return hosts;
  if (const auto* registry = input(action.with, {"registry"}))
    add(login_host(with_variables(*registry, environment(step))), hosts);
  if (!hosts.empty()) return hosts;
  if (const auto* subject = input(action.with, {"subject-name"})) {
    add(registry_of(with_variables(*subject, environment(step))), hosts);
    return hosts.empty() ? only_one(*subject) : hosts;
  }
  bool composed = false;
  const auto* tags = input(action.with, {"tags", "images", "image", "image-name"});
  if (tags == nullptr) tags = input(action.with, {"repo"});
  if (tags != nullptr)
    for (const auto& tag : pieces(with_variables(*tags, environment(step)))) {
      composed = composed || tag.find("steps.") != std::string::npos;
      add(registry_of(tag), hosts);
    }
  if (composed || hosts.empty())
    for (const auto& host : named_) add(host, hosts);
  return hosts.empty() ? of(effect) : hosts;
}

std::vector<std::string> TargetHosts::of(const Effect& effect, const ExecutedCommand& executed) const {
  constexpr std::string_view clients[] = {"curl", "wget", "http", "https", "xh", "httpie"};
  const auto words = essential_words(*executed.command);
  std::vector<std::string> hosts;
  if (words.empty()) return hosts;
  const bool sends = std::find(std::begin(clients), std::end(clients), words.front()) != std::end(clients);
  const bool one_place = effect.system == "github" || effect.system == "gitlab";
  if (sends && !one_place)
    for (const auto& word : words) add(url_host(with_variables(word, *executed.env)), hosts);
  if (!is_registry(effect)) return hosts;
  if (words.front() == "ko") {  // its words name what is built
    if (const auto place = executed.env->find("KO_DOCKER_REPO"); place != executed.env->end())
      add(registry_of(with_variables(place->second, *executed.env) + "/"), hosts);  // a host alone will do
    return hosts.empty() ? of(effect) : hosts;
  }
  const bool pushes = std::find(words.begin(), words.end(), "push") != words.end();
  std::string named;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto value = words[i].starts_with("--") && words[i].find('=') != std::string::npos
                           ? words[i].substr(words[i].find('=') + 1)
                           : words[i];
    const auto host = registry_of(with_variables(value, *executed.env));
    if (host == docker_host && value.find("docker.io/") == std::string::npos)
      named = pushes ? host : named;  // a path as well, unless it is what is pushed
    else if (value.starts_with("oci://") || effect.system == "container registry")
      add(host, hosts);
  }
  if (hosts.empty()) hosts = of(effect);
  if (hosts.empty() && effect.system == "container registry") add(named, hosts);
  return hosts;
}

}  // namespace tollbar::reach
