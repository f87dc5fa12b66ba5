// Jenkinsfiles of both styles read into the model.
#include <doctest/doctest.h>

#include "pipeline/readers/systems.h"
#include "unit/pipeline/reading.h"

namespace tollbar::pipeline {
namespace {

using Texts = std::vector<std::string>;

Pipeline read_jenkins(const std::string& text) {
  return read_only({{"Jenkinsfile", text}});
}

const Step& step(const Job& job, std::size_t index) {
  static const Step nothing;
  return index < job.steps.size() ? job.steps[index] : nothing;
}

TEST_CASE("Jenkins: steps of a library that give their body credentials, by their names") {
  const auto credentials = [](const std::string& wrapper) {
    const auto pipeline =
        read_jenkins("node {\n  stage('Send') {\n    " + wrapper + " {\n      sh './send.sh'\n    }\n  }\n}\n");
    Texts names;
    for (const auto& job : pipeline.jobs)
      for (const auto& step : job.steps)
        if (!step.run.empty())
          for (const auto& use : step.credentials) names.push_back(use.name);
    return names;
  };
  CHECK(credentials("infra.withDockerCredentials") == Texts{"withDockerCredentials"});
  CHECK(credentials("withVault") == Texts{"withVault"});
  CHECK(credentials("withDockerRegistry(credentialsId: 'hub')") == Texts{"hub"});
  CHECK(credentials("withCredentials([string(credentialsId: 'nexus', variable: 'T')])") == Texts{"nexus"});
  CHECK(credentials("infra.withRetries").empty());
  CHECK(credentials("withEnv(['SECRET=1'])").empty());
}

TEST_CASE("Jenkins: a declarative pipeline") {
  const auto pipeline = read_jenkins(R"(#!/usr/bin/env groovy
@Library('shared@v2') _
pipeline {
  agent { label 'linux && jdk21' }
  options { timeout(time: 45, unit: 'MINUTES') }
  environment {
    MAVEN_ARGS = '-B'
    SONAR = credentials('sonar-token')
  }
  triggers { cron('H 4 * * *') }
  stages {
    stage('Build') { steps { sh './mvnw compile' } }
    stage('Unit tests') {
      agent { docker { image 'maven:3'; args '--privileged' } }
      steps {
        dir('core') {
          sh label: 'unit', script: '''
            set -o pipefail
            ./mvnw test // no comment here
          '''
        }
        echo "done /* nor here */"
      }
      post { always { junit 'target/*.xml' } }
    }
    stage('Release') {
      when { branch 'main' }
      steps {
        withCredentials([usernamePassword(credentialsId: 'nexus', usernameVariable: 'U', passwordVariable: 'NEXUS_TOKEN')]) {
          sh './mvnw deploy -Dtoken=$NEXUS_TOKEN'
        }
      }
    }
  }
  post { failure { slackSend channel: '#x' } }
}
)");
  CHECK_FALSE(pipeline.broken);
  CHECK(pipeline.judges_changes());
  CHECK(event(pipeline.events, "schedule"));
  CHECK(pipeline.includes == Texts{"shared@v2"});
  REQUIRE(pipeline.jobs.size() == 4);
  const auto& build = job(pipeline, "Build");
  CHECK(build.runner.labels == Texts{"jdk21", "linux"});
  CHECK(build.timeout == "45 MINUTES");
  CHECK(build.env.at("MAVEN_ARGS") == "-B");
  CHECK(credential(build.credentials, "sonar-token")->bound_to == "SONAR");
  CHECK(step(build, 0).script.commands.at(0).text() == "./mvnw compile");
  CHECK(step(build, 0).script.commands.at(0).line == 12);

  const auto& unit = job(pipeline, "Unit tests");
  CHECK(unit.image == "maven:3");
  CHECK(unit.container_options == Texts{"--privileged"});
  CHECK(unit.needs == Texts{"Build"});
  REQUIRE(unit.steps.size() == 3);
  CHECK(unit.steps[0].name == "unit");
  CHECK(unit.steps[0].working_directory == "core");
  CHECK(unit.steps[0].script.commands.at(1).line == 19);
  CHECK(unit.steps[0].script.commands.at(1).context.fatal);
  CHECK(unit.steps[1].run == "echo 'done /* nor here */'");
  CHECK(unit.steps[2].uses == "junit");
  CHECK(unit.steps[2].is_cleanup);

  const auto& release = job(pipeline, "Release");
  CHECK(release.condition.truth == Truth::depends);
  CHECK(credential(release.credentials, "nexus")->bound_to == "NEXUS_TOKEN");
  CHECK_FALSE(credential(release.credentials, "NEXUS_TOKEN"));
  CHECK(step(job(pipeline, "post"), 0).uses == "slackSend");
}

TEST_CASE("Jenkins: what swallows a failure") {
  const auto stage = [](const std::string& steps) {
    return read_jenkins("pipeline { agent any\n stages { stage('T') { steps { " + steps + " } } } }").jobs.at(0);
  };
  CHECK(stage("catchError(buildResult: 'SUCCESS') { sh 'make test' }").steps.at(0).may_fail);
  CHECK(stage("warnError('x') { sh 'make test' }").steps.at(0).may_fail);
  CHECK_FALSE(stage("catchError { sh 'make test' }").steps.at(0).may_fail);
  CHECK(stage("catchError { sh 'make test' }").steps.at(0).may_fail_sometimes);
  CHECK(stage("sh returnStatus: true, script: 'make test'").steps.at(0).may_fail);
  CHECK(stage("sh(script: 'make test', returnStatus: true)").steps.at(0).may_fail);
  CHECK_FALSE(stage("sh(script: 'make test', returnStdout: true)").steps.at(0).may_fail);
  CHECK(stage("build job: 'x', propagate: false").steps.at(0).may_fail);
  CHECK_FALSE(stage("build 'x'").steps.at(0).may_fail);
  CHECK(stage("script { try { sh 'make test' } catch (e) { echo 'never mind' } }").steps.at(0).may_fail);
  CHECK_FALSE(stage("script { try { sh 'make test' } catch (e) { throw e } }").steps.at(0).may_fail);
  CHECK_FALSE(stage("script { try { sh 'make test' } finally { cleanWs() } }").steps.at(0).may_fail);
  CHECK_FALSE(
      stage("script { try { sh 'make test' } catch (e) { currentBuild.result = 'FAILURE' } }").steps.at(0).may_fail);
  CHECK_FALSE(stage("script { def rc = sh(script: 'make test', returnStatus: true)\n if (rc != 0) { error 'no' } }")
                  .steps.at(0)
                  .may_fail);
  CHECK_FALSE(
      stage("script { if (sh(script: 'make test', returnStatus: true) != 0) { error 'no' } }").steps.at(0).may_fail);
  CHECK(stage("sh 'make test || true'").steps.at(0).script.commands.at(0).context.masked);
  CHECK(stage("sh 'make test'\n script { currentBuild.result = 'SUCCESS' }").may_fail_sometimes);
  CHECK(stage("sh 'make test' }\n post { failure { script { currentBuild.result = 'SUCCESS' } }").may_fail);
  CHECK_FALSE(stage("sh 'make test' }\n post { success { script { currentBuild.result = 'SUCCESS' } }").may_fail);
  CHECK_FALSE(
      stage("sh 'make test' }\n post { always { script { if (q) { currentBuild.result = 'SUCCESS' } } }").may_fail);
  CHECK(stage("script { if (false) { sh 'make test' } }").steps.at(0).condition.truth == Truth::never);
  CHECK(stage("script { if (true) { sh 'a' } else { sh 'b' } }").steps.at(1).condition.truth == Truth::never);
}

TEST_CASE("Jenkins: loops through an empty list") {
  const auto truth = [](const std::string& program) {
    return read_jenkins("node { " + program + " }").jobs.at(0).steps.at(0).condition.truth;
  };
  CHECK(truth("def all = []\n all.each { sh 'make' }") == Truth::never);
  CHECK(truth("def all = []\n for (one in all) { sh 'make' }") == Truth::never);
  CHECK(truth("[].each { sh 'make' }") == Truth::never);
  CHECK(truth("def all = ['a']\n all.each { sh 'make' }") != Truth::never);
  CHECK(truth("def all = []\n all << 'a'\n all.each { sh 'make' }") != Truth::never);
  CHECK(truth("def all = []\n all.add('a')\n for (one in all) { sh 'make' }") != Truth::never);
  CHECK(truth("def all = []\n all = read()\n all.each { sh 'make' }") != Truth::never);
}

TEST_CASE("Jenkins: loops through a list of texts run once for each") {
  const auto runs = [](const std::string& program) {
    Texts result;
    const auto pipeline = read_jenkins("node {\n" + program + "\n}");
    for (const auto& one : pipeline.jobs)
      for (const auto& step : one.steps)
        if (!step.run.empty()) result.push_back(step.run);
    return result;
  };
  const Texts both{"make unit", "make e2e"};
  CHECK(runs("for (t in ['unit', 'e2e']) { sh \"make ${t}\" }") == both);
  CHECK(runs("for (String t : ['unit', 'e2e']) { sh \"make $t\" }") == both);
  CHECK(runs("def all = ['unit', 'e2e']\nfor (t in all) { sh 'make ' + t }") == both);
  CHECK(runs("['unit', 'e2e'].each { t -> sh \"make ${t}\" }") == both);
  CHECK(runs("def all = ['unit', 'e2e']\nall.each { sh \"make ${it}\" }") == both);
  CHECK(runs("for (t in ['unit', 'e2e']) { stage(t) { sh \"make ${t}\" } }") == both);
  CHECK(runs("[a: 'unit', b: 'e2e'].each { String name, target -> sh \"make ${target}\" }") == both);
  CHECK(runs("def all = [unit: '1', e2e: '2']\nall.each { name, leg -> sh \"make $name\" }") == both);
  CHECK(runs("[a: 'unit'].each { sh \"make ${it.value}\" }") == Texts{"make ${it.value}"});
  CHECK(runs("for (t in suites()) { sh \"make ${t}\" }") == Texts{"make ${t}"});
  CHECK(runs("for (t in ['unit', extra]) { sh \"make ${t}\" }") == Texts{"make ${t}"});
  CHECK(runs("for (t in ['unit'] + more) { sh \"make ${t}\" }") == Texts{"make ${t}"});
  CHECK(runs("for (a in ['x', 'y']) { for (b in ['1', '2']) { sh \"$a$b\" } }") == Texts{"x1", "x2", "y1", "y2"});
}

TEST_CASE("Jenkins: nothing runs behind what always leaves") {
  const auto truth = [](const std::string& program) {
    return read_jenkins("node {\n" + program + "\n}").jobs.at(0).steps.at(0).condition.truth;
  };
  CHECK(truth("return\nsh 'make'") == Truth::never);
  CHECK(truth("if (true) { return }\nsh 'make'") == Truth::never);
  CHECK(truth("for (t in ['a']) { continue\nsh 'make' }") == Truth::never);
  CHECK(truth("if (env.SKIP) { return }\nsh 'make'") != Truth::never);
  CHECK(truth("switch (x) { case 'a': return\ncase 'b': sh 'make' }") != Truth::never);
  CHECK(truth("def f() { return 1 }\nsh 'make'") != Truth::never);
  CHECK(truth("sh 'make'\nreturn") != Truth::never);
}

TEST_CASE("Jenkins: conditions of stages") {
  const auto truth = [](const std::string& when) {
    return read_jenkins("pipeline { stages { stage('T') { when { " + when + " }\n steps { sh 'x' } } } }")
        .jobs.at(0)
        .condition.truth;
  };
  CHECK(truth("anyOf { expression { false }; expression { 1 == 2 } }") == Truth::never);
  CHECK(truth("expression { 1 == 1 }") == Truth::always);
  CHECK(truth("expression { n == 2 }") == Truth::depends);
  CHECK(truth("expression { false }") == Truth::never);
  CHECK(truth("expression { return false }") == Truth::never);
  CHECK(truth("not { expression { true } }") == Truth::never);
  CHECK(truth("anyOf { branch 'main'; expression { true } }") == Truth::always);
  CHECK(truth("branch 'main'") == Truth::depends);
  CHECK(truth("buildingTag()") == Truth::unlikely);
  CHECK(truth("equals expected: 'a', actual: 'b'") == Truth::never);
  CHECK(truth("expression { return params.RUN }") == Truth::depends);
}

TEST_CASE("Jenkins: what hangs on a variable of one literal value is decided") {
  const auto truth = [](const std::string& when, const std::string& more = "") {
    return read_jenkins("def run = false\npipeline { environment { SCAN = 'no' }\n stages { stage('T') { when { " +
                        when + " }\n steps { sh 'x'" + more + " } } } }")
        .jobs.at(0)
        .condition.truth;
  };
  CHECK(truth("expression { run }") == Truth::never);
  CHECK(truth("expression { return !run }") == Truth::always);
  CHECK(truth("environment name: 'SCAN', value: 'yes'") == Truth::never);
  CHECK(truth("environment name: 'SCAN', value: 'no'") == Truth::always);
  CHECK(truth("environment name: 'OTHER', value: 'no'") == Truth::depends);
  CHECK(truth("expression { env.SCAN == 'yes' }") == Truth::never);
  CHECK(truth("expression { run }", "\n script { run = true }") == Truth::depends);
  CHECK(truth("expression { env.SCAN == 'yes' }", "\n script { env.SCAN = 'yes' }") == Truth::depends);
  const auto scripted = read_jenkins("def run = false\nnode { stage('T') { if (run) { sh 'x' } else { sh 'y' } } }");
  CHECK(scripted.jobs.at(0).steps.at(0).condition.truth == Truth::never);
  CHECK(scripted.jobs.at(0).steps.at(1).condition.truth == Truth::always);
}

TEST_CASE("Jenkins: gates hold for what stands behind them") {
  const auto pipeline = read_jenkins(R"(pipeline { stages {
  stage('Test') { steps { sh 'make test' } }
  stage('Ask') { when { branch 'main' }
    steps { input message: 'Go?', submitter: 'admins' } }
  stage('Scan') { steps { sh 'scan' } }
  stage('Deploy') { when { branch 'main' }
    steps { sh 'deploy' } }
} })");
  CHECK_FALSE(job(pipeline, "Test").gated);
  CHECK(job(pipeline, "Ask").gated);
  CHECK_FALSE(job(pipeline, "Scan").gated);
  CHECK(job(pipeline, "Deploy").gated);
}

