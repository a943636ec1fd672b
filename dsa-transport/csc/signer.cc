#include "dsa-transport/csc/signer.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/log.h"
#include "common/utf8.h"
#include "crypto/algorithm_table.h"

namespace signet::transport::csc {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kFirstPause = 50ms;
constexpr Milliseconds kLongestPause = 2000ms;

ApplianceError refuse(Failure failure, std::string sentence) {
  return {failure, std::move(sentence), {}};
}

Attempt<Grant> granted(Grant grant) {
  return Attempt<Grant>(Result<Grant, CallFailure>(std::move(grant)));
}

// A refusal that may be the one-time password's says nothing of the PIN.
void note_pin(PinRecord& record, const Proof& proof, const Attempt<Authorisation>& answer) {
  using Standing = PinRecord::Standing;
  if (answer.result) {
    record.note(*proof.pin, Standing::right);
  } else if (proof.otp == nullptr &&
             answer.result.error().error.failure == Failure::wrong_password) {
    record.note(*proof.pin, Standing::wrong);
  }
}

// A signature that was accepted is worth waiting for while the service is away or restarts.
bool passes(const ApplianceError& why) {
  const bool of_service = why.cause.status == 0 || why.cause.status >= 500;
  return why.failure == Failure::unreachable || why.failure == Failure::timed_out ||
         (why.failure == Failure::appliance_fault && of_service);
}

// What a service refuses about a question says nothing of the signature that is asked about, nor of its key or mechanism.
ApplianceError about_polling(ApplianceError error) {
  switch (error.failure) {
    case Failure::bad_parameter:
    case Failure::not_supported:
    case Failure::not_permitted:
    case Failure::no_such_object:
      error.failure = Failure::appliance_fault;
      break;
    default:
      break;
  }
  return error;
}

Milliseconds longer(Milliseconds pause) {
  return std::min(pause * 3 / 2, kLongestPause);
}

}  // namespace

Task<Answer<Signatures>> Signer::sign(const Credential& who, const SignRequest& request,
                                      Deadline deadline) {
  auto found = co_await service_.credential(request.key_id, deadline);
  if (!found) co_return std::move(found).error();
  const CredentialPtr credential = std::move(found).value();
  if (!credential->enabled) {
    co_return refuse(Failure::key_disabled, "the credential is disabled at the service");
  }
  const AlgorithmRow* const algorithm =
      choose_algorithm(credential->algorithms, request.algorithm, request.hash);
  if (algorithm == nullptr || request.hash == Hash::none) {
    co_return refuse(Failure::not_supported,
                     "the service signs with this key only what its algorithms name");
  }
  Order order{credential, algorithm, request.hash, request.salt_length, {}, deadline};
  order.reference = request.reference;
  if (credential->wants_pin()) order.proof.pin = &who.password;
  if (credential->wants_otp()) {
    if (!request.sign_password) {
      co_return refuse(Failure::sign_credential_missing,
                       "the credential wants a one-time password");
    }
    order.proof.otp = &*request.sign_password;
  }
  for (const Secret* secret : {order.proof.pin, order.proof.otp}) {
    if (secret != nullptr && !is_utf8(text_of(secret->reveal()))) {
      co_return refuse(Failure::wrong_password, "the PIN is not UTF-8 and cannot be sent");
    }
  }
  if (!is_utf8(request.reference))
    co_return refuse(Failure::bad_parameter, "the reference is not UTF-8");
  Signatures all;
  std::span<const Bytes> left(request.digests);
  std::size_t most = credential->multisign;
  while (!left.empty()) {
    const auto digests = left.first(std::min(left.size(), most));
    Chunk chunk = co_await sign_chunk(order, digests);
    if (!chunk.answer && chunk.fewer && digests.size() > 1) {
      most = digests.size() / 2;
      continue;
    }
    if (!chunk.answer) co_return std::move(chunk.answer).error();
    std::ranges::move(chunk.answer.value().values, std::back_inserter(all.values));
    all.trace = chunk.answer.value().trace;
    left = left.subspan(digests.size());
  }
  co_return all;
}

