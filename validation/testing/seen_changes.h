// What changed in a document, as tests look at it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "pdf/document.h"
#include "validation/pdf_changes.h"

namespace signet::validation {

inline std::string told(const std::vector<PdfChange>& changes) {
  std::string out;
  for (const PdfChange& change : changes) {
    out +=
        fmt::format("{} [{}{}] {}", name_of(change.kind), change.allowed ? "allowed" : "FORBIDDEN",
                    change.warning ? ", warning" : "", text_of(change.what, Language::english));
    if (change.rule) out += ": " + text_of(*change.rule, Language::english);
    out += "\n";
  }
  return out;
}

inline std::vector<PdfChange> changes_of(const std::string& bytes, std::size_t revision,
                                         const std::string& field = "SignetSeal1",
                                         std::string_view password = {}) {
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)), password);
  if (!document) {
    ADD_FAILURE() << document.error().sentence;
    return {};
  }
  return changes_after(*document.value(), password, revision, field);
}

inline std::vector<ChangeKind> kinds_of(const std::vector<PdfChange>& changes, bool allowed) {
  std::vector<ChangeKind> kinds;
  for (const PdfChange& change : changes)
    if (change.allowed == allowed) kinds.push_back(change.kind);
  return kinds;
}

inline std::size_t revisions_of(const std::string& bytes, std::string_view password = {}) {
  const auto document = pdf::Document::open(pdf::Source::of(view_of(bytes)), password);
  return document ? document.value()->cross_reference().revisions().size() : 0;
}

inline void expect_all_allowed(const std::vector<PdfChange>& changes) {
  EXPECT_TRUE(kinds_of(changes, false).empty()) << told(changes);
}

}  // namespace signet::validation
