// A vector that copies share until one of them is edited.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace tollbar::util {

/// Reads as a vector; copying costs a reference count, and an empty one holds nothing. Not for sharing between threads.
template <typename T>
class SharedList {
 public:
  using value_type = T;

  const std::vector<T>& items() const {
    static const std::vector<T> none;
    return items_ ? *items_ : none;
  }
  auto begin() const { return items().begin(); }
  auto end() const { return items().end(); }
  std::size_t size() const { return items().size(); }
  bool empty() const { return items().empty(); }
  const T& operator[](std::size_t i) const { return items()[i]; }
  const T& front() const { return items().front(); }
  const T& back() const { return items().back(); }

  /// The own copy, made now where others still hold the items.
  std::vector<T>& edit() {
    if (!items_)
      items_ = std::make_shared<std::vector<T>>();
    else if (items_.use_count() > 1)
      items_ = std::make_shared<std::vector<T>>(*items_);
    return *items_;
  }
  void push_back(T item) { edit().push_back(std::move(item)); }

 private:
  std::shared_ptr<std::vector<T>> items_;  ///< null for none
};

}  // namespace tollbar::util
