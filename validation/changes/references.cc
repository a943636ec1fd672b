#include "validation/changes/references.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <qpdf/Pipeline.hh>
#include <string>

#include "pdf/lexer.h"

namespace signet::validation {

namespace {

constexpr std::size_t kMostObjectStream = std::size_t{16} * 1024 * 1024;  // pdf::Document's own

class Scanner {
 public:
  Scanner(pdf::Window& window, std::uint64_t offset, std::uint64_t end, Budget& budget)
      : window_(window), position_(offset), end_(end), budget_(budget) {}

  ValueEnd run(std::vector<std::uint32_t>& found) {
    const std::uint64_t begin = position_;
    while (position_ < end_) {
      const int byte = window_.at(position_);
      if (byte < 0) break;
      if (pdf::is_white(byte)) {
        ++position_;
      } else if (!step(byte, found)) {
        break;
      }
      if (position_ - begin > spent_ + 4096) {
        budget_.spend_bytes(4096);
        spent_ += 4096;
      }
    }
    result_.position = position_;
    if (words_ == 1) result_.integer = alone_;
    return result_;
  }

 private:
  // False behind the value.
  bool step(int byte, std::vector<std::uint32_t>& found) {
    if (byte != '%' && pdf::is_delimiter(byte)) words_ = 2;
    switch (byte) {
      case '%':
        while (position_ < end_ && window_.at(position_) != '\n' && window_.at(position_) != '\r')
          ++position_;
        return true;
      case '(':
        pass_string();
        return true;
      case '<':
        if (window_.at(position_ + 1) == '<') {
          position_ += 2;
          ++depth_;
        } else {
          while (position_ < end_ && window_.at(position_) != '>') ++position_;
          ++position_;
        }
        forget();
        return true;
      case '>':
        if (window_.at(position_ + 1) == '>') {
          --depth_;
          ++position_;
        }
        ++position_;
        forget();
        return true;
      case '/':
        pass_name();
        return true;
      default:
        if (!pdf::is_delimiter(byte)) return word(found);
        ++position_;
        forget();
        return true;
    }
  }

  bool word(std::vector<std::uint32_t>& found) {
    std::string text;
    for (; position_ < end_ && !pdf::is_delimiter(window_.at(position_)); ++position_)
      if (text.size() < 16) text += static_cast<char>(window_.at(position_));
    if (text == "endobj" || text == "stream" || text == "endstream") {
      result_.endobj = text == "endobj";
      result_.stream = text == "stream";
      return false;
    }
    if (text.size() < 11 && text.find_first_not_of("0123456789") == std::string::npos) {
      before_ = last_;
      last_ = std::stoull(text);
      ++words_;
      alone_ = last_;
      if (depth_ == 1 && name_ == "/Length" && !before_) result_.length = last_;
      return true;
    }
    if (text == "R" && before_ && last_ && *before_ <= 0x7FFFFFFF)
      found.push_back(static_cast<std::uint32_t>(*before_));
    if (text == "R" && depth_ == 1 && name_ == "/Length") {
      result_.length = std::nullopt;
      if (before_ && *before_ <= 0x7FFFFFFF)
        result_.length_reference = static_cast<std::uint32_t>(*before_);
    }
    words_ = 2;
    forget();
    return true;
  }

  void pass_name() {
    std::string text;
    do {
      if (text.size() < 16) text += static_cast<char>(window_.at(position_));
      ++position_;
    } while (position_ < end_ && !pdf::is_delimiter(window_.at(position_)));
    if (depth_ == 1 && name_ == "/Type" && text == "/XRef") result_.cross_reference = true;
    name_ = text;
    forget();
  }

  void pass_string() {
    int depth = 0;
    for (; position_ < end_; ++position_) {
      const int byte = window_.at(position_);
      if (byte < 0) return;
      if (byte == '\\') {
        ++position_;
      } else if (byte == '(') {
        ++depth;
      } else if (byte == ')' && --depth == 0) {
        ++position_;
        break;
      }
    }
    forget();
  }

  void forget() { before_ = last_ = std::nullopt; }

