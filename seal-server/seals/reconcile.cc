#include "seal-server/seals/reconcile.h"

#include <algorithm>
#include <boost/json.hpp>

#include "crypto/base64.h"
#include "crypto/openssl.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kSealsAtOnce = 10'000;

std::string text_member(const boost::json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(name);
  const auto* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(*text);
}

class Reconciler {
 public:
  Reconciler(storage::SqlConnection& sql, const std::function<void(const Discrepancy&)>& tell)
      : sql_(sql), tell_(tell) {}

  void take(const JournalledSignature& signature) {
    ++counted_.signatures;
    auto rows = sql_.query(
        "SELECT number, id, state, signature_digest FROM seal WHERE signature_digest = :digest"
        " ORDER BY number LIMIT 1",
        {signature.signature});
    if (rows.empty() && !signature.reference.empty())
      rows = sql_.query("SELECT number, id, state, signature_digest FROM seal WHERE id = :id",
                        {signature.reference});
    if (rows.empty()) {
      tell_({Difference::no_transaction, signature.time, signature.name, {}});
      return;
    }
    match(signature, rows.front());
  }

  Reconciliation finish(const std::string& from) {
    std::ranges::sort(matched_);
    std::int64_t after = -1;
    while (true) {
      const auto rows = sql_.query(
          "SELECT number, id, ended_at FROM seal WHERE number > :after AND state = 'sealed'"
          " ORDER BY number LIMIT :most",
          {after, kSealsAtOnce});
      for (const auto& row : rows) {
        ++counted_.seals;
        if (row.text(2) >= from && !std::ranges::binary_search(matched_, row.number(0)))
          tell_({Difference::no_signature, row.text(2), {}, row.text(1)});
      }
      if (rows.empty()) return counted_;
      after = rows.back().number(0);
    }
  }

 private:
  void match(const JournalledSignature& signature, const storage::SqlRow& seal) {
    const std::string digest = seal.text(3);
    const std::string id = seal.text(1);
    if (seal.text(2) != "sealed") {
      tell_({Difference::not_sealed, signature.time, signature.name, id});
    } else if (!digest.empty() && digest != signature.signature) {
      tell_({Difference::another_signature, signature.time, signature.name, id});
    } else {
      // Without a digest the second signature that names the transaction is one too many.
      if (digest.empty() && std::ranges::find(undigested_, seal.number(0)) != undigested_.end()) {
        tell_({Difference::another_signature, signature.time, signature.name, id});
        return;
      }
      if (digest.empty()) undigested_.push_back(seal.number(0));
      ++counted_.matched;
      matched_.push_back(seal.number(0));
    }
  }

  storage::SqlConnection& sql_;
  const std::function<void(const Discrepancy&)>& tell_;
  Reconciliation counted_;
  std::vector<std::int64_t> matched_;     // numbers of transactions
  std::vector<std::int64_t> undigested_;  // of them: found by the reference alone
};

}  // namespace

std::optional<JournalledSignature> journalled_in(std::string_view line) {
  boost::system::error_code error;
  const boost::json::value value = boost::json::parse(line, error);
  const auto* const object = error ? nullptr : value.if_object();
  if (object == nullptr) return std::nullopt;
  const auto signature = crypto::from_base64(text_member(*object, "signature"));
  if (!signature || signature->empty()) return std::nullopt;
  return JournalledSignature{.time = text_member(*object, "time"),
                             .signature = to_hex(crypto::sha256(*signature)),
                             .reference = text_member(*object, "reference"),
                             .name = text_member(*object, "requestId")};
}

std::string sentence_of(const Discrepancy& discrepancy) {
  const std::string signature = discrepancy.time + " signature " + discrepancy.name;
  const std::string seal = "transaction " + discrepancy.transaction;
  switch (discrepancy.kind) {
    case Difference::no_transaction:
      return signature + ": no transaction";
    case Difference::another_signature:
      return signature + ": " + seal + " has another one";
    case Difference::not_sealed:
      return signature + ": " + seal + " is not sealed";
    case Difference::no_signature:
      return discrepancy.time + " " + seal + ": no signature";
  }
  return {};
}

Reconciliation reconcile(storage::SqlConnection& sql,
                         const std::function<std::optional<JournalledSignature>()>& next,
                         const std::string& from,
                         const std::function<void(const Discrepancy&)>& tell) {
  return sql.snapshot([&] {
    Reconciler reconciler(sql, tell);
    while (const auto signature = next()) reconciler.take(*signature);
    return reconciler.finish(from);
  });
}

}  // namespace signet::sealserver
