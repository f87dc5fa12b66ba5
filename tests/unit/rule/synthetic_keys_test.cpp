// Keys as the specialists find them: made-up keys of many issuers in files of many formats, and texts that only look
// like keys. Everything is generated; no key stands here.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "model/memory_tree.h"
#include "rule/engine.h"
#include "rule/placeholders.h"
#include "rule/policy_view.h"

using namespace tollbar;
using namespace tollbar::rule;

namespace {

const RuleSet& rules() {
  static const RuleSet set = load_builtin();
  return set;
}

/// A file with this text is added: some rule says that a key was written down.
bool is_reported(const std::string& path, const std::string& text) {
  static const Engine engine(rules());
  model::MemoryTree before, after(std::map<std::string, model::MemoryTree::File>{{path, {text}}});
  const auto deltas = model::diff(before, after);
  const PolicyView policy = read_policy_view({}, rules().default_policy);
  Caches caches;
  Change change(rules(), policy, caches, before, after, deltas, nullptr);
  const auto findings = engine.judge(change);
  return std::any_of(findings.begin(), findings.end(), [](const model::Finding& finding) {
    return finding.trigger == model::Trigger::static_key && finding.decision == model::Decision::block;
  });
}

std::string replaced(std::string text, std::string_view mark, std::string_view by) {
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark, at + by.size()))
    text.replace(at, mark.size(), by);
  return text;
}

/// Where a key is written: `@name` and `@key` are replaced.
struct Place {
  std::string_view path, text;
};

constexpr Place places[] = {
    {"config/settings.yml", "service:\n  @name: \"@key\"\n  retries: 3\n"},
    {"deploy/app.env", "PORT=8080\n@name=@key\n"},
    {"src/client.py", "import service\n\n@name = \"@key\"\n\ndef connect():\n    return service.open(@name)\n"},
    {"src/client.js", "const config = { @name: '@key', retries: 3 };\nmodule.exports = config;\n"},
    {"config/app.json", "{\n  \"@name\": \"@key\",\n  \"retries\": 3\n}\n"},
    {"scripts/run.sh", "#!/bin/sh\nexport @name='@key'\n./run\n"},
    {"infra/app.tf", "resource \"x_app\" \"a\" {\n  @name = \"@key\"\n}\n"},
    {"src/main/resources/application.properties", "server.port=80\n@name=@key\n"},
    {"src/open.py", "import os\n\nkey = os.environ.get(\"@name\", \"@key\")\n"},
    {"src/setup.js", "export const key = process.env.@name ?? '@key';\n"},
    {"src/Setup.java", "class Setup {\n  void run() { System.setProperty(\"@name\", \"@key\"); }\n}\n"},
    {"src/lib.rs", "const @name: &str = \"@key\";\n"},
    {"k8s/app.yaml", "spec:\n  env:\n    - name: @name\n      value: \"@key\"\n"},
    {"config/list.json", "[{\"name\": \"@name\", \"value\": \"@key\"}]\n"},
    {"conf/settings.xml", "<settings>\n  <@name>@key</@name>\n</settings>\n"},
    {"src/app.config", "<add key=\"@name\" value=\"@key\" />\n"},
    {"config/block.yml", "service:\n  @name: |\n    @key\n"},
    {"Dockerfile", "FROM debian:12\nENV @name @key\n"},
    {"CMakeLists.txt", "set(@name \"@key\")\n"},
    {"src/define.php", "<?php\ndefine('@name', '@key');\n"},
    {"cmd/app/main.go", "package main\n\nconst name = \"@key\" // @name\n"},
};

/// A kind of key: the name it usually has, its form. A telling prefix is split by `{{}}`.
struct Kind {
  std::string_view issuer, name, form;
  /// The form alone tells it; else the name must stand before it.
  bool telling = true;
};

