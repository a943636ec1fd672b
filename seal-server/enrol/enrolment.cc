#include "seal-server/enrol/enrolment.h"

#include <algorithm>
#include <chrono>
#include <memory>

#include "common/clock.h"
#include "crypto/certificate.h"
#include "crypto/openssl.h"
#include "dsa-transport/client_identity.h"
#include "keygen/certificate.h"
#include "keygen/subject.h"
#include "seal-client/credentials.h"
#include "seal-client/cryptogram.h"
#include "seal-server/enrol/certification.h"
#include "seal-server/enrol/failure.h"

namespace signet::sealserver::enrol {

namespace {

constexpr Milliseconds kServerLimit{30'000};
constexpr unsigned kSteps = 9;
constexpr std::chrono::hours kKeysKept{23};  // the server keeps idempotency keys for a day

Deadline server_deadline() {
  return Deadline::after(kServerLimit);
}

Bytes key_name(ByteView certificate) {
  const X509Ptr read = crypto::certificate_of(certificate);
  return read ? crypto::sha256(crypto::public_key_of(read.get())) : Bytes();
}

bool is_too_old(const std::string& since) {
  const auto oldest = std::chrono::system_clock::now() - kKeysKept;
  return since < utc_text(oldest);  // both of one form
}

std::vector<sealclient::ApplianceMember> members_of(const OfficeSettings& settings) {
  std::vector<sealclient::ApplianceMember> members;
  for (const config::MemberConfig& member : settings.members)
    members.push_back({.url = member.url, .pins = member.pins});
  return members;
}

}  // namespace

sealclient::Administration administration_of(const OfficeSettings& settings) {
  return sealclient::Administration({.url = settings.server,
                                     .pins = settings.server_pins,
                                     .identity =
                                         [administrator = settings.administrator] {
                                           return std::make_unique<transport::ClientIdentity>(
                                               administrator);
                                         },
                                     .user_agent = "signet-seald"});
}

void end_password(const Office& office, const Record& record) {
  if (record.account_asked) Account(office.settings(), record.account).forget_password();
}

void revoke_keys(sealclient::Administration& server, const Record& record) {
  if (record.client.empty()) return;
  const auto client = take(server.client(record.client, server_deadline()));
  for (const sealclient::AuthenticationKey& key : client.keys)
    if (key.state != sealclient::KeyState::revoked)
      take(server.revoke_key(record.client, key.key, server_deadline()));
}

void take_back_former(const Office& office, sealclient::Administration& server, Record& record) {
  if (!record.withdrawing) return;
  write_record(office.journals(), record);
  Attempts attempts;
  attempts.make([&] { end_password(office, record); });
  attempts.make([&] { revoke_keys(server, record); });
  attempts.finish();
  record.withdrawing = false;
  write_record(office.journals(), record);
}

Enrolment::Enrolment(const Office& office, Record record, ActivationCard& card, Progress progress)
    : office_(office),
      record_(std::move(record)),
      card_(card),
      progress_(std::move(progress)),
      server_(administration_of(office.settings())),
      account_(office.settings(), record_.account) {}

void Enrolment::next(const std::string& what) {
  ++step_;
  if (progress_) progress_(step_, kSteps, what);
}

std::string Enrolment::request_name(const char* purpose) const {
  return to_hex(crypto::sha256(view_of(record_.client_key))).substr(0, 16) + purpose +
         std::to_string(record_.round);
}

void Enrolment::run() {
  take_back_former(office_, server_, record_);
  make_card_key();
  certify_card_key();
  add_client();
  make_secrets();
  keep_at_server();
  open_account();
  make_sealing_key();
  certify_sealing_key();
  finish_card();
  password_.wipe();
  content_key_.wipe();
  account_.use({});
  record_.done = true;
  save();
}

void Enrolment::make_card_key() {
  next("authentication key on the card");
  if (record_.card_label.empty()) {
    record_.card_label = card_.info().label;
    record_.card_serial = card_.info().serial;
    record_.card_key_id = pkcs11::random_id();
    save();
  }
  card_.remove_former(record_.card_key_id);
  card_key_ = card_.key(record_.card_key_id, record_.card_key_type);
}

// An authority that takes its time is asked with the same request each time. A key that was cut off in its making, and made
// again, has another one.
void Enrolment::certify_by(Certification& own, const Demand& demand, const char* purpose,
                           const std::function<Bytes(const Bytes& subject)>& make_request) {
  const bool certified = !own.certificates.empty() &&
                         is_certificate_for(own.certificates.front(), demand.public_key) &&
                         is_in_its_dates(own.certificates.front());
  if (certified) return;
  own.certificates.clear();
  if (!is_request_for(own.request, demand.public_key))
    own.request = make_request(take(keygen::parse_subject(record_.subject)));
  save();
  own.certificates = certify(office_, demand, request_name(purpose), own.request);
  save();
}

void Enrolment::certify_card_key() {
  next("certificate for it");
  Certification& own = record_.authentication;
  const Demand demand{.purpose = Purpose::authentication,
                      .public_key = card_key_.public_key,
                      .organisation = record_.organisation};
  certify_by(own, demand, "a",
             [&](const Bytes& subject) { return card_.request(card_key_, subject); });
  card_.store_authentication(card_key_, own.certificates.front());
}

void Enrolment::add_client() {
  next("client at the seal server");
  if (!record_.client.empty()) return;
  if (record_.client_key_since.empty()) {
    record_.client_key_since = utc_text(std::chrono::system_clock::now());
    save();
  } else if (is_too_old(record_.client_key_since)) {
    fail(Reason::failed,
         "Whether the client was added to the seal server more than a day ago is not known. Look "
         "for \"" +
             record_.name +
             "\" there, and say --client ID with its id; or --new-client where "
             "it is not there.");
  }
  sealclient::NewClient client{.name = record_.name, .organisation = record_.organisation};
  for (const config::MemberConfig& member : office_.settings().members)
    client.members.push_back(member.url);
  client.seals_a_day = record_.seals_a_day;
  client.seals_in_all = record_.seals_in_all;
  record_.client = take(server_.add_client(client, record_.client_key, server_deadline()));
  save();
}

void Enrolment::make_secrets() {
  content_key_ = take(sealclient::new_content_key());
  password_ = random_password();
}

void Enrolment::keep_at_server() {
  next("cryptogram and credentials at the seal server, SHA-256 of their key on the card");
  const Bytes& certificate = record_.authentication.certificates.front();
  const Bytes name = key_name(certificate);
  sealclient::KeyCiphertexts kept;
  kept.cryptogram =
      take(sealclient::make_cryptogram(content_key_, card_.recipient(card_key_, certificate)));
  card_.check_cryptogram(card_key_, kept.cryptogram, content_key_);
  kept.credentials =
      take(sealclient::encrypt_credentials({.version = 1,
                                            .client = record_.client,
                                            .user = record_.account,
                                            .password = password_,
                                            .members = members_of(office_.settings()),
                                            .enrol_key = office_.enrol_key()},
                                           content_key_));
  const auto client = take(server_.client(record_.client, server_deadline()));
  const bool known =
      std::ranges::any_of(client.keys, [&](const auto& key) { return equal(key.key, name); });
  if (known) {
    take(server_.put_cryptogram(record_.client, name, kept, server_deadline()));
  } else {
    take(server_.add_card(record_.client, certificate, kept, server_deadline()));
  }
  record_.content_key_hash = sealclient::content_key_hash(content_key_);
  record_.hash_on_card = card_.store_hash(record_.content_key_hash);
  save();
}

// An account that is there before this enrolment has asked for it is somebody else's; one that is there afterwards is ours,
// and gets the new password.
void Enrolment::open_account() {
  next("account at the appliance");
  account_.check_administrator();  // nothing was asked for without it
  const bool asked = record_.account_asked;
  record_.account_asked = true;
  save();
  const AccountAnswer answer = account_.add(record_.name, password_);
  if (answer != AccountAnswer::added && !asked) {
    record_.account_asked = false;
    save();
  }
  if (answer == AccountAnswer::refused) account_.fail_refused();
  if (answer == AccountAnswer::exists && !asked) {
    fail(Reason::exists, "The appliance has an account \"" + record_.account +
                             "\" already; give this client another one with --account.");
  }
  if (answer == AccountAnswer::exists) account_.set_password(password_);
  account_.use(password_);
}

void Enrolment::make_sealing_key() {
  next("sealing key in the appliance");
  use_present_sealing_certificate();
  if (record_.sealing_key_id.empty()) {
    record_.sealing_key_id = pkcs11::random_id();
    save();
  }
  sealing_key_ = account_.key(record_.sealing_key_id, record_.sealing_key_type);
}

// A client that is enrolled again keeps its sealing key: nobody can have copied that. It may have been renewed since.
void Enrolment::use_present_sealing_certificate() {
  if (record_.round == 1) return;
  const auto client = take(server_.client(record_.client, server_deadline()));
  for (const sealclient::SealingCertificate& known : client.sealing_certificates) {
    if (!known.active) continue;
    const auto present = account_.certificate_named(known.certificate);
    if (!present || present->cka_id.empty()) continue;
    record_.sealing_key_id = present->cka_id;
    if (record_.sealing.certificates.empty() ||
        !equal(record_.sealing.certificates.front(), present->der))
      record_.sealing.certificates = {present->der};
    save();
  }
}

void Enrolment::certify_sealing_key() {
  next("sealing certificate");
  Certification& own = record_.sealing;
  const Demand demand{.purpose = Purpose::sealing,
                      .public_key = sealing_key_.public_key,
                      .organisation = record_.organisation};
  certify_by(own, demand, "s",
             [&](const Bytes& subject) { return account_.request(sealing_key_, subject); });
  account_.store(sealing_key_, own.certificates);
}

void Enrolment::finish_card() {
  next("sealing certificate at the seal server");
  const Bytes& sealing = record_.sealing.certificates.front();
  const Bytes name = crypto::sha256(sealing);
  const auto client = take(server_.client(record_.client, server_deadline()));
  const bool known = std::ranges::any_of(client.sealing_certificates, [&](const auto& other) {
    return equal(other.certificate, name);
  });
  if (!known) take(server_.add_sealing_certificate(record_.client, sealing, server_deadline()));
  next("both certificates on the card");
  card_.store_authentication(card_key_, record_.authentication.certificates.front());
  card_.store_sealing(sealing, record_.sealing_key_id);
  std::vector<Bytes> issuers;
  for (const Certification* each : {&record_.authentication, &record_.sealing})
    issuers.insert(issuers.end(), each->certificates.begin() + 1, each->certificates.end());
  card_.store_issuers(issuers);
}

}  // namespace signet::sealserver::enrol
