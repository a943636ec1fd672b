#include "pkcs11-module/token/saved_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <utility>
#include <vector>

namespace signet::token {

namespace {

using transport::KeySpec;
using transport::SignRequest;

constexpr std::string_view kFirstLine = "signet-pending-call 1\n";
constexpr std::size_t kUuidSize = 36;

// Lines of a name and a value. SavedCallWriter and SavedCallReader have the same functions, so that one description serves both.
class SavedCallWriter {
 public:
  bool good() const { return true; }

  template <typename T>
  void number(std::string_view name, const T& field) {
    line(name, std::to_string(static_cast<std::uint64_t>(field)));
  }
  template <typename T>
  void choice(std::string_view name, const T& field, T /*last*/) {
    number(name, field);
  }
  void bytes(std::string_view name, const Bytes& field) { line(name, to_hex(field)); }
  void text(std::string_view name, const std::string& field) { line(name, to_hex(view_of(field))); }
  void uuid(std::string_view name, const std::string& field) { line(name, field); }
  void list(std::string_view name, const std::vector<Bytes>& items) {
    number("count", items.size());
    for (const Bytes& item : items) bytes(name, item);
  }

  std::string take() { return std::move(text_); }

 private:
  void line(std::string_view name, std::string_view value) {
    text_ += fmt::format("{} {}\n", name, value);
  }

  std::string text_{kFirstLine};
};

// After the first thing that is wrong `good` stays false.
class SavedCallReader {
 public:
  explicit SavedCallReader(std::string_view text) : rest_(text) {
    good_ = rest_.starts_with(kFirstLine);
    if (good_) rest_.remove_prefix(kFirstLine.size());
  }

  bool good() const { return good_; }
  bool at_end() const { return rest_.empty(); }

  template <typename T>
  void number(std::string_view name, T& field) {
    const std::string_view digits = value(name);
    std::uint64_t read = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), read);
    field = static_cast<T>(read);
    if (error != std::errc() || end != digits.data() + digits.size() ||
        static_cast<std::uint64_t>(field) != read)
      good_ = false;
  }
  template <typename T>
  void choice(std::string_view name, T& field, T last) {
    std::uint64_t read = 0;
    number(name, read);
    if (read > static_cast<std::uint64_t>(last)) good_ = false;
    if (good_) field = static_cast<T>(read);
  }
  void bytes(std::string_view name, Bytes& field) {
    auto read = from_hex(value(name));
    if (!read) good_ = false;
    if (good_) field = *std::move(read);
  }
  void text(std::string_view name, std::string& field) {
    Bytes read;
    bytes(name, read);
    field = text_of(read);
  }
  // It goes into a request's header.
  void uuid(std::string_view name, std::string& field) {
    field = value(name);
    const auto belongs = [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
    };
    if (field.size() != kUuidSize || !std::ranges::all_of(field, belongs)) good_ = false;
  }
  void list(std::string_view name, std::vector<Bytes>& items) {
    std::size_t count = 0;
    number("count", count);
    for (; good_ && count > 0; --count) bytes(name, items.emplace_back());
  }

 private:
  std::string_view value(std::string_view name) {
    const std::size_t size = rest_.find('\n');
    if (size == std::string_view::npos) good_ = false;
    if (!good_) return {};
    std::string_view line = rest_.substr(0, size);
    rest_.remove_prefix(size + 1);
    good_ = line.size() > name.size() && line.starts_with(name) && line[name.size()] == ' ';
    if (!good_) return {};
    line.remove_prefix(name.size() + 1);
    return line;
  }

  std::string_view rest_;
  bool good_ = true;
};

template <typename Stream, typename Spec>
void key_spec(Stream& stream, Spec& spec) {
  stream.uuid("idempotency-key", spec.idempotency_key);
  stream.choice("type", spec.type, crypto::kLastKeyType);
  stream.number("bits", spec.bits);
  stream.choice("curve", spec.curve, crypto::Curve::ed25519);
  stream.bytes("label", spec.label);
  stream.bytes("id", spec.cka_id);
}

template <typename Stream, typename Signature>
void signature(Stream& stream, Signature& call) {
  stream.uuid("idempotency-key", call.request.idempotency_key);
  stream.text("key", call.request.key_id);
  stream.choice("algorithm", call.request.algorithm, crypto::kLastScheme);
  stream.choice("hash", call.request.hash, crypto::kLastHash);
  stream.number("salt", call.request.salt_length);
  stream.text("reference", call.request.reference);
  stream.bytes("public-key", call.public_key);
  stream.number("position", call.position);
  stream.list("digest", call.request.digests);
}

enum class RequestKind { key_generation, signature };

// All but the request itself.
template <typename Stream, typename Call>
void head(Stream& stream, Call& call, std::uint64_t& end, RequestKind& kind) {
  stream.text("function", call.function);
  stream.text("service", call.service);
  stream.text("user", call.user);
  stream.number("end", end);
  stream.choice("request", kind, RequestKind::signature);
}

}  // namespace

std::string service_of(const config::TokenConfig& config) {
  std::string service = config.label;
  for (const auto& member : config.members) service += "\n" + member.url;
  return service;
}

std::string encode_saved_call(const SavedCall& call) {
  SavedCallWriter writer;
  const auto since_1970 =
      std::chrono::duration_cast<std::chrono::milliseconds>(call.end.time_since_epoch());
  auto end = static_cast<std::uint64_t>(since_1970.count());
  const auto* const signing = std::get_if<SavedCall::Signature>(&call.request);
  RequestKind kind = signing == nullptr ? RequestKind::key_generation : RequestKind::signature;
  head(writer, call, end, kind);
  if (signing != nullptr) {
    signature(writer, *signing);
  } else {
    key_spec(writer, std::get<KeySpec>(call.request));
  }
  return writer.take();
}

std::optional<SavedCall> decode_saved_call(std::string_view text) {
  SavedCallReader reader(text);
  SavedCall call;
  std::uint64_t end = 0;
  RequestKind kind = RequestKind::key_generation;
  head(reader, call, end, kind);
  // What no clock can hold is nothing that was written here.
  constexpr std::uint64_t kMostMilliseconds = std::uint64_t{1} << 42U;
  if (!reader.good() || end > kMostMilliseconds) return std::nullopt;
  call.end = std::chrono::system_clock::time_point(
      std::chrono::milliseconds(static_cast<std::int64_t>(end)));
  if (kind == RequestKind::key_generation) {
    key_spec(reader, call.request.emplace<KeySpec>());
  } else {
    auto& signing = call.request.emplace<SavedCall::Signature>();
    signature(reader, signing);
    if (signing.position >= signing.request.digests.size()) return std::nullopt;
  }
  if (!reader.good() || !reader.at_end()) return std::nullopt;
  return call;
}

}  // namespace signet::token