constexpr Kind kinds[] = {
    {"AWS access key id", "AWS_ACCESS_KEY_ID", "AK{{}}IA{{upper32 16}}"},
    {"AWS temporary key id", "AWS_ACCESS_KEY_ID", "AS{{}}IA{{upper32 16}}"},
    {"AWS secret", "AWS_SECRET_ACCESS_KEY", "{{base62 40}}", false},
    {"GitHub personal token", "GITHUB_TOKEN", "gh{{}}p_{{crc62}}"},
    {"GitHub OAuth token", "GITHUB_TOKEN", "gh{{}}o_{{crc62}}"},
    {"GitHub user token", "GITHUB_TOKEN", "gh{{}}u_{{crc62}}"},
    {"GitHub server token", "GITHUB_TOKEN", "gh{{}}s_{{crc62}}"},
    {"GitHub refresh token", "GITHUB_TOKEN", "gh{{}}r_{{crc62}}"},
    {"GitHub fine-grained token", "GITHUB_TOKEN", "github{{}}_pat_{{base62 22}}_{{base62 59}}"},
    {"GitLab token", "GITLAB_TOKEN", "gl{{}}pat-{{base62 20}}"},
    {"GitLab routable token", "GITLAB_TOKEN", "gl{{}}pat-{{base62 27}}.01.{{hex 9}}"},
    {"GitLab runner token", "RUNNER_TOKEN", "gl{{}}rt-{{base62 20}}"},
    {"GitLab deploy token", "DEPLOY_TOKEN", "gl{{}}dt-{{base62 20}}"},
    {"Slack bot token", "SLACK_TOKEN", "xo{{}}xb-{{digits 12}}-{{digits 12}}-{{base62 24}}"},
    {"Slack user token", "SLACK_TOKEN", "xo{{}}xp-{{digits 12}}-{{digits 12}}-{{digits 12}}-{{hex 32}}"},
    {"Slack app token", "SLACK_APP_TOKEN", "xa{{}}pp-1-A{{upper32 10}}-{{digits 13}}-{{hex 64}}"},
    {"Slack webhook", "SLACK_WEBHOOK",
     "https://hooks.sl{{}}ack.com/services/T{{upper32 8}}/B{{upper32 8}}/{{base62 24}}"},
    {"Stripe secret key", "STRIPE_KEY", "sk{{}}_live_{{base62 24}}"},
    {"Stripe long key", "STRIPE_KEY", "sk{{}}_live_51{{base62 97}}"},
    {"Stripe restricted key", "STRIPE_KEY", "rk{{}}_live_{{base62 24}}"},
    {"Anthropic", "ANTHROPIC_API_KEY", "sk{{}}-ant-api03-{{base62 93}}AA"},
    {"OpenAI", "OPENAI_API_KEY", "sk{{}}-{{base62 20}}T3{{}}BlbkFJ{{base62 20}}"},
    {"OpenAI project", "OPENAI_API_KEY", "sk{{}}-proj-{{base62 74}}T3{{}}BlbkFJ{{base62 74}}"},
    {"npm", "NPM_TOKEN", "np{{}}m_{{crc62}}"},
    {"PyPI", "PYPI_TOKEN", "py{{}}pi-AgEIcHlwaS5vcmc{{base62 90}}"},
    {"RubyGems", "GEM_HOST_API_KEY", "ruby{{}}gems_{{hex 48}}"},
    {"Google API key", "GOOGLE_MAPS_SERVER_KEY", "AI{{}}za{{base62 35}}"},
    {"Google client secret", "CLIENT_SECRET", "GOC{{}}SPX-{{base62 28}}"},
    {"Azure storage", "STORAGE", "DefaultEndpointsProtocol=https;AccountName=quern;Account{{}}Key={{base64 86}}=="},
    {"Azure client secret", "AZURE_CLIENT_SECRET", "aB{{}}c8Q~{{base62 34}}"},
    {"Azure signed address", "BLOB_URL",
     "https://quern.blob.core.windows.net/c?sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2030-01-01T00:00:00Z&si{{}}g={{base62 "
     "43}}%3D"},
    {"Azure DevOps", "AZURE_DEVOPS_PAT", "{{base62 76}}AZ{{}}DO{{base62 4}}"},
    {"DigitalOcean", "DIGITALOCEAN_TOKEN", "do{{}}p_v1_{{hex 64}}"},
    {"Doppler", "DOPPLER_TOKEN", "dp{{}}.pt.{{base62 43}}"},
    {"Fastly", "FASTLY_API_TOKEN", "{{base62 32}}", false},
    {"Heroku", "HEROKU_API_KEY", "{{hex 8}}-{{hex 4}}-{{hex 4}}-{{hex 4}}-{{hex 12}}", false},
    {"Heroku, new form", "HEROKU_API_KEY", "HRKU{{}}-AA{{base62 58}}"},
    {"Mailgun", "MAILGUN_API_KEY", "ke{{}}y-{{hex 32}}"},
    {"SendGrid", "SENDGRID_API_KEY", "S{{}}G.{{base62 22}}.{{base62 43}}"},
    {"Twilio", "TWILIO_AUTH_TOKEN", "{{hex 32}}", false},
    {"Twilio API key", "TWILIO_API_KEY", "S{{}}K{{hex 32}}"},
    {"Telegram", "TELEGRAM_BOT_TOKEN", "{{digits 10}}:A{{}}A{{base62 33}}", false},
    {"Discord", "DISCORD_TOKEN", "MT{{base62 24}}.{{base62 6}}.{{base62 38}}", false},
    {"Discord webhook", "WEBHOOK", "https://discord.com/api/web{{}}hooks/{{digits 18}}/{{base62 68}}"},
    {"Shopify", "SHOPIFY_TOKEN", "shp{{}}at_{{hex 32}}"},
    {"Square", "SQUARE_TOKEN", "sq0{{}}atp-{{base62 22}}"},
    {"Square access token", "SQUARE_ACCESS_TOKEN", "EA{{}}AAl{{base62 59}}", false},
    {"Atlassian", "ATLASSIAN_TOKEN", "ATA{{}}TT3xFfGF0{{base62 171}}={{hex 8}}"},
    {"Databricks", "DATABRICKS_TOKEN", "da{{}}pi{{hex 32}}"},
    {"Hugging Face", "HF_TOKEN", "h{{}}f_{{letters 34}}"},
    {"Grafana", "GRAFANA_TOKEN", "gl{{}}sa_{{base62 32}}_{{hex 8}}"},
    {"New Relic", "NEW_RELIC_API_KEY", "NR{{}}AK-{{upper32 27}}"},
    {"Datadog", "DD_API_KEY", "{{hex 32}}", false},
    {"PagerDuty", "PAGERDUTY_TOKEN", "u+{{base62 18}}", false},
    {"Terraform Cloud", "TFE_TOKEN", "{{base62 14}}.atlas{{}}v1.{{base62 67}}"},
    {"Vault", "VAULT_TOKEN", "hv{{}}s.{{base62 95}}"},
    {"Pulumi", "PULUMI_ACCESS_TOKEN", "pu{{}}l-{{hex 40}}"},
    {"Postman", "POSTMAN_KEY", "PM{{}}AK-{{hex 24}}-{{hex 34}}"},
    {"Linear", "LINEAR_KEY", "lin{{}}_api_{{base62 40}}"},
    {"Notion", "NOTION_TOKEN", "nt{{}}n_{{base62 46}}"},
    {"Figma", "FIGMA_TOKEN", "fi{{}}gd_{{base62 40}}"},
    {"Sentry user token", "SENTRY_AUTH_TOKEN", "sn{{}}tryu_{{hex 64}}"},
    {"Sentry organisation token", "SENTRY_AUTH_TOKEN", "sn{{}}trys_eyJ{{base62 90}}_{{base62 43}}"},
    {"Cloudflare", "CLOUDFLARE_API_TOKEN", "{{base62 40}}", false},
    {"Supabase", "SUPABASE_ACCESS_TOKEN", "sb{{}}p_{{hex 40}}"},
    {"Docker Hub", "DOCKER_TOKEN", "dck{{}}r_pat_{{base62 27}}"},
    {"Dropbox", "DROPBOX_TOKEN", "s{{}}l.{{base62 138}}"},
    {"CircleCI", "CIRCLE_TOKEN", "CCI{{}}PAT_{{base62 22}}_{{hex 40}}"},
    {"age", "AGE_KEY", "AGE-SEC{{}}RET-KEY-1{{bech32 58}}"},
    {"signed token of a service", "SERVICE_JWT",
     "ey{{}}JhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.ey{{}}Jpc3MiOiJxdWVybiIsInJvbGUiOiJzZXJ2aWNlX3JvbGUiLCJpYXQiOjE3MDB9.{{"
     "base62 43}}"},
    {"Azure search", "AZURE_SEARCH_KEY", "{{base62 42}}Az{{}}SeA{{base62 5}}"},
    {"Postmark", "POSTMARK_SERVER_TOKEN", "{{hex 8}}-{{hex 4}}-4{{hex 3}}-a{{hex 3}}-{{hex 12}}", false},
    {"Zendesk", "ZENDESK_API_TOKEN", "{{hex 40}}", false},
    {"Okta", "OKTA_API_TOKEN", "00{{base62 40}}", false},
    {"HubSpot", "HUBSPOT_TOKEN", "pat{{}}-na1-{{hex 8}}-{{hex 4}}-{{hex 4}}-{{hex 4}}-{{hex 12}}"},
    {"hexadecimal secret", "APP_SECRET", "{{hex 32}}", false},
    {"key of a framework", "APP_KEY", "base64:{{base64 43}}=", false},
    {"connection string", "MAIN_DATABASE",
     "Server=tcp:sql1.quern.net,1433;User ID=app;Password={{base62 18}};Encrypt=True"},
    {"password in an address", "DATABASE_URL", "postgres://app:{{base62 20}}@db1.quern.net:5432/app"},
    {"password of a broker", "BROKER_URL", "amqps://app:{{base62 20}}@mq.quern.net/v"},
    {"password", "DB_PASSWORD", "{{base62 24}}", false},
    {"secret of a framework", "SECRET_KEY_BASE", "{{hex 128}}", false},
    {"token without a known form", "INTERNAL_API_TOKEN", "{{base62 40}}", false},
};

