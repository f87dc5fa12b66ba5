// The files of one module of Terraform.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "document/node.h"
#include "model/tree.h"

namespace tollbar::rule {

/// The `.tf` files of a folder, read; those whose content is not there are left out.
std::vector<document::Document> terraform_in(model::Tree& tree, const std::string& folder);

/// What the files of a module call by a name: `local.checks`, and `var.guard` by its default.
class NamedValues {
 public:
  void add(const document::Node& root);
  /// What a file of values gives the variables.
  void add_given(const document::Node& root);
  bool empty() const { return values_.empty(); }
  /// What an expression that is such a name stands for; null where it is anything else, or not known here.
  const document::Node* find(std::string_view expression) const;
  /// The document with what its names stand for in their places, where that is plain data.
  document::Document filled(document::Document document) const;

 private:
  void fill(document::Node& node) const;

  std::map<std::string, document::Node, std::less<>> values_;
};

/// What the files of a folder name, and what the files of values beside them give.
NamedValues names_in(model::Tree& tree, const std::string& folder);

/// Terraform reads the file by itself for the values of variables: `terraform.tfvars`, `x.auto.tfvars`.
bool gives_values(std::string_view path);

/// `count = 0`, `for_each = {}`: the block stands there, but nothing of it is.
bool makes_none(const document::Node& block);

}  // namespace tollbar::rule
