#include "pkcs11-module/object/attributes.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <random>
#include <vector>

#include "pkcs11-module/object/attribute_rules.h"
#include "pkcs11-module/object/testing/test_objects.h"

namespace signet::object {
namespace {

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const void* value, CK_ULONG length) {
  return {type, const_cast<void*>(value), length};
}

template <std::size_t N>
CkResult<AttributeSet> read(const CK_ATTRIBUTE (&list)[N]) {
  return read_template(list, N);
}

TEST(AttributeSet, FindsWhatWasSetInAnyOrder) {
  AttributeSet set;
  set.set(CKA_LABEL, view_of("label"));
  set.set_number(CKA_CLASS, CKO_CERTIFICATE);
  set.set_bool(CKA_TOKEN, true);
  EXPECT_EQ(text_of(*set.find(CKA_LABEL)), "label");
  EXPECT_EQ(set.number(CKA_CLASS), CKO_CERTIFICATE);
  EXPECT_TRUE(set.flag(CKA_TOKEN));
  EXPECT_FALSE(set.flag(CKA_PRIVATE));
  EXPECT_FALSE(set.find(CKA_ID));
  EXPECT_EQ(set.at(0).type, CKA_CLASS);
  EXPECT_EQ(set.at(1).type, CKA_TOKEN);
  EXPECT_EQ(set.at(2).type, CKA_LABEL);
}

TEST(AttributeSet, ReplacesAndErasesWithoutTouchingTheRest) {
  AttributeSet set;
  set.set(CKA_LABEL, view_of("first"));
  set.set(CKA_ID, view_of("id"));
  set.set(CKA_LABEL, view_of("a longer second"));
  EXPECT_EQ(set.size(), 2U);
  EXPECT_EQ(text_of(*set.find(CKA_LABEL)), "a longer second");
  EXPECT_EQ(text_of(*set.find(CKA_ID)), "id");
  set.erase(CKA_LABEL);
  set.erase(CKA_SUBJECT);
  EXPECT_FALSE(set.find(CKA_LABEL));
  EXPECT_EQ(text_of(*set.find(CKA_ID)), "id");
}

TEST(AttributeSet, MaySetAValueFromItself) {
  AttributeSet set;
  set.set(CKA_LABEL, view_of("same"));
  for (int i = 0; i < 20; ++i)
    set.set(CKA_VENDOR_DEFINED + static_cast<CK_ULONG>(i), *set.find(CKA_LABEL));
  set.set(CKA_LABEL, *set.find(CKA_LABEL));
  EXPECT_EQ(text_of(*set.find(CKA_LABEL)), "same");
  EXPECT_EQ(text_of(*set.find(CKA_VENDOR_DEFINED + 19)), "same");
}

TEST(AttributeSet, KeepsPartsWhenTheWholeIsErased) {
  AttributeSet set;
  set.set(CKA_ID, view_of("before"));
  set.set(CKA_VALUE, view_of("0123456789"));
  set.set_part(CKA_SUBJECT, CKA_VALUE, 2, 3);
  set.set_part(CKA_ISSUER, CKA_VALUE, 5, 5);
  EXPECT_EQ(text_of(*set.find(CKA_SUBJECT)), "234");
  set.erase(CKA_VALUE);
  EXPECT_EQ(text_of(*set.find(CKA_SUBJECT)), "234");
  EXPECT_EQ(text_of(*set.find(CKA_ISSUER)), "56789");
  EXPECT_EQ(text_of(*set.find(CKA_ID)), "before");
}

TEST(AttributeSet, TakesNothingOfAWrongLengthForANumberOrABoolean) {
  AttributeSet set;
  set.set(CKA_CLASS, view_of("abc"));
  set.set(CKA_TOKEN, view_of("\1\1"));
  EXPECT_FALSE(set.number(CKA_CLASS));
  EXPECT_FALSE(set.flag(CKA_TOKEN));
}

TEST(AttributeSet, BehavesAsAMapUnderRandomChanges) {
  std::mt19937 random(7);
  AttributeSet set;
  std::map<CK_ATTRIBUTE_TYPE, Bytes> model;
  for (int round = 0; round < 20000; ++round) {
    const CK_ATTRIBUTE_TYPE type = random() % 12;
    if (random() % 3 == 0) {
      set.erase(type);
      model.erase(type);
    } else {
      const Bytes value(random() % 9, static_cast<std::uint8_t>(random()));
      set.set(type, value);
      model[type] = value;
    }
    if (round % 100 == 0) set.shrink();
    ASSERT_EQ(set.size(), model.size());
    std::size_t index = 0;
    for (const auto& [known, value] : model) {
      ASSERT_EQ(set.at(index).type, known);
      ASSERT_TRUE(equal(set.at(index).value, value));
      ++index;
    }
  }
}

TEST(ReadTemplate, ReadsAtAnyAlignment) {
  const CK_ULONG object_class = CKO_PUBLIC_KEY;
  for (std::size_t shift = 0; shift < sizeof(CK_ATTRIBUTE); ++shift) {
    Bytes value(sizeof object_class + shift);
    std::memcpy(value.data() + shift, &object_class, sizeof object_class);
    const CK_ATTRIBUTE given = attribute(CKA_CLASS, value.data() + shift, sizeof object_class);
    Bytes raw(sizeof given + shift);
    std::memcpy(raw.data() + shift, &given, sizeof given);
    const auto set = read_template(reinterpret_cast<const CK_ATTRIBUTE*>(raw.data() + shift), 1);
    ASSERT_TRUE(set);
    EXPECT_EQ(set.value().number(CKA_CLASS), CKO_PUBLIC_KEY);
  }
}

TEST(ReadTemplate, CopiesTheCallersValues) {
  char label[] = "label";
  const CK_ATTRIBUTE list[] = {attribute(CKA_LABEL, label, 5)};
  const auto set = read(list);
  label[0] = 'X';
  ASSERT_TRUE(set);
  EXPECT_EQ(text_of(*set.value().find(CKA_LABEL)), "label");
}

TEST(ReadTemplate, TakesAnEmptyTemplate) {
  ASSERT_TRUE(read_template(nullptr, 0));
  EXPECT_TRUE(read_template(nullptr, 0).value().empty());
}

TEST(ReadTemplate, RefusesNullWithACountAndTooMany) {
  EXPECT_EQ(code(read_template(nullptr, 1)), CKR_ARGUMENTS_BAD);
  const std::vector<CK_ATTRIBUTE> many(kMaxTemplateCount + 1, attribute(CKA_LABEL, "x", 1));
  EXPECT_EQ(code(read_template(many.data(), many.size())), CKR_ARGUMENTS_BAD);
  EXPECT_EQ(code(read_template(many.data(), many.size() - 1)), CKR_OK);
  EXPECT_EQ(code(read_template(many.data(), ~CK_ULONG{0})), CKR_ARGUMENTS_BAD);
}

TEST(ReadTemplate, FoldsEqualDuplicatesAndRefusesOthers) {
  const CK_ATTRIBUTE equal_ones[] = {attribute(CKA_LABEL, "x", 1), attribute(CKA_LABEL, "x", 1)};
  ASSERT_TRUE(read(equal_ones));
  EXPECT_EQ(read(equal_ones).value().size(), 1U);
  const CK_ATTRIBUTE others[] = {attribute(CKA_LABEL, "x", 1), attribute(CKA_LABEL, "y", 1)};
  EXPECT_EQ(code(read(others)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(code(read_search_template(others, 2)), CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(ReadTemplate, RefusesALengthWithoutAValue) {
  const CK_ATTRIBUTE list[] = {attribute(CKA_LABEL, nullptr, 3)};
  EXPECT_EQ(code(read(list)), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(code(read_search_template(list, 1)), CKR_ATTRIBUTE_VALUE_INVALID);
  const CK_ATTRIBUTE empty[] = {attribute(CKA_LABEL, nullptr, 0)};
  EXPECT_EQ(code(read(empty)), CKR_OK);
}

TEST(ReadTemplate, RefusesOversizedValues) {
  const Bytes large(kMaxObjectValueLength + 1);
  const CK_ATTRIBUTE id[] = {attribute(CKA_ID, large.data(), kMaxValueLength + 1)};
  EXPECT_EQ(code(read(id)), CKR_ATTRIBUTE_VALUE_INVALID);
  const CK_ATTRIBUTE value[] = {attribute(CKA_VALUE, large.data(), kMaxObjectValueLength)};
  EXPECT_EQ(code(read(value)), CKR_OK);
  const CK_ATTRIBUTE larger[] = {attribute(CKA_VALUE, large.data(), kMaxObjectValueLength + 1)};
  EXPECT_EQ(code(read(larger)), CKR_ATTRIBUTE_VALUE_INVALID);
  const CK_ATTRIBUTE endless[] = {attribute(CKA_VALUE, large.data(), CK_UNAVAILABLE_INFORMATION)};
  EXPECT_EQ(code(read(endless)), CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(ReadTemplate, RefusesATemplateThatIsTooLongAltogether) {
  const Bytes large(kMaxValueLength);
  std::vector<CK_ATTRIBUTE> list;
  for (CK_ULONG i = 0; i <= kMaxTemplateLength / kMaxValueLength; ++i)
    list.push_back(attribute(CKA_VENDOR_DEFINED + i, large.data(), large.size()));
  EXPECT_EQ(code(read_template(list.data(), list.size())), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(code(read_template(list.data(), list.size() - 1)), CKR_OK);
}

TEST(ReadTemplate, KnowsTheLengthsOfBooleansNumbersAndDates) {
  const Bytes bytes(32, 1);
  const std::pair<CK_ATTRIBUTE_TYPE, CK_ULONG> wrong[] = {{CKA_TOKEN, 0},
                                                          {CKA_TOKEN, 2},
                                                          {CKA_CLASS, 0},
                                                          {CKA_CLASS, 4},
                                                          {CKA_KEY_TYPE, 9},
                                                          {CKA_START_DATE, 7},
                                                          {CKA_ALLOWED_MECHANISMS, 9},
                                                          {CKA_VALUE_LEN, 3},
                                                          {CKA_MODULUS_BITS, 1}};
  for (const auto& [type, length] : wrong) {
    const CK_ATTRIBUTE list[] = {attribute(type, bytes.data(), length)};
    EXPECT_EQ(code(read(list)), CKR_ATTRIBUTE_VALUE_INVALID) << type << " " << length;
    EXPECT_EQ(code(read_search_template(list, 1)), CKR_OK) << type << " " << length;
  }
  const std::pair<CK_ATTRIBUTE_TYPE, CK_ULONG> right[] = {
      {CKA_TOKEN, 1},    {CKA_CLASS, sizeof(CK_ULONG)}, {CKA_START_DATE, 8},
      {CKA_END_DATE, 0}, {CKA_ALLOWED_MECHANISMS, 16},  {CKA_VENDOR_DEFINED | 5UL, 3}};
  for (const auto& [type, length] : right) {
    const CK_ATTRIBUTE list[] = {attribute(type, bytes.data(), length)};
    EXPECT_EQ(code(read(list)), CKR_OK) << type << " " << length;
  }
}

TEST(ReadTemplate, MakesEveryTrueTheSame) {
  const CK_ATTRIBUTE list[] = {attribute(CKA_TOKEN, "\xff", 1)};
  const auto set = read(list);
  ASSERT_TRUE(set);
  EXPECT_EQ(set.value().find(CKA_TOKEN)->front(), CK_TRUE);
}

TEST(ReadTemplate, FollowsNoPointersInNestedTemplates) {
  CK_ATTRIBUTE nested{CKA_LABEL, reinterpret_cast<void*>(0x10), 1000};
  const CK_ATTRIBUTE list[] = {attribute(CKA_UNWRAP_TEMPLATE, &nested, sizeof nested)};
  const auto set = read(list);
  ASSERT_TRUE(set);
  EXPECT_EQ(set.value().find(CKA_UNWRAP_TEMPLATE)->size(), sizeof nested);
}

TEST(ReadTemplate, AnswersGarbageWithoutHarm) {
  std::mt19937 random(20260301);
  const Bytes values(256, 1);
  const CK_ATTRIBUTE_TYPE types[] = {CKA_CLASS, CKA_TOKEN,     CKA_LABEL,      CKA_ID,
                                     CKA_VALUE, CKA_SENSITIVE, CKA_START_DATE, ~CK_ULONG{0}};
  int good = 0;
  int bad = 0;
  for (int round = 0; round < 5000; ++round) {
    std::vector<CK_ATTRIBUTE> list(random() % 6);
    for (auto& each : list) {
      each.type = types[random() % std::size(types)];
      each.pValue = random() % 5 == 0 ? nullptr : const_cast<std::uint8_t*>(values.data());
      each.ulValueLen = random() % 6 == 0 ? ~CK_ULONG{0} - random() % 3 : random() % 10;
    }
    const auto set = read_template(list.data(), list.size());
    const auto search = read_search_template(list.data(), list.size());
    ++(set ? good : bad);
    if (set) {
      ASSERT_TRUE(search);
      for (const auto& each : list) ASSERT_TRUE(set.value().contains(each.type));
    } else {
      ASSERT_FALSE(set.error().sentence.empty());
    }
  }
  EXPECT_GT(good, 500);
  EXPECT_GT(bad, 500);
}

TEST(AttributeRules, NameEachAttributeOnceAClassAndFamily) {
  for (const CK_OBJECT_CLASS object_class :
       {CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_HW_FEATURE, CKO_MECHANISM,
        CKO_PROFILE}) {
    const auto rules = rules_of(object_class);
    ASSERT_FALSE(rules.empty());
    EXPECT_EQ(rules.front().type, CKA_CLASS);
    EXPECT_EQ(rules.front().standard, object_class);
    for (const auto& rule : rules) {
      EXPECT_EQ(rule_for(object_class, rule.type, rule.family), &rule) << rule.type;
      EXPECT_EQ(kind_of(rule.type), rule.kind) << rule.type;
    }
  }
  EXPECT_TRUE(rules_of(CKO_SECRET_KEY).empty());
}

TEST(AttributeRules, KeepKeyMaterialSecretAndOnlyOnPrivateKeys) {
  for (const auto type : {CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1,
                          CKA_EXPONENT_2, CKA_COEFFICIENT}) {
    ASSERT_NE(rule_for(CKO_PRIVATE_KEY, type, Family::rsa), nullptr);
    EXPECT_EQ(rule_for(CKO_PRIVATE_KEY, type, Family::rsa)->source, Source::secret);
    EXPECT_EQ(rule_for(CKO_PRIVATE_KEY, type, Family::ec), nullptr);
    EXPECT_EQ(rule_for(CKO_PUBLIC_KEY, type, Family::rsa), nullptr);
  }
  EXPECT_EQ(rule_for(CKO_PRIVATE_KEY, CKA_VALUE, Family::ec)->source, Source::secret);
}

}  // namespace
}  // namespace signet::object
