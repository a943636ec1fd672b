#include "validation/changes/comparison.h"

#include <openssl/evp.h>

#include <memory>
#include <qpdf/Pipeline.hh>
#include <stdexcept>

#include "pdf/predictor.h"

namespace signet::validation {

namespace {

constexpr int kDeepest = 200;
constexpr std::uint64_t kMostDecoded = std::uint64_t{64} * 1024 * 1024;  // bytes of one stream

// The SHA-256 of what it is given: streams are compared without one of them in memory.
class DigestPipeline final : public Pipeline {
 public:
  DigestPipeline(Budget& budget, std::uint64_t most)
      : Pipeline("digest", nullptr), budget_(budget), left_(most), context_(EVP_MD_CTX_new()) {
    if (!context_ || EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) != 1)
      throw std::runtime_error("SHA-256 cannot be computed");
  }

  void write(unsigned char const* data, std::size_t size) override {
    if (size > left_) throw BeyondBudget("a stream is too large to be compared");
    left_ -= size;
    budget_.spend_bytes(size);
    if (EVP_DigestUpdate(context_.get(), data, size) != 1)
      throw std::runtime_error("SHA-256 cannot be computed");
  }
  void finish() override {}

  Bytes result() {
    Bytes out(32);
    if (EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) != 1)
      throw std::runtime_error("SHA-256 cannot be computed");
    return out;
  }

 private:
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  Budget& budget_;
  std::uint64_t left_;
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

std::uint32_t number_of(const QPDFObjectHandle& value) {
  return static_cast<std::uint32_t>(value.getObjectID());
}

// Of several filters each could make a thousand bytes of one.
bool has_one_filter(QPDFObjectHandle dictionary) {
  QPDFObjectHandle filter = dictionary.getKey("/Filter");
  return !filter.isArray() || filter.getArrayNItems() <= 1;
}

}  // namespace

bool Comparison::is_touched(QPDFObjectHandle value) const {
  return value.isIndirect() && touched_.contains(number_of(value));
}

bool Comparison::is_reached(QPDFObjectHandle value) const {
  return value.isIndirect() && reached_.contains(number_of(value));
}

bool Comparison::same(QPDFObjectHandle before, QPDFObjectHandle after) {
  return same_part(before, after, 0);
}

bool Comparison::same_part(QPDFObjectHandle before, QPDFObjectHandle after, int depth) {
  const std::size_t assumed = order_.size();
  const bool result = same_value(before, after, depth);
  // What was assumed on the way to a difference proves nothing.
  if (!result) forget(assumed);
  return result;
}

void Comparison::forget(std::size_t assumed) {
  for (; order_.size() > assumed; order_.pop_back()) assumed_.erase(order_.back());
}

bool Comparison::same_value(QPDFObjectHandle before, QPDFObjectHandle after, int depth) {
  if (depth > kDeepest) throw BeyondBudget("objects are nested too deep");
  if (before.isIndirect() && after.isIndirect()) {
    if (before.getObjGen() == after.getObjGen()) {
      const std::uint32_t number = number_of(before);
      if (!reached_.contains(number) || (depth > 0 && anchors_.contains(number))) return true;
    }
    const Pair pair(before.getObjGen(), after.getObjGen());
    if (!assumed_.insert(pair).second) return true;
    order_.push_back(pair);
  }
  budget_.spend_object();
  return same_content(before, after, depth);
}