TEST_CASE("Jenkins: parallel stages and a matrix") {
  const auto pipeline = read_jenkins(R"(pipeline { stages {
  stage('Checks') { parallel {
    stage('unit') { steps { sh 'a' } }
    stage('lint') { agent { label 'small' }
      steps { sh 'b' } }
  } }
  stage('All') { matrix {
    axes { axis { name 'OS'; values 'linux', 'mac' }
           axis { name 'DB'; values 'pg', 'my' } }
    excludes { exclude { axis { name 'OS'; values 'mac' }
                         axis { name 'DB'; values 'my' } } }
    stages { stage('it') { steps { sh 'c' } } }
  } }
} })");
  REQUIRE(pipeline.jobs.size() == 3);
  CHECK(job(pipeline, "lint").needs.empty());
  CHECK(job(pipeline, "lint").runner.labels == Texts{"small"});
  CHECK(job(pipeline, "it").needs == Texts{"unit", "lint"});
  CHECK(job(pipeline, "it").legs == Texts{"DB=pg,OS=linux", "DB=my,OS=linux", "DB=pg,OS=mac"});
}

TEST_CASE("Jenkins: the last of many stages waits for all of them") {
  std::string stages;
  for (int i = 0; i < 40; ++i) stages += "stage('s" + std::to_string(i) + "') { steps { sh 'a' } }\n";
  const auto pipeline = read_jenkins("pipeline { stages {\n" + stages + "} }");
  REQUIRE(pipeline.jobs.size() == 40);
  CHECK(pipeline.jobs.back().needs.size() == 39);
}

