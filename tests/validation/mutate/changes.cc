#include "tests/validation/mutate/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <utility>

#include "crypto/der.h"
#include "tests/pdf/mutate/mutation.h"
#include "tests/validation/mutate/der_tree.h"

namespace signet::tests {

namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}

  // Below `end`, which is not 0; the same with every library.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(engine_() % end); }
  template <typename List>
  auto& of(List& list) {
    return list[below(list.size())];
  }

 private:
  std::mt19937_64 engine_;
};

std::ptrdiff_t offset(std::size_t at) {
  return static_cast<std::ptrdiff_t>(at);
}

std::string flip_bits(Dice& dice, Bytes& bytes) {
  const std::size_t times = 1 + dice.below(3);
  std::string how = "bits";
  for (std::size_t done = 0; done < times; ++done) {
    const std::size_t at = dice.below(bytes.size());
    bytes[at] = static_cast<std::uint8_t>(bytes[at] ^ (1U << dice.below(8)));
    how += fmt::format(" {}", at);
  }
  return how;
}

std::string cut_out(Dice& dice, Bytes& bytes) {
  const std::size_t begin = dice.below(bytes.size());
  const std::size_t size = std::min(bytes.size() - begin, 1 + dice.below(64));
  bytes.erase(bytes.begin() + offset(begin), bytes.begin() + offset(begin + size));
  return fmt::format("cut {} bytes at {}", size, begin);
}

std::string put_in(Dice& dice, Bytes& bytes) {
  const std::size_t at = dice.below(bytes.size());
  const std::size_t size = 1 + dice.below(16);
  Bytes more(size);
  for (std::uint8_t& one : more) one = static_cast<std::uint8_t>(dice.below(256));
  bytes.insert(bytes.begin() + offset(at), more.begin(), more.end());
  return fmt::format("put {} bytes in at {}", size, at);
}

std::string end_early(Dice& dice, Bytes& bytes) {
  bytes.resize(dice.below(bytes.size()));
  return fmt::format("cut at {}", bytes.size());
}

void change_bytes(Dice& dice, Bytes& bytes, std::string& how) {
  if (bytes.empty()) return;
  constexpr std::array kWays = {flip_bits, flip_bits, flip_bits, cut_out, put_in, end_early};
  how += ", " + dice.of(kWays)(dice, bytes);
}

constexpr std::array<std::uint8_t, 14> kTags = {0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0C,
                                                0x17, 0x18, 0x30, 0x31, 0xA0, 0xA1, 0x80};

std::string change_leaf(Dice& dice, Node& node) {
  if (!node.children.empty()) {
    node.tag = dice.of(kTags);
    return fmt::format("tag {:02x}", node.tag);
  }
  if (node.content.empty() || dice.below(4) == 0) {
    node.content.assign(dice.below(40), static_cast<std::uint8_t>(dice.below(256)));
    return "other content";
  }
  std::uint8_t& byte = dice.of(node.content);
  byte = static_cast<std::uint8_t>(byte ^ (1U << dice.below(8)));
  return "another byte";
}

