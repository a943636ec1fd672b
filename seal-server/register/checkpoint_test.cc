#include "seal-server/register/checkpoint.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"
#include "seal-server/register/entry.h"
#include "seal-server/testing/scratch_database.h"

namespace signet::sealserver {
namespace {

const crypto::TreeState kTree{7, crypto::leaf_hash(view_of("any"))};

TEST(Checkpoint, IsASignedNoteOfThreeLines) {
  const LogKey key = LogKey::generate("log.example/seals");
  const std::string note = signed_checkpoint(key, kTree);
  EXPECT_TRUE(note.starts_with("log.example/seals\n7\n" + crypto::to_base64(kTree.root) +
                               "\n\n— log.example/seals "));
  EXPECT_EQ(open_checkpoint(identity_of(key), note), kTree);
}

// The key and the note of golang.org/x/mod/sumdb/note's documentation, whose text is no checkpoint: only the key's hash can
// be compared.
TEST(Checkpoint, TheVerifierKeyIsThatOfSignedNotes) {
  const Bytes typed = crypto::from_base64("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").value();
  const LogIdentity peter{"PeterNeumann", Bytes(typed.begin() + 1, typed.end())};
  EXPECT_EQ(verifier_key(peter),
            "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
}

TEST(Checkpoint, WithAnyOctetChangedIsNotTheLogs) {
  const LogKey key = LogKey::generate("log");
  const LogIdentity log = identity_of(key);
  const std::string note = signed_checkpoint(key, kTree);
  for (std::size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(open_checkpoint(log, changed)) << i;
    EXPECT_FALSE(open_checkpoint(log, note.substr(0, i))) << i;
  }
  EXPECT_FALSE(open_checkpoint(identity_of(LogKey::generate("log")), note));
}

TEST(Checkpoint, MayHaveSignaturesOfOthers) {
  const LogKey key = LogKey::generate("log");
  const std::string note = signed_checkpoint(key, kTree);
  const auto signatures = note.find("\n\n") + 2;
  const std::string witness = "— witness AAAAAAAA\n";
  EXPECT_EQ(open_checkpoint(identity_of(key), note + witness), kTree);
  EXPECT_EQ(open_checkpoint(identity_of(key),
                            note.substr(0, signatures) + witness + note.substr(signatures)),
            kTree);
  EXPECT_FALSE(open_checkpoint(identity_of(key), note.substr(0, signatures) + witness));
  EXPECT_FALSE(open_checkpoint(identity_of(key), note + "something else\n"));
}

TEST(LogKey, IsTheSameFromItsFile) {
  const ScratchDatabase scratch;
  const LogKey key = LogKey::generate("log");
  key.write(scratch.folder() / "log.key");
  const LogKey again = LogKey::read("log", scratch.folder() / "log.key");
  EXPECT_EQ(again.public_key(), key.public_key());
  EXPECT_TRUE(
      crypto::verify_log_signature(key.public_key(), view_of("x"), again.sign(view_of("x"))));
  EXPECT_FALSE(
      crypto::verify_log_signature(key.public_key(), view_of("y"), again.sign(view_of("x"))));
  EXPECT_THROW(LogKey::read("log", scratch.folder() / "none"), std::runtime_error);
  EXPECT_THROW(LogKey::generate("a name"), std::runtime_error);
}

TEST(Entry, HasOneText) {
  const Entry entry{.sequence = 12,
                    .time = "2026-11-29T02:00:00.000Z",
                    .kind = "opened",
                    .content = commitment(Bytes(kEntryRandom, 7), R"({"digest":"…"})")};
  const std::string text = entry_text(entry);
  EXPECT_EQ(entry_of(text), entry);
  EXPECT_FALSE(entry_of(text + " "));
  EXPECT_FALSE(entry_of(text.substr(0, text.size() - 1)));
  EXPECT_FALSE(entry_of(R"({"sequence":012,"time":"t","kind":"k","content":""})"));
  EXPECT_FALSE(entry_of("{}"));
  EXPECT_FALSE(entry_of("[1]"));
  EXPECT_FALSE(entry_of(""));
}

TEST(Entry, CommitsToTheContentAndTheRandomOctets) {
  const Bytes random(kEntryRandom, 7);
  EXPECT_NE(commitment(random, "a"), commitment(random, "b"));
  EXPECT_NE(commitment(random, "a"), commitment(Bytes(kEntryRandom, 8), "a"));
  EXPECT_EQ(to_hex(commitment(view_of("a"), "bc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // of "abc"
}

}  // namespace
}  // namespace signet::sealserver
