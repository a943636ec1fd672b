#include "seal-server/enrol/certification.h"

#include <openssl/obj_mac.h>
#include <openssl/x509.h>

#include <optional>

#include "crypto/certificate.h"
#include "keygen/certificate.h"
#include "keygen/certificate_check.h"
#include "seal-client/cryptogram.h"
#include "seal-server/certificates/authority.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {

namespace {

using keygen::Certificate;

constexpr Milliseconds kAuthorityLimit{60'000};

std::string name_of(Purpose purpose) {
  return purpose == Purpose::authentication ? "authentication" : "sealing";
}

std::unique_ptr<Authority> authority_for(const Office& office, Purpose purpose) {
  const OfficeSettings& settings = office.settings();
  const std::string& way =
      purpose == Purpose::authentication ? settings.authentication_ca : settings.sealing_ca;
  if (way.starts_with("https://") || way.starts_with("http://"))
    return http_authority({.url = way,
                           .ca_file = settings.ca_file,
                           .media_type = "application/pkcs10",
                           .limit = kAuthorityLimit});
  return command_authority(way, office.requests(), kAuthorityLimit);
}

void check(const Demand& demand, const Certificate& certificate,
           const std::vector<Certificate>& issuers, const std::vector<Certificate>& roots) {
  const std::string which = "The " + name_of(demand.purpose) + " certificate";
  const auto usable = keygen::check_certificate(certificate);
  if (!usable) fail(usable.assume_error().reason, sentence_from(usable.assume_error().sentence));
  const auto chain = keygen::check_chain(certificate, issuers, roots);
  if (!chain)
    fail(chain.assume_error().reason, which + " does not chain to the roots of enrol.toml: " +
                                          chain.assume_error().sentence + ".");
  const std::string organisation = organisation_of(certificate.der());
  if (organisation != demand.organisation)
    fail(Reason::wrong_chain, which + " is for the organisation \"" + organisation + "\", not \"" +
                                  demand.organisation +
                                  "\" (organizationIdentifier of its subject).");
  if (demand.purpose != Purpose::authentication) return;
  const auto recipient = sealclient::recipient_of_certificate(certificate.der());
  if (!recipient) fail(Reason::wrong_chain, recipient.assume_error());
}

std::vector<Bytes> certificates_for(const Demand& demand, const std::vector<Bytes>& answered,
                                    const std::vector<Certificate>& roots) {
  std::optional<Certificate> own;
  std::vector<Certificate> issuers;
  for (const Bytes& der : answered) {
    auto certificate = take(Certificate::from_der(der));
    if (equal(certificate.public_key(), demand.public_key)) {
      own = std::move(certificate);
    } else if (!certificate.is_self_issued()) {
      issuers.push_back(std::move(certificate));
    }
  }
  if (!own)
    fail(Reason::other_key,
         "The authority's answer has no certificate for the " + name_of(demand.purpose) + " key.");
  check(demand, *own, issuers, roots);
  std::vector<Bytes> all = {own->der()};
  for (const Certificate& issuer : issuers) all.push_back(issuer.der());
  return all;
}

}  // namespace

std::vector<Bytes> certify(const Office& office, const Demand& demand, const std::string& name,
                           ByteView request) {
  const AuthorityAnswer answer = authority_for(office, demand.purpose)->ask(name, request);
  const std::string authority = "The authority for " + name_of(demand.purpose) + " certificates";
  switch (answer.kind) {
    case AuthorityAnswer::Kind::issued:
      return certificates_for(demand, answer.certificates, office.settings().roots);
    case AuthorityAnswer::Kind::refused:
      fail(Reason::declined, authority + " refuses the request: " + answer.sentence);
    case AuthorityAnswer::Kind::failed:
      fail(Reason::no_answer, authority + " gives no answer that can be used: " + answer.sentence);
    case AuthorityAnswer::Kind::undecided:
      break;
  }
  fail(Reason::waits, authority +
                          " has not decided yet. Nothing is lost: run the same command again when "
                          "it has.");
}

bool is_request_for(ByteView request, ByteView public_key) {
  const unsigned char* in = request.data();
  const RequestPtr read(d2i_X509_REQ(nullptr, &in, static_cast<long>(request.size())));
  return read &&
         equal(crypto::der_of(X509_REQ_get_X509_PUBKEY(read.get()), i2d_X509_PUBKEY), public_key);
}

bool is_certificate_for(ByteView certificate, ByteView public_key) {
  const X509Ptr read = crypto::certificate_of(certificate);
  return read && equal(crypto::public_key_of(read.get()), public_key);
}

bool is_in_its_dates(ByteView certificate) {
  const auto read = Certificate::from_der(certificate);
  return read && keygen::check_certificate(read.assume_value());
}

std::string organisation_of(ByteView certificate) {
  const X509Ptr read = crypto::certificate_of(certificate);
  return read ? crypto::name_entry(X509_get_subject_name(read.get()), NID_organizationIdentifier)
              : std::string();
}

}  // namespace signet::sealserver::enrol
