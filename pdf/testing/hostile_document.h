// Documents that would take far more than they are, for tests.
#pragma once

#include <fmt/format.h>
#include <zlib.h>

#include <string>

#include "pdf/document.h"
#include "pdf/testing/pdf_maker.h"

namespace signet::pdf {

inline auto open_hostile(const std::string& bytes, std::string_view password = {}) {
  return Document::open(Source::of(view_of(bytes)), password);
}

inline std::string deflated(const std::string& plain) {
  uLongf size = compressBound(plain.size());
  std::string out(size, '\0');
  compress2(reinterpret_cast<Bytef*>(out.data()), &size,
            reinterpret_cast<const Bytef*>(plain.data()), plain.size(), 1);
  out.resize(size);
  return out;
}

// An update that says that object 4, the information, lies in this object stream.
inline std::string with_entry_in(std::string bytes, char stream) {
  const std::size_t start = bytes.size();
  const std::string row = {2, 0, 0, 0, stream, 0, 0};
  const std::string previous =
      std::to_string(std::stoull(bytes.substr(bytes.rfind("startxref") + 10)));
  bytes += fmt::format(
      "99 0 obj\n<< /Type /XRef /W [1 4 2] /Size 100 /Index [4 1] /Root 1 0 R /Info 4 0 R /Prev {} "
      "/Length 7 >>\nstream\n{}\nendstream\nendobj\n",
      previous, row);
  return bytes + fmt::format("startxref\n{}\n%%EOF\n", start);
}

// A document whose object 4 lies in an object stream with these contents.
inline std::string with_object_stream(const std::string& contents, bool compressed = true) {
  MadeDocument wish;
  const std::string plain = "4 0  " + contents;
  const std::string data = compressed ? deflated(plain) : plain;
  wish.objects[wish.first_free()] =
      fmt::format("<< /Type /ObjStm /N 1 /First 5 {} /Length {} >>\nstream\n{}\nendstream",
                  compressed ? "/Filter /FlateDecode" : "", data.size(), data);
  return with_entry_in(wish.make(), 6);
}

inline std::string many(const char* element, std::size_t count) {
  std::string text = "[";
  for (std::size_t at = 0; at < count; ++at) text += element;
  return text + "]";
}

// What reading the information says.
inline std::string fault_of_information(const std::string& bytes) {
  const auto opened = open_hostile(bytes);
  if (!opened) return opened.error().sentence;
  const bool found = opened.value()->trailer().getKey("/Info").isArray();
  const auto checked = opened.value()->check();
  if (!checked) return checked.error().sentence;
  return found ? "" : "it is not there";
}

}  // namespace signet::pdf