struct File {
  std::string_view issuer, path, text;
};

/// Keys that fill files of their own.
constexpr File files[] = {
    {"PEM, RSA", "deploy/server.key", "{{pem RSA PRIVATE KEY}}\n"},
    {"PEM, EC", "deploy/server.pem", "{{pem EC PRIVATE KEY}}\n"},
    {"PKCS 8", "config/signing.pem", "{{pem PRIVATE KEY}}\n"},
    {"PKCS 8, encrypted", "config/signing.pem", "{{pem ENCRYPTED PRIVATE KEY}}\n"},
    {"OpenSSH", "deploy/id", "{{pem OPENSSH PRIVATE KEY}}\n"},
    {"PGP", "release/signing.asc", "{{pem PGP PRIVATE KEY BLOCK}}\n"},
    {"PEM in YAML", "k8s/tls.yml", "tls:\n  key: |\n    {{pem RSA PRIVATE KEY}}\n"},
    {"PEM in a program", "src/key.py", "KEY = \"\"\"{{pem RSA PRIVATE KEY}}\n\"\"\"\n"},
    {"Google service account", "deploy/account.json",
     "{\"type\": \"service_account\", \"project_id\": \"quern\", \"private_key\": \"-----BE{{}}GIN PRIVATE "
     "KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC{{base64 400}}\\n-----END PRIVATE KEY-----\\n\"}\n"},
    {"kubeconfig", "deploy/kubeconfig",
     "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    client-key-data: "
     "LS0tLS1CRUd{{}}JTiBSU0EgUFJJVkFURSBLRVktLS0tLQo{{base64 400}}\n"},
    {"token of a kubeconfig", "deploy/kubeconfig",
     "apiVersion: v1\nkind: Config\nusers:\n- name: admin\n  user:\n    token: {{base62 48}}\n"},
    {"Kubernetes secret", "k8s/secret.yaml",
     "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\nstringData:\n  password: {{base62 20}}\n"},
    {"Kubernetes secret, encoded", "k8s/secret.yaml",
     "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\ndata:\n  db: {{base64 40}}\n"},
    {"login of npm", ".npmrc",
     "//registry.npmjs.org/:_authTo{{}}ken={{hex 8}}-{{hex 4}}-4{{hex 3}}-8{{hex 3}}-{{hex 12}}\n"},
    {"netrc", "home/.netrc", "machine api.quern.net login deploy password {{base62 24}}\n"},
    {"header on the command line", "scripts/call.sh",
     "curl -H \"Author{{}}ization: Bearer {{base62 40}}\" https://api.quern.net/v1\n"},
    {"password on the command line", "scripts/dump.sh",
     "mysqldump --pass{{}}word={{base62 24}} -h db1.quern.net app\n"},
    {"login of docker", ".docker/config.json",
     "{\"auths\": {\"r.quern.net\": {\"auth\": \"ZGVwbG95{{}}OnE3WnI5WGJUMm1MdzRLZFY=\"}}}\n"},
    {"netrc on several lines", ".netrc", "machine api.quern.net\n  login deploy\n  password {{base62 24}}\n"},
    {"put together from pieces", "src/key.js", "const key = \"gh{{}}p_\" +\n  \"{{crc62}}\";\n"},
    {"plain password of an environment file", ".env", "PORT=80\nDB_PASSWORD=Fenster{{digits 3}}\n"},
    {"environment of a container", "Dockerfile", "FROM debian:12\nENV API_TO{{}}KEN={{base62 40}}\n"},
};

