#include "pdf/input_source.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <unordered_map>
#include <utility>
#include <vector>

#include "pdf/element_count.h"
#include "pdf/object_streams.h"

namespace signet::pdf {

namespace {

// All in all, so that a gigabyte of blanks behind an object, which qpdf passes over byte by byte, ends in seconds.
constexpr std::uint64_t kMostRead = std::uint64_t{64} * 1024 * 1024;
// Of object streams, inflated: blanks in them are passed over byte by byte, and strings are kept.
constexpr std::uint64_t kMostUnpacked = std::uint64_t{64} * 1024 * 1024;
// All in all: qpdf keeps what it has read, in some 600 bytes each at worst.
constexpr std::uint64_t kMostElements = 1'000'000;
// Rows of tables are read line by line, objects in pieces of 128 bytes, also those that hide in a table's comments.
constexpr size_t kLongestRow = 64;

class WindowSource final : public InputSource {
 public:
  WindowSource(Window& window, const CrossReference& cross_reference, QPDF& reader)
      : window_(window),
        cross_reference_(cross_reference),
        reader_(reader),
        base_(cross_reference.base()),
        size_(cross_reference.end() - base_) {
    find_tables();
    find_object_streams();
    const std::uint64_t hidden = cross_reference.header() - base_;
    if (hidden == 0) return;
    std::string header(8, ' ');
    window_.read(cross_reference.header(),
                 std::span(reinterpret_cast<std::uint8_t*>(header.data()), header.size()));
    front_ = header + '\n';
    front_.resize(std::max<std::size_t>(front_.size(), static_cast<std::size_t>(hidden)), ' ');
  }

  qpdf_offset_t findAndSkipNextEOL() override {
    const std::uint64_t begin = at_;
    while (at_ < size_ && at_ - begin < kMostRead && !is_line_end(byte(at_))) ++at_;
    const std::uint64_t found = at_;
    while (at_ < size_ && at_ - begin < kMostRead && is_line_end(byte(at_))) ++at_;
    count(at_ - begin);
    return static_cast<qpdf_offset_t>(found);
  }

  std::string const& getName() const override { return name_; }
  qpdf_offset_t tell() override { return static_cast<qpdf_offset_t>(at_); }

  void seek(qpdf_offset_t offset, int whence) override {
    const auto from = static_cast<qpdf_offset_t>(whence == SEEK_SET   ? 0
                                                 : whence == SEEK_CUR ? at_
                                                                      : size_);
    if (offset < -from) throw std::runtime_error("a place in front of the document");
    at_ = static_cast<std::uint64_t>(from + offset);
    if (refusal_) throw std::runtime_error(*refusal_);
    // Where qpdf goes on from where it is, it has passed over the blanks behind another object.
    if (whence == SEEK_CUR || object_streams_.empty()) return;
    const auto found = object_streams_.find(at_);
    if (found != object_streams_.end()) look_into(found);
  }

  void rewind() override { at_ = 0; }

  size_t read(char* to, size_t length) override {
    setLastOffset(static_cast<qpdf_offset_t>(at_));
    if (refusal_) throw std::runtime_error(*refusal_);
    if (at_ >= size_) return 0;
    length = static_cast<size_t>(std::min<std::uint64_t>(length, size_ - at_));
    const std::span out(reinterpret_cast<std::uint8_t*>(to), length);
    const size_t got = window_.read(base_ + at_, out);
    for (std::uint64_t at = at_; at < front_.size() && at - at_ < got; ++at)
      to[at - at_] = front_[static_cast<std::size_t>(at)];
    if (length > kLongestRow || !is_in_table(at_)) count_elements_in(ByteView(out).first(got));
    at_ += got;
    count(got);
    return got;
  }

  void unreadCh(char /*byte*/) override {
    if (at_ > 0) --at_;
  }

 private:
  using ObjectStreams = std::unordered_map<std::uint64_t, Entry>;

  // Their rows are read, but no objects are made of them.
  void find_tables() {
    for (const Section& section : cross_reference_.sections())
      if (section.form == SectionForm::table)
        tables_.emplace_back(section.offset - base_, section.end - base_);
    std::ranges::sort(tables_);
  }

  bool is_in_table(std::uint64_t at) const {
    const auto behind =
        std::ranges::upper_bound(tables_, at, {}, [](const auto& table) { return table.first; });
    return behind != tables_.begin() && at < std::prev(behind)->second;
  }

  void find_object_streams() {
    for (const Entry& entry : cross_reference_.entries()) {
      if (entry.kind != Entry::Kind::compressed) continue;
      const Entry* const stream = cross_reference_.find(static_cast<std::uint32_t>(entry.where));
      if (stream != nullptr && stream->kind == Entry::Kind::plain)
        object_streams_.emplace(stream->where - base_, *stream);
    }
  }

  // qpdf is about to read this one, and then everything in it.
  void look_into(ObjectStreams::iterator found) {
    const Entry stream = found->second;
    object_streams_.erase(found);
    const auto encryption = Encryption::of(reader_);
    if (!encryption) refuse(encryption.error().sentence);
    const auto cost = cost_of_object_stream(window_, cross_reference_, stream, encryption.value());
    if (!cost) refuse(cost.error().sentence);
    compressed_ += cost.value().elements;
    inflated_ += cost.value().bytes;
    check_elements();
    if (inflated_ > kMostUnpacked)
      refuse("more than 64 MiB of objects in streams would have to be read");
  }

  void count_elements_in(ByteView piece) {
    plain_.add(piece);
    check_elements();
  }

  void check_elements() {
    if (plain_.total() + compressed_ > kMostElements)
      refuse("more than 1,000,000 elements of objects would have to be read");
  }

  // From now on nothing is read: qpdf goes on after what is thrown.
  [[noreturn]] void refuse(std::string why) {
    refusal_ = std::move(why);
    throw std::runtime_error(*refusal_);
  }

  void count(std::uint64_t bytes) {
    read_ += bytes;
    if (read_ > kMostRead)
      throw std::runtime_error("more than 64 MiB would have to be read beside pages and streams");
  }

  static bool is_line_end(int byte) { return byte == '\r' || byte == '\n'; }

  int byte(std::uint64_t at) {
    return at < front_.size() ? front_[static_cast<std::size_t>(at)] : window_.at(base_ + at);
  }

  Window& window_;
  const CrossReference& cross_reference_;
  QPDF& reader_;
  const std::uint64_t base_;
  const std::uint64_t size_;
  std::string front_;  // what is shown in place of the first bytes
  const std::string name_ = "the document";
  std::uint64_t at_ = 0;
  std::uint64_t read_ = 0;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> tables_;  // from and to, sorted
  ObjectStreams object_streams_;                                 // offsets of those not read yet
  ElementCount plain_;
  std::uint64_t compressed_ = 0;  // elements in object streams
  std::uint64_t inflated_ = 0;    // bytes of those
  std::optional<std::string> refusal_;
};

}  // namespace

std::shared_ptr<InputSource> input_source(Window& window, const CrossReference& cross_reference,
                                          QPDF& reader) {
  return std::make_shared<WindowSource>(window, cross_reference, reader);
}

}  // namespace signet::pdf
