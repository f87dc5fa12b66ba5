// One table; an exit with a value that is computed counts as a failure, as the value says whether it is one.
#include "document/failing_ends_grammar.h"

#include <map>

namespace tollbar::document {
namespace {

using text::Pattern;

/// A pattern of calls, behind which some word names a check.
Pattern starting(const std::string& calls) {
  return Pattern(
      "(?:" + calls +
      R"()(?=.*(?i:test|spec\b|lint|check|verif|valid|audit|scan|fmt|format|type|vet\b|clippy|mypy|tsc\b|ruff|flake8|tox\b|nox\b)))");
}

Pattern nothing() {
  return Pattern(R"((?!))");
}

FailingGrammar shell() {
  return {
      Pattern(
          R"((?:^|&&\s*|\|\|\s*|\{\s*)(?:exit\s++(?!0+(?:\s|$))["$\w?({-]|false(?:\s|$)|return\s++(?!0+(?:\s|$))["$\w?({-]))"),
      nothing(), nothing(), Pattern(R"(^(?:exit|return)(?:\s+0+)?$)"),
      Pattern(
          R"(^(?:(?:echo|printf|print|logger|warn\w*|info|log\w*|note|notice|message)(?:\s|$)(?!.*\|)|(?:true|:|continue|break|shift|exit|return)(?:\s+[01]?)?$|(?:local\s+|export\s+)?\w+=(?:0|false|no|""|'')?$|.*\|\|\s*(?:true|:|(?:exit|return)\s+0|echo\b[^|&;]*)$))")};
}

FailingGrammar python() {
  return {
      Pattern(
          R"((?:\b(?:sys\.exit|os\._exit|SystemExit|(?:typer\.|click\.)?Exit|ctx\.exit)|(?<![\w.])(?:exit|quit))\s*\(\s*+(?!0?\s*\)|None\s*\)|False\s*\)|code\s*=\s*0)|(?:^|:\s*)(?:raise\b(?!\s+(?:SystemExit|typer\.Exit)\b)|assert\b)|\bpytest\.(?:fail|exit)\s*\()"),
      starting(R"(\bcheck_(?:call|output)\s*\(|\.check_returncode\s*\(|\brun\s*\((?=.*\bcheck\s*=\s*True))"),
      Pattern(R"(^(?:.*:\s*)?(?:raise|assert)\b|\bcheck_(?:call|output|returncode)\s*\(|\bcheck\s*=\s*True)"),
      Pattern(
          R"(^(?:(?:sys\.|os\._)?(?:exit|quit)\s*\((?:0|None)?\)|return(?:\s+(?:0|None))?|raise\s+SystemExit(?:\(0?\))?)$)"),
      Pattern(
          R"(^(?:print\s*\(|pass$|(?:subprocess\.)?(?:run|call|Popen)\s*\((?!.*\bcheck\s*=\s*True)|os\.system\s*\(|return(?:\s+(?:0|None|True|False|\[\]|""|''))?$|(?:continue|break)$|(?:sys\.|os\._)?(?:exit|quit)\s*\((?:0|None)?\)$|sys\.std(?:err|out)\.write|log\w*\.\w+\(|warnings\.warn\(|raise\s+SystemExit(?:\(0?\))?$|\.\.\.$|["'].*["']$|import\s|from\s|\w+\s*=\s*(?:0|False|True|None|\[\]|""|'')$))")};
}

FailingGrammar ruby() {
  return {
      Pattern(
          R"((?<![.\w])(?:exit!?\s*\(?+\s*+(?!0\b|true\b|\)|$|(?:if|unless)\b)[\w("'$@!-]|abort\b|raise\b|fail\b(?=[\s(])))"),
      starting(R"(\bsystem!\s*\(|\bsystem\s*\(?(?=.*\bexception:\s*true))"), Pattern(R"((?<![.\w])(?:raise|fail)\b)"),
      Pattern(R"(^(?:exit!?(?:\s*\(?(?:0|true)?\)?)|return(?:\s+(?:0|true|nil))?)$)"),
      Pattern(
          R"(^(?:(?:puts|print|p|pp|warn|STDERR\.\w+|STDOUT\.\w+|\$std(?:err|out)\.\w+|logger\.\w+)\b|exit!?(?:\s*\(?(?:0|true)?\)?)$|return(?:\s+(?:0|true|false|nil))?$|(?:next|nil|true)$|@?\w+\s*=\s*(?:0|false|true|nil|\[\])$))")};
}

FailingGrammar javascript() {
  return {
      Pattern(
          R"(\b(?:process|Deno)\.exit\s*\(\s*+(?!0?\s*\))|\bprocess\.exitCode\s*=\s*+(?!0\s*$|=)|\bthrow\b|(?<![.\w])reject\s*\(|(?<![.\w])assert(?:\.\w+)?\s*\(|\bcore\.setFailed\s*\(|\bprocess\.abort\s*\(|\.(?:then|catch)\s*\(\s*process\.exit)"),
      starting(R"(\bexec(?:File)?Sync\s*\(|\bawait\s+(?:\w+\.)?(?:exec\w*|\$)\s*[(`])"),
      Pattern(R"(\bthrow\b|(?<![.\w])(?:reject\s*\(|assert)|\bexec(?:File)?Sync\s*\(|\bawait\b)"),
      Pattern(R"(^(?:return(?:\s+(?:0|true|null|undefined))?|(?:process|Deno)\.exit\s*\(\s*0?\s*\))$)"),
      Pattern(
          R"(^(?:console\.\w+\(|(?:\w+\.)?(?:spawn(?:Sync)?|exec)\s*\(|return(?:\s+(?:0|true|false|null|undefined))?$|(?:process|Deno)\.exit\s*\(\s*0?\s*\)$|process\.exitCode\s*=\s*0$|core\.(?:warning|notice|info|debug)\(|log\w*[.(]|warn\w*\(|(?:continue|break)$|(?:let\s+|const\s+|var\s+)?\w+\s*=\s*(?:0|false|true|null|\[\])$))")};
}

FailingGrammar php() {
  return {
      Pattern(R"((?<![\w>:$])(?:(?:exit|die)\s*\(\s*+(?!0?\s*\))|(?:exit|die)\s+[1-9$]|throw\b))"), nothing(),
      Pattern(R"(\bthrow\b)"), Pattern(R"(^(?:(?:exit|die)\s*(?:\(0?\))?|return(?:\s+(?:0|true|null))?)$)"),
      Pattern(
          R"(^(?:(?:echo|print)\b|(?:printf|fwrite|fprintf|error_log)\s*\(|return(?:\s+(?:0|true|false|null))?$|exit\s*(?:\(0?\))?$|\$\w+\s*=\s*(?:0|false|true|\[\])$))")};
}

FailingGrammar perl() {
  return {
      Pattern(R"((?<![\w>:$])(?:exit\s*\(?+\s*+(?!0\b|\)|$|if\b|unless\b)[\w($@!-]|(?:die|croak|confess)\b))"),
      nothing(), Pattern(R"(\b(?:die|croak|confess)\b)"), Pattern(R"(^(?:exit\s*\(?\s*0?\s*\)?|return(?:\s+[01])?)$)"),
      Pattern(
          R"(^(?:(?:print|printf|say|warn|carp)\b|return(?:\s+[01])?$|exit\s*\(?\s*0?\s*\)?$|(?:next|last)$|(?:my\s+)?\$\w+\s*=\s*0$))")};
}

FailingGrammar go() {
  return {
      Pattern(
          R"(\bos\.Exit\s*\(\s*+(?!0\s*\))|\blog\.(?:Fatal|Panic)\w*\s*\(|(?<![.\w])panic\s*\(|^return\b.*(?:\berr\b|Errorf\s*\(|errors\.\w+\s*\())"),
      nothing(), nothing(), Pattern(R"(^(?:os\.Exit\s*\(0\)|return(?:\s+nil)?)$)"),
      Pattern(
          R"(^(?:fmt\.F?[Pp]rint\w*\s*\(|log\.Print\w*\s*\(|slog\.\w+\s*\(|return(?:\s+(?:nil|true|false))?$|os\.Exit\s*\(0\)$|(?:continue|break)$|\w+\s*:?=\s*(?:0|false|true|nil)$))")};
}

FailingGrammar powershell() {
  return {
      Pattern(
          R"((?i)(?<![\w.-])(?:exit\s++(?!0\b)[\w$("-]|throw\b)|SetShouldExit\s*\(\s*+(?!0)|\[(?:System\.)?Environment\]::Exit\s*\(\s*+(?!0))"),
      nothing(), Pattern(R"((?i)\bthrow\b)"), Pattern(R"((?i)^(?:exit|return)(?:\s+0)?$)"),
      Pattern(
          R"((?i)^(?:Write-(?!Error)\w+|Out-\w+|exit(?:\s+0)?$|return(?:\s+(?:0|\$true|\$false|\$null))?$|(?:continue|break)$|["'].*["']$|\$\w+\s*=\s*(?:0|\$false|\$true|@\(\))$))")};
}

}  // namespace

const FailingGrammar& failing_grammar(Language language) {
  static const std::map<Language, FailingGrammar> table = [] {
    std::map<Language, FailingGrammar> made;
    made.emplace(Language::shell, shell());
    made.emplace(Language::python, python());
    made.emplace(Language::ruby, ruby());
    made.emplace(Language::javascript, javascript());
    made.emplace(Language::php, php());
    made.emplace(Language::perl, perl());
    made.emplace(Language::go, go());
    made.emplace(Language::powershell, powershell());
    return made;
  }();
  return table.at(language);
}

}  // namespace tollbar::document
