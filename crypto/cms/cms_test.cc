// SignedData made here, read by OpenSSL (another reader) and by our own; messages of OpenSSL (another writer) read here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/cms.h>

#include <algorithm>

#include "crypto/cms/reader.h"
#include "crypto/cms/signed_data.h"
#include "crypto/cms/signer_info.h"
#include "crypto/cms/verify.h"
#include "crypto/der.h"
#include "crypto/openssl.h"
#include "crypto/testing/test_key.h"

namespace signet::cms {
namespace {

using crypto::Hash;
using crypto::Scheme;
using crypto::test_context;
using crypto::TestKey;

using CmsPtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;

struct Case {
  const char* name;
  Scheme scheme;
  Hash hash;
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

const TestKey& key_for(const Case& one) {
  if (one.scheme == Scheme::ecdsa)
    return TestKey::on_curve(one.hash == Hash::sha384 ? "P-384" : "P-256");
  return one.scheme == Scheme::eddsa ? TestKey::on_curve("ED25519") : TestKey::rsa(3072);
}

// Made once, since each one has a signature of its own.
const Bytes& certificate_for(const Case& one) {
  static std::map<const TestKey*, Bytes> made;
  const TestKey& key = key_for(one);
  if (!made.contains(&key)) made[&key] = key.certificate();
  return made[&key];
}

Bytes sign(const Case& one, ByteView attributes) {
  const TestKey& key = key_for(one);
  const Bytes digest = crypto::digest_of(one.hash, attributes);
  switch (one.scheme) {
    case Scheme::rsa_pss:
      return key.sign_pss(one.hash, one.hash, static_cast<int>(digest.size()), digest);
    case Scheme::ecdsa:
      return der::encode_ecdsa(key.sign_ecdsa(digest));
    case Scheme::eddsa:
      return key.sign_eddsa(attributes);
    default:
      return key.sign_pkcs1(one.hash, digest);
  }
}

const Bytes kContent = crypto::patterned(100'000);

SignedAttributes attributes_for(const Case& one) {
  SignedAttributes wish;
  wish.digest = crypto::digest_of(one.hash, kContent);
  wish.signing_time = std::chrono::system_clock::from_time_t(1'790'000'000);
  wish.certificate = certificate_for(one);
  return wish;
}

void add_signer(SignedData& message, const Case& one, const SignedAttributes& wish,
                const std::vector<Bytes>& unsigned_attributes = {}) {
  const Algorithm algorithm{one.scheme, one.hash};
  const Bytes attributes = wish.encode();
  message.content_type = wish.content_type;
  message.add_digest_algorithm(encode_hash(one.hash));
  message.add_certificate(wish.certificate);
  message.signers.push_back(encode_signer_info(algorithm, wish.certificate, attributes,
                                               sign(one, attributes), unsigned_attributes));
}

SignedData message_of(const Case& one) {
  SignedData message;
  add_signer(message, one, attributes_for(one));
  return message;
}

Bytes joined(const Frame& frame, ByteView content) {
  Bytes whole = frame.before;
  der::append(whole, content);
  der::append(whole, frame.after);
  return whole;
}

// In pieces of 999 bytes.
Bytes in_pieces(const SignedData& message) {
  Bytes pieces;
  for (std::size_t at = 0; at < kContent.size(); at += 999) {
    const auto piece =
        ByteView(kContent).subspan(at, std::min<std::size_t>(999, kContent.size() - at));
    der::append(pieces, der::encode(der::kOctetString, piece));
  }
  return joined(message.around_pieces(), pieces);
}

// By OpenSSL, the certificate's chain aside.
bool openssl_verifies(ByteView der, ByteView content) {
  CMS_ContentInfo* read = CMS_ContentInfo_new_ex(crypto::library_context(), nullptr);
  const BioPtr in = crypto::bio_over(der);
  if (d2i_CMS_bio(in.get(), &read) == nullptr) return false;
  const CmsPtr message(read);
  const BioPtr detached = content.empty() ? BioPtr() : crypto::bio_over(content);
  const BioPtr out(BIO_new(BIO_s_null()));
  const bool good = CMS_verify(message.get(), nullptr, nullptr, detached.get(), out.get(),
                               CMS_NO_SIGNER_CERT_VERIFY | CMS_BINARY) == 1;
  (void)crypto::openssl_reason();
  return good;
}

std::vector<Verdict> verdicts_on(ByteView der, ByteView detached = kContent) {
  const Source source = Source::of(der);
  const auto message = read_signed_data(source);
  if (!message) {
    ADD_FAILURE() << message.error().sentence << " at " << message.error().offset;
    return {};
  }
  Bytes content = message.value().has_content ? Bytes() : copy_of(detached);
  EXPECT_TRUE(message.value().each_piece(source, [&](ByteView piece) {
    der::append(content, piece);
    return true;
  }));
  std::map<Hash, Bytes> digests;
  for (const Hash hash : hashes_of(message.value().parts))
    digests[hash] = crypto::digest_of(hash, content);
  return verify(test_context(), message.value().parts, digests);
}

class EachAlgorithm : public testing::TestWithParam<Case> {};

TEST_P(EachAlgorithm, IsReadByOpensslAndByUsInEveryForm) {
  const Case& one = GetParam();
  const SignedData message = message_of(one);
  const Bytes forms[] = {message.detached(), joined(message.around(kContent.size()), kContent),
                         in_pieces(message)};
  for (const Bytes& der : forms) {
    SCOPED_TRACE(&der - forms);
    const bool detached = &der == forms;
    // OpenSSL 3.0 cannot verify Ed25519 in CMS; it parses it.
    if (one.scheme != Scheme::eddsa) {
      EXPECT_TRUE(openssl_verifies(der, detached ? ByteView(kContent) : ByteView()));
    }
    const auto verdicts = verdicts_on(der);
    ASSERT_EQ(verdicts.size(), 1U);
    EXPECT_THAT(verdicts[0].problems, testing::IsEmpty());
    EXPECT_TRUE(verdicts[0].certificate_named);
    EXPECT_EQ(verdicts[0].algorithm, (Algorithm{one.scheme, one.hash}));
    EXPECT_EQ(verdicts[0].certificate, certificate_for(one));
    EXPECT_EQ(verdicts[0].signing_time, std::chrono::system_clock::from_time_t(1'790'000'000));
  }
}

TEST_P(EachAlgorithm, FailsOverOtherContent) {
  Bytes other = kContent;
  other[50'000] ^= 1U;
  const auto verdicts = verdicts_on(message_of(GetParam()).detached(), other);
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].digest_matches);
  EXPECT_TRUE(verdicts[0].signature_matches);
  EXPECT_FALSE(verdicts[0].good());
}

TEST_P(EachAlgorithm, FailsWithAnotherSignature) {
  SignedData message = message_of(GetParam());
  Bytes& signer = message.signers[0];
  signer.back() ^= 1U;  // of the signature, which is the last field
  const auto verdicts = verdicts_on(message.detached());
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_FALSE(verdicts[0].signature_matches);
  EXPECT_TRUE(verdicts[0].digest_matches);
}

INSTANTIATE_TEST_SUITE_P(Cms, EachAlgorithm,
                         testing::Values(Case{"pkcs1_sha256", Scheme::rsa_pkcs1, Hash::sha256},
                                         Case{"pkcs1_sha512", Scheme::rsa_pkcs1, Hash::sha512},
                                         Case{"pss_sha256", Scheme::rsa_pss, Hash::sha256},
                                         Case{"pss_sha384", Scheme::rsa_pss, Hash::sha384},
                                         Case{"pss_sha512", Scheme::rsa_pss, Hash::sha512},
                                         Case{"p256_sha256", Scheme::ecdsa, Hash::sha256},
                                         Case{"p384_sha384", Scheme::ecdsa, Hash::sha384},
                                         Case{"p256_sha512", Scheme::ecdsa, Hash::sha512},
                                         Case{"ed25519", Scheme::eddsa, Hash::sha512}),
                         [](const auto& of_case) { return of_case.param.name; });

constexpr Case kRsa{"rsa", Scheme::rsa_pkcs1, Hash::sha256};
constexpr Case kEc{"ec", Scheme::ecdsa, Hash::sha384};

TEST(SignedDataTest, IsTheSameAsOpensslWritesItAgain) {
  const Bytes der = message_of(kRsa).detached();
  const BioPtr in = crypto::bio_over(der);
  const CmsPtr read(d2i_CMS_bio(in.get(), nullptr));
  ASSERT_TRUE(read);
  EXPECT_EQ(crypto::der_of(read.get(), i2d_CMS_ContentInfo), der) << "it is not DER";
}

TEST(SignedDataTest, AParallelSignatureLeavesTheFirstAsItIs) {
  const Bytes first = joined(message_of(kRsa).around(kContent.size()), kContent);
  auto read = read_signed_data(Source::of(first));
  ASSERT_TRUE(read);
  SignedData& parts = read.value().parts;
  const Bytes signer = parts.signers[0];
  add_signer(parts, kEc, attributes_for(kEc));
  EXPECT_EQ(parts.signers[0], signer);
  const Bytes both = joined(parts.around(kContent.size()), kContent);
  EXPECT_TRUE(openssl_verifies(both, {}));
  const auto verdicts = verdicts_on(both);
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_TRUE(verdicts[0].good());
  EXPECT_TRUE(verdicts[1].good());
}

TEST(SignedDataTest, ATimeStampIsAnUnsignedAttribute) {
  const Bytes token = der::encode(der::kSequence, der::encode(der::kOctetString, view_of("token")));
  SignedData message;
  add_signer(message, kRsa, attributes_for(kRsa), {signature_time_stamp(token)});
  EXPECT_TRUE(openssl_verifies(message.detached(), kContent));
  const auto verdicts = verdicts_on(message.detached());
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_TRUE(verdicts[0].good());
  EXPECT_THAT(verdicts[0].time_stamps, testing::ElementsAre(token));
}

TEST(SignedDataTest, NothingHidesBehindAttributes) {
  const Bytes token = signature_time_stamp(der::encode_sequence({}));
  const std::vector<Bytes> hiding = {
      Bytes{0x30},                                         // half an element
      der::encode(der::kOctetString, {}),                  // no SEQUENCE
      der::encode_sequence({}),                            // without type and values
      der::encode_sequence({der::encode(der::kSet, {})}),  // without a type
      der::encode(der::kSequence, Bytes{0x06, 1, 0x2A}),   // without values
      der::concat(token, Bytes{0, 0})};
  for (const Bytes& more : hiding) {
    SignedData message;
    add_signer(message, kRsa, attributes_for(kRsa), {more});
    const auto signer = parse_signer(message.signers[0]);
    ASSERT_FALSE(signer) << to_hex(more);
    EXPECT_EQ(signer.error(), "a signer cannot be read");
  }
}

// Nor behind the signed ones, which are signed in the order of DER, whatever their order in the message is.
TEST(SignedDataTest, NothingHidesBehindSignedAttributes) {
  const Bytes whole = message_of(kRsa).signers[0];
  const auto parsed = parse_signer(whole);
  ASSERT_TRUE(parsed);
  const ByteView attributes = parsed.value().signed_attributes;
  const auto content = der::only(der::kContext0, attributes);
  const Bytes more = der::encode(der::kContext0, der::concat(*content, Bytes{0x04, 0}));
  const ByteView elements = *der::only(der::kSequence, whole);
  const auto at = static_cast<std::size_t>(attributes.data() - elements.data());
  Bytes changed = copy_of(elements.first(at));
  der::append(changed, more);
  der::append(changed, elements.subspan(at + attributes.size()));
  EXPECT_FALSE(parse_signer(der::encode(der::kSequence, changed)));
}

TEST(SignedDataTest, EveryAttributeIsSignedOnce) {
  SignedAttributes wish = attributes_for(kRsa);
  wish.commitment = "1.2.840.113549.1.9.16.6.1";  // proof of origin
  wish.policy = SignaturePolicy{"1.3.6.1.4.1.32473.7", Hash::sha256, Bytes(32, 7),
                                "https://office.example/policy"};
  wish.country = "CZ";
  wish.locality = "Brno";
  wish.media_type = "application/xml";
  wish.file_name = "účet.xml";
  SignedData message;
  add_signer(message, kRsa, wish);
  EXPECT_TRUE(openssl_verifies(message.detached(), kContent));
  const auto signer = parse_signer(message.signers[0]);
  ASSERT_TRUE(signer);
  for (const char* oid :
       {"1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4", "1.2.840.113549.1.9.5",
        "1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.16.2.16", "1.2.840.113549.1.9.16.2.15",
        "1.2.840.113549.1.9.16.2.17", "1.2.840.113549.1.9.16.2.4", "0.4.0.1733.2.1"})
    EXPECT_EQ(signer.value().signed_values(oid).size(), 1U) << oid;
}

TEST(SignedDataTest, WithoutASigningTimeThereIsNone) {
  SignedAttributes wish = attributes_for(kRsa);
  wish.signing_time.reset();
  SignedData message;
  add_signer(message, kRsa, wish);
  EXPECT_TRUE(openssl_verifies(message.detached(), kContent));
  EXPECT_EQ(verdicts_on(message.detached()).at(0).signing_time, std::nullopt);
}

TEST(ReaderTest, ReadsWhatOpensslWrites) {
  // Streamed, so in indefinite lengths; without signing-certificate.
  const PkeyPtr key(EVP_EC_gen("P-256"));
  const CmsPtr message(CMS_sign_ex(nullptr, nullptr, nullptr, nullptr,
                                   CMS_PARTIAL | CMS_BINARY | CMS_STREAM, crypto::library_context(),
                                   nullptr));
  ASSERT_TRUE(key && message);
  const X509Ptr own(X509_new());
  X509_set_pubkey(own.get(), key.get());
  X509_gmtime_adj(X509_getm_notBefore(own.get()), 0);
  X509_gmtime_adj(X509_getm_notAfter(own.get()), 1000);
  ASSERT_GT(X509_sign(own.get(), key.get(), EVP_sha256()), 0);
  ASSERT_NE(
      CMS_add1_signer(message.get(), own.get(), key.get(), EVP_sha256(), CMS_BINARY | CMS_PARTIAL),
      nullptr);
  const BioPtr in = crypto::bio_over(kContent);
  const BioPtr out(BIO_new(BIO_s_mem()));
  ASSERT_EQ(i2d_CMS_bio_stream(out.get(), message.get(), in.get(), CMS_STREAM | CMS_BINARY), 1);
  const std::string text = crypto::text_in(out.get());
  const auto verdicts = verdicts_on(view_of(text), {});
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_TRUE(verdicts[0].digest_matches && verdicts[0].signature_matches);
  EXPECT_FALSE(verdicts[0].certificate_named);
}

TEST(ReaderTest, ReadsAContentOfThreeGibibytes) {
  constexpr std::uint64_t size = std::uint64_t{3} << 30U;
  const Frame frame = message_of(kRsa).around(size);
  const Source source{frame.before.size() + size + frame.after.size(),
                      [&](std::uint64_t offset, std::span<std::uint8_t> out) {
                        for (std::uint8_t& byte : out) {
                          const std::uint64_t behind = frame.before.size() + size;
                          byte = offset < frame.before.size() ? frame.before[offset]
                                 : offset < behind            ? 0
                                                              : frame.after[offset - behind];
                          ++offset;
                        }
                        return true;
                      }};
  const auto message = read_signed_data(source);
  ASSERT_TRUE(message) << message.error().sentence;
  EXPECT_EQ(message.value().content_size, size);
  EXPECT_EQ(message.value().parts.signers.size(), 1U);
}

TEST(ReaderTest, EveryCutAndEveryChangedByteIsAnErrorOrAMessage) {
  const SignedData message = message_of(kEc);
  for (const Bytes& whole : {message.detached(), in_pieces(message)}) {
    for (std::size_t size = 0; size < whole.size(); size += size < 3000 ? 1 : 997)
      EXPECT_FALSE(read_signed_data(Source::of(ByteView(whole).first(size)))) << size;
    for (std::size_t at = 0; at < std::min<std::size_t>(whole.size(), 1500); ++at) {
      Bytes changed = whole;
      changed[at] ^= 0x81U;
      const Source source = Source::of(changed);
      const auto read = read_signed_data(source);
      if (!read) continue;
      (void)verify(test_context(), read.value().parts, {});
    }
  }
}

TEST(ReaderTest, RefusesMoreThanAMessage) {
  Bytes der = message_of(kRsa).detached();
  der.push_back(0);
  const auto read = read_signed_data(Source::of(der));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().sentence, "there are bytes behind the message");
}

TEST(ReaderTest, RefusesDeepNesting) {
  Bytes deep = der::encode(der::kOctetString, Bytes{1});
  for (int i = 0; i < 100; ++i) deep = der::encode(0x24, deep);
  const Frame frame = message_of(kRsa).around_pieces();
  const auto read = read_signed_data(Source::of(joined(frame, deep)));
  ASSERT_FALSE(read);
}

}  // namespace
}  // namespace signet::cms
