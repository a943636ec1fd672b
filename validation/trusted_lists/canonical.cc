#include "validation/trusted_lists/canonical.h"

#include <libxml/c14n.h>
#include <libxml/xmlIO.h>
#include <openssl/evp.h>

#include <memory>
#include <new>

#include "crypto/algorithm_table.h"
#include "crypto/openssl.h"

namespace signet::validation {

namespace {

bool is_below(const xmlNode* node, const xmlNode* top) {
  for (; node != nullptr; node = node->parent)
    if (node == top) return true;
  return false;
}

int is_visible(void* user, xmlNode* node, xmlNode* parent) {
  const auto& part = *static_cast<const CanonicalPart*>(user);
  // Attributes and declared namespaces, which have no parent of their own, go with their element.
  const bool belongs = node->type == XML_NAMESPACE_DECL || node->type == XML_ATTRIBUTE_NODE;
  const xmlNode* const judged = belongs ? parent : node;
  return part.only != nullptr ? is_below(judged, part.only) : !is_below(judged, part.except);
}

// Where the canonical form goes. Exceptions do not pass through libxml2, which is C.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual bool take(ByteView bytes) = 0;

  static int write(void* context, const char* bytes, int size) {
    auto& sink = *static_cast<Sink*>(context);
    try {
      const bool taken =
          sink.take({reinterpret_cast<const std::uint8_t*>(bytes), static_cast<std::size_t>(size)});
      return taken ? size : -1;
    } catch (const std::bad_alloc&) {
      sink.out_of_memory = true;
      return -1;
    }
  }

  bool out_of_memory = false;
};

class Collector final : public Sink {
 public:
  bool take(ByteView more) override {
    bytes.insert(bytes.end(), more.begin(), more.end());
    return true;
  }
  Bytes bytes;
};

class Digester final : public Sink {
 public:
  explicit Digester(crypto::Hash hash) : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr) throw std::bad_alloc();
    const OpensslPtr<EVP_MD, EVP_MD_free> method(
        EVP_MD_fetch(crypto::library_context(), crypto::hash_name(hash), nullptr));
    good_ = method != nullptr && EVP_DigestInit_ex2(context_.get(), method.get(), nullptr) == 1;
  }
  bool take(ByteView more) override {
    return good_ && EVP_DigestUpdate(context_.get(), more.data(), more.size()) == 1;
  }
  std::optional<Bytes> finish() {
    Bytes digest(EVP_MAX_MD_SIZE);
    unsigned size = 0;
    if (!good_ || EVP_DigestFinal_ex(context_.get(), digest.data(), &size) != 1)
      return std::nullopt;
    digest.resize(size);
    return digest;
  }

 private:
  DigestContextPtr context_;
  bool good_ = false;
};

bool write_canonical(xmlDoc* document, const CanonicalPart& part, Sink& sink) {
  xmlOutputBuffer* const buffer = xmlOutputBufferCreateIO(&Sink::write, nullptr, &sink, nullptr);
  if (buffer == nullptr) throw std::bad_alloc();
  std::vector<xmlChar*> prefixes;
  for (const std::string& prefix : part.prefixes)
    prefixes.push_back(const_cast<xmlChar*>(reinterpret_cast<const xmlChar*>(prefix.c_str())));
  prefixes.push_back(nullptr);
  CanonicalPart wanted = part;
  const int done = xmlC14NExecute(
      document, &is_visible, &wanted, part.exclusive ? XML_C14N_EXCLUSIVE_1_0 : XML_C14N_1_0,
      part.exclusive && prefixes.size() > 1 ? prefixes.data() : nullptr, 0, buffer);
  const int closed = xmlOutputBufferClose(buffer);
  if (sink.out_of_memory) throw std::bad_alloc();
  return done >= 0 && closed >= 0;
}

}  // namespace

std::optional<Bytes> canonical(xmlDoc* document, const CanonicalPart& part) {
  Collector collector;
  if (!write_canonical(document, part, collector)) return std::nullopt;
  return std::move(collector.bytes);
}

std::optional<Bytes> canonical_digest(xmlDoc* document, const CanonicalPart& part,
                                      crypto::Hash hash) {
  Digester digester(hash);
  if (!write_canonical(document, part, digester)) return std::nullopt;
  return digester.finish();
}

}  // namespace signet::validation
