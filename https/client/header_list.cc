#include "https/client/header_list.h"

namespace signet::https {

HeaderList& HeaderList::add(std::string_view name, std::string_view value) {
  constexpr std::size_t usual_size = 512;
  if (text_.empty()) text_.reserve(usual_size);
  lines_.push_back(text_.size());
  append(text_, name);
  append(text_, value.empty() ? ":" : ": ");
  append(text_, value);
  text_.push_back('\0');
  return *this;
}

curl_slist* HeaderList::list() {
  nodes_.clear();
  for (const std::size_t line : lines_) nodes_.push_back({text_.data() + line, nullptr});
  for (std::size_t i = 1; i < nodes_.size(); ++i) nodes_[i - 1].next = &nodes_[i];
  return nodes_.empty() ? nullptr : nodes_.data();
}

}  // namespace signet::https
