// A document that somebody has, looked up by the digests that the browser has made of it and of its parts.
#include <algorithm>
#include <charconv>

#include "seal-server/pages/pages.h"
#include "seal-server/pages/seal_view.h"
#include "seal-server/seals/search.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kMostHits = 200;
constexpr std::size_t kDigestDigits = 64;

// The first octets of a file, or all of them.
struct DocumentPart {
  std::uint64_t size = 0;
  std::string digest;
  std::vector<Seal> seals = {};
};

// "SIZE:DIGEST,SIZE:DIGEST", the whole file last.
std::vector<DocumentPart> parts_in(std::string_view text) {
  std::vector<DocumentPart> parts;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    DocumentPart part;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), part.size);
    const auto at = static_cast<std::size_t>(end - word.data());
    const bool good = error == std::errc() && word.size() == at + 1 + kDigestDigits &&
                      word[at] == ':' && from_hex(word.substr(at + 1));
    if (!good || parts.size() == kMostDigests) throw problems::bad_value("These are no parts.");
    part.digest = word.substr(at + 1);
    parts.push_back(std::move(part));
  }
  if (parts.empty()) throw problems::bad_value("There are no parts.");
  std::ranges::reverse(parts);
  return parts;
}

// To the largest part that it seals, or that it made.
void give_to_parts(std::vector<DocumentPart>& parts, std::vector<Seal> seals) {
  for (Seal& seal : seals) {
    const auto part = std::ranges::find_if(parts, [&](const DocumentPart& each) {
      return each.digest == seal.opened.digest || each.digest == seal.result.sealed_digest;
    });
    if (part != parts.end()) part->seals.push_back(std::move(seal));
  }
}

std::string part_words(Language language, const DocumentPart& part, bool whole) {
  if (whole) return text(language, "whole_file");
  return text(language, "first_octets") + " " + std::to_string(part.size);
}

}  // namespace

https::server::Response Pages::look_up(const Visit& visit) {
  std::vector<DocumentPart> parts = parts_in(visit.form.value("parts"));
  SealFilter filter;
  if (visit.user().role == Role::person) filter.client = visit.user().client;
  for (const DocumentPart& part : parts) filter.digests.push_back(part.digest);
  Values groups = value_list();
  const std::uint64_t size = parts.front().size;
  const bool more = readers_.read([&](storage::SqlConnection& sql) {
    SealPage page = search_seals(sql, filter, std::nullopt, kMostHits);
    give_to_parts(parts, std::move(page.seals));
    for (const DocumentPart& part : parts) {
      if (part.seals.empty()) continue;
      Values group;
      group.set("part", part_words(visit.frame.language, part, part.size == size));
      group.set("part_digest", part.digest);
      put_seals(group, sql, part.seals, visit.frame);
      groups.push_back(group);
    }
    return page.next.has_value();
  });
  Values values;
  values.set("none", Values(groups.is_empty_list()));
  values.set("groups", groups);
  values.set("more", Values(more));
  values.set("file_digest", parts.front().digest);
  Frame frame = visit.frame;
  frame.section = "seals";
  frame.here = "/seals";
  return page_answer(200, frame, "lookup", "lookup", values);
}

}  // namespace signet::sealserver
