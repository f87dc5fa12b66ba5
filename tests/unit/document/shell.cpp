// Words and commands of shell scripts: what each program is called with, whatever the script's spelling.
#include <doctest/doctest.h>

#include <algorithm>

#include <string>
#include <vector>

#include "document/shell.h"

using namespace tollbar::document;

namespace {

/// The argv of every command, words joined by `|`, commands by a line end.
std::string words_of(std::string_view text) {
  std::string out;
  bool first = true;
  for (const Command& command : parse_shell(text).commands) {
    if (!first) out += '\n';
    first = false;
    for (std::size_t i = 0; i < command.argv.size(); ++i) out += (i > 0 ? "|" : "") + command.argv[i].text;
  }
  return out;
}

struct Case {
  const char* script;
  const char* words;
};

}  // namespace

TEST_CASE("quote removal") {
  const Case cases[] = {
      {"e\"\"nv", "env"},
      {"\"env\"", "env"},
      {"\\env", "env"},
      {"$'\\x65nv'", "env"},
      {"$'\\145nv' $'a\\tb'", "env|a\tb"},
      {"$\"env\" x", "env|x"},
      {"'a b' \"c d\"", "a b|c d"},
      {"echo \"a\\\"b\" 'a\\b' \"a\\b\"", "echo|a\"b|a\\b|a\\b"},
      {"ec\\\nho x\\\n y", "echo|x|y"},
      {"echo '' \"\"", "echo||"},
      {"echo a#b #c", "echo|a#b"},
      {"# comment\necho x # more\n#end", "echo|x"},
      {"echo \"it's\" don\\'t", "echo|it's|don't"},
      {"echo \xc3\xa4", "echo|\xc3\xa4"},
      {"a\r\nb\r\n", "a\nb"},
      {"git commit -m \"a; b && c | d\"", "git|commit|-m|a; b && c | d"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.script);
    CHECK(words_of(c.script) == c.words);
  }
}

TEST_CASE("expansions and templates stay one piece") {
  const Case cases[] = {
      {"echo ${{ github.event.head == 'a' || 'b }}' }} x", "echo|${{ github.event.head == 'a' || 'b }}' }}|x"},
      {"${{ inputs.cmd }} && b", "${{ inputs.cmd }}\nb"},
      {"helm --set tag={{ .Values.tag }} x", "helm|--set|tag={{ .Values.tag }}|x"},
      {"deploy $[[ inputs.env ]] y", "deploy|$[[ inputs.env ]]|y"},
      {"echo $((1 + 2)) $x ${y:-a b} $1 $?", "echo|$((1 + 2))|$x|${y:-a b}|$1|$?"},
      {"echo \"$x\"'$y'", "echo|$x$y"},
      {"echo ${x#\\}} z", "echo|${x#\\}}|z"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.script);
    CHECK(words_of(c.script) == c.words);
  }
  const Script script = parse_shell("run \"$a\" '$a' b ${{ c }}");
  REQUIRE(script.commands.size() == 1);
  CHECK(script.commands[0].argv[1].dynamic);
  CHECK_FALSE(script.commands[0].argv[2].dynamic);
  CHECK_FALSE(script.commands[0].argv[3].dynamic);
  CHECK(script.commands[0].argv[4].dynamic);
}

