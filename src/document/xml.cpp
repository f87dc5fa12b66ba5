// One pass over the tags: no namespaces, no schemas, and nothing that is fetched.
#include "document/xml.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>

#include "text/words.h"

namespace tollbar::document {
namespace {

constexpr std::size_t kDeepest = 200;

std::string unescaped(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kNames{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const auto* const known = std::find_if(kNames.begin(), kNames.end(),
                                           [&](const auto& name) { return text.substr(at).starts_with(name.first); });
    result += known == kNames.end() ? text[at] : known->second;
    at += known == kNames.end() ? 1 : known->first.size();
  }
  return result;
}

bool is_name_byte(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.' || c == ':';
}

class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : text_(text) {}

  std::optional<XmlElement> read() {
    open_.emplace_back();
    while (at_ < text_.size()) {
      if (text_[at_] == '<' ? !read_markup() : !read_text()) return std::nullopt;
    }
    if (open_.size() != 1 || open_.front().children.size() != 1) return std::nullopt;
    return std::move(open_.front().children.front());
  }

 private:
  bool read_text() {
    const auto end = std::min(text_.find('<', at_), text_.size());
    const auto said = text::trimmed(text_.substr(at_, end - at_));
    if (!said.empty()) {
      if (!open_.back().text.empty()) open_.back().text += ' ';
      open_.back().text += unescaped(said);
    }
    move_to(end);
    return true;
  }

  bool read_markup() {
    const auto rest = text_.substr(at_);
    if (rest.starts_with("<!--")) return skip_past("-->", 4);
    if (rest.starts_with("<?")) return skip_past("?>", 2);
    if (rest.starts_with("<![CDATA[")) {
      const auto end = text_.find("]]>", at_);
      if (end == std::string_view::npos) return false;
      open_.back().text += text_.substr(at_ + 9, end - at_ - 9);
      move_to(end + 3);
      return true;
    }
    if (rest.starts_with("<!")) {
      const auto head = text_.substr(at_, text_.find('>', at_) - at_);
      return head.find('[') == std::string_view::npos && skip_past(">", 2);
    }
    return rest.starts_with("</") ? close() : open();
  }

  bool close() {
    const auto end = text_.find('>', at_);
    if (end == std::string_view::npos || open_.size() < 2) return false;
    if (text::trimmed(text_.substr(at_ + 2, end - at_ - 2)) != open_.back().name) return false;
    move_to(end + 1);
    leave();
    return true;
  }

  bool open() {
    XmlElement element;
    element.line = line_;
    std::size_t at = at_ + 1;
    while (at < text_.size() && is_name_byte(text_[at])) element.name += text_[at++];
    if (element.name.empty() || open_.size() > kDeepest) return false;
    while (at < text_.size() && text_[at] != '>' && text_[at] != '/') {
      if (is_name_byte(text_[at]) ? !read_attribute(element, at)
                                  : std::isspace(static_cast<unsigned char>(text_[at++])) == 0)
        return false;
    }
    const bool empty = at < text_.size() && text_[at] == '/';
    if (empty) ++at;
    if (at >= text_.size() || text_[at] != '>') return false;
    move_to(at + 1);
    open_.push_back(std::move(element));
    if (empty) leave();
    return true;
  }

  bool read_attribute(XmlElement& element, std::size_t& at) const {
    const auto begin = at;
    while (at < text_.size() && is_name_byte(text_[at])) ++at;
    const auto name = text_.substr(begin, at - begin);
    const auto quote = text_.find_first_not_of(" \t\r\n=", at);
    if (quote == std::string_view::npos || (text_[quote] != '"' && text_[quote] != '\'')) return false;
    const auto end = text_.find(text_[quote], quote + 1);
    if (end == std::string_view::npos) return false;
    element.attributes.emplace_back(name, unescaped(text_.substr(quote + 1, end - quote - 1)));
    at = end + 1;
    return true;
  }

  void leave() {
    XmlElement element = std::move(open_.back());
    open_.pop_back();
    open_.back().children.push_back(std::move(element));
  }

  bool skip_past(std::string_view end, std::size_t head) {
    const auto found = text_.find(end, at_ + head);
    if (found == std::string_view::npos) return false;
    move_to(found + end.size());
    return true;
  }

  void move_to(std::size_t at) {
    line_ += static_cast<std::uint32_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                   text_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    at_ = at;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint32_t line_ = 1;
  std::vector<XmlElement> open_;  // the first stands for the file
};

}  // namespace

const XmlElement* XmlElement::child(std::string_view wanted) const {
  const auto found =
      std::find_if(children.begin(), children.end(), [&](const XmlElement& element) { return element.name == wanted; });
  return found == children.end() ? nullptr : &*found;
}

std::string_view XmlElement::text_of(std::string_view wanted) const {
  const XmlElement* found = child(wanted);
  return found == nullptr ? std::string_view() : std::string_view(found->text);
}

std::string_view XmlElement::attribute(std::string_view wanted) const {
  const auto found =
      std::find_if(attributes.begin(), attributes.end(), [&](const auto& one) { return one.first == wanted; });
  return found == attributes.end() ? std::string_view() : std::string_view(found->second);
}

std::optional<XmlElement> read_xml(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return XmlReader(text).read();
}

}  // namespace tollbar::document
