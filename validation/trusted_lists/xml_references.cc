#include "validation/trusted_lists/xml_references.h"

#include <array>
#include <sstream>
#include <string_view>

#include "common/printable.h"
#include "validation/trusted_lists/canonical.h"
#include "validation/trusted_lists/fault.h"
#include "validation/trusted_lists/xml_algorithms.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostReferences = 8;
constexpr std::size_t kMostInclusivePrefixes = 8;
constexpr std::string_view kEnveloped = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
constexpr std::string_view kSignedPropertiesType = "http://uri.etsi.org/01903#SignedProperties";

constexpr Sentence kReferences{
    "the signature has not exactly one reference to the list and one to its signed properties",
    "podpis nemá právě jeden odkaz na seznam a jeden na své podepsané vlastnosti"};
constexpr Sentence kTransforms{
    "the signature transforms what it covers in a way that is not allowed",
    "podpis převádí podepsaná data nedovoleným způsobem"};
constexpr Sentence kForeign{"the signature refers to something outside of itself: {0}",
                            "podpis odkazuje mimo sebe: {0}"};
constexpr Sentence kAmbiguous{"several elements have the identifier to which the signature refers",
                              "identifikátor, na který podpis odkazuje, má více prvků"};
constexpr Sentence kWeakDigest{"the signature uses a digest that is unknown or too weak",
                               "podpis používá neznámý nebo příliš slabý otisk"};
constexpr Sentence kChanged{"the list was changed after it was signed",
                            "seznam byl po podepsání změněn"};
constexpr Sentence kPropertiesChanged{"the signed properties were changed after they were signed",
                                      "podepsané vlastnosti byly po podepsání změněny"};
constexpr Sentence kUncomputable{"the digest of a reference cannot be computed",
                                 "otisk odkazu nelze spočítat"};

// By an attribute that may be an identifier, wherever in the document.
std::vector<const xmlNode*> with_identifier(const xmlNode* root, const std::string& identifier) {
  std::vector<const xmlNode*> found;
  for (const xmlNode* node = root; node != nullptr; node = next_element(node, root))
    for (const char* const name : {"Id", "ID", "id"})
      if (node->properties != nullptr && attribute_of(node, name) == identifier) {
        found.push_back(node);
        break;
      }
  return found;
}

bool is_part_of(const xmlNode* node, const xmlNode* top) {
  for (; node != nullptr; node = node->parent)
    if (node == top) return true;
  return false;
}

class References {
 public:
  References(const XmlDocument& document, const xmlNode* signature,
             const xmlNode* signed_properties)
      : document_(document), signature_(signature), signed_properties_(signed_properties) {}

  std::optional<Conclusion> check() {
    const auto references = children_of(child_of(signature_, xml::kSignature, "SignedInfo"),
                                        xml::kSignature, "Reference");
    if (references.size() > kMostReferences) return wrong(kReferences);
    for (const xmlNode* const reference : references)
      if (auto fault = check_one(reference)) return fault;
    if (documents_ != 1 || properties_ != 1) return wrong(kReferences);
    return std::nullopt;
  }

 private:
  static Conclusion wrong(const Sentence& sentence) {
    return failed(SubIndication::format_failure, say(sentence));
  }

  std::optional<Conclusion> check_one(const xmlNode* reference) {
    if (xmlHasProp(const_cast<xmlNode*>(reference), reinterpret_cast<const xmlChar*>("URI")) ==
        nullptr)
      return wrong(kReferences);
    const std::string uri = attribute_of(reference, "URI");
    return uri.empty() ? check_document(reference) : check_part(reference, uri);
  }

  std::optional<Conclusion> check_document(const xmlNode* reference) {
    ++documents_;
    CanonicalPart part;
    part.except = signature_;
    const auto transforms = transforms_of(reference);
    if (transforms.size() != 2 || attribute_of(transforms[0], "Algorithm") != kEnveloped ||
        !children_of(transforms[0]).empty() || !takes_exclusive(transforms[1], part))
      return wrong(kTransforms);
    return compare(reference, part, kChanged);
  }

  std::optional<Conclusion> check_part(const xmlNode* reference, const std::string& uri) {
    const bool by_type = attribute_of(reference, "Type") == kSignedPropertiesType;
    if (!uri.starts_with('#') || uri.find_first_of("()") != std::string::npos)
      return failed(SubIndication::format_failure, say(kForeign, printable_uri(uri)));
    const auto found = with_identifier(document_.root(), uri.substr(1));
    if (found.size() > 1) return wrong(kAmbiguous);
    if (found.empty() || found[0] == signature_ || !is_part_of(found[0], signature_))
      return failed(SubIndication::format_failure, say(kForeign, printable_uri(uri)));
    const bool is_properties = found[0] == signed_properties_;
    if (by_type != is_properties) return wrong(kReferences);
    if (is_properties) ++properties_;
    CanonicalPart part;
    part.only = found[0];
    const auto transforms = transforms_of(reference);
    part.exclusive = !transforms.empty();
    if (transforms.size() > 1 || (transforms.size() == 1 && !takes_exclusive(transforms[0], part)))
      return wrong(kTransforms);
    return compare(reference, part, is_properties ? kPropertiesChanged : kChanged);
  }

  static std::string printable_uri(const std::string& uri);

  static std::vector<const xmlNode*> transforms_of(const xmlNode* reference) {
    return children_of(child_of(reference, xml::kSignature, "Transforms"));
  }

  static bool takes_exclusive(const xmlNode* transform, CanonicalPart& part) {
    if (attribute_of(transform, "Algorithm") != xml::kExclusive) return false;
    auto prefixes = inclusive_prefixes(transform);
    if (prefixes) part.prefixes = *std::move(prefixes);
    return prefixes.has_value();
  }

  std::optional<Conclusion> compare(const xmlNode* reference, const CanonicalPart& part,
                                    const Sentence& changed) {
    const crypto::Hash hash =
        xml_digest(attribute_of(child_of(reference, xml::kSignature, "DigestMethod"), "Algorithm"));
    if (hash == crypto::Hash::none) return wrong(kWeakDigest);
    const auto expected = bytes_in(child_of(reference, xml::kSignature, "DigestValue"));
    const auto computed = canonical_digest(document_.get(), part, hash);
    if (!computed) return wrong(kUncomputable);
    if (!expected || *expected != *computed)
      return failed(SubIndication::hash_failure, say(changed));
    return std::nullopt;
  }

  const XmlDocument& document_;
  const xmlNode* signature_;
  const xmlNode* signed_properties_;
  std::size_t documents_ = 0, properties_ = 0;
};

std::string References::printable_uri(const std::string& uri) {
  constexpr std::size_t kShown = 100;
  return printable(uri.substr(0, kShown));
}

}  // namespace

std::optional<std::vector<std::string>> inclusive_prefixes(const xmlNode* method) {
  std::vector<std::string> prefixes;
  for (const xmlNode* const child : children_of(method)) {
    if (!is_element(child, xml::kExclusive, "InclusiveNamespaces")) return std::nullopt;
    std::istringstream list(attribute_of(child, "PrefixList"));
    for (std::string prefix; list >> prefix;) prefixes.push_back(prefix);
    if (prefixes.size() > kMostInclusivePrefixes) return std::nullopt;
  }
  return prefixes;
}

std::optional<Conclusion> check_references(const XmlDocument& document, const xmlNode* signature,
                                           const xmlNode* signed_properties) {
  return References(document, signature, signed_properties).check();
}

}  // namespace signet::validation