TEST_CASE("commands of every construct") {
  const Case cases[] = {
      {"a | b |& c && d || e; f & g", "a\nb\nc\nd\ne\nf\ng"},
      {"if a; then b; elif c; then d; else e; fi", "a\nb\nc\nd\ne"},
      {"for i in 1 2; do a $i; done; for ((i=0;i<3;i++)); do b; done", "a|$i\nb"},
      {"while a; do b; done; until c; do d; done", "a\nb\nc\nd"},
      {"case $x in a|b) c;; (d) e;& *) f; esac", "c\ne\nf"},
      {"{ a; b; }; (c; d)", "a\nb\nc\nd"},
      {"f() { a; }\nfunction g { b; }\nfunction h() (c)", "a\nb\nc"},
      {"[[ $a == b* && -f c ]] && d", "[[|$a|==|b*|&&|-f|c|]]\nd"},
      {"[[ $a =~ ^(x|y)$ ]] || d", "[[|$a|=~|^(x|y)$|]]\nd"},
      {"((x > 3)) && a", "((|x > 3|))\na"},
      {"time a; ! b", "a\nb"},
      {"echo $(a $(b)) `c \\`d\\`` \"$(e \"f g\")\"",
       "echo|$(a $(b))|`c \\`d\\``|$(e \"f g\")\na|$(b)\nb\nc|`d`\nd\ne|f g"},
      {"diff <(a) >(b)", "diff|<(a)|>(b)\na\nb"},
      {"x=1 y=$(a) b c", "b|c\na"},
      {"echo done; echo if then", "echo|done\necho|if|then"},
      {"select x in a b; do c; done", "c"},
      {"a <<EOF && b\n$(c)\nd\nEOF\ne", "a\nc\nb\ne"},
      {"list=(a \"b c\"); x", "\nx"},
      {"declare -a l=(a b); x", "declare|-a|l=(a b)\nx"},
      {"if a\nthen\n  b\nfi", "a\nb"},
      {"a &&\n  b ||\n  c", "a\nb\nc"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.script);
    CHECK(words_of(c.script) == c.words);
    CHECK(parse_shell(c.script).problems.empty());
  }
}

TEST_CASE("scripts inside scripts") {
  const Case cases[] = {
      {"bash -c 'a; b'", "bash|-c|a; b\na\nb"},
      {"sudo sh -ec \"a\"", "sudo|sh|-ec|a\na"},
      {"docker run --rm image sh -c 'a && b'", "docker|run|--rm|image|sh|-c|a && b\na\nb"},
      {"docker run --entrypoint /bin/bash --volumes-from v image -ec 'a; b'",
       "docker|run|--entrypoint|/bin/bash|--volumes-from|v|image|-ec|a; b\na\nb"},
      {"docker compose run --entrypoint=sh --rm web -c a", "docker|compose|run|--entrypoint=sh|--rm|web|-c|a\na"},
      {"docker run --entrypoint python image -c 'a; b'", "docker|run|--entrypoint|python|image|-c|a; b"},
      {"docker run --entrypoint bash -e C=c image ./a.sh", "docker|run|--entrypoint|bash|-e|C=c|image|./a.sh"},
      {"eval \"a b\" c", "eval|a b|c\na|b|c"},
      {"trap 'a' EXIT", "trap|a|EXIT\na"},
      {"bash <<'X'\na\nX", "bash\na"},
      {"cat <<X | sh\na\nX", "cat\nsh\na"},
      {"python -c 'a; b'", "python|-c|a; b"},
      {"circleci tests run --command=\"xargs a\" --verbose", "circleci|tests|run|--command=xargs a|--verbose\nxargs|a"},
      {"nix-shell --run 'a && b'", "nix-shell|--run|a && b\na\nb"},
      {"bash script.sh <<X\na\nX", "bash|script.sh"},
      {"concurrently -k -n x,y \"a 1\" npm:b ./c", "concurrently|-k|-n|x,y|a 1|npm:b|./c\na|1\nnpm|run|b\n./c"},
      {"npx concurrently 'pnpm:a:*' b", "npx|concurrently|pnpm:a:*|b\nrun-p|a:*\nb"},
      {"concurrently -s command-1 a b", "concurrently|-s|command-1|a|b\na\nset|-e\nb"},
      {"concurrently --success=first a b", "concurrently|--success=first|a|b\na\nb\ntrue"},
      {"parallel --halt now,fail=1 --jobs 4 {} ::: 'a 1' \"b && c\"",
       "parallel|--halt|now,fail=1|--jobs|4|{}|:::|a 1|b && c\na|1\nb\nc"},
      {"parallel a {} ::: b c", "parallel|a|{}|:::|b|c"},
      {"bash -c \"bash -c 'a'\"", "bash|-c|bash -c 'a'\nbash|-c|a\na"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.script);
    CHECK(words_of(c.script) == c.words);
  }
}

