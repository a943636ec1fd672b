#include "pdf/signature.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "common/printable.h"
#include "pdf/extension.h"
#include "pdf/form.h"
#include "pdf/restrictions.h"
#include "pdf/seed_value.h"
#include "pdf/signature_dictionary.h"
#include "pdf/structure.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr int kPrintAndLocked = 4 + 128;  // annotation flags (12.5.3)
constexpr int kSignaturesExist = 1;       // /SigFlags (12.7.3)
constexpr int kAppendOnly = 2;
constexpr std::size_t kMostWidgets = 1000;  // of a field
constexpr int kMostAnnotations = 1000;      // of a page, that are looked at for overlaps

QPDFObjectHandle integer(long long number) {
  return QPDFObjectHandle::newInteger(number);
}

bool is_listed(QPDFObjectHandle page, const QPDFObjectHandle& widget) {
  QPDFObjectHandle all = page.isDictionary() ? page.getKey("/Annots") : page;
  return all.isArray() && std::ranges::any_of(all.getArrayAsVector(), [&](const auto& one) {
           return same_object(one, widget);
         });
}

QPDFObjectHandle rectangle(const std::array<double, 4>& edges) {
  QPDFObjectHandle made = QPDFObjectHandle::newArray();
  for (const double edge : edges) made.appendItem(QPDFObjectHandle::newReal(edge, 4, true));
  return made;
}

class Plan {
 public:
  Plan(Document& document, const SignatureWish& wish, Form form, Update update)
      : document_(document), wish_(wish), form_(std::move(form)), update_(std::move(update)) {}

  PdfResult<PlannedSignature> run() {
    BOOST_OUTCOME_TRY(choose_field());
    BOOST_OUTCOME_TRY(check());
    BOOST_OUTCOME_TRY(keep_off());
    signature_ = update_.allocate();
    BOOST_OUTCOME_TRY(const auto dictionary,
                      signature_dictionary(wish_, lock(), document_.catalog()));
    update_.put_signature(signature_, dictionary, wish_.room);
    if (present_ != nullptr) {
      BOOST_OUTCOME_TRY(fill_field());
    } else {
      BOOST_OUTCOME_TRY(add_field());
    }
    change_form();
    change_catalog();
    BOOST_OUTCOME_TRY(add_to_security_store(document_, wish_.store, update_));
    note_what_readers_differ_on();
    PlannedSignature planned;
    planned.field = name_;
    planned.remarks = std::move(remarks_);
    if (wish_.visible && wish_.wants_page) {
      BOOST_OUTCOME_TRY(planned.page, seal_page());
    }
    BOOST_OUTCOME_TRY(planned.tail, update_.finish());
    return planned;
  }

 private:
  // Of everything that may be changed.
  PdfResult<void> keep_off() {
    QPDFObjectHandle catalog = document_.catalog();
    update_.keep_off(document_.trailer());  // what it says is repeated
    update_.keep_off(catalog);
    update_.keep_off(catalog.getKey("/AcroForm"));
    update_.keep_off(catalog.getKey("/DSS"));
    BOOST_OUTCOME_TRY(find_structure());
    if (structure_) structure_->keep_off(update_);
    for (const Field& field : form_.fields()) {
      update_.keep_off(field.dictionary);
      for (const QPDFObjectHandle& widget : field.widgets) update_.keep_off(widget);
    }
    if (present_ != nullptr) return success();
    if (wish_.visible) {
      BOOST_OUTCOME_TRY(page_index_, page_index(document_, *wish_.visible));
    }
    BOOST_OUTCOME_TRY(const auto page, document_.page(page_index_));
    update_.keep_off(page);
    return success();
  }

  // Readers that compare revisions call a document changed whose structure, whose pages or whose fields' names for people
  // change behind a signature: there, only a new field gets such a name.
  PdfResult<void> find_structure() {
    tagged_ = is_tagged(document_);
    const bool is_signed = !form_.signed_fields().empty();
    if (tagged_ && is_signed && present_ == nullptr && wish_.visible)
      remarks_.emplace_back(
          "the document is tagged and signed: the seal is not put into its structure, for the "
          "sake of the signatures that are there; seal in a field that was made before them");
    may_tag_ = tagged_ && !is_signed;
    const bool outside =
        present_ == nullptr || std::ranges::any_of(present_->widgets, is_outside_structure);
    if (!may_tag_ || !outside) return success();
    BOOST_OUTCOME_TRY(structure_, Structure::find(document_));
    return success();
  }

