#include "document/program_calls.h"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

#include "document/inline_programs.h"

using tollbar::document::program_commands;

namespace {

/// Every command's text, one a line.
std::string commands_of(std::string_view program) {
  std::string text;
  for (const auto& command : program_commands(program).commands) text += (text.empty() ? "" : "\n") + command.text();
  return text;
}

struct Case {
  std::string_view program, commands;
};

}  // namespace

TEST_CASE("commands that programs start") {
  const Case cases[] = {
      {"subprocess.run([\"aws\", \"rds\", \"delete-db-instance\"], check=True)", "aws rds delete-db-instance"},
      {"subprocess.check_call(['eks', name, '--force'], cwd=here)", "eks ${value} --force"},
      {"os.system(\"kubectl delete ns shop && date\")", "kubectl delete ns shop\ndate"},
      {"subprocess.run(f\"terraform -chdir={env} destroy\", shell=True)", "terraform -chdir=${env} destroy"},
      {"from subprocess import run\nrun(\n    ['git', 'push', 'origin'],\n    check=True,\n)", "git push origin"},
      {"from runs import run\nrun(['git', 'push'])", ""},
      {"from subprocess import run\nsubprocess.Popen(shlex.split('helm uninstall shop'))", "helm uninstall shop"},
      {"os.system('echo ' + name)", "echo ${value}"},
      {"execSync(`kubectl delete namespace ${ns}`, { stdio: 'inherit' });", "kubectl delete namespace ${ns}"},
      {"spawnSync('flyctl', ['apps', 'destroy', 'kiln'], { stdio: 'inherit' });", "flyctl apps destroy kiln"},
      {"await $`dropdb orders`;", "dropdb orders"},
      {"task :down do\n  sh 'terraform destroy'\nend\n", "terraform destroy"},
      {"puts `redis-cli FLUSHALL`\n", "redis-cli FLUSHALL"},
      {"system('heroku', 'pg:reset')", "heroku pg:reset"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.program);
    CHECK(commands_of(c.program) == c.commands);
  }
}

TEST_CASE("a call ends with the block that it stands in") {
  CHECK(commands_of("on(roles(:db)) { execute \"cd #{path} && bin/rails db:drop\" }") ==
        "cd ${path}\nbin/rails db:drop");
}

TEST_CASE("requests that programs send") {
  const Case cases[] = {
      {"requests.post(\"https://a.net/x\", json={})", "curl -X POST https://a.net/x"},
      {"API = \"https://a.net\"\nrequests.put(API + \"/x\", json={})", "curl -X PUT https://a.net/x"},
      {"requests.request('DELETE', url)", "curl -X DELETE ${value}"},
      {"axios.post(process.env.SLACK_WEBHOOK_URL, { text: 'x' });", "curl -X POST ${SLACK_WEBHOOK_URL}"},
      {"await fetch('https://a.net/x', {\n  method: 'POST',\n});", "curl -X POST https://a.net/x"},
      {"rds = boto3.client(\"rds\")\nrds.delete_db_instance(DBInstanceIdentifier=\"orders\")",
       "aws rds delete-db-instance orders"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.program);
    CHECK(commands_of(c.program) == c.commands);
  }
}

TEST_CASE("words in programs that run nothing") {
  for (const std::string_view program : {
           "# os.system('dropdb orders')\n",
           "// execSync('dropdb orders')\n",
           "/* execSync('dropdb orders') */",
           "\"\"\"os.system('dropdb orders')\"\"\"\n",
           "print(\"os.system('dropdb orders')\")",
           "const m = re.exec('dropdb orders');",
           "const text = `dropdb orders`;",
           "requests.get('https://a.net/x')",
           "await fetch('https://a.net/x');",
           "ec2 = boto3.resource('ec2')",
       }) {
    CAPTURE(program);
    CHECK(commands_of(program).empty());
  }
}