TEST_CASE("Jenkins: a scripted pipeline") {
  const auto pipeline = read_jenkins(R"(
def goals = 'verify'
def check(String what) {
  sh "make ${what}"
}
properties([pipelineTriggers([cron('@daily')])])
node('builder') {
  stage('Checkout') { checkout scm }
  stage('Test') {
    docker.image('maven:3').inside('-v /m2:/m2') {
      sh 'mvn ' + goals
    }
    check('lint')
  }
  parallel linux: { sh 'a' }, 'mac os': { node('mac') { sh 'b' } }
  def branches = [:]
  branches['x'] = { sh 'c' }
  parallel branches
}
)");
  CHECK_FALSE(pipeline.broken);
  CHECK(event(pipeline.events, "schedule"));
  const auto& test = job(pipeline, "Test");
  CHECK(test.runner.labels == Texts{"builder"});
  CHECK(test.services == Texts{"maven:3"});
  REQUIRE(test.steps.size() == 2);
  CHECK(test.steps[0].run == "mvn verify");
  CHECK(test.steps[1].run == "make ${what}");
  CHECK(test.steps[1].line == 4);
  CHECK(step(job(pipeline, "Checkout"), 0).uses == "checkout");
  CHECK(job(pipeline, "mac os").runner.labels == Texts{"mac"});
  CHECK(step(job(pipeline, "main"), 0).run == "c");
}

