#include "keygen/renewal.h"

#include <fmt/format.h>
#include <openssl/x509.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <utility>

#include "crypto/openssl.h"
#include "keygen/import.h"
#include "keygen/request.h"
#include "keygen/signed_data.h"
#include "keygen/succession.h"

namespace signet::keygen {

namespace {

namespace fs = std::filesystem;

// A record on its way, and everything that its steps need.
class Procedure {
 public:
  Procedure(TokenSession& token, RenewalJournal& journal, RenewalRecord& record,
            const RenewalOrder& order, Certificate old, bool fresh)
      : token_(token),
        journal_(journal),
        record_(record),
        order_(order),
        old_(std::move(old)),
        fresh_(fresh) {}

  TokenResult<void> run() {
    while (!is_finished(record_.step)) {
      const RenewalStep before = record_.step;
      BOOST_OUTCOME_TRY(const bool superseded, is_superseded());
      BOOST_OUTCOME_TRY(superseded ? give_up() : next());
      if (record_.step == before) return success();  // there is no answer yet
      BOOST_OUTCOME_TRY(journal_.write(record_));
      if (order_.progress) order_.progress(record_);
    }
    return success();
  }

 private:
  TokenResult<void> next() {
    switch (record_.step) {
      case RenewalStep::planned:
        return make_key();
      case RenewalStep::key_made:
        return request();
      case RenewalStep::requested:
        return ask();
      case RenewalStep::answered:
        return import();
      case RenewalStep::imported:
        return switch_labels();
      case RenewalStep::done:
      case RenewalStep::superseded:
        break;
    }
    return success();
  }

  // By what is on the token now. Once its own certificate is there, a renewal is carried to its end.
  TokenResult<bool> is_superseded() const {
    if (record_.step == RenewalStep::imported) return false;
    if (order_.read_again) {
      BOOST_OUTCOME_TRY(order_.read_again());
    }
    BOOST_OUTCOME_TRY(const auto successor, successor_of(token_, record_));
    return successor.has_value();
  }

  TokenResult<void> give_up() {
    record_.new_public_key.clear();
    BOOST_OUTCOME_TRY(sweep_keys(token_, record_));
    record_.step = RenewalStep::superseded;
    return success();
  }

  TokenResult<void> make_key() {
    BOOST_OUTCOME_TRY(auto made, made_before());
    if (!made) {
      BOOST_OUTCOME_TRY(refuse_foreign());
      BOOST_OUTCOME_TRY(const KeyType type, KeyType::parse(record_.key_type));
      BOOST_OUTCOME_TRY(made,
                        token_.generate({type, waiting_label(record_.key_label), record_.new_id}));
    }
    if (made->public_key.empty())
      return token_error(Reason::not_supported,
                         "the token does not tell the new key's public half");
    const auto owned = claim(token_, journal_, record_, *made, order_.read_again);
    if (!owned) {
      if (owned.error().reason == Reason::exists) {
        BOOST_OUTCOME_TRY(abandon());
      }
      return owned.error();
    }
    if (!owned.value()) return give_up();
    record_.new_id = made->id;
    record_.new_public_key = made->public_key;
    record_.step = RenewalStep::key_made;
    return success();
  }

  // The key of an attempt that was cut off. Where it is not there, it may still come up: the next
  // attempt is made under another id, so that the two can be told apart.
  TokenResult<std::optional<Key>> made_before() {
    if (std::exchange(fresh_, false)) return std::optional<Key>();
    BOOST_OUTCOME_TRY(const auto keys, token_.keys());
    auto ids = record_.abandoned_ids;
    ids.push_back(record_.new_id);
    for (const Key& key : keys)
      if (std::find(ids.begin(), ids.end(), key.id) != ids.end()) return std::optional<Key>(key);
    BOOST_OUTCOME_TRY(take_other_id());
    return std::optional<Key>();
  }

  TokenResult<void> take_other_id() {
    record_.abandoned_ids.push_back(record_.new_id);
    record_.new_id = pkcs11::random_id();
    return journal_.write(record_);
  }

  // Nothing is made where another journal's key waits.
  TokenResult<void> refuse_foreign() const {
    BOOST_OUTCOME_TRY(const auto records, journal_.records());
    BOOST_OUTCOME_TRY(const auto foreign,
                      foreign_keys(token_, record_.key_label, records.readable));
    if (foreign.empty()) return success();
    return renewed_elsewhere(foreign.front(), journal_.folder());
  }

  // What was made makes room for another journal's.
  TokenResult<void> abandon() {
    BOOST_OUTCOME_TRY(sweep_keys(token_, record_));
    return take_other_id();
  }