  static bool is_outside_structure(QPDFObjectHandle widget) {
    return widget.isIndirect() && widget.getKey("/P").isDictionary() &&
           !widget.hasKey("/StructParent");
  }

  // What a screen reader says of the field.
  QPDFObjectHandle label() const {
    const std::string text = wish_.visible ? spoken_text(*wish_.visible) : std::string();
    return QPDFObjectHandle::newUnicodeString(text.empty() ? "Seal" : text);
  }

  PdfResult<void> choose_field() {
    if (wish_.field.empty()) {
      name_ = form_.free_name();
      return success();
    }
    name_ = wish_.field;
    present_ = form_.find(name_);
    const std::string shown = printable(name_);
    if (present_ == nullptr) return refused("there is no field \"{}\" in the document", shown);
    if (!present_->is_signature())
      return refused("the field \"{}\" is not one for signatures", shown);
    QPDFObjectHandle value = present_->value;
    if (!value.isNull()) return refused("the field \"{}\" is signed already", shown);
    if (!present_->dictionary.isIndirect() || present_->widgets.empty())
      return Error(ErrorKind::broken, fmt::format("the field \"{}\" is damaged", shown));
    // Each is changed, and its page looked for.
    if (present_->widgets.size() > kMostWidgets)
      return Error(ErrorKind::forbidden,
                   fmt::format("the field \"{}\" has more than {} widgets", shown, kMostWidgets));
    return success();
  }

  static Error refused(fmt::format_string<const std::string&> sentence, const std::string& field) {
    return {ErrorKind::settings, fmt::format(sentence, field)};
  }

  PdfResult<void> check() {
    if (form_.has_xfa() && !wish_.ignore_xfa)
      return Error(
          ErrorKind::forbidden,
          "the document is an XFA form: what viewers of XFA show is not what a seal would cover");
    if (present_ != nullptr && present_->read_only)
      return Error(ErrorKind::forbidden,
                   fmt::format("the field \"{}\" is read-only", printable(name_)));
    Intent intent;
    intent.field = name_;
    intent.new_field = present_ == nullptr;
    intent.visible = wish_.visible.has_value();
    intent.certify = wish_.certify != 0;
    intent.time_stamp = wish_.kind == SignatureKind::time_stamp;
    BOOST_OUTCOME_TRY(check_restrictions(document_, form_, intent));
    if (present_ == nullptr) return success();
    return check_seed_value(
        present_->dictionary, name_,
        {sub_filter(wish_.kind), wish_.digest, wish_.reason, wish_.certify, wish_.stamped});
  }

  QPDFObjectHandle lock() {
    if (present_ == nullptr) return QPDFObjectHandle::newNull();
    QPDFObjectHandle dictionary = present_->dictionary;
    return dictionary.getKey("/Lock");
  }

  PdfResult<void> fill_field() {
    QPDFObjectHandle field = update_.change(present_->dictionary);
    field.replaceKey("/V", signature_);
    if (may_tag_ && !field.hasKey("/TU")) field.replaceKey("/TU", label());
    if (structure_) tag_widgets();
    Drawing drawing(BoxOf::document);
    for (QPDFObjectHandle widget : present_->widgets) {
      QPDFObjectHandle appearances = widget.getKey("/AP");
      const bool has_look = appearances.isDictionary() && appearances.hasKey("/N");
      if (!wish_.visible && has_look) continue;
      if (!widget.isIndirect())
        return Error(ErrorKind::broken,
                     fmt::format("the field \"{}\" is damaged", printable(name_)));
      const auto box = rectangle_of(widget.getKey("/Rect"));
      if (!box)
        return Error(ErrorKind::broken,
                     fmt::format("the field \"{}\" has no /Rect", printable(name_)));
      QPDFObjectHandle page = QPDFObjectHandle::newNull();
      if (wish_.visible) {
        BOOST_OUTCOME_TRY(page, page_of(document_, widget));
        note_hidden(widget, page);
      }
      BOOST_OUTCOME_TRY(const auto drawn, appearance(drawing, *box, page));
      update_.change(widget).replaceKey("/AP", drawn);
    }
    return success();
  }

  void note_hidden(const QPDFObjectHandle& widget, const QPDFObjectHandle& page) {
    const std::string how = is_listed(page, widget)
                                ? how_hidden(widget)
                                : "on no page that lists it: viewers do not show the seal";
    if (!how.empty())
      remarks_.push_back(fmt::format("the field \"{}\" is {}", printable(name_), how));
  }