TEST_CASE("Jenkins: the language itself is no step") {
  const auto pipeline = read_jenkins(R"(
def limit = params.containsKey('limit') ? params.limit : 60
node {
  for (int i = 0; i < splits.size(); i++) {
    def split = splits.get(i).trim()
    writeFile file: 'part', text: split.list.join('-')
    utils.publish(split)
    docker.build('quern')
  }
})");
  Texts used;
  for (const auto& job : pipeline.jobs)
    for (const auto& one : job.steps) used.push_back(one.uses);
  CHECK(used == Texts{"writeFile", "utils.publish", "docker.build"});
}

TEST_CASE("Jenkins: shells and their options") {
  const auto steps = read_jenkins(R"(node {
  sh '''#!/bin/bash
make test
make lint'''
  sh "echo \$HOME $BRANCH"
  bat 'call\\run.bat'
  powershell 'Get-Item'
  sh '''make test \
    --all'''
  sh(/make a\/b/)
  sh 'echo $NPM_TOKEN'
})")
                         .jobs.at(0)
                         .steps;
  REQUIRE(steps.size() == 7);
  CHECK(steps[0].shell == "bash");
  CHECK_FALSE(steps[0].script.commands.at(0).context.fatal);
  CHECK(steps[1].run == "echo $HOME $BRANCH");
  CHECK(steps[2].script.commands.at(0).text() == "call/run.bat");
  CHECK(steps[3].script.commands.empty());
  CHECK(steps[4].script.commands.at(0).text() == "make test --all");
  CHECK(steps[5].run == "make a/b");
  CHECK(credential(steps[6].credentials, "NPM_TOKEN")->source == "jenkins-variable");
}

