#include "seal-server/certificates/authentication.h"

#include "crypto/base64.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"
#include "seal-server/certificates/orders.h"
#include "seal-server/clients/keys.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr const char* kAuthEnvelopedData = "1.2.840.113549.1.9.16.1.23";  // RFC 5083

void expect_cryptogram(const std::string& base64) {
  const Bytes der = crypto::from_base64(base64).value_or(Bytes());
  der::Reader info(der::only(der::kSequence, der).value_or(ByteView()));
  const auto type = info.read_whole(der::kObjectIdentifier);
  if (type && equal(*type, cms::encode_oid(kAuthEnvelopedData))) return;
  throw problems::bad_value("A cryptogram is a CMS AuthEnvelopedData in DER.");
}

void revoke_unconfirmed(Group& group, const std::string& by) {
  for (const auto& row :
       group.sql().query("SELECT spki FROM authentication_key WHERE registered_by = :spki"
                         " AND state = 'registered'",
                         {by}))
    revoke_key(group, row.text(0));
}

}  // namespace

std::string order_authentication_certificate(Group& group, const AuthenticationKey& by,
                                             const NewAuthenticationKey& wanted) {
  expect_authentication_key(wanted.request);
  expect_cryptogram(wanted.cryptogram);
  revoke_unconfirmed(group, by.spki);
  register_key(group, by, wanted.request.key, wanted.cryptogram);
  return add_order(group, {.id = {},
                           .client = by.client,
                           .purpose = std::string(kAuthentication),
                           .key = wanted.request.key,
                           .made_by = by.spki,
                           .state = {},
                           .request = wanted.request.der,
                           .certificates = {},
                           .reason = {},
                           .supersedes = wanted.supersedes});
}

void confirm_authentication_key(Group& group, const AuthenticationKey& key, const std::string& id) {
  const auto order = find_order(group.sql(), key.client, kAuthentication, id);
  if (!order || order->key != key.spki)
    throw problems::no_such("This key has no order " + id + ".");
  // As it is now, under the lock.
  const auto current = find_key(group.sql(), key.spki);
  if (!current || current->state == "revoked") throw problems::not_admitted("This key is revoked.");
  if (current->state != "registered") return;
  if (order->state != "issued") throw problems::conflict("The key has no certificate yet.");
  activate_key(group, key.spki);
  const auto predecessor = find_key(group.sql(), order->made_by);
  if (!predecessor || predecessor->state != "active") return;
  if (predecessor->card)
    supersede_key(group, *predecessor, std::chrono::seconds::zero());
  else if (order->supersedes)
    supersede_key(group, *predecessor, kGrace);
}

void forget_superseded(Group& group) {
  group.sql().run(
      "DELETE FROM cryptogram WHERE spki IN (SELECT spki FROM authentication_key"
      " WHERE state = 'superseded' AND accepted_until <= :now)",
      {group.time()});
}

}  // namespace signet::sealserver
