// What one process makes, another finds: the token is the appliance, not the process.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/module.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

constexpr std::size_t kLongestId = 64;

// One id of every size from 1 to 64; the first bytes are those that text handling gets wrong.
std::vector<Bytes> arbitrary_ids() {
  std::mt19937 random(20'260'101);
  const Bytes awkward = {0x00, 0xff, 0x0a, 0x22, 0x5c, 0x80, 0x20, 0x00};
  std::vector<Bytes> ids;
  for (std::size_t size = 1; size <= kLongestId; ++size) {
    Bytes id(size);
    for (auto& byte : id) byte = static_cast<std::uint8_t>(random());
    id.front() = awkward[size % awkward.size()];
    id.back() = static_cast<std::uint8_t>(size);  // so that no two are equal
    ids.push_back(id);
  }
  return ids;
}

std::string label_of(const Bytes& id) {
  return fmt::format("pečeť {}", id.size());
}

Bytes document_for(const Bytes& id) {
  return sha256(id);
}

void make_key_with_certificate(Session& session, const Bytes& id) {
  session.generate(KeyKind::p256, label_of(id), id);
  const auto public_key = session.find_one({CKO_PUBLIC_KEY, label_of(id), id});
  const Bytes point = session.attribute(public_key, CKA_EC_POINT);
  session.write_certificate(certificate_for(p256_public_key(point), label_of(id)), label_of(id),
                            id);
}

void expect_the_same_object(Session& session, CK_OBJECT_CLASS object_class, const Bytes& id) {
  const auto by_id = session.find_one({object_class, {}, id});
  EXPECT_EQ(session.find_one({object_class, label_of(id), {}}), by_id);
  EXPECT_EQ(session.attribute(by_id, CKA_ID), id);
  EXPECT_EQ(text_of(session.attribute(by_id, CKA_LABEL)), label_of(id));
}

void expect_key_and_certificate_to_work(Session& session, const Bytes& id) {
  SCOPED_TRACE("id " + to_hex(id));
  expect_the_same_object(session, CKO_PRIVATE_KEY, id);
  expect_the_same_object(session, CKO_PUBLIC_KEY, id);
  expect_the_same_object(session, CKO_CERTIFICATE, id);
  const auto key = session.find_one({CKO_PRIVATE_KEY, {}, id});
  const auto certificate = session.find_one({CKO_CERTIFICATE, {}, id});
  const Bytes document = document_for(id);
  EXPECT_TRUE(certificate_verifies(session.attribute(certificate, CKA_VALUE), document,
                                   session.sign(CKM_ECDSA_SHA256, key, document)));
}

TEST(SharingTest, KeysAndCertificatesWithIdsOfEverySizeAreThereInAnotherProcess) {
  const Emulator emulator;
  use_config(emulator.client_config());
  const auto ids = arbitrary_ids();

  ASSERT_TRUE(in_other_process([&] {
    const Module module;
    Session session(module);
    session.login(emulator.pin());
    for (const auto& id : ids) make_key_with_certificate(session, id);
  }));
  EXPECT_TRUE(in_other_process([&] {
    const Module module;
    Session session(module);
    session.login(emulator.pin());
    EXPECT_EQ(session.find({CKO_PRIVATE_KEY, {}, {}}).size(), ids.size());
    for (const auto& id : ids) expect_key_and_certificate_to_work(session, id);
  }));
  EXPECT_EQ(emulator.journal().size(), ids.size());
}

TEST(SharingTest, WhatOneProcessDeletesIsGoneInTheNext) {
  const Emulator emulator({"ec:P-256:first", "ec:P-256:second"});
  use_config(emulator.client_config());

  ASSERT_TRUE(in_other_process([&] {
    const Module module;
    Session session(module);
    session.login(emulator.pin());
    const auto key = session.find_one({CKO_PRIVATE_KEY, "first", {}});
    expect_ok(module->C_DestroyObject(session.handle(), key), "C_DestroyObject");
  }));
  EXPECT_TRUE(in_other_process([&] {
    const Module module;
    Session session(module);
    session.login(emulator.pin());
    EXPECT_TRUE(session.find({CKO_PRIVATE_KEY, "first", {}}).empty());
    EXPECT_EQ(session.find({CKO_PRIVATE_KEY, "second", {}}).size(), 1U);
  }));
}

}  // namespace
}  // namespace signet::tests
