#include "tests/fuzz/support/fuzzed_module.h"

#include <openssl/evp.h>
#include <unistd.h>

#include <cstdlib>

#include "crypto/public_key.h"
#include "pkcs11-module/edge/testing/certificates.h"

namespace signet::fuzz {
namespace {

using transport::FakeAppliance;
using transport::KeySpec;
using transport::KeyType;

// Keys that stand for every one that an input asks for.
struct Keys {
  PkeyPtr rsa = make(KeyType::rsa);
  PkeyPtr ec = make(KeyType::ec);
  PkeyPtr ed = make(KeyType::edwards);
  PkeyPtr other = make(KeyType::ec);  // no key of the appliance
  PkeyPtr spare_rsa = make(KeyType::rsa);

  static PkeyPtr make(KeyType type) {
    KeySpec spec;
    spec.type = type;
    spec.bits = 2048;
    return transport::make_fake_key(spec);
  }
};

const Keys& keys() {
  static const Keys made;
  return made;
}

PkeyPtr shared(const PkeyPtr& key) {
  EVP_PKEY_up_ref(key.get());
  return PkeyPtr(key.get());
}

PkeyPtr spare_key(const KeySpec& spec) {
  return spec.type == KeyType::rsa ? shared(keys().spare_rsa) : transport::make_fake_key(spec);
}

void add(FakeAppliance& appliance, const PkeyPtr& key, KeyType type, const char* label,
         std::uint8_t id) {
  appliance.set_key_maker([&](const KeySpec&) { return shared(key); });
  appliance.add_key({type, 2048, transport::Curve::p256, copy_of(view_of(label)), {id}});
}

void furnish(FakeAppliance& appliance) {
  transport::ApplianceInfo info = appliance.info(Deadline::after(Milliseconds(1000))).value();
  info.rsa_bits = {2048};
  info.algorithms.push_back(transport::Scheme::eddsa);
  info.algorithms.push_back(transport::Scheme::rsa_raw);
  appliance.set_info(info);
  add(appliance, keys().rsa, KeyType::rsa, "rsa", 1);
  add(appliance, keys().ec, KeyType::ec, "ec", 2);
  add(appliance, keys().ed, KeyType::edwards, "ed", 3);
  appliance.set_key_maker(spare_key);
  appliance.add_certificate(certificates()[0], copy_of(view_of("rsa")), {1});
  appliance.add_certificate(certificates()[1], copy_of(view_of("ec")), {2});
}

std::shared_ptr<const crypto::PublicKey> public_half(const PkeyPtr& key) {
  return crypto::PublicKey::from_spki(crypto::Context::create().value(),
                                      transport::public_key_der(key.get()))
      .value();
}

}  // namespace

const std::vector<Bytes>& certificates() {
  using edge::testing::self_signed;
  static const std::vector<Bytes> made{self_signed(keys().rsa.get(), "rsa"),
                                       self_signed(keys().ec.get(), "ec"),
                                       self_signed(keys().other.get(), "other")};
  return made;
}

bool is_good_signature(const transport::SignRequest& request, ByteView signature) {
  const PkeyPtr key = setup().appliance().private_key(request.key_id);
  return request.digests.size() == 1 &&
         transport::fake_verify(key.get(), request.algorithm, request.hash, request.salt_length,
                                request.digests.front(), signature);
}

const Bytes& ec_point() {
  static const Bytes point = public_half(keys().other)->ec_point();
  return point;
}

const Bytes& rsa_modulus() {
  static const Bytes modulus = public_half(keys().rsa)->modulus();
  return modulus;
}

edge::testing::ModuleSetup& setup() {
  static const bool prepared = [] {
    // In memory: the module makes its files durable.
    if (access("/dev/shm", W_OK) == 0) setenv("TEST_TMPDIR", "/dev/shm", 0);
    edge::testing::ModuleSetup::furnish_with(furnish);
    (void)certificates();
    return true;
  }();
  (void)prepared;
  static edge::testing::ModuleSetup made("[log]\nlevel = \"debug\"\nto = \"/dev/null\"\n");
  return made;
}

}  // namespace signet::fuzz
