// Time-stamps from the newest to the oldest (EN 319 102-1, 5.4 and 5.6.3.4, steps 4 and 5): each is judged with the proofs that
// the newer valid ones gave, and gives its own where it is valid (5.6.2.3).
#ifndef SIGNET_VALIDATION_PROCEDURE_TIME_STAMPS_H_
#define SIGNET_VALIDATION_PROCEDURE_TIME_STAMPS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "validation/procedure/context.h"
#include "validation/procedure/referenced_certificates.h"
#include "validation/result.h"

namespace signet::validation::procedure {

// Judged at most; further ones prove nothing.
inline constexpr std::size_t kMostTimeStamps = 1000;

class TimeStamps {
 public:
  // Judges all of them, and adds their proofs to the context, which must outlive it.
  explicit TimeStamps(Context& context);

  const TimeStampResult& of(const TimeStampPart& part) const;

  // Those that prove something, the newest first; where times are equal, what can be over another before that.
  std::vector<const TimeStampPart*> valid() const;
  // Of them, those over that object.
  std::vector<const TimeStampPart*> over(const ObjectId& object) const;

  // The newest valid one over this signature; null: none.
  const TimeStampPart* newest_over(const SignaturePart& signature) const;

  // Those that are over this signature, but prove nothing.
  std::vector<const TimeStampResult*> useless_over(const SignaturePart& signature) const;

  // Content time-stamps of this signature that are valid at the control time itself: the signature is no older (5.3.4).
  std::optional<Time> not_before(const SignaturePart& signature) const;

  // 5.5.4, step 4, for archival time-stamps too: a valid time-stamp that is over this signature, over its content or over such a
  // time-stamp must not be older than what it is over. Says what contradicts what.
  std::optional<Statement> contradiction(const SignaturePart& signature) const;
  const std::optional<Statement>& contradiction(const TimeStampPart& part) const {
    return entry_of(part).contradiction;
  }

 private:
  struct Entry {
    const TimeStampPart* part = nullptr;
    const SignaturePart* signature = nullptr;  // that it is in; null: none
    TimeStampResult result;
    enum class State : std::uint8_t { waiting, opened, done } state = State::waiting;
    bool proves = false;                     // valid, and not later than the control time
    bool value_alone = false;                // of all that it covers it proves the signature value
    std::optional<Statement> contradiction;  // with a valid one that is over it
  };

  const Entry& entry_of(const TimeStampPart& part) const { return entries_[places_.at(&part)]; }
  // Whether it is a proof of that object, where it is one at all.
  static bool covers(const Entry& entry, const ObjectId& object);
  void collect();
  void judge_with_covering(std::size_t index);
  void judge_one(Entry& entry);
  // The certificates that are named in what a valid time-stamp is over.
  void prove_named(const Entry& entry);
  void find_contradictions();
  // Whether that one was made before the other, as far as their times can say.
  bool is_before(const TimeStampPart& one, const TimeStampPart& other) const;

  Context& context_;
  ReferencedCertificates named_;
  std::vector<Entry> entries_;  // the newest first
  std::map<const TimeStampPart*, std::size_t> places_;
};

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_TIME_STAMPS_H_
