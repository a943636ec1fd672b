#include "dsa-transport/header_list.h"

#include "crypto/base64.h"

namespace signet::transport {

HeaderList::HeaderList(const HttpRequest& request) {
  add("Accept", "application/json, application/problem+json");
  // A 100-continue would cost a round trip.
  add("Expect", "");
  if (request.who != nullptr) add_basic(*request.who);
  if (request.body) add("Content-Type", "application/json");
  if (!request.idempotency_key.empty()) add("Idempotency-Key", request.idempotency_key);
  if (!request.if_none_match.empty()) add("If-None-Match", request.if_none_match);
}

// An empty value takes the header out of the request.
void HeaderList::add(std::string_view name, std::string_view value) {
  WipedText line;
  append(line, name);
  append(line, value.empty() ? ":" : ": ");
  append(line, value);
  add_line(std::move(line));
}

void HeaderList::add_basic(const Credential& who) {
  const ByteView password = who.password.reveal();
  WipedText pair;
  pair.reserve(who.user.size() + 1 + password.size());
  append(pair, who.user);
  pair.push_back(':');
  append(pair, signet::text_of(password));
  WipedText line;
  append(line, "Authorization: Basic ");
  const std::size_t at = line.size();
  line.resize(at + crypto::base64_size(pair.size()) + 1);
  crypto::write_base64(view_of(text_of(pair)), line.data() + at);
  line.pop_back();  // the NUL
  add_line(std::move(line));
}

void HeaderList::add_line(WipedText line) {
  line.push_back('\0');
  lines_.push_back(std::move(line));
  nodes_.push_back({lines_.back().data(), nullptr});
  if (nodes_.size() > 1) nodes_[nodes_.size() - 2].next = &nodes_.back();
}

}  // namespace signet::transport
