// Orders of both kinds, with an authority that says what the test wants.
#include <map>

#include "crypto/base64.h"
#include "seal-server/certificates/authentication.h"
#include "seal-server/certificates/clerk.h"
#include "seal-server/certificates/sealing.h"
#include "seal-server/testing/records_scene.h"
#include "seal-server/testing/test_identity.h"

namespace signet::sealserver {
namespace {

using Kind = AuthorityAnswer::Kind;
using Strings = std::vector<std::string>;

class ScriptedAuthority final : public Authority {
 public:
  AuthorityAnswer ask(const std::string& name, ByteView request) override {
    asked.push_back(name);
    last = copy_of(request);
    return answer;
  }

  Strings asked;
  Bytes last;
  AuthorityAnswer answer;
};

class Certificates : public RecordsScene {
 protected:
  template <typename Work>
  auto write(Work work) {
    return sequencer_->write(std::move(work));
  }

  Certificates() {
    now_ = std::chrono::system_clock::now();
    auto authentication = std::make_unique<ScriptedAuthority>();
    auto sealing = std::make_unique<ScriptedAuthority>();
    authority_ = authentication.get();
    sealing_authority_ = sealing.get();
    clerk_ = std::make_unique<Clerk>(
        *sequencer_, Clerk::Authorities{std::move(authentication), std::move(sealing)});
    id_ = write([&](Group& group) { return add_client(group, {}); });
  }

  AuthenticationKey add_first(const TestIdentity& identity, KeyPlace place = KeyPlace::machine) {
    return write([&](Group& group) {
      auto key = add_key(group, id_, identity.certificate(), place);
      put_cryptogram(group, key.spki, {"Yw==", "Yw=="});
      return key;
    });
  }

  std::string order(const AuthenticationKey& by, const TestIdentity& next, bool supersedes = true) {
    return write([&](Group& group) {
      return order_authentication_certificate(
          group, by, {read_request(next.request()), test_cryptogram(), supersedes});
    });
  }
  std::string state_of(const std::string& id, std::string_view purpose = kAuthentication) {
    return find_order(*sql_, id_, purpose, id).value().state;
  }
  void issue(const TestIdentity& identity, const char* usage = "digitalSignature,keyAgreement") {
    authority_->answer = {Kind::issued, {identity.certificate(365, usage)}, {}};
    clerk_->work();
  }
  void confirm(const TestIdentity& identity, const std::string& id) {
    write([&](Group& group) {
      confirm_authentication_key(group, find_key(*sql_, identity.spki()).value(), id);
    });
  }
  std::string admission(const TestIdentity& identity) {
    return problem([&] { admit(*sql_, identity.spki(), now()); });
  }
  std::string key_state(const TestIdentity& identity) {
    return find_key(*sql_, identity.spki()).value().state;
  }

