#include "pdf/cross_reference.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string_view>
#include <utility>

#include "pdf/lexer.h"
#include "pdf/section_reader.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr std::uint64_t kMostJunkBehind = std::uint64_t{1024} * 1024;
constexpr std::size_t kMostSections = 10'000;
constexpr std::uint64_t kFewEntries = 65'536;
constexpr std::uint64_t kMostInflated = std::uint64_t{128} * 1024 * 1024;  // bytes, of all sections
constexpr std::uint64_t kMostEntries = std::uint64_t{kHighestNumber} + 1;  // of all sections
constexpr std::uint64_t kLongestEnd = 1024;  // from startxref to %%EOF
constexpr std::uint64_t kMostBlanks = 16;    // where a section should be

bool stands_at(Window& window, std::uint64_t offset, std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at)
    if (window.at(offset + at) != static_cast<unsigned char>(text[at])) return false;
  return true;
}

// The last place in [from, to) where it stands.
std::optional<std::uint64_t> find_last(Window& window, std::uint64_t from, std::uint64_t to,
                                       std::string_view text) {
  if (to - from < text.size()) return std::nullopt;
  for (std::uint64_t at = to - text.size() + 1; at-- > from;)
    if (window.at(at) == static_cast<unsigned char>(text[0]) && stands_at(window, at, text))
      return at;
  return std::nullopt;
}

std::optional<std::uint64_t> find_first(Window& window, std::uint64_t from, std::uint64_t to,
                                        std::string_view text) {
  for (std::uint64_t at = from; at < to; ++at)
    if (window.at(at) == static_cast<unsigned char>(text[0]) && stands_at(window, at, text))
      return at;
  return std::nullopt;
}

std::uint64_t behind_line_end(Window& window, std::uint64_t at) {
  if (window.at(at) == '\r') ++at;
  if (window.at(at) == '\n') ++at;
  return at;
}

// Some writers count a line end too few: every reader passes over it.
std::uint64_t behind_blanks(Window& window, std::uint64_t offset) {
  std::uint64_t at = offset;
  while (at < offset + kMostBlanks && at < window.size() && is_white(window.at(at))) ++at;
  return at;
}

bool same_place(const Entry& a, const Entry& b) {
  return a.kind == b.kind &&
         (a.kind == Entry::Kind::free || (a.where == b.where && a.generation == b.generation));
}

// The lowest object that is there twice, in different places; 0: none.
std::uint32_t defined_twice(std::vector<Entry> entries) {
  if (!std::ranges::is_sorted(entries, {}, &Entry::object))
    std::ranges::stable_sort(entries, {}, &Entry::object);
  const auto found = std::ranges::adjacent_find(entries, [](const Entry& a, const Entry& b) {
    return a.object == b.object && !same_place(a, b);
  });
  return found == entries.end() ? 0 : found->object;
}

std::vector<Entry> joined(const std::vector<Entry>& a, const std::vector<Entry>& b) {
  std::vector<Entry> all = a;
  all.insert(all.end(), b.begin(), b.end());
  return all;
}

}  // namespace

class Walk {
 public:
  explicit Walk(Window& window)
      : window_(window),
        most_{std::min(std::max(kFewEntries, window.size()), kMostEntries), kMostInflated} {}

  PdfResult<CrossReference> run() {
    BOOST_OUTCOME_TRY(find_header());
    BOOST_OUTCOME_TRY(find_end());
    BOOST_OUTCOME_TRY(find_base());
    BOOST_OUTCOME_TRY(follow());
    BOOST_OUTCOME_TRY(sort_entries());
    find_revisions();
    if (window_.failed()) return Error(ErrorKind::unreadable, "the document cannot be read");
    return std::move(found_);
  }