Task<Signer::Chunk> Signer::sign_chunk(const Order& order, std::span<const Bytes> digests) {
  for (bool again = false;; again = true) {
    auto authorised = co_await authorise(order, digests, again);
    if (!authorised.result) {
      co_return Chunk(std::move(authorised.result).error().error,
                      authorised.remedy == Remedy::fewer);
    }
    const Grant grant = std::move(authorised.result).value();
    auto attempt = co_await request(order, digests, grant.sad);
    if (!attempt.result) {
      if (attempt.remedy == Remedy::authorise) {
        authorisations_.drop(grant.sad);
        if (!again) continue;
      }
      co_return Chunk(std::move(attempt.result).error().error, attempt.remedy == Remedy::fewer);
    }
    if (grant.left > 0) {
      authorisations_.keep(order.credential->id,
                           order.proof.pin != nullptr ? *order.proof.pin : Secret(), grant.sad,
                           grant.left, grant.lifetime);
    }
    Signatures signatures;
    const std::size_t size = order.credential->signature_size();
    for (Bytes& value : attempt.result.value().signatures) {
      auto signature = signature_of(std::move(value), order.algorithm->encoding, size);
      if (!signature) {
        co_return Chunk(refuse(Failure::bad_answer,
                               "the service's signature has neither length nor form of one with "
                               "this key"));
      }
      signatures.values.push_back(std::move(*signature));
    }
    signatures.trace = attempt.result.value().trace;
    co_return Chunk(std::move(signatures));
  }
}

Task<Attempt<SignAnswer>> Signer::request(const Order& order, std::span<const Bytes> digests,
                                          const Sad& sad) {
  const auto settings = service_.cluster.settings();
  const bool asynchronous = settings->csc.asynchronous && service_.version() == Version::v2;
  const std::string_view effect =
      settings->limits.resign || asynchronous ? std::string_view() : "signed";
  const Call call{"sign", Access::read, settings->limits.sign_attempt, order.deadline, effect};
  const std::string_view sad_text = sad ? text_of(sad->reveal()) : std::string_view();
  const auto body = [&] {
    return sign_body(service_.version(), {*order.credential,
                                          sad_text,
                                          {order.hash, digests},
                                          *order.algorithm,
                                          order.salt_length,
                                          asynchronous,
                                          order.deadline.left(),
                                          order.reference});
  };
  auto attempt =
      co_await service_.post<SignAnswer>(call, "/signatures/signHash", body,
                                         [count = digests.size()](const https::Response& response) {
                                           return read_signatures(response.body, count);
                                         });
  if (!attempt.result || attempt.result.value().response_id.empty()) co_return attempt;
  SignAnswer& answer = attempt.result.value();
  auto polled =
      co_await poll(order, std::move(answer.response_id), answer.trace.member, digests.size());
  if (!polled) co_return Attempt<SignAnswer>(std::move(polled).error());
  co_return Attempt<SignAnswer>(Result<SignAnswer, CallFailure>(std::move(polled).value()));
}

Task<Answer<SignAnswer>> Signer::poll(const Order& order, std::string response_id,
                                      std::string member, std::size_t count) {
  const Call call{"signPolling", Access::read, service_.cluster.limits().sign_attempt,
                  order.deadline};
  const auto body = [&] { return JsonWriter().text("requestID", response_id).finish(); };
  const auto read = [count](const https::Response& response) -> Read<SignAnswer> {
    if (response.status != https::kOk) return SignAnswer{};  // not yet
    return read_signatures(response.body, count);
  };
  ApplianceError why =
      refuse(Failure::timed_out, "the service has not made the signature within the time allowed");
  for (Milliseconds pause = kFirstPause; !order.deadline.passed(); pause = longer(pause)) {
    co_await wait_for(std::min(pause, order.deadline.left()));
    auto attempt = co_await service_.post<SignAnswer>(call, "/signatures/signPolling", body, read);
    if (!attempt.result) {
      why = about_polling(std::move(attempt.result).error().error);
      if (passes(why)) continue;
      break;
    }
    if (!attempt.result.value().signatures.empty()) co_return std::move(attempt.result).value();
  }
  service_.cluster.count_uncertain(member);
  why.sentence += "; it may still sign, and is not asked again";
  co_return why;
}