TEST_CASE("Jenkins: loaded files belong to the pipeline") {
  const auto pipeline = read_only({{"Jenkinsfile", "node { def m = load 'tools/m.groovy'\n m.go() }"},
                                   {"tools/m.groovy", "def go() { sh 'make test' }\nreturn this\n"}});
  REQUIRE(pipeline.files.size() >= 2);  // behind them what is looked for in vain, as a library of the tree may bring it
  CHECK(Texts(pipeline.files.begin(), pipeline.files.begin() + 2) == Texts{"Jenkinsfile", "tools/m.groovy"});
  CHECK(job(pipeline, "tools/m.groovy: go").path == "tools/m.groovy");
  CHECK(step(job(pipeline, "tools/m.groovy: go"), 0).run == "make test");
}

TEST_CASE("Jenkins: lexemes leave out comments and white space, nothing else") {
  const auto texts = [](const std::string& source) {
    std::string all;
    for (const auto& lexeme : jenkins::lexemes(source)) all += lexeme.text + " ";
    return all;
  };
  const auto base = texts("node {\n  sh 'a b' // x\n  echo \"c\"\n}\n");
  CHECK(base == texts("// top\nnode { sh 'a b'; echo 'c' } /* end */"));
  CHECK(base != texts("node {\n  sh 'a  b'\n  echo 'c'\n}\n"));
  CHECK(base != texts("node {\n  sh 'a b' echo 'c'\n}\n"));
  CHECK(texts("sh \"$x\"") != texts("sh \"\\$x\""));
  CHECK(texts("sh 'http://x' // y") == texts("sh 'http://x'"));
}

