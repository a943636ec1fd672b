// Which object refers to which, for a whole document, read from its bytes: qpdf would keep every object in memory. It tells what
// an update can have reached, so that a comparison looks at nothing else, and what nothing refers to.
#ifndef SIGNET_VALIDATION_CHANGES_REFERENCES_H_
#define SIGNET_VALIDATION_CHANGES_REFERENCES_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "pdf/document.h"
#include "validation/changes/budget.h"

namespace signet::validation {

using ObjectSet = std::unordered_set<std::uint32_t>;

// How a value ends.
struct ValueEnd {
  std::uint64_t position = 0;  // behind the word that ends it
  bool endobj = false;
  bool stream = false;
  std::optional<std::uint64_t> length;            // of the dictionary, where it is no reference
  std::optional<std::uint32_t> length_reference;  // where it is one
  std::optional<std::uint64_t> integer;           // the value is this number alone
  bool cross_reference = false;                   // /Type /XRef
};

// The numbers that a value refers to, from this offset up to "endobj", "stream" or `end`.
ValueEnd scan_references(pdf::Window& window, std::uint64_t offset, std::uint64_t end,
                         Budget& budget, std::vector<std::uint32_t>& found);

class ReferenceGraph {
 public:
  // Of all objects of this revision. One that does not end in it could be continued by what is appended later: refused. Throws what the budget and qpdf throw: inside Document::examined().
  void read(pdf::Document& document, Budget& budget);
  // From one revision to the next one: these objects are others now.
  void update(pdf::Document& document, const ObjectSet& touched, Budget& budget);

  // Objects from which one of `touched` can be reached, and `touched` itself. Not by way of objects that `is_cut` is true of:
  // it is asked once for each.
  ObjectSet reaching(const ObjectSet& touched, const std::function<bool(std::uint32_t)>& is_cut,
                     Budget& budget) const;
  // Objects that can be reached from these.
  ObjectSet reachable(const std::vector<std::uint32_t>& from, Budget& budget) const;

 private:
  using Edges = std::vector<std::uint32_t>;
  void read_entries(pdf::Document& document, std::vector<pdf::Entry> entries, Budget& budget);
  void read_plain(pdf::Window& window, const pdf::Entry& entry, Budget& budget);
  void check_stream_ends(pdf::Window& window, Budget& budget);
  void read_object_stream(pdf::Document& document, std::uint32_t stream,
                          const std::vector<pdf::Entry>& members, Budget& budget);
  void set(std::uint32_t object, Edges edges);

  std::unordered_map<std::uint32_t, Edges> edges_;
  // Edges that were may still be there: then a comparison looks at more than it has to.
  std::unordered_map<std::uint32_t, Edges> backwards_;
  std::unordered_map<std::uint32_t, std::uint64_t> integers_;  // objects that are numbers
  struct OpenStream {
    std::uint64_t data = 0;  // offset
    std::optional<std::uint64_t> length;
    std::optional<std::uint32_t> length_reference;
  };
  std::vector<OpenStream> streams_;  // that were read and not checked yet
};

// The numbers in the document's trailer.
std::vector<std::uint32_t> roots_of(pdf::Document& document);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_REFERENCES_H_
