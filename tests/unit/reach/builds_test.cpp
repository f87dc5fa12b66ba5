// Task files and builds: what Python's task runners, Rush, Gradle and builds in a cloud execute, and what they do not.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "fixture.h"

using namespace tollbar::reach;
using namespace tollbar::reach::test;

namespace {

using Texts = std::vector<std::string>;

/// `path: part` of everything that a job executes which runs `script`.
Texts reached(const std::string& script, Files files) {
  files[kCi] = workflow(steps({script}));
  if (files.count("tools/send.sh") == 0) files["tools/send.sh"] = "#!/bin/sh\n./build/report\n";
  Texts texts;
  const Run ran = run(files);
  for (const auto* step : steps_of(ran.execution))
    for (const auto& file : step->files) texts.push_back(file.path + (file.part.empty() ? "" : ": " + file.part));
  return texts;
}

Texts session(const std::string& body, const std::string& call = "nox -s send") {
  return reached(call, {{"noxfile.py", "import nox\n\n\n@nox.session(python=False)\ndef send(session):\n" + body}});
}

const Texts sent{"noxfile.py: send", "tools/send.sh"};

}  // namespace

TEST_CASE("sessions of nox: what they run, hand on, and start by themselves") {
  CHECK(session("    session.run(\n        \"bash\",\n        \"tools/send.sh\",\n    )\n") == sent);
  CHECK(session("    cmd = [\"./tools/send.sh\", \"--all\"]\n    session.run(*cmd, external=True)\n") == sent);
  CHECK(session("    with session.chdir(\"tools\"):\n        session.run(\"./send.sh\")\n") == sent);
  CHECK(session("    session.run(\"sh\", str(HERE / \"tools\" / \"send.sh\"))\n") == sent);
  CHECK(session("    subprocess.run([\"./tools/send.sh\"])\n") == sent);
  CHECK(session("    session.notify(\"late\")\n\n\n@nox.session\ndef late(s):\n    s.run(\"tools/send.sh\")\n") ==
        Texts{"noxfile.py: send", "noxfile.py: late", "tools/send.sh"});
  CHECK(session("    helper(session)\n\n\ndef helper(one):\n    one.run(\"./tools/send.sh\")\n") ==
        Texts{"noxfile.py: send", "noxfile.py: helper", "tools/send.sh"});
  CHECK(session("    session.log(\"./tools/send.sh\")\n") == Texts{"noxfile.py: send"});
  CHECK(session("    pass\n\n\n@nox.session(name=\"other\")\ndef _x(s):\n    s.run(\"./tools/send.sh\")\n",
                "nox -rs other") == Texts{"noxfile.py: other", "tools/send.sh"});
}

TEST_CASE("nox without a name runs what its file says; started from Python it is the same tool") {
  const std::string file =
      "import nox\nnox.options.sessions = [\"test\"]\n\n@nox.session\ndef send(s):\n    s.run(\"./tools/send.sh\")\n\n"
      "@nox.session\ndef test(s):\n    s.run(\"pytest\")\n";
  CHECK(reached("nox", {{"noxfile.py", file}}) == Texts{"noxfile.py: test"});
  CHECK(reached("NOXSESSION=send nox", {{"noxfile.py", file}}) == sent);
  const std::string start =
      "import subprocess, sys\nsubprocess.check_call([sys.executable, \"-m\", \"nox\", \"-s\", \"send\"])\n";
  CHECK(reached("python x.py", {{"noxfile.py", file}, {"x.py", start}}) ==
        Texts{"x.py", "noxfile.py: send", "tools/send.sh"});
  const std::string tox = "[testenv:send]\ncommands =\n  late: ./tools/x.sh\n  !late: bash tools{/}send.sh\n";
  CHECK(reached("python x.py", {{"tox.ini", tox}, {"x.py", "import tox\ntox.cmdline([\"-e\", \"send\"])\n"}}) ==
        Texts{"x.py", "tox.ini: send", "tools/send.sh"});
  const std::string many =
      "[tox]\nenvlist = py3{11,12}-{lint,send}\n[testenv]\ncommands =\n  send: ./tools/send.sh\n  lint: true\n";
  const auto through = [&](const std::string& command) { return reached(command, {{"tox.ini", many}}).back(); };
  CHECK(through("tox") == "tools/send.sh");
  CHECK(through("tox -e $(./which)-send") == "tools/send.sh");
  CHECK(through("tox -e py3{11,12}-lint") != "tools/send.sh");
  CHECK(reached("tox -qe send", {{"tox.ini", tox}}) == Texts{"tox.ini: send", "tools/send.sh"});
  CHECK(reached("tox -e send", {{"tox.ini", "[testenv:send]\nchangedir = tools\ncommands = ./send.sh\n"}}).size() == 2);
}

