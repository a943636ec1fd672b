// Keys: listing, signing, making, naming, deleting.

#include <fmt/format.h>

#include <algorithm>

#include "common/utf8.h"
#include "crypto/algorithm_table.h"
#include "dsa-transport/backoff.h"
#include "dsa-transport/json_writer.h"
#include "dsa-transport/native/native_appliance.h"
#include "dsa-transport/native/state.h"
#include "dsa-transport/native/wire_objects.h"
#include "dsa-transport/native/wire_values.h"
#include "dsa-transport/sign_record.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport::native {

namespace {

using namespace std::chrono_literals;

constexpr int kConflict = 409;
constexpr unsigned kMostPages = 1000;
constexpr unsigned kMostRestarts = 20;

struct Page {
  bool unchanged = false;
  ObjectPage objects;
  std::string etag;
  Cause cause;  // of an error that only the next page shows
};

Read<Page> read_page_answer(const https::Response& response, const std::string& member_url,
                            bool conditional, const DerCheck& check, Deadline deadline) {
  if (response.status == https::kNotModified && conditional) return Page{true, {}, {}, {}};
  if (response.status != https::kOk) return WireError{"wrong status"};
  if (!response.etag.starts_with('"')) return WireError{"the object list has no strong ETag"};
  BOOST_OUTCOME_TRY(auto objects, read_page(response.body, check, deadline));
  return Page{false,
              std::move(objects),
              response.etag,
              {response.status, {}, response.request_id, member_url}};
}

// One run over the pages of the object list.
class Listing {
 public:
  // `before`: the last answer of an earlier run of the same call, if there was one.
  Listing(State& state, const Credential& who, std::string_view known_etag, Deadline deadline,
          Cause before)
      : state_(state),
        who_(who),
        known_etag_(known_etag),
        deadline_(deadline),
        last_cause_(std::move(before)) {}

  enum class End { complete, unchanged, changed_meanwhile };

  Task<Answer<End>> run() {
    for (unsigned pages = 0; pages < kMostPages; ++pages) {
      auto page = co_await next_page();
      if (!page) {
        const ApplianceError& error = page.error();
        // The deadline may pass between two requests: then the one before is what can be named.
        if (!error.cause.member.empty()) last_cause_ = error.cause;
        if (error.cause.status == kConflict) co_return End::changed_meanwhile;
        co_return ApplianceError{error.failure, error.sentence, last_cause_};
      }
      if (page.value().unchanged) co_return End::unchanged;
      last_cause_ = page.value().cause;
      if (pages > 0 && page.value().etag != all_.set.etag) co_return End::changed_meanwhile;
      BOOST_OUTCOME_CO_TRY(take(std::move(page.value())));
      if (cursor_.empty()) co_return finish();
    }
    co_return refuse(Failure::bad_answer, "the object list has no end");
  }

  ObjectSet take_set() { return std::move(all_.set); }

  // Of the last answer.
  const Cause& last_cause() const { return last_cause_; }

 private:
  Task<Answer<Page>> next_page() {
    const Call call{"objects", Access::read, state_.cluster.common_attempt(), deadline_};
    auto request =
        get(cursor_.empty() ? "/objects" : "/objects?cursor=" + percent_encoded(cursor_), &who_);
    const bool conditional = cursor_.empty() && !known_etag_.empty();
    if (conditional) request.headers.add("If-None-Match", known_etag_);
    const auto read = [this, conditional](const https::Response& response,
                                          const std::string& member_url) {
      return read_page_answer(response, member_url, conditional, state_.der(), deadline_);
    };
    co_return plain(co_await state_.ask<Page>(call, std::move(request), read));
  }

  Answer<void> take(Page page) {
    all_.set.etag = std::move(page.etag);
    cursor_ = std::move(page.objects.next);
    return checked(all_.add(std::move(page.objects)));
  }

  Answer<End> finish() {
    BOOST_OUTCOME_TRY(checked(check_set(all_, state_.der(), deadline_)));
    return End::complete;
  }

  // A fault that no single answer has.
  Answer<void> checked(const Read<void>& whole) const {
    if (whole) return success();
    const WireError& error = whole.error();
    if (error.out_of_time) return ApplianceError{Failure::timed_out, error.what, last_cause_};
    return ApplianceError{Failure::bad_answer,
                          "the object list violates the contract and was not used: " + error.what,
                          last_cause_};
  }

