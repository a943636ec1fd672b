#include "pdf/document.h"

#include <algorithm>
#include <cmath>
#include <qpdf/Pipeline.hh>
#include <qpdf/QUtil.hh>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>

#include "common/utf8.h"
#include "pdf/guarded.h"
#include "pdf/input_source.h"
#include "pdf/object_streams.h"
#include "pdf/predictor.h"
#include "pdf/wiped_string.h"

namespace signet::pdf {

namespace {

constexpr int kDeepestTree = 256;
constexpr int kFewKids = 1000;  // of a node: qpdf keeps what it has read
constexpr std::size_t kMostMetadata = std::size_t{4} * 1024 * 1024;  // bytes

int version_in(const std::string& text) {
  if (text.size() < 3 || text[1] != '.' || text[0] < '1' || text[0] > '9' || text[2] < '0' ||
      text[2] > '9')
    return 0;
  return (text[0] - '0') * 10 + (text[2] - '0');
}

Error in_page_tree(const char* what) {
  return {ErrorKind::broken, std::string("the page tree is broken: ") + what};
}

// What qpdf warns of when it opens a document and that changes nothing: a wrong /Size, which next_object() does not trust,
// and blanks where a table should be, which everybody passes over.
bool is_harmless(const std::string& warning) {
  return warning.find("reported number of objects") != std::string::npos ||
         warning.find("extraneous whitespace seen before xref") != std::string::npos;
}

bool is_page_node(QPDFObjectHandle node) {
  return node.isDictionary() && node.isIndirect();
}

// How many pages hang on a node of the page tree: one on a page itself.
PdfResult<std::size_t> pages_on(QPDFObjectHandle node) {
  if (!is_page_node(node)) return in_page_tree("a node is no dictionary of its own");
  if (!node.hasKey("/Kids")) return std::size_t{1};
  long long count = 0;
  if (!node.getKey("/Count").getValueAsInt(count) || count < 0 || count > 0x7FFFFFFF)
    return in_page_tree("a node has no /Count");
  return static_cast<std::size_t>(count);
}

// Whether all pages hang on this node itself, as far as is seen without reading them. Of a few it does not matter: they are
// counted, whatever the tree's maker meant.
bool is_wide(QPDFObjectHandle kids, std::size_t count) {
  return kids.isArray() && kids.getArrayNItems() > kFewKids &&
         static_cast<std::size_t>(kids.getArrayNItems()) == count;
}

// The child that page `index` hangs on, which becomes the index below it. From whichever end is nearer.
PdfResult<QPDFObjectHandle> child_with(QPDFObjectHandle kids, std::size_t count,
                                       std::size_t& index) {
  if (!kids.isArray()) return in_page_tree("/Kids is no array");
  const int all = kids.getArrayNItems();
  if (is_wide(kids, count)) {
    QPDFObjectHandle child = kids.getArrayItem(static_cast<int>(index));
    if (is_page_node(child) && !child.hasKey("/Kids")) {
      index = 0;
      return child;
    }
  }
  const bool from_back = index > count / 2;
  std::size_t left = from_back ? count - 1 - index : index;
  for (int step = 0; step < all; ++step) {
    QPDFObjectHandle child = kids.getArrayItem(from_back ? all - 1 - step : step);
    BOOST_OUTCOME_TRY(const std::size_t pages, pages_on(child));
    if (left < pages) {
      index = from_back ? pages - 1 - left : left;
      return child;
    }
    left -= pages;
  }
  return in_page_tree("/Count says more pages than there are");
}

// Without a filter, or Flate alone: of several, each could make a thousand bytes of one.
bool is_plainly_filtered(QPDFObjectHandle stream) {
  QPDFObjectHandle filter = stream.getKey("/Filter");
  if (filter.isArray() && filter.getArrayNItems() == 1) filter = filter.getArrayItem(0);
  return filter.isNull() || filter.isNameAndEquals("/FlateDecode");
}

// Passwords up to revision 4 are in PDFDocEncoding (ISO 32000-2, 7.6.4.3.2), those of revisions 5 and 6 in UTF-8. Nothing where
// the two are the same, or the text is none of that encoding.
std::optional<Secret> in_document_encoding(std::string_view password) {
  const bool ascii =
      std::ranges::all_of(password, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii || !is_utf8(password)) return std::nullopt;
  const WipedString given(password);
  std::string text;
  const bool known = QUtil::utf8_to_pdf_doc(given.get(), text);
  const WipedString encoded(std::move(text));
  if (!known) return std::nullopt;
  return Secret(encoded.bytes());
}

// Keeps what it is given, up to a bound.
class BoundedBytes final : public Pipeline {
 public:
  BoundedBytes(Bytes& bytes, std::size_t most)
      : Pipeline("bounded bytes", nullptr), bytes_(bytes), most_(most) {}

  void write(unsigned char const* data, std::size_t size) override {
    if (size > most_ - bytes_.size()) throw std::length_error("more than is wanted");
    bytes_.insert(bytes_.end(), data, data + size);
  }
  void finish() override {}