/// Texts that are no keys; every one is made with many seeds.
constexpr File near_misses[] = {
    {"commit id", "config/pins.yml", "revision: {{hex 40}}\n"},
    {"commit id named like a secret", "config/pins.yml", "secret_revision: {{hex 40}}\n"},
    {"digest of an image", "deploy/app.yml", "image: app@sha256:{{hex 64}}\n"},
    {"lock file", "package-lock.json",
     "{\"integrity\": \"sha512-{{base64 86}}==\", \"resolved\": \"https://r/a.tgz\"}\n"},
    {"yarn lock", "yarn.lock", "a@^1:\n  version \"1\"\n  integrity sha512-{{base64 86}}==\n"},
    {"integrity elsewhere", "web/index.html", "<script src=\"a.js\" integrity=\"sha384-{{base64 64}}\"></script>\n"},
    {"go.sum", "go.sum", "example.net/a v1.0.0 h1:{{base64 43}}=\n"},
    {"Cargo.lock", "Cargo.lock", "[[package]]\nname = \"token\"\nchecksum = \"{{hex 64}}\"\n"},
    {"hashes of requirements", "requirements.txt", "a==1 --hash=sha256:{{hex 64}}\n"},
    {"UUID", "config/app.yml", "tenant_id: {{hex 8}}-{{hex 4}}-4{{hex 3}}-a{{hex 3}}-{{hex 12}}\n"},
    {"UUID named token", "src/app.py",
     "correlation_token = \"{{hex 8}}-{{hex 4}}-4{{hex 3}}-a{{hex 3}}-{{hex 12}}\"\n"},
    {"variable", "deploy/app.env", "API_TOKEN=${API_TOKEN_{{upper32 5}}}\n"},
    {"template", "deploy/app.yml", "password: \"{{ .Values.p{{hex 6}} }}\"\n"},
    {"secret of a workflow", ".github/workflows/ci.yml",
     "on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{run: make, env: {T: \"${{ github.token }}{{hex "
     "3}}\"}}]}}\n"},
    {"read from the environment", "src/app.js", "const token = process.env.API_TOKEN_{{upper32 6}};\n"},
    {"read from a vault", "config/app.yml", "password: vault:secret/data/db#{{hex 10}}\n"},
    {"reference to a secret", "k8s/app.yml",
     "env: [{name: T, valueFrom: {secretKeyRef: {name: s{{hex 5}}, key: token}}}]\n"},
    {"placeholder", "config/app.yml", "api_key: YOUR-API-KEY-HERE-{{digits 8}}\n"},
    {"placeholder in brackets", "config/app.yml", "api_key: \"<insert-api-key-{{hex 8}}>\"\n"},
    {"example of the documentation", "config/aws.ini", "aws_access_key_id = AKIA{{upper32 9}}EXAMPLE\n"},
    {"documentation", "docs/use.md", "Set `API_TOKEN` to something like `{{base62 12}}`.\n"},
    {"template of an environment", ".env.example", "API_TOKEN={{base62 32}}\nDB_PASSWORD={{base62 20}}\n"},
    {"test", "src/client_test.go", "package a\n\nconst token = \"{{base62 40}}\"\n"},
    {"fixture", "tests/fixtures/keys.json", "{\"api_key\": \"{{base62 40}}\", \"id\": \"AKIA{{upper32 16}}\"}\n"},
    {"fixture of a key", "tests/data/server.key", "{{pem RSA PRIVATE KEY}}\n"},
    {"recorded answer", "spec/cassettes/a.yml", "token: {{base62 40}}\n"},
    {"public key", "deploy/server.pub",
     "-----BEGIN PUBLIC KEY-----\n{{base64 64}}\n{{base64 64}}\n-----END PUBLIC KEY-----\n"},
    {"certificate", "deploy/server.crt",
     "-----BEGIN CERTIFICATE-----\n{{base64 64}}\n{{base64 64}}\n-----END CERTIFICATE-----\n"},
    {"public SSH key", "deploy/authorized_keys", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{{base64 43}} ada@quern.net\n"},
    {"known host", "deploy/known_hosts",
     "|1|{{base64 27}}=|{{base64 27}}= ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAB{{base64 300}}\n"},
    {"public PGP key", "KEYS.asc",
     "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{{base64 64}}\n-----END PGP PUBLIC KEY BLOCK-----\n"},
    {"encrypted for Travis", ".travis.yml", "env:\n  global:\n    - secure: \"{{base64 340}}=\"\n"},
    {"encrypted by Ansible", "group_vars/all.yml",
     "db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  {{digits 80}}\n  {{digits 80}}\n"},
    {"encrypted by sops", "config/prod.enc.yaml",
     "db_password: ENC[AES256_GCM,data:{{base64 28}},iv:{{base64 43}}=,tag:{{base64 22}}==,type:str]\nsops:\n  "
     "version: 3.8.1\n"},
    {"sealed secret", "k8s/sealed.yaml",
     "apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nspec:\n  encryptedData:\n    password: AgB{{base64 "
     "300}}\n"},
    {"encrypted for AppVeyor", "appveyor.yml", "environment:\n  api_token:\n    secure: {{base64 44}}\n"},
    {"image in base 64", "src/style.ts", "export const icon = \"data:image/png;base64,iVBORw0KGgo{{base64 300}}\";\n"},
    {"font in a style sheet", "src/app.css",
     "@font-face{src:url(data:font/woff2;base64,d09GMgABAAAAA{{base64 300}})}\n"},
    {"minified program", "static/app.min.js",
     "!function(e,t){var n=\"{{base62 40}}\",r=\"sk_{{base62 12}}\";e.token=n}(window);\n"},
    {"source map", "static/app.js.map", "{\"version\":3,\"mappings\":\"AAAA,{{base62 120}};AAC{{base62 80}}\"}\n"},
    {"asset name", "public/index.html", "<link href=\"/assets/app-{{hex 20}}.css\" rel=\"stylesheet\">\n"},
    {"class name", "src/app.css", ".sk-proj-navigation-{{letters 20}}{color:red}\n"},
    {"name of a cursor", "src/page.go", "package a\n\nvar nextPageToken = \"{{base62 32}}\"\n"},
    {"hash of a password", "config/users.yml", "password_hash: $2b$12${{base62 53}}\n"},
    {"checksum", "scripts/get.sh", "TOKENIZER_CHECKSUM={{hex 64}}\n"},
    {"cache key", ".github/workflows/ci.yml",
     "on: push\njobs: {a: {runs-on: ubuntu-24.04, steps: [{uses: actions/cache@v4, with: {key: \"deps-{{hex 40}}\", "
     "path: x}}]}}\n"},
    {"test key of Stripe", "src/pay.js", "const key = 'pk_test_{{base62 24}}';\n"},
    {"publishable key", "src/pay.js", "const publishableKey = 'pk_live_{{base62 24}}';\n"},
    {"token of GitHub that fails its checksum", "src/a.py", "t = \"gh{{}}p_{{base62 36}}\"\n"},
    {"translated word", "locales/de.json", "{\"password\": \"Passwort{{hex 12}}\", \"token\": \"Zeichen\"}\n"},
    {"address without a password", "config/app.yml",
     "database_url: postgres://app@db{{digits 2}}.quern.net:5432/app\n"},
    {"password of the development", "docker-compose.yml",
     "services: {db: {environment: {POSTGRES_PASSWORD: postgres{{digits 2}}}}}\n"},
    {"variable in an address", "config/app.yml", "url: postgres://app:${DB_PASSWORD_{{upper32 4}}}@db.quern.net/app\n"},
    {"number", "src/a.c", "static const uint64_t token = 0x{{hex 16}};\n"},
    {"trace", "src/a.rs", "const SPAN: &str = \"00-{{hex 32}}-{{hex 16}}-01\";\n"},
    {"site verification", "public/index.html", "<meta name=\"google-site-verification\" content=\"{{base62 43}}\">\n"},
    {"name of a resource", "infra/a.tf",
     "resource \"x\" \"y\" {\n  secret_name = \"projects/quern/secrets/db-{{hex 6}}\"\n}\n"},
    {"public key of a map", "web/map.ts", "mapboxgl.accessToken = 'pk{{}}.eyJ1{{base62 60}}.{{base62 22}}';\n"},
    {"body taken out", "config/tls.yml",
     "key: |\n  -----BE{{}}GIN PRIVATE KEY-----\n  ...\n  -----END PRIVATE KEY-----\nserial: {{digits 4}}\n"},
    {"path of a secret", "k8s/env.yml",
     "env:\n  - name: API_TOKEN_FILE\n    value: /run/secrets/tokens/api-{{hex 6}}\n"},
    {"address of a token", "src/chain.ts", "export const tokenAddress = \"0x{{hex 40}}\";\n"},
    {"call", "src/a.yml", "token: paginate(page{{hex 6}})\n"},
    {"strong name of the assembly", "src/App.config",
     "<assemblyIdentity name=\"A\" publicKeyToken=\"{{hex 16}}\" culture=\"neutral\" />\n"},
    {"test of a hash", "src/sum.py", "SHA = \"{{hex 64}}\"\nMD5 = \"{{hex 32}}\"\n"},
    {"notebook", "analysis.ipynb",
     "{\"cells\": [{\"outputs\": [{\"data\": {\"image/png\": \"iVBOR{{base64 200}}\"}}]}]}\n"},
    {"identifier", "src/ids.ts", "export const trackingId = 'G-{{upper32 10}}'; export const sha = '{{hex 40}}';\n"},
};

}  // namespace