TEST_CASE("a command knows what it is given to read") {
  const auto input = [](std::string_view script) { return std::string(parse_shell(script).commands.back().input()); };
  CHECK(input("psql <<SQL\nDROP TABLE a;\nSQL\n") == "DROP TABLE a;\n");
  CHECK(input("psql <<< 'DROP TABLE a'") == "DROP TABLE a");
  CHECK(input("echo 'DROP TABLE a' | sudo psql") == "DROP TABLE a");
  CHECK(input("cat <<SQL | psql\nDROP TABLE a;\nSQL\n") == "DROP TABLE a;\n");
  CHECK(input("cat a.sql | psql").empty());
  CHECK(input("echo x; psql").empty());
}

TEST_CASE("constant variables are put in") {
  const Case cases[] = {
      {"cmd=env; $cmd", "\nenv"},
      {"cmd='pytest -q'; $cmd x", "\npytest|-q|x"},
      {"cmd='pytest -q'; \"$cmd\" x", "\npytest -q|x"},
      {"a=py; b=${a}test; $b", "\n\npytest"},
      {"export tool=ruff\n$tool check", "export|tool=ruff\nruff|check"},
      {"[ -n \"$CI\" ] && cmd=env; $cmd", "[|-n|$CI|]\n\n$cmd"},
      {"cmd=env; if a; then cmd=b; fi; $cmd", "\na\n\n$cmd"},
      {"cmd=$1; $cmd", "\n$cmd"},
      {"cmd=a; f() { $cmd; }; cmd=b; f", "\n$cmd\n\nf"},
      {"cmd=a; read cmd; $cmd", "\nread|cmd\n$cmd"},
      {"(cmd=a); $cmd", "\n$cmd"},
      {"cmd=a $cmd", "$cmd"},
      {"K=\"kubectl --context $1\"; $K get ns", "\nkubectl|--context|$1|get|ns"},
      {"K=\"kubectl --context $(pick)\"; $K get ns", "\npick\n$K|get|ns"},
      {"f() { local verb=delete; aws rds \"$verb\"; }", "local|verb=delete\naws|rds|delete"},
      {"verb=a; f() { verb=b; }; aws $verb", "\n\naws|$verb"},
      {"c=kube; c+='ctl delete'; $c ns", "\n\nkubectl|delete|ns"},
      {"c=kube; if a; then c+=ctl; fi; $c ns", "\na\n\n$c|ns"},
      {". ./lib.sh; c=kubectl; $c get", ".|./lib.sh\n\nkubectl|get"},
      {"c=kubectl; . ./lib.sh; $c get", "\n.|./lib.sh\n$c|get"},
      {"d=\"$HOME/.aws\"; cat \"$d/credentials\"", "\ncat|$HOME/.aws/credentials"},
      {"HOME=/x; d=$HOME/y; cat $d/z", "\n\ncat|/x/y/z"},
      {"d=$1/y; cat $d/z", "\ncat|$d/z"},
      {"cmd=(kubectl --context prod delete); cmd+=(ns 'a b'); \"${cmd[@]}\"",
       "\n\nkubectl|--context|prod|delete|ns|a b"},
      {"cmd=(ls); if a; then cmd+=(-l); fi; \"${cmd[@]}\"", "\na\n\n${cmd[@]}"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.script);
    CHECK(words_of(c.script) == c.words);
  }
}