TEST_CASE("tasks of invoke run texts for a shell, and the tasks before them") {
  const std::string file =
      "from invoke import task\n\n@task\ndef pack(c):\n    c.run(\"tar c x\")\n\n@task(pre=[pack])\ndef send_all(c):\n"
      "    c.run(\"cd tools && ./send.sh --all\")\n";
  CHECK(reached("inv send-all", {{"tasks.py", file}}) ==
        Texts{"tasks.py: send_all", "tasks.py: pack", "tools/send.sh"});
  CHECK(reached("inv pack", {{"tasks.py", file}}) == Texts{"tasks.py: pack"});
}

TEST_CASE("Rush: commands of its own, scripts of its projects, and what only installs") {
  const Files files{
      {"rush.json", "{/* x */ \"projects\": [{\"packageName\": \"web\", \"projectFolder\": \"apps/web\"}]}"},
      {"apps/web/package.json", R"({"scripts": {"build": "../../tools/send.sh", "deploy": "../../tools/send.sh"}})"},
      {"common/scripts/install-run-rush.js", "x()\n"},
      {"common/config/rush/command-line.json",
       R"({"commands": [{"commandKind": "global", "name": "send", "shellCommand": "./tools/send.sh"},
                        {"commandKind": "bulk", "name": "deploy"}]})"}};
  const std::string spelt = "common/config/rush/command-line.json";
  CHECK(reached("rush send", files) == Texts{spelt + ": send", "tools/send.sh"});
  CHECK(reached("node common/scripts/install-run-rush.js rebuild --verbose", files) ==
        Texts{"common/scripts/install-run-rush.js", "apps/web/package.json: build", "tools/send.sh"});
  CHECK(reached("rush deploy --to web", files) ==
        Texts{spelt + ": deploy", "apps/web/package.json: deploy", "tools/send.sh"});
  CHECK(reached("rush build --to other", files).empty());
  CHECK(reached("cd apps/web && rushx deploy", files) == Texts{"apps/web/package.json: deploy", "tools/send.sh"});
  CHECK(reached("rush install", files).empty());
}

TEST_CASE("Gradle: applied scripts, plugins of the build itself, the project of a task") {
  const Files files{
      {"build.gradle", "plugins {\n  id 'mill.release'\n  id 'java'\n}\napply from: 'gradle/send.gradle'\n"},
      {"gradle/send.gradle", "task send(type: Exec) {\n  commandLine 'bash', 'tools/send.sh'\n}\n"},
      {"gradle/other.gradle", "x\n"},
      {"buildSrc/src/main/groovy/mill.release.gradle", "x\n"},
      {"web/build.gradle", "x\n"}};
  CHECK(reached("gradle send", files) == Texts{"build.gradle: send", "buildSrc/src/main/groovy/mill.release.gradle",
                                               "gradle/send.gradle", "tools/send.sh"});
  CHECK(reached("gradle :web:send", files).front() == "web/build.gradle: :web:send");
}

