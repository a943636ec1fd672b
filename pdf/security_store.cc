#include "pdf/security_store.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "crypto/openssl.h"
#include "pdf/extension.h"
#include "pdf/look/deflate.h"
#include "pdf/syntax.h"

namespace signet::pdf {

namespace {

constexpr int kMostStreams = 10'000;                                   // of a list
constexpr std::size_t kLargestStream = std::size_t{64} * 1024 * 1024;  // bytes
constexpr std::size_t kMostInAll = std::size_t{256} * 1024 * 1024;     // likewise

// The three lists of a store, and what they are called in it and in an entry of VRI.
struct List {
  std::vector<Bytes> ValidationData::*values;
  const char* in_store;
  const char* in_entry;
};
constexpr std::array kLists = {
    List{&ValidationData::certificates, "/Certs", "/Cert"},
    List{&ValidationData::crls, "/CRLs", "/CRL"},
    List{&ValidationData::ocsp_answers, "/OCSPs", "/OCSP"},
};

// Calls `take` with each stream of a list and its data, as far as the bounds allow.
template <typename Take>
PdfResult<void> each_stream(Document& document, QPDFObjectHandle list, std::size_t& left,
                            Take&& take) {
  if (!list.isArray()) return success();
  const int all = std::min(list.getArrayNItems(), kMostStreams);
  for (int at = 0; at < all; ++at) {
    QPDFObjectHandle stream = list.getArrayItem(at);
    BOOST_OUTCOME_TRY(auto data, document.decoded(stream, std::min(kLargestStream, left)));
    if (!data) continue;
    left -= data->size();
    take(stream, *std::move(data));
  }
  return success();
}

PdfResult<ValidationData> read_lists(Document& document, QPDFObjectHandle dictionary,
                                     const char* List::*name, std::size_t& left) {
  ValidationData data;
  for (const List& list : kLists) {
    BOOST_OUTCOME_TRY(each_stream(document, dictionary.getKey(list.*name), left,
                                  [&](const QPDFObjectHandle&, Bytes value) {
                                    (data.*list.values).push_back(std::move(value));
                                  }));
  }
  return data;
}

// A list that may be written into: a copy, in which the old references stay.
QPDFObjectHandle copy_of_array(QPDFObjectHandle present) {
  return present.isArray() ? present.shallowCopy() : QPDFObjectHandle::newArray();
}
QPDFObjectHandle copy_of_dictionary(QPDFObjectHandle present) {
  return present.isDictionary() ? present.shallowCopy() : QPDFObjectHandle::newDictionary();
}

class Addition {
 public:
  Addition(Document& document, Update& update) : document_(document), update_(update) {}

  PdfResult<bool> run(const SecurityStore& more) {
    QPDFObjectHandle catalog = document_.catalog();
    QPDFObjectHandle present = catalog.getKey("/DSS");
    QPDFObjectHandle store = copy_of_dictionary(present);
    for (const List& list : kLists) {
      BOOST_OUTCOME_TRY(add_list(list, more, store));
    }
    add_entries(more, store);
    if (!has_news_) return false;
    declare_extension(document_, update_, ExtensionLevel::store);
    if (present.isDictionary() && present.isIndirect()) {
      QPDFObjectHandle changed = update_.change(present);
      for (const std::string& key : store.getKeys()) changed.replaceKey(key, store.getKey(key));
      return true;
    }
    const QPDFObjectHandle reference = update_.allocate();
    update_.put(reference, store);
    update_.change(catalog).replaceKey("/DSS", reference);
    return true;
  }

 private:
  // The references of one list's values, by their bytes.
  using References = std::map<Bytes, QPDFObjectHandle>;

  PdfResult<void> add_list(const List& list, const SecurityStore& more, QPDFObjectHandle store) {
    QPDFObjectHandle array = copy_of_array(store.getKey(list.in_store));
    References& known = references_[list.in_store];
    BOOST_OUTCOME_TRY(each_stream(document_, array, left_,
                                  [&](const QPDFObjectHandle& stream, const Bytes& value) {
                                    known.emplace(crypto::sha256(value), stream);
                                  }));
    const auto add = [&](const ValidationData& data) {
      for (const Bytes& value : data.*list.values) {
        const auto [place, is_new] = known.emplace(crypto::sha256(value), QPDFObjectHandle());
        if (!is_new) continue;
        place->second = stream_of(value);
        has_news_ = true;
        array.appendItem(place->second);
      }
    };
    add(more.data);
    for (const auto& entry : more.of_signatures) add(entry.data);
    if (array.getArrayNItems() > 0) store.replaceKey(list.in_store, array);
    return success();
  }

