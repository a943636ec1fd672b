#include "pdf/look/embedded_font.h"

#include <cmath>

#include "pdf/look/deflate.h"

namespace signet::pdf::look {

namespace {

using Handle = QPDFObjectHandle;

// Bits of /Flags, ISO 32000-1, 9.8.2.
constexpr int kFixedPitch = 1;
constexpr int kSymbolic = 4;
constexpr int kItalic = 64;

constexpr int kUsualStem =
    80;  // /StemV: nobody looks at it where the font is embedded, but it must be there

void put_name(Handle& dictionary, const char* key, const std::string& name) {
  dictionary.replaceKey(key, Handle::newName("/" + name));
}

void put_number(Handle& dictionary, const char* key, double number) {
  dictionary.replaceKey(key, Handle::newInteger(std::lround(number)));
}

// Six letters before the font's name, which differ where the subset does (ISO 32000-1, 9.6.4): FNV-1a of the program.
std::string subset_tag(ByteView program) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const std::uint8_t byte : program) hash = (hash ^ byte) * 0x100000001B3U;
  std::string tag;
  for (int i = 0; i < 6; ++i, hash /= 26) tag += static_cast<char>('A' + hash % 26);
  return tag + "+";
}

// A bit for each CID, the highest of a byte first.
Bytes bits_of(const Subset& subset) {
  Bytes bits(subset.advances.rbegin()->first / 8 + 1);
  for (const auto& [cid, advance] : subset.advances) {
    bits[cid / 8] = static_cast<std::uint8_t>(bits[cid / 8] | (0x80U >> (cid % 8U)));
  }
  return bits;
}

class FontObjects {
 public:
  FontObjects(ObjectSink& sink, const Font& font, const Subset& subset)
      : sink_(sink),
        font_(font),
        subset_(subset),
        truetype_(font.outlines() == Outlines::truetype),
        name_(subset_tag(subset.program) + font.name()) {}

  Handle put(const ToUnicode& meanings, CidSet cid_set) const {
    Handle whole = Handle::newDictionary();
    put_name(whole, "/Type", "Font");
    put_name(whole, "/Subtype", "Type0");
    put_name(whole, "/BaseFont", truetype_ ? name_ : name_ + "-Identity-H");
    put_name(whole, "/Encoding", "Identity-H");
    Handle descendants = Handle::newArray();
    descendants.appendItem(put_cid_font(cid_set));
    whole.replaceKey("/DescendantFonts", descendants);
    const std::string cmap = meanings.cmap(subset_);
    whole.replaceKey("/ToUnicode", put_deflated(sink_, Handle::newDictionary(), view_of(cmap)));
    return put_object(whole);
  }

 private:
  Handle put_object(const Handle& value) const {
    const Handle reference = sink_.allocate();
    sink_.put(reference, value);
    return reference;
  }

  Handle put_cid_font(CidSet cid_set) const {
    Handle font = Handle::newDictionary();
    put_name(font, "/Type", "Font");
    put_name(font, "/Subtype", truetype_ ? "CIDFontType2" : "CIDFontType0");
    put_name(font, "/BaseFont", name_);
    Handle system = Handle::newDictionary();
    system.replaceKey("/Registry", Handle::newString("Adobe"));
    system.replaceKey("/Ordering", Handle::newString("Identity"));
    put_number(system, "/Supplement", 0);
    font.replaceKey("/CIDSystemInfo", system);
    font.replaceKey("/FontDescriptor", put_descriptor(cid_set));
    if (truetype_) put_name(font, "/CIDToGIDMap", "Identity");
    font.replaceKey("/W", widths());
    return put_object(font);
  }

  // [first [width …] …], a list for each row of CIDs without a gap.
  Handle widths() const {
    Handle all = Handle::newArray();
    Handle row = Handle::newArray();
    int next = -1;
    for (const auto& [cid, advance] : subset_.advances) {
      if (cid != next) {
        if (next >= 0) all.appendItem(row);
        row = Handle::newArray();
        all.appendItem(Handle::newInteger(cid));
      }
      row.appendItem(Handle::newReal(width_in_document(font_, advance), 2));
      next = cid + 1;
    }
    all.appendItem(row);
    return all;
  }

  Handle put_descriptor(CidSet cid_set) const {
    const FontMetrics& metrics = font_.metrics();
    Handle descriptor = Handle::newDictionary();
    put_name(descriptor, "/Type", "FontDescriptor");
    put_name(descriptor, "/FontName", name_);
    put_number(descriptor, "/Flags",
               kSymbolic | (metrics.fixed_pitch ? kFixedPitch : 0) |
                   (metrics.italic_angle != 0 ? kItalic : 0));
    Handle box = Handle::newArray();
    for (const int edge : {metrics.left, metrics.bottom, metrics.right, metrics.top}) {
      box.appendItem(Handle::newInteger(std::lround(thousandths(edge))));
    }
    descriptor.replaceKey("/FontBBox", box);
    put_number(descriptor, "/ItalicAngle", metrics.italic_angle);
    put_number(descriptor, "/Ascent", thousandths(metrics.ascent));
    put_number(descriptor, "/Descent", thousandths(metrics.descent));
    put_number(descriptor, "/CapHeight", thousandths(metrics.cap_height));
    put_number(descriptor, "/StemV", kUsualStem);
    descriptor.replaceKey(truetype_ ? "/FontFile2" : "/FontFile3", put_program());
    if (cid_set == CidSet::complete) {
      descriptor.replaceKey("/CIDSet",
                            put_deflated(sink_, Handle::newDictionary(), bits_of(subset_)));
    }
    return put_object(descriptor);
  }

  Handle put_program() const {
    Handle dictionary = Handle::newDictionary();
    if (truetype_) {
      put_number(dictionary, "/Length1", static_cast<double>(subset_.program.size()));
    } else {
      put_name(dictionary, "/Subtype", "CIDFontType0C");
    }
    return put_deflated(sink_, dictionary, subset_.program);
  }

  double thousandths(int units) const { return units * 1000.0 / font_.metrics().units_per_em; }

  ObjectSink& sink_;
  const Font& font_;
  const Subset& subset_;
  bool truetype_;
  std::string name_;
};

}  // namespace

double width_in_document(const Font& font, std::int32_t advance) {
  return std::round(advance * 100000.0 / font.metrics().units_per_em) / 100;
}

QPDFObjectHandle put_font(ObjectSink& sink, const Font& font, const Subset& subset,
                          const ToUnicode& meanings, CidSet cid_set) {
  return FontObjects(sink, font, subset).put(meanings, cid_set);
}

}  // namespace signet::pdf::look