TEST_CASE("builds in a cloud: steps of Google's, phases of Amazon's; other builds") {
  const std::string steps =
      "steps:\n  - {name: gcr.io/x/docker, args: [build, -f, images/Dockerfile, .]}\n"
      "  - {name: x, entrypoint: bash, args: [tools/send.sh]}\n";
  const Files files{{"ops/build.yaml", steps},
                    {"images/Dockerfile", "FROM scratch\n"},
                    {"ci/b.yml", "phases: {build: {commands: [cd tools, ./send.sh]}}\n"}};
  CHECK(reached("gcloud beta builds submit --config=ops/build.yaml", files) ==
        Texts{"ops/build.yaml", "images/Dockerfile", "tools/send.sh"});
  // What has the usual name is a pipeline by itself as well.
  CHECK(reached("gcloud builds submit .", {{"cloudbuild.yaml", steps}}) ==
        Texts{"cloudbuild.yaml", "tools/send.sh", "tools/send.sh"});
  CHECK(reached("aws codebuild start-build --project-name x --buildspec-override file://ci/b.yml", files) ==
        Texts{"ci/b.yml", "tools/send.sh"});
  CHECK(reached("gcloud builds list\naws codebuild list-builds", files).empty());
}

TEST_CASE("programs in Go and Rust that start processes") {
  CHECK(reached(
            "go run ./cmd/x",
            {{"cmd/x/main.go", "package main\n\nfunc main() { exec.Command(\"bash\", \"tools/send.sh\").Run() }\n"}}) ==
        Texts{"cmd/x/main.go", "tools/send.sh"});
  CHECK(reached("cargo run",
                {{"Cargo.toml", "[package]\nname = \"x\"\n"},
                 {"src/main.rs", "fn main() { Command::new(\"bash\").arg(\"tools/send.sh\").status(); }\n"}}) ==
        Texts{"src/main.rs", "tools/send.sh"});
  CHECK(reached("go build ./cmd/x", {{"cmd/x/main.go", "func main() { exec.Command(\"tools/send.sh\") }\n"}}).empty());
}

TEST_CASE("images that the legs of a job name in the inputs of an action") {
  const auto build = [](const std::string& with) {
    return Files{{kCi,
                  "on: push\njobs:\n  a:\n    runs-on: u\n    strategy: {matrix: {base: [debian, alpine]}}\n    "
                  "steps:\n      - uses: " +
                      with + "\n"},
                 {"images/Dockerfile.debian", "FROM x\n"},
                 {"images/Dockerfile.alpine", "FROM x\n"},
                 {"images/Dockerfile.other", "FROM x\n"},
                 {"docker-bake.hcl",
                  "target \"debian-all\" {\n  dockerfile = \"images/Dockerfile.debian\"\n}\ntarget \"alpine-all\" {\n  "
                  "dockerfile = \"images/Dockerfile.alpine\"\n}\n"}};
  };
  const auto paths = [](const Files& files) {
    Texts texts;
    const Run ran = run(files);
    for (const auto* step : steps_of(ran.execution))
      for (const auto& file : step->files) texts.push_back(file.path + (file.part.empty() ? "" : ": " + file.part));
    std::sort(texts.begin(), texts.end());
    return texts;
  };
  CHECK(paths(build("docker/build-push-action@v6\n        with: {file: 'images/Dockerfile.${{ matrix.base }}'}")) ==
        Texts{"images/Dockerfile.alpine", "images/Dockerfile.debian"});
  CHECK(paths(build("docker/bake-action@v6\n        with: {targets: '${{ matrix.base }}-all'}")) ==
        Texts{"docker-bake.hcl: alpine-all", "docker-bake.hcl: debian-all", "images/Dockerfile.alpine",
              "images/Dockerfile.debian"});
}

