// The account at each member: its password and its objects.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "common/printable.h"
#include "signet-cli/date.h"
#include "signet-cli/doctor/checks.h"
#include "signet-cli/member_client.h"

namespace signet::cli::doctor {

namespace {

using transport::Failure;

// Members of a pair show the same objects; their order is their own.
bool same_objects(const transport::ObjectSet& a, const transport::ObjectSet& b) {
  const auto ids_of = [](const transport::ObjectSet& set) {
    std::vector<std::string> ids;
    for (const auto& key : set.keys) ids.push_back(key.id);
    for (const auto& certificate : set.certificates) ids.push_back(certificate.id);
    std::ranges::sort(ids);
    return ids;
  };
  return ids_of(a) == ids_of(b);
}

std::string labels_of(const std::vector<transport::KeyInfo>& keys) {
  std::vector<std::string> labels;
  for (const auto& key : keys)
    labels.push_back(fmt::format("\"{}\"", printable(text_of(key.label))));
  return fmt::format("{}", fmt::join(labels, ", "));
}

}  // namespace

std::string advice_for(Failure failure) {
  switch (failure) {
    case Failure::wrong_password:
      return "put the right PIN where the configuration says (credential). Do not try on: wrong "
             "ones lock the account";
    case Failure::account_locked:
      return "the right PIN does not help; the appliance's administrator unlocks the account";
    case Failure::password_expired:
      return "set a new PIN (pkcs11-tool --login --change-pin), then put it where the "
             "configuration says (credential): nothing else works until then";
    case Failure::account_disabled:
      return "the appliance's administrator disabled the account, and enables it";
    case Failure::account_not_activated:
      return "the appliance's administrator activates the account and sets a first PIN";
    case Failure::key_disabled:
      return "the operator enables the key; or its certificate has to be renewed";
    case Failure::access_refused:
      return "correct what the configuration says of the access to the service ([token.csc]: "
             "\"access\", \"client_id\" and \"secret\")";
    case Failure::not_permitted:
      return "the account lacks the right; the appliance's administrator grants it";
    case Failure::sign_credential_missing:
    case Failure::sign_credential_wrong:
      return "give the right second credential with --sign-pin-file. Do not try on: wrong ones "
             "lock the account";
    case Failure::unreachable:
    case Failure::timed_out:
      return "it answered before and does not now: check the appliance and the network between";
    case Failure::no_resources:
      return "this machine lacks memory or descriptors: raise the limits (ulimit -n) or free some";
    case Failure::not_supported:
      return "the appliance does not offer this; its firmware may be too old, and its operator "
             "updates it";
    case Failure::busy:
      return "the appliance has too much to do; try again, and ask its operator if it lasts";
    default:
      break;
  }
  return "ask the appliance's operator, who finds the request id in its log";
}

AccountCheck::AccountCheck(const config::TokenConfig& token, Password password,
                           TestSignature signature, Findings& findings)
    : token_(token),
      password_(std::move(password)),
      signature_(std::move(signature)),
      findings_(findings) {}

void AccountCheck::check_at(const config::MemberConfig& member,
                            const std::optional<transport::ApplianceInfo>& info) {
  const Place place{token_.label, member.url};
  const auto skip = [&](const std::string& why) {
    findings_.none_tried(place, {"account", "objects", "signature"}, why);
  };
  if (!info) return skip("the member cannot be asked");
  secret_ = password_.secret;
  if (!secret_ && !info->needs_password) secret_.emplace();
  if (!secret_) return skip(password_.why_not);
  if (tried_ && !accepted_) {
    return skip("the PIN was sent once and not accepted; a second time might lock the account");
  }
  const auto account = log_in(place, member);
  if (!account) {
    return findings_.none_tried(place, {"objects", "signature"}, "the account cannot be used");
  }
  check_objects(place, member, info->stores_objects);
  check_signature(place, member, *account);
}

std::optional<transport::AccountInfo> AccountCheck::log_in(const Place& place,
                                                           const config::MemberConfig& member) {
  tried_ = true;
  const auto account =
      client_of(token_, member, Repeats::never)->account({token_.user, *secret_}, call_deadline());
  if (!account) {
    findings_.wrong(place, "account", account.error().sentence,
                    advice_for(account.error().failure));
    return std::nullopt;
  }
  accepted_ = true;
  const auto& expires = account.value().password_expires_at;
  const bool soon = expires && *expires - std::chrono::system_clock::now() < kSoon;
  findings_.well(
      place, "account", fmt::format("\"{}\" is logged in", token_.user),
      soon ? fmt::format("its PIN expires on {}: set a new one before", date_of(*expires)) : "");
  return account.value();
}

void AccountCheck::report_keys(const Place& place, const transport::ObjectSet& set,
                               bool makes_keys) {
  if (set.keys.empty()) {
    return findings_.wrong(place, "objects", "there is no key",
                           std::string(makes_keys ? "make one (signet key generate)"
                                                  : "ask the service's operator for one") +
                               ", or look whether the configuration names the right account");
  }
  if (std::ranges::none_of(set.keys, &transport::KeyInfo::active)) {
    return findings_.wrong(place, "objects",
                           fmt::format("no key may sign: disabled are {}", labels_of(set.keys)),
                           std::string("the appliance's administrator enables the key") +
                               (makes_keys ? "; or make another one (signet key generate)" : ""));
  }
  findings_.well(
      place, "objects",
      fmt::format("keys: {}, certificates: {}", set.keys.size(), set.certificates.size()));
}

void AccountCheck::check_objects(const Place& place, const config::MemberConfig& member,
                                 bool makes_keys) {
  auto answer = client_of(token_, member, Repeats::allowed)
                    ->objects({token_.user, *secret_}, {}, call_deadline());
  if (!answer || !answer.value()) {
    return findings_.wrong(place, "objects",
                           answer ? "the appliance leaves the list out" : answer.error().sentence,
                           advice_for(answer ? Failure::bad_answer : answer.error().failure));
  }
  transport::ObjectSet& set = *answer.value();
  if (objects_ && !same_objects(*objects_, set)) {
    return findings_.wrong(place, "objects",
                           "this member shows other objects than the one before it",
                           "ask the appliance's operator whether the pair is in sync");
  }
  report_keys(place, set, makes_keys);
  if (!objects_) objects_ = std::move(set);
}

}  // namespace signet::cli::doctor
