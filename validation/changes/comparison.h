// Whether objects of two revisions are the same in what they mean: rewritten ones are, whatever their numbers and filters.
#ifndef SIGNET_VALIDATION_CHANGES_COMPARISON_H_
#define SIGNET_VALIDATION_CHANGES_COMPARISON_H_

#include <cstdint>
#include <optional>
#include <qpdf/QPDFObjectHandle.hh>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "validation/changes/budget.h"
#include "validation/changes/references.h"

namespace signet::validation {

// Objects with the same number of which the update can have reached nothing are the same without a look. References to anchors
// (pages, fields, the catalog and what else is compared on its own, strictly) are the same where they have the same number.
class Comparison {
 public:
  Comparison(const ObjectSet& touched, const ObjectSet& reached, const ObjectSet& anchors,
             Budget& budget)
      : touched_(touched), reached_(reached), anchors_(anchors), budget_(budget) {}

  // Either may be null: there is none.
  bool same(QPDFObjectHandle before, QPDFObjectHandle after);

  // The keys of two dictionaries, or streams' ones, whose values are not the same; without `passed_over`.
  std::vector<std::string> differing_keys(QPDFObjectHandle before, QPDFObjectHandle after,
                                          const std::set<std::string>& passed_over);

  // An object that the update defines again, or that is new.
  bool is_touched(QPDFObjectHandle value) const;
  // Likewise, or one that such a one can be reached from.
  bool is_reached(QPDFObjectHandle value) const;

 private:
  bool same_value(QPDFObjectHandle before, QPDFObjectHandle after, int depth);
  // The same, where a difference does not end the comparison that it is part of: what was assumed on the way to it is forgotten.
  bool same_part(QPDFObjectHandle before, QPDFObjectHandle after, int depth);
  bool same_content(QPDFObjectHandle before, QPDFObjectHandle after, int depth);
  bool same_dictionary(QPDFObjectHandle before, QPDFObjectHandle after, int depth,
                       const std::set<std::string>& passed_over);
  bool same_stream(QPDFObjectHandle before, QPDFObjectHandle after, int depth);
  std::optional<Bytes> digest(QPDFObjectHandle stream, bool decoded);

  const ObjectSet& touched_;
  const ObjectSet& reached_;
  const ObjectSet& anchors_;
  Budget& budget_;
  void forget(std::size_t assumed);

  using Pair = std::pair<QPDFObjGen, QPDFObjGen>;
  std::set<Pair> assumed_;   // to be the same, until a difference is found
  std::vector<Pair> order_;  // in which they were
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_COMPARISON_H_
