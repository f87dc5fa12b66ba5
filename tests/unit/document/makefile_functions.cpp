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

TEST_CASE("lines behind an assignment are no recipe, whatever they begin with") {
  const std::string text = ".SILENT:\nA = 1\nifdef X\n\tEDIT ?= sed\nelse\n\tEDIT ?= sed -i\nendif\n";
  CHECK(recipe(text + "send:\n\t$(EDIT) x\n") == "sed x");
  CHECK(recipe("send: a\nifdef X\n\t./a\nelse\n\t./b\nendif\n") == "./a; ./b");
}

namespace {

/// The commands of `test`, those that may run in `( )`, those that never do in `[ ]`.
std::string runs(const std::string& makefile, const GivenVariables& given = {}) {
  const Makefile file = read_makefile(makefile, Failures::judged, given);
  std::string text;
  for (const auto& target : file.targets)
    for (const Command& command : target.recipe.commands) {
      const auto& context = command.context;
      text += context.unreachable   ? "[" + command.text() + "]"
              : context.conditional ? "(" + command.text() + ")"
                                    : command.text();
    }
  return text;
}

}  // namespace

TEST_CASE("lines below conditions count where those hold") {
  const std::string body = "\n\t./a\nelse\n\t./b\nendif\n";
  const auto with = [&](const std::string& head, const std::string& condition) {
    return runs(head + "test:\n" + condition + body);
  };
  CHECK(with("RUN = 1\n", "ifeq ($(RUN),1)") == "./a[./b]");
  CHECK(with("RUN = 0\n", "ifeq ($(RUN),1)") == "[./a]./b");
  CHECK(with("RUN = 0\n", "ifneq \"$(RUN)\" '1'") == "./a[./b]");
  CHECK(with("RUN ?= 0\n", "ifeq ($(RUN),1)") == "(./a)(./b)");
  CHECK(with("RUN ?= 1\n", "ifeq ($(RUN),1)") == "./a[./b]");
  CHECK(with("A ?= 0\nRUN = $(A)\n", "ifeq ($(RUN),1)") == "(./a)(./b)");
  CHECK(with("", "ifdef RUN") == "(./a)(./b)");
  CHECK(with("RUN = 1\n", "ifdef RUN") == "./a[./b]");
  CHECK(with("RUN =\n", "ifndef RUN") == "./a[./b]");
  CHECK(with("", "ifeq ($(shell uname),Linux)") == "(./a)(./b)");
  CHECK(runs("RUN = 2\ntest:\nifeq ($(RUN),1)\n\t./a\nelse ifeq ($(RUN),2)\n\t./b\nelse\n\t./c\nendif\n\t./d\n") ==
        "[./a]./b[./c]./d");
  CHECK(runs("ifeq (1,0)\ntest: other\n\t./a\nA = ./x\nelse\nA = ./y\nendif\nall:\n\t$(A)\n") == "[./a]./y");
  CHECK(runs("RUN = 0\ntest:\nifeq ($(RUN),1)" + body, {{"RUN", "1"}}) == "./a[./b]");
}

TEST_CASE("messages of make are no commands") {
  CHECK(recipe("send:\nifndef X\n\t$(error X is not set)\nendif\n\t$(warning old)\n\t./a\n") == "./a");
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

TEST_CASE("a command that hangs on what the Makefile does not tell") {
  const auto conditional = [](const std::string& text) {
    const auto commands = read_makefile(text).targets.at(0).recipe.commands;
    return !commands.empty() && commands[0].context.conditional;
  };
  CHECK(conditional("check:\n\t@$(if $(RUN),./a)\n"));
  CHECK(conditional("check:\n\t$(if $(RUN),./a $(if $(V),-v),)\n"));
  CHECK_FALSE(conditional("check:\n\t./a $(if $(V),-v)\n"));
  CHECK_FALSE(conditional("RUN := 1\ncheck:\n\t$(if $(RUN),./a)\n"));
  CHECK_FALSE(conditional("check:\n\t$(if $(V),./a -v,./a)\n"));
  CHECK_FALSE(conditional("check:\n\t$(if $(A),./a)$(if $(B),./b)\n"));
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
