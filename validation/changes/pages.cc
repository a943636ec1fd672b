// The page tree, pages and their annotations (ISO 32000-2, 7.7.3 and 12.5).
#include <algorithm>
#include <cmath>
#include <deque>

#include "common/printable.h"
#include "validation/changes/step.h"

namespace signet::validation {

namespace {

constexpr int kDeepestTree = 256;
constexpr long long kNotShown = 2 + 32;  // Hidden, NoView (table 167)

constexpr Sentence kTreeChanged{"pages were added, deleted or moved",
                                "stránky byly přidány, odstraněny nebo přesunuty"};
constexpr Sentence kTreeEntryChanged{"the entry {0}, which pages inherit, was changed",
                                     "položka {0}, kterou stránky dědí, byla změněna"};
constexpr Sentence kTreeMetadata{"the entry {0} of the page tree was changed",
                                 "položka {0} stromu stránek byla změněna"};
constexpr Sentence kContentChanged{"the content of page {0} was changed",
                                   "obsah stránky {0} byl změněn"};
constexpr Sentence kPageResourcesChanged{
    "the resources of page {0} (fonts, images, forms) were changed",
    "zdroje stránky {0} (písma, obrázky, formuláře) byly změněny"};
constexpr Sentence kGeometryChanged{"the size, position or rotation of page {0} was changed ({1})",
                                    "rozměr, poloha nebo otočení stránky {0} se změnily ({1})"};
constexpr Sentence kPageEntryChanged{"the entry {1} of page {0} was changed",
                                     "položka {1} stránky {0} byla změněna"};
constexpr Sentence kPageGone{"page {0} is no page any more", "stránka {0} už není stránkou"};
constexpr Sentence kPageMetadata{"metadata of page {0} was changed",
                                 "metadata stránky {0} byla změněna"};
constexpr Sentence kAnnotationAdded{"an annotation ({1}) was added to page {0}",
                                    "na stránku {0} byla přidána anotace ({1})"};
constexpr Sentence kAnnotationChanged{"an annotation ({1}) of page {0} was changed",
                                      "anotace ({1}) na stránce {0} byla změněna"};
constexpr Sentence kAnnotationRemoved{"an annotation ({1}) of page {0} was removed",
                                      "anotace ({1}) ze stránky {0} byla odstraněna"};
constexpr Sentence kWidgetMoved{"the field {1} was put on page {0}",
                                "pole {1} bylo umístěno na stránku {0}"};
constexpr Sentence kWidgetRemoved{"the field {1} was taken off page {0}",
                                  "pole {1} bylo odebráno ze stránky {0}"};
constexpr Sentence kReordered{"the annotations of page {0} were put into another order",
                              "pořadí anotací na stránce {0} bylo změněno"};
constexpr Sentence kActs{"it has an action that may run programs, scripts or send data",
                         "má akci, která může spustit programy či skripty nebo odeslat data"};
constexpr Sentence kCovers{
    "what was added is drawn over {1} % of page {0}: look at the page without it",
    "přidaný prvek je vykreslen přes {1} % stránky {0}: prohlédněte si stránku bez něj"};

std::int64_t people(std::size_t index) {
  return static_cast<std::int64_t>(index) + 1;
}

std::string subtype_of(QPDFObjectHandle annotation) {
  std::string name;
  if (annotation.isDictionary()) annotation.getKey("/Subtype").getValueAsName(name);
  return name.empty() ? "?" : printable(name.substr(1));
}

std::vector<QPDFObjectHandle> items_of(QPDFObjectHandle array) {
  return array.isArray() ? array.getArrayAsVector() : std::vector<QPDFObjectHandle>();
}

}  // namespace

std::optional<RevisionStep::Place> RevisionStep::place_in_tree(pdf::Document& document, Handle node,
                                                               Budget& budget) {
  Handle root = from_catalog(document, "/Pages");
  Place place;
  place.leaf = !node.hasKey("/Kids");
  for (int depth = 0; depth < kDeepestTree; ++depth) {
    if (pdf::same_object(node, root)) return place;
    Handle parent = node.getKey("/Parent");
    if (!parent.isDictionary()) return std::nullopt;
    Handle kids = parent.getKey("/Kids");
    const int all = kids.isArray() ? kids.getArrayNItems() : 0;
    int at = 0;
    while (at < all && !pdf::same_object(kids.getArrayItem(at), node)) ++at;
    if (at == all) return std::nullopt;
    budget.spend_bytes(static_cast<std::size_t>(all));
    long long count = 0;
    // Where there are as many pages as children, each child is one.
    if (parent.getKey("/Count").getValueAsInt(count) && count == all) {
      place.index += static_cast<std::size_t>(at);
    } else {
      for (int earlier = 0; earlier < at; ++earlier) {
        budget.spend_object();
        Handle kid = kids.getArrayItem(earlier);
        long long pages = 1;
        if (kid.isDictionary() && kid.hasKey("/Kids")) kid.getKey("/Count").getValueAsInt(pages);
        place.index += static_cast<std::size_t>(std::clamp(pages, 0LL, 0x7FFFFFFFLL));
      }
    }
    node = parent;
  }
  return std::nullopt;
}

void RevisionStep::compare_pages() {
  const auto handle = [](pdf::Document& document, std::uint32_t number) {
    const pdf::Entry* const entry = document.cross_reference().find(number);
    const bool plain = entry != nullptr && entry->kind == pdf::Entry::Kind::plain;
    return document.qpdf().getObjectByID(static_cast<int>(number),
                                         plain ? static_cast<int>(entry->generation) : 0);
  };
  for (const std::uint32_t node : changed_nodes_)
    compare_tree_node(handle(before_, node), handle(after_, node));
  std::vector<std::pair<std::size_t, std::uint32_t>> pages;
  for (const auto& [number, index] : changed_pages_) pages.emplace_back(index, number);
  std::ranges::sort(pages);
  for (const auto& [index, number] : pages)
    compare_page(index, handle(before_, number), handle(after_, number));
}

void RevisionStep::compare_tree_node(Handle before, Handle after) {
  const auto keys = comparison_->differing_keys(before, after, {});
  for (const std::string& key : keys) {
    if (key == "/Kids" || key == "/Count" || key == "/Parent" || key == "/Type") {
      add(ChangeKind::page_tree, Need::never, say(kTreeChanged));
      return;
    }
  }
  // ISO 32000-2, table 31: what pages inherit. Anything else in a node is some writer's own.
  static const std::set<std::string> kInherited = {"/Resources", "/MediaBox", "/CropBox",
                                                   "/Rotate"};
  for (const std::string& key : keys) {
    if (!kInherited.contains(key)) {
      add(ChangeKind::metadata, Need::nothing, say(kTreeMetadata, printable(key)));
      continue;
    }
    add(key == "/Resources" ? ChangeKind::resource : ChangeKind::page_tree, Need::never,
        say(kTreeEntryChanged, printable(key)));
  }
}

void RevisionStep::compare_page(std::size_t index, Handle before, Handle after) {
  const std::size_t first = found_.size();
  if (!after.isDictionary()) {
    add(ChangeKind::page_tree, Need::never, say(kPageGone, people(index))).change.page = index;
    return;
  }
  static const std::set<std::string> kBoxes = {"/MediaBox", "/CropBox", "/BleedBox", "/TrimBox",
                                               "/ArtBox",   "/Rotate",  "/UserUnit", "/Parent"};
  static const std::set<std::string> kUnseen = {"/Metadata", "/PieceInfo", "/LastModified"};
  compare_annotations(index, before.getKey("/Annots"), after.getKey("/Annots"));
  const bool has_new_field =
      std::any_of(
          found_.begin() + static_cast<std::ptrdiff_t>(first), found_.end(),
          [](const Difference& one) { return one.change.kind == ChangeKind::annotation; }) ||
      std::ranges::any_of(items_of(after.getKey("/Annots")), [&](const Handle& one) {
        return new_widgets_.contains(static_cast<std::uint32_t>(one.getObjectID()));
      });
  for (const std::string& key : comparison_->differing_keys(before, after, {"/Annots"})) {
    if (key == "/Contents") {
      add(ChangeKind::page_content, Need::never, say(kContentChanged, people(index)));
    } else if (key == "/Resources") {
      add(ChangeKind::resource, Need::never, say(kPageResourcesChanged, people(index)));
    } else if (kBoxes.contains(key)) {
      add(ChangeKind::page_tree, Need::never, say(kGeometryChanged, people(index), printable(key)));
    } else if (kUnseen.contains(key)) {
      add(ChangeKind::metadata, Need::nothing, say(kPageMetadata, people(index)));
    } else if (key == "/Tabs" && has_new_field && !before.hasKey(key)) {
      continue;  // PDF/UA wants it where a page has annotations; it changes nothing that is seen
    } else {
      add(ChangeKind::page_tree, Need::never,
          say(kPageEntryChanged, people(index), printable(key)));
    }
  }
  for (std::size_t at = first; at < found_.size(); ++at)
    if (!found_[at].change.page) found_[at].change.page = index;
}

void RevisionStep::compare_annotations(std::size_t index, Handle before, Handle after) {
  const std::vector<Handle> old = items_of(before);
  std::vector<Handle> now = items_of(after);
  std::map<QPDFObjGen, std::deque<std::size_t>> places;  // an annotation may be listed twice
  for (std::size_t at = 0; at < now.size(); ++at)
    if (now[at].isIndirect()) places[now[at].getObjGen()].push_back(at);
  std::set<QPDFObjGen> known;
  for (const Handle& one : old)
    if (one.isIndirect()) known.insert(one.getObjGen());
  std::vector<bool> met(now.size(), false);
  std::vector<std::size_t> order;
  for (std::size_t at = 0; at < old.size(); ++at) {
    budget_.spend_object();
    Handle annotation = old[at];
    std::size_t place = now.size();
    if (annotation.isIndirect()) {
      auto found = places.find(annotation.getObjGen());
      if (found != places.end() && !found->second.empty()) {
        place = found->second.front();
        found->second.pop_front();
      }
    } else if (at < now.size() && (!now[at].isIndirect() || !known.contains(now[at].getObjGen()))) {
      place = at;  // perhaps as an object of its own now
    }
    if (place == now.size()) {
      if (const FormNode* const field = old_form_->owner_of(annotation)) {
        add_for_field(ChangeKind::form_field, Need::never, *field,
                      say(kWidgetRemoved, people(index), shown(*field)));
      } else {
        add(ChangeKind::annotation, Need::annotating,
            say(kAnnotationRemoved, people(index), subtype_of(annotation)));
      }
      continue;
    }
    met[place] = true;
    order.push_back(place);
    compare_annotation(index, annotation, now[place]);
  }
  if (!std::ranges::is_sorted(order))
    add(ChangeKind::annotation, Need::annotating, say(kReordered, people(index)));
  for (std::size_t at = 0; at < now.size(); ++at)
    if (!met[at]) added_annotation(index, now[at]);
}

void RevisionStep::compare_annotation(std::size_t index, Handle before, Handle after) {
  // Fields are compared with their form.
  if (old_form_->owner_of(before) != nullptr && new_form_->owner_of(after) != nullptr) return;
  if (before.isIndirect() && !comparison_->is_reached(before)) return;
  if (comparison_->differing_keys(before, after, {}).empty() &&
      before.isDictionary() == after.isDictionary())
    return;
  Difference& made = add(ChangeKind::annotation, Need::annotating,
                         say(kAnnotationChanged, people(index), subtype_of(after)));
  made.change.warning = annotation_warning(index, after);
}

void RevisionStep::added_annotation(std::size_t index, Handle annotation) {
  if (!annotation.isDictionary()) return;  // viewers pass over it
  if (const FormNode* const field = new_form_->owner_of(annotation)) {
    // Only what the comparison of the forms told of: a node of the form may have got it in another one's place.
    if (annotation.isIndirect() && reported_widgets_.contains(annotation.getObjGen())) return;
    Difference& made = add_for_field(ChangeKind::form_field, Need::annotating, *field,
                                     say(kWidgetMoved, people(index), shown(*field)));
    made.change.warning = annotation_warning(index, annotation);
    return;
  }
  // poppler's pdfsig leaves fields out of a form that is a part of the catalog, and finds them on the page.
  if (annotation.getKey("/FT").isNameAndEquals("/Sig")) {
    FormNode node;
    annotation.getKey("/T").getValueAsUTF8(node.name);
    node.type = "/Sig";
    node.dictionary = annotation;
    node.value = annotation.getKey("/V");
    node.widgets = {annotation};
    new_field(node);
    return;
  }
  Difference& made = add(ChangeKind::annotation, Need::annotating,
                         say(kAnnotationAdded, people(index), subtype_of(annotation)));
  made.change.warning = annotation_warning(index, annotation);
}

// P = 3 permits annotations, and says nothing of what they do (ISO 32000-2, table 257).
std::optional<Statement> RevisionStep::annotation_warning(std::size_t index, Handle annotation) {
  static const std::set<std::string> kHarmless = {"/GoTo", "/URI", "/Named"};
  if (!annotation.isDictionary()) return std::nullopt;
  Handle action = annotation.getKey("/A");
  const bool is_harmless = action.isNull() || (action.isDictionary() && !action.hasKey("/Next") &&
                                               action.getKey("/S").isName() &&
                                               kHarmless.contains(action.getKey("/S").getName()));
  if (!is_harmless || annotation.hasKey("/AA")) return say(kActs);
  return covering(index, QPDFObjectHandle::newNull(), annotation);
}

bool RevisionStep::has_look(Handle annotation) {
  QPDFObjectHandle appearances = annotation.getKey("/AP");
  if (!appearances.isDictionary()) return !annotation.getKey("/Subtype").isNameAndEquals("/Widget");
  QPDFObjectHandle normal = appearances.getKey("/N");
  const auto draws = [](QPDFObjectHandle stream) {
    long long length = 0;
    return stream.isStream() &&
           (!stream.getDict().getKey("/Length").getValueAsInt(length) || length > 0);
  };
  if (!normal.isDictionary()) return draws(normal);
  return std::ranges::any_of(normal.getKeys(),
                             [&](const std::string& key) { return draws(normal.getKey(key)); });
}

std::optional<Statement> RevisionStep::covering(std::size_t index, Handle page, Handle annotation) {
  static const std::set<std::string> kWithoutArea = {"Link", "Popup"};
  if (!annotation.isDictionary() || kWithoutArea.contains(subtype_of(annotation)))
    return std::nullopt;
  long long flags = 0;
  if (annotation.getKey("/F").getValueAsInt(flags) && (flags & kNotShown) != 0) return std::nullopt;
  const auto area = pdf::rectangle_of(annotation.getKey("/Rect"));
  if (!area || !has_look(annotation)) return std::nullopt;
  if (!page.isDictionary()) {
    const auto found = before_.page(index);
    if (!found) return std::nullopt;
    page = found.value();
  }
  const auto geometry = before_.geometry(page);
  if (!geometry) return std::nullopt;
  const auto& box = geometry.value().crop_box;
  const double width = std::min((*area)[2], box[2]) - std::max((*area)[0], box[0]);
  const double height = std::min((*area)[3], box[3]) - std::max((*area)[1], box[1]);
  const double whole = (box[2] - box[0]) * (box[3] - box[1]);
  if (!(width > 0) || !(height > 0) || !(whole > 0)) return std::nullopt;
  const double share = std::clamp(100 * width * height / whole, 0.0, 100.0);
  return say(kCovers, people(index), static_cast<std::int64_t>(std::ceil(share)));
}

}  // namespace signet::validation
