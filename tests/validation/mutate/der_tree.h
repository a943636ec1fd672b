// A DER structure as a tree that can be changed and written again, whatever then becomes of it.
#ifndef SIGNET_TESTS_VALIDATION_MUTATE_DER_TREE_H_
#define SIGNET_TESTS_VALIDATION_MUTATE_DER_TREE_H_

#include <cstdint>
#include <vector>

#include "common/bytes.h"

namespace signet::tests {

struct Node {
  std::uint8_t tag = 0;
  Bytes content;               // where it has no children
  std::vector<Node> children;  // of constructed ones, and of OCTET STRINGs that hold an element
  enum class Form : std::uint8_t { definite, longer, indefinite, wrong } form = Form::definite;
};

// One element, all of it; a leaf of everything where it is none.
Node tree_of(ByteView der);
// With lengths that fit, but of nodes whose form says otherwise.
Bytes written(const Node& node);

// All nodes but the root, parents in front of their children. Valid until the tree is changed.
struct Place {
  Node* parent = nullptr;
  std::size_t index = 0;

  Node& node() const { return parent->children[index]; }
};
std::vector<Place> places_in(Node& root);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_VALIDATION_MUTATE_DER_TREE_H_