 private:
  PdfResult<void> find_header() {
    const auto header =
        find_first(window_, 0, std::min(kMostJunkBefore + 1, window_.size()), "%PDF-");
    if (window_.failed()) return Error(ErrorKind::unreadable, "the document cannot be read");
    if (!header) return broken("this is not a PDF document: \"%PDF-\" is missing", 0);
    found_.header_ = *header;
    return success();
  }

  // The last %%EOF, and the startxref in front of it.
  PdfResult<void> find_end() {
    const std::uint64_t size = window_.size();
    const std::uint64_t from = std::max(found_.header_, size - std::min(size, kMostJunkBehind + 8));
    const auto last = find_last(window_, from, size, "%%EOF");
    if (!last)
      return broken("the document is truncated: there is no \"%%EOF\" in its last MiB", size);
    found_.end_ = behind_line_end(window_, *last + 5);
    // An update that was cut off while it was written: the document would silently be the one before it.
    for (const std::string_view word : {"endobj", "startxref", "endstream"})
      if (const auto more = find_first(window_, found_.end_, size, word))
        return broken("the document is truncated: its last update has no end", *more);
    const auto start = find_last(window_, *last - std::min(*last, kLongestEnd), *last, "startxref");
    if (!start) return broken("\"startxref\" is missing in front of the last \"%%EOF\"", *last);
    Lexer lexer(window_, *start + 9);
    const auto number = lexer.accept_natural();
    if (!number) return broken("behind \"startxref\" is no number", *start);
    found_.start_ = *number;
    start_at_ = *start;
    return success();
  }

  // Whether offsets count from the file's start or from %PDF-: the file's own tells.
  PdfResult<void> find_base() {
    for (const bool blanks : {false, true})
      for (const std::uint64_t base : {std::uint64_t{0}, found_.header_})
        if (counts_from(base, blanks)) return success();
    return broken("the offset behind \"startxref\" points to no cross-reference", start_at_);
  }

  bool counts_from(std::uint64_t base, bool blanks) {
    if (found_.start_ >= window_.size() - base) return false;
    const std::uint64_t said = found_.start_ + base;
    const std::uint64_t at = blanks ? behind_blanks(window_, said) : said;
    if (!form_at(window_, at)) return false;
    found_.base_ = base;
    return true;
  }

  PdfResult<void> follow() {
    std::optional<std::uint64_t> next = found_.start_;
    while (next) {
      BOOST_OUTCOME_TRY(auto content, read(*next));
      std::optional<std::uint64_t> previous = content.previous;
      content.section.defined_twice = defined_twice(joined(content.entries, content.free));
      take_used(content);
      if (content.stream) {
        BOOST_OUTCOME_TRY(auto beside, read(*content.stream));
        if (beside.section.form != SectionForm::stream)
          return broken("/XRefStm points to no cross-reference stream", content.section.offset);
        // What the table calls free is what only the stream tells (7.5.8.4).
        if (content.section.defined_twice == 0)
          content.section.defined_twice = defined_twice(joined(content.entries, beside.entries));
        take_used(beside);
        take_free(beside);
      }
      take_free(content);
      found_.sections_.push_back(content.section);
      next = previous;
    }
    return success();
  }

  PdfResult<SectionContent> read(std::uint64_t said) {
    // Behind the last %%EOF anybody can write what is in no revision.
    if (said >= found_.end_ - found_.base_)
      return broken("a cross-reference would be behind the end of the document", said);
    const std::uint64_t offset = behind_blanks(window_, said + found_.base_) - found_.base_;
    if (!seen_.insert(offset).second)
      return broken("the cross-references form a loop", offset + found_.base_);
    if (seen_.size() > kMostSections)
      return broken("the document has too many cross-references", offset);
    BOOST_OUTCOME_TRY(auto content,
                      read_section(window_, offset + found_.base_, found_.base_, most_));
    const std::uint64_t read = content.entries.size() + content.free.size();
    most_.entries -= std::min(most_.entries, read);
    most_.inflated -= content.inflated;
    raise(content.section.size);
    raise(std::uint64_t{content.own_object} + 1);
    return content;
  }

