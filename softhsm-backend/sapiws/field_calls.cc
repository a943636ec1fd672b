// The REST interface: a new field in a PDF document, and the signature in it. What the appliance answers where it refuses is
// not known: status and {"error": …} are the emulator's.
#include <fmt/format.h>

#include <boost/json.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "pdf/signature.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/native/authorization.h"
#include "softhsm-backend/sapiws/field_request.h"
#include "softhsm-backend/sapiws/service.h"
#include "softhsm-backend/sapiws/signing.h"
#include "softhsm-backend/sapiws/words.h"

namespace signet::emulator::sapiws {

namespace {

using pdf::look::Corner;

Answer json_answer(unsigned status, boost::json::object body) {
  return {.status = status,
          .body = json_text(std::move(body)),
          .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
}

pdf::VisibleSeal seal_of(const FieldRequest& asked, const Signer& signer,
                         std::chrono::system_clock::time_point now) {
  pdf::look::Look look;
  if (asked.shows_signer) look.text += "Digitally signed by {signer}\n";
  if (asked.shows_reason) look.text += "Reason: {reason}\n";
  if (asked.shows_time) look.text += "Date: {time}\n";
  if (look.text.empty()) look.text = "{signer}";
  pdf::VisibleSeal seal;
  seal.look = std::make_shared<pdf::look::Look>(std::move(look));
  seal.facts.signer = common_name(signer.x509.get());
  seal.facts.reason = asked.reason;
  seal.facts.time = dotnet_text(now, asked.date_format + " " + asked.time_format);
  seal.page = asked.page;
  seal.position = {Corner::bottom_left, asked.x, asked.y, asked.width, asked.height};
  return seal;
}

pdf::PdfResult<pdf::PlannedSignature> plan(const FieldRequest& asked, const Signer& signer,
                                           std::size_t room) {
  const auto now = std::chrono::system_clock::now();
  BOOST_OUTCOME_TRY(const auto document, pdf::Document::open(pdf::Source::of(asked.file)));
  pdf::SignatureWish wish;
  wish.kind = pdf::SignatureKind::pkcs7;
  wish.name = common_name(signer.x509.get());
  wish.reason = asked.reason;
  wish.signed_at = now;
  wish.room = room;
  wish.digest = "SHA256";
  if (asked.is_visible()) wish.visible = seal_of(asked, signer, now);
  return pdf::plan_signature(*document, wish);
}

// What the signature covers.
Bytes covered(const Bytes& file, const pdf::Tail& tail) {
  Bytes all = file;
  for (const ByteView part : {tail.before_gap(), tail.behind_gap()})
    all.insert(all.end(), part.begin(), part.end());
  return all;
}

// The message of CMS that is asked for by its content's digest.
DssRequest message_over(Bytes digest) {
  DssRequest asked;
  asked.signature_type = kTypeCms;
  asked.hash = DocumentHash{.method = {}, .value = std::move(digest)};
  return asked;
}

}  // namespace

Answer Service::field_refusal(unsigned status, std::string_view sentence) {
  return json_answer(status, {{"error", sentence}});
}

Answer Service::sign_field(const Request& request) {
  if (request.method != "PUT") {
    Answer answer = field_refusal(405, "The method must be PUT.");
    answer.headers.emplace_back("Allow", "PUT");
    return answer;
  }
  const auto caller =
      caller_of(request.header("Authorization"), authenticator_, Authenticator::Expired::refused);
  if (!caller) {
    Answer answer = field_refusal(caller.assume_error().status, caller.assume_error().detail);
    for (const auto& [name, value] : caller.assume_error().headers)
      answer.headers.emplace_back(name, value);
    return answer;
  }
  const Account& account = caller.assume_value().account;
  const auto asked = read_field_request(request.body);
  if (!asked) return field_refusal(400, asked.assume_error());
  const FieldRequest& field = asked.assume_value();
  if (field.file.size() > kMaxDocument) return field_refusal(413, "The document is too large.");

  const auto sign = [&]() -> DssOutcome<Result<Bytes, pdf::Error>> {
    DssRequest message = message_over(Bytes(crypto::digest_size(crypto::Hash::sha256)));
    BOOST_OUTCOME_TRY(auto signing, read_signing(message, Profile::v8));
    const auto signers =
        state_.read([&](Database& database) { return signers_of(database, account.user); });
    BOOST_OUTCOME_TRY(const Signer* const signer, choose_signer(signers, nullptr));
    auto planned = plan(field, *signer, Signature(token_, *signer, signing).size());
    if (!planned) return Result<Bytes, pdf::Error>(planned.assume_error());
    pdf::Tail& tail = planned.assume_value().tail;
    signing.digest = digest_of_data(crypto::Hash::sha256, covered(field.file, tail));
    const Signature maker(token_, *signer, signing);
    BOOST_OUTCOME_TRY(const Made made,
                      sign_and_record(request, message, account, *signer, signing, maker));
    tail.fill(request.signature_fault ? maker.spoiled(*request.signature_fault, made)
                                      : made.message);
    Bytes signed_file = field.file;
    signed_file.insert(signed_file.end(), tail.bytes.begin(), tail.bytes.end());
    return Result<Bytes, pdf::Error>(std::move(signed_file));
  };
  const auto made = sign();
  if (!made) return field_refusal(400, made.assume_error().message);
  if (!made.assume_value()) return field_refusal(400, made.assume_value().assume_error().sentence);
  return json_answer(200, {{"signedFile", crypto::to_base64(made.assume_value().assume_value())}});
}

}  // namespace signet::emulator::sapiws