TEST_CASE("client libraries of shared systems") {
  const Case cases[] = {
      {"from jira import JIRA\njira.create_issue(project='Q')",
       "curl -X POST https://jira.atlassian.net/rest/api/3/issue"},
      {"from jira import JIRA\njira.search_issues('project = Q')", ""},
      {"issue.create_issue(project='Q')", ""},
      {"from github import Github\nrepo.create_issue(title='x')", "gh api -X POST repos/"},
      {"const o = new Octokit();\no.rest.issues.addLabels({})", "gh api -X POST repos/"},
      {"const o = new Octokit();\no.rest.repos.get({})", ""},
      {"const octokit = x();\nocto.request('POST /repos/a/b/issues')", "gh api -X POST /repos/a/b/issues"},
      {"const octokit = x();\nocto.request('GET /repos/a/b/issues')", ""},
      {"const { IncomingWebhook } = require('@slack/webhook');\nhook.send({})",
       "curl -X POST https://hooks.slack.com/services/"},
      {"urllib.request.Request(url, data=body, method=\"POST\")", "curl -X POST ${value}"},
      {"urllib.request.urlopen(os.environ[\"HOOK\"], data=b\"{}\")", "curl -X POST ${HOOK}"},
      {"urllib.request.urlopen(\"https://a.net\")", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.program);
    CHECK(commands_of(c.program) == c.commands);
  }
}

TEST_CASE("statements that programs send to a server, and files of the user that they read") {
  const Case cases[] = {
      {"import psycopg\nc = psycopg.connect(os.environ[\"PROD_URL\"])\nc.execute(\"DELETE FROM a\")",
       "psql ${DATABASE_URL} -c 'DELETE FROM a'"},
      {"ActiveRecord::Base.connection.execute(\"DROP TABLE a\")", "psql --service 'of the program' -c 'DROP TABLE a'"},
      {"import psycopg\nc.execute(\"SELECT 1\")", ""},
      {"import sqlite3, sqlalchemy\nc.execute(\"DROP TABLE a\")", ""},
      {"open(os.path.expanduser(\"~/.netrc\")).read()", "cat '~/.netrc'"},
      {"(Path.home() / \".aws\" / \"credentials\").read_text()", "cat '~/.aws/credentials'"},
      {"fs.readFileSync(path.join(os.homedir(), '.ssh/id_rsa'), 'utf8')", "cat '~/.ssh/id_rsa'"},
      {"h = os.environ['HOME']\nprint(open(f'{h}/.kube/config').read())", "cat '~/.kube/config'"},
      {"const f = path.join(os.homedir(), '.npmrc');\nfs.readFileSync(f, 'utf8')", "cat '~/.npmrc'"},
      {"File.read(ENV['HOME'] + '/.netrc')", "cat '~/.netrc'"},
      {"echo file_get_contents(getenv(\"HOME\").\"/.aws/credentials\");", "cat '~/.aws/credentials'"},
      {"open(os.path.expanduser(\"~/.netrc\"), \"w\")", ""},
      {"os.path.exists(os.path.expanduser(\"~/.netrc\"))", ""},
      {"(Path.home() / \".npmrc\").write_text(\"a\")", ""},
      {"open(\"README.md\")", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.program);
    CHECK(commands_of(c.program) == c.commands);
  }
}

