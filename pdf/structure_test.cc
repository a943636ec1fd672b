// Seals in tagged documents: where their fields stand in the structure tree.
#include "pdf/structure.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pdf/testing/pdf_maker.h"
#include "pdf/testing/sealed_document.h"

namespace signet::pdf {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kRoot = 6;  // objects of tagged()
constexpr int kElement = 7;
constexpr int kParagraph = 8;
constexpr int kLeaf = 9;

// One page with a paragraph in it: root - Document - P.
MadeDocument tagged(const std::string& parent_tree = "<< /Nums [0 [8 0 R]] >>") {
  MadeDocument made;
  made.catalog = fmt::format("/MarkInfo << /Marked true >> /StructTreeRoot {} 0 R", kRoot);
  made.page = "/StructParents 0";
  made.objects[kRoot] =
      fmt::format("<< /Type /StructTreeRoot /K {} 0 R /ParentTree {} /ParentTreeNextKey 1 >>",
                  kElement, parent_tree);
  made.objects[kElement] =
      fmt::format("<< /Type /StructElem /S /Document /P {} 0 R /K {} 0 R >>", kRoot, kParagraph);
  made.objects[kParagraph] =
      fmt::format("<< /Type /StructElem /S /P /P {} 0 R /Pg 5 0 R /K 0 >>", kElement);
  return made;
}

// What a reader finds from the field.
struct Found {
  std::unique_ptr<Document> document;
  QPDFObjectHandle root, field, element;
};

// In the order of the file.
void collect_pairs(QPDFObjectHandle node, std::map<long long, QPDFObjectHandle>& pairs,
                   long long& last) {
  QPDFObjectHandle kids = node.getKey("/Kids");
  long long first = -1;
  if (kids.isArray()) {
    for (QPDFObjectHandle kid : kids.getArrayAsVector()) {
      if (first < 0) first = kid.getKey("/Limits").getArrayItem(0).getIntValue();
      collect_pairs(kid, pairs, last);
    }
  } else {
    QPDFObjectHandle numbers = node.getKey("/Nums");
    for (int at = 0; at < numbers.getArrayNItems(); at += 2) {
      const long long key = numbers.getArrayItem(at).getIntValue();
      if (first < 0) first = key;
      EXPECT_GT(key, last);
      last = key;
      pairs[key] = numbers.getArrayItem(at + 1);
    }
  }
  QPDFObjectHandle limits = node.getKey("/Limits");
  if (!limits.isArray()) return;
  EXPECT_EQ(limits.getArrayItem(0).getIntValue(), first);
  EXPECT_EQ(limits.getArrayItem(1).getIntValue(), last);
}

Found found_in(const std::string& out, const std::string& name = "SignetSeal1") {
  Found found;
  found.document = Document::open(Source::of(view_of(out))).value();
  const auto form = Form::read(*found.document);
  const Field* const field = form.value().find(name);
  found.field = field->widgets.front();
  QPDFObjectHandle catalog = found.document->catalog();
  found.root = catalog.getKey("/StructTreeRoot");
  std::map<long long, QPDFObjectHandle> pairs;
  long long last = -1;
  collect_pairs(found.root.getKey("/ParentTree"), pairs, last);
  if (!found.field.hasKey("/StructParent")) return found;
  const long long key = found.field.getKey("/StructParent").getIntValue();
  EXPECT_EQ(key, last);
  EXPECT_EQ(found.root.getKey("/ParentTreeNextKey").getIntValue(), key + 1);
  found.element = pairs[key];
  return found;
}

// The element refers to the field, and hangs on this parent.
void expect_in_structure(const std::string& bytes, const std::string& out, int parent,
                         const std::string& name = "SignetSeal1") {
  expect_good(bytes, out, name);
  Found found = found_in(out, name);
  ASSERT_TRUE(found.element.isInitialized());
  QPDFObjectHandle element = found.element;
  EXPECT_EQ(element.getKey("/S").getName(), "/Form");
  EXPECT_EQ(element.getKey("/P").getObjectID(), parent);
  EXPECT_EQ(element.getKey("/Pg").getObjectID(), 5);
  QPDFObjectHandle reference = element.getKey("/K");
  EXPECT_EQ(reference.getKey("/Type").getName(), "/OBJR");
  EXPECT_TRUE(same_object(reference.getKey("/Obj"), found.field));
  QPDFObjectHandle kids = element.getKey("/P").getKey("/K");
  ASSERT_TRUE(kids.isArray());
  EXPECT_TRUE(same_object(kids.getArrayItem(kids.getArrayNItems() - 1), element));
}

TEST(TaggedDocuments, GetAFormElementForTheSeal) {
  const std::string bytes = tagged().make();
  const std::string out = sealed(bytes).value();
  expect_in_structure(bytes, out, kElement);
  Found found = found_in(out);
  EXPECT_EQ(found.field.getKey("/TU").getUTF8Value(), "Seal");
  EXPECT_EQ(found.field.getKey("/P").getKey("/Tabs").getName(), "/S");
  EXPECT_EQ(found.field.getKey("/StructParent").getIntValue(), 1);
  EXPECT_THAT(added(bytes, out), HasSubstr(fmt::format("/K [{} 0 R ", kParagraph)));
  EXPECT_THAT(added(bytes, out), Not(HasSubstr(fmt::format("\n{} 0 obj", kParagraph))));
}

TEST(TaggedDocuments, OfEveryFormAreContinued) {
  for (const auto form :
       {MadeDocument::Form::table, MadeDocument::Form::stream, MadeDocument::Form::hybrid}) {
    MadeDocument made = tagged();
    made.form = form;
    const std::string bytes = made.make();
    expect_in_structure(bytes, sealed(bytes).value(), kElement);
  }
}

TEST(TaggedDocuments, VisibleSealsSayTheirText) {
  const std::string bytes = tagged().make();
  SignatureWish wish = plain_wish();
  look::Look look;
  look.text = "Sealed by {signer}\n {reference}\nin\tBrno";
  look::Facts facts;
  facts.signer = "Žluťoučký kůň";
  wish.visible = VisibleSeal{
      std::make_shared<look::Look>(look), facts, 1, {look::Corner::bottom_left, 20, 30, 200, 50}};
  const std::string out = sealed(bytes, wish).value();
  expect_in_structure(bytes, out, kElement);
  EXPECT_EQ(found_in(out).field.getKey("/TU").getUTF8Value(), "Sealed by Žluťoučký kůň in Brno");
  look.text = "";
  look.background_colour = look::Colour();
  wish.visible->look = std::make_shared<look::Look>(look);
  EXPECT_EQ(found_in(sealed(bytes, wish).value()).field.getKey("/TU").getUTF8Value(), "Seal");
}

TEST(TaggedDocuments, OfEveryShapeTakeTheElement) {
  const std::string array = fmt::format("/K [{} 0 R]", kElement);
  struct Shape {
    std::string element, root, tree;  // replaced or not
    int parent;
    std::map<int, std::string> more;
  };
  const std::string leaf = fmt::format("<< /Limits [0 0] /Nums [0 [{} 0 R]] >>", kParagraph);
  const std::vector<Shape> shapes = {
      {"/S /Document /K [8 0 R 1]", array, "9 0 R", kElement, {{9, "<< /Nums [0 [8 0 R]] >>"}}},
      {"/S /Document /K 10 0 R",
       array,
       "<< /Nums 9 0 R >>",
       kElement,
       {{9, "[0 [8 0 R]]"}, {10, "[8 0 R]"}}},
      {"/S /Document",
       "/K 10 0 R",
       "<< /Kids [9 0 R] >>",
       kElement,
       {{9, leaf}, {10, "[8 0 R 7 0 R]"}}},
      {"/S /Paper /K 0",
       array + " /RoleMap << /Paper /Whole /Whole /Document >>",
       "<< /Kids [9 0 R 10 0 R] >>",
       kElement,
       {{9, leaf},
        {10, "<< /Limits [4 17] /Kids [11 0 R] >>"},
        {11, "<< /Limits [4 17] /Nums [4 8 0 R 17 8 0 R] >>"}}},
      {"/S /Sect /K 0", array + " /RoleMap << /Sect /Sect >>", "<< /Nums [] >>", kRoot, {}},
      {"/S /Part /K 0", "", "<< /Kids [] >>", kRoot, {}},
      {"/S /Document /K << /Type /MCR /Pg 5 0 R /MCID 0 >>", array, "null", kElement, {}},
  };
  for (const Shape& shape : shapes) {
    SCOPED_TRACE(shape.root + shape.tree);
    MadeDocument made = tagged();
    made.objects[kRoot] =
        fmt::format("<< /Type /StructTreeRoot {} /ParentTree {} >>", shape.root, shape.tree);
    made.objects[kElement] = fmt::format("<< /Type /StructElem /P 6 0 R {} >>", shape.element);
    for (const auto& [number, body] : shape.more) made.objects[number] = body;
    const std::string bytes = made.make();
    const auto done = sealed(bytes);
    ASSERT_TRUE(done) << done.error().sentence;
    expect_in_structure(bytes, done.value(), shape.parent);
  }
}

TEST(TaggedDocuments, BrokenStructuresAreRefused) {
  const std::pair<std::string, std::string> faults[] = {
      {"<< /Kids [9 0 R] >>", "has a loop"},
      {"<< /Kids [<< /Limits [0 0] /Nums [0 8 0 R] >>] >>", "no dictionary of its own"},
      {"<< /Kids [8 0 R] >>", "no /Limits"},
      {"<< /Kids [3 0 R] >>", "no dictionary"},
      {"<< /Nums [0] >>", "array of pairs"},
      {"<< /Nums (0) >>", "array of pairs"},
      {"[0 8 0 R]", "no dictionary of its own"},
      {"<< /Nums [2147483647 8 0 R] >>", "no number left"},
  };
  for (const auto& [tree, sentence] : faults) {
    SCOPED_TRACE(tree);
    MadeDocument made = tagged(tree);
    made.objects[kLeaf] = "<< /Limits [0 0] /Kids [9 0 R] >>";
    EXPECT_THAT(refusal(made.make(), ErrorKind::broken), HasSubstr(sentence));
  }
  MadeDocument deep = tagged("<< /Kids [100 0 R] >>");
  for (int level = 0; level < 100; ++level)
    deep.objects[100 + level] = fmt::format("<< /Limits [0 0] /Kids [{} 0 R] >>", 101 + level);
  deep.objects[200] = "<< /Limits [0 0] /Nums [0 8 0 R] >>";
  EXPECT_THAT(refusal(deep.make(), ErrorKind::broken), HasSubstr("nested too deep"));
  MadeDocument direct = tagged();
  direct.catalog = "/MarkInfo << /Marked true >> /StructTreeRoot << /Type /StructTreeRoot >>";
  EXPECT_THAT(refusal(direct.make(), ErrorKind::broken), HasSubstr("dictionary of its own"));
}

TEST(TaggedDocuments, WithoutMarkOrTreeKeepTheirStructure) {
  MadeDocument unmarked = tagged("(broken, but not needed)");
  unmarked.catalog = "/StructTreeRoot 6 0 R";
  const std::string bytes = unmarked.make();
  EXPECT_THAT(added(bytes, sealed(bytes).value()), Not(HasSubstr("/TU")));
  MadeDocument treeless;
  treeless.catalog = "/MarkInfo << /Marked true >>";
  const std::string update = added(treeless.make(), sealed(treeless.make()).value());
  EXPECT_THAT(update, HasSubstr("/TU (Seal)"));
  EXPECT_THAT(update, HasSubstr("/Tabs /S"));
  EXPECT_THAT(update, Not(HasSubstr("/StructParent")));
}

TEST(TaggedDocuments, SecondSealsLeaveWhatTheFirstOneCovers) {
  const std::string once = sealed(tagged().make()).value();
  SignatureWish wish = plain_wish();
  EXPECT_THAT(remarks(once, wish), testing::IsEmpty());
  const std::string twice = sealed(once, wish).value();
  expect_good(once, twice, "SignetSeal2");
  const std::string update = added(once, twice);
  EXPECT_THAT(update, Not(HasSubstr("/StructTreeRoot /")));
  EXPECT_THAT(update, Not(HasSubstr("/StructElem")));
  EXPECT_THAT(update, HasSubstr("/TU (Seal)"));
  look::Look look;
  look.text = "Sealed";
  wish.visible = VisibleSeal{
      std::make_shared<look::Look>(look), {}, 1, {look::Corner::bottom_left, 20, 30, 200, 50}};
  EXPECT_THAT(remarks(once, wish), testing::Contains(HasSubstr("tagged and signed")));
}

// A field that is there: "old" is in the structure, "new" is not.
std::string with_fields() {
  MadeDocument made = tagged("<< /Nums [0 [8 0 R] 1 9 0 R] >>");
  made.catalog += " /AcroForm << /Fields [10 0 R 11 0 R] >>";
  made.page += " /Tabs /R /Annots [10 0 R 11 0 R]";
  made.objects[9] = "<< /Type /StructElem /S /Form /P 7 0 R /K << /Type /OBJR /Obj 10 0 R >> >>";
  const std::string widget = "/FT /Sig /Type /Annot /Subtype /Widget /Rect [9 9 99 99] /P 5 0 R";
  made.objects[10] = fmt::format("<< /T (old) /TU (Office) /StructParent 1 {} >>", widget);
  made.objects[11] = fmt::format("<< /T (new) {} >>", widget);
  return made.make();
}

TEST(TaggedDocuments, FieldsThatAreThereGetWhatTheyLack) {
  const std::string bytes = with_fields();
  SignatureWish wish = plain_wish();
  wish.field = "new";
  const std::string out = sealed(bytes, wish).value();
  expect_in_structure(bytes, out, kElement, "new");
  EXPECT_EQ(found_in(out, "new").field.getKey("/TU").getUTF8Value(), "Seal");
  EXPECT_EQ(found_in(out, "new").field.getKey("/P").getKey("/Tabs").getName(), "/R");
  wish.field = "old";
  const std::string kept = added(bytes, sealed(bytes, wish).value());
  EXPECT_THAT(kept, HasSubstr("/TU (Office)"));
  EXPECT_THAT(kept, Not(HasSubstr("\n6 0 obj")));
  // Behind a signature a field gets its value alone.
  wish.field = "new";
  const std::string later = sealed(sealed(bytes).value(), wish).value();
  EXPECT_FALSE(found_in(later, "new").field.hasKey("/TU"));
  EXPECT_FALSE(found_in(later, "new").field.hasKey("/StructParent"));
}

}  // namespace
}  // namespace signet::pdf
