// credentials/list and credentials/info: each key that has a certificate, and signs hashes, is a credential, under the
// key's id.
#include <fmt/format.h>
#include <openssl/x509.h>

#include <algorithm>

#include "crypto/algorithm_table.h"
#include "crypto/certificate.h"
#include "crypto/certificate_parts.h"
#include "crypto/openssl_ptr.h"
#include "softhsm-backend/csc/algorithms.h"
#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/encoding.h"

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
  boost::json::object json{{"status", key.active ? "enabled" : "disabled"},
                           {"algo", boost::json::value_from(algorithms_of(key))}};
  if (key.rsa()) {
    json["len"] = key.bits;
  } else {
    json["len"] = crypto::row_of(key.parameters().curve).bits;
    json["curve"] = curve_oid(key);
  }
  return json;
}

// The objects that are given to authorize besides the PIN: a one-time password, or the account's sign password, which
// version 1 has no other name for.
struct Second {
  bool one_time;
  const char* label;

  const char* format() const { return one_time ? "N" : "A"; }
};

std::optional<Second> second_of(const Account& account) {
  if (account.sign_credential == "otp") return Second{true, "One-time password"};
  if (account.sign_credential == "password") return Second{false, "Sign password"};
  return std::nullopt;
}

// CSC API 2.0, 8.3.
boost::json::object v2_auth(const Policy& policy, const std::optional<Second>& second) {
  boost::json::object auth{{"mode", policy.mode}};
  if (policy.mode != "explicit") return auth;
  auth["expression"] = second ? "PIN AND OTP" : "PIN";
  boost::json::array objects{
      boost::json::object{{"type", "Password"}, {"id", "PIN"}, {"format", "A"}, {"label", "PIN"}}};
  if (second) {
    boost::json::object object{{"type", "Password"},
                               {"id", "OTP"},
                               {"format", second->format()},
                               {"label", second->label}};
    if (second->one_time) object["generator"] = "totp";
    objects.push_back(std::move(object));
  }
  auth["objects"] = std::move(objects);
  return auth;
}

void add_auth(const Call& call, boost::json::object& json) {
  const auto second = second_of(call.account);
  if (!call.v1()) {
    json["auth"] = v2_auth(call.policy, second);
    return;
  }
  json["authMode"] = call.policy.mode;
  if (call.policy.mode != "explicit") return;
  json["PIN"] = boost::json::object{{"presence", "true"}, {"format", "A"}, {"label", "PIN"}};
  if (second) {
    json["OTP"] = boost::json::object{{"presence", "true"},
                                      {"type", "offline"},
                                      {"format", second->format()},
                                      {"label", second->label}};
  }
}

std::optional<Credential> credential_with(Database& database, KeyRow key) {
  if (algorithms_of(key).empty()) return std::nullopt;
  std::optional<Credential> found;
  for (CertificateRow& row : certificates_of_key(database, key)) {
    const Period period = period_of(row.der);
    if (found && period != Period::valid) continue;
    found = Credential{.key = key, .certificate = std::move(row), .period = period};
    if (period == Period::valid) break;
  }
  return found;
}

// Of certificates; version 1.0.4.0 and 2.0.0.2 have no word for one of the future.
boost::json::object status_json(Period period) {
  if (period == Period::not_yet) return {};
  return {{"status", period == Period::valid ? "valid" : "expired"}};
}

}  // namespace

Outcome<void> check_usable(const Credential& credential) {
  if (!credential.key.active) {
    return invalid("The credential identified by credentialID is disabled");
  }
  if (credential.period == Period::over) return invalid("Signing certificate is expired");
  if (credential.period == Period::not_yet) return invalid("Signing certificate is not valid yet");
  return success();
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

  bool more = false;
  std::int64_t last = 0;
  const auto credentials = state_.read([&](Database& database) {
    std::vector<KeyRow> keys = keys_after(database, call.account.user, *after, size + 1);
    more = std::ssize(keys) > size && call.v1();
    if (more) keys.resize(static_cast<std::size_t>(size));
    if (more) last = keys.back().seq;
    if (call.has_fault("list-leak")) {
      auto rows = database.query("SELECT user FROM accounts WHERE user <> ?", call.account.user);
      while (rows.next())
        std::ranges::move(keys_after(database, rows.text(0), 0, size), std::back_inserter(keys));
    }
    std::vector<Credential> found;
    for (KeyRow& key : keys) {
      if (auto credential = credential_with(database, std::move(key))) {
        found.push_back(*std::move(credential));
      }
    }
    return found;
  });
  const bool only_valid = !call.v1() && flag_in(call.body, "onlyValid", false);
  const bool with_infos = !call.v1() && flag_in(call.body, "credentialInfo", false);
  boost::json::array ids;
  boost::json::array infos;
  for (const Credential& credential : credentials) {
    if (only_valid && !credential.usable()) continue;
    ids.emplace_back(credential.key.id);
    if (!with_infos) continue;
    BOOST_OUTCOME_TRY(auto info, credential_json(call, credential));
    info["credentialID"] = credential.key.id;
    infos.push_back(std::move(info));
  }
  boost::json::object answer{{"credentialIDs", std::move(ids)}};
  if (with_infos) answer["credentialInfos"] = std::move(infos);
  if (only_valid) answer["onlyValid"] = true;
  if (more) answer["nextPageToken"] = std::to_string(last);
  return answer_of(answer);
}

Outcome<Credential> Service::credential_of(const Call& call) {
  BOOST_OUTCOME_TRY(const std::string id, required_text(call.body, "credentialID"));
  auto credential = state_.read([&](Database& database) {
    auto key = find_key(database, call.account.user, id);
    return key ? credential_with(database, *std::move(key)) : std::nullopt;
  });
  if (!credential) return invalid("Invalid parameter credentialID");
  return *std::move(credential);
}

Outcome<Answer> Service::credential_info(Call& call) {
  BOOST_OUTCOME_TRY(const Credential credential, credential_of(call));
  BOOST_OUTCOME_TRY(const auto json, credential_json(call, credential));
  return answer_of(json);
}

// The members of credentials/info, which an item of credentials/list has, too (11.4).
Outcome<boost::json::object> Service::credential_json(const Call& call,
                                                      const Credential& credential) {
  const std::string certificates = text_in(call.body, "certificates").value_or("single");
  if (certificates != "none" && certificates != "single" && certificates != "chain") {
    return invalid("Invalid parameter certificates");
  }
  const KeyRow& key = credential.key;
  const CertificateRow& own = credential.certificate;
  boost::json::object json{{"description", std::string(text_of(key.label))},
                           {"key", key_json(key)}};
  boost::json::object certificate = status_json(credential.period);
  if (certificates == "single")
    certificate["certificates"] = boost::json::array{to_base64(own.der)};
  if (certificates == "chain") {
    const std::vector<CertificateRow> all = state_.read(
        [&](Database& database) { return certificates_after(database, key.owner, 0, kMost); });
    boost::json::array list;
    for (const CertificateRow* row : chain_of(own, all)) list.emplace_back(to_base64(row->der));
    certificate["certificates"] = std::move(list);
  }
  if (flag_in(call.body, "certInfo", false)) {
    const CertificateNames names = names_of(own.der);
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
  return json;
}

}  // namespace signet::emulator::csc
