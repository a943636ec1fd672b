#include "keygen/import.h"

#include <fmt/format.h>

#include <algorithm>

namespace signet::keygen {
namespace {

// Of the certificates the one that is for the key: whichever a key of the token fits, else the
// first that is no authority's, whose checks then say what is wrong.
std::size_t leaf_of(const std::vector<Certificate>& certificates, const std::vector<Key>& keys) {
  for (std::size_t at = 0; at < certificates.size(); ++at)
    for (const Key& key : keys)
      if (equal(key.public_key, certificates[at].public_key())) return at;
  const auto leaf = std::find_if(certificates.begin(), certificates.end(),
                                 [](const Certificate& each) { return !each.is_authority(); });
  return leaf == certificates.end() ? 0 : static_cast<std::size_t>(leaf - certificates.begin());
}

TokenResult<Key> key_for(const Certificate& certificate, const std::vector<Key>& keys,
                         const std::optional<ObjectChoice>& choice) {
  const Key* fitting = nullptr;
  for (const Key& key : keys)
    if (equal(key.public_key, certificate.public_key())) fitting = &key;
  if (fitting == nullptr)
    return token_error(Reason::other_key,
                       fmt::format("the certificate of {} is for a key that is not on the token",
                                   certificate.subject()));
  if (choice && !choice->fits(fitting->label, fitting->id))
    return token_error(
        Reason::other_key,
        fmt::format("the certificate of {} is for the key \"{}\" (id {}), not for {}",
                    certificate.subject(), fitting->label, to_hex(fitting->id), choice->text()));
  return *fitting;
}

std::string label_of(const Certificate& issuer) {
  const std::string name = issuer.common_name();
  return name.empty() ? issuer.subject() : name;
}

}  // namespace

TokenResult<CheckedImport> check_import(const TokenSession& token, const ImportOrder& order) {
  if (order.certificates.empty())
    return token_error(Reason::unreadable, "there is no certificate to import");
  BOOST_OUTCOME_TRY(const auto keys, token.keys());
  const std::size_t leaf = leaf_of(order.certificates, keys);
  const Certificate& certificate = order.certificates[leaf];
  BOOST_OUTCOME_TRY(check_certificate(certificate));
  BOOST_OUTCOME_TRY(const Key key, key_for(certificate, keys, order.key));
  std::vector<Certificate> others = order.certificates;
  others.erase(others.begin() + static_cast<std::ptrdiff_t>(leaf));
  if (!order.roots.empty()) {
    BOOST_OUTCOME_TRY(check_chain(certificate, others, order.roots));
  }
  BOOST_OUTCOME_TRY(const auto there, token.certificate_of(certificate.der()));
  if (there)
    return token_error(Reason::duplicate,
                       fmt::format("the certificate of {} is on the token already, as \"{}\"",
                                   certificate.subject(), there->label));
  std::erase_if(others, [](const Certificate& each) {
    return !each.is_authority() || each.is_self_issued();
  });
  return CheckedImport{key, certificate, others};
}

TokenResult<Imported> import_certificate(TokenSession& token, const ImportOrder& order) {
  BOOST_OUTCOME_TRY(const auto checked, check_import(token, order));
  Imported done{checked.key, {}, {}};
  for (const Certificate& issuer : checked.issuers) {
    BOOST_OUTCOME_TRY(const auto there, token.certificate_of(issuer.der()));
    if (there) continue;
    BOOST_OUTCOME_TRY(auto kept, token.store(issuer.der(), label_of(issuer), {}));
    done.issuers.push_back(std::move(kept));
  }
  BOOST_OUTCOME_TRY(auto stored,
                    token.store(checked.certificate.der(), order.label.value_or(checked.key.label),
                                checked.key.id));
  done.certificate = std::move(stored);
  return done;
}

}  // namespace signet::keygen
