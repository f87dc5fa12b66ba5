#include "reach/ruby_tasks.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace tollbar::reach;

namespace {

std::vector<std::string> texts(const RubyTask& task) {
  std::vector<std::string> result;
  for (const auto& command : task.commands) result.push_back((command.fatal ? "" : "-") + command.text);
  return result;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("tasks of Rake by their names, with what they need") {
  const auto tasks = read_ruby_tasks(R"(
require 'rake/clean'
desc 'All'
task default: [:lint, "db:test"]
task :lint do
  # a comment
  sh 'rubocop', '--parallel'
end
namespace :db do
  task :test, [:name] => :prepare do |t, args|
    sh "rspec #{args.name}"
  end
  task(:prepare) { sh 'true' }
end
)");
  CHECK(tasks.at("default").calls == Texts{"lint", "db:test"});
  CHECK(texts(tasks.at("lint")) == Texts{"'rubocop' '--parallel'"});
  CHECK(texts(tasks.at("db:test")) == Texts{"rspec ${RUBY}"});
  CHECK(tasks.at("db:test").calls == Texts{"prepare"});
  CHECK(tasks.at("db:test").understood);
  CHECK(texts(tasks.at("db:prepare")) == Texts{"true"});
}

TEST_CASE("arrays of bare words, and blocks on the line of a tool's task") {
  const auto tasks = read_ruby_tasks(R"(
RSpec::Core::RakeTask.new(:spec) { |t| t.fail_on_error = false; t.rspec_opts = '--tag fast' }
RuboCop::RakeTask.new { |t| t.verbose = false }
task default: %i[spec rubocop]
task :all => %w(default db:test)
task some: %i[spec] + OTHERS.map { |x| "%s" % x }
)");
  CHECK(texts(tasks.at("spec")) == Texts{"-rspec --tag fast"});
  CHECK(texts(tasks.at("rubocop")) == Texts{"rubocop"});
  CHECK(tasks.at("default").calls == Texts{"spec", "rubocop"});
  CHECK(tasks.at("default").understood);
  CHECK_FALSE(tasks.at("some").understood);
}

TEST_CASE("failures that end a task, and those that do not") {
  const auto one = [](const std::string& body) {
    return texts(read_ruby_tasks("task :x do\n" + body + "\nend\n").at("x"));
  };
  CHECK(one("  sh 'rspec'") == Texts{"rspec"});
  CHECK(one("  system 'rspec'") == Texts{"-rspec"});
  CHECK(one("  system('rspec') || abort('failed')") == Texts{"rspec"});
  CHECK(one("  system('rspec', exception: true)") == Texts{"rspec"});
  CHECK(one("  abort unless system 'rspec'") == Texts{"rspec"});
  CHECK(one("  puts `rspec`") == Texts{"-rspec"});
  CHECK(one("  sh('rspec') { |ok, _| warn 'failed' unless ok }") == Texts{"-rspec"});
  CHECK(one("  sh('rspec') { |ok, _| raise 'failed' unless ok }") == Texts{"rspec"});
  CHECK(one("  sh 'rspec' do |ok, res|\n    puts res unless ok\n  end") == Texts{"-rspec"});
  CHECK(one("  begin\n    sh 'rspec'\n  rescue => e\n    puts e\n  end") == Texts{"-rspec"});
  CHECK(one("  begin\n    sh 'rspec'\n  rescue => e\n    raise\n  end\n  sh 'rubocop'") == Texts{"rspec", "rubocop"});
}

TEST_CASE("what cannot be told is no task that is known") {
  CHECK_FALSE(read_ruby_tasks("task :x do\n  Release.run\nend\n").at("x").understood);
  CHECK_FALSE(
      read_ruby_tasks("task :x do\n  sh 'a' if ENV['A']\n  if ci?\n    sh 'b'\n  end\nend\n").at("x").understood);
  CHECK_FALSE(read_ruby_tasks("task x: FILES.map(&:to_s) * 2 do\nend\n").at("x").understood);
  CHECK(read_ruby_tasks("task :x do\n  exit 0\n  sh 'rspec'\nend\n").at("x").commands.at(0).reached == false);
}

TEST_CASE("tasks that tools bring") {
  const auto tasks = read_ruby_tasks(R"(
RSpec::Core::RakeTask.new(:spec) do |t|
  t.rspec_opts = '--format doc'
  t.fail_on_error = false
end
RuboCop::RakeTask.new
Rake::TestTask.new(:unit) do |t|
  t.libs << 'test'
end
task default: :spec
)");
  CHECK(texts(tasks.at("spec")) == Texts{"-rspec --format doc"});
  CHECK(texts(tasks.at("rubocop")) == Texts{"rubocop"});
  CHECK(texts(tasks.at("unit")) == Texts{"minitest"});
  CHECK(tasks.at("default").calls == Texts{"spec"});
}
