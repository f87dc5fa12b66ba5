// Functions of make whose result the Makefile alone decides.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "document/scripts.h"

using namespace tollbar::document;

namespace {

/// The commands of a target, `;` between them.
std::string recipe(const std::string& makefile, const std::string& name = "send") {
  const Makefile file = read_makefile(makefile);
  const auto target =
      std::find_if(file.targets.begin(), file.targets.end(), [&](const MakeTarget& one) { return one.name == name; });
  std::string text;
  if (target == file.targets.end()) return "none";
  for (const Command& command : target->recipe.commands) text += (text.empty() ? "" : "; ") + command.text();
  return text;
}

std::string prerequisites(const std::string& makefile) {
  const Makefile file = read_makefile(makefile);
  std::string text;
  for (const auto& word : file.targets.front().prerequisites) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

TEST_CASE("templates that are called with arguments") {
  CHECK(recipe("run = cd $(1) && ./$(2).sh\nsend:\n\t@$(call run,tools,send)\n") == "cd tools; ./send.sh");
  CHECK(recipe("define run\n@echo $1\n@./tools/$(1).sh\nendef\nsend:\n\t$(call run,x)\n") == "echo x; ./tools/x.sh");
  CHECK(recipe("run = ./$(1) $(2)\nsend:\n\t$(call run,a)\n") == "./a");
  CHECK(recipe("send:\n\t$(call unknown,a)\n").find("unknown") != std::string::npos);
}

TEST_CASE("a definition behind a rule is no part of its recipe") {
  CHECK(recipe("send:\n\t./a\ndefine later\n\t./b\nendef\n") == "./a");
}

TEST_CASE("what the shell is to see of a dollar") {
  CHECK(recipe("define each\nfor x in a b; do ./$$x.sh; done\nendef\nsend:\n\t$(each)\n") == "./$x.sh");
}

TEST_CASE("names that are put together") {
  CHECK(prerequisites("SUBS = a b\nsend: $(SUBS:%=send-%)\n") == "send-a send-b");
  CHECK(prerequisites("SUBS = a.c b.c\nsend: $(SUBS:.c=.o)\n") == "a.o b.o");
  CHECK(prerequisites("SUBS = a b\nsend: $(addprefix send-,$(SUBS)) $(patsubst %,x-%,$(SUBS))\n") ==
        "send-a send-b x-a x-b");
  CHECK(prerequisites("SUBS = a b\nsend: $(foreach s,$(SUBS),send-$(s))\n") == "send-a send-b");
  CHECK(prerequisites("SUBS = a b\nsend: $(filter-out a,$(SUBS))\n") == "b");
  CHECK(prerequisites("send: $(addprefix x-,$(shell ls))\n").find("shell") != std::string::npos);
}

TEST_CASE("conditions, loops and variables of one target in a recipe") {
  CHECK(recipe("send:\n\t$(if $(DRY),,./tools/send.sh)\n") == "./tools/send.sh");
  CHECK(recipe("send:\n\t$(foreach s,a b,./$(s).sh;)\n") == "./a.sh; ./b.sh");
  CHECK(recipe("send: WHERE = production\nsend other:\n\t./$(WHERE).sh\n") == "./production.sh");
  CHECK(recipe("send: WHERE = production\nsend other:\n\t./$(WHERE).sh\n", "other") == "./${WHERE}.sh");
}

TEST_CASE("rules that templates make") {
  const std::string text = "define rule\nsend-$(1): build\n\t./tools/$(1).sh $$(FLAGS)\nendef\n";
  CHECK(recipe(text + "$(eval $(call rule,web))\n", "send-web") == "./tools/web.sh ${FLAGS}");
  CHECK(recipe(text + "$(foreach t,web api,$(eval $(call rule,$(t))))\n", "send-api") == "./tools/api.sh ${FLAGS}");
  CHECK(recipe(text, "send-web") == "none");
}

TEST_CASE("a loop of templates ends") {
  CHECK(recipe("a = $(call b,$(1)) $(call b,$(1))\nb = $(call a,$(1)) $(call a,$(1))\nsend:\n\t./x $(call a,1)\n")
            .starts_with("./x"));
  const std::string silent = "$(if $(call a),)";
  std::string many = "a =";
  for (int i = 0; i < 12; ++i) many += " " + silent;
  CHECK(recipe(many + "\nsend:\n\t./x $(call a)\n").starts_with("./x"));
  read_makefile("define r\n$(eval $(call r))\n$(eval $(call r))\nendef\n$(eval $(call r))\n");
}
