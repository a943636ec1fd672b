#include "pdf/look/appearance.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "pdf/look/arrangement.h"
#include "pdf/look/content.h"
#include "pdf/look/deflate.h"
#include "pdf/look/embedded_font.h"
#include "pdf/look/subset.h"
#include "pdf/look/to_unicode.h"

namespace signet::pdf::look {

namespace {

using Handle = QPDFObjectHandle;

struct PlannedText {
  std::shared_ptr<const Font> font;
  Region region;
  TextLayout layout;
  Subset subset;
  ToUnicode meanings;
};

// Everything that can go wrong is behind us where there is one.
struct Plan {
  std::optional<PlannedText> text;
  std::optional<Region> image;
  std::optional<Region> background;
};

LookResult<PlannedText> plan_text(const Look& look, const std::string& text, const Region& region) {
  PlannedText planned;
  planned.font = look.font;
  if (!planned.font) {
    BOOST_OUTCOME_TRY(planned.font, Font::open_default());
  }
  planned.region = region;
  BOOST_OUTCOME_TRY(planned.layout,
                    fit_text(text, *planned.font, look.style, region.width, region.height));
  std::set<std::uint32_t> glyphs;
  for (const PlacedLine& placed : planned.layout.lines) {
    for (const Cluster& cluster : placed.line.clusters) {
      planned.meanings.add(cluster);
      for (const Glyph& glyph : cluster.glyphs) glyphs.insert(glyph.id);
    }
  }
  BOOST_OUTCOME_TRY(planned.subset, subset_of(*planned.font, glyphs));
  return planned;
}

LookResult<Plan> plan_of(const Look& look, const Facts& facts, const Placement& placement,
                         const Demands& demands) {
  BOOST_OUTCOME_TRY(const std::string text, fill_template(look.text, facts));
  if (text.empty() && !look.image && !look.background && !look.background_colour) {
    return Error{Fault::text,
                 look.text.empty()
                     ? "the visible seal has neither text nor an image"
                     : "the visible seal has neither text nor an image: every line of its text was "
                       "left out, since this seal has none of the facts that it names"};
  }
  for (const auto& image : {look.image, look.background}) {
    if (image) {
      BOOST_OUTCOME_TRY(image->check(demands));
    }
  }
  BOOST_OUTCOME_TRY(const Regions regions,
                    arranged(look, !text.empty(), placement.width, placement.height));
  Plan plan;
  if (regions.text) {
    BOOST_OUTCOME_TRY(plan.text, plan_text(look, text, *regions.text));
  }
  if (regions.image) {
    plan.image = fitted(*regions.image, look.image->width(), look.image->height());
  }
  if (look.background) {
    plan.background = fitted({0, 0, placement.width, placement.height}, look.background->width(),
                             look.background->height());
  }
  return plan;
}

Handle numbers(const std::vector<double>& values) {
  Handle array = Handle::newArray();
  for (const double value : values) array.appendItem(Handle::newReal(number_text(value)));
  return array;
}

// Draws the plan, one layer after another, and collects what it needs.
class Drawing {
 public:
  Drawing(const Look& look, const Placement& placement, const Demands& demands, ObjectSink& sink)
      : look_(look), placement_(placement), sink_(sink), spaces_(sink, demands) {}

  Handle put(const Plan& plan) {
    if (look_.background_colour) fill_box(*look_.background_colour);
    if (plan.background) draw_image(*look_.background, "Background", *plan.background);
    if (plan.image) draw_image(*look_.image, "Image", *plan.image);
    if (plan.text) draw_text(*plan.text);
    return put_deflated(sink_, form(), view_of(content_.text()));
  }

  bool transparent() const { return transparent_; }

 private:
  void fill_box(const Colour& colour) {
    content_.add("q\n" + spaces_.fill(colour, resources_) +
                 fmt::format("0 0 {} {} re\nf\nQ\n", number_text(placement_.width),
                             number_text(placement_.height)));
  }

  void draw_image(const Image& image, const std::string& name, const Region& region) {
    resource("/XObject", "/" + name, image.put(sink_, spaces_));
    transparent_ = transparent_ || image.is_transparent_in(spaces_.demands());
    content_.draw_image(name, region.x, region.y, region.width, region.height);
  }

  void draw_text(const PlannedText& text) {
    const CidSet cid_set = spaces_.demands().pdfa_part == 1 ? CidSet::complete : CidSet::absent;
    resource("/Font", "/Text", put_font(sink_, *text.font, text.subset, text.meanings, cid_set));
    content_.add("q\n" + spaces_.fill(look_.text_colour, resources_));
    content_.draw_text("Text", text.layout, text.region.x, text.region.y, *text.font, text.subset,
                       text.meanings);
    content_.add("Q\n");
  }

  void resource(const char* kind, const std::string& name, const Handle& object) {
    if (!resources_.hasKey(kind)) resources_.replaceKey(kind, Handle::newDictionary());
    resources_.getKey(kind).replaceKey(name, object);
  }

  Handle form() {
    Handle form = Handle::parse("<< /Type /XObject /Subtype /Form >>");
    form.replaceKey("/BBox", numbers({0, 0, placement_.width, placement_.height}));
    const std::vector<double> matrix = matrix_of(placement_);
    if (!matrix.empty()) form.replaceKey("/Matrix", numbers(matrix));
    form.replaceKey("/Resources", resources_);
    // The space in which it is blended is then that of the document (ISO 19005-2, 6.2.10).
    if (transparent_ && spaces_.demands().is_pdfa()) {
      Handle group = Handle::parse("<< /Type /Group /S /Transparency >>");
      group.replaceKey("/CS", Handle::newName(intent_space(spaces_.demands().intent)));
      form.replaceKey("/Group", group);
    }
    return form;
  }

  // The page is turned clockwise when it is seen, the form the other way.
  static std::vector<double> matrix_of(const Placement& placement) {
    switch (placement.rotate) {
      case 90:
        return {0, 1, -1, 0, placement.height, 0};
      case 180:
        return {-1, 0, 0, -1, placement.width, placement.height};
      case 270:
        return {0, -1, 1, 0, 0, placement.width};
      default:
        return {};
    }
  }

  static const char* intent_space(IntentSpace intent) {
    return intent == IntentSpace::gray   ? "/DeviceGray"
           : intent == IntentSpace::cmyk ? "/DeviceCMYK"
                                         : "/DeviceRGB";
  }

  const Look& look_;
  const Placement& placement_;
  ObjectSink& sink_;
  ColourSpaces spaces_;
  Content content_;
  Handle resources_ = Handle::newDictionary();
  bool transparent_ = false;
};

}  // namespace

LookResult<Appearance> put_appearance(const Look& look, const Facts& facts,
                                      const Placement& placement, const Demands& demands,
                                      ObjectSink& sink) {
  BOOST_OUTCOME_TRY(const Plan plan, plan_of(look, facts, placement, demands));
  Drawing drawing(look, placement, demands, sink);
  Appearance appearance;
  appearance.form = drawing.put(plan);
  appearance.transparent = drawing.transparent();
  if (plan.text) appearance.text_size = plan.text->layout.size;
  return appearance;
}

QPDFObjectHandle put_empty_appearance(ObjectSink& sink, double width, double height) {
  const Handle reference = sink.allocate();
  Handle form = Handle::parse("<< /Type /XObject /Subtype /Form /Resources << >> >>");
  form.replaceKey("/BBox", numbers({0, 0, width, height}));
  sink.put_stream(reference, form, {});
  return reference;
}

}  // namespace signet::pdf::look