  QPDFObjectHandle stream_of(const Bytes& value) {
    Bytes small = look::deflated(value);
    QPDFObjectHandle dictionary = QPDFObjectHandle::newDictionary();
    if (small.size() < value.size())
      dictionary.replaceKey("/Filter", named("/FlateDecode"));
    else
      small = value;
    const QPDFObjectHandle reference = update_.allocate();
    update_.put_stream(reference, dictionary, std::move(small));
    return reference;
  }

  void add_entries(const SecurityStore& more, QPDFObjectHandle store) {
    if (more.of_signatures.empty()) return;
    QPDFObjectHandle entries = copy_of_dictionary(store.getKey("/VRI"));
    for (const auto& each : more.of_signatures) {
      QPDFObjectHandle entry = copy_of_dictionary(entries.getKey("/" + each.key));
      for (const List& list : kLists) {
        QPDFObjectHandle array = copy_of_array(entry.getKey(list.in_entry));
        for (const Bytes& value : each.data.*list.values)
          add_once(array, references_[list.in_store].at(crypto::sha256(value)));
        if (array.getArrayNItems() > 0) entry.replaceKey(list.in_entry, array);
      }
      entries.replaceKey("/" + each.key, entry);
    }
    store.replaceKey("/VRI", entries);
  }

  void add_once(QPDFObjectHandle array, const QPDFObjectHandle& reference) {
    for (int at = 0; at < array.getArrayNItems(); ++at)
      if (same_object(array.getArrayItem(at), reference)) return;
    array.appendItem(reference);
    has_news_ = true;
  }

  Document& document_;
  Update& update_;
  bool has_news_ = false;
  std::size_t left_ = kMostInAll;
  std::map<std::string, References> references_;  // by the list's name in the store
};

}  // namespace

std::string vri_key(ByteView contents) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest = {};
  std::size_t size = 0;
  if (EVP_Q_digest(crypto::library_context(), "SHA1", nullptr, contents.data(), contents.size(),
                   digest.data(), &size) != 1)
    return {};
  return fmt::format("{:02X}", fmt::join(digest.begin(), digest.begin() + size, ""));
}

PdfResult<SecurityStore> read_security_store(Document& document) {
  return document.examined([&]() -> PdfResult<SecurityStore> {
    SecurityStore store;
    QPDFObjectHandle catalog = document.catalog();
    QPDFObjectHandle present = catalog.getKey("/DSS");
    if (!present.isDictionary()) return store;
    std::size_t left = kMostInAll;
    BOOST_OUTCOME_TRY(store.data, read_lists(document, present, &List::in_store, left));
    QPDFObjectHandle entries = present.getKey("/VRI");
    if (!entries.isDictionary()) return store;
    int seen = 0;
    for (const std::string& name : entries.getKeys()) {
      QPDFObjectHandle entry = entries.getKey(name);
      if (!entry.isDictionary() || ++seen > kMostStreams) continue;
      BOOST_OUTCOME_TRY(auto data, read_lists(document, entry, &List::in_entry, left));
      store.of_signatures.push_back({name.substr(1), std::move(data)});
    }
    return store;
  });
}

PdfResult<bool> add_to_security_store(Document& document, const SecurityStore& more,
                                      Update& update) {
  if (more.data.empty() && more.of_signatures.empty()) return false;
  return document.examined([&] { return Addition(document, update).run(more); });
}

PdfResult<Tail> plan_security_store(Document& document, const SecurityStore& more) {
  BOOST_OUTCOME_TRY(auto update, Update::of(document));
  update.keep_off(document.trailer());
  QPDFObjectHandle catalog = document.catalog();
  update.keep_off(catalog);
  update.keep_off(catalog.getKey("/DSS"));
  BOOST_OUTCOME_TRY(const bool has_news, add_to_security_store(document, more, update));
  if (!has_news) return Error(ErrorKind::settings, "the document has all of these values already");
  return update.finish();
}

}  // namespace signet::pdf
