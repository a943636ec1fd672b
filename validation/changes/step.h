// Compares two revisions that follow each other: the catalog, the pages, the form, the annotations, the structure, each by what
// may change in it. What is in none of them is compared as a whole.
#ifndef SIGNET_VALIDATION_CHANGES_STEP_H_
#define SIGNET_VALIDATION_CHANGES_STEP_H_

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pdf/document.h"
#include "validation/changes/comparison.h"
#include "validation/changes/difference.h"
#include "validation/changes/form_tree.h"
#include "validation/changes/references.h"
#include "validation/changes/touched.h"

namespace signet::validation {

class RevisionStep {
 public:
  struct Revision {
    pdf::Document& document;
    const FormTree& form;
  };

  // `graph`: of `before`. All of them outlive it.
  RevisionStep(const Revision& before, const Revision& after, const ReferenceGraph& graph,
               const Touched& touched, Budget& budget);

  // Throws what the budget and qpdf throw: inside Document::examined().
  std::vector<Difference> run();

 private:
  using Handle = QPDFObjectHandle;

  // step.cc
  static Handle from_catalog(const pdf::Document& document, const char* key);
  static Handle object_of(pdf::Document& document, std::uint32_t number);
  void find_anchors();
  void find_hidden();
  bool is_housekeeping(std::uint32_t object);
  Difference& add(ChangeKind kind, Need need, Statement what);
  Difference& add_for_field(ChangeKind kind, Need need, const FormNode& field, Statement what);

  // catalog.cc
  void compare_trailers();
  void compare_catalogs();
  void compare_extensions(Handle before, Handle after);
  void compare_version(Handle before, Handle after);
  void compare_permissions(Handle before, Handle after);
  void compare_other_entry(const std::string& key);

  // pages.cc
  struct Place {
    std::size_t index = 0;
    bool leaf = true;
  };
  // Where a node hangs in the page tree; nothing: nowhere.
  static std::optional<Place> place_in_tree(pdf::Document& document, Handle node, Budget& budget);
  void compare_pages();
  void compare_tree_node(Handle before, Handle after);
  void compare_page(std::size_t index, Handle before, Handle after);
  void compare_annotations(std::size_t index, Handle before, Handle after);
  void compare_annotation(std::size_t index, Handle before, Handle after);
  void added_annotation(std::size_t index, Handle annotation);
  // Of one that was added or changed: what it does, or where it is drawn.
  std::optional<Statement> annotation_warning(std::size_t index, Handle annotation);
  // An appearance that draws something: a stream of an appearance's dictionary, or of its states.
  static bool has_look(Handle annotation);
  // Where something is drawn over a page, as far as it can be seen; nothing: nowhere.
  std::optional<Statement> covering(std::size_t index, Handle page, Handle annotation);

  // form.cc
  void compare_forms();
  void compare_form_entry(const std::string& key, Handle before, Handle after);
  void compare_resources_of_form(Handle before, Handle after);
  void compare_xfa(Handle before, Handle after);

  // widgets.cc
  // Each widget that was there and what it became.
  struct Widgets {
    std::vector<std::pair<QPDFObjectHandle, QPDFObjectHandle>> kept;
    bool removed = false;
    std::vector<QPDFObjectHandle> added;
  };
  static Widgets match_widgets(const FormNode& before, const FormNode& after);
  void look_at_widgets(const FormNode& field, Difference& difference);
  // The pages of the later revision whose /Annots lists it, by index.
  std::map<std::size_t, Handle> pages_with(const Handle& widget);
  void list_annotations(std::uint32_t number, std::size_t index);

  // field_entries.cc
  struct KeyChange {
    std::string key;
    QPDFObjectHandle before, after;  // the dictionaries that have it
  };
  // A field that was not signed before.
  struct FieldChange {
    const FormNode& before;
    const FormNode& after;
    bool is_filled = false;  // it has another value, of those that users give
    bool is_signed = false;
  };
  static bool only_adds_bits(const KeyChange& change, long long bits);
  static bool only_adds_annotation_type(const KeyChange& change);
  static bool only_makes_read_only(const KeyChange& change, const FormNode& before,
                                   const FormNode& after);
  bool may_change(const KeyChange& change, const FieldChange& field);
  bool may_fill(const KeyChange& change, const std::string& type);
  bool may_sign(const KeyChange& change);

  // fields.cc
  void compare_fields();
  bool is_untouched(const FormNode& before, const FormNode& after) const;
  void compare_node(const FormNode& before, const FormNode& after);
  void compare_signed(const FormNode& before, const FormNode& after);
  void compare_filled(const FormNode& before, const FormNode& after);
  void new_field(const FormNode& field);
  void report_signature(const FormNode& field, bool is_new);
  void report_read_only(const FormNode& field);
  void report_on_pages(const FormNode& field);
  void report_widgets(const FormNode& before, const FormNode& after, const Widgets& widgets);
  struct ChangedKeys {
    std::vector<KeyChange> keys;  // without those that only say what an annotation is anyway
    bool made_read_only = false;  // which is not among them
  };
  ChangedKeys keys_changed(const FormNode& before, const FormNode& after, const Widgets& widgets);

  // structure.cc
  void compare_structure(Handle before, Handle after);
  void find_annotations();
  bool only_adds(Handle before, Handle after, const std::string& key, int depth);
  bool only_adds_items(Handle before, Handle after, const std::string& key, int depth);
  bool is_added(Handle value, const std::string& key, int depth);

  pdf::Document& before_;
  pdf::Document& after_;
  const ReferenceGraph& graph_;
  const Touched& touched_;
  Budget& budget_;
  const FormTree* const old_form_;
  const FormTree* const new_form_;
  ObjectSet anchors_;
  ObjectSet reached_;
  std::optional<Comparison> comparison_;
  std::map<std::uint32_t, std::size_t> changed_pages_;  // by number: index
  std::set<std::uint32_t> changed_nodes_;
  std::set<std::uint32_t> new_widgets_;
  // Of the pages that are compared, fields excepted: what was there, and what was added. Compared with their pages.
  std::set<std::uint32_t> old_annotations_, new_annotations_;
  bool structure_annotates_ = false;       // an element of one of the latter was added
  bool viewers_draw_ = false;              // the form asks them to (/NeedAppearances)
  std::set<QPDFObjGen> reported_widgets_;  // that a field's difference is about
  std::set<std::uint32_t> listed_pages_;   // whose annotations are in this:
  std::map<QPDFObjGen, std::map<std::size_t, Handle>> pages_of_annotations_;
  std::set<std::pair<QPDFObjGen, QPDFObjGen>> structure_seen_;
  std::vector<Difference> found_;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_STEP_H_