  void tag_widgets() {
    for (QPDFObjectHandle widget : present_->widgets) {
      if (!is_outside_structure(widget)) continue;
      const long long key = structure_->add(widget, widget.getKey("/P"), update_);
      update_.change(widget).replaceKey("/StructParent", integer(key));
    }
  }

  // /AP. Also of an invisible field: PDF/A wants one.
  PdfResult<QPDFObjectHandle> appearance(Drawing& drawing, const std::array<double, 4>& box,
                                         const QPDFObjectHandle& page) {
    QPDFObjectHandle appearances = QPDFObjectHandle::newDictionary();
    if (wish_.visible) {
      BOOST_OUTCOME_TRY(const auto form,
                        drawing.draw(document_, page, box, *wish_.visible, update_));
      appearances.replaceKey("/N", form);
    } else {
      appearances.replaceKey("/N", drawing.draw_nothing(box, update_));
    }
    return appearances;
  }

  // A field and its widget in one, on the first page where it is invisible.
  PdfResult<void> add_field() {
    BOOST_OUTCOME_TRY(const auto page, document_.page(page_index_));
    std::array<double, 4> edges = {};
    if (wish_.visible) {
      BOOST_OUTCOME_TRY(edges, rectangle_on(document_, page, *wish_.visible));
    }
    QPDFObjectHandle field = QPDFObjectHandle::newDictionary();
    field.replaceKey("/Type", named("/Annot"));
    field.replaceKey("/Subtype", named("/Widget"));
    field.replaceKey("/FT", named("/Sig"));
    field.replaceKey("/T", QPDFObjectHandle::newUnicodeString(name_));
    field.replaceKey("/V", signature_);
    field.replaceKey("/Rect", rectangle(edges));
    field.replaceKey("/F", integer(kPrintAndLocked));
    field.replaceKey("/P", page);
    Drawing drawing(BoxOf::wish);
    BOOST_OUTCOME_TRY(const auto appearances, appearance(drawing, edges, page));
    field.replaceKey("/AP", appearances);
    new_field_ = update_.allocate();
    QPDFObjectHandle changed = update_.change(page);
    if (wish_.visible) note_overlaps(changed.getKey("/Annots"), edges);
    if (may_tag_) order_by_structure(changed);
    add_annotation(changed);
    if (tagged_) field.replaceKey("/TU", label());
    if (structure_)
      field.replaceKey("/StructParent", integer(structure_->add(new_field_, page, update_)));
    update_.put(new_field_, field);
    return success();
  }

  PdfResult<std::optional<std::size_t>> seal_page() {
    if (present_ == nullptr) return std::optional(page_index_);
    BOOST_OUTCOME_TRY(auto page, page_of(document_, present_->widgets.front()));
    if (!page.isDictionary()) return std::optional<std::size_t>();
    BOOST_OUTCOME_TRY(const std::size_t index, document_.index_of(page));
    return std::optional(index);
  }

  // Not of popups and links, which cover what they belong to.
  void note_overlaps(QPDFObjectHandle annotations, const std::array<double, 4>& box) {
    if (!annotations.isArray()) return;
    const int all = std::min(annotations.getArrayNItems(), kMostAnnotations);
    for (int at = 0; at < all; ++at) {
      QPDFObjectHandle annotation = annotations.getArrayItem(at);
      if (!annotation.isDictionary()) continue;
      QPDFObjectHandle kind = annotation.getKey("/Subtype");
      if (kind.isNameAndEquals("/Link") || kind.isNameAndEquals("/Popup")) continue;
      const auto other = rectangle_of(annotation.getKey("/Rect"));
      const bool apart = !other || (*other)[0] >= box[2] || (*other)[2] <= box[0] ||
                         (*other)[1] >= box[3] || (*other)[3] <= box[1];
      if (apart) continue;
      remarks_.push_back(fmt::format("the seal overlaps an annotation ({}) of page {}",
                                     printable(kind.isName() ? kind.getName() : "/?"),
                                     page_index_ + 1));
      return;
    }
  }

