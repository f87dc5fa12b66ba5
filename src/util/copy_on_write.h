// A value that many hold and few change: copies share it until one of them is edited.
#pragma once

#include <memory>
#include <utility>

namespace tollbar::util {

/// Copying costs a reference count. Not for sharing between threads.
template <typename T>
class CopyOnWrite {
 public:
  CopyOnWrite() : value_(std::make_shared<T>()) {}
  CopyOnWrite(T value) : value_(std::make_shared<T>(std::move(value))) {}  // NOLINT: a value is one

  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  bool operator==(const CopyOnWrite& other) const { return shares(other) || *value_ == *other.value_; }
  /// Both hold the same copy.
  bool shares(const CopyOnWrite& other) const { return value_ == other.value_; }
  /// The own copy, made now where others still hold the value.
  T& edit() {
    if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
    return *value_;
  }

 private:
  std::shared_ptr<T> value_;
};

}  // namespace tollbar::util
