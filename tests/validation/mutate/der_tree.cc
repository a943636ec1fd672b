#include "tests/validation/mutate/der_tree.h"

#include <optional>

#include "crypto/der.h"

namespace signet::tests {

namespace {

constexpr std::uint8_t kConstructed = 0x20;
constexpr std::size_t kDeepest = 40;

struct Element {
  std::uint8_t tag = 0;
  ByteView content;
  std::size_t size = 0;
};

std::optional<Element> element_at(ByteView bytes) {
  if (bytes.size() < 2 || (bytes[0] & 0x1FU) == 0x1FU) return std::nullopt;
  std::size_t header = 2;
  std::size_t length = bytes[1];
  if (length > 0x84 || length == 0x80) return std::nullopt;
  if (length > 0x80) {
    const std::size_t octets = length - 0x80;
    if (bytes.size() < 2 + octets) return std::nullopt;
    length = 0;
    for (const std::uint8_t octet : bytes.subspan(2, octets)) length = (length << 8U) | octet;
    header += octets;
  }
  if (length > bytes.size() - header) return std::nullopt;
  return Element{bytes[0], bytes.subspan(header, length), header + length};
}

// The elements that the bytes are made of; nothing where they are not.
std::optional<std::vector<Node>> children_in(ByteView bytes, std::size_t depth) {
  if (depth > kDeepest) return std::nullopt;
  std::vector<Node> children;
  while (!bytes.empty()) {
    const auto element = element_at(bytes);
    if (!element) return std::nullopt;
    Node node;
    node.tag = element->tag;
    const bool may_hold = (node.tag & kConstructed) != 0 || node.tag == der::kOctetString;
    auto inside = may_hold && !element->content.empty() ? children_in(element->content, depth + 1)
                                                        : std::nullopt;
    if (inside)
      node.children = std::move(*inside);
    else
      node.content = copy_of(element->content);
    children.push_back(std::move(node));
    bytes = bytes.subspan(element->size);
  }
  return children;
}

Bytes length_of(std::size_t size, Node::Form form) {
  if (form == Node::Form::wrong) size += 1 + size / 7;
  Bytes octets;
  for (std::size_t rest = size; rest > 0; rest >>= 8U)
    octets.insert(octets.begin(), static_cast<std::uint8_t>(rest));
  if (form == Node::Form::longer) octets.insert(octets.begin(), 0);
  if (size < 0x80 && form != Node::Form::longer) return {static_cast<std::uint8_t>(size)};
  octets.insert(octets.begin(), static_cast<std::uint8_t>(0x80 + octets.size()));
  return octets;
}

void collect(Node& parent, std::vector<Place>& places) {
  for (std::size_t at = 0; at < parent.children.size(); ++at) {
    places.push_back({&parent, at});
    collect(parent.children[at], places);
  }
}

}  // namespace

Node tree_of(ByteView der) {
  auto children = children_in(der, 0);
  if (children && children->size() == 1) return std::move(children->front());
  Node leaf;
  leaf.tag = der::kOctetString;
  leaf.content = copy_of(der);
  return leaf;
}

Bytes written(const Node& node) {
  Bytes content = node.content;
  for (const Node& child : node.children) der::append(content, written(child));
  Bytes bytes{node.tag};
  if (node.form == Node::Form::indefinite) {
    bytes.push_back(0x80);
    der::append(bytes, content);
    bytes.insert(bytes.end(), {0, 0});
    return bytes;
  }
  der::append(bytes, length_of(content.size(), node.form));
  der::append(bytes, content);
  return bytes;
}

std::vector<Place> places_in(Node& root) {
  std::vector<Place> places;
  collect(root, places);
  return places;
}

}  // namespace signet::tests