TEST_CASE("redirections, here-documents and lines") {
  const Script script =
      parse_shell("a >out 2>&1 <<-EOF\n\tone $x\n\tEOF\nb <<<text &>log\n\n\nc \\\n d 3<in", {false, false, 10});
  REQUIRE(script.commands.size() == 3);
  const Command& a = script.commands[0];
  REQUIRE(a.redirections.size() == 3);
  CHECK(a.redirections[0].op == ">");
  CHECK(a.redirections[0].target.text == "out");
  CHECK(a.redirections[1].op == "2>&");
  CHECK(a.redirections[2].heredoc == "one $x\n");
  CHECK(script.commands[1].redirections[0].heredoc == "text");
  CHECK(script.commands[1].redirections[1].op == "&>");
  CHECK(a.line == 10);
  CHECK(script.commands[1].line == 13);
  CHECK(script.commands[2].line == 16);
  CHECK(script.commands[2].redirections[0].op == "3<");
}

TEST_CASE("surroundings of commands") {
  const Script script = parse_shell("a | b && c &\nf() { d; }\nx=$(e)\nf");
  REQUIRE(script.commands.size() == 7);
  CHECK(script.commands[0].context.stages == 2);
  CHECK(script.commands[1].context.stage == 1);
  CHECK(script.commands[0].context.pipeline == script.commands[1].context.pipeline);
  CHECK(script.commands[0].context.following == "&&");
  CHECK(script.commands[0].context.is_condition);
  CHECK(script.commands[2].context.conditional);
  CHECK(script.commands[2].context.background);
  CHECK(script.commands[3].context.function == "f");
  CHECK(script.commands[5].context.in_substitution);
  CHECK(script.commands[6].context.following.empty());
}

TEST_CASE("shebangs") {
  CHECK(parse_shell("#!/bin/bash\na").interpreter == "bash");
  CHECK(parse_shell("#!/usr/bin/env python3\nimport os").interpreter == "python3");
  CHECK(parse_shell("#!/usr/bin/env python3\nimport os").commands.empty());
  CHECK(parse_shell("a").interpreter.empty());
  CHECK(is_shell("/bin/dash"));
  CHECK_FALSE(is_shell("pwsh"));
}

TEST_CASE("broken and hostile text ends with a problem and keeps what was read") {
  for (const char* text :
       {"a; echo 'x", "a; echo \"x", "a; echo $(b", "a; if b; then", "a; fi", "a; )", "a; case x in", "a; b <<EOF\nx",
        "a; ${x", "a; `b", "a; while b", "a; [[ b", "a && ", "a | ", "a; f() ", "a; l=(b", "a;;", "a; done; b"}) {
    CAPTURE(text);
    const Script script = parse_shell(text);
    CHECK_FALSE(script.problems.empty());
    REQUIRE_FALSE(script.commands.empty());
    CHECK(script.commands[0].program() == "a");
  }
  for (const char* piece :
       {"(",  "$(", "{ ", "\"$(", "${x:-", "`", "if ", "case x in a) ", "[[ ", "$((", "<(", "<<E ", "f() ", "! ", "'",
        "\"", "\\", "((", ";;",   "&",     "|", "\n",  "trap '"}) {
    std::string many = "a\n";
    for (int i = 0; i < 5000; ++i) many += piece;
    CAPTURE(piece);
    CHECK_FALSE(parse_shell(many).commands.empty());
  }
  std::string bytes;
  for (int i = 0; i < 4096; ++i) bytes += static_cast<char>((i * 7919) % 256);
  parse_shell(bytes);
}

TEST_CASE("a command's text can be read back") {
  const Script script = parse_shell("a 'b c' \"it's\" $x");
  CHECK(script.commands[0].text() == "a 'b c' 'it'\\''s' $x");
  CHECK(parse_shell("x=1").commands[0].text().empty());
}

