#include "seal-client/wire.h"

#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"

namespace signet::sealclient {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

void put_text(object& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}

void put_octets(object& json, const char* name, const Bytes& octets) {
  if (!octets.empty()) json[name] = crypto::to_base64(octets);
}

void put_certificate(object& json, const Bytes& digest) {
  if (!digest.empty()) json["sealingCertificate"] = to_hex(digest);
}

object seal_object(const NewSeal& seal) {
  object json{{"kind", seal.document ? "seal" : "signature"}};
  put_text(json, "reference", seal.reference);
  put_octets(json, "digest", seal.digest);
  put_text(json, "format", seal.format);
  put_text(json, "level", seal.level);
  put_certificate(json, seal.certificate);
  return json;
}

object result_object(const SealResult& result) {
  object json{{"state", result.sealed ? "sealed" : "failed"}};
  put_octets(json, "signatureDigest", result.signature_digest);
  put_octets(json, "sealedDigest", result.sealed_digest);
  put_text(json, "signedAt", result.signed_at);
  put_text(json, "timestampedAt", result.timestamped_at);
  put_certificate(json, result.certificate);
  put_text(json, "reason", result.reason);
  return json;
}

// Reads members; what is wrong sticks.
class Members {
 public:
  explicit Members(const value* json) : json_(json == nullptr ? nullptr : json->if_object()) {
    good_ = json_ != nullptr;
  }

  bool good() const { return good_; }

  std::string text(const char* name) {
    const auto* string = member(name) == nullptr ? nullptr : member(name)->if_string();
    good_ = good_ && string != nullptr;
    return string == nullptr ? std::string() : std::string(*string);
  }

  std::string optional_text(const char* name) {
    return member(name) == nullptr ? std::string() : text(name);
  }

  std::optional<std::int64_t> optional_number(const char* name) {
    const value* found = member(name);
    if (found == nullptr) return std::nullopt;
    good_ = good_ && found->is_int64();
    return found->is_int64() ? std::optional(found->get_int64()) : std::nullopt;
  }

  Bytes octets(const char* name) {
    auto decoded = crypto::from_base64(text(name));
    good_ = good_ && decoded.has_value();
    return decoded ? *std::move(decoded) : Bytes();
  }

  Bytes optional_octets(const char* name) {
    return member(name) == nullptr ? Bytes() : octets(name);
  }

  Bytes optional_digits(const char* name) {
    auto decoded = from_hex(optional_text(name));
    good_ = good_ && decoded.has_value();
    return decoded ? *std::move(decoded) : Bytes();
  }

  const array& list(const char* name) {
    static const array none;
    const auto* found = member(name) == nullptr ? nullptr : member(name)->if_array();
    good_ = good_ && found != nullptr;
    return found == nullptr ? none : *found;
  }

  Members inside(const char* name) { return Members(member(name)); }
  void need(bool condition) { good_ = good_ && condition; }

 private:
  const value* member(const char* name) const {
    return json_ == nullptr ? nullptr : json_->if_contains(name);
  }

  const object* json_;
  bool good_ = true;
};

std::optional<value> parsed(std::string_view text) {
  boost::json::error_code error;
  value json = boost::json::parse(text, error);
  if (error) return std::nullopt;
  return json;
}

OpenedSeal opened_in(Members& members) {
  OpenedSeal seal;
  seal.id = members.text("id");
  Members receipt = members.inside("receipt");
  const auto sequence = receipt.optional_number("sequence");
  seal.receipt.sequence = static_cast<std::uint64_t>(sequence.value_or(0));
  seal.receipt.random = receipt.octets("random");
  seal.receipt.entry = receipt.text("entry");
  members.need(receipt.good() && sequence && *sequence >= 0);
  return seal;
}

Reported reported_in(Members& members) {
  Reported reported;
  reported.id = members.text("id");
  const std::string outcome = members.text("outcome");
  if (outcome == "conflict") reported.outcome = Outcome::conflict;
  if (outcome == "unknown-transaction") reported.outcome = Outcome::unknown_transaction;
  members.need(outcome == "recorded" || reported.outcome != Outcome::recorded);
  return reported;
}

}  // namespace

std::string write_opening(std::span<const NewSeal> seals, std::span<const NamedResult> results) {
  array seal_list;
  for (const NewSeal& seal : seals) seal_list.push_back(seal_object(seal));
  array result_list;
  for (const NamedResult& named : results) {
    object json = result_object(named.result);
    json["id"] = named.id;
    result_list.push_back(std::move(json));
  }
  return json_text(
      object{{"transactions", std::move(seal_list)}, {"results", std::move(result_list)}});
}

std::string write_result(const SealResult& result) {
  return json_text(result_object(result));
}

std::optional<Opening> read_opening(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  Opening opening;
  for (const value& item : members.list("transactions")) {
    Members seal(&item);
    opening.seals.push_back(opened_in(seal));
    members.need(seal.good());
  }
  for (const value& item : members.list("results")) {
    Members result(&item);
    opening.results.push_back(reported_in(result));
    members.need(result.good());
  }
  return members.good() ? std::optional(std::move(opening)) : std::nullopt;
}

std::optional<ClientStatus> read_client(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  Members limits = members.inside("limits");
  ClientStatus client;
  client.id = members.text("id");
  client.name = members.text("name");
  client.organisation = members.text("organisation");
  client.seals_a_day = limits.optional_number("sealsADay");
  client.seals_left = limits.optional_number("sealsLeft");
  client.until = limits.optional_text("until");
  client.time = members.text("time");
  members.need(limits.good());
  return members.good() ? std::optional(std::move(client)) : std::nullopt;
}

std::optional<Cryptogram> read_cryptogram(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  Cryptogram cryptogram;
  cryptogram.cryptogram = members.octets("cryptogram");
  cryptogram.credentials = members.octets("credentials");
  return members.good() ? std::optional(std::move(cryptogram)) : std::nullopt;
}

std::optional<SealResult> read_result(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  const std::string state = members.text("state");
  SealResult result;
  result.sealed = state == "sealed";
  result.signature_digest = members.optional_octets("signatureDigest");
  result.sealed_digest = members.optional_octets("sealedDigest");
  result.signed_at = members.optional_text("signedAt");
  result.timestamped_at = members.optional_text("timestampedAt");
  result.certificate = members.optional_digits("sealingCertificate");
  result.reason = members.optional_text("reason");
  members.need(result.sealed || state == "failed");
  return members.good() ? std::optional(std::move(result)) : std::nullopt;
}

std::string read_problem(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return {};
  Members members(&*json);
  return members.optional_text("detail");
}

}  // namespace signet::sealclient
