#include "validation/procedure/signature_policy.h"

#include <openssl/evp.h>

#include "common/printable.h"
#include "crypto/algorithm_table.h"
#include "crypto/openssl.h"

namespace signet::validation::procedure {

namespace {

constexpr const char* kImpliedPolicy = "implied";

constexpr Sentence kUnknownPolicy{
    "the signature names the signature policy {0}, whose document is not known: nobody can say "
    "whether "
    "its rules were kept (EN 319 102-1, 5.2.4)",
    "podpis uvádí podpisovou politiku {0}, jejíž dokument není k dispozici: nelze říci, zda byla "
    "její "
    "pravidla dodržena (EN 319 102-1, 5.2.4)"};
constexpr Sentence kImplied{
    "the signature leaves its signature policy to a context that is not known (EN 319 102-1, "
    "5.2.4)",
    "podpis ponechává podpisovou politiku na okolnostech, které nejsou známy (EN 319 102-1, "
    "5.2.4)"};
constexpr Sentence kOtherDocument{
    "the document of the signature policy {0} is not the one whose digest the signature states",
    "dokument podpisové politiky {0} není ten, jehož otisk podpis uvádí"};
constexpr Sentence kPolicyHashUnknown{
    "the signature states the digest of the signature policy {0} by a hash that is not known here",
    "podpis uvádí otisk podpisové politiky {0} neznámou hašovací funkcí"};
constexpr Sentence kCallers{"what the signature policy {0} demands is yours to check",
                            "co požaduje podpisová politika {0}, je třeba posoudit zvlášť"};

// The caller's, else the message's own; null: there is none. Without a digest in the signature anybody could have put any document
// into the message.
const Bytes* document_of(const Policy& policy, const SignerPart& signer) {
  const auto callers = policy.signature_policies.find(signer.policy_oid);
  if (callers != policy.signature_policies.end()) return &callers->second;
  if (signer.policy_oid == kImpliedPolicy || signer.policy_digest.empty()) return nullptr;
  return signer.policy_document ? &*signer.policy_document : nullptr;
}

bool has_digest(const Bytes& document, crypto::Hash hash, ByteView expected) {
  std::uint8_t digest[EVP_MAX_MD_SIZE];
  std::size_t size = 0;
  return EVP_Q_digest(crypto::library_context(), crypto::hash_name(hash), nullptr, document.data(),
                      document.size(), digest, &size) == 1 &&
         equal({digest, size}, expected);
}

}  // namespace

Conclusion check_signature_policy(const Policy& policy, const SignerPart& signer) {
  if (signer.policy_oid.empty()) return {};
  const std::string name = printable(signer.policy_oid);
  const Bytes* const document = document_of(policy, signer);
  if (document == nullptr)
    return indeterminate(
        SubIndication::signature_policy_not_available,
        signer.policy_oid == kImpliedPolicy ? say(kImplied) : say(kUnknownPolicy, name));
  Conclusion conclusion;
  conclusion.warnings.push_back(say(kCallers, name));
  if (signer.policy_digest.empty()) return conclusion;
  if (signer.policy_hash == crypto::Hash::none)
    return indeterminate(SubIndication::policy_processing_error, say(kPolicyHashUnknown, name));
  if (!has_digest(*document, signer.policy_hash, signer.policy_digest))
    return indeterminate(SubIndication::policy_processing_error, say(kOtherDocument, name));
  return conclusion;
}

}  // namespace signet::validation::procedure
