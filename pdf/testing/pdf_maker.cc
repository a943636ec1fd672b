#include "pdf/testing/pdf_maker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <stdexcept>

namespace signet::pdf {

namespace {

constexpr const char* kBox = "/MediaBox [0 0 595 842]";

void append_number(std::string& out, std::size_t number, int bytes) {
  for (int at = bytes; at-- > 0;)
    out += static_cast<char>(number >> static_cast<unsigned>(8 * at) & 0xFFU);
}

std::map<int, std::string> objects_of(const MadeDocument& wish) {
  std::map<int, std::string> objects = wish.objects;
  objects[1] = fmt::format("<< /Type /Catalog /Pages 2 0 R {} >>", wish.catalog);
  const std::string drawing = "BT /F1 24 Tf 72 700 Td (A document) Tj ET";
  objects[3] = fmt::format("<< /Length {} >>\nstream\n{}\nendstream", drawing.size(), drawing);
  objects[4] = "<< /Title (A document \\(small\\)) /Producer (test) >>";
  const int nodes = wish.nested_pages ? (wish.pages + 2) / 3 : 0;
  const int first_node = wish.first_page() + wish.pages;
  std::vector<std::string> kids(static_cast<std::size_t>(nodes));
  std::string root;
  for (int at = 0; at < wish.pages; ++at) {
    const int number = wish.first_page() + at;
    const int parent = nodes == 0 ? 2 : first_node + at / 3;
    objects[number] = fmt::format(
        "<< /Type /Page /Parent {} 0 R {} /Contents 3 0 R /Resources << /Font "
        "<< /F1 << /Type /Font "
        "/Subtype /Type1 /BaseFont /Helvetica >> >> {} >> {} >>",
        parent, wish.own_box ? kBox : "", wish.resources,
        at == 0                ? wish.page
        : at == wish.pages - 1 ? wish.last_page
                               : "");
    (nodes == 0 ? root : kids[static_cast<std::size_t>(at / 3)]) += fmt::format("{} 0 R ", number);
  }
  for (int node = 0; node < nodes; ++node) {
    const int count = std::min(3, wish.pages - 3 * node);
    objects[first_node + node] =
        fmt::format("<< /Type /Pages /Parent 2 0 R /Count {} /Kids [{}] >>", count,
                    kids[static_cast<std::size_t>(node)]);
    root += fmt::format("{} 0 R ", first_node + node);
  }
  objects[2] = fmt::format("<< /Type /Pages /Count {} /Kids [{}] {} {} >>", wish.pages, root,
                           wish.own_box ? "" : kBox, wish.tree);
  return objects;
}

std::string row(std::size_t offset) {
  return fmt::format("{:010} 00000 n \n", offset);
}

std::string table(const std::map<int, std::size_t>& offsets, bool fragmented) {
  std::string out = "xref\n";
  if (fragmented) {
    out += "0 1\n0000000000 65535 f \n";
    for (const auto& [number, offset] : offsets)
      out += fmt::format("{} 1\n{}", number, row(offset));
    return out;
  }
  const int last = offsets.rbegin()->first;
  out += fmt::format("0 {}\n0000000000 65535 f \n", last + 1);
  for (int number = 1; number <= last; ++number) {
    const auto found = offsets.find(number);
    out += found == offsets.end() ? "0000000000 00000 f \n" : row(found->second);
  }
  return out;
}

std::string stream_rows(const std::map<int, std::size_t>& offsets, std::string& index) {
  std::string rows;
  for (const auto& [number, offset] : offsets) {
    index += fmt::format("{} 1 ", number);
    append_number(rows, 1, 1);
    append_number(rows, offset, 4);
    append_number(rows, 0, 2);
  }
  return rows;
}

std::string xref_stream(int number, const std::map<int, std::size_t>& offsets,
                        const std::string& entries) {
  std::string index;
  const std::string rows = stream_rows(offsets, index);
  return fmt::format(
      "{} 0 obj\n<< /Type /XRef /W [1 4 2] /Index [{}] /Length {} {} "
      ">>\nstream\n{}\nendstream\nendobj\n",
      number, index, rows.size(), entries, rows);
}

}  // namespace

std::string MadeDocument::make() const {
  std::string out = before + fmt::format("%PDF-{}\n%\xE2\xE3\xCF\xD3\n", version);
  const std::size_t base = offsets_from_header ? before.size() : 0;
  std::map<int, std::size_t> offsets;
  const auto objects_now = objects_of(*this);
  for (const auto& [number, body] : objects_now) {
    offsets[number] = out.size() - base;
    out += fmt::format("{} 0 obj\n{}\nendobj\n", number, body);
  }
  const int next = objects_now.rbegin()->first + 1;
  std::string entries = fmt::format("/Root 1 0 R /Info 4 0 R {}", trailer);
  if (id) entries += " /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]";
  std::size_t start = out.size() - base;
  if (form == Form::stream) {
    offsets[next] = start;
    out +=
        xref_stream(next, offsets, fmt::format("{} /Size {}", entries, next + 1 - size_too_small));
  } else {
    std::string beside;
    if (form == Form::hybrid) {  // the information is in the stream alone
      const std::map<int, std::size_t> hidden = {{4, offsets[4]}};
      offsets.erase(4);
      beside = fmt::format(" /XRefStm {}", start);
      out += xref_stream(next, hidden, fmt::format("/Size {}", next + 1));
      start = out.size() - base;
    }
    out += table(offsets, fragmented);
    out += fmt::format("trailer\n<< {} /Size {}{} >>\n", entries,
                       next + (form == Form::hybrid ? 1 : 0) - size_too_small, beside);
  }
  out += fmt::format("startxref\n{}\n%%EOF{}{}", start, line_end ? "\n" : "", behind);
  return out;
}

std::string updated(const std::string& document, const std::map<int, std::string>& objects,
                    bool stream) {
  const std::size_t mark = document.rfind("startxref");
  const std::string previous = std::to_string(std::stoull(document.substr(mark + 10)));
  std::string out = document;
  std::map<int, std::size_t> offsets;
  for (const auto& [number, body] : objects) {
    offsets[number] = out.size();
    out += fmt::format("{} 0 obj\n{}\nendobj\n", number, body);
  }
  const std::size_t said = document.rfind("/Size ");
  const int next = std::max(1000, std::stoi(document.substr(said + 6)));  // which nothing has
  const std::size_t start = out.size();
  const std::string entries = fmt::format("/Root 1 0 R /Size {} /Prev {}", next + 1, previous);
  if (stream) {
    offsets[next] = start;
    out += xref_stream(next, offsets, entries);
  } else {
    out += "xref\n";
    for (const auto& [number, offset] : offsets)
      out += fmt::format("{} 1\n{}", number, row(offset));
    out += fmt::format("trailer\n<< {} >>\n", entries);
  }
  return out + fmt::format("startxref\n{}\n%%EOF\n", start);
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.rfind(from);
  if (at == std::string::npos) throw std::runtime_error("not there: " + from);
  return text.replace(at, from.size(), to);
}

Ran run(const std::string& command) {
  FILE* const pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  Ran ran;
  char piece[4096];
  for (std::size_t got = 0; (got = std::fread(piece, 1, sizeof piece, pipe)) > 0;)
    ran.output.append(piece, got);
  ran.good = pclose(pipe) == 0;
  return ran;
}

}  // namespace signet::pdf