TEST_CASE("Jenkins: where it looks") {
  for (const auto* path : {"Jenkinsfile", "jenkinsfile.release", "ci/Jenkinsfile", ".ci/release/Jenkinsfile",
                           ".jenkins/a/b.groovy", "x.jenkinsfile", "jenkins/Jenkinsfile-nightly"}) {
    CAPTURE(path);
    CHECK(read_only({{path, "node { sh 'x' }"}}).system == System::jenkins);
  }
  for (const auto* path : {"docs/Jenkinsfile", "Jenkinsfiles", "src/a.groovy", "ci/a.groovy", "src/ci/Jenkinsfile"}) {
    CAPTURE(path);
    CHECK(read_only({{path, "node { sh 'x' }"}}).path.empty());
  }
}

TEST_CASE("Jenkins: hostile and partial files") {
  for (const auto* text :
       {"node { sh 'x", "node { sh 'x' ", "} node", "/* x", "node { sh '''x }", "a(]", "x = \"${a", "\"${"}) {
    CAPTURE(text);
    CHECK(read_jenkins(text).broken);
  }
  for (const auto* text : {"",
                           "\n\n",
                           "pipeline {}",
                           "pipeline { stages { stage { steps } } }",
                           "pipeline { agent }",
                           "stage('x') {}",
                           "node { sh() }",
                           "parallel(",
                           "if",
                           "try {} catch",
                           "def",
                           "x = ",
                           "a b c d e",
                           ", , : :",
                           "pipeline { stages { stage('a') { matrix { axes { axis { name } } } } } }",
                           "case 1: default:",
                           "@ @ @",
                           "x ? y : z ? : ",
                           "for (;;) {}",
                           "def a(b) { a(b); a(b) }\na(1)",
                           "import a.b.*\nreturn",
                           "pipeline { post { always } environment { A } }"}) {
    CAPTURE(text);
    CHECK(read_jenkins(text).path == "Jenkinsfile");
  }
  const auto repeated = [](const std::string& piece, int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += piece;
    return text;
  };
  CHECK(read_jenkins(repeated("a {", 20'000) + repeated("}", 20'000)).broken);
  CHECK(read_jenkins(repeated("(", 20'000) + repeated(")", 20'000)).broken);
  CHECK(read_jenkins("x" + repeated(".a()", 20'000)).broken);
  CHECK(read_jenkins(repeated("!", 20'000) + "x").broken);
  CHECK_FALSE(read_jenkins("x " + repeated("1, ", 20'000)).broken);
  CHECK(read_jenkins("pipeline { stages {" + repeated("stage('a') { steps { sh 'x' } }\n", 3000) + "} }").jobs.size() ==
        1000);
}

}  // namespace

TEST_CASE("Jenkins: the order of sections says nothing, that of stages does") {
  const auto texts = [](const char* text) {
    Texts result;
    for (const auto& lexeme : read_jenkins(text).lexemes) result.push_back(lexeme.text);
    return result;
  };
  const auto plain = texts(R"(pipeline {
  agent any
  options { timestamps() }
  stages { stage('A') { agent { label 'x' }
                        steps { sh 'a' } }
           stage('B') { steps { sh 'b' } } }
})");
  CHECK(plain == texts(R"(pipeline {
  stages { stage('A') { steps { sh 'a' }
                        agent { label 'x' } }
           stage('B') { steps { sh 'b' } } }
  options { timestamps() }
  agent any
})"));
  CHECK(plain != texts(R"(pipeline {
  agent any
  options { timestamps() }
  stages { stage('B') { steps { sh 'b' } }
           stage('A') { agent { label 'x' }
                        steps { sh 'a' } } }
})"));
  CHECK(plain != texts(R"(pipeline {
  agent any
  options { timestamps() }
  stages { stage('A') { agent { label 'x' }
                        steps { sh 'a'; sh 'c' } }
           stage('B') { steps { sh 'b' } } }
})"));
}

}  // namespace tollbar::pipeline
