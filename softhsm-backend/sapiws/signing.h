// One signature of DssSign: what is asked for, and how the key in the token makes it.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_SIGNING_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_SIGNING_H_

#include <cstddef>
#include <ctime>
#include <optional>

#include "common/bytes.h"
#include "softhsm-backend/message.h"
#include "softhsm-backend/native/sign_order.h"
#include "softhsm-backend/sapiws/cms.h"
#include "softhsm-backend/sapiws/dss_answer.h"
#include "softhsm-backend/sapiws/dss_request.h"
#include "softhsm-backend/sapiws/signer.h"
#include "softhsm-backend/token.h"

namespace signet::emulator::sapiws {

// The firmware that is imitated.
enum class Profile { v5_2, v8 };

struct Signing {
  bool raw = false;                 // the key's signature itself; else a message of CMS
  bool size_only = false;           // nothing is signed, its size is told
  bool old_style = false;           // CMS as CoSign 5.2 makes it
  std::optional<std::time_t> time;  // of CMS
  SignOrder order;                  // algorithm, hash, salt
  Bytes digest;                     // of the content
};

// Reads flags, hash and content; hashes a document that is not a hash already.
DssOutcome<Signing> read_signing(const DssRequest& asked, Profile profile);

struct Made {
  Bytes digest;     // that the key has signed: the content's, or that of the signed attributes
  Bytes signature;  // by the key
  Bytes message;    // what leaves: the signature, or the CMS around it
};

// Refers to what it was made of. Throws KeyStoreError where the token fails, std::runtime_error where OpenSSL does.
class Signature {
 public:
  Signature(Token& token, const Signer& signer, const Signing& signing)
      : token_(token), signer_(signer), signing_(signing) {}

  Made make() const;

  // The same message with a signature that an honest appliance would never give.
  Bytes spoiled(SignatureFault fault, const Made& made) const;

  // Bytes of what make() gives. Nothing is signed.
  std::size_t size() const;

 private:
  CmsOrder cms_order() const;
  Bytes message_around(const Bytes& signature) const;

  Token& token_;
  const Signer& signer_;
  const Signing& signing_;
};

// The content's digest where it is known by that hash: the document's, or the very one that was given.
std::optional<Bytes> digest_by(const DssRequest& asked, crypto::Hash hash);

DssResult estimated_size(std::size_t size);

// For the fault "answer-place".
AnswerPlace other_place(AnswerPlace usual, std::string_view type);

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_SIGNING_H_