  TokenResult<void> request() {
    BOOST_OUTCOME_TRY(const Key new_key, key_of(record_.new_public_key, "new"));
    BOOST_OUTCOME_TRY(const Key old_key, key_of(old_.public_key(), "old"));
    const RequestWish wish = wish_like(old_);
    BOOST_OUTCOME_TRY(const Bytes inner, make_request(token_, new_key, wish));
    BOOST_OUTCOME_TRY(const Bytes sealed,
                      make_signed_data(token_, old_key, {old_, {}, Signing()}, inner));
    BOOST_OUTCOME_TRY(journal_.write_request(record_, sealed));
    record_.requested_at = std::chrono::system_clock::now();
    record_.step = RenewalStep::requested;
    return success();
  }

  TokenResult<void> ask() {
    if (!order_.ask) return success();
    BOOST_OUTCOME_TRY(const Bytes answer, order_.ask(journal_.request_file(record_)));
    if (answer.empty()) return success();
    BOOST_OUTCOME_TRY(const auto certificates, parse_certificates(answer));
    BOOST_OUTCOME_TRY(check_answer(certificates));
    std::string pem;
    for (const Certificate& each : certificates) pem += crypto::to_pem("CERTIFICATE", each.der());
    BOOST_OUTCOME_TRY(journal_.write_answer(record_, view_of(pem)));
    record_.step = RenewalStep::answered;
    return success();
  }

  // What import checks, and that it is a successor.
  TokenResult<void> check_answer(const std::vector<Certificate>& certificates) {
    const auto checked = check_import(token_, import_order(certificates));
    if (!checked && checked.error().reason != Reason::duplicate) return checked.error();
    const auto fresh = std::find_if(
        certificates.begin(), certificates.end(),
        [&](const Certificate& each) { return equal(each.public_key(), record_.new_public_key); });
    if (fresh == certificates.end())
      return token_error(Reason::other_key, "the answer is for another key than the renewal's");
    if (X509_NAME_cmp(X509_get_subject_name(fresh->x509()), X509_get_subject_name(old_.x509())) !=
        0)
      return token_error(Reason::failed, fmt::format("the answer is a certificate of {}, not of {}",
                                                     fresh->subject(), old_.subject()));
    if (fresh->not_after() <= old_.not_after())
      return token_error(
          Reason::failed,
          fmt::format("the new certificate of {} ends on {}, no later than the old one",
                      fresh->subject(), date_text(fresh->not_after())));
    // The next run may be a day later.
    if (fresh->not_after() <= std::chrono::system_clock::now() + order_.due + std::chrono::days(1))
      return token_error(
          Reason::failed,
          fmt::format(
              "the new certificate of {} ends on {} and would be due again at once: choose a "
              "shorter time (--due) than {} days",
              fresh->subject(), date_text(fresh->not_after()), order_.due.count()));
    return success();
  }

  ImportOrder import_order(std::vector<Certificate> certificates) const {
    return {std::move(certificates), order_.roots, ObjectChoice{std::nullopt, record_.new_id},
            record_.certificate_label};
  }

  TokenResult<void> import() {
    BOOST_OUTCOME_TRY(auto certificates, read_certificates(journal_.answer_file(record_)));
    const auto imported = import_certificate(token_, import_order(std::move(certificates)));
    if (!imported && imported.error().reason != Reason::duplicate) return imported.error();
    record_.step = RenewalStep::imported;
    return success();
  }

  // At every moment at least one certificate and one key have the label.
  TokenResult<void> switch_labels() {
    BOOST_OUTCOME_TRY(const auto certificates, token_.certificates());
    const std::string& label = record_.certificate_label;
    for (const StoredCertificate& each : certificates) {
      if (!is_new(each) || each.label == label) continue;
      BOOST_OUTCOME_TRY(token_.set_label(each, label));
    }
    for (const StoredCertificate& each : certificates) {
      if (!equal(each.der, old_.der()) || each.label != label || label.empty()) continue;
      BOOST_OUTCOME_TRY(token_.set_label(each, retired_label(label, old_)));
    }
    BOOST_OUTCOME_TRY(switch_key_labels());
    BOOST_OUTCOME_TRY(sweep_keys(token_, record_));
    record_.step = RenewalStep::done;
    return success();
  }

  bool is_new(const StoredCertificate& stored) const {
    const auto certificate = Certificate::from_der(stored.der);
    return certificate && equal(certificate.value().public_key(), record_.new_public_key);
  }

  // Both halves of a pair are named one after the other: a pair whose first half has its name may
  // still need it for the second.
  TokenResult<void> switch_key_labels() {
    BOOST_OUTCOME_TRY(const Key new_key, key_of(record_.new_public_key, "new"));
    BOOST_OUTCOME_TRY(token_.set_label(new_key, record_.key_label));
    BOOST_OUTCOME_TRY(const auto old_key, token_.key_of(old_.public_key()));
    if (!old_key || record_.key_label.empty()) return success();
    return token_.set_label(*old_key, retired_label(record_.key_label, old_));
  }

  TokenResult<Key> key_of(ByteView public_key, std::string_view which) const {
    BOOST_OUTCOME_TRY(const auto key, token_.key_of(public_key));
    if (key) return *key;
    return token_error(
        Reason::not_found,
        fmt::format("the {} key of {} is no longer on the token; if it is lost for good, "
                    "delete {} to begin again",
                    which, old_.subject(), record_.name() + ".json"));
  }