TEST_CASE("calls that lose all of a table or a database") {
  const Case cases[] = {
      {"task a: :environment do\n  Order.delete_all\nend", "psql --service 'of the program' -c 'DELETE FROM Order'"},
      {"task a: :environment do\n  Order.where(id: 1).delete_all\nend", ""},
      {"task a: :environment do\n  ActiveRecord::Base.connection.drop_table(:orders)\nend",
       "psql --service 'of the program' -c 'DROP TABLE every'"},
      {"import django\nOrder.objects.all().delete()", "psql --service 'of the program' -c 'DELETE FROM Order'"},
      {"import django\nOrder.objects.filter(a=1).delete()", ""},
      {"task a: :environment do\n  puts User.first.name.truncate(30)\nend", ""},
      {"DB = Sequel.connect(u)\nDB.drop_table(:orders)", "psql --service 'of the program' -c 'DROP TABLE every'"},
      {"<?php\nuse App\\Models\\Order;\nOrder::truncate();", "psql --service 'of the program' -c 'DELETE FROM Order'"},
      {"$db = new PDO(getenv(\"DATABASE_URL\"));\n$db->exec(\"DROP TABLE a\");",
       "psql ${DATABASE_URL} -c 'DROP TABLE a'"},
      {"new PrismaClient()\nprisma.order.deleteMany({})", "psql --service 'of the program' -c 'DELETE FROM order'"},
      {"new PrismaClient()\nprisma.order.deleteMany({ where: a })", ""},
      {"from alembic import command\ncommand.downgrade(Config(\"a.ini\"), \"base\")",
       "psql --service 'of the program' -c 'DROP DATABASE by base'"},
      {"import postgres from \"postgres\"\nawait sql`TRUNCATE a`", "psql --service 'of the program' -c 'TRUNCATE a'"},
      {"const m = new Map()\nm.delete('a')\nm.clear()", ""},
  };
  for (const Case& c : cases) {
    CAPTURE(c.program);
    CHECK(commands_of(c.program) == c.commands);
  }
}

TEST_CASE("programs in Go start commands by their words") {
  const auto script = tollbar::document::program_commands(
      "package main\nfunc a() {\n\texec.CommandContext(ctx, \"kubectl\", \"delete\", \"ns\", name)\n\tx := `not "
      "run`\n}\n");
  REQUIRE(script.commands.size() == 1);
  CHECK(script.commands[0].text().starts_with("kubectl delete ns"));
  CHECK(script.commands[0].line == 3);
}

TEST_CASE("what a module is asked for at once, and the toolkit of actions") {
  const auto script = tollbar::document::program_commands(
      "require('child_process').execSync('terraform destroy')\nawait exec.exec('kubectl', ['delete', 'ns', 'x'])\n"
      "const m = /a/.exec('rm -rf /')\n");
  REQUIRE(script.commands.size() == 2);
  CHECK(script.commands[0].text() == "terraform destroy");
  CHECK(script.commands[1].text() == "kubectl delete ns x");
}

TEST_CASE("what Amazon's libraries destroy, with the names they are given") {
  const auto only = [](std::string_view text) {
    const auto script = tollbar::document::program_commands(text);
    return script.commands.size() == 1 ? script.commands[0].text() : std::string();
  };
  CHECK(only("import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';\n"
             "await db.send(new DeleteTableCommand({ TableName: 'orders' }));\n") ==
        "aws dynamodb delete-table orders");
  CHECK(only("const rds = new AWS.RDS();\nrds.deleteDBInstance({ DBInstanceIdentifier: 'orders' });\n") ==
        "aws rds delete-db-instance orders");
  CHECK(only("import requests\nrequests.get(\"http://169.254.169.254/latest/meta-data/iam\")\n") ==
        "curl http://169.254.169.254/latest/meta-data/iam");
  CHECK(only("import { GetItemCommand } from '@aws-sdk/client-dynamodb';\nnew GetItemCommand({});\n").empty());
}

TEST_CASE("programs that are written into the call of their interpreter") {
  const auto inner = [](std::string_view script) {
    std::string text;
    for (const auto& command : tollbar::document::parse_shell(script).commands)
      for (const auto& one : tollbar::document::inline_commands(command))
        text += one.text() + " in line " + std::to_string(one.line) + "\n";
    return text;
  };
  CHECK(inner("true\npython3 -c 'import os; os.system(\"dropdb a\")'") == "dropdb a in line 2\n");
  CHECK(inner("node <<'JS'\nconst a = 1;\nexecSync('dropdb a');\nJS") == "dropdb a in line 3\n");
  CHECK(inner("python3 a.py <<'EOF'\nos.system('dropdb a')\nEOF").empty());
  CHECK(inner("bin/rails runner 'Order.delete_all'") ==
        "psql --service 'of the program' -c 'DELETE FROM Order' in line 1\n");
  CHECK(inner("ruby -e 'puts 1'").empty());
}
