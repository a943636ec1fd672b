#include "seal-client/wire.h"

#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "seal-client/members.h"

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
