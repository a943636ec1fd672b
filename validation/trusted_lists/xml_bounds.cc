#include "validation/trusted_lists/xml_bounds.h"

#include <vector>

namespace signet::validation {

namespace {

constexpr std::size_t kMostElements = 500'000;
constexpr std::size_t kMostAttributes = 500'000;
constexpr std::size_t kMostOthers = 100'000;
constexpr std::size_t kMostLevels = 48;
constexpr std::size_t kMostAttributesOfOne = 32;
constexpr std::size_t kMostPrefixes = 100;

constexpr Sentence kDeclaration{"the file has a document type declaration",
                                "soubor má deklaraci typu dokumentu"};
constexpr Sentence kCatalogue{"the file names an XML catalogue", "soubor odkazuje na katalog XML"};
constexpr Sentence kElements{"the file has too many elements", "soubor má příliš mnoho prvků"};
constexpr Sentence kAttributes{"the file has too many attributes",
                               "soubor má příliš mnoho atributů"};
constexpr Sentence kOthers{"the file has too many comments", "soubor má příliš mnoho komentářů"};
constexpr Sentence kLevels{"the file has too many levels", "soubor má příliš mnoho úrovní"};
constexpr Sentence kPrefixes{"the file declares too many prefixes",
                             "soubor deklaruje příliš mnoho předpon"};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

class Counter {
 public:
  explicit Counter(std::string_view xml) : xml_(xml) {}

  const Sentence* run() {
    while (reason_ == nullptr && (at_ = xml_.find('<', at_)) != std::string_view::npos) {
      const std::string_view rest = xml_.substr(at_);
      if (rest.starts_with("<!--")) {
        skip_other("-->", 4);
      } else if (rest.starts_with("<![CDATA[")) {
        skip_other("]]>", 9);
      } else if (rest.starts_with("<!")) {
        reason_ = &kDeclaration;
      } else if (rest.starts_with("<?oasis-xml-catalog")) {
        reason_ = &kCatalogue;  // which libxml2 would read
      } else if (rest.starts_with("<?")) {
        skip_other("?>", 2);
      } else if (rest.starts_with("</")) {
        close();
        skip_to(">", 2);
      } else {
        open();
      }
    }
    return reason_;
  }

 private:
  void skip_to(std::string_view end, std::size_t from) {
    const std::size_t found = xml_.find(end, at_ + from);
    at_ = found == std::string_view::npos ? xml_.size() : found + end.size();
  }

  void skip_other(std::string_view end, std::size_t from) {
    if (++others_ > kMostOthers) reason_ = &kOthers;
    skip_to(end, from);
  }

  void close() {
    if (prefixes_.empty()) return;  // the parser will tell
    in_scope_ -= prefixes_.back();
    prefixes_.pop_back();
  }

  // An equals sign outside of quotes ends an attribute's name.
  void count_attribute(std::string_view name, std::size_t& of_one) {
    ++attributes_;
    if (++of_one > kMostAttributesOfOne || attributes_ > kMostAttributes) reason_ = &kAttributes;
    if (name.starts_with("xmlns")) {
      ++prefixes_.back();
      if (++in_scope_ > kMostPrefixes) reason_ = &kPrefixes;
    }
  }

  void open() {
    if (++elements_ > kMostElements) reason_ = &kElements;
    if (prefixes_.size() >= kMostLevels) reason_ = &kLevels;
    prefixes_.push_back(0);
    std::size_t of_one = 0;
    std::size_t name = ++at_;
    for (; reason_ == nullptr && at_ < xml_.size(); ++at_) {
      const char c = xml_[at_];
      if (c == '"' || c == '\'') {
        const std::size_t end = xml_.find(c, at_ + 1);
        at_ = end == std::string_view::npos ? xml_.size() : end;
        name = at_ + 1;
      } else if (c == '=') {
        count_attribute(xml_.substr(name, at_ - name), of_one);
      } else if (is_blank(c)) {
        // A name may be followed by blanks before its equals sign.
        if (at_ + 1 < xml_.size() && !is_blank(xml_[at_ + 1]) && xml_[at_ + 1] != '=')
          name = at_ + 1;
      } else if (c == '>') {
        if (xml_[at_ - 1] == '/') close();
        ++at_;
        return;
      }
    }
  }

  std::string_view xml_;
  const Sentence* reason_ = nullptr;
  std::size_t at_ = 0;
  std::size_t elements_ = 0, attributes_ = 0, others_ = 0, in_scope_ = 0;
  std::vector<std::size_t> prefixes_;  // declared by each element that is open
};

}  // namespace

const Sentence* beyond_bounds(std::string_view xml) {
  return Counter(xml).run();
}

}  // namespace signet::validation
