#include "crypto/cms/reader.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "crypto/cms/identifiers.h"
#include "crypto/cms/signer_info.h"
#include "crypto/der.h"

namespace signet::cms {

namespace {

constexpr std::uint8_t kConstructed = 0x20;
constexpr int kMostNesting = 32;  // of elements of indefinite length
constexpr std::size_t kBuffer = std::size_t{64} * 1024;
constexpr std::size_t kPiece = std::size_t{256} * 1024;

struct Element {
  std::uint8_t tag = 0;
  std::uint64_t begin = 0;              // of the header
  std::uint64_t content = 0;            // offset
  std::optional<std::uint64_t> length;  // nothing: indefinite
};

// What has been entered, and where it ends.
struct Scope {
  std::optional<std::uint64_t> end;  // nothing: at two zero bytes
};

// Goes from header to header. An error is thrown inside this file only.
class Walker {
 public:
  Walker(const Source& source, std::uint64_t position)
      : source_(source), position_(position), scopes_{Scope{source.size}} {}

  struct Failed {
    ReadError error;
  };
  [[noreturn]] void fail(std::string sentence) const {
    throw Failed{{std::move(sentence), position_}};
  }

  std::uint64_t position() const { return position_; }
  bool definite() const { return definite_; }

  // The next header; nothing is passed over.
  Element look() {
    Element element;
    element.begin = position_;
    std::uint64_t at = position_;
    element.tag = byte(at++);
    if ((element.tag & 0x1FU) == 0x1F) fail("an element has a tag that no part of a message has");
    const std::uint8_t first = byte(at++);
    if (first == 0x80) {
      if ((element.tag & kConstructed) == 0) fail("a length is indefinite where it must not be");
    } else if (first < 0x80) {
      element.length = first;
    } else {
      const unsigned digits = first & 0x7FU;
      if (digits > 8) fail("a length has too many digits");
      std::uint64_t length = 0;
      for (unsigned i = 0; i < digits; ++i) length = (length << 8U) | byte(at++);
      element.length = length;
    }
    element.content = at;
    const std::uint64_t most = scope_end();
    if (at > most || (element.length && *element.length > most - at))
      fail("an element is longer than what it is in");
    return element;
  }

  // The next element must have this tag, and is entered.
  Scope enter(std::uint8_t tag, const char* what) {
    if (at_end()) fail(std::string("there is no ") + what);
    const Element element = look();
    if (element.tag != tag)
      fail(std::string("there is something else where the ") + what + " should be");
    return enter(element);
  }

  Scope enter(const Element& element) {
    position_ = element.content;
    Scope scope;
    if (element.length) scope.end = element.content + *element.length;
    if (!element.length) definite_ = false;
    scopes_.push_back(scope);
    return scope;
  }

  // Of what was entered last.
  bool at_end() {
    const Scope& scope = scopes_.back();
    if (scope.end) return position_ == *scope.end;
    return byte(position_) == 0 && byte(position_ + 1) == 0;
  }

  void leave(const char* what) {
    if (!at_end()) fail(std::string("there is more than there should be in the ") + what);
    if (!scopes_.back().end) position_ += 2;
    scopes_.pop_back();
  }

  bool next_is(std::uint8_t tag) { return !at_end() && byte(position_) == tag; }

  // Passes over one element, whatever is in it.
  void skip(int nesting = 0) {
    const Element element = look();
    if (element.length) {
      position_ = element.content + *element.length;
      return;
    }
    if (nesting == kMostNesting) fail("elements are nested too deeply");
    enter(element);
    while (!at_end()) skip(nesting + 1);
    leave("element");
  }

  // One element, as it stands.
  Bytes whole() {
    const std::uint64_t begin = position_;
    const bool before = definite_;
    skip();
    definite_ = before;
    const std::uint64_t size = position_ - begin;
    kept_ += size;
    if (kept_ > kMostBytes) fail("the message has too much beside its content");
    Bytes bytes(static_cast<std::size_t>(size));
    if (!source_.read(begin, bytes)) fail("the message cannot be read");
    return bytes;
  }

  std::vector<Bytes> all(std::uint8_t tag, const char* what) {
    enter(tag, what);
    std::vector<Bytes> elements;
    while (!at_end()) elements.push_back(whole());
    leave(what);
    return elements;
  }

  void expect(ByteView der, const char* what) {
    if (!equal(whole(), der)) fail(what);
  }