  std::string id_;
  ScriptedAuthority* authority_ = nullptr;
  ScriptedAuthority* sealing_authority_ = nullptr;
  std::unique_ptr<Clerk> clerk_;
  const TestIdentity first_{"first"};
  const TestIdentity second_{"second"};
  const TestIdentity third_{"third"};
};

TEST_F(Certificates, ANewKeyIsRegisteredCertifiedAndConfirmed) {
  const AuthenticationKey first = add_first(first_);
  const std::string id = order(first, second_);
  EXPECT_EQ(state_of(id), "pending");
  EXPECT_EQ(admission(second_), "403 This key has no certificate yet.");
  EXPECT_EQ(find_cryptogram(*sql_, second_.spki())->cryptogram, test_cryptogram());
  EXPECT_EQ(problem([&] { confirm(second_, id); }), "409 The key has no certificate yet.");
  issue(second_);
  EXPECT_EQ(authority_->last, find_order(*sql_, id_, kAuthentication, id)->request);
  EXPECT_EQ(state_of(id), "issued");
  EXPECT_EQ(admission(second_), "no problem");
  EXPECT_EQ(key_state(second_), "registered");
  EXPECT_EQ(key_state(first_), "active");
  EXPECT_EQ(problem([&] { confirm(first_, id); }), "404 This key has no order " + id + ".");
  confirm(second_, id);
  confirm(second_, id);  // its answer was lost
  EXPECT_EQ(key_state(second_), "active");
  EXPECT_EQ(key_state(first_), "superseded");
}

TEST_F(Certificates, ASupersededKeyIsAdmittedForThirtyDays) {
  const std::string id = order(add_first(first_), second_);
  issue(second_);
  confirm(second_, id);
  const std::string at = now();
  now_ += kGrace - std::chrono::seconds(1);
  write([](Group& group) { forget_superseded(group); });
  EXPECT_EQ(admission(first_), "no problem");
  EXPECT_TRUE(find_cryptogram(*sql_, first_.spki()));
  now_ += std::chrono::seconds(1);
  write([](Group& group) { forget_superseded(group); });
  EXPECT_EQ(admission(first_), "403 This key was superseded at " + at + ".");
  EXPECT_FALSE(find_cryptogram(*sql_, first_.spki()));
  EXPECT_EQ(admission(second_), "no problem");
}

TEST_F(Certificates, ACardIsUsedUpByItsFirstConfirmedKey) {
  const AuthenticationKey card = add_first(first_, KeyPlace::card);
  const std::string lost = order(card, second_);
  issue(second_);
  // Again, since the activation file was lost: the key in it is worth nothing.
  const std::string id = order(card, third_, false);
  EXPECT_EQ(key_state(second_), "revoked");
  EXPECT_EQ(state_of(lost), "refused");
  EXPECT_EQ(admission(first_), "no problem");
  issue(third_);
  confirm(third_, id);
  EXPECT_EQ(admission(first_), "403 This card was used for activation at " + now() + ".");
  EXPECT_FALSE(find_cryptogram(*sql_, first_.spki()));
}

TEST_F(Certificates, AKeyOfAnotherMachineLeavesTheOneThatAsked) {
  const std::string id = order(add_first(first_), second_, false);
  issue(second_);
  confirm(second_, id);
  EXPECT_EQ(key_state(first_), "active");
  EXPECT_EQ(key_state(second_), "active");
}

TEST_F(Certificates, ARevokedKeyTakesWithItThoseThatItRegistered) {
  std::string id = order(add_first(first_), second_);
  issue(second_);
  confirm(second_, id);
  id = order(find_key(*sql_, second_.spki()).value(), third_);
  write([&](Group& group) { revoke_key(group, first_.spki()); });
  for (const TestIdentity* each : {&first_, &second_, &third_})
    EXPECT_EQ(admission(*each), "403 This key is revoked.");
  EXPECT_EQ(find_order(*sql_, id_, kAuthentication, id)->reason, "The key is revoked.");
  EXPECT_EQ(clerk_->work(), 0U);
}

TEST_F(Certificates, OnlyAFinalRefusalEndsAnOrder) {
  const std::string id = order(add_first(first_), second_);
  authority_->answer = {Kind::failed, {}, "it is on fire"};
  EXPECT_EQ(clerk_->work(), 1U);
  EXPECT_EQ(clerk_->work(), 0U);
  now_ += kAfterFailure - std::chrono::seconds(1);
  EXPECT_EQ(clerk_->work(), 0U);
  now_ += std::chrono::seconds(1);
  authority_->answer = {Kind::undecided, {}, {}};
  EXPECT_EQ(clerk_->work(), 1U);
  EXPECT_EQ(state_of(id), "pending");
  now_ += kWhileUndecided;
  issue(third_);  // for another key
  EXPECT_EQ(state_of(id), "pending");
  now_ += kAfterFailure;
  issue(second_, "digitalSignature");  // of no use for a cryptogram
  EXPECT_EQ(state_of(id), "pending");
  now_ += kAfterFailure;
  authority_->answer = {Kind::refused, {}, "unknown organisation"};
  EXPECT_EQ(clerk_->work(), 1U);
  EXPECT_EQ(authority_->asked, Strings(5, id));
  EXPECT_EQ(find_order(*sql_, id_, kAuthentication, id)->reason, "unknown organisation");
  EXPECT_EQ(admission(second_), "403 This key is revoked.");
}

TEST_F(Certificates, OthersAreNoAuthenticationKeys) {
  const AuthenticationKey first = add_first(first_);
  EXPECT_EQ(problem([&] { order(first, first_); }), "409 This key is registered already.");
  EXPECT_EQ(problem([&] {
              write([&](Group& group) {
                return order_authentication_certificate(
                    group, first, {read_request(second_.request()), "Yw==", true});
              });
            }),
            "422 A cryptogram is a CMS AuthEnvelopedData in DER.");
  EXPECT_FALSE(find_key(*sql_, second_.spki()));
}

class SealingCertificates : public Certificates {
 protected:
  SealingCertificates() {
    write([&](Group& group) { return add_sealing_certificate(group, id_, certificate_); });
  }