  State& state_;
  const Credential& who_;
  const std::string known_etag_;
  const Deadline deadline_;
  ObjectCollector all_;
  std::string cursor_;
  Cause last_cause_;
};

// A list that had to be begun again has used up time: then both are worth telling.
ApplianceError after_restarts(ApplianceError error, unsigned restarts) {
  if (restarts > 0 && error.failure == Failure::timed_out) {
    error.sentence += "; before that the object list kept changing while it was read";
  }
  return error;
}

Answer<void> check_digests(const SignRequest& request) {
  if (request.digests.empty()) {
    return refuse(Failure::bad_parameter, "there is no digest to sign");
  }
  const std::size_t size = crypto::digest_size(request.hash);
  const bool good = std::ranges::all_of(request.digests, [&](const Bytes& digest) {
    return request.hash == Hash::none || digest.size() == size;
  });
  if (good) return success();
  return refuse(Failure::digest_length,
                fmt::format("a {} digest has {} bytes", name_of(request.hash), size));
}

Answer<WipedText> sign_body(const SignRequest& request) {
  JsonWriter body;
  body.text("algorithm", name_of(request.algorithm)).text("hash", name_of(request.hash));
  if (request.algorithm == Scheme::rsa_pss) body.number("saltLength", request.salt_length);
  body.base64_list("digests", request.digests);
  if (request.sign_password) {
    const std::string_view text = text_of(request.sign_password->reveal());
    if (!is_utf8(text)) {
      return refuse(Failure::sign_credential_wrong, "the second credential is not UTF-8");
    }
    body.text("signPassword", text);
  }
  if (!request.reference.empty()) {
    if (!is_utf8(request.reference)) {
      return refuse(Failure::bad_parameter, "the reference is not UTF-8");
    }
    body.text("reference", request.reference);
  }
  return body.finish();
}

// The idempotency key under which it goes from here on: given, or settled for the one digest, or a new one.
std::string depart(const SignRequest& request) {
  std::string key = request.idempotency_key.empty() ? random_uuid() : request.idempotency_key;
  if (std::ranges::none_of(request.records, [](const auto& record) { return bool(record); }))
    return key;
  const auto kept = SignRecord::with_key(request, key);
  for (std::size_t i = 0; i < request.records.size(); ++i) {
    if (request.records[i]) key = request.records[i]->depart({kept, i});
  }
  return key;
}

// The trace is left to the cluster.
Read<Signatures> read_sign_answer(const https::Response& response, const SignRequest& request,
                                  std::optional<std::size_t> size) {
  if (response.status != https::kOk) return WireError{"wrong status"};
  BOOST_OUTCOME_TRY(auto signatures, read_signatures(response.body, request.digests.size()));
  for (const Bytes& signature : signatures) {
    const bool odd = request.algorithm == Scheme::ecdsa && signature.size() % 2 != 0;
    if (odd || (size && signature.size() != *size)) {
      return WireError{fmt::format("a signature has {} bytes", signature.size())};
    }
  }
  return Signatures{std::move(signatures)};
}

}  // namespace

Task<Answer<std::optional<ObjectSet>>> NativeAppliance::start_objects(const Credential& who,
                                                                      std::string_view known_etag,
                                                                      Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user(who));
  ApplianceError restless =
      refuse(Failure::timed_out, "the object list kept changing while it was read");
  for (unsigned restarts = 0; restarts < kMostRestarts && !deadline.passed(); ++restarts) {
    Listing listing(*state_, who, known_etag, deadline, restless.cause);
    const auto end = co_await listing.run();
    if (!end) co_return after_restarts(end.error(), restarts);
    if (end.value() == Listing::End::unchanged) co_return std::nullopt;
    if (end.value() == Listing::End::complete) {
      ObjectSet set = listing.take_set();
      state_->signature_sizes.learn(set.keys);
      co_return set;
    }
    restless.cause = listing.last_cause();
    co_await wait_for(std::min(jittered_backoff(20ms, 1000ms, restarts), deadline.left()));
  }
  co_return restless;
}

