#include "pdf/look/demands.h"

#include <algorithm>
#include <exception>
#include <string_view>

namespace signet::pdf::look {

namespace {

constexpr std::string_view kPart = "pdfaid:part";
constexpr std::string_view kBlanks = " \t\r\n";
constexpr int kMostPart = 4;

void skip_blanks(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
}

bool skip_one_of(std::string_view& text, std::string_view characters) {
  if (text.empty() || characters.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Of what follows the name: an attribute's value, or an element's content.
int part_at(std::string_view text) {
  skip_blanks(text);
  if (skip_one_of(text, "=")) {
    skip_blanks(text);
    if (!skip_one_of(text, "'\"")) return 0;
  } else if (!skip_one_of(text, ">")) {
    return 0;
  }
  skip_blanks(text);
  const int part = text.empty() ? 0 : text.front() - '0';
  return part >= 1 && part <= kMostPart ? part : 0;
}

int pdfa_part_of(std::string_view metadata) {
  int lowest = 0;
  for (std::size_t at = metadata.find(kPart); at != std::string_view::npos;
       at = metadata.find(kPart, at + 1)) {
    const int part = part_at(metadata.substr(at + kPart.size()));
    if (part != 0 && (lowest == 0 || part < lowest)) lowest = part;
  }
  return lowest;
}

IntentSpace space_of(QPDFObjectHandle intent) {
  if (!intent.isDictionary() || !intent.getKey("/S").isNameAndEquals("/GTS_PDFA1")) {
    return IntentSpace::none;
  }
  QPDFObjectHandle profile = intent.getKey("/DestOutputProfile");
  if (!profile.isStream()) return IntentSpace::none;
  QPDFObjectHandle components = profile.getDict().getKey("/N");
  switch (components.isInteger() ? components.getIntValue() : 0) {
    case 1:
      return IntentSpace::gray;
    case 3:
      return IntentSpace::rgb;
    case 4:
      return IntentSpace::cmyk;
    default:
      return IntentSpace::none;
  }
}

IntentSpace intent_space_of(QPDFObjectHandle catalog) {
  QPDFObjectHandle intents = catalog.getKey("/OutputIntents");
  if (!intents.isArray()) return IntentSpace::none;
  for (int i = 0; i < intents.getArrayNItems(); ++i) {
    const IntentSpace space = space_of(intents.getArrayItem(i));
    if (space != IntentSpace::none) return space;
  }
  return IntentSpace::none;
}

}  // namespace

Demands demands_of(QPDFObjectHandle catalog, ByteView metadata) {
  Demands demands;
  demands.pdfa_part = pdfa_part_of(text_of(metadata));
  try {
    if (catalog.isDictionary()) demands.intent = intent_space_of(catalog);
  } catch (const std::exception&) {
    demands.intent = IntentSpace::none;  // qpdf's, of damaged objects
  }
  return demands;
}

}  // namespace signet::pdf::look
