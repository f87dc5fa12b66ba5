// Finds credentials by the tokens of expressions, so that no spelling of `secrets` hides one.
#include "pipeline/credentials.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "pipeline/expression.h"
#include "pipeline/expression_tree.h"
#include "text/ascii.h"

namespace tollbar::pipeline {
namespace {

CredentialUse named_secret(std::string_view spelled) {
  CredentialUse use;
  use.name = text::ascii_upper(spelled);
  use.source = "github-secrets";
  const bool of_forge = use.name == "GITHUB_TOKEN" || use.name == "FORGEJO_TOKEN" || use.name == "GITEA_TOKEN";
  if (of_forge) {
    use.kind = CredentialUse::Kind::platform_token;
    use.source = "github-token";
  }
  return use;
}

bool is_symbol(const Token& token, std::string_view text) {
  return token.kind == Token::Kind::symbol && token.text == text;
}

/// What follows the word `secrets` at tokens[at].
CredentialUse secret_after(const std::vector<Token>& tokens, std::size_t at) {
  const auto token = [&](std::size_t offset) { return at + offset < tokens.size() ? tokens[at + offset] : Token{}; };
  if (is_symbol(token(1), ".") && token(2).kind == Token::Kind::name) return named_secret(token(2).text);
  const bool indexed = is_symbol(token(1), "[");
  if (indexed && token(2).kind == Token::Kind::string && is_symbol(token(3), "]")) return named_secret(token(2).text);
  CredentialUse use;
  use.source = "github-secrets";
  use.kind = indexed ? CredentialUse::Kind::computed : CredentialUse::Kind::all_secrets;
  return use;
}

bool is_github_token(const std::vector<Token>& tokens, std::size_t at) {
  if (at + 2 >= tokens.size()) return false;
  return (is_symbol(tokens[at + 1], ".") || is_symbol(tokens[at + 1], "[")) &&
         text::ascii_lower(tokens[at + 2].text) == "token";
}

void scan(std::string_view expression, std::vector<CredentialUse>& found) {
  const auto tokens = tokenize(expression);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != Token::Kind::name || (i > 0 && is_symbol(tokens[i - 1], "."))) continue;
    const auto word = text::ascii_lower(tokens[i].text);
    if (word == "secrets") found.push_back(secret_after(tokens, i));
    if (word == "github" && is_github_token(tokens, i)) found.push_back(named_secret("GITHUB_TOKEN"));
  }
}

void collect(const document::Node& node, std::string_view bound_to, std::vector<CredentialUse>& found) {
  if (node.is_scalar()) add_credentials(found, credentials_in(node.scalar, bound_to, node.line));
  for (const auto& item : node.items) collect(item, bound_to, found);
  for (const auto& member : node.members) collect(member.value, member.key.text(), found);
}

constexpr std::array<std::string_view, 12> kCredentialWords{"TOKEN",  "SECRET", "KEY",        "PASSWORD",
                                                            "PASSWD", "PASS",   "PAT",        "AUTH",
                                                            "CRED",   "CREDS",  "CREDENTIAL", "CREDENTIALS"};

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

}  // namespace

std::vector<CredentialUse> credentials_in(std::string_view scalar, std::string_view bound_to, std::uint32_t line,
                                          bool bare_expression) {
  std::vector<CredentialUse> found;
  bool templated = false;
  for (const auto& piece : split_template(scalar)) {
    if (!piece.expression) continue;
    templated = true;
    scan(piece.text, found);
  }
  if (!templated && bare_expression) scan(scalar, found);
  for (auto& use : found) {
    use.bound_to = bound_to;
    use.line = line;
  }
  return found;
}

std::vector<CredentialUse> credentials_in(const document::Node& node, std::string_view bound_to) {
  std::vector<CredentialUse> found;
  collect(node, bound_to, found);
  return found;
}

std::vector<CredentialUse> identities_in(std::string_view uses, const document::Node& with) {
  std::vector<std::string_view> inputs{"role-to-assume", "workload_identity_provider"};
  if (text::ascii_lower(uses) == "azure/login") inputs.emplace_back("client-id");
  // Through the provider the job acts as the account.
  if (with.get("workload_identity_provider") != nullptr) inputs.emplace_back("service_account");
  std::vector<CredentialUse> found;
  for (const auto input : inputs) {
    const auto* value = with.get(input);
    if (!value || value->text().empty()) continue;
    CredentialUse use;
    use.kind = CredentialUse::Kind::identity;
    use.name = normalise_template(value->text());
    use.source = "oidc";
    use.bound_to = input;
    use.line = value->line;
    found.push_back(std::move(use));
  }
  return found;
}

bool looks_like_credential(std::string_view variable) {
  const auto name = text::ascii_upper(variable);
  return std::any_of(kCredentialWords.begin(), kCredentialWords.end(), [&](std::string_view word) {
    if (name.size() < word.size() || std::string_view(name).substr(name.size() - word.size()) != word) return false;
    // `MONKEY`, `COMPASS` end so by chance: short words must stand alone behind an underscore.
    return name.size() == word.size() || word.size() > 4 || name[name.size() - word.size() - 1] == '_' ||
           name.ends_with("APIKEY");
  });
}

std::vector<std::string> variables_in(std::string_view text) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\\' || (text[i] == '$' && text[i + 1] == '$')) {
      ++i;
      continue;
    }
    if (text[i] != '$') continue;
    std::size_t begin = i + 1;
    if (text[begin] == '{') ++begin;
    if (begin < text.size() && text[begin] == '#') ++begin;
    std::size_t end = begin;
    while (end < text.size() && is_name_byte(text[end])) ++end;
    if (end > begin && std::isdigit(static_cast<unsigned char>(text[begin])) == 0)
      names.emplace_back(text.substr(begin, end - begin));
  }
  return names;
}

void add_credentials(std::vector<CredentialUse>& to, const std::vector<CredentialUse>& from) {
  for (const auto& use : from) {
    const bool known = std::any_of(to.begin(), to.end(), [&](const CredentialUse& other) {
      return other.kind == use.kind && other.name == use.name && other.bound_to == use.bound_to;
    });
    if (!known) to.push_back(use);
  }
}

}  // namespace tollbar::pipeline