TEST_CASE("Gradle: what runs before a task that does more than build, and not before one that builds and tests") {
  const Files files{{"settings.gradle.kts",
                     "includeBuild(\"rules\")\ninclude(\n  \"a\",\n  \":b:c\", // x\n)\n"
                     "include(\"d\")\nproject(\":d\").projectDir = file(\"else/d\")\n// include(\"other\")\n"},
                    {"build.gradle.kts", "plugins { id(\"send\") }\n"},
                    {"gradle.properties", "org.gradle.jvmargs=-Xmx1g\n"},
                    {"a/build.gradle.kts", "apply(from = \"$rootDir/gradle/more.gradle\")\n"},
                    {"b/c/c.gradle", "apply from: 'own.gradle'\n"},
                    {"b/c/own.gradle", "println 1\n"},
                    {"else/d/build.gradle", "// apply from: 'none.gradle'\n"},
                    {"else/d/none.gradle", "println 1\n"},
                    {"gradle/more.gradle", "println 1\n"},
                    {"other/build.gradle", "println 1\n"},
                    {"buildSrc/build.gradle.kts", "plugins { `kotlin-dsl` }\n"},
                    {"buildSrc/src/main/kotlin/send.gradle.kts", "println(1)\n"},
                    {"buildSrc/src/test/kotlin/SendTest.kt", "class SendTest\n"},
                    {"rules/build.gradle.kts", "plugins { `kotlin-dsl` }\n"},
                    {"rules/src/main/kotlin/com/Rules.kt", "class Rules\n"}};
  Texts now = reached("./gradlew publish", files);
  std::sort(now.begin(), now.end());
  CHECK(now == Texts{"a/build.gradle.kts", "b/c/c.gradle", "b/c/own.gradle", "build.gradle.kts: publish",
                     "buildSrc/build.gradle.kts", "buildSrc/src/main/kotlin/send.gradle.kts", "else/d/build.gradle",
                     "gradle.properties", "gradle/more.gradle", "rules/build.gradle.kts",
                     "rules/src/main/kotlin/com/Rules.kt", "settings.gradle.kts"});
  CHECK(reached("./gradlew clean test assembleDebug", files) ==
        Texts{"build.gradle.kts: clean", "buildSrc/src/main/kotlin/send.gradle.kts", "build.gradle.kts: test",
              "build.gradle.kts: assembleDebug"});
}

TEST_CASE("Gradle: sources of the build's own plugins decide what runs") {
  const auto ran = run({{kCi, workflow(steps({"gradle publish"}))},
                        {"settings.gradle", "\n"},
                        {"build.gradle", "\n"},
                        {"buildSrc/src/main/groovy/Send.groovy", "class Send {}\n"}});
  CHECK(ran.execution.pipelines.front()->dependence.consulted.count("buildSrc/src/main/groovy/Send.groovy") == 1);
  const auto included = [](const std::string& build_file) {
    return reached("gradle publish", {{"settings.gradle", "includeBuild('more')\n"},
                                      {"build.gradle", "\n"},
                                      {"more/build.gradle", build_file},
                                      {"more/src/main/java/Send.java", "class Send {}\n"}});
  };
  CHECK(included("plugins { id 'java-gradle-plugin' }\n").back() == "more/src/main/java/Send.java");
  CHECK(included("plugins { id 'java-library' }\n").back() == "more/build.gradle");
}

TEST_CASE("Gradle: a project that is called alone has its settings above") {
  const Files files{{"settings.gradle", "include 'a', 'b'\n"}, {"a/build.gradle", "x\n"}, {"b/build.gradle", "x\n"}};
  Texts now = reached("gradle -p a publish", files);
  std::sort(now.begin(), now.end());
  CHECK(now == Texts{"a/build.gradle: publish", "b/build.gradle", "settings.gradle"});
}

TEST_CASE("hooks in the configuration of a release tool") {
  const std::string hooks = "before:\n  hooks:\n    - go mod tidy\n    - cmd: ./send.sh --all\n      dir: tools\n";
  const Texts released{".goreleaser.yml", "tools/send.sh"};
  CHECK(reached("goreleaser release --clean", {{".goreleaser.yml", hooks}}) == released);
  CHECK(reached("goreleaser release -f ci/r.yml",
                {{"ci/r.yml", "publishers:\n  - name: x\n    cmd: ./tools/send.sh {{ .ArtifactPath }}\n"}}) ==
        Texts{"ci/r.yml", "tools/send.sh"});
  CHECK(
      reached(
          "npx semantic-release",
          {{".releaserc.json",
            R"({"plugins": [["@semantic-release/exec", {"publishCmd": "./tools/send.sh ${nextRelease.version}"}]]})"}}) ==
      Texts{".releaserc.json", "tools/send.sh"});
  CHECK(reached("goreleaser release", {{".goreleaser.yml", "archives:\n  - files: [tools/send.sh]\n"}}) ==
        Texts{".goreleaser.yml"});
}

