// The only user of PCRE2: expressions compiled once, matched under limits, with scratch memory per thread.
#include "text/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include <array>
#include <mutex>

#include "text/required_literals.h"
#include "util/error.h"

namespace tollbar::text {
namespace {

constexpr std::uint32_t match_limit = 1'000'000;
constexpr std::uint32_t depth_limit = 100'000;
constexpr std::uint32_t heap_limit_kib = 32 * 1024;
constexpr std::size_t jit_stack_start = std::size_t{32} * 1024;
constexpr std::size_t jit_stack_limit = std::size_t{4} * 1024 * 1024;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* handle) const {
    Free(handle);
  }
};
using Code = std::unique_ptr<pcre2_code, Deleter<pcre2_code_free>>;
using MatchData = std::unique_ptr<pcre2_match_data, Deleter<pcre2_match_data_free>>;
using MatchContext = std::unique_ptr<pcre2_match_context, Deleter<pcre2_match_context_free>>;
using JitStack = std::unique_ptr<pcre2_jit_stack, Deleter<pcre2_jit_stack_free>>;

PCRE2_SPTR bytes(std::string_view text) {
  return reinterpret_cast<PCRE2_SPTR>(text.empty() ? "" : text.data());
}

std::string message_of(int error) {
  std::array<PCRE2_UCHAR, 256> buffer{};
  pcre2_get_error_message(error, buffer.data(), buffer.size());
  return reinterpret_cast<const char*>(buffer.data());
}

/// What a match needs to write to; one per thread, whatever the number of patterns.
class Scratch {
 public:
  Scratch()
      : context_(pcre2_match_context_create(nullptr)),
        stack_(pcre2_jit_stack_create(jit_stack_start, jit_stack_limit, nullptr)) {
    if (!context_) throw util::Error("match: out of memory");
    pcre2_set_match_limit(context_.get(), match_limit);
    pcre2_set_depth_limit(context_.get(), depth_limit);
    pcre2_set_heap_limit(context_.get(), heap_limit_kib);
    if (stack_) pcre2_jit_stack_assign(context_.get(), nullptr, stack_.get());
  }

  pcre2_match_context* context() { return context_.get(); }

  pcre2_match_data* data(std::uint32_t pairs) {
    if (pairs > pairs_) {
      data_.reset(pcre2_match_data_create(pairs, nullptr));
      pairs_ = data_ ? pairs : 0;
      if (!data_) throw util::Error("match: out of memory");
    }
    return data_.get();
  }

 private:
  MatchContext context_;
  JitStack stack_;
  MatchData data_;
  std::uint32_t pairs_ = 0;
};

bool is_limit(int error) {
  return error == PCRE2_ERROR_MATCHLIMIT || error == PCRE2_ERROR_DEPTHLIMIT || error == PCRE2_ERROR_HEAPLIMIT ||
         error == PCRE2_ERROR_JIT_STACKLIMIT;
}

}  // namespace

struct Pattern::Compiled {
  std::once_flag once;
  Code code;
  std::uint32_t pairs = 1;  ///< of offsets: the whole match and each group

  void compile(const std::string& expression);
  /// The number of set pairs and their offsets, or nullptr where nothing matches.
  const std::size_t* run(const std::string& expression, std::string_view subject, std::size_t from);
};

void Pattern::Compiled::compile(const std::string& expression) {
  int error = 0;
  PCRE2_SIZE offset = 0;
  code.reset(pcre2_compile(bytes(expression), expression.size(), PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &error, &offset,
                           nullptr));
  if (!code)
    throw util::UsageError("compile expression " + expression + ": " + message_of(error) + " at offset " +
                           std::to_string(offset));
  std::uint32_t groups = 0;
  pcre2_pattern_info(code.get(), PCRE2_INFO_CAPTURECOUNT, &groups);
  pairs = groups + 1;
  // Where the system forbids executable memory the interpreter takes over, under the same limits.
  pcre2_jit_compile(code.get(), PCRE2_JIT_COMPLETE);
}

const std::size_t* Pattern::Compiled::run(const std::string& expression, std::string_view subject, std::size_t from) {
  std::call_once(once, [&] { compile(expression); });
  if (from > subject.size()) return nullptr;
  thread_local Scratch scratch;
  pcre2_match_data* data = scratch.data(pairs);
  const int result = pcre2_match(code.get(), bytes(subject), subject.size(), from, 0, data, scratch.context());
  if (result == PCRE2_ERROR_NOMATCH) return nullptr;
  if (is_limit(result)) throw util::Error("match expression " + expression + ": match limit");
  if (result < 0) throw util::Error("match expression " + expression + ": " + message_of(result));
  return pcre2_get_ovector_pointer(data);
}

Pattern::Pattern(std::string expression)
    : expression_(std::move(expression)), compiled_(std::make_unique<Compiled>()) {}
Pattern::~Pattern() = default;
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;

void Pattern::check() const {
  std::call_once(compiled_->once, [this] { compiled_->compile(expression_); });
}

bool Pattern::matches(std::string_view subject) const {
  return compiled_->run(expression_, subject, 0) != nullptr;
}

std::optional<Match> Pattern::find(std::string_view subject, std::size_t from) const {
  const std::size_t* offsets = compiled_->run(expression_, subject, from);
  if (offsets == nullptr) return std::nullopt;
  Match match;
  // A \K inside a lookahead can put the begin behind the end.
  match.begin = offsets[0];
  match.end = offsets[1] < offsets[0] ? offsets[0] : offsets[1];
  match.groups.resize(compiled_->pairs);
  match.groups[0] = subject.substr(match.begin, match.end - match.begin);
  for (std::size_t group = 1; group < compiled_->pairs; ++group) {
    const std::size_t begin = offsets[2 * group];
    const std::size_t end = offsets[2 * group + 1];
    if (begin != PCRE2_UNSET && begin <= end) match.groups[group] = subject.substr(begin, end - begin);
  }
  return match;
}

std::vector<std::string> Pattern::required_literals() const {
  return text::required_literals(expression_);
}

}  // namespace tollbar::text
