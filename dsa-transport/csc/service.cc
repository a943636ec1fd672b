#include "dsa-transport/csc/service.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "common/log.h"
#include "common/log_line.h"
#include "crypto/algorithm_table.h"
#include "crypto/certificate_parts.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport::csc {

namespace {

constexpr std::size_t kMostPages = 1000;
constexpr std::size_t kMostCredentials = 10'000;
constexpr std::size_t kMostBytes = std::size_t{16} * 1024 * 1024;  // of all certificates
constexpr std::uint64_t kPageSize = 100;
constexpr std::size_t kLongestName = 200;

std::size_t bytes_of(const ServiceCredential& credential) {
  std::size_t bytes = credential.id.size();
  for (const Bytes& der : credential.chain) bytes += der.size();
  return bytes;
}

// A refusal that says nothing of the others: one may have been removed since the list was made.
bool concerns_credential(Failure failure) {
  return failure == Failure::no_such_object || failure == Failure::key_disabled ||
         failure == Failure::not_permitted || failure == Failure::account_locked ||
         failure == Failure::bad_parameter;
}

ApplianceError bad(std::string sentence) {
  return {Failure::bad_answer, std::move(sentence), {}};
}

}  // namespace

ApplianceError out_of_time() {
  return {Failure::timed_out, "there was no time to read all of the credentials", {}};
}

std::size_t SigningCredential::signature_size() const {
  return key.type == KeyType::rsa ? (key.bits + 7) / 8 : 2 * crypto::row_of(key.curve).size;
}

Service::Service(Settings settings) : cluster(std::move(settings)) {}

bool Service::reconfigure(const Settings& settings) {
  const auto before = cluster.settings();
  cluster.reconfigure(settings);
  if (before->csc == settings.csc && before->members == settings.members &&
      before->user == settings.user && before->client_certificate == settings.client_certificate) {
    return false;
  }
  access_.reset();
  const MutexLock lock(mutex_);
  info_.reset();
  listing_.reset();
  sends_user_ = false;
  return true;
}

ApplianceFigures Service::figures() const {
  ApplianceFigures figures = cluster.figures();
  const ApplianceFigures access = access_.figures();
  figures.calls += access.calls;
  figures.failures += access.failures;
  figures.members.insert(figures.members.end(), access.members.begin(), access.members.end());
  return figures;
}

void Service::abandon() noexcept {
  cluster.abandon();
  access_.abandon();
}

Task<Answer<InfoPtr>> Service::info(Deadline deadline) {
  {
    const MutexLock lock(mutex_);
    if (info_) co_return info_;
  }
  co_return co_await fresh_info(deadline);
}

Task<Answer<InfoPtr>> Service::fresh_info(Deadline deadline) {
  const Call call{"info", Access::read, cluster.common_attempt(), deadline};
  int status = 0;
  const auto judge = [&](const https::Response& response,
                         const std::string& /*member*/) -> Judged<ServiceInfo> {
    status = response.status;
    if (response.status != https::kOk) {
      Verdict verdict = refusal_of(response, Shown::nothing).verdict;
      // GET may still do.
      if (status == 404 || status == 405) verdict.kind = Verdict::Kind::refused;
      return verdict;
    }
    return judged(read_info(response.body), response);
  };
  auto answer = plain(
      co_await cluster.ask<ServiceInfo>(call, new_request("/info", JsonWriter().finish()), judge));
  if (!answer && (status == 404 || status == 405)) {
    https::Request get{https::Method::get, "/info", {}, {}};
    get.headers.add("Accept", "application/json");
    answer = plain(co_await cluster.ask<ServiceInfo>(call, std::move(get), judge));
  }
  if (!answer) co_return std::move(answer).error();
  auto info = std::make_shared<const ServiceInfo>(std::move(answer).value());
  const MutexLock lock(mutex_);
  info_ = info;
  co_return InfoPtr(std::move(info));
}

Task<Answer<std::vector<std::string>>> Service::credential_ids(Deadline deadline) {
  const Call call{"credentials/list", Access::read, cluster.common_attempt(), deadline};
  const auto settings = cluster.settings();
  std::vector<std::string> ids;
  std::set<std::string> known;
  std::set<std::string> pages;
  std::string next;
  bool tried_both = false;
  for (std::size_t number = 0; number < kMostPages; ++number) {
    bool with_user = false;
    {
      const MutexLock lock(mutex_);
      with_user = sends_user_;
    }
    const auto body = [&] {
      JsonWriter writer;
      if (with_user) writer.text("userID", settings->user);
      if (version() == Version::v1) writer.number("maxResults", kPageSize);
      if (!next.empty()) writer.text("pageToken", next);
      return writer.finish();
    };
    auto page = co_await post<CredentialPage>(
        call, "/credentials/list", body,
        [](const https::Response& response) { return read_credential_page(response.body); });
    // Wanted where the access token does not say it, and refused where it does (CSC API 2.0, 11.4); which of the two an
    // access token is, nothing but this tells.
    if (!page.result && page.remedy == Remedy::other_user && !std::exchange(tried_both, true)) {
      const MutexLock lock(mutex_);
      sends_user_ = !with_user;
      continue;
    }
    if (!page.result) co_return std::move(page.result).error().error;
    CredentialPage& found = page.result.value();
    for (std::string& id : found.ids) {
      if (known.insert(id).second) ids.push_back(std::move(id));
    }
    if (ids.size() > kMostCredentials) co_return bad("the service has too many credentials");
    if (found.next.empty()) co_return ids;
    if (!pages.insert(found.next).second) co_return bad("the list of credentials has no end");
    next = std::move(found.next);
  }
  co_return bad("the list of credentials has no end");
}