TEST_CASE("a build of Maven that does more than build runs the plugins of its modules; one that only tests does not") {
  const auto plugin = [](const std::string& configuration) {
    return "<project><build><plugins><plugin><executions><execution><goals><goal>npm</goal></goals><configuration>" +
           configuration + "</configuration></execution></executions></plugin></plugins></build></project>";
  };
  const Files files{
      {"pom.xml",
       "<project><profiles><profile><modules><module>a</module><module>b/own.xml</module></modules></profile>"
       "</profiles></project>"},
      {"a/pom.xml", "<project><parent><relativePath>../parent</relativePath></parent></project>"},
      {"parent/pom.xml", plugin("<executable>bash</executable><arguments><argument>"
                                "${maven.multiModuleProjectDirectory}/tools/send.sh</argument></arguments>")},
      {"b/own.xml", plugin("<target><exec executable=\"./x.sh\" dir=\"in\"/></target>")},
      {"b/in/x.sh", "true\n"},
      {"c/pom.xml", plugin("<executable>./x.sh</executable>")},
      {".mvn/jvm.config", "-Xmx1g\n"},
      {".mvn/wrapper/maven-wrapper.properties", "distributionUrl=x\n"}};
  const Texts first{"pom.xml: clean", "pom.xml: deploy", ".mvn/jvm.config"};
  auto all = first;
  for (const char* path : {"a/pom.xml", "parent/pom.xml", "tools/send.sh", "b/own.xml", "b/in/x.sh"})
    all.emplace_back(path);
  CHECK(reached("mvn -B -Pship -DskipTests clean deploy", files) == all);
  CHECK(reached("mvn -B verify", files) == Texts{"pom.xml: verify"});
  CHECK(reached("mvn -f c org.example:own-maven-plugin:1:send", {{"c/pom.xml", plugin("<script>do.it()</script>")}}) ==
        Texts{"c/pom.xml: org.example:own-maven-plugin:1:send"});
  CHECK(reached("./mvnw deploy", files)[2] == ".mvn/wrapper/maven-wrapper.properties");
  CHECK(reached("mvn deploy", {{"pom.xml", plugin("<arguments>run pages</arguments>")},
                               {"package.json", R"({"scripts": {"pages": "./tools/send.sh"}})"}}) ==
        Texts{"pom.xml: deploy", "package.json: pages", "tools/send.sh"});
  CHECK(reached("mvn deploy", {{"pom.xml", "<project><modules><module>.</module><module>../pom</module></modules>"}}) ==
        Texts{"pom.xml: deploy"});
}

TEST_CASE("Maven: the modules that are chosen, those on the way to them, and any where the words do not tell") {
  const std::string module =
      "<project><build><plugins><plugin><configuration><executable>bash</executable><arguments>"
      "<argument>x.sh</argument></arguments></configuration></plugin></plugins></build></project>";
  const Files files{{"pom.xml", "<project><modules><module>a</module><module>b</module></modules></project>"},
                    {"a/pom.xml", "<project><modules><module>in</module></modules></project>"},
                    {"a/in/pom.xml", module},
                    {"a/in/x.sh", "true\n"},
                    {"b/pom.xml", module},
                    {"b/x.sh", "true\n"}};
  const Texts first{"pom.xml: deploy", "a/pom.xml", "a/in/pom.xml", "a/in/x.sh"}, rest{"b/pom.xml", "b/x.sh"};
  auto all = first;
  all.insert(all.end(), rest.begin(), rest.end());
  CHECK(reached("mvn deploy -pl a/in", files) == first);
  CHECK(reached("mvn -pl '!b' deploy", files) == first);
  CHECK(reached("mvn deploy --projects b", files) == Texts{"pom.xml: deploy", "b/pom.xml", "b/x.sh"});
  CHECK(reached("mvn deploy -pl a/in -am", files) == all);
  CHECK(reached("mvn deploy -pl :in", files) == all);
  CHECK(reached("mvn deploy -pl $module", files) == all);
}