  TokenSession& token_;
  RenewalJournal& journal_;
  RenewalRecord& record_;
  const RenewalOrder& order_;
  Certificate old_;
  bool fresh_;
};

}  // namespace

TokenResult<void> check_due(const DueCertificate& due, std::chrono::days time) {
  constexpr std::chrono::days bridge{90};
  constexpr std::chrono::days tolerance{7};
  const auto term = due.certificate.not_after() - due.certificate.not_before();
  if (term < bridge || time < term + tolerance) return success();
  return token_error(
      Reason::failed,
      fmt::format(
          "the certificate of {} was issued for {} days: a successor would be due within {} "
          "days (--due) at once, and at every run; choose a shorter time. Nothing was made",
          due.certificate.subject(), std::chrono::duration_cast<std::chrono::days>(term).count(),
          time.count()));
}

TokenResult<void> check_wait(const RenewalRecord& record, std::chrono::days most) {
  if (record.step != RenewalStep::requested || !record.requested_at) return success();
  BOOST_OUTCOME_TRY(const auto old, Certificate::from_der(record.old_certificate));
  const auto now = std::chrono::system_clock::now();
  if (now - *record.requested_at <= most && now < old.not_after()) return success();
  return token_error(
      Reason::waits,
      fmt::format("the request of {} has waited for its answer since {}, and the certificate ends "
                  "on {}: take it to the certification authority and come back with --answer, or "
                  "have --ca-command do so",
                  old.subject(), date_text(*record.requested_at), date_text(old.not_after())));
}

NewKeyType new_key_type(const DueCertificate& due, const crypto::Suite& suite,
                        const std::optional<KeyType>& wanted) {
  const auto now = std::chrono::system_clock::now();
  const auto until = now + (due.certificate.not_after() - due.certificate.not_before());
  const KeyType& old = due.key.type;
  NewKeyType chosen{wanted ? *wanted : successor_type(old, suite, now, until)};
  chosen.warning = against_key_type(chosen.type, suite, now, until);
  if (!wanted && chosen.type != old)
    chosen.reason = fmt::format("the new key is {}, not {}: {}", chosen.type.text(), old.text(),
                                against_key_type(old, suite, now, until));
  return chosen;
}

TokenResult<RenewalRecord> plan_renewal(const TokenSession& token, RenewalJournal& journal,
                                        const DueCertificate& due, const NewKeyType& type) {
  if (due.certificate.not_after() <= std::chrono::system_clock::now())
    return token_error(
        Reason::expired,
        fmt::format("the certificate of {} ended on {} and can seal no request any more: "
                    "ask for a new one as for the first, with signet csr",
                    due.certificate.subject(), date_text(due.certificate.not_after())));
  // RFC 8419; OpenSSL 3.0's CMS functions cannot read such messages.
  if (due.key.type.kind == crypto::KeyType::edwards)
    return token_error(
        Reason::not_supported,
        fmt::format("the request for the successor of {} would be a message (CMS) that its Ed25519 "
                    "key signs, which authorities that use OpenSSL 3.0 cannot verify: ask for a "
                    "new certificate as for the first, with signet csr",
                    due.certificate.subject()));
  if (!due.key.can_sign)
    return token_error(Reason::key_disabled,
                       fmt::format("the key of {} is disabled: it cannot seal "
                                   "a request",
                                   due.certificate.subject()));
  BOOST_OUTCOME_TRY(const auto records, journal.records());
  RenewalRecord record;
  for (const RenewalRecord& former :
       records.readable) {  // which another journal was before, and is no longer
    if (!equal(former.old_certificate, due.stored.der)) continue;
    record.abandoned_ids = former.abandoned_ids;
    record.abandoned_ids.push_back(former.new_id);
  }
  record.token = token.info().label;
  record.old_certificate = due.stored.der;
  record.certificate_label = due.stored.label;
  record.key_label = due.key.label;
  record.key_type = type.type.text();
  record.key_type_reason = type.reason;
  record.new_id = pkcs11::random_id();
  BOOST_OUTCOME_TRY(journal.write(record));
  return record;
}

TokenResult<void> advance_renewal(TokenSession& token, RenewalJournal& journal,
                                  RenewalRecord& record, const RenewalOrder& order, bool fresh) {
  BOOST_OUTCOME_TRY(Certificate old, Certificate::from_der(record.old_certificate));
  return Procedure(token, journal, record, order, std::move(old), fresh).run();
}

TokenResult<void> sweep_keys(TokenSession& token, const RenewalRecord& record) {
  BOOST_OUTCOME_TRY(const auto leftovers, leftovers_of(token, record));
  for (const Key& key : leftovers) {
    BOOST_OUTCOME_TRY(token.destroy(key));
  }
  return success();
}

}  // namespace signet::keygen
