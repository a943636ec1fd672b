// PDF documents with too many revisions and signatures, and streams that grow.
#include <fmt/format.h>
#include <zlib.h>

#include <stdexcept>

#include "pdf/testing/pdf_maker.h"
#include "tests/validation/hostile/case.h"
#include "validation/testing/sealed_pdf.h"

namespace signet::tests {

namespace {

constexpr int kFirstFree = 40;  // above the objects of a small document

std::string sealed() {
  return pki::sealed_pdf(pdf::MadeDocument{}.make(), signer_below(hostile_root()), {});
}

std::size_t last_start(const std::string& bytes) {
  return std::stoull(bytes.substr(bytes.rfind("startxref") + 10));
}

std::string trailer_size() {
  return "/Size 20000 /Root 1 0 R";
}

// Updates of one unused object each, which no signature permits to be replaced, written by hand: each would be parsed anew otherwise.
std::string with_updates(std::string bytes, int updates) {
  std::size_t previous = last_start(bytes);
  for (int i = 0; i < updates; ++i) {
    const std::size_t object = bytes.size();
    bytes += fmt::format("{} 0 obj\n{}\nendobj\n", kFirstFree + 10, i);
    const std::size_t table = bytes.size();
    bytes += fmt::format(
        "xref\n{} 1\n{:010} 00000 n \ntrailer\n<< {} /Prev {} >>\nstartxref\n{}\n%%EOF\n",
        kFirstFree + 10, object, trailer_size(), previous, table);
    previous = table;
  }
  return bytes;
}

// Fields that all have the first signature's dictionary, or one with a /ByteRange of nothing.
std::string with_fields(int fields, bool own) {
  std::string bytes = sealed();
  std::map<int, std::string> objects;
  std::string kids;
  for (int i = 0; i < fields; ++i) {
    const int number = 1000 + i;
    objects[number] =
        fmt::format("<< /FT /Sig /T (Many{}) /V {} >>", i,
                    own ? "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
                          "/ByteRange [0 10 20 30] /Contents <3000> >>"
                        : "999 0 R");
    kids += fmt::format("{} 0 R ", number);
  }
  objects[999] =
      "<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [0 10 20 "
      "30] /Contents <3000> >>";
  objects[1] = fmt::format(
      "<< /Type /Catalog /Pages 2 0 R /AcroForm << /SigFlags 3 /Fields [ {}] >> >>", kids);
  return pdf::updated(bytes, objects);
}

std::string deflated_zeros(std::size_t bytes) {
  z_stream stream{};
  if (deflateInit(&stream, 9) != Z_OK) throw std::runtime_error("no zlib");
  std::string out;
  std::string piece(1U << 20U, '\0');
  std::string compressed(1U << 16U, '\0');
  const auto run = [&](std::size_t size, int flush) {
    stream.next_in = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_in = static_cast<uInt>(size);
    do {
      stream.next_out = reinterpret_cast<Bytef*>(compressed.data());
      stream.avail_out = static_cast<uInt>(compressed.size());
      deflate(&stream, flush);
      out.append(compressed.data(), compressed.size() - stream.avail_out);
    } while (stream.avail_out == 0);
  };
  for (std::size_t done = 0; done < bytes; done += piece.size()) run(piece.size(), Z_NO_FLUSH);
  run(0, Z_FINISH);
  deflateEnd(&stream);
  return out;
}

std::string flate_stream(const std::string& data, const std::string& more) {
  return fmt::format("<< /Filter /FlateDecode /Length {} {} >>\nstream\n{}\nendstream", data.size(),
                     more, data);
}

// In the DSS, where it is read; the signature is as good as it was.
std::string bomb_in_dss(std::size_t bytes) {
  pki::DssWish wish;
  wish.vri["00"] = "<< /Cert [ 90 0 R ] >>";
  return pdf::updated(pki::with_dss(sealed(), wish, kFirstFree),
                      {{90, flate_stream(deflated_zeros(bytes), "")}});
}

std::string bomb_as_object_stream(std::size_t bytes) {
  const std::string bomb =
      flate_stream(deflated_zeros(bytes), "/Type /ObjStm /N 1000000 /First 16000000");
  return pdf::updated(sealed(), {{90, bomb}}, true);
}

}  // namespace

std::vector<HostileCase> pdf_cases() {
  using Folder = const CaseFolder&;
  const auto made = [](auto make) {
    return [make](Folder f) {
      const std::string bytes = make();
      return f.pdf(view_of(bytes), hostile_root());
    };
  };
  return {
      {"a PDF of 200 revisions", kFailed, false, made([] { return with_updates(sealed(), 200); })},
      {"a PDF of 9,000 revisions", kFailed, true,
       made([] { return with_updates(sealed(), 9000); })},
      {"a PDF of 20,000 revisions", kUnusable, false,
       made([] { return with_updates(sealed(), 20'000); })},
      {"10,000 signatures in a PDF", kFailed, true, made([] { return with_fields(10'000, true); })},
      {"one signature in 10,000 fields of a PDF", kFailed, true,
       made([] { return with_fields(10'000, false); })},
      {"1 GB in a stream of the DSS", kPassed, true,
       made([] { return bomb_in_dss(std::size_t{1} << 30U); })},
      {"1 GB in an object stream", kPassed, true,
       made([] { return bomb_as_object_stream(std::size_t{1} << 30U); })},
  };
}

}  // namespace signet::tests