TEST_CASE("keys of every issuer are found in files of every format") {
  std::size_t tried = 0;
  for (const auto& kind : kinds)
    for (const auto& place : places) {
      const bool behind_its_name = place.path != std::string_view("cmd/app/main.go");
      if (!kind.telling && !behind_its_name) continue;
      const auto seed = fmt::format("{} in {}", kind.issuer, place.path);
      const auto key = expand_placeholders(kind.form, seed);
      const auto text = replaced(replaced(std::string(place.text), "@name", kind.name), "@key", key);
      CHECK_MESSAGE(is_reported(std::string(place.path), text), seed << ": " << text);
      ++tried;
    }
  for (const auto& file : files)
    for (int number = 0; number < 3; ++number) {
      const auto seed = fmt::format("{} {}", file.issuer, number);
      CHECK_MESSAGE(is_reported(std::string(file.path), expand_placeholders(file.text, seed)), seed);
      ++tried;
    }
  CHECK(std::size(kinds) + std::size(files) >= 44);
  CHECK(tried >= 600);
}

TEST_CASE("what only looks like a key is none") {
  constexpr int seeds = 16;
  for (const auto& file : near_misses)
    for (int number = 0; number < seeds; ++number) {
      const auto seed = fmt::format("{} {}", file.issuer, number);
      const auto text = expand_placeholders(file.text, seed);
      CHECK_MESSAGE(!is_reported(std::string(file.path), text), seed << ": " << text);
    }
  CHECK(std::size(near_misses) * seeds >= 784);
}