Task<Answer<Signatures>> NativeAppliance::start_sign(const Credential& who,
                                                     const SignRequest& request,
                                                     Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user_and_id(who, request.key_id));
  BOOST_OUTCOME_CO_TRY(check_digests(request));
  if (state_->sign_batcher.should_ask_for_most_digests()) {
    (void)co_await start_info(deadline.within(state_->cluster.limits().connect));
  }
  co_return co_await state_->sign_batcher.sign(who, request, deadline);
}

Task<Answer<Signatures>> State::send_sign(const Credential& who, const SignRequest& request,
                                          Deadline deadline) {
  const Call call{"sign", Access::read, cluster.limits().sign_attempt, deadline};
  BOOST_OUTCOME_CO_TRY(auto body, sign_body(request));
  const std::string idempotency_key = depart(request);
  const auto size = signature_sizes.find(request.key_id);
  const auto read = [&request, size](const https::Response& response) {
    return read_sign_answer(response, request, size);
  };
  const std::string target = "/keys/" + percent_encoded(request.key_id) + "/signatures";
  auto answer = plain(co_await ask<Signatures>(
      call, new_post(target, who, std::move(body), idempotency_key), read));
  // The contract has one code for both; only the request tells them apart.
  if (!answer && answer.error().failure == Failure::sign_credential_wrong &&
      !request.sign_password) {
    answer.error().failure = Failure::sign_credential_missing;
  }
  co_return answer;
}

Task<Answer<Traced<KeyInfo>>> NativeAppliance::start_generate_key(const Credential& who,
                                                                  const KeySpec& spec,
                                                                  Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user(who));
  const Call call{"generate key", Access::write, state_->cluster.limits().generate_attempt,
                  deadline};
  JsonWriter body;
  body.text("type", name_of(spec.type));
  if (spec.type == KeyType::rsa) body.number("size", spec.bits);
  if (spec.type == KeyType::ec) body.text("curve", name_of(spec.curve));
  body.base64("label", spec.label).base64("ckaId", spec.cka_id);
  const auto read = [&](const https::Response& response) -> Read<Traced<KeyInfo>> {
    if (response.status != https::kCreated) return WireError{"wrong status"};
    BOOST_OUTCOME_TRY(auto made, read_key(response.body, state_->der()));
    const bool as_asked = made.type == spec.type &&
                          (spec.type != KeyType::rsa || made.bits == spec.bits) &&
                          (spec.type == KeyType::rsa || made.curve == spec.curve);
    if (!as_asked) return WireError{"the key made is not the one asked for"};
    return made;
  };
  auto key = plain(co_await state_->ask<Traced<KeyInfo>>(
      call, new_post("/keys", who, body.finish(), spec.idempotency_key), read));
  if (key) state_->signature_sizes.learn(key.value());
  co_return key;
}

Task<Answer<Traced<KeyInfo>>> NativeAppliance::start_update_key(const Credential& who,
                                                                std::string id,
                                                                std::optional<Bytes> label,
                                                                std::optional<Bytes> cka_id,
                                                                Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user_and_id(who, id));
  const Call call{"update key", Access::write, state_->cluster.common_attempt(), deadline};
  const auto read = [&](const https::Response& response) -> Read<Traced<KeyInfo>> {
    if (response.status != https::kOk) return WireError{"wrong status"};
    BOOST_OUTCOME_TRY(auto key, read_key(response.body, state_->der()));
    if (key.id != id) return WireError{"the answer is about another key"};
    return key;
  };
  co_return plain(co_await state_->ask<Traced<KeyInfo>>(
      call,
      new_request(https::Method::patch, "/keys/" + percent_encoded(id), &who,
                  naming_body(label, cka_id)),
      read));
}

Task<Answer<Trace>> NativeAppliance::start_delete_key(const Credential& who, std::string id,
                                                      Deadline deadline) {
  BOOST_OUTCOME_CO_TRY(check_user_and_id(who, id));
  const Call call{"delete key", Access::write, state_->cluster.common_attempt(), deadline};
  co_return deleted(co_await state_->tell(
      call, new_request(https::Method::del, "/keys/" + percent_encoded(id), &who)));
}

}  // namespace signet::transport::native