TEST_CASE("scripts that mean the same") {
  const auto same = [](const char* before, const char* after) { return tollbar::document::same_script(before, after); };
  CHECK(same("a\nb\n", "a\n# note\n\n  b"));
  CHECK(same("a --x \\\n  --y\n", "a --x --y\n"));
  CHECK(same("if x; then\n  y\nfi\n", "if x; then\ny # why\nfi\n"));
  CHECK_FALSE(same("a\nb\n", "b\na\n"));
  CHECK_FALSE(same("a && b\n", "a; b\n"));
  CHECK_FALSE(same("a\n", "a &\n"));
  CHECK_FALSE(same("a \"$x\"\n", "a $x\n"));
  CHECK_FALSE(same("cat <<E\n# x\nE\n", "cat <<E\nE\n"));
  CHECK_FALSE(same("echo '# x'\n", "echo\n"));
  CHECK_FALSE(same("#!/bin/sh\na\n", "#!/bin/bash\na\n"));
  CHECK_FALSE(same("a\n", "# ${{ github.event.issue.title }}\na\n"));
  CHECK_FALSE(same("a 'b\n", "a 'b\n# c\n"));
}

TEST_CASE("quotes put round what was one word change nothing") {
  const auto same = [](const char* before, const char* after) { return tollbar::document::same_script(before, after); };
  CHECK(same("make -C $DIR all\n", "make -C \"$DIR\" all\n"));
  CHECK(same("cp ${src}/a $1\n", "cp \"${src}/a\" \"$1\"\n"));
  CHECK(same("echo done >> $GITHUB_OUTPUT\n", "echo \"done\" >> \"$GITHUB_OUTPUT\"\n"));
  CHECK(same("A=$(pwd)\n", "A=\"$(pwd)\"\n"));
  CHECK(same("case $1 in a) b ;; esac\n", "case \"$1\" in a) b ;; esac\n"));
  CHECK(same("run $@\n", "run \"$@\"\n"));
  CHECK(same("echo 'a b'\n", "echo \"a b\"\n"));
  // Near misses: what splits on purpose, what the shell would have filled in, and quotes taken away.
  CHECK_FALSE(same("pytest $PYTEST_ARGS\n", "pytest \"$PYTEST_ARGS\"\n"));
  CHECK_FALSE(same("$CC a.c\n", "\"$CC\" a.c\n"));
  CHECK_FALSE(same("for x in $names; do a; done\n", "for x in \"$names\"; do a; done\n"));
  CHECK_FALSE(same("rm $(ls)\n", "rm \"$(ls)\"\n"));
  CHECK_FALSE(same("[ -n $X ] && a\n", "[ -n \"$X\" ] && a\n"));
  CHECK_FALSE(same("run $*\n", "run \"$*\"\n"));
  CHECK_FALSE(same("rm $DIR/*\n", "rm \"$DIR/*\"\n"));
  CHECK_FALSE(same("rm ~/x\n", "rm '~/x'\n"));
  CHECK_FALSE(same("cp $X y\n", "cp '$X' y\n"));
  CHECK_FALSE(same("cp \"$X\" y\n", "cp $X y\n"));
  CHECK_FALSE(same("cat <<E\n$x\nE\n", "cat <<'E'\n$x\nE\n"));
  CHECK_FALSE(same("a b\n", "a '' b\n"));
}

TEST_CASE("functions that only a computed or handed name may call") {
  const auto unreachable = [](const char* text) {
    const auto script = tollbar::document::parse_shell(text);
    return std::any_of(script.commands.begin(), script.commands.end(), [](const auto& command) {
      return command.program() == "pytest" && command.context.unreachable;
    });
  };
  CHECK(unreachable("t() { pytest; }\necho t\n"));
  CHECK(unreachable("exit 0\npytest\n"));
  CHECK_FALSE(unreachable("t() { pytest; }\nretry t\n"));
  CHECK_FALSE(unreachable("test_a() { pytest; }\nfor x in $LIST; do test_$x; done\n"));
  CHECK_FALSE(unreachable("[ -n \"$SKIP\" ] && exit 0\npytest\n"));
}
