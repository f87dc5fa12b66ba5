// One reader a language: patterns of its imports, and where a file of the name may lie.
#include "reach/local_imports.h"

#include <algorithm>
#include <array>

#include "reach/call_words.h"
#include "reach/calls.h"
#include "reach/go_module.h"
#include "text/pattern.h"
#include "text/words.h"

namespace tollbar::reach {
namespace {

constexpr std::size_t kMostImports = 200;  // of one program

class Imports {
 public:
  Imports(const std::string& path, std::string_view program, model::Tree& tree)
      : path_(path), folder_(text::directory_of(path)), program_(program), tree_(tree) {}

  std::vector<std::string> find() {
    const auto ends = [&](std::initializer_list<std::string_view> endings) {
      return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return path_.ends_with(ending); });
    };
    if (ends({".py"})) of_python();
    if (ends({".js", ".mjs", ".cjs", ".ts", ".mts", ".cts", ".tsx", ".jsx"})) of_javascript();
    if (ends({".go"})) of_go();
    if (ends({".rb", ".rake"})) of_ruby();
    return std::move(found_);
  }

 private:
  bool is_file(const std::string& path) {
    const auto entry = path.empty() || path == "." ? std::nullopt : tree_.find(path);
    return entry && (entry->mode == model::FileMode::regular || entry->mode == model::FileMode::executable);
  }

  void add(std::string path) {
    if (path != path_ && found_.size() < kMostImports && std::find(found_.begin(), found_.end(), path) == found_.end())
      found_.push_back(std::move(path));
  }

  bool add_first(const std::string& folder, std::initializer_list<std::string> names) {
    for (const auto& name : names) {
      const auto path = join_path(folder, name);
      if (!is_file(path)) continue;
      add(path);
      return true;
    }
    return false;
  }

  /// `a.b` as a module or package below one of the places where Python looks.
  bool add_module(std::string_view dotted, const std::vector<std::string>& places) {
    std::string path(dotted);
    std::replace(path.begin(), path.end(), '.', '/');
    return std::any_of(places.begin(), places.end(), [&](const std::string& place) {
      return add_first(place, {path + ".py", path + "/__init__.py"});
    });
  }

  void of_python() {
    static const text::Pattern plain(R"((?m)^[ \t]*import[ \t]+([A-Za-z_][\w.]*))");
    static const text::Pattern from(
        R"((?m)^[ \t]*from[ \t]+(\.*)([A-Za-z_][\w.]*|)[ \t]+import[ \t]+\(?[ \t]*([\w, \t]*))");
    const std::vector<std::string> places{folder_, "", "src"};
    text::each_match(plain, program_, [&](const text::Match& match) { add_module(*match.groups[1], places); });
    text::each_match(from, program_, [&](const text::Match& match) {
      std::vector<std::string> where = places;
      const auto dots = match.groups[1]->size();
      if (dots > 0) where = {folder_};
      for (std::size_t up = 1; up < dots; ++up) where.front() = text::directory_of(where.front());
      const std::string module(*match.groups[2]);
      if (!module.empty()) add_module(module, where);
      for (const auto& name : split_at_commas(*match.groups[3]))  // each may be a module of the package
        add_module((module.empty() ? "" : module + ".") + name.substr(0, name.find(' ')), where);
    });
  }

  void of_javascript() {
    static const text::Pattern local(
        R"re((?:\brequire\s*\(|\bfrom\s+|\bimport\s*\(?)\s*['"`](\.{1,2}/[^'"`$]*)['"`])re");
    text::each_match(local, program_, [&](const text::Match& match) {
      const std::string name(*match.groups[1]);
      std::string bare = name;  // sources of TypeScript name what they become
      if (bare.ends_with(".js")) bare.erase(bare.size() - 3);
      add_first(folder_, {name, bare + ".ts", name + ".js", name + ".ts", name + ".mjs", name + ".cjs", name + ".tsx",
                          name + "/index.js", name + "/index.ts", name + "/index.mjs"});
    });
  }

  /// The folder of the module that holds the program.
  std::string module_folder() {
    return nearest_above(folder_, [&](const std::string& folder) { return is_file(below(folder, "go.mod")); });
  }

  void of_go() {
    const auto root = module_folder();
    const auto entry = tree_.find(below(root, "go.mod"));
    const auto content = entry ? tree_.read(*entry) : model::Content{};
    const auto module = content.bytes ? module_of(*content.bytes) : std::string();
    if (module.empty()) return;
    static const text::Pattern quoted(R"re((?m)^\s*(?:import\s+)?(?:[\w.]+\s+)?"([^"\s]+)"\s*(?://.*)?$)re");
    text::each_match(quoted, program_, [&](const text::Match& match) {
      const auto package = *match.groups[1];
      if (!package.starts_with(module + "/")) return;
      const auto folder = join_path(root, std::string(package.substr(module.size() + 1)));
      for (const auto& file : tree_.list(folder))
        if (file.name.ends_with(".go") && !file.name.ends_with("_test.go")) add(below(folder, file.name));
    });
  }

  void of_ruby() {
    static const text::Pattern relative(R"re((?m)^\s*require_relative[\s(]+['"]([^'"]+)['"])re");
    text::each_match(relative, program_, [&](const text::Match& match) {
      const std::string name(*match.groups[1]);
      add_first(folder_, {name + ".rb", name});
    });
  }

  const std::string& path_;
  const std::string folder_;
  std::string_view program_;
  model::Tree& tree_;
  std::vector<std::string> found_;
};

}  // namespace

std::vector<std::string> local_imports(const std::string& path, std::string_view program, model::Tree& tree) {
  return Imports(path, program, tree).find();
}

}  // namespace tollbar::reach
