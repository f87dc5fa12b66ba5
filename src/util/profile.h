// Where the time of a long piece of work goes, for those who ask.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace tollbar::util {

/// Processor time of one thread by named parts of its work. A part that runs inside another is counted for itself
/// alone. Nothing is measured before start(). Not thread-safe.
class Profile {
 public:
  using Times = std::map<std::string, std::chrono::nanoseconds, std::less<>>;

  /// Work is of this part until the object goes. The name must outlive it.
  class Part {
   public:
    Part(Profile& profile, std::string_view name);
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;
    ~Part();

   private:
    Profile& profile_;
    std::string_view outer_;
  };

  /// From now on time is measured; `rest` names what belongs to no part.
  void start(std::string_view rest);
  /// Until now.
  Times times();

 private:
  void enter(std::string_view name);

  bool started_ = false;
  std::string_view part_;
  std::chrono::nanoseconds since_{};
  Times times_;
};

/// Adds what another thread took.
void add(Profile::Times& sum, const Profile::Times& times);

}  // namespace tollbar::util
