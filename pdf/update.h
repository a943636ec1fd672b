// An incremental update (ISO 32000-2, 7.5.6): objects, a cross-reference section of the same form as the document's last
// one, a trailer. The document's own bytes stay as they are, in front of it.
//
// Only what is put here is held in memory.
#ifndef SIGNET_PDF_UPDATE_H_
#define SIGNET_PDF_UPDATE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "pdf/document.h"
#include "pdf/encryption.h"
#include "pdf/error.h"
#include "pdf/object_sink.h"

namespace signet::pdf {

// Where a signature's /Contents stands, from '<' to behind '>'; from the file's start.
struct Gap {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  // How many bytes of DER it takes.
  std::size_t room() const { return static_cast<std::size_t>(end - begin - 2) / 2; }

  // What stands there with `der`, which is no longer than room(): zeros behind it.
  std::string contents(ByteView der) const;
};

// What follows the document's last byte: the repair of one that was repaired, and the update.
struct Tail {
  Bytes bytes;
  std::uint64_t offset = 0;  // the document's size
  std::optional<Gap> gap;

  // Puts `der` into the gap, zeros behind it. False where it does not fit.
  bool fill(ByteView der);

  // Of the bytes, where there is a gap.
  ByteView before_gap() const {
    return ByteView(bytes).first(static_cast<std::size_t>(gap->begin - offset));
  }
  ByteView behind_gap() const {
    return ByteView(bytes).subspan(static_cast<std::size_t>(gap->end - offset));
  }
};

class Update final : public ObjectSink {
 public:
  // The document outlives it. Unsupported where its encryption is.
  static PdfResult<Update> of(Document& document);

  QPDFObjectHandle allocate() override;
  void put(const QPDFObjectHandle& reference, QPDFObjectHandle value) override;
  void put_stream(const QPDFObjectHandle& reference, QPDFObjectHandle dictionary,
                  Bytes data) override;

  // A signature's dictionary, once in an update: /ByteRange, which covers everything but /Contents, and a /Contents with
  // room for so many bytes are added.
  void put_signature(const QPDFObjectHandle& reference, QPDFObjectHandle dictionary,
                     std::size_t room);

  // A copy of an object of the document, a dictionary or an array, that replaces it; always the same for the same object.
  // It may be changed until finish(), but not what it holds directly: that is qpdf's own.
  QPDFObjectHandle change(const QPDFObjectHandle& reference);

  // Before anything is allocated: what this object refers to although it is not there never becomes a new object.
  void keep_off(const QPDFObjectHandle& object);

  // Everything that was put and changed. Broken where something that was read is; unsupported where an offset is over ten
  // digits in a table. Afterwards the object is spent.
  PdfResult<Tail> finish();

 private:
  struct Piece {
    std::string body;  // between "obj" and "endobj"
    bool signature = false;
  };
  explicit Update(Document& document) : document_(&document) {}
  PdfResult<void> serialise_all();
  PdfResult<std::string> trailer_entries(std::uint32_t size) const;

  Document* document_;
  std::optional<Encryption> encryption_;
  std::uint32_t next_object_ = 0;
  std::map<QPDFObjGen, QPDFObjectHandle> values_;
  std::map<QPDFObjGen, Bytes> streams_;  // their dictionaries are values
  std::set<QPDFObjGen> kept_off_;        // arrays that were looked at
  std::optional<QPDFObjGen> signature_;
  std::size_t room_ = 0;
  std::map<QPDFObjGen, Piece> pieces_;
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_UPDATE_H_