  pdf::Window& window_;
  std::uint64_t position_;
  const std::uint64_t end_;
  Budget& budget_;
  std::uint64_t spent_ = 0;
  std::optional<std::uint64_t> before_, last_;
  int words_ = 0;  // one: a number and nothing else so far
  std::optional<std::uint64_t> alone_;
  int depth_ = 0;     // of dictionaries
  std::string name_;  // the last one
  ValueEnd result_;
};

class Buffer final : public Pipeline {
 public:
  Buffer() : Pipeline("object stream", nullptr) {}

  void write(unsigned char const* data, std::size_t size) override {
    if (size > kMostObjectStream - bytes.size())
      throw BeyondBudget("an object stream is too large");
    bytes.insert(bytes.end(), data, data + size);
  }
  void finish() override {}

  Bytes bytes;
};

}  // namespace

ValueEnd scan_references(pdf::Window& window, std::uint64_t offset, std::uint64_t end,
                         Budget& budget, std::vector<std::uint32_t>& found) {
  return Scanner(window, offset, end, budget).run(found);
}

void ReferenceGraph::set(std::uint32_t object, Edges edges) {
  std::ranges::sort(edges);
  const auto rest = std::ranges::unique(edges);
  edges.erase(rest.begin(), rest.end());
  for (const std::uint32_t to : edges) {
    Edges& from = backwards_[to];
    if (from.empty() || from.back() != object) from.push_back(object);
  }
  edges_[object] = std::move(edges);
}

void ReferenceGraph::read(pdf::Document& document, Budget& budget) {
  read_entries(document, document.cross_reference().entries(), budget);
}

void ReferenceGraph::update(pdf::Document& document, const ObjectSet& touched, Budget& budget) {
  std::vector<pdf::Entry> entries;
  for (const std::uint32_t object : touched) {
    edges_.erase(object);
    integers_.erase(object);
    if (const pdf::Entry* const entry = document.cross_reference().find(object))
      entries.push_back(*entry);
  }
  read_entries(document, std::move(entries), budget);
}

void ReferenceGraph::read_entries(pdf::Document& document, std::vector<pdf::Entry> entries,
                                  Budget& budget) {
  std::map<std::uint32_t, std::vector<pdf::Entry>> streams;
  std::erase_if(entries, [](const auto& one) { return one.kind == pdf::Entry::Kind::free; });
  // In the order of the file, so that the window moves forward only.
  std::ranges::sort(entries, {}, &pdf::Entry::where);
  pdf::Window window(document.source());
  for (const pdf::Entry& entry : entries) {
    budget.spend_object();
    if (entry.kind == pdf::Entry::Kind::compressed) {
      streams[static_cast<std::uint32_t>(entry.where)].push_back(entry);
      continue;
    }
    read_plain(window, entry, budget);
  }
  for (const auto& [stream, members] : streams)
    read_object_stream(document, stream, members, budget);
  check_stream_ends(window, budget);
}

void ReferenceGraph::read_plain(pdf::Window& window, const pdf::Entry& entry, Budget& budget) {
  pdf::Lexer lexer(window, entry.where);
  if (!lexer.accept_natural() || !lexer.accept_natural() || !lexer.accept("obj")) return;
  Edges edges;
  const ValueEnd end = scan_references(window, lexer.position(), window.size(), budget, edges);
  if (end.stream) {
    std::uint64_t data = end.position;
    if (window.at(data) == '\r') ++data;
    if (window.at(data) == '\n') ++data;
    streams_.push_back({data, end.length, end.length_reference});
  } else if (!end.endobj) {
    throw BeyondBudget(fmt::format("object {} does not end in its revision", entry.object));
  }
  if (end.integer) integers_[entry.object] = *end.integer;
  set(entry.object, std::move(edges));
}

void ReferenceGraph::check_stream_ends(pdf::Window& window, Budget& budget) {
  for (const OpenStream& stream : streams_) {
    std::optional<std::uint64_t> length = stream.length;
    if (stream.length_reference) {
      const auto found = integers_.find(*stream.length_reference);
      if (found != integers_.end()) length = found->second;
    }
    if (length && *length <= window.size() - std::min(stream.data, window.size())) continue;
    // Readers that repair look for its end.
    std::uint64_t at = stream.data;
    pdf::Lexer lexer(window, at);
    while (!length && at < window.size()) {
      if (++at % 4096 == 0) budget.spend_bytes(4096);
      if (window.at(at) != 'e') continue;
      lexer.move_to(at);
      if (lexer.accept("endstream")) break;
    }
    if (length || at >= window.size())
      throw BeyondBudget(
          fmt::format("the stream at byte {} does not end in its revision", stream.data));
  }
  streams_.clear();
}

// ISO 32000-2, 7.5.7: pairs of number and offset, then the objects.
void ReferenceGraph::read_object_stream(pdf::Document& document, std::uint32_t stream,
                                        const std::vector<pdf::Entry>& members, Budget& budget) {
  QPDFObjectHandle handle = document.qpdf().getObjectByID(static_cast<int>(stream), 0);
  long long first = 0;
  if (!handle.isStream() || !handle.getDict().getKey("/First").getValueAsInt(first) || first < 0)
    return;
  Buffer buffer;
  bool filtered = false;
  handle.pipeStreamData(&buffer, &filtered, 0, qpdf_dl_generalized, true);
  pdf::Window window(pdf::Source::of(buffer.bytes));
  pdf::Lexer lexer(window, 0);
  std::vector<std::uint64_t> offsets;
  while (lexer.position() < static_cast<std::uint64_t>(first)) {
    budget.spend_bytes(64);
    const auto number = lexer.accept_natural();
    const auto offset = number ? lexer.accept_natural() : std::nullopt;
    if (!offset || *offset > buffer.bytes.size()) break;
    offsets.push_back(*offset + static_cast<std::uint64_t>(first));
  }
  std::vector<std::uint64_t> ends = offsets;
  std::ranges::sort(ends);
  for (const pdf::Entry& member : members) {
    if (member.generation >= offsets.size()) continue;
    const std::uint64_t begin = offsets[member.generation];
    const auto next = std::ranges::upper_bound(ends, begin);
    Edges edges;
    const ValueEnd end = scan_references(
        window, begin, next == ends.end() ? buffer.bytes.size() : *next, budget, edges);
    if (end.integer) integers_[member.object] = *end.integer;
    set(member.object, std::move(edges));
  }
}

ObjectSet ReferenceGraph::reaching(const ObjectSet& touched,
                                   const std::function<bool(std::uint32_t)>& is_cut,
                                   Budget& budget) const {
  ObjectSet found = touched;
  std::vector<std::uint32_t> open(touched.begin(), touched.end());
  while (!open.empty()) {
    const std::uint32_t object = open.back();
    open.pop_back();
    budget.spend_bytes(64);
    if (is_cut(object)) continue;
    const auto at = backwards_.find(object);
    if (at == backwards_.end()) continue;
    for (const std::uint32_t from : at->second) {
      budget.spend_bytes(16);
      if (found.insert(from).second) open.push_back(from);
    }
  }
  return found;
}

ObjectSet ReferenceGraph::reachable(const std::vector<std::uint32_t>& from, Budget& budget) const {
  ObjectSet found(from.begin(), from.end());
  std::vector<std::uint32_t> open(from.begin(), from.end());
  while (!open.empty()) {
    const auto at = edges_.find(open.back());
    open.pop_back();
    budget.spend_bytes(64);
    if (at == edges_.end()) continue;
    for (const std::uint32_t to : at->second)
      if (found.insert(to).second) open.push_back(to);
  }
  return found;
}

std::vector<std::uint32_t> roots_of(pdf::Document& document) {
  std::vector<std::uint32_t> found;
  QPDFObjectHandle trailer = document.trailer();
  std::vector<QPDFObjectHandle> open = {trailer};
  for (int steps = 0; !open.empty() && steps < 10'000; ++steps) {
    QPDFObjectHandle value = open.back();
    open.pop_back();
    if (steps > 0 && value.isIndirect()) {
      found.push_back(static_cast<std::uint32_t>(value.getObjectID()));
    } else if (value.isArray()) {
      for (const QPDFObjectHandle& item : value.getArrayAsVector()) open.push_back(item);
    } else if (value.isDictionary()) {
      for (const std::string& key : value.getKeys()) open.push_back(value.getKey(key));
    }
  }
  return found;
}

}  // namespace signet::validation