TEST_CASE("Mage: what a target starts, the functions that it needs, and no others") {
  const std::string head = "//go:build mage\n\npackage main\n\n";
  const Files files{{"magefiles/docker.go", head + "type Docker mg.Namespace\n\n"
                                                   "func (d Docker) Push(tag string) error {\n\tmg.Deps(build)\n"
                                                   "\treturn sh.RunV(\"bash\", \"push.sh\")\n}\n\n"
                                                   "func (Docker) Clean() {\n\tsh.Run(\"bash\", \"clean.sh\")\n}\n"},
                    {"magefiles/build.go", head + "var Default = Docker.Clean\n\nfunc build() error {\n"
                                                  "\treturn sh.Run(\"bash\", \"build.sh\")\n}\n"},
                    {"push.sh", "true\n"},
                    {"build.sh", "true\n"},
                    {"clean.sh", "true\n"},
                    {"in/magefile.go", head + "func Push() error {\n\treturn sh.RunV(\"bash\", \"push.sh\")\n}\n"},
                    {"in/main.go", "package main\n\nfunc Push() { exec.Command(\"bash\", \"other.sh\") }\n"},
                    {"in/push.sh", "true\n"}};
  CHECK(reached("mage -v docker:push v1", files) ==
        Texts{"magefiles/docker.go: Docker.Push", "magefiles/build.go: build", "build.sh", "push.sh"});
  CHECK(reached("mage", files) == Texts{"magefiles/docker.go: Docker.Clean", "clean.sh"});
  CHECK(reached("mage -d in push", files) == Texts{"in/magefile.go: Push", "in/push.sh"});
  CHECK(reached("mage -l", files).empty());
  CHECK(reached("mage build", files).size() == 2);  // no target of these files: it may come from another package
}

TEST_CASE("Rails: files for its runner, tasks in files of their own") {
  const Files files{{"Rakefile", "Rails.application.load_tasks\n"},
                    {"lib/tasks/data.rake", "namespace :data do\n  task :send do\n    sh 'bash x.sh'\n  end\nend\n"},
                    {"rakelib/more.rake", "task(:more) { sh 'bash x.sh' }\n"},
                    {"lib/send.rb", "Report.all\n"},
                    {"x.sh", "true\n"}};
  CHECK(reached("bin/rails runner -e production lib/send.rb", files) == Texts{"lib/send.rb"});
  CHECK(reached("bundle exec rails r lib/send.rb", files) == Texts{"lib/send.rb"});
  CHECK(reached("bin/rails data:send", files) == Texts{"lib/tasks/data.rake: data:send", "x.sh"});
  CHECK(reached("rake more", files) == Texts{"rakelib/more.rake: more", "x.sh"});
  CHECK(reached("bin/rails runner 'Report.all'", files).empty());
  CHECK(reached("bin/rails db:migrate", files).empty());
  CHECK(reached("bin/rails server", files).empty());
}

TEST_CASE("the root that a Gradle script names is that of its build") {
  CHECK(reached("gradle -p web send", {{"web/settings.gradle", "\n"},
                                       {"web/build.gradle", "apply from: \"$rootDir/gradle/more.gradle\"\n"},
                                       {"web/gradle/more.gradle", "\n"},
                                       {"gradle/more.gradle", "\n"}}) ==
        Texts{"web/build.gradle: send", "web/gradle/more.gradle", "web/settings.gradle"});
}
