#include "pdf/look/testing/seals.h"

#include <fmt/format.h>

#include <cmath>

#include "pdf/look/testing/font_file.h"
#include "pdf/look/testing/picture_file.h"

namespace signet::pdf::look::testing {

namespace {

constexpr double kWidth = 256;
constexpr double kHeight = 128;
constexpr double kMargin = 8;

Look with_text(std::string text, double largest = 18) {
  Look look;
  look.text = std::move(text);
  look.font = default_font();
  look.style.largest = largest;
  return look;
}

std::shared_ptr<const Image> image_of(const Bytes& file) {
  return Image::from(file, "test").value();
}

// A blue ring with a red bar across, transparent elsewhere; its edges are half transparent.
std::shared_ptr<const Image> ring() {
  constexpr std::uint32_t size = 64;
  PngWish wish;
  wish.width = wish.height = size;
  wish.colour_type = 6;
  for (std::uint32_t i = 0; i < size * size; ++i) {
    const double x = i % size - 31.5;
    const std::uint32_t row = i / size;
    const double y = row - 31.5;
    const double distance = std::abs(std::hypot(x, y) - 24);
    const bool bar = std::abs(y) < 4 && std::abs(x) < 20;
    const auto alpha = static_cast<std::uint8_t>(bar || distance < 5 ? 255
                                                 : distance < 7      ? 128
                                                                     : 0);
    wish.samples.insert(wish.samples.end(), {static_cast<std::uint8_t>(bar ? 255 : 0), 0,
                                             static_cast<std::uint8_t>(bar ? 0 : 200), alpha});
  }
  return image_of(png_file(wish));
}

// Pale yellow, 2:1.
std::shared_ptr<const Image> paper() {
  return image_of(plain_png(40, 20, 0xFFF0B0FF));
}

Look with_images(Arrangement arrangement) {
  Look look = with_text("Pečeť úřadu\n{signer}\n{time}", 14);
  look.image = ring();
  look.background = paper();
  look.arrangement = arrangement;
  return look;
}

Look with_style(Align across, Align down) {
  Look look = with_text("Krátký text\nve dvou řádcích", 12);
  look.style.across = across;
  look.style.down = down;
  look.background_colour = Colour{220, 235, 220};
  look.text_colour = Colour{160, 0, 0};
  return look;
}

constexpr const char* kFactsText =
    "Elektronickou pečetí opatřil(a) {signer}\n{organisation}\n{time}\nČíslo jednací: {reference}\n"
    "Důvod: {reason}\nCertifikát {serial}, vydal {issuer}";

std::vector<SealCase> text_cases() {
  return {
      {"czech", "czech", with_text("Příliš žluťoučký kůň úpěl ďábelské ódy")},
      {"facts", "facts", with_text(kFactsText)},
      {"greek_cyrillic", "greek_cyrillic",
       with_text("Ξεσκεπάζω την ψυχοφθόρα βδελυγμία\nСъешь ещё этих мягких французских булок")},
      {"arabic", "arabic", with_text("ختم إلكتروني لوزارة المالية\nرقم 12345 بتاريخ 2026-11-28")},
      {"hebrew", "hebrew", with_text("חותם אלקטרוני (משרד האוצר)\nמס׳ 12345 מיום 28.11.2026")},
      {"mixed", "mixed",
       with_text(
           "Sealed by وزارة المالية 2026\nחותם: Ministry of Finance, 12 %\nabc אבג 123 дежз")},
      {"long", "long",
       with_text(
           std::string("Tento dokument je opatřen kvalifikovanou elektronickou pečetí podle "
                       "nařízení Evropského parlamentu a Rady (EU) č. 910/2014. ") +
           "Pečeť zaručuje původ a neporušenost dokumentu; její platnost lze ověřit každým "
           "programem, který rozumí formátu PAdES (ETSI EN 319 142-1), a to i po mnoha letech, "
           "pokud k ní byly přidány údaje pro dlouhodobé ověření.")},
      {"serial", "serial", with_text("0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF", 40)},
  };
}

std::vector<SealCase> rotated_cases() {
  std::vector<SealCase> cases;
  for (const int rotate : {90, 180, 270, -90, 450}) {
    cases.push_back({fmt::format("czech_{}", rotate), "czech", text_cases()[0].look, rotate});
  }
  cases.push_back({"czech_unit", "czech", text_cases()[0].look, 0, 4});
  cases.push_back({"czech_unit_90", "czech", text_cases()[0].look, 90, 0.5});
  cases.push_back({"czech_crop", "czech", text_cases()[0].look, 0, 1, 30});
  cases.push_back({"czech_crop_270", "czech", text_cases()[0].look, 270, 1, -30});
  cases.push_back({"images_90", "beside", with_images(Arrangement::beside_text), 90});
  cases.push_back({"images_180", "beside", with_images(Arrangement::beside_text), 180});
  return cases;
}

std::vector<SealCase> image_cases() {
  std::vector<SealCase> cases = {
      {"beside", "beside", with_images(Arrangement::beside_text)},
      {"above", "above", with_images(Arrangement::above_text)},
      {"behind", "behind", with_images(Arrangement::behind_text)},
      {"style_start", "style_start", with_style(Align::start, Align::start)},
      {"style_end", "style_end", with_style(Align::end, Align::end)},
  };
  Look image_only;
  image_only.image = ring();
  cases.push_back({"image_only", "image_only", image_only});
  Look regions = with_images(Arrangement::beside_text);
  regions.text_region = Region{10, 60, 220, 40};
  regions.image_region = Region{180, 5, 50, 50};
  cases.push_back({"regions", "regions", regions});
  return cases;
}

// They look the same, but for soft edges.
std::vector<SealCase> pdfa_cases() {
  const Look look = with_images(Arrangement::beside_text);
  return {
      {"pdfa1_rgb", "beside", look, 0, 1, 0, {1, IntentSpace::rgb}},
      {"pdfa1_none", "beside", look, 0, 1, 0, {1, IntentSpace::none}},
      {"pdfa2_rgb", "beside", look, 0, 1, 0, {2, IntentSpace::rgb}},
      {"pdfa2_cmyk", "beside", look, 0, 1, 0, {2, IntentSpace::cmyk}},
      {"pdfa3_gray", "beside", look, 90, 1, 0, {3, IntentSpace::gray}},
      {"pdfa3_none", "beside", look, 0, 1, 0, {3, IntentSpace::none}},
  };
}

// The page that is seen as 256 x 128 points.
PageShape shape_of(const SealCase& seal) {
  PageShape page;
  const bool turned = seal.rotate % 180 != 0;
  const double width = (turned ? kHeight : kWidth) / seal.user_unit;
  const double height = (turned ? kWidth : kHeight) / seal.user_unit;
  const double offset = seal.offset;
  page.media = {offset, offset, offset + width, offset + height};
  if (offset != 0) {
    page.crop = page.media;
    page.media = {offset - 20, offset - 10, offset + width + 5, offset + height + 15};
  }
  page.rotate = seal.rotate;
  page.user_unit = seal.user_unit;
  return page;
}

std::string text_of(const PageBox& box) {
  return fmt::format("[{} {} {} {}]", box.left, box.bottom, box.right, box.top);
}

}  // namespace

std::vector<SealCase> seal_cases() {
  std::vector<SealCase> all;
  for (auto& part : {text_cases(), rotated_cases(), image_cases(), pdfa_cases()}) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Facts seal_facts() {
  Facts facts;
  facts.signer = "Ministerstvo dopravy ČR";
  facts.organisation = "Česká republika – Ministerstvo dopravy";
  facts.time = "28. 11. 2026 14:05:33 +01:00";
  facts.reference = "MD-12345/2026-160/3";
  facts.serial = "1A:2B:3C:4D";
  facts.issuer = "Zkušební autorita";
  return facts;
}

SealedPage::SealedPage(const SealCase& seal) : document_(kWidth, kHeight), appearance_(Error{}) {
  const PageShape page = shape_of(seal);
  QPDFObjectHandle dictionary = document_.page();
  dictionary.replaceKey("/MediaBox", Document::parsed(text_of(page.media)));
  if (page.crop) dictionary.replaceKey("/CropBox", Document::parsed(text_of(*page.crop)));
  if (page.rotate != 0) dictionary.replaceKey("/Rotate", QPDFObjectHandle::newInteger(page.rotate));
  if (page.user_unit != 1) {
    dictionary.replaceKey("/UserUnit", Document::parsed(fmt::format("{}", page.user_unit)));
  }
  const Position position{Corner::bottom_right, kMargin, kMargin, kWidth - 2 * kMargin,
                          kHeight - 2 * kMargin};
  const Placement placement = place(page, position).value();
  appearance_ = put_appearance(seal.look, seal_facts(), placement, seal.demands, document_);
  if (appearance_) document_.add_widget(text_of(placement.rectangle), appearance_.value().form);
}

}  // namespace signet::pdf::look::testing