  // Passes over octets, in one piece or in many; their number.
  std::uint64_t pass_octets(const std::function<bool(std::uint64_t, std::uint64_t)>& piece,
                            int nesting = 0) {
    const Element element = look();
    if (element.tag == der::kOctetString) {
      position_ = element.content + *element.length;
      if (!piece(element.content, *element.length)) fail("the content cannot be read");
      return *element.length;
    }
    if (element.tag != kConstructedOctetString || nesting == kMostNesting)
      fail("the content is no OCTET STRING");
    std::uint64_t size = 0;
    enter(element);
    definite_ = false;  // pieces are no DER, whatever their lengths are
    while (!at_end()) size += pass_octets(piece, nesting + 1);
    leave("content");
    return size;
  }

 private:
  std::uint64_t scope_end() const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope)
      if (scope->end) return *scope->end;
    return source_.size;
  }

  std::uint8_t byte(std::uint64_t at) {
    if (at >= source_.size) fail("the message ends too early");
    if (at < buffered_ || at - buffered_ >= buffer_.size()) {
      const std::uint64_t left = source_.size - at;
      buffer_.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kBuffer)));
      buffered_ = at;
      if (!source_.read(at, buffer_)) fail("the message cannot be read");
    }
    return buffer_[static_cast<std::size_t>(at - buffered_)];
  }

  const Source& source_;
  std::uint64_t position_;
  std::uint64_t kept_ = 0;
  bool definite_ = true;
  std::vector<Scope> scopes_;
  Bytes buffer_;
  std::uint64_t buffered_ = 0;
};

std::uint8_t version_in(const Bytes& der) {
  const auto content = der::only(der::kInteger, der);
  return content && content->size() == 1 && (*content)[0] < 0x80 ? (*content)[0] : 0;
}

Message read(const Source& source, Walker& walker) {
  Message message;
  message.parts.in_order = true;
  walker.enter(der::kSequence, "CMS message");
  walker.expect(kOidSignedData, "it is no signed message (CMS SignedData)");
  walker.enter(der::kContext0, "signed data");
  walker.enter(der::kSequence, "signed data");
  message.parts.version = version_in(walker.whole());
  if (message.parts.version < 1 || message.parts.version > 5)
    walker.fail("the signed data has a version that is not known");
  message.parts.digest_algorithms = walker.all(der::kSet, "digest algorithms");
  walker.enter(der::kSequence, "encapsulated content");
  if (!walker.next_is(der::kObjectIdentifier)) walker.fail("the content has no type");
  message.parts.content_type = walker.whole();
  if (!walker.at_end()) {
    message.has_content = true;
    walker.enter(der::kContext0, "content");
    message.content_offset = walker.position();
    message.content_size = walker.pass_octets([](std::uint64_t, std::uint64_t) { return true; });
    walker.leave("content");
  }
  walker.leave("encapsulated content");
  if (walker.next_is(der::kContext0))
    message.parts.certificates = walker.all(der::kContext0, "certificates");
  if (walker.next_is(der::kContext1))
    message.parts.revocations = walker.all(der::kContext1, "revocation lists");
  message.parts.signers = walker.all(der::kSet, "signers");
  walker.leave("signed data");
  walker.leave("signed data");
  walker.leave("CMS message");
  if (walker.position() != source.size) walker.fail("there are bytes behind the message");
  message.definite = walker.definite();
  return message;
}

}  // namespace

Source Source::of(ByteView bytes) {
  return {bytes.size(), [bytes](std::uint64_t offset, std::span<std::uint8_t> out) {
            if (offset > bytes.size() || out.size() > bytes.size() - offset) return false;
            if (!out.empty()) std::memcpy(out.data(), bytes.data() + offset, out.size());
            return true;
          }};
}

bool Message::each_piece(const Source& source, const std::function<bool(ByteView)>& take) const {
  if (!has_content) return true;
  Bytes buffer;
  const auto piece = [&](std::uint64_t offset, std::uint64_t size) {
    while (size > 0) {
      buffer.resize(static_cast<std::size_t>(std::min<std::uint64_t>(size, kPiece)));
      if (!source.read(offset, buffer) || !take(buffer)) return false;
      offset += buffer.size();
      size -= buffer.size();
    }
    return true;
  };
  try {
    Walker walker(source, content_offset);
    return walker.pass_octets(piece) == content_size;
  } catch (const Walker::Failed&) {
    return false;
  }
}

std::optional<std::uint64_t> element_size(const Source& source) {
  try {
    Walker walker(source, 0);
    walker.skip();
    return walker.position();
  } catch (const Walker::Failed&) {
    return std::nullopt;
  }
}

Result<Message, ReadError> read_signed_data(const Source& source) {
  try {
    Walker walker(source, 0);
    return read(source, walker);
  } catch (const Walker::Failed& failed) {
    return failed.error;
  }
}

}  // namespace signet::cms
