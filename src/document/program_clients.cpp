// A table: what names the library, which of its calls write, and the command that does the same.
#include "document/program_clients.h"

#include <array>

#include "text/pattern.h"

namespace tollbar::document {
namespace {

struct Client {
  text::Pattern library;  ///< in the text
  text::Pattern call;     ///< in its code
  std::vector<std::string> words;
};

const std::array<Client, 14>& clients() {
  static const std::array<Client, 14> table = {{
      {text::Pattern(R"(\bslack_sdk\.webhook\b|@slack/webhook|\bslackweb\b|\bpymsteams\b|\bdiscord_webhook\b)"),
       text::Pattern(R"(\.\s*(?:send|send_dict|notify|execute)\s*\()"),
       {"curl", "-X", "POST", "https://hooks.slack.com/services/"}},
      {text::Pattern(
           R"(\bfrom\s+jira\b|\bimport\s+jira\b|\batlassian\s+import\b|["']jira(?:\.js|-client|-connector)["']|\bJIRA::Client\b)"),
       text::Pattern(
           R"(\.\s*(?:create_issues?|issue_create\w*|createIssue\w*|add_comment|issue_add_comment|addComment|transition_issue|issue_transition|set_issue_status|doTransition|transitionIssue|assign_issue|assignIssue|update_issue\w*|issue_update|updateIssue|editIssue|edit_issue|delete_issue|deleteIssue|create_version|createVersion|add_worklog|add_attachment|create_page|update_page|update_or_create|remove_page)\s*\()"),
       {"curl", "-X", "POST", "https://jira.atlassian.net/rest/api/3/issue"}},
      {text::Pattern(R"(\bfrom\s+github\b|\bimport\s+github\b|\bgithub3\b|\bOctokit::Client\b)"),
       text::Pattern(
           R"(\.\s*(?:create_(?:issue|comment|issue_comment|pull\w*|review\w*|label|milestone|git_\w+|file|status|hook|fork|deployment\w*|repo\w*|key|secret|variable|check_run|dispatch|ref|release|gist|tree|commit|contents)|update_(?:file|contents|ref|issue|pull_request|release)|delete_(?:file|contents|ref|issue|repository|label|release)|add_to_(?:labels|assignees)|remove_from_labels|set_labels|add_comment|merge_pull_request|close_issue|add_labels_to_an_issue)\s*\()"),
       {"gh", "api", "-X", "POST", "repos/"}},
      {text::Pattern(R"(\boctokit\b|\bOctokit\b|@actions/github\b|\bprobot\b)"),
       text::Pattern(
           R"(\.\s*(?:issues|pulls|repos|git|actions|checks|reactions|teams|orgs|projects|packages|gists|activity|dependabot|codeScanning|users)\s*\.\s*(?:create|update|delete|remove|add|merge|lock|unlock|set|request|dismiss|submit|cancel|reRun|enable|disable|replace|rename|transfer|upload|approve)\w*\s*\()"),
       {"gh", "api", "-X", "POST", "repos/"}},
      {text::Pattern(R"(\bimport\s+gitlab\b|@gitbeaker/|\bGitlab\.client\b)"),
       text::Pattern(
           R"(\.\s*(?:(?:\w+)\s*\.\s*create|merge|save|create_(?:issue|merge_request|commit|tag|branch|\w+_note)|(?:Issues|MergeRequests|Commits|Tags|\w+Notes|Pipelines|ProjectVariables)\s*\.\s*(?:create|edit|remove|accept|merge))\s*\()"),
       {"glab", "api", "-X", "POST", "projects/"}},
      {text::Pattern(R"((?i)launchdarkly|unleash|flagsmith|configcat)"),
       text::Pattern(
           R"(\b(?:patch|post|delete|copy)_?(?:f|F)eature_?(?:f|F)lags?\s*\(|\.\s*(?:toggleFeature\w*|toggle_feature\w*|update_feature_state\w*)\s*\()"),
       {"ldcli", "flags", "update"}},
      {text::Pattern(R"(\bpdpyras\b|\bpagerduty\b|\bopsgenie_sdk\b|\bdatadog_api_client\b)"),
       text::Pattern(R"(\.\s*(?:trigger|rpost|rput|create_alert|create_incident|create_event|resolve)\s*\()"),
       {"curl", "-X", "POST", "https://events.pagerduty.com/v2/enqueue"}},
      // What destroys: the same libraries read and write as well.
      {text::Pattern(R"(\bfrom\s+kubernetes\b|\bimport\s+kubernetes\b|@kubernetes/client-node|\bkubeclient\b)"),
       text::Pattern(
           R"(\.\s*(?:delete_namespace|deleteNamespace|delete_(?:collection_)?namespaced_(?:persistent_volume_claim|stateful_set)|delete(?:Collection)?Namespaced(?:PersistentVolumeClaim|StatefulSet)|delete_persistent_volume|deletePersistentVolume)\s*\()"),
       {"kubectl", "delete", "namespaces"}},
      {text::Pattern(R"(\b(?:import|from)\s+redis\b|["'](?:ioredis|redis)["']|\bRedis\.new\b|\bgo-redis\b)"),
       text::Pattern(R"((?i)\.\s*flush(?:all|db)(?:async)?\b)"),
       {"redis-cli", "--host", "${HOST}", "FLUSHALL"}},
      {text::Pattern(R"(\bpymongo\b|["'](?:mongodb|mongoose)["']|\bMongo::Client\b)"),
       text::Pattern(R"(\.\s*(?:drop_database|dropDatabase)\s*\()"),
       {"mongosh", "--eval", "db.dropDatabase()"}},
      {text::Pattern(R"(\bgoogle\.cloud\s+import\s+storage\b|@google-cloud/storage)"),
       text::Pattern(R"(\b(?:bucket|get_bucket)(?:\s*\([^()\n]*\))?\s*\.\s*(?:delete|deleteFiles)\s*\()"),
       {"gsutil", "rb", "gs://bucket-of-the-program"}},
      {text::Pattern(R"(\bboto3\b)"),
       text::Pattern(
           R"(\.\s*(?:objects|object_versions)\s*\.\s*(?:all\s*\(\s*\)\s*\.\s*)?delete\s*\(|\b(?:[bB]ucket|[tT]able)(?:\s*\([^()\n]*\))?\s*\.\s*delete\s*\(\s*\))"),
       {"aws", "s3", "rb", "s3://bucket-of-the-program"}},
      {text::Pattern(R"(\bazure\.mgmt\b|@azure/arm-)"),
       text::Pattern(
           R"(\.\s*(?:resource_?[gG]roups|databases|servers|managed_?[iI]nstances|storage_?[aA]ccounts|managed_?[cC]lusters|database_?[aA]ccounts)\s*\.\s*(?:begin_?)?[dD]elete(?:AndWait)?\s*\()"),
       {"az", "group", "delete"}},
      {text::Pattern(R"(\bgoogleapiclient\b|["']googleapis["'])"),
       text::Pattern(R"(\.\s*(?:instances|databases|clusters|projects)(?:\s*\(\s*\))?\s*\.\s*delete\s*\()"),
       {"gcloud", "sql", "instances", "delete"}},
  }};
  return table;
}

}  // namespace

std::vector<ClientCall> client_calls(std::string_view text, std::string_view bare) {
  std::vector<ClientCall> found;
  for (const auto& client : clients()) {
    if (!client.library.matches(text)) continue;
    text::each_match(client.call, bare, [&](const text::Match& match) {
      found.push_back({match.begin, client.words});
    });
  }
  return found;
}

}  // namespace tollbar::document
