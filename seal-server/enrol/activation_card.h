// The activation card that an enrolment fills: any PKCS#11 token with a PIN.
#ifndef SIGNET_SEAL_SERVER_ENROL_ACTIVATION_CARD_H_
#define SIGNET_SEAL_SERVER_ENROL_ACTIVATION_CARD_H_

#include <memory>
#include <string>

#include "common/bytes.h"
#include "common/secret.h"
#include "crypto/cms/enveloped_data.h"
#include "pkcs11-client/session.h"

namespace signet::sealserver::enrol {

// All of it throws CommandFailure.
class ActivationCard {
 public:
  // A login. `uri` names the token, and its module: "pkcs11:token=Card?module-path=/usr/lib/…/opensc-pkcs11.so".
  static ActivationCard open(const std::string& uri, const pkcs11::PinProvider& pin);

  const pkcs11::TokenInfo& info() const { return session_->info(); }

  // The authentication key of this id: the one that is there, or a new one. What a making that was cut off has left of it
  // goes.
  pkcs11::Key key(ByteView id, const std::string& type);

  // A PKCS#10 for it, DER; `subject`: a DER Name.
  Bytes request(const pkcs11::Key& key, const Bytes& subject) const;

  void store_authentication(const pkcs11::Key& key, ByteView certificate);

  // In place of another sealing certificate; `id`: CKA_ID.
  void store_sealing(ByteView certificate, ByteView id);

  // Those who issued both certificates, so that these chain to the roots wherever the card is read; in place of others.
  void store_issuers(const std::vector<Bytes>& certificates);

  // SHA-256(K). False where the token has no place for such data: then it goes into the registration letter.
  bool store_hash(ByteView hash);

  // For whom a cryptogram is made, by the key's certificate.
  cms::Recipient recipient(const pkcs11::Key& key, ByteView certificate) const;

  // Fails where the card does not find this K in the cryptogram: it would not at the activation.
  void check_cryptogram(const pkcs11::Key& key, ByteView cryptogram,
                        const Secret& content_key) const;

  // Takes away the keys and certificates of former enrolments: what has the labels of card_objects.h and another id.
  void remove_former(ByteView id);

 private:
  explicit ActivationCard(std::unique_ptr<pkcs11::TokenSession> session)
      : session_(std::move(session)) {}

  void store(ByteView certificate, std::string_view label, ByteView id);

  std::unique_ptr<pkcs11::TokenSession> session_;
};

}  // namespace signet::sealserver::enrol

#endif  // SIGNET_SEAL_SERVER_ENROL_ACTIVATION_CARD_H_