Task<Answer<Turns::Turn>> Signer::may_send(PinRecord& record, const Secret& pin,
                                           Deadline deadline) {
  using Standing = PinRecord::Standing;
  Turns::Turn turn;
  if (record.standing(pin) == Standing::unknown) {
    Turns::Turn taken = co_await record.turns.next(deadline);
    if (!taken) {
      co_return refuse(Failure::timed_out, "the PIN was not checked within the time allowed");
    }
    if (record.standing(pin) == Standing::unknown) co_return Answer<Turns::Turn>(std::move(taken));
  }
  if (record.standing(pin) == Standing::wrong) {
    co_return refuse(Failure::wrong_password,
                     "the service refused this PIN before; it is not sent again");
  }
  co_return Answer<Turns::Turn>(std::move(turn));
}

Task<Attempt<Grant>> Signer::authorise(const Order& order, std::span<const Bytes> digests,
                                       bool anew) {
  const ServiceCredential& credential = *order.credential;
  const auto known = co_await service_.info(order.deadline);
  if (!known) co_return Attempt<Grant>(known.error());
  // The access token is all that such a service wants.
  if (!known.value()->offers("credentials/authorize")) co_return granted(Grant());
  const bool bound = credential.scal2 || order.proof.otp != nullptr;
  // A one-time password is given for these signatures alone.
  const bool extends = bound && order.proof.otp == nullptr && !digests.empty() &&
                       known.value()->names("credentials/extendTransaction") &&
                       authorisations_.may_exceed(credential.id);
  const Secret none;
  const Secret& pin = order.proof.pin != nullptr ? *order.proof.pin : none;
  const auto record = pins_.of(credential.id);
  Answer<Turns::Turn> leave = Turns::Turn();
  if (order.proof.pin != nullptr) {
    leave = co_await may_send(*record, pin, order.deadline);
    if (!leave) co_return Attempt<Grant>(leave.error());
  }
  if (!bound) {
    Sad kept = authorisations_.take(credential.id, pin, digests.size());
    if (kept) co_return granted(Grant(std::move(kept)));
  }
  if (extends && !anew) {
    auto extended = co_await extend(order, pin, digests);
    if (!extended.result) co_return Attempt<Grant>(std::move(extended.result).error());
    if (extended.result.value()) co_return granted(*std::move(extended.result).value());
  }
  const bool ahead = !bound || extends;
  std::size_t signatures = ahead ? std::max(credential.multisign, digests.size()) : digests.size();
  const auto over = bound ? std::optional(Digests{order.hash, digests}) : std::nullopt;
  auto answer = co_await ask_for_sad(order, signatures, over);
  const std::size_t least = std::max<std::size_t>(digests.size(), 1);
  const bool wants_exact =
      extends && !answer.result && answer.result.error().error.failure == Failure::bad_parameter;
  if (!answer.result && signatures > least && (answer.remedy == Remedy::fewer || wants_exact)) {
    signatures = least;  // the service allows fewer ahead than its multisign says
    answer = co_await ask_for_sad(order, signatures, over);
    if (extends && answer.result) authorisations_.note_exact(credential.id);
  }
  if (order.proof.pin != nullptr) note_pin(*record, order.proof, answer);
  if (!answer.result) {
    co_return Attempt<Grant>(std::move(answer.result).error(), answer.remedy);
  }
  Grant grant(std::make_shared<const Secret>(std::move(answer.result.value().sad)));
  grant.lifetime = answer.result.value().lifetime;
  if (bound) {
    grant.left = signatures - digests.size();
  } else {
    authorisations_.keep(credential.id, pin, grant.sad, signatures - digests.size(),
                         grant.lifetime);
  }
  co_return granted(std::move(grant));
}