  void note_what_readers_differ_on() {
    if (!document_.repair().empty())
      remarks_.emplace_back(
          "the document was damaged: the seal has new cross-references with it, made from what was "
          "found in the file, and covers what they show");
    if (document_.cross_reference().is_hybrid())
      remarks_.emplace_back(
          "the document has its cross-references twice, as a table and as a stream (hybrid): "
          "some readers see other objects than others");
    QPDFObjectHandle catalog = document_.catalog();
    QPDFObjectHandle form = catalog.getKey("/AcroForm");
    bool anew = false;
    if (wish_.visible && form.isDictionary() &&
        form.getKey("/NeedAppearances").getValueAsBool(anew) && anew)
      remarks_.emplace_back(
          "the document asks viewers to draw its fields themselves (/NeedAppearances): those by "
          "poppler then do not show the seal");
    if (wish_.certify == 1)
      remarks_.emplace_back(
          "after a certification with permission 1 some readers call the document changed when "
          "it is preserved: 2 allows it");
  }

  // The page gets a list of its own: one that is an object may be another page's, too.
  void add_annotation(QPDFObjectHandle page) {
    QPDFObjectHandle present = page.getKey("/Annots");
    QPDFObjectHandle annotations =
        present.isArray() ? present.shallowCopy() : QPDFObjectHandle::newArray();
    annotations.appendItem(new_field_);
    page.replaceKey("/Annots", annotations);
  }

  // A page without annotations has none to put into another order.
  static void order_by_structure(QPDFObjectHandle page) {
    QPDFObjectHandle annotations = page.getKey("/Annots");
    const bool empty = !annotations.isArray() || annotations.getArrayNItems() == 0;
    if (empty || !page.hasKey("/Tabs")) page.replaceKey("/Tabs", named("/S"));
  }

  // /AcroForm: an object of its own, a part of the catalog, or not there.
  void change_form() {
    QPDFObjectHandle catalog = document_.catalog();
    QPDFObjectHandle present = catalog.getKey("/AcroForm");
    long long flags = 0;
    const bool flagged = present.isDictionary() &&
                         present.getKey("/SigFlags").getValueAsInt(flags) &&
                         (flags & kSignaturesExist) != 0 && (flags & kAppendOnly) != 0;
    if (flagged && present_ != nullptr) return;
    QPDFObjectHandle form;
    if (present.isDictionary() && present.isIndirect()) {
      form = update_.change(present);
    } else {
      form = present.isDictionary() ? present.shallowCopy() : QPDFObjectHandle::newDictionary();
      update_.change(catalog).replaceKey("/AcroForm", form);
    }
    form.replaceKey("/SigFlags", integer(flags | kSignaturesExist | kAppendOnly));
    if (present_ != nullptr) return;
    QPDFObjectHandle fields = form.getKey("/Fields");
    if (fields.isArray() && fields.isIndirect()) {
      update_.change(fields).appendItem(new_field_);
      return;
    }
    fields = fields.isArray() ? fields.shallowCopy() : QPDFObjectHandle::newArray();
    fields.appendItem(new_field_);
    form.replaceKey("/Fields", fields);
  }

  void change_catalog() {
    QPDFObjectHandle catalog = document_.catalog();
    if (wish_.certify != 0) {
      QPDFObjectHandle present = catalog.getKey("/Perms");
      QPDFObjectHandle permissions =
          present.isDictionary() ? present.shallowCopy() : QPDFObjectHandle::newDictionary();
      permissions.replaceKey("/DocMDP", signature_);
      update_.change(catalog).replaceKey("/Perms", permissions);
    }
    if (wish_.kind == SignatureKind::pkcs7) return;
    const bool stored = wish_.kind == SignatureKind::time_stamp || catalog.hasKey("/DSS");
    declare_extension(document_, update_,
                      stored ? ExtensionLevel::store : ExtensionLevel::signature);
  }

  Document& document_;
  const SignatureWish& wish_;
  const Form form_;
  Update update_;
  std::string name_;
  const Field* present_ = nullptr;
  std::size_t page_index_ = 0;  // of a new field
  bool tagged_ = false;
  bool may_tag_ = false;
  std::optional<Structure> structure_;
  std::vector<std::string> remarks_;
  QPDFObjectHandle signature_;
  QPDFObjectHandle new_field_;
};

}  // namespace

PdfResult<PlannedSignature> plan_signature(Document& document, const SignatureWish& wish) {
  if (wish.certify < 0 || wish.certify > 3 || wish.room == 0)
    return Error(ErrorKind::settings, "a document is certified with permission 1, 2 or 3");
  BOOST_OUTCOME_TRY(auto form, Form::read(document));
  BOOST_OUTCOME_TRY(auto update, Update::of(document));
  return document.examined(
      [&] { return Plan(document, wish, std::move(form), std::move(update)).run(); });
}

}  // namespace signet::pdf