// `other`: a tree that parts are taken from.
std::string change_node(Dice& dice, Node& root, Node& other) {
  const std::vector<Place> places = places_in(root);
  if (places.empty()) return "nothing";
  const Place place = places[dice.below(places.size())];
  auto& siblings = place.parent->children;
  Node& node = place.node();
  const std::string which = fmt::format("{:02x}: ", node.tag);
  const auto others = places_in(other);
  switch (dice.below(10)) {
    case 0:
      siblings.erase(siblings.begin() + offset(place.index));
      return which + "removed";
    case 1: {
      Node again = node;
      siblings.insert(siblings.begin() + offset(dice.below(siblings.size() + 1)), std::move(again));
      return which + "repeated";
    }
    case 2:
      std::swap(node, siblings[dice.below(siblings.size())]);
      return which + "swapped";
    case 3:
      std::ranges::reverse(siblings);
      return which + "siblings reversed";
    case 4: {
      if (others.empty()) return "nothing";
      Node part = others[dice.below(others.size())].node();
      node = std::move(part);
      return which + "replaced by a part of another";
    }
    case 5: {
      if (others.empty()) return "nothing";
      Node part = others[dice.below(others.size())].node();
      siblings.insert(siblings.begin() + offset(place.index), std::move(part));
      return which + "a part of another put in";
    }
    case 6: {
      constexpr std::array kForms = {Node::Form::longer, Node::Form::indefinite, Node::Form::wrong};
      node.form = dice.of(kForms);
      return which + "another length";
    }
    case 7: {
      Node wrapped;
      wrapped.tag = dice.of(kTags);
      wrapped.children.push_back(node);
      node = std::move(wrapped);
      return which + "wrapped";
    }
    case 8:
      node.tag = dice.of(kTags);
      return which + fmt::format("tag {:02x}", node.tag);
    default:
      return which + change_leaf(dice, node);
  }
}

Bytes contents_of(const Base& base, std::size_t gap) {
  const Gap& one = base.gaps[gap];
  const auto hex = text_of(ByteView(base.bytes)).substr(one.begin + 1, one.end - one.begin - 2);
  return from_hex(hex).value_or(Bytes());
}

// A message of a base: it, or what is in one of its gaps.
Bytes some_message(Dice& dice, const Base& base) {
  return base.gaps.empty() ? base.bytes : contents_of(base, dice.below(base.gaps.size()));
}

// The element at the begin; what pads it is left out.
ByteView without_padding(ByteView contents) {
  der::Reader reader(contents);
  return reader.read_any().value_or(contents);
}

Bytes changed_structure(Dice& dice, ByteView message, std::string& how) {
  Node root = tree_of(without_padding(message));
  const Bytes other_message = some_message(dice, dice.of(bases()));
  Node other = tree_of(without_padding(other_message));
  const std::size_t times = 1 + dice.below(3) / 2;
  for (std::size_t done = 0; done < times; ++done) how += ", " + change_node(dice, root, other);
  return written(root);
}

void change_message(Dice& dice, Bytes& message, std::string& how) {
  if (dice.below(3) == 0)
    change_bytes(dice, message, how);
  else
    message = changed_structure(dice, message, how);
}

// Only what is between the digits' "<" and ">", so that all else stays as it was signed.
void change_contents(Dice& dice, SealedMutant& made) {
  const std::size_t gap = dice.below(made.base->gaps.size());
  const Gap& place = made.base->gaps[gap];
  Bytes contents = copy_of(without_padding(contents_of(*made.base, gap)));
  made.how += fmt::format(", in the contents at {}", place.begin);
  change_message(dice, contents, made.how);
  std::string hex = to_hex(contents);
  hex.resize(place.end - place.begin - 2, '0');
  std::ranges::copy(hex, made.bytes.begin() + offset(place.begin + 1));
}

void change_pdf(SealedMutant& made, std::uint64_t seed) {
  const std::string bytes(text_of(made.base->bytes));
  const std::vector<NamedDocument> base{NamedDocument{made.base->name, bytes}};
  const Mutant mutant = tests::mutant(base, seed);
  made.bytes = copy_of(view_of(mutant.bytes));
  made.how += ", " + mutant.how;
}

}  // namespace

SealedMutant sealed_mutant(std::uint64_t seed) {
  Dice dice(seed);
  SealedMutant made;
  made.base = &dice.of(bases());
  made.bytes = made.base->bytes;
  made.document = document();
  made.how = made.base->name;
  if (!made.base->gaps.empty()) {
    if (dice.below(2) == 0)
      change_contents(dice, made);
    else
      change_pdf(made, seed);
  } else if (made.base->external && dice.below(20) == 0) {
    made.how += ", the document";
    change_bytes(dice, made.document, made.how);
  } else {
    change_message(dice, made.bytes, made.how);
  }
  return made;
}

}  // namespace signet::tests
