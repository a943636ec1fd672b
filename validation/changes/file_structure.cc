#include "validation/changes/file_structure.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>

#include "pdf/lexer.h"
#include "validation/changes/references.h"

namespace signet::validation {

namespace {

constexpr Sentence kUnlisted{
    "object {0} was added at byte {1} where no cross-reference lists it",
    "na pozici {1} byl přidán objekt {0}, který žádná tabulka odkazů neuvádí"};
constexpr Sentence kJunk{"at byte {0} there is something that is no part of the document",
                         "na pozici {0} je něco, co není součástí dokumentu"};
constexpr Sentence kTwice{"one update defines object {0} twice, in different places",
                          "jedna aktualizace definuje objekt {0} dvakrát na různých místech"};
constexpr Sentence kBehind{"behind the document's end, at byte {0}, something was added",
                           "za konec dokumentu, na pozici {0}, bylo něco přidáno"};

Difference hidden(Statement what) {
  Difference made;
  made.change.kind = ChangeKind::hidden;
  made.change.what = std::move(what);
  made.need = Need::never;
  return made;
}

class Look {
 public:
  Look(pdf::Document& document, std::uint64_t begin, Budget& budget)
      : reference_(document.cross_reference()),
        window_(document.source()),
        lexer_(window_, begin),
        begin_(begin),
        budget_(budget) {
    for (const pdf::Entry& entry : reference_.entries())
      if (entry.kind == pdf::Entry::Kind::plain && entry.where >= begin)
        listed_.emplace(entry.where, entry.object);
    for (const pdf::Section& section : reference_.sections())
      if (section.offset >= begin) sections_.emplace(section.offset, section.end);
  }

  std::vector<Difference> run() {
    for (const pdf::Section& section : reference_.sections())
      if (section.offset >= begin_ && section.defined_twice != 0)
        found_.push_back(hidden(say(kTwice, std::int64_t{section.defined_twice})));
    while (true) {
      budget_.spend_bytes(64);
      lexer_.skip_space();
      if (lexer_.position() >= reference_.end()) break;
      const std::uint64_t position = lexer_.position();
      if (pass()) continue;
      found_.push_back(hidden(say(kJunk, static_cast<std::int64_t>(position))));
      break;
    }
    return std::move(found_);
  }

 private:
  static constexpr std::size_t kMostFound = 100;

  bool pass() {
    const std::uint64_t position = lexer_.position();
    const auto section = sections_.find(position);
    const bool is_table = section != sections_.end() && window_.at(position) == 'x';
    if (is_table) {
      lexer_.move_to(section->second);
      return true;
    }
    if (lexer_.accept("startxref")) return lexer_.accept_natural().has_value();
    const auto number = lexer_.accept_natural();
    const auto generation = number ? lexer_.accept_natural() : std::nullopt;
    if (!generation || !lexer_.accept("obj")) return false;
    std::vector<std::uint32_t> ignored;
    const ValueEnd end =
        scan_references(window_, lexer_.position(), window_.size(), budget_, ignored);
    const auto entry = listed_.find(position);
    const bool is_listed = (entry != listed_.end() && entry->second == *number) ||
                           section != sections_.end() || end.cross_reference;
    if (!is_listed && found_.size() < kMostFound)
      found_.push_back(hidden(
          say(kUnlisted, static_cast<std::int64_t>(*number), static_cast<std::int64_t>(position))));
    lexer_.move_to(end.position);
    if (end.endobj) return true;
    return end.stream && pass_stream(end.length) && lexer_.accept("endobj");
  }

  bool pass_stream(const std::optional<std::uint64_t>& length) {
    std::uint64_t data = lexer_.position();
    if (window_.at(data) == '\r') ++data;
    if (window_.at(data) == '\n') ++data;
    if (length && *length <= window_.size() - std::min(data, window_.size())) {
      lexer_.move_to(data + *length);
      if (lexer_.accept("endstream")) return true;
    }
    constexpr std::string_view kEnd = "endstream";
    for (std::uint64_t at = data; at < window_.size(); ++at) {
      if (at % 4096 == 0) budget_.spend_bytes(4096);
      if (window_.at(at) != 'e') continue;
      lexer_.move_to(at);
      if (lexer_.accept(kEnd)) return true;
    }
    return false;
  }

  const pdf::CrossReference& reference_;
  pdf::Window window_;
  pdf::Lexer lexer_;
  const std::uint64_t begin_;
  Budget& budget_;
  std::map<std::uint64_t, std::uint32_t> listed_;
  std::map<std::uint64_t, std::uint64_t> sections_;
  std::vector<Difference> found_;
};

}  // namespace

std::vector<Difference> look_at_structure(pdf::Document& document, std::uint64_t begin,
                                          Budget& budget) {
  return Look(document, begin, budget).run();
}

std::vector<Difference> look_behind_end(pdf::Document& document) {
  pdf::Window window(document.source());
  for (std::uint64_t at = document.cross_reference().end(); at < window.size(); ++at) {
    if (pdf::is_white(window.at(at))) continue;
    return {hidden(say(kBehind, static_cast<std::int64_t>(at)))};
  }
  return {};
}

}  // namespace signet::validation
