// The JSON about the client itself: its state, keys, credentials and certificates.
#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "seal-client/client_members.h"
#include "seal-client/members.h"
#include "seal-client/wire.h"

namespace signet::sealclient {

namespace {

AuthenticationKey key_in(Members& members) {
  AuthenticationKey key;
  key.key = members.digits("key");
  const std::string state = members.text("state");
  if (state == "registered") key.state = KeyState::registered;
  if (state == "superseded") key.state = KeyState::superseded;
  if (state == "revoked") key.state = KeyState::revoked;
  members.need(state == "active" || key.state != KeyState::active);
  key.certificate = members.optional_digits("certificate");
  key.not_after = members.optional_text("notAfter");
  return key;
}

SealingCertificate sealing_in(Members& members) {
  SealingCertificate certificate;
  certificate.certificate = members.digits("certificate");
  certificate.key = members.digits("key");
  const std::string state = members.text("state");
  certificate.active = state == "active";
  members.need(certificate.active || state == "retired");
  certificate.not_after = members.text("notAfter");
  return certificate;
}

// Each item of a list by `read(members)`.
template <typename Item, typename Read>
std::vector<Item> items_in(Members& members, const char* name, Read read) {
  std::vector<Item> items;
  for (const boost::json::value& value : members.list(name)) {
    Members item(&value);
    items.push_back(read(item));
    members.need(item.good());
  }
  return items;
}

std::vector<std::string> texts_in(Members& members, const char* name) {
  std::vector<std::string> texts;
  for (const boost::json::value& value : members.list(name)) {
    members.need(value.is_string());
    if (value.is_string()) texts.emplace_back(value.get_string());
  }
  return texts;
}

}  // namespace

std::vector<AuthenticationKey> authentication_keys_in(Members& members) {
  return items_in<AuthenticationKey>(members, "authenticationCertificates", key_in);
}

std::vector<SealingCertificate> sealing_certificates_in(Members& members) {
  return items_in<SealingCertificate>(members, "sealingCertificates", sealing_in);
}

std::string write_change(std::string_view lease, ByteView next) {
  boost::json::object json;
  if (!lease.empty()) json["lease"] = lease;
  if (!next.empty()) json["next"] = crypto::to_base64(next);
  return json_text(json);
}

std::string write_commit(std::string_view lease, ByteView credentials) {
  return json_text({{"lease", lease}, {"credentials", crypto::to_base64(credentials)}});
}

std::string write_authentication_order(ByteView request, ByteView cryptogram,
                                       Succession succession) {
  return json_text({{"request", crypto::to_base64(request)},
                    {"cryptogram", crypto::to_base64(cryptogram)},
                    {"supersedes", succession == Succession::replaces}});
}

std::string write_sealing_order(std::string_view lease, ByteView sealed_request) {
  return json_text({{"lease", lease}, {"request", crypto::to_base64(sealed_request)}});
}

std::string write_activation() {
  return json_text({{"state", "active"}});
}

std::string write_nothing() {
  return json_text(boost::json::object());
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
  client.keys = authentication_keys_in(members);
  client.sealing_certificates = sealing_certificates_in(members);
  client.members = texts_in(members, "members");
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
  cryptogram.next = members.octet_list("next");
  cryptogram.statement = members.optional_octets("statement");
  return members.good() ? std::optional(std::move(cryptogram)) : std::nullopt;
}

std::optional<CredentialsLease> read_credentials_lease(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  CredentialsLease lease;
  lease.id = members.text("lease");
  lease.until = members.text("until");
  lease.credentials = members.octets("credentials");
  lease.next = members.octet_list("next");
  return members.good() ? std::optional(std::move(lease)) : std::nullopt;
}

std::optional<SealingLease> read_sealing_lease(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  SealingLease lease;
  lease.id = members.text("id");
  lease.key_label = members.text("keyLabel");
  lease.idempotency_key = members.text("idempotencyKey");
  lease.until = members.text("until");
  lease.order = members.optional_text("certificate");
  return members.good() ? std::optional(std::move(lease)) : std::nullopt;
}

std::optional<CertificateOrder> read_order(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  CertificateOrder order;
  const std::string state = members.text("state");
  if (state == "issued") {
    order.state = CertificateOrder::State::issued;
    order.certificates = members.octet_list("certificates");
    members.need(!order.certificates.empty());
  } else if (state == "refused") {
    order.state = CertificateOrder::State::refused;
    order.reason = members.text("reason");
  } else {
    members.need(state == "pending");
  }
  return members.good() ? std::optional(std::move(order)) : std::nullopt;
}

std::optional<std::string> read_ordered(std::string_view text) {
  const auto json = parsed(text);
  if (!json) return std::nullopt;
  Members members(&*json);
  std::string id = members.text("id");
  return members.good() && !id.empty() ? std::optional(std::move(id)) : std::nullopt;
}

}  // namespace signet::sealclient
