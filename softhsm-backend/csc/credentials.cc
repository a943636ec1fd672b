// credentials/list and credentials/info: each key that has a certificate is a credential, under the key's id.
#include <fmt/format.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "crypto/certificate.h"
#include "crypto/certificate_parts.h"
#include "crypto/openssl_ptr.h"
#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/key_types.h"

namespace signet::emulator::csc {

namespace {

constexpr std::int64_t kMost = 10'000;

struct CertificateNames {
  std::string issuer;
  std::string subject;
  std::string serial_number;  // hexadecimal
  std::string valid_from;     // GeneralizedTime, as the specification has it
  std::string valid_to;
};

CertificateNames names_of(ByteView der) {
  const unsigned char* at = der.data();
  const X509Ptr certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
  if (certificate == nullptr) return {};
  const auto time = [](const ASN1_TIME* moment) {
    ASN1_GENERALIZEDTIME* const general = ASN1_TIME_to_generalizedtime(moment, nullptr);
    const auto* const octets = reinterpret_cast<const char*>(ASN1_STRING_get0_data(general));
    std::string text(octets, static_cast<std::size_t>(ASN1_STRING_length(general)));
    ASN1_GENERALIZEDTIME_free(general);
    return text;
  };
  const ASN1_INTEGER* const serial = X509_get0_serialNumber(certificate.get());
  return {.issuer = crypto::name_text(X509_get_issuer_name(certificate.get())),
          .subject = crypto::name_text(X509_get_subject_name(certificate.get())),
          .serial_number = to_hex({ASN1_STRING_get0_data(serial),
                                   static_cast<std::size_t>(ASN1_STRING_length(serial))}),
          .valid_from = time(X509_get0_notBefore(certificate.get())),
          .valid_to = time(X509_get0_notAfter(certificate.get()))};
}

// The issuers of `certificate` among those of the account, as far as they are there.
std::vector<const CertificateRow*> chain_of(const CertificateRow& own,
                                            const std::vector<CertificateRow>& all) {
  constexpr std::size_t longest = 10;
  std::vector<const CertificateRow*> chain{&own};
  while (chain.size() < longest) {
    const auto parts = crypto::parse_certificate(chain.back()->der);
    if (!parts || equal(parts->issuer, parts->subject)) break;
    const auto issuer = std::ranges::find_if(all, [&](const CertificateRow& candidate) {
      const auto its = crypto::parse_certificate(candidate.der);
      return its && equal(its->subject, parts->issuer);
    });
    if (issuer == all.end() || std::ranges::find(chain, &*issuer) != chain.end()) break;
    chain.push_back(&*issuer);
  }
  return chain;
}

boost::json::object key_json(const KeyRow& key) {
  boost::json::array algorithms;
  boost::json::object json{{"status", key.active ? "enabled" : "disabled"}};
  if (key.rsa()) {
    for (const char* oid :
         {"1.2.840.113549.1.1.1", "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.12",
          "1.2.840.113549.1.1.13", "1.2.840.113549.1.1.10"}) {
      algorithms.emplace_back(oid);
    }
    json["len"] = key.bits;
  } else {
    for (const char* oid : {"1.2.840.10045.4.3.2", "1.2.840.10045.4.3.3", "1.2.840.10045.4.3.4",
                            "0.4.0.127.0.7.1.1.4.1.3"}) {
      algorithms.emplace_back(oid);
    }
    const bool p256 = key.curve == "P-256";
    const bool p384 = key.curve == "P-384";
    json["len"] = p256 ? 256 : p384 ? 384 : 521;
    json["curve"] = p256 ? "1.2.840.10045.3.1.7" : p384 ? "1.3.132.0.34" : "1.3.132.0.35";
  }
  json["algo"] = std::move(algorithms);
  return json;
}

boost::json::object v2_auth(const Policy& policy, bool otp) {
  boost::json::object auth{{"mode", policy.mode}};
  if (policy.mode != "explicit") return auth;
  auth["expression"] = otp ? "PIN AND OTP" : "PIN";
  boost::json::array objects{
      boost::json::object{{"type", "Password"}, {"id", "PIN"}, {"format", "A"}, {"label", "PIN"}}};
  if (otp) {
    objects.push_back(boost::json::object{{"type", "OTP"},
                                          {"id", "OTP"},
                                          {"format", "N"},
                                          {"label", "One-time password"},
                                          {"generator", "totp"}});
  }
  auth["objects"] = std::move(objects);
  return auth;
}

void add_auth(const Call& call, boost::json::object& json) {
  const bool otp = call.account.sign_credential == "otp";
  if (!call.v1()) {
    json["auth"] = v2_auth(call.policy, otp);
    return;
  }
  json["authMode"] = call.policy.mode;
  if (call.policy.mode != "explicit") return;
  json["PIN"] = boost::json::object{{"presence", "true"}, {"format", "A"}, {"label", "PIN"}};
  if (otp) {
    json["OTP"] = boost::json::object{
        {"presence", "true"}, {"type", "offline"}, {"format", "N"}, {"label", "One-time password"}};
  }
}

}  // namespace

std::vector<CertificateRow> Service::certificates_of(const std::string& account) {
  return state_.read(
      [&](Database& database) { return certificates_after(database, account, 0, kMost); });
}

Outcome<Answer> Service::list(Call& call) {
  constexpr std::int64_t usual_page = 100;
  // Access tokens are of one user (8.3.1), so that none may be named.
  if (text_in(call.body, "userID")) return invalid("The parameter userID must be null");
  BOOST_OUTCOME_TRY(const auto most, number_in(call.body, "maxResults"));
  const std::string page = text_in(call.body, "pageToken").value_or("0");
  const auto after = read_unsigned(page);
  if (!after) return invalid("Invalid parameter pageToken");
  const std::int64_t size =
      call.v1() ? std::clamp<std::int64_t>(most.value_or(usual_page), 1, usual_page) : kMost;

  std::vector<KeyRow> keys = state_.read([&](Database& database) {
    std::vector<KeyRow> found =
        keys_after(database, call.account.user, static_cast<std::int64_t>(*after), size + 1);
    if (!call.has_fault("list-leak")) return found;
    auto rows = database.query("SELECT user FROM accounts WHERE user <> ?", call.account.user);
    while (rows.next())
      std::ranges::move(keys_after(database, rows.text(0), 0, size), std::back_inserter(found));
    return found;
  });
  const bool more = static_cast<std::int64_t>(keys.size()) > size && call.v1();
  if (more) keys.resize(static_cast<std::size_t>(size));
  std::vector<CertificateRow> certificates = certificates_of(call.account.user);
  boost::json::array ids;
  for (const KeyRow& key : keys) {
    const bool certified =
        key.owner != call.account.user ||
        std::ranges::find(certificates, key.id, &CertificateRow::key_id) != certificates.end();
    if (certified) ids.emplace_back(key.id);
  }
  boost::json::object answer{{"credentialIDs", std::move(ids)}};
  if (more) answer["nextPageToken"] = std::to_string(keys.back().seq);
  return answer_of(answer);
}

Outcome<KeyRow> Service::key_of(Call& call) {
  BOOST_OUTCOME_TRY(const std::string id, required_text(call.body, "credentialID"));
  const auto key =
      state_.read([&](Database& database) { return find_key(database, call.account.user, id); });
  if (!key) return invalid("Invalid parameter credentialID");
  return *key;
}

Outcome<Answer> Service::credential_info(Call& call) {
  BOOST_OUTCOME_TRY(const KeyRow key, key_of(call));
  const std::string certificates = text_in(call.body, "certificates").value_or("single");
  if (certificates != "none" && certificates != "single" && certificates != "chain") {
    return invalid("Invalid parameter certificates");
  }
  const std::vector<CertificateRow> all = certificates_of(call.account.user);
  const auto own = std::ranges::find(all, key.id, &CertificateRow::key_id);
  if (own == all.end()) return invalid("Invalid parameter credentialID");
  boost::json::object json{{"description", std::string(text_of(key.label))},
                           {"key", key_json(key)}};
  boost::json::object certificate{{"status", "valid"}};
  if (certificates != "none") {
    boost::json::array list;
    for (const CertificateRow* row : chain_of(*own, all)) {
      if (certificates == "single" && !list.empty()) break;
      list.emplace_back(to_base64(row->der));
    }
    certificate["certificates"] = std::move(list);
  }
  if (flag_in(call.body, "certInfo", false)) {
    const CertificateNames names = names_of(own->der);
    certificate["issuerDN"] = names.issuer;
    certificate["serialNumber"] = names.serial_number;
    certificate["subjectDN"] = names.subject;
    certificate["validFrom"] = names.valid_from;
    certificate["validTo"] = names.valid_to;
  }
  json["cert"] = std::move(certificate);
  if (call.v1() || flag_in(call.body, "authInfo", false)) add_auth(call, json);
  const std::int64_t shown = call.has_fault("scal-lie") ? 3 - call.policy.scal : call.policy.scal;
  json["SCAL"] = std::to_string(shown);
  json["multisign"] = call.policy.multisign;
  json["lang"] = "en";
  return answer_of(json);
}

}  // namespace signet::emulator::csc
