#include "validation/online/fetcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "common/printable.h"
#include "common/private_file.h"
#include "common/task.h"
#include "common/turn.h"
#include "crypto/openssl.h"
#include "https/client/connection.h"
#include "https/client/endpoint.h"
#include "validation/object_id.h"
#include "validation/online/local_address.h"

namespace signet::validation {

namespace {

constexpr Milliseconds kConnect{5'000};

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(), [](char each) {
    return each >= 'A' && each <= 'Z' ? static_cast<char>(each - 'A' + 'a') : each;
  });
  return text;
}

// Of what is asked, so that two answers of one responder are kept apart.
std::string key_of(const Fetcher::Wish& wish) {
  Bytes all = copy_of(view_of(wish.url));
  all.push_back(0);
  all.insert(all.end(), wish.body.begin(), wish.body.end());
  return text_of(ObjectId::of(all));
}

bool names_user(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view rest = url.substr(scheme + 3);
  return rest.substr(0, rest.find_first_of("/?#")).find('@') != std::string_view::npos;
}

}  // namespace

bool Fetcher::fetch(const Wish& wish, const Use& use) {
  const std::string key = key_of(wish);
  if (tried_.contains(key) || is_over()) return false;
  tried_.insert(key);
  if (auto content = cached(key, wish.most))
    if (use(std::move(*content), true).problem.empty()) return true;
  const auto answer = ask(wish);
  if (!answer) {
    note(wish.url, 0, answer.error());
    return false;
  }
  const Judgement judgement = use(answer.value(), false);
  if (judgement.problem.empty() && judgement.keep) keep(key, answer.value());
  note(wish.url, answer.value().size(), judgement.problem);
  return judgement.problem.empty();
}

Result<Bytes, std::string> Fetcher::ask(const Wish& wish) {
  if (names_user(wish.url)) return std::string("the URL holds a user or password");
  https::EndpointOptions probe;
  probe.url = wish.url;
  probe.trust = https::Trust::none_needed;
  const https::Endpoint where(probe, sockets_);
  if (where.host().empty()) return std::string("the URL is not an http or https address");
  const std::string host = lower(where.host());
  const bool named = std::ranges::any_of(
      options_.hosts, [&](const std::string& each) { return lower(each) == host; });
  if (!options_.hosts.empty() && !named)
    return std::string("the host is not one of those that may be asked");
  if (!options_.proxy.empty()) {
    if (!named && is_local_by_name(host)) return std::string(kLocalHost);
    return ask_host(wish, {});
  }
  std::string port = where.port();
  if (port.empty()) port = where.uses_tls() ? "443" : "80";
  BOOST_OUTCOME_TRY(const auto addresses, addresses_of(where.host(), port, named));
  return ask_host(wish, addresses.list);
}

Result<Bytes, std::string> Fetcher::ask_host(const Wish& wish, const std::string& addresses) {
  https::EndpointOptions options;
  options.url = wish.url;
  options.trust = https::Trust::none_needed;
  options.connect = kConnect;
  options.connections = 1;
  options.largest_body = wish.most;
  options.addresses = addresses;
  options.proxy = options_.proxy;
  options.user_agent = "signet";
  const auto endpoint = std::make_shared<https::Endpoint>(std::move(options), sockets_);
  https::Connection connection(endpoint);
  https::Request request;
  if (!wish.body.empty()) {
    request.method = https::Method::post;
    request.headers.add("Content-Type", wish.content_type);
    request.body.emplace(wish.body.begin(), wish.body.end());
  }
  const Deadline attempt =
      deadline_.within(std::chrono::duration_cast<Milliseconds>(options_.each));
  connection.start(request, attempt, std::min(kConnect, attempt.left()));
  while (!connection.step()) {
    if (is_cancelled()) return std::string("cancelled");
    wait_a_turn(connection.wait());
  }
  const auto response = connection.finish();
  if (!response) return response.error().sentence;
  if (response.value().status != https::kOk)
    return fmt::format("the server answered with status {}", response.value().status);
  return copy_of(view_of(std::string_view(response.value().body)));
}

std::optional<Bytes> Fetcher::cached(const std::string& key, std::size_t most) const {
  if (options_.cache.empty()) return std::nullopt;
  auto content = read_plain_file(options_.cache / key, most);
  if (!content || !content.value()) return std::nullopt;
  return std::move(content.value()->bytes);
}

// A cache that cannot be written costs another request, nothing else.
void Fetcher::keep(const std::string& key, ByteView content) const {
  if (options_.cache.empty() || !prepare_folder(options_.cache, Folder::own)) return;
  (void)replace_private_file(options_.cache / key, content, Durability::none);
}

void Fetcher::note(const std::string& url, std::uint64_t bytes, std::string problem) {
  fetches_.push_back({printable(url), bytes, printable(problem)});
  if (progress_) progress_(fetches_.back());
}

}  // namespace signet::validation
