// What the module does itself on the way of a signature, of a find and of a long message, each
// beside the least that could do it.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <openssl/evp.h>

#include <memory>

#include "crypto/digest.h"
#include "dsa-transport/json_writer.h"
#include "dsa-transport/native/wire_objects.h"
#include "pkcs11-module/object/snapshot.h"
#include "pkcs11-module/object/testing/test_objects.h"

namespace signet {

namespace {

using crypto::Context;
using crypto::Hash;
using crypto::TestKey;

constexpr std::size_t kPiece = 64 * 1024;
constexpr int kKeys = 10'000;

std::shared_ptr<Context> context() {
  static const auto made = Context::create().value();
  return made;
}

void count_bytes(benchmark::State& state) {
  state.SetBytesProcessed(state.iterations() * std::int64_t{kPiece});
}

void digest_by_the_module(benchmark::State& state) {
  const Bytes piece(kPiece, 1);
  auto digest = crypto::Digest::start(context(), Hash::sha256).value();
  for (auto _ : state) benchmark::DoNotOptimize(digest.update(piece));
  count_bytes(state);
}
BENCHMARK(digest_by_the_module);

void digest_by_openssl(benchmark::State& state) {
  const Bytes piece(kPiece, 1);
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> digest(EVP_MD_CTX_new(),
                                                                       &EVP_MD_CTX_free);
  EVP_DigestInit_ex(digest.get(), EVP_sha256(), nullptr);
  for (auto _ : state) {
    benchmark::DoNotOptimize(EVP_DigestUpdate(digest.get(), piece.data(), piece.size()));
  }
  count_bytes(state);
}
BENCHMARK(digest_by_openssl);

void verify_p256(benchmark::State& state) {
  const TestKey& key = TestKey::on_curve("P-256");
  const auto public_key = key.public_key();
  const Bytes digest = crypto::digest_of(Hash::sha256, Bytes(32, 1));
  const Bytes signature = key.sign_ecdsa(digest);
  for (auto _ : state) {
    if (!public_key->verify_ecdsa(digest, signature)) state.SkipWithError("a wrong signature");
  }
}
BENCHMARK(verify_p256);

void verify_rsa(benchmark::State& state) {
  const TestKey& key = TestKey::rsa(static_cast<std::size_t>(state.range(0)));
  const auto public_key = key.public_key();
  const Bytes digest = crypto::digest_of(Hash::sha256, Bytes(32, 1));
  const Bytes signature = key.sign_pkcs1(Hash::sha256, digest);
  for (auto _ : state) {
    if (!public_key->verify_pkcs1_digest(Hash::sha256, digest, signature)) {
      state.SkipWithError("a wrong signature");
    }
  }
}
BENCHMARK(verify_rsa)->Arg(2048)->Arg(3072);

void write_the_request(benchmark::State& state) {
  const std::vector<Bytes> digests{Bytes(32, 1)};
  for (auto _ : state) {
    transport::JsonWriter body;
    body.text("algorithm", "ECDSA").text("hash", "SHA-256").base64_list("digests", digests);
    benchmark::DoNotOptimize(body.finish());
  }
}
BENCHMARK(write_the_request);

void read_the_answer(benchmark::State& state) {
  const std::string answer = R"({"signatures":[")" + std::string(86, 'A') + "==\"]}";
  for (auto _ : state) {
    if (!transport::native::read_signatures(answer, 1)) state.SkipWithError("unreadable");
  }
}
BENCHMARK(read_the_answer);

// Keys with one public key, for making ten thousand would take minutes, and each with a certificate.
transport::ObjectSet large_set() {
  transport::ObjectSet set;
  for (int i = 0; i < kKeys; ++i) {
    auto key = object::ec_key(fmt::format("6f1e6a52-7b7e-4f2b-9d55-{:012x}", i));
    key.label = copy_of(view_of(fmt::format("key {}", i)));
    key.cka_id = copy_of(view_of(fmt::format("id {}", i)));
    auto certificate = object::certificate_info(fmt::format("7f1e6a52-7b7e-4f2b-9d55-{:012x}", i),
                                                object::leaf_certificate());
    certificate.label = key.label;
    certificate.cka_id = key.cka_id;
    set.keys.push_back(std::move(key));
    set.certificates.push_back(std::move(certificate));
  }
  set.etag = "\"1\"";
  return set;
}

object::SnapshotPtr build(const transport::ObjectSet& set) {
  static object::HandleSource handles;
  return object::build_snapshot(context(), set, {}, object::KeyTraits{}, handles, nullptr);
}

void list_ten_thousand_keys(benchmark::State& state) {
  const transport::ObjectSet set = large_set();
  for (auto _ : state) benchmark::DoNotOptimize(build(set));
}
BENCHMARK(list_ten_thousand_keys)->Unit(benchmark::kMillisecond);

void find(benchmark::State& state, CK_ATTRIBUTE_TYPE type, std::string_view value) {
  const auto snapshot = build(large_set());
  object::Wanted wanted;
  wanted.number(CKA_CLASS, CKO_PRIVATE_KEY).text(type, value);
  for (auto _ : state) {
    if (snapshot->find(wanted, true).size() != 1) state.SkipWithError("not one key");
  }
}
void find_by_label(benchmark::State& state) {
  find(state, CKA_LABEL, "key 5000");
}
void find_by_id(benchmark::State& state) {
  find(state, CKA_ID, "id 5000");
}
BENCHMARK(find_by_label);
BENCHMARK(find_by_id);

}  // namespace

}  // namespace signet
