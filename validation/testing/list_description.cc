#include "validation/testing/list_description.h"

#include <openssl/pem.h>

#include <boost/json.hpp>
#include <fstream>
#include <stdexcept>
#include <utility>

#include "crypto/openssl.h"
#include "validation/testing/list_maker.h"
#include "validation/testing/list_world.h"

namespace signet::validation::lists {

namespace {

namespace json = boost::json;

std::string word(const json::object& from, const char* name) {
  return std::string(from.at(name).as_string());
}

std::string word(const json::object& from, const char* name, std::string fallback) {
  return from.contains(name) ? word(from, name) : fallback;
}

bool flag(const json::object& from, const char* name, bool fallback) {
  return from.contains(name) ? from.at(name).as_bool() : fallback;
}

Time time_in(const json::object& from, const char* name, Time fallback) {
  return from.contains(name) ? pki::at(word(from, name)) : fallback;
}

std::vector<std::string> words(const json::object& from, const char* name) {
  std::vector<std::string> all;
  if (from.contains(name))
    for (const json::value& one : from.at(name).as_array()) all.emplace_back(one.as_string());
  return all;
}

template <typename Each>
void each(const json::object& from, const char* name, Each visit) {
  if (!from.contains(name)) return;
  for (const json::value& one : from.at(name).as_array()) visit(one.as_object());
}

pki::KeyKind key_kind(const std::string& name) {
  static const std::map<std::string, pki::KeyKind> kinds = {
      {"rsa2048", pki::KeyKind::rsa2048}, {"rsa3072", pki::KeyKind::rsa3072},
      {"p256", pki::KeyKind::p256},       {"p384", pki::KeyKind::p384},
      {"p521", pki::KeyKind::p521},       {"ed25519", pki::KeyKind::ed25519}};
  return kinds.at(name);
}

void write_file(const std::filesystem::path& file, std::string_view content) {
  std::ofstream out(file, std::ios::binary);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  if (!out.flush()) throw std::runtime_error("cannot write " + file.string());
}

std::string private_key_pem(const pki::Key& key) {
  const BioPtr memory(BIO_new(BIO_s_mem()));
  if (PEM_write_bio_PrivateKey(memory.get(), key.pkey, nullptr, nullptr, 0, nullptr, nullptr) != 1)
    throw std::runtime_error("cannot write a key");
  return crypto::text_in(memory.get());
}

class Description {
 public:
  explicit Description(const std::filesystem::path& folder) : folder_(folder) {
    std::filesystem::create_directories(folder / "lists");
    std::filesystem::create_directories(folder / "parties");
  }

  std::map<std::string, pki::Party> write(const json::object& described) {
    each(described, "parties", [&](const json::object& one) { add_party(one); });
    each(described, "lists", [&](const json::object& one) { write_list(one); });
    return std::move(parties_);
  }

 private:
  void add_party(const json::object& from) {
    const std::string name = word(from, "name"), kind = word(from, "kind", "signer");
    pki::CertificateWish wish = kind == "authority"      ? pki::authority(name)
                                : kind == "time_stamper" ? pki::time_stamper(name)
                                                         : pki::signer(name);
    if (from.contains("country")) wish.subject = name_in(word(from, "country"), name);
    wish.key = key_kind(word(from, "key", "p256"));
    wish.not_before = time_in(from, "not_before", wish.not_before);
    wish.not_after = time_in(from, "not_after", wish.not_after);
    if (from.contains("statements")) {
      const json::object& statements = from.at("statements").as_object();
      wish.extensions.push_back(
          qc_statements({flag(statements, "compliance", true), flag(statements, "device", true),
                         words(statements, "types"), words(statements, "legislations")}));
    }
    if (from.contains("policies"))
      wish.extensions.push_back(pki::certificate_policies(words(from, "policies")));
    const pki::Party party = from.contains("issuer")
                                 ? pki::issue(parties_.at(word(from, "issuer")), wish)
                                 : pki::root(wish);
    parties_.emplace(name, party);
    write_file(folder_ / "parties" / (name + ".pem"), crypto::to_pem("CERTIFICATE", party.der()));
    write_file(folder_ / "parties" / (name + ".key.pem"), private_key_pem(*party.key));
  }

  std::vector<Bytes> certificates(const json::object& from, const char* name) const {
    std::vector<Bytes> all;
    for (const std::string& party : words(from, name)) all.push_back(parties_.at(party).der());
    return all;
  }

  static StateWish state(const json::object& from) {
    StateWish wish;
    wish.type = word(from, "type", wish.type);
    wish.status = word(from, "status", wish.status);
    wish.name = word(from, "name", wish.name);
    wish.start = time_in(from, "start", wish.start);
    wish.information = words(from, "information");
    each(from, "rules", [&](const json::object& rule) {
      wish.rules.push_back({words(rule, "qualifiers"), word(rule, "criteria")});
    });
    return wish;
  }

  ProviderWish provider(const json::object& from) const {
    ProviderWish wish{word(from, "name"), {}};
    each(from, "services", [&](const json::object& service) {
      ServiceWish& one = wish.services.emplace_back();
      one.certificates = certificates(service, "identities");
      each(service, "states",
           [&](const json::object& described) { one.states.push_back(state(described)); });
    });
    return wish;
  }

  void write_list(const json::object& from) {
    ListWish wish;
    wish.version = static_cast<int>(from.contains("version") ? from.at("version").as_int64() : 6);
    if (from.contains("sequence"))
      wish.sequence = static_cast<std::uint64_t>(from.at("sequence").as_int64());
    wish.type = word(from, "type", wish.type);
    wish.territory = word(from, "territory", wish.territory);
    wish.information = words(from, "information");
    wish.issued = time_in(from, "issued", wish.issued);
    if (from.contains("next_update") && from.at("next_update").is_null())
      wish.next_update.reset();
    else
      wish.next_update = time_in(from, "next_update", *wish.next_update);
    each(from, "pointers", [&](const json::object& pointer) {
      PointerWish& one = wish.pointers.emplace_back();
      one.type = word(pointer, "type", one.type);
      one.territory = word(pointer, "territory");
      one.media_type = word(pointer, "media_type", one.media_type);
      one.certificates = certificates(pointer, "signers");
    });
    each(from, "providers",
         [&](const json::object& one) { wish.providers.push_back(provider(one)); });
    ListSignature how;
    how.how.pss = flag(from, "pss", false);
    how.second_version = wish.version > 5;  // as the schemas of the versions demand
    write_file(folder_ / "lists" / word(from, "file"),
               sign(xml_of(wish), parties_.at(word(from, "signer")), how));
  }

  std::filesystem::path folder_;
  std::map<std::string, pki::Party> parties_;
};

}  // namespace

std::map<std::string, pki::Party> write_described(std::string_view text,
                                                  const std::filesystem::path& folder) {
  try {
    return Description(folder).write(json::parse(text).as_object());
  } catch (const std::runtime_error&) {
    throw;
  } catch (const std::exception& wrong) {
    throw std::runtime_error(std::string("the description is wrong: ") + wrong.what());
  }
}

}  // namespace signet::validation::lists
