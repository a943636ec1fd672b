// Writes sealed PDF/A documents for a validator: pdfa_samples GOOD FAULTY. GOOD gets PART-INTENT-SEAL.pdf, where the seals
// keep to what the document demands; FAULTY gets CLAUSE-SEAL.pdf of PDF/A-1, which break that clause of ISO 19005-1.
#include <fmt/format.h>

#include <filesystem>
#include <set>
#include <stdexcept>

#include "common/bounded_file.h"
#include "pdf/look/deflate.h"
#include "pdf/look/icc_profile.h"
#include "pdf/look/testing/seals.h"

namespace signet::pdf::look::testing {
namespace {

constexpr const char* kCmykProfile = "/usr/share/color/icc/ghostscript/default_cmyk.icc";
constexpr const char* kCffFont = "/usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf";

const char* name_of(IntentSpace intent) {
  switch (intent) {
    case IntentSpace::gray:
      return "gray";
    case IntentSpace::rgb:
      return "rgb";
    case IntentSpace::cmyk:
      return "cmyk";
    case IntentSpace::none:
      break;
  }
  return "none";
}

QPDFObjectHandle put_profile(Document& document, IntentSpace intent) {
  const int components = intent == IntentSpace::gray ? 1 : intent == IntentSpace::rgb ? 3 : 4;
  const Bytes profile = intent == IntentSpace::gray  ? gray_profile()
                        : intent == IntentSpace::rgb ? srgb_profile()
                                                     : read_file(kCmykProfile, 1UL << 22U).value();
  return put_deflated(document, Document::parsed(fmt::format("<< /N {} >>", components)), profile);
}

void declare_intent(Document& document, IntentSpace space) {
  if (space == IntentSpace::none) return;
  QPDFObjectHandle intent = Document::parsed(
      "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (Custom) >>");
  intent.replaceKey("/DestOutputProfile", put_profile(document, space));
  QPDFObjectHandle intents = QPDFObjectHandle::newArray();
  intents.appendItem(intent);
  document.catalog().replaceKey("/OutputIntents", intents);
}

void declare(Document& document, const Demands& demands) {
  const std::string metadata = fmt::format(
      "<?xpacket begin='\xEF\xBB\xBF' id='W5M0MpCehiHzreSzNTczkc9d'?>"
      "<x:xmpmeta xmlns:x='adobe:ns:meta/'>"
      "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
      "<rdf:Description rdf:about='' xmlns:pdfaid='http://www.aiim.org/pdfa/ns/id/' "
      "pdfaid:part='{}' pdfaid:conformance='B'/></rdf:RDF></x:xmpmeta><?xpacket end='w'?>",
      demands.pdfa_part);
  const QPDFObjectHandle stream = document.allocate();
  document.put_stream(stream, Document::parsed("<< /Type /Metadata /Subtype /XML >>"),
                      copy_of(view_of(metadata)));
  document.catalog().replaceKey("/Metadata", stream);
  declare_intent(document, demands.intent);
  const Demands read = demands_of(document.catalog(), view_of(metadata));
  if (read.pdfa_part != demands.pdfa_part || read.intent != demands.intent) {
    throw std::logic_error("the document does not say what it should");
  }
}

// `declared`: what the document says of itself, whatever the seal was made for.
void write_sample(const SealCase& seal, const Demands& declared,
                  const std::filesystem::path& file) {
  SealedPage page(seal);
  if (!page.appearance()) throw std::runtime_error(page.appearance().error().sentence);
  declare(page.document(), declared);
  // It is no signature.
  page.document().page().getKey("/Annots").getArrayItem(0).removeKey("/V");
  page.document().write(file);
}

void write_good(const SealCase& seal, const std::filesystem::path& folder) {
  for (const int part : {1, 2, 3}) {
    for (const IntentSpace intent :
         {IntentSpace::none, IntentSpace::gray, IntentSpace::rgb, IntentSpace::cmyk}) {
      SealCase kept = seal;
      kept.demands = {part, intent};
      write_sample(kept, kept.demands,
                   folder / fmt::format("{}-{}-{}.pdf", part, name_of(intent), seal.name));
    }
  }
}

void write_samples(const std::filesystem::path& good, const std::filesystem::path& faulty) {
  const std::set<std::string> chosen = {"facts", "mixed", "beside", "images_90", "style_end"};
  for (SealCase seal : seal_cases()) {
    if (!chosen.contains(seal.name)) continue;
    write_good(seal, good);
    if (seal.name == "beside") {
      // Transparent, and in colours of the device.
      write_sample(seal, {1, IntentSpace::rgb}, faulty / "6.4-transparency.pdf");
      write_sample(seal, {1, IntentSpace::none}, faulty / "6.2.3-device.pdf");
    }
    if (seal.name != "facts") continue;
    seal.demands = {2, IntentSpace::rgb};
    write_sample(seal, {1, IntentSpace::rgb}, faulty / "6.3.5-cidset.pdf");
    seal.name = "cff";
    seal.look.font = Font::open(kCffFont).value();
    write_good(seal, good);
  }
}

}  // namespace
}  // namespace signet::pdf::look::testing

int main(int count, char** arguments) {
  if (count != 3) return 2;
  signet::pdf::look::testing::write_samples(arguments[1], arguments[2]);
  return 0;
}
