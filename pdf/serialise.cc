#include "pdf/serialise.h"

#include "common/bytes.h"

namespace signet::pdf {

namespace {

constexpr int kDeepestObject = 256;

class Serialiser {
 public:
  Serialiser(const Encryption* encryption, QPDFObjGen owner, std::string& out)
      : encryption_(encryption), owner_(owner), out_(out) {}

  PdfResult<void> value(QPDFObjectHandle value, int depth) {
    if (depth > kDeepestObject) return Error(ErrorKind::broken, "an object is nested too deep");
    if (depth > 0 && value.isIndirect()) {
      out_ += value.getObjGen().unparse(' ') + " R";
    } else if (value.isDictionary()) {
      out_ += "<<";
      BOOST_OUTCOME_TRY(entries(value, depth));
      out_ += " >>";
    } else if (value.isArray()) {
      BOOST_OUTCOME_TRY(array(value, depth));
    } else if (value.isString() && encryption_ != nullptr) {
      BOOST_OUTCOME_TRY(const auto bytes,
                        encryption_->string(view_of(value.getStringValue()), owner_));
      out_ += "<" + to_hex(bytes) + ">";
    } else if (value.isStream()) {
      return Error(ErrorKind::broken, "a stream is not an object of its own");
    } else {
      out_ += value.unparseResolved();
    }
    return success();
  }

  PdfResult<void> entries(QPDFObjectHandle dictionary, int depth) {
    const bool signature = dictionary.hasKey("/ByteRange");
    for (auto& [key, entry] : dictionary.getDictAsMap()) {
      if (entry.isNull()) continue;
      out_ += " " + QPDFObjectHandle::newName(key).unparse() + " ";
      if (signature && key == "/Contents" && !entry.isIndirect()) {
        out_ += entry.unparseBinary();
        continue;
      }
      BOOST_OUTCOME_TRY(value(entry, depth + 1));
    }
    return success();
  }

 private:
  PdfResult<void> array(QPDFObjectHandle array, int depth) {
    out_ += "[";
    const int items = array.getArrayNItems();
    for (int at = 0; at < items; ++at) {
      if (at > 0) out_ += " ";
      BOOST_OUTCOME_TRY(value(array.getArrayItem(at), depth + 1));
    }
    out_ += "]";
    return success();
  }

  const Encryption* const encryption_;
  const QPDFObjGen owner_;
  std::string& out_;
};

}  // namespace

PdfResult<void> serialise(QPDFObjectHandle value, const Encryption* encryption, QPDFObjGen owner,
                          std::string& out) {
  return Serialiser(encryption, owner, out).value(value, 0);
}

PdfResult<void> serialise_entries(QPDFObjectHandle dictionary, const Encryption* encryption,
                                  QPDFObjGen owner, std::string& out) {
  return Serialiser(encryption, owner, out).entries(dictionary, 0);
}

}  // namespace signet::pdf