bool Comparison::same_content(QPDFObjectHandle before, QPDFObjectHandle after, int depth) {
  if (before.isStream() || after.isStream())
    return before.isStream() && after.isStream() && same_stream(before, after, depth);
  if (before.isInteger() && after.isInteger()) {
    long long a = 0;
    long long b = 0;
    return before.getValueAsInt(a) && after.getValueAsInt(b) && a == b;
  }
  if (before.isNumber() && after.isNumber())
    return before.getNumericValue() == after.getNumericValue();
  if (before.getTypeCode() != after.getTypeCode()) return false;
  if (before.isDictionary()) return same_dictionary(before, after, depth, {});
  if (before.isArray()) {
    const int all = before.getArrayNItems();
    if (all != after.getArrayNItems()) return false;
    for (int at = 0; at < all; ++at)
      if (!same_value(before.getArrayItem(at), after.getArrayItem(at), depth + 1)) return false;
    return true;
  }
  if (before.isString()) return before.getStringValue() == after.getStringValue();
  if (before.isName()) return before.getName() == after.getName();
  if (before.isBool()) return before.getBoolValue() == after.getBoolValue();
  return before.isNull();
}

bool Comparison::same_dictionary(QPDFObjectHandle before, QPDFObjectHandle after, int depth,
                                 const std::set<std::string>& passed_over) {
  const auto covers = [&](QPDFObjectHandle& a, QPDFObjectHandle& b, bool compare) {
    for (const std::string& key : a.getKeys()) {
      if (passed_over.contains(key)) continue;
      if (compare ? !same_value(a.getKey(key), b.getKey(key), depth + 1)
                  : !b.hasKey(key) && !a.getKey(key).isNull())
        return false;
    }
    return true;
  };
  return covers(before, after, true) && covers(after, before, false);
}

std::vector<std::string> Comparison::differing_keys(QPDFObjectHandle before, QPDFObjectHandle after,
                                                    const std::set<std::string>& passed_over) {
  std::set<std::string> keys;
  if (before.isDictionary()) keys = before.getKeys();
  if (after.isDictionary()) keys.merge(after.getKeys());
  std::vector<std::string> found;
  for (const std::string& key : keys) {
    if (passed_over.contains(key)) continue;
    const auto value = [&](QPDFObjectHandle& holder) {
      return holder.isDictionary() ? holder.getKey(key) : QPDFObjectHandle::newNull();
    };
    // From inside an object: references to anchors count as such.
    if (!same_part(value(before), value(after), 1)) found.push_back(key);
  }
  return found;
}

bool Comparison::same_stream(QPDFObjectHandle before, QPDFObjectHandle after, int depth) {
  static const std::set<std::string> kEncoding = {"/Length", "/Filter", "/DecodeParms", "/DL"};
  QPDFObjectHandle old = before.getDict();
  QPDFObjectHandle now = after.getDict();
  if (!same_dictionary(old, now, depth, kEncoding)) return false;
  const bool same_encoding =
      same_part(old.getKey("/Filter"), now.getKey("/Filter"), depth + 1) &&
      same_part(old.getKey("/DecodeParms"), now.getKey("/DecodeParms"), depth + 1);
  const bool same_length = same_part(old.getKey("/Length"), now.getKey("/Length"), depth + 1);
  const bool untouched =
      before.getObjGen() == after.getObjGen() && !touched_.contains(number_of(before));
  if (untouched && same_encoding && same_length) return true;
  if (same_encoding && digest(before, false) == digest(after, false)) return true;
  if (!has_one_filter(old) || !has_one_filter(now)) return false;
  const auto a = digest(before, true);
  return a && a == digest(after, true);
}

std::optional<Bytes> Comparison::digest(QPDFObjectHandle stream, bool decoded) {
  DigestPipeline pipeline(budget_, kMostDecoded);
  bool filtered = false;
  const auto level = decoded ? qpdf_dl_generalized : qpdf_dl_none;
  if (decoded && !pdf::has_bounded_rows(stream.getDict())) return std::nullopt;
  const bool good = stream.pipeStreamData(&pipeline, &filtered, 0, level, true);
  if (!decoded && !good) throw BeyondBudget("a stream cannot be read");
  // Without a filter there is nothing to take off.
  if (decoded && (!good || (!filtered && !stream.getDict().getKey("/Filter").isNull())))
    return std::nullopt;
  return pipeline.result();
}

}  // namespace signet::validation
