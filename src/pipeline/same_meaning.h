// Whether two documents of a CI system say the same in different words: short and long forms, lists of one, comments
// inside scripts.
#pragma once

#include <string_view>

#include "document/edit.h"
#include "document/node.h"
#include "pipeline/model.h"

namespace tollbar::pipeline {

/// Every difference between the two is one of spelling: `needs: build` and `needs: [build]`, `on: [push]` and
/// `on: {push: null}`, `image: x` and `image: {name: x}`, a comment in a script. Strict on everything else.
bool same_meaning(System system, const document::Document& before, const document::Document& after);
/// The same for what stands at one place of them, to which `path` leads.
bool same_meaning(System system, const document::NodePath& path, const document::Node& before,
                  const document::Node& after);

/// A key whose text is a script: `run`, `script`, `command`, `build_script`.
bool holds_script(std::string_view key);

/// Only comments and blank lines of a script differ, and none of them stands inside a word of a command. Indentation
/// counts, because the script may be one of Python.
bool same_but_comments(const document::Node& before, const document::Node& after);

}  // namespace tollbar::pipeline