  void raise(std::uint64_t next) {
    found_.next_object_ = std::max(found_.next_object_, static_cast<std::uint32_t>(next));
  }

  void take_used(const SectionContent& content) {
    for (const Entry& entry : content.entries) raise(std::uint64_t{entry.object} + 1);
    std::ranges::copy(content.entries, std::back_inserter(found_.entries_));
  }
  void take_free(const SectionContent& content) {
    std::ranges::copy(content.free, std::back_inserter(found_.entries_));
  }

  // Of what is said of one object, what was said first counts: the newest section is read first.
  PdfResult<void> sort_entries() {
    std::ranges::stable_sort(found_.entries_, {}, &Entry::object);
    BOOST_OUTCOME_TRY(check_generations());
    const auto rest = std::ranges::unique(found_.entries_, {}, &Entry::object);
    found_.entries_.erase(rest.begin(), rest.end());
    return success();
  }

  // For qpdf, objects of one number and two generations are two objects, unless the number became free in between. What it
  // then finds in object streams would not be what is found here, and looked at before it is read.
  PdfResult<void> check_generations() const {
    std::vector<std::uint64_t> streams;
    for (const Entry& entry : found_.entries_)
      if (entry.kind == Entry::Kind::compressed &&
          (streams.empty() || streams.back() != entry.where))
        streams.push_back(entry.where);
    std::ranges::sort(streams);
    const auto generation = [](const Entry& entry) {
      return entry.kind == Entry::Kind::plain ? entry.generation : 0;
    };
    const auto& all = found_.entries_;
    for (std::size_t at = 1; at < all.size(); ++at) {
      const Entry& newer = all[at - 1];
      const Entry& older = all[at];
      const bool both = newer.object == older.object && newer.kind != Entry::Kind::free &&
                        older.kind != Entry::Kind::free;
      if (!both || generation(newer) == generation(older)) continue;
      if (newer.kind != older.kind || std::ranges::binary_search(streams, older.object))
        return broken(fmt::format("object {} has two generations at a time", older.object),
                      std::max(newer.where, older.where));
    }
    return success();
  }

  // A section whose /Prev points further back in the file is of the same revision as that: so linearised files are.
  void find_revisions() {
    std::size_t first = 0;
    std::uint64_t last_end = found_.sections_.front().end;
    std::vector<Revision>& revisions = found_.revisions_;
    for (std::size_t at = 1; at <= found_.sections_.size(); ++at) {
      const bool same = at < found_.sections_.size() &&
                        found_.sections_[at].offset > found_.sections_[at - 1].offset;
      if (same) {
        last_end = std::max(last_end, found_.sections_[at].end);
        continue;
      }
      revisions.push_back({first == 0 ? found_.end_ : end_behind(last_end), first});
      first = at;
      if (at < found_.sections_.size()) last_end = found_.sections_[at].end;
    }
    std::ranges::reverse(revisions);
  }

  // Behind the %%EOF that follows a section; the section's own end where none does.
  std::uint64_t end_behind(std::uint64_t section_end) {
    const std::uint64_t to = std::min(window_.size(), section_end + kLongestEnd);
    const auto mark = find_first(window_, section_end, to, "%%EOF");
    return mark ? behind_line_end(window_, *mark + 5) : section_end;
  }

  Window& window_;
  SectionBounds most_;
  std::uint64_t start_at_ = 0;
  std::set<std::uint64_t> seen_;
  CrossReference found_;
};

PdfResult<CrossReference> CrossReference::walk(Window& window) {
  return Walk(window).run();
}

const Entry* CrossReference::find(std::uint32_t object) const {
  const auto found = std::ranges::lower_bound(entries_, object, {}, &Entry::object);
  return found == entries_.end() || found->object != object ? nullptr : &*found;
}

}  // namespace signet::pdf