  SealingLease lease(const std::string& key) {
    return write([&](Group& group) { return lease_sealing_key(group, id_, key); });
  }
  std::string hand_in(const std::string& key, const std::string& lease, const Bytes& request) {
    return write(
        [&](Group& group) { return order_sealing_certificate(group, id_, key, lease, request); });
  }
  void activate(const std::string& id) {
    write([&](Group& group) { activate_sealing_certificate(group, id_, id); });
  }
  Strings states() {
    Strings states;
    for (const auto& each : sealing_certificates_of(*sql_, id_)) states.push_back(each.state);
    return states;
  }

  const TestIdentity seal_{"seal"};
  const TestIdentity next_{"seal"};
  const Bytes certificate_ = seal_.certificate(100);
  const Bytes request_ = seal_.sealed(next_.request(), certificate_);
};

TEST_F(SealingCertificates, AreSucceededUnderOneLease) {
  const SealingLease mine = lease("key-a");
  EXPECT_EQ(mine.until, utc_text(now_ + kSealingLease));
  EXPECT_EQ(lease("key-a").id, mine.id);
  EXPECT_EQ(problem([&] { lease("key-b"); }),
            "409 Another machine of the client has the lease on its next sealing key until " +
                mine.until + ".");
  const std::string id = hand_in("key-a", mine.id, request_);
  EXPECT_EQ(hand_in("key-a", mine.id, request_), id);
  // A machine that dies is succeeded by another, which finds the key by its label.
  now_ += kSealingLease;
  const SealingLease theirs = lease("key-b");
  EXPECT_EQ(theirs.id, mine.id);
  EXPECT_EQ(theirs.key_label, mine.key_label);
  EXPECT_EQ(theirs.idempotency_key, mine.idempotency_key);
  EXPECT_EQ(theirs.order, id);
  EXPECT_EQ(problem([&] { hand_in("key-a", mine.id, request_); }),
            "409 Another machine of the client has taken up this lease.");
  EXPECT_EQ(hand_in("key-b", mine.id, seal_.sealed(next_.request(), certificate_)), id);
  EXPECT_EQ(problem([&] { activate(id); }), "409 There is no certificate yet.");
  sealing_authority_->answer = {Kind::issued, {next_.certificate(365)}, {}};
  EXPECT_EQ(clerk_->work(), 1U);
  EXPECT_EQ(sealing_authority_->last, request_);
  EXPECT_EQ(states(), Strings{"active"});
  activate(id);
  activate(id);
  EXPECT_EQ(states(), (Strings{"retired", "active"}));
  EXPECT_NE(lease("key-a").id, mine.id);
}

TEST_F(SealingCertificates, ARefusedRequestEndsItsLease) {
  const SealingLease mine = lease("key-a");
  hand_in("key-a", mine.id, request_);
  sealing_authority_->answer = {Kind::refused, {}, "weak"};
  clerk_->work();
  const SealingLease again = lease("key-b");
  EXPECT_NE(again.id, mine.id);
  EXPECT_NE(again.key_label, mine.key_label);
  EXPECT_EQ(again.order, "");
}

TEST_F(SealingCertificates, AreAskedForByThePresentOne) {
  const std::string id = lease("key-a").id;
  const auto refusal = [&](const Bytes& request) {
    return problem([&] { hand_in("key-a", id, request); });
  };
  const char* kNotPresent =
      "422 The request is not sealed by the client's present sealing certificate.";
  const TestIdentity other("seal");
  EXPECT_EQ(refusal(other.sealed(next_.request(), other.certificate())), kNotPresent);
  EXPECT_EQ(refusal(seal_.sealed(next_.request(), seal_.certificate(99))), kNotPresent);
  EXPECT_EQ(refusal(seal_.sealed(seal_.request(), certificate_)),
            "422 The request is for the key of the present certificate.");
  EXPECT_EQ(refusal(seal_.sealed(next_.request_named("another"), certificate_)),
            "422 The request names another subject than the present certificate.");
  EXPECT_EQ(problem([&] { hand_in("key-a", "none", request_); }),
            "404 The client has no such lease.");
  hand_in("key-a", id, request_);
  EXPECT_EQ(refusal(seal_.sealed(TestIdentity("seal").request(), certificate_)),
            "409 Under this lease a request for another key was handed in.");
}

TEST_F(SealingCertificates, AreOfNoUseAfterTheirEnd) {
  now_ += std::chrono::days(101);
  const std::string id = lease("key-a").id;
  EXPECT_EQ(problem([&] { hand_in("key-a", id, request_); }),
            "422 The certificate that has sealed the request has expired.");
}

}  // namespace
}  // namespace signet::sealserver
