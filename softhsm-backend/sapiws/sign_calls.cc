// DssSign: signatures, certificates, the account's own password.
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/journal.h"
#include "softhsm-backend/sapiws/service.h"
#include "softhsm-backend/sapiws/signing.h"
#include "softhsm-backend/sapiws/words.h"
#include "softhsm-backend/sapiws/xml_writer.h"

namespace signet::emulator::sapiws {

DssOutcome<Account> Service::admit(const DssRequest& asked, Authenticator::Expired expired) {
  if (!asked.password) return failures::no_password();
  auto account = authenticator_.admit(asked.user, *asked.password, expired);
  if (!account) return failures::of(account.assume_error());
  return std::move(account).assume_value();
}

DssOutcome<DssResult> Service::sign(const Request& request, const DssRequest& asked) {
  using enum Authenticator::Expired;
  const std::string& type = asked.signature_type;
  if (type == kTypeChangePassword) return change_password(asked);
  const bool raw = type == kTypePkcs1 && settings_.profile != Profile::v5_2;
  if (!raw && type != kTypeCms && type != kTypeEnumCertificates) {
    return failures::not_supported("SignatureType is");
  }
  BOOST_OUTCOME_TRY(const auto account, admit(asked, refused));
  if (type == kTypeEnumCertificates) return enum_certificates(account);
  return make_signature(request, asked, account);
}

DssResult Service::enum_certificates(const Account& account) {
  const auto signers =
      state_.read([&](Database& database) { return signers_of(database, account.user); });
  DssResult result;
  for (const Signer& signer : signers) {
    XmlWriter xml;
    xml.open("AvailableCertificate", kDssTypes).text(to_base64(signer.certificate.der));
    result.outputs += xml.finish();
  }
  return result;
}

DssOutcome<DssResult> Service::change_password(const DssRequest& asked) {
  BOOST_OUTCOME_TRY(const auto account, admit(asked, Authenticator::Expired::admitted));
  if (!asked.new_password) {
    return DssFailure{major::kRequesterError, minor::kInsufficient, "No new password"};
  }
  if (asked.new_password == asked.password) {
    return failures::sapi("Failed to update the password", sapi::kSamePassword);
  }
  const std::string_view wanted = text_of(asked.new_password->reveal());
  if (const auto fault = fault_of_password(account.user, wanted)) return failures::of(*fault);
  const std::string hash = hash_password(*asked.new_password);
  state_.write([&](Database& database) { return set_password(database, account.user, hash); });
  return DssResult{};
}

DssOutcome<DssResult> Service::make_signature(const Request& request, const DssRequest& asked,
                                              const Account& account) {
  BOOST_OUTCOME_TRY(auto signing, read_signing(asked, settings_.profile));
  const auto signers =
      state_.read([&](Database& database) { return signers_of(database, account.user); });
  BOOST_OUTCOME_TRY(const Signer* const signer, choose_signer(signers, asked.key_info));
  const Signature maker(token_, *signer, signing);
  if (signing.size_only) return estimated_size(maker.size());
  BOOST_OUTCOME_TRY(const Made made,
                    sign_and_record(request, asked, account, *signer, signing, maker));
  DssResult result;
  const char* const type = asked.signature_type == kTypePkcs1 ? kTypePkcs1 : kTypeCms;
  const AnswerPlace place =
      request.other_answer_place ? other_place(settings_.place, type) : settings_.place;
  place_signature(
      result, place, type,
      request.signature_fault ? maker.spoiled(*request.signature_fault, made) : made.message);
  return result;
}

DssOutcome<Made> Service::sign_and_record(const Request& request, const DssRequest& asked,
                                          const Account& account, const Signer& signer,
                                          const Signing& signing, const Signature& maker) {
  if (!signer.key.active) return failures::sapi("Failed to sign", sapi::kKeyLocked);
  const auto credential = authenticator_.check_sign_credential(account, asked.sign_password);
  if (!credential) return failures::of(credential.assume_error());
  const std::optional<std::int64_t> step = credential.assume_value();

  const Made made = maker.make();
  const bool recorded = state_.write([&](Database& database) {
    if (step && !use_one_time_step(database, account.user, *step)) return false;
    write_journal(database, {.time = now_milliseconds(),
                             .account = account.user,
                             .key_id = signer.key.id,
                             .algorithm = std::string(signing.order.algorithm->name),
                             .hash = signing.order.hash_name,
                             .salt_length = signing.order.salt_length,
                             .digest = made.digest,
                             .signature = made.signature,
                             .reference = asked.id,
                             .request_id = request.id,
                             .idempotency_key = {},
                             .role = role_,
                             .dialect = "sapiws"});
    return true;
  });
  if (!recorded) return failures::of(Denial::wrong_one_time_password);
  return made;
}

}  // namespace signet::emulator::sapiws