Task<Attempt<std::optional<Grant>>> Signer::extend(const Order& order, const Secret& pin,
                                                   std::span<const Bytes> digests) {
  using Extended = std::optional<Grant>;
  const ServiceCredential& credential = *order.credential;
  auto grant = authorisations_.take_out(credential.id, pin, digests.size());
  if (!grant) co_return Attempt<Extended>(Result<Extended, CallFailure>(Extended()));
  const Call call{"extendTransaction", Access::read, service_.cluster.limits().sign_attempt,
                  order.deadline};
  const std::string_view sad = text_of(grant->sad->reveal());
  const Digests over{order.hash, digests};
  const auto body = [&] { return extend_body(service_.version(), credential, sad, over); };
  const auto read = [](const https::Response& response) {
    return read_authorisation(response.body);
  };
  auto answer =
      co_await service_.post<Authorisation>(call, "/credentials/extendTransaction", body, read);
  if (!answer.result) {
    const Failure failure = answer.result.error().error.failure;
    const bool may_authorise =
        answer.remedy == Remedy::authorise || answer.remedy == Remedy::fewer ||
        failure == Failure::bad_parameter || failure == Failure::not_supported;
    if (may_authorise) co_return Attempt<Extended>(Result<Extended, CallFailure>(Extended()));
    co_return Attempt<Extended>(std::move(answer.result).error());
  }
  grant->sad = std::make_shared<const Secret>(std::move(answer.result.value().sad));
  grant->lifetime = answer.result.value().lifetime;
  co_return Attempt<Extended>(Result<Extended, CallFailure>(std::move(grant)));
}

Task<Attempt<Authorisation>> Signer::ask_for_sad(const Order& order, std::size_t signatures,
                                                 std::optional<Digests> digests) {
  const auto settings = service_.cluster.settings();
  // A wrong PIN counts each time that it arrives, and a one-time password serves once.
  const bool secret = order.proof.pin != nullptr || order.proof.otp != nullptr;
  Call call{"authorize", Access::read, settings->limits.sign_attempt, order.deadline,
            secret ? std::string_view("counted the PIN") : std::string_view()};
  const auto body = [&] {
    return authorize_body(service_.version(), *order.credential, signatures, digests, order.proof);
  };
  const auto read = [](const https::Response& response) {
    return read_authorisation(response.body);
  };
  auto attempt = co_await service_.post<Authorisation>(call, "/credentials/authorize", body, read);
  call.only_once = {};
  for (Milliseconds pause = kFirstPause;; pause = longer(pause)) {
    if (!attempt.result || !attempt.result.value().sad.empty()) co_return attempt;
    if (order.deadline.passed()) {
      co_return Attempt<Authorisation>(
          refuse(Failure::timed_out, "the service has not authorised within the time allowed"));
    }
    co_await wait_for(std::min(pause, order.deadline.left()));
    const std::string handle = attempt.result.value().handle;
    attempt = co_await service_.post<Authorisation>(
        call, "/credentials/authorizeCheck",
        [&] { return JsonWriter().text("handle", handle).finish(); }, read);
  }
}

Task<Answer<void>> Signer::check_pin(const Secret& pin, CredentialPtr credential,
                                     Deadline deadline) {
  const Order order{std::move(credential), nullptr, Hash::none, 0, {&pin, nullptr}, deadline};
  if (!is_utf8(text_of(pin.reveal()))) {
    co_return refuse(Failure::wrong_password, "the PIN is not UTF-8 and cannot be sent");
  }
  const std::span<const Bytes> none;
  const auto authorised = co_await authorise(order, none, false);
  if (!authorised.result) co_return authorised.result.error().error;
  co_return success();
}

}  // namespace signet::transport::csc
