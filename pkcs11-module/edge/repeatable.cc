#include "pkcs11-module/edge/repeatable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "dsa-transport/wire_text.h"

namespace signet::edge {

namespace {

using token::CallKind;
using token::CallOutcome;
using token::CallTask;
using token::PendingCall;
using token::SavedCall;
using token::Token;

using WallClock = std::chrono::system_clock;

struct Repeatable {
  std::string_view function;
  CallKind kind;
};
constexpr std::array kRepeatable = {
    Repeatable{"C_Sign", CallKind::sign},
    Repeatable{"C_SignFinal", CallKind::sign},
    Repeatable{"C_SignMessage", CallKind::message_sign},
    Repeatable{"C_GenerateKeyPair", CallKind::generate},
};

// All but the request.
SavedCall saved_from_now(const Token& token, std::string_view function) {
  return {.function = std::string(function),
          .service = token::service_of(*token.config()),
          .user = token.user_name(),
          .end = WallClock::now() + token.repeatable_for(),
          .request = {}};
}

Deadline deadline_of(const SavedCall& saved) {
  return Deadline::after(std::chrono::floor<Milliseconds>(saved.end - WallClock::now()));
}

CallTask outcome_of_generating(Task<CkResult<Token::KeyPair>> task) {
  auto made = co_await std::move(task);
  BOOST_OUTCOME_CO_TRY(const auto pair, std::move(made));
  co_return CallOutcome{.object = pair.public_key, .additional = pair.private_key};
}

// A signature that was asked for again.
struct SignedAgain {
  SavedCall::Signature saved;
  std::shared_ptr<const crypto::PublicKey> key;
  SteadyTime began = std::chrono::steady_clock::now();
  transport::Trace trace = {};
};

CallTask outcome_of_signing_again(Token& token, std::shared_ptr<SignedAgain> again,
                                  Deadline deadline) {
  auto made =
      co_await token.start_sign_again(again->saved.request, again->saved.position, deadline);
  BOOST_OUTCOME_CO_TRY(auto signatures, std::move(made));
  again->trace = std::move(signatures.trace);
  co_return CallOutcome{.value = std::move(signatures.values.front())};
}

CkResult<void> check_signed_again(token::Session& session, const SignedAgain& again,
                                  ByteView signature) {
  const auto& request = again.saved.request;
  {
    const MutexLock lock(session.mutex());
    session.notes().last_request_id = again.trace.request_id;
  }
  if (!operation::verify(request, again.saved.position, *again.key, signature)) {
    return CkError{CKR_DEVICE_ERROR,
                   fmt::format("the appliance returned a wrong signature for key {}; it was thrown "
                               "away. Ask the appliance's operator to check the appliance",
                               request.key_id),
                   {0, {}, again.trace.request_id, again.trace.member}};
  }
  session.token().log_done("signed with key", view_of(request.key_id), again.trace, again.began);
  return success();
}

FoundCall found_generation(Token& token, const SavedCall& saved) {
  auto task = token.start_generate(std::get<transport::KeySpec>(saved.request), deadline_of(saved));
  return {.kind = CallKind::generate,
          .work = {.task = outcome_of_generating(std::move(task)),
                   .save = [saved] { return std::optional(saved); }}};
}

std::optional<FoundCall> found_signature(Token& token, CallKind kind, const SavedCall& saved) {
  const auto& signing = std::get<SavedCall::Signature>(saved.request);
  const auto key = crypto::PublicKey::from_spki(token.crypto_context(), signing.public_key);
  if (!key) return std::nullopt;
  const auto again = std::make_shared<SignedAgain>(SignedAgain{signing, key.value()});
  const auto conclude = [again](token::Session& session, const CallOutcome& outcome) {
    return check_signed_again(session, *again, outcome.value);
  };
  return FoundCall{.kind = kind,
                   .work = {.task = outcome_of_signing_again(token, again, deadline_of(saved)),
                            .conclude = conclude,
                            .save = [saved] { return std::optional(saved); }},
                   .output_size = again->key->signature_size()};
}

}  // namespace

CkResult<PendingCall::Work> work_of_generating(Token& token, transport::KeySpec spec) {
  PendingCall::Save save;
  if (token.repeatable_for() > Milliseconds::zero()) {
    BOOST_OUTCOME_TRY(Token::complete(spec));
    spec.idempotency_key = transport::random_uuid();
    SavedCall saved = saved_from_now(token, "C_GenerateKeyPair");
    saved.request = spec;
    save = [saved = std::move(saved)] { return std::optional(saved); };
  }
  return PendingCall::Work{.task = outcome_of_generating(token.start_generate(std::move(spec))),
                           .save = std::move(save)};
}

std::shared_ptr<transport::SignRecord> sign_record(const Token& token,
                                                   const token::KeyedOperation& operation,
                                                   bool has_sign_password) {
  const bool whole_message = operation.chosen.mechanism->scheme == crypto::Scheme::eddsa;
  if (has_sign_password || whole_message || token.repeatable_for() <= Milliseconds::zero())
    return nullptr;
  return std::make_shared<transport::SignRecord>();
}

PendingCall::Save save_of_signing(const Token& token, std::string_view function,
                                  std::shared_ptr<transport::SignRecord> record,
                                  std::shared_ptr<const crypto::PublicKey> key) {
  if (!record) return {};
  return [saved = saved_from_now(token, function), record = std::move(record),
          key = std::move(key)]() -> std::optional<SavedCall> {
    const auto sent = record->settle(transport::random_uuid());
    if (!sent) return std::nullopt;
    SavedCall call = saved;
    call.request = SavedCall::Signature{*sent->request, sent->position, key->spki()};
    return call;
  };
}

std::optional<FoundCall> found_call(Token& token, const SavedCall& saved) {
  const auto* const known = std::ranges::find(kRepeatable, saved.function, &Repeatable::function);
  const bool own =
      saved.service == token::service_of(*token.config()) && saved.user == token.user_name();
  if (known == kRepeatable.end() || !own) return std::nullopt;
  const bool generation = known->kind == CallKind::generate;
  if (generation != std::holds_alternative<transport::KeySpec>(saved.request)) return std::nullopt;
  if (generation) return found_generation(token, saved);
  return found_signature(token, known->kind, saved);
}

}  // namespace signet::edge
