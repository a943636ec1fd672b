// POST /keys, PATCH and DELETE /keys/{id}.
#include <algorithm>

#include "common/log.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/key_types.h"
#include "softhsm-backend/native/json_body.h"
#include "softhsm-backend/native/service.h"
#include "softhsm-backend/native/wire_objects.h"
#include "softhsm-backend/state.h"

namespace signet::emulator {

namespace {

Outcome<crypto::KeyParameters> read_rsa_spec(const Json& body) {
  if (body.as_object().contains("curve"))
    return problems::bad_parameter("An RSA key has no \"curve\".");
  BOOST_OUTCOME_TRY(auto size, optional_integer(body, "size"));
  const auto* offered =
      std::ranges::find_if(kRsaSizes, [&](unsigned bits) { return size == std::int64_t{bits}; });
  if (offered == kRsaSizes.end()) {
    return problems::bad_parameter("\"size\" must be 2048, 3072 or 4096.");
  }
  return crypto::KeyParameters{.bits = *offered};
}

Outcome<crypto::KeyParameters> read_curve_spec(const Json& body, crypto::KeyType type) {
  if (body.as_object().contains("size"))
    return problems::bad_parameter("Only RSA keys have a \"size\".");
  const CurveRow* row = nullptr;
  if (has_choice_of_curves(type)) {
    BOOST_OUTCOME_TRY(auto name, required_text(body, "curve", kMaxWord));
    row = named(kCurves, name);
  } else if (!body.as_object().contains("curve")) {
    row = std::ranges::find_if(kCurves,
                               [&](const CurveRow& one) { return row_of(one.curve).type == type; });
  }
  if (row == nullptr || row_of(row->curve).type != type) {
    return problems::bad_parameter("\"curve\" is not offered by this appliance.");
  }
  return crypto::KeyParameters{.type = type, .curve = row->curve};
}

Outcome<crypto::KeyParameters> read_spec(const Json& body) {
  BOOST_OUTCOME_TRY(auto name, required_text(body, "type", kMaxWord));
  const KeyTypeRow* row = named(kKeyTypes, name);
  if (row == nullptr) return problems::bad_parameter("\"type\" is not offered by this appliance.");
  return row->type == crypto::KeyType::rsa ? read_rsa_spec(body) : read_curve_spec(body, row->type);
}

}  // namespace

Outcome<KeyRow> Service::key_of(const Call& call) {
  auto key = state_.read(
      [&](Database& database) { return find_key(database, call.user(), call.arguments.front()); });
  if (!key) return problems::no_such_object("There is no such key.");
  return *std::move(key);
}

Outcome<Answer> Service::post_key(Call& call) {
  BOOST_OUTCOME_TRY(auto body, read_object(call.request));
  BOOST_OUTCOME_TRY(auto spec, read_spec(body));
  KeyRow key = new_key(call.user(), spec);
  BOOST_OUTCOME_TRY(key.label, required_binary(body, "label", kMaxLabel));
  BOOST_OUTCOME_TRY(key.cka_id, required_binary(body, "ckaId", kMaxCkaId));
  const auto is_full = [&](Database& database) {
    return count_keys(database, call.user()) >= call.account().key_limit;
  };
  if (state_.read(is_full)) return problems::key_limit();

  // The token first: a key without a row is an orphan that the next start removes, a row without a
  // key would be a lie.
  key.public_key = token_.generate(spec, key.id);
  key.created_at = now_milliseconds();
  bool kept = false;
  Outcome<Answer> answer = state_.write([&](Database& database) -> Outcome<Answer> {
    if (auto earlier = answer_before(database, call.mark)) return *std::move(earlier);
    if (is_full(database)) return problems::key_limit();
    insert_key(database, key);
    Answer made{.status = 201, .body = json_text(json_of(key))};
    remember(database, call.mark, made);
    kept = true;
    return made;
  });
  if (!kept) token_.destroy(key.id);
  return answer;
}

Outcome<Answer> Service::patch_key(Call& call) {
  BOOST_OUTCOME_TRY(auto naming, read_naming(call.request));
  return state_.write([&](Database& database) -> Outcome<Answer> {
    const auto& id = call.arguments.front();
    const auto key = find_key(database, call.user(), id);
    if (!key) return problems::no_such_object("There is no such key.");
    rename_key(database, *key, naming);
    const auto renamed = find_key(database, call.user(), id);
    return Answer{.status = 200, .body = json_text(json_of(renamed.value()))};
  });
}

Outcome<Answer> Service::delete_key(Call& call) {
  const auto& id = call.arguments.front();
  const bool found = state_.write([&](Database& database) {
    const auto key = find_key(database, call.user(), id);
    if (key) emulator::delete_key(database, *key);
    return key.has_value();
  });
  if (!found) return problems::no_such_object("There is no such key.");
  try {
    token_.destroy(id);
  } catch (const KeyStoreError& error) {
    // The key is gone for every client; what is left in the token goes at the next start.
    log::warn("key {} stays in the token until the next start: {}", id, error.what());
  }
  return Answer{.status = 204};
}

}  // namespace signet::emulator