Task<Answer<CredentialPtr>> Service::read_credential(std::string id, Deadline deadline) {
  const Call call{"credentials/info", Access::read, cluster.common_attempt(), deadline};
  // Without certInfo, which says nothing that the certificate does not; a service may fail for it.
  const auto body = [&] {
    return JsonWriter()
        .text("credentialID", id)
        .text("certificates", "chain")
        .flag("authInfo", true)
        .finish();
  };
  auto found = co_await post<ServiceCredential>(
      call, "/credentials/info", body,
      [&id](const https::Response& response) { return csc::read_credential(response.body, id); });
  if (!found.result) co_return std::move(found.result).error().error;
  ServiceCredential credential = std::move(found.result).value();
  if (!credential.names_algorithms) {  // a service whose keys all sign alike
    const auto known = co_await info(deadline);
    if (!known) co_return known.error();
    credential.algorithms = known.value()->algorithms;
  }
  co_return usable(std::move(credential), deadline);
}

void Service::tell_once(const std::string& id, std::string_view why) {
  {
    const MutexLock lock(mutex_);
    if (told_.size() > kMostCredentials) told_.clear();
    if (!told_.insert(fmt::format("{} {}", id, why)).second) return;
  }
  log::info("the credential \"{}\" cannot be used: {}", log::printable(id), why);
}

Answer<CredentialPtr> Service::usable(ServiceCredential credential, Deadline deadline) {
  const auto refuse = [&](std::string_view why) {
    tell_once(credential.id, why);
    return CredentialPtr();
  };
  if (credential.mode == AuthMode::oauth2code) {
    return refuse("it is authorised by a person in a browser (oauth2code)");
  }
  if (credential.mode == AuthMode::unknown) {
    return refuse("the service does not say how it is authorised, or says it in unknown words");
  }
  if (credential.chain.empty()) return refuse("it has no certificate");
  const auto parts = crypto::parse_certificate(credential.chain.front());
  if (!parts) return refuse("its certificate cannot be read");
  const auto key = der_.public_key(parts->public_key);
  if (!key || key->type == KeyType::edwards) return refuse("its key is of a type unknown here");
  std::vector<Bytes> chain;
  for (Bytes& der : credential.chain) {
    if (deadline.passed()) return out_of_time();
    if (der_.is_certificate(der)) chain.push_back(std::move(der));
  }
  credential.chain = std::move(chain);
  auto signing = std::make_shared<SigningCredential>();
  signing->key = *key;
  signing->name = percent_encoded(credential.id);
  if (signing->name.size() > kLongestName) {
    signing->name = "sha256-" + to_hex(der_.digest(Hash::sha256, view_of(credential.id)));
  }
  static_cast<ServiceCredential&>(*signing) = std::move(credential);
  return signing;
}

Task<Answer<ListingPtr>> Service::listing(Milliseconds age, Deadline deadline) {
  {
    const MutexLock lock(mutex_);
    if (listing_ && std::chrono::steady_clock::now() - listing_->read_at <= age) co_return listing_;
  }
  BOOST_OUTCOME_CO_TRY(const auto ids, co_await credential_ids(deadline));
  auto all = std::make_shared<Listing>();
  std::size_t bytes = 0;
  std::optional<ApplianceError> refusal;
  for (const std::string& id : ids) {
    auto answer = co_await read_credential(id, deadline);
    if (!answer && concerns_credential(answer.error().failure)) {
      tell_once(id, answer.error().sentence);
      if (answer.error().failure != Failure::no_such_object) refusal = answer.error();
      continue;
    }
    if (!answer) co_return std::move(answer).error();
    CredentialPtr credential = std::move(answer).value();
    if (credential == nullptr) continue;
    bytes += bytes_of(*credential);
    if (bytes > kMostBytes) co_return bad("the certificates of the credentials are too large");
    all->credentials.push_back(std::move(credential));
  }
  // No token without keys for a service that takes none of these requests.
  if (all->credentials.empty() && refusal) co_return *std::move(refusal);
  all->read_at = std::chrono::steady_clock::now();
  const MutexLock lock(mutex_);
  listing_ = all;
  co_return ListingPtr(std::move(all));
}

CredentialPtr Service::find_listed(std::string_view name) const {
  const MutexLock lock(mutex_);
  if (listing_ == nullptr) return nullptr;
  const auto found = std::ranges::find_if(
      listing_->credentials, [&](const CredentialPtr& one) { return one->name == name; });
  return found == listing_->credentials.end() ? nullptr : *found;
}

std::size_t Service::multisign_of(std::string_view name) const {
  const CredentialPtr found = find_listed(name);
  return found == nullptr ? 1 : found->multisign;
}

Task<Answer<CredentialPtr>> Service::credential(std::string name, Deadline deadline) {
  CredentialPtr found = find_listed(name);
  if (found == nullptr) {
    const auto listed = co_await listing(Milliseconds(0), deadline);
    if (!listed) co_return listed.error();
    found = find_listed(name);
  }
  if (found == nullptr) {
    co_return ApplianceError{Failure::no_such_object, "the service does not list this key", {}};
  }
  co_return found;
}

}  // namespace signet::transport::csc