 private:
  Bytes& bytes_;
  const std::size_t most_;
};

}  // namespace

std::optional<std::array<double, 4>> rectangle_of(QPDFObjectHandle value) {
  if (!value.isArray() || value.getArrayNItems() != 4) return std::nullopt;
  std::array<double, 4> edges = {};
  for (int at = 0; at < 4; ++at)
    if (!value.getArrayItem(at).getValueAsNumber(edges.at(static_cast<std::size_t>(at))))
      return std::nullopt;
  if (edges[0] > edges[2]) std::swap(edges[0], edges[2]);
  if (edges[1] > edges[3]) std::swap(edges[1], edges[3]);
  return edges;
}

bool same_object(const QPDFObjectHandle& a, const QPDFObjectHandle& b) {
  return a.getObjGen() == b.getObjGen() && a.getObjGen().isIndirect();
}

PdfResult<QPDFObjectHandle> inherited(QPDFObjectHandle node, const std::string& key) {
  return guarded([&]() -> PdfResult<QPDFObjectHandle> {
    for (int depth = 0; depth < kDeepestTree && node.isDictionary(); ++depth) {
      if (node.hasKey(key)) return node.getKey(key);
      node = node.getKey("/Parent");
    }
    if (node.isDictionary()) return Error(ErrorKind::broken, "a chain of /Parent does not end");
    return QPDFObjectHandle::newNull();
  });
}

PdfResult<std::unique_ptr<Document>> Document::open(Source source, std::string_view password) {
  std::unique_ptr<Document> document(new Document(std::move(source)));
  BOOST_OUTCOME_TRY(document->read(password));
  return document;
}

PdfResult<std::unique_ptr<Document>> Document::open_revision(std::size_t revision,
                                                             std::string_view password) const {
  const auto& revisions = cross_reference_.revisions();
  if (revision >= revisions.size()) return Error(ErrorKind::settings, "there is no such revision");
  return open(source().first(revisions[revision].end), password);
}

PdfResult<void> Document::read(std::string_view password) {
  BOOST_OUTCOME_TRY(cross_reference_, CrossReference::walk(window_));
  BOOST_OUTCOME_TRY(check_object_streams(window_, cross_reference_));
  const auto loaded = load(password);
  if (loaded || loaded.error().kind != ErrorKind::password) return loaded;
  const auto other = in_document_encoding(password);
  if (!other) return loaded;
  return load(text_of(other->reveal()));
}

PdfResult<void> Document::load(std::string_view password) {
  return guarded(
      [&]() -> PdfResult<void> {
        qpdf_ = std::make_unique<QPDF>();
        qpdf_->setSuppressWarnings(true);
        qpdf_->setAttemptRecovery(false);
        const WipedString zero_ended(password);
        qpdf_->processInputSource(input_source(window_, cross_reference_, *qpdf_),
                                  zero_ended.get().c_str());
        for (const QPDFExc& warning : qpdf_->getWarnings())
          if (!is_harmless(warning.getMessageDetail()))
            return error_of(warning, cross_reference_.base());
        catalog_ = qpdf_->getTrailer().getKey("/Root");
        if (!catalog_.isDictionary() || !catalog_.isIndirect()) return unreadable_catalog();
        version_ = std::max(version_in(qpdf_->getPDFVersion()), 10);
        std::string later;
        if (catalog_.getKey("/Version").getValueAsName(later) && later.size() > 1)
          version_ = std::max(version_, version_in(later.substr(1)));
        return check();
      },
      cross_reference_.base());
}

// The cause, where qpdf could not read it.
Error Document::unreadable_catalog() const {
  for (const QPDFExc& warning : qpdf_->getWarnings())
    if (!is_harmless(warning.getMessageDetail())) return error_of(warning, cross_reference_.base());
  return {ErrorKind::broken, "the document has no catalog"};
}

Permissions Document::permissions() {
  int revision = 0;
  int bits = 0;
  if (!qpdf_->isEncrypted(revision, bits) || qpdf_->ownerPasswordMatched()) return {};
  const auto may = [&](int bit) {
    return (static_cast<unsigned>(bits) >> static_cast<unsigned>(bit - 1) & 1U) != 0;
  };
  // Revision 2 has no bit 9 (table 22).
  return {may(4), may(6), may(6) || (revision >= 3 && may(9))};
}

PdfResult<std::size_t> Document::page_count() {
  return examined([&]() -> PdfResult<std::size_t> {
    QPDFObjectHandle root = catalog_.getKey("/Pages");
    if (!is_page_node(root) || !root.hasKey("/Kids")) return in_page_tree("there is none");
    return pages_on(root);
  });
}

PdfResult<QPDFObjectHandle> Document::page(std::size_t index) {
  return examined([&]() -> PdfResult<QPDFObjectHandle> {
    BOOST_OUTCOME_TRY(const std::size_t all, page_count());
    if (index >= all)
      return Error(ErrorKind::settings, "the document has only " + std::to_string(all) + " pages");
    QPDFObjectHandle node = catalog_.getKey("/Pages");
    std::size_t count = all;
    std::set<QPDFObjGen> seen;
    for (int depth = 0; depth < kDeepestTree; ++depth) {
      if (!seen.insert(node.getObjGen()).second) return in_page_tree("it has a loop");
      BOOST_OUTCOME_TRY(node, child_with(node.getKey("/Kids"), count, index));
      if (!node.hasKey("/Kids")) {
        std::string type;
        if (node.getKey("/Type").getValueAsName(type) && type == "/Pages")
          return in_page_tree("a node has no /Kids");
        return node;
      }
      BOOST_OUTCOME_TRY(count, pages_on(node));
    }
    return in_page_tree("it is too deep");
  });
}

PdfResult<std::size_t> Document::index_of(const QPDFObjectHandle& page) {
  return examined([&]() -> PdfResult<std::size_t> {
    std::size_t index = 0;
    QPDFObjectHandle node = page;
    for (int depth = 0; depth < kDeepestTree; ++depth) {
      QPDFObjectHandle parent = node.getKey("/Parent");
      if (!parent.isDictionary()) return index;
      QPDFObjectHandle kids = parent.getKey("/Kids");
      const int all = kids.isArray() ? kids.getArrayNItems() : 0;
      BOOST_OUTCOME_TRY(const std::size_t count, pages_on(parent));
      const bool each_is_one = is_wide(kids, count) && !node.hasKey("/Kids");
      int at = 0;
      for (; at < all && !same_object(kids.getArrayItem(at), node); ++at) {
        std::size_t pages = 1;
        if (!each_is_one) {
          BOOST_OUTCOME_TRY(pages, pages_on(kids.getArrayItem(at)));
        }
        index += pages;
      }
      if (at == all) return in_page_tree("a page is no child of its parent");
      node = parent;
    }
    return in_page_tree("it is too deep");
  });
}

PdfResult<PageGeometry> Document::geometry(const QPDFObjectHandle& page) {
  return examined([&]() -> PdfResult<PageGeometry> {
    BOOST_OUTCOME_TRY(const auto media, inherited(page, "/MediaBox"));
    BOOST_OUTCOME_TRY(const auto crop, inherited(page, "/CropBox"));
    BOOST_OUTCOME_TRY(auto rotate, inherited(page, "/Rotate"));
    const auto whole = rectangle_of(media);
    if (!whole) return Error(ErrorKind::broken, "a page has no /MediaBox");
    PageGeometry geometry;
    geometry.crop_box = *whole;
    if (const auto visible = rectangle_of(crop)) {
      for (std::size_t at = 0; at < 2; ++at) {
        geometry.crop_box.at(at) = std::max(whole->at(at), visible->at(at));
        geometry.crop_box.at(at + 2) = std::min(whole->at(at + 2), visible->at(at + 2));
      }
      if (geometry.crop_box[0] >= geometry.crop_box[2] ||
          geometry.crop_box[1] >= geometry.crop_box[3])
        geometry.crop_box = *whole;
    }
    double turned = 0;
    if (rotate.getValueAsNumber(turned) && std::fabs(turned) < 1e6)
      geometry.rotate = ((static_cast<int>(turned) % 360) + 360) % 360 / 90 * 90;
    double unit = 1;
    QPDFObjectHandle own = page;
    if (own.getKey("/UserUnit").getValueAsNumber(unit) && unit > 0) geometry.user_unit = unit;
    return geometry;
  });
}

PdfResult<std::optional<Bytes>> Document::decoded(QPDFObjectHandle stream, std::size_t most) {
  return examined([&]() -> PdfResult<std::optional<Bytes>> {
    if (!stream.isStream() || !is_plainly_filtered(stream.getDict()) ||
        !has_bounded_rows(stream.getDict()))
      return std::nullopt;
    Bytes data;
    BoundedBytes bounded(data, most);
    bool filtered = false;
    try {
      if (!stream.pipeStreamData(&bounded, &filtered, 0, qpdf_dl_generalized, true))
        return std::nullopt;
    } catch (const std::length_error&) {
      return std::nullopt;
    }
    return data;
  });
}

PdfResult<Bytes> Document::metadata() {
  BOOST_OUTCOME_TRY(auto stream, examined([&]() -> PdfResult<QPDFObjectHandle> {
                      return catalog_.getKey("/Metadata");
                    }));
  BOOST_OUTCOME_TRY(auto text, decoded(stream, kMostMetadata));
  return std::move(text).value_or(Bytes());
}

PdfResult<void> Document::check() {
  if (window_.failed()) return Error(ErrorKind::unreadable, "the document cannot be read");
  if (!fault_ && qpdf_->numWarnings() > 0)
    fault_ = error_of(qpdf_->getWarnings().front(), cross_reference_.base());
  if (fault_) return *fault_;
  return success();
}

Error Document::explained(Error error) {
  if (error.kind != ErrorKind::broken) return error;
  const auto good = check();
  return good ? error : good.error();
}

}  // namespace signet::pdf
