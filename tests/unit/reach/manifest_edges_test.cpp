// Manifests of tools, folders that are computed, PowerShell: what a job runs by them, each with a twin.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "fixture.h"
#include "reach/powershell.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Texts = std::vector<std::string>;

struct Seen {
  Texts files, unknown;
};

Seen seen(const std::string& yaml_steps, Files files) {
  files[kCi] = workflow(yaml_steps);
  Seen found;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution)) {
    for (const auto& file : step->files)
      found.files.push_back(file.path + " (" + std::string(to_string(file.chain.back().certainty)) + ")");
    for (const auto& call : step->unknown) found.unknown.push_back(call.text);
  }
  return found;
}

Texts reached(const std::string& script, const Files& files) {
  return seen(steps({script}), files).files;
}

}  // namespace

TEST_CASE("a manifest that a tool is told or finds, and the scripts that it runs") {
  const Files files{
      {"ci/updates/a.yaml", "sources:\n  tag:\n    kind: shell\n    spec:\n      command: bash tools/tag.sh x\n"},
      {"ci/updates/notes.md", "no manifest\n"},
      {"ci/values.yaml", "a: 1\n"},
      {"tools/tag.sh", "#!/bin/sh\necho 1\n"},
      {"release-plz.toml", "[workspace]\n"},
      {"ci/plz.toml", "[workspace]\n"},
      {"cr.yaml", "owner: mill\n"}};
  CHECK(reached("updatecli pipeline apply --config ./ci/updates --values=ci/values.yaml", files) ==
        Texts{"ci/updates/a.yaml (declared)", "tools/tag.sh (verified)", "ci/values.yaml (declared)"});
  CHECK(reached("updatecli version --config ci/updates", files).empty());
  CHECK(reached("release-plz release", files) == Texts{"release-plz.toml (declared)"});
  CHECK(reached("release-plz release --config ci/plz.toml", files) == Texts{"ci/plz.toml (declared)"});
  CHECK(reached("release-plz init", files).empty());
  const auto by_action = [&](const std::string& uses, const std::string& with) {
    return seen("      - uses: " + uses + "\n        with: {" + with + "}\n", files).files;
  };
  CHECK(by_action("release-plz/action@v1", "command: release") == Texts{"release-plz.toml (declared)"});
  CHECK(by_action("release-plz/action@v1", "config: ci/plz.toml") == Texts{"ci/plz.toml (declared)"});
  CHECK(by_action("release-plz/setup@v1", "command: release").empty());
  CHECK(by_action("helm/chart-releaser-action@v1", "config: cr.yaml") == Texts{"cr.yaml (declared)"});
  CHECK(by_action("helm/chart-testing-action@v2", "config: cr.yaml").empty());
}

TEST_CASE("a script of a computed folder is an unknown call and perhaps one of those of its name") {
  const Files files{{"charts/a/hack/hook.sh", "#!/bin/sh\necho\n"}, {"charts/b/other.sh", "#!/bin/sh\necho\n"}};
  const auto told = [&](const std::string& script) { return seen("      - run: |\n" + script, files); };
  const auto found = told("          cd \"$CHART\"\n          ./hack/hook.sh\n");
  CHECK(found.files == Texts{"charts/a/hack/hook.sh (inferred)"});
  CHECK(found.unknown == Texts{"./hack/hook.sh"});
  CHECK(told("          cd \"charts/$NAME\"\n          ./hack/hook.sh\n").files ==
        Texts{"charts/a/hack/hook.sh (inferred)"});
  CHECK(told("          cd \"$HOME\"\n          ./hack/hook.sh\n").unknown.empty());
  CHECK(told("          cd \"$SOURCE\"\n          ./configure\n").unknown.empty());
  CHECK(told("          cd charts/a\n          ./hack/hook.sh\n").unknown.empty());
}

TEST_CASE("PowerShell: calls of scripts and programs, not cmdlets; what is evaluated is unknown") {
  CHECK(powershell_calls("if ($x) { & ./tools/send.ps1 -All }\n").text == "./tools/send.ps1 -All\n");
  CHECK(powershell_calls("$y = .\\a.ps1 ${env:NAME} # b\n").text == "./a.ps1 ${NAME}\n");
  CHECK(powershell_calls("<# docker push a #>\ndocker push b; Write-Host c\n").text == "\ndocker push b\n");
  CHECK(powershell_calls("Write-Host 'docker push x'\n$a = 'docker push x'\nfoo=1\n").text.empty());
  CHECK(powershell_calls("Invoke-Expression \"$base push\"\n").text == "$base push\n");
  const Files files{{"make.ps1", "./tools/send.sh\nInvoke-Expression \"$base push\"\n"},
                    {"tools/send.sh", "#!/bin/sh\necho\n"}};
  const auto found = seen("      - run: ./make.ps1 publish -Type ${env:TYPE}\n        shell: pwsh\n", files);
  CHECK(found.files == Texts{"make.ps1 (inferred)", "tools/send.sh (inferred)"});
  CHECK(found.unknown == Texts{"$base push"});
  CHECK(seen("      - run: Get-Content ./make.ps1\n        shell: pwsh\n", files).files.empty());
}
