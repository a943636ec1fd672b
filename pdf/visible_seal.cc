#include "pdf/visible_seal.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "common/utf8.h"
#include "pdf/look/demands.h"

namespace signet::pdf {

namespace {

constexpr std::size_t kMostSearched = 5000;  // nodes of the page tree: qpdf keeps what it has read

bool lists(QPDFObjectHandle page, const QPDFObjectHandle& annotation) {
  QPDFObjectHandle all = page.getKey("/Annots");
  return all.isArray() && std::ranges::any_of(all.getArrayAsVector(), [&](const auto& one) {
           return same_object(one, annotation);
         });
}

Error error_of(const look::Error& error, BoxOf box = BoxOf::wish) {
  switch (error.fault) {
    case look::Fault::size:
      return {box == BoxOf::document ? ErrorKind::forbidden : ErrorKind::look, error.sentence};
    case look::Fault::forbidden:
      return {ErrorKind::forbidden, error.sentence};
    case look::Fault::place:
      return {ErrorKind::settings, error.sentence};
    default:
      return {ErrorKind::look, error.sentence};
  }
}

look::PageBox box_of(const std::array<double, 4>& edges) {
  return {edges[0], edges[1], edges[2], edges[3]};
}

PdfResult<look::PageShape> shape_of(Document& document, QPDFObjectHandle page,
                                    const std::array<double, 4>& rectangle) {
  look::PageShape shape;
  shape.media = box_of(rectangle);
  if (!page.isDictionary()) return shape;
  BOOST_OUTCOME_TRY(const auto geometry, document.geometry(page));
  shape.media = box_of(geometry.crop_box);
  shape.rotate = geometry.rotate;
  shape.user_unit = geometry.user_unit;
  return shape;
}

// Around the facts in the text: they matter where it is set.
bool is_isolate(char32_t character) {
  return character == 0x2068 || character == 0x2069;
}

}  // namespace

PdfResult<std::size_t> page_index(Document& document, const VisibleSeal& seal) {
  BOOST_OUTCOME_TRY(const std::size_t pages, document.page_count());
  const auto all = static_cast<long long>(pages);
  const long long index = seal.page > 0 ? seal.page - 1LL : all + seal.page;
  if (seal.page != 0 && index >= 0 && index < all) return static_cast<std::size_t>(index);
  return Error(ErrorKind::settings,
               fmt::format("there is no page {} in the document, which has {}", seal.page, pages));
}

PdfResult<QPDFObjectHandle> page_of(Document& document, QPDFObjectHandle widget) {
  QPDFObjectHandle said = widget.getKey("/P");
  if (said.isDictionary()) return said;
  return document.examined([&]() -> PdfResult<QPDFObjectHandle> {
    QPDFObjectHandle catalog = document.catalog();
    std::vector<QPDFObjectHandle> nodes = {catalog.getKey("/Pages")};
    for (std::size_t looked = 0; !nodes.empty() && looked < kMostSearched; ++looked) {
      QPDFObjectHandle node = nodes.back();
      nodes.pop_back();
      if (!node.isDictionary()) continue;
      QPDFObjectHandle kids = node.getKey("/Kids");
      if (!kids.isArray() && lists(node, widget)) return node;
      const int all = kids.isArray() ? kids.getArrayNItems() : 0;
      for (int at = std::min(all, static_cast<int>(kMostSearched)); at-- > 0;)
        nodes.push_back(kids.getArrayItem(at));
      if (nodes.size() > kMostSearched)
        nodes.erase(nodes.begin(), nodes.end() - static_cast<std::ptrdiff_t>(kMostSearched));
    }
    return QPDFObjectHandle::newNull();
  });
}

std::string how_hidden(QPDFObjectHandle widget) {
  constexpr unsigned hidden = 2;  // annotation flags (12.5.3)
  constexpr unsigned no_view = 32;
  long long said = 0;
  if (!widget.getKey("/F").getValueAsInt(said)) return {};
  const auto flags = static_cast<unsigned long long>(said);
  if ((flags & hidden) != 0) return "hidden: viewers neither show nor print the seal";
  if ((flags & no_view) != 0) return "not shown on screens: the seal is seen in print at most";
  return {};
}

PdfResult<std::array<double, 4>> rectangle_on(Document& document, const QPDFObjectHandle& page,
                                              const VisibleSeal& seal) {
  BOOST_OUTCOME_TRY(const auto shape, shape_of(document, page, {}));
  const auto placed = look::place(shape, seal.position);
  if (!placed) return error_of(placed.error());
  const look::PageBox& box = placed.value().rectangle;
  return std::array<double, 4>{box.left, box.bottom, box.right, box.top};
}

std::string spoken_text(const VisibleSeal& seal) {
  const auto filled = look::fill_template(seal.look->text, seal.facts);
  std::string text;
  for (std::string_view rest = filled ? std::string_view(filled.value()) : std::string_view();
       !rest.empty();) {
    const Utf8Piece piece = first_piece(rest);
    const bool blank = piece.character <= ' ';
    if (blank && !text.empty() && text.back() != ' ') text += ' ';
    if (!blank && !is_isolate(piece.character)) text += rest.substr(0, piece.size);
    rest.remove_prefix(piece.size);
  }
  if (text.ends_with(' ')) text.pop_back();
  return text;
}

PdfResult<QPDFObjectHandle> Drawing::draw(Document& document, const QPDFObjectHandle& page,
                                          const std::array<double, 4>& rectangle,
                                          const VisibleSeal& seal, ObjectSink& sink) {
  BOOST_OUTCOME_TRY(const auto shape, shape_of(document, page, rectangle));
  const auto placed = look::placement_of(shape, box_of(rectangle));
  if (!placed) return error_of(placed.error());
  const look::Placement& place = placed.value();
  QPDFObjectHandle& form = forms_[{place.width, place.height, place.rotate}];
  if (form.isInitialized()) return form;
  BOOST_OUTCOME_TRY(const auto metadata, document.metadata());
  const look::Demands demands = look::demands_of(document.catalog(), metadata);
  const auto drawn = look::put_appearance(*seal.look, seal.facts, place, demands, sink);
  if (!drawn) return error_of(drawn.error(), box_);
  form = drawn.value().form;
  return form;
}

QPDFObjectHandle Drawing::draw_nothing(const std::array<double, 4>& rectangle, ObjectSink& sink) {
  const double width = rectangle[2] - rectangle[0];
  const double height = rectangle[3] - rectangle[1];
  QPDFObjectHandle& form = forms_[{width, height, 0}];
  if (!form.isInitialized()) form = look::put_empty_appearance(sink, width, height);
  return form;
}

}  // namespace signet::pdf
