#include "activation/import_check.h"

#include <fmt/format.h>
#include <openssl/objects.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <string_view>

#include "common/printable.h"
#include "crypto/certificate.h"
#include "crypto/openssl_ptr.h"
#include "keygen/certificate_check.h"

namespace signet::activation {

namespace {

using keygen::Certificate;
using pkcs11::Reason;
using pkcs11::token_error;
using pkcs11::TokenError;
using pkcs11::TokenResult;

struct UsagesDeleter {
  void operator()(EXTENDED_KEY_USAGE* usages) const {
    sk_ASN1_OBJECT_pop_free(usages, ASN1_OBJECT_free);
  }
};
struct PoliciesDeleter {
  void operator()(CERTIFICATEPOLICIES* policies) const { CERTIFICATEPOLICIES_free(policies); }
};

bool carries(const Certificate& certificate, const std::string& dotted) {
  using ObjectPtr = OpensslPtr<ASN1_OBJECT, ASN1_OBJECT_free>;
  const ObjectPtr wanted(OBJ_txt2obj(dotted.c_str(), 1));
  if (!wanted) return false;
  const std::unique_ptr<EXTENDED_KEY_USAGE, UsagesDeleter> usages(static_cast<EXTENDED_KEY_USAGE*>(
      X509_get_ext_d2i(certificate.x509(), NID_ext_key_usage, nullptr, nullptr)));
  for (int i = 0; usages && i < sk_ASN1_OBJECT_num(usages.get()); ++i)
    if (OBJ_cmp(sk_ASN1_OBJECT_value(usages.get(), i), wanted.get()) == 0) return true;
  const std::unique_ptr<CERTIFICATEPOLICIES, PoliciesDeleter> policies(
      static_cast<CERTIFICATEPOLICIES*>(
          X509_get_ext_d2i(certificate.x509(), NID_certificate_policies, nullptr, nullptr)));
  for (int i = 0; policies && i < sk_POLICYINFO_num(policies.get()); ++i)
    if (OBJ_cmp(sk_POLICYINFO_value(policies.get(), i)->policyid, wanted.get()) == 0) return true;
  return false;
}

TokenResult<std::vector<Certificate>> parsed_all(const std::vector<Bytes>& ders) {
  std::vector<Certificate> certificates;
  for (const Bytes& der : ders) {
    BOOST_OUTCOME_TRY(auto certificate, Certificate::from_der(der));
    certificates.push_back(std::move(certificate));
  }
  return certificates;
}

// `name`: "authentication certificate".
TokenResult<void> check_one(const Certificate& certificate, std::string_view name,
                            const std::vector<Certificate>& issuers,
                            const std::vector<Certificate>& roots, const std::string& wanted) {
  const auto refused = [&](TokenError error) {
    error.sentence = fmt::format("the file's {} is refused: {}", name, error.sentence);
    return error;
  };
  if (const auto good = keygen::check_certificate(certificate); !good)
    return refused(good.assume_error());
  if (const auto good = keygen::check_chain(certificate, issuers, roots); !good)
    return refused(good.assume_error());
  const std::string organisation = organisation_of(certificate);
  if (organisation == wanted && !wanted.empty()) return success();
  return token_error(
      Reason::declined,
      organisation.empty()
          ? fmt::format("the file's {} names no organisation (organizationIdentifier)", name)
          : fmt::format("the file's {} is of the organisation \"{}\", and \"{}\" is demanded: the "
                        "file is somebody else's",
                        name, printable(organisation), printable(wanted)));
}

}  // namespace

std::string organisation_of(const Certificate& certificate) {
  return crypto::name_entry(X509_get_subject_name(certificate.x509()), NID_organizationIdentifier);
}

TokenResult<void> check_demands(const sealclient::SignedActivation& file,
                                const sealclient::Activation& activation,
                                const ImportDemands& demands) {
  BOOST_OUTCOME_TRY(const auto signer, Certificate::from_der(file.signer));
  BOOST_OUTCOME_TRY(const auto own, parsed_all(activation.certificates));
  BOOST_OUTCOME_TRY(const auto sealing, parsed_all(activation.sealing));
  // The authorities that one of them brought may have issued the others, too.
  std::vector<Certificate> issuers(own.begin() + 1, own.end());
  issuers.insert(issuers.end(), sealing.begin() + 1, sealing.end());
  const std::string wanted =
      demands.organisation.empty() ? organisation_of(own.front()) : demands.organisation;
  const auto check = [&](const Certificate& certificate, std::string_view name) {
    return check_one(certificate, name, issuers, demands.roots, wanted);
  };
  BOOST_OUTCOME_TRY(check(signer, "signer's certificate"));
  BOOST_OUTCOME_TRY(check(own.front(), "authentication certificate"));
  BOOST_OUTCOME_TRY(check(sealing.front(), "sealing certificate"));
  // Of both, or a client could bring others into being that its authority does not know as such.
  for (const Certificate& each : {signer, own.front()}) {
    if (carries(each, demands.usage)) continue;
    return token_error(Reason::declined,
                       fmt::format("the certificate of {} has neither the extended key usage nor "
                                   "the policy {}",
                                   printable(each.subject()), printable(demands.usage)));
  }
  const auto& pins = activation.server.pins.all();
  if (demands.server_pins.empty() || std::ranges::any_of(pins, [&](const pinning::Pin& pin) {
        return demands.server_pins.matches(pin);
      }))
    return success();
  return token_error(Reason::declined,
                     fmt::format("the file names the seal server {}, which has none of the pins "
                                 "that are demanded, but {}",
                                 printable(activation.server.url), activation.server.pins.text()));
}

TokenResult<void> check_newest(const sealclient::ActivationHeader& header,
                               const std::vector<ImportRecord>& records) {
  for (const ImportRecord& record : records) {
    if (record.file == header.file && !record.imported.empty()) {
      return token_error(Reason::duplicate,
                         fmt::format("this activation file was imported already, at {}; each is "
                                     "good once",
                                     printable(record.imported)));
    }
    if (record.client == header.client && record.file != header.file &&
        record.issued >= header.issued) {
      return token_error(Reason::duplicate,
                         fmt::format("this activation file is of {}, and a newer one of {} was "
                                     "imported for the same client; activate again",
                                     printable(header.issued), printable(record.issued)));
    }
  }
  return success();
}

}  // namespace signet::activation
