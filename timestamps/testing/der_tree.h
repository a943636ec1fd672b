// For tests: DER as a tree of elements that can be changed; lengths follow.
#ifndef SIGNET_TIMESTAMPS_TESTING_DER_TREE_H_
#define SIGNET_TIMESTAMPS_TESTING_DER_TREE_H_

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "common/bytes.h"

namespace signet::timestamps {

class DerTree {
 public:
  std::uint8_t tag = 0;
  Bytes content = {};                  // of a primitive element
  std::vector<DerTree> children = {};  // of a constructed one

  // One element; throws std::runtime_error for anything else.
  static DerTree of(ByteView der);
  Bytes encoded() const;

  bool is_constructed() const { return (tag & 0x20U) != 0; }

  // A descendant: the first number is the place among the children, and so on. Throws std::out_of_range.
  DerTree& at(std::initializer_list<std::size_t> path);

  // The first element that has this primitive one (DER) as its own child; throws where there is none.
  DerTree& holder_of(ByteView child);

  // Puts a copy of an element's child behind it.
  void duplicate(ByteView child);

 private:
  DerTree* find_holder(ByteView child);
  bool has_child(ByteView child) const;
};

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_TESTING_DER_TREE_H_
