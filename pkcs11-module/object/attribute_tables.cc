#include "pkcs11-module/object/attribute_tables.h"

namespace signet::object {
namespace {

constexpr CK_ULONG kYes = CK_TRUE;
constexpr CK_ULONG kNo = CK_FALSE;
constexpr bool kChangeable = true;
constexpr bool kFixed = false;

// The columns: type, kind, source, making, changeable, standard value, key family. The standard
// values are those of a token object; session objects carry their own where they differ.

constexpr AttributeRule kPrivateKey[] = {
    {CKA_CLASS, Kind::number, Source::standard, Making::refused, kFixed, CKO_PRIVATE_KEY},
    {CKA_TOKEN, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_PRIVATE, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_MODIFIABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_COPYABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_DESTROYABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_LABEL, Kind::bytes, Source::standard, Making::refused, kChangeable},
    {CKA_UNIQUE_ID, Kind::bytes, Source::carried},
    {CKA_KEY_TYPE, Kind::number, Source::public_key},
    {CKA_ID, Kind::bytes, Source::standard, Making::refused, kChangeable},
    {CKA_START_DATE, Kind::date},
    {CKA_END_DATE, Kind::date},
    {CKA_DERIVE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_LOCAL, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_KEY_GEN_MECHANISM, Kind::number, Source::public_key},
    {CKA_ALLOWED_MECHANISMS, Kind::numbers, Source::mechanisms},
    {CKA_SUBJECT, Kind::bytes},
    {CKA_SENSITIVE, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_DECRYPT, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_SIGN, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_SIGN_RECOVER, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_UNWRAP, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_EXTRACTABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_ALWAYS_SENSITIVE, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_NEVER_EXTRACTABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_WRAP_WITH_TRUSTED, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_ALWAYS_AUTHENTICATE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_PUBLIC_KEY_INFO, Kind::bytes, Source::public_key},
    {CKA_MODULUS, Kind::bytes, Source::public_key, Making::refused, kFixed, 0, Family::rsa},
    {CKA_PUBLIC_EXPONENT, Kind::bytes, Source::public_key, Making::refused, kFixed, 0, Family::rsa},
    {CKA_PRIVATE_EXPONENT, Kind::bytes, Source::secret, Making::refused, kFixed, 0, Family::rsa},
    {CKA_PRIME_1, Kind::bytes, Source::secret, Making::refused, kFixed, 0, Family::rsa},
    {CKA_PRIME_2, Kind::bytes, Source::secret, Making::refused, kFixed, 0, Family::rsa},
    {CKA_EXPONENT_1, Kind::bytes, Source::secret, Making::refused, kFixed, 0, Family::rsa},
    {CKA_EXPONENT_2, Kind::bytes, Source::secret, Making::refused, kFixed, 0, Family::rsa},
    {CKA_COEFFICIENT, Kind::bytes, Source::secret, Making::refused, kFixed, 0, Family::rsa},
    {CKA_EC_PARAMS, Kind::bytes, Source::public_key, Making::refused, kFixed, 0, Family::ec},
    // Not in the standard's table, but OpenSSL's engine and SunPKCS11 read it from the private key.
    {CKA_EC_POINT, Kind::bytes, Source::public_key, Making::refused, kFixed, 0, Family::ec},
    {CKA_VALUE, Kind::bytes, Source::secret, Making::refused, kFixed, 0, Family::ec},
};

constexpr AttributeRule kPublicKey[] = {
    {CKA_CLASS, Kind::number, Source::standard, Making::required, kFixed, CKO_PUBLIC_KEY},
    {CKA_TOKEN, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_PRIVATE, Kind::boolean, Source::standard, Making::taken, kFixed, kNo},
    {CKA_MODIFIABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_COPYABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_DESTROYABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_LABEL, Kind::bytes, Source::standard, Making::taken, kChangeable},
    {CKA_UNIQUE_ID, Kind::bytes, Source::carried},
    {CKA_KEY_TYPE, Kind::number, Source::public_key, Making::required},
    {CKA_ID, Kind::bytes, Source::standard, Making::taken, kChangeable},
    {CKA_START_DATE, Kind::date, Source::standard, Making::taken},
    {CKA_END_DATE, Kind::date, Source::standard, Making::taken},
    {CKA_DERIVE, Kind::boolean, Source::standard, Making::asked, kFixed, kNo},
    {CKA_LOCAL, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_KEY_GEN_MECHANISM, Kind::number, Source::public_key},
    {CKA_ALLOWED_MECHANISMS, Kind::numbers, Source::mechanisms},
    {CKA_SUBJECT, Kind::bytes, Source::standard, Making::taken},
    {CKA_ENCRYPT, Kind::boolean, Source::standard, Making::asked, kFixed, kNo},
    {CKA_VERIFY, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_VERIFY_RECOVER, Kind::boolean, Source::standard, Making::asked, kFixed, kNo},
    {CKA_WRAP, Kind::boolean, Source::standard, Making::asked, kFixed, kNo},
    {CKA_TRUSTED, Kind::boolean, Source::standard, Making::agrees, kFixed, kNo},
    {CKA_PUBLIC_KEY_INFO, Kind::bytes, Source::public_key, Making::agrees},
    {CKA_MODULUS, Kind::bytes, Source::public_key, Making::required, kFixed, 0, Family::rsa},
    {CKA_MODULUS_BITS, Kind::number, Source::carried, Making::agrees, kFixed, 0, Family::rsa},
    {CKA_PUBLIC_EXPONENT, Kind::bytes, Source::public_key, Making::required, kFixed, 0,
     Family::rsa},
    {CKA_EC_PARAMS, Kind::bytes, Source::public_key, Making::required, kFixed, 0, Family::ec},
    {CKA_EC_POINT, Kind::bytes, Source::public_key, Making::required, kFixed, 0, Family::ec},
};

constexpr AttributeRule kCertificate[] = {
    {CKA_CLASS, Kind::number, Source::standard, Making::required, kFixed, CKO_CERTIFICATE},
    {CKA_TOKEN, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_PRIVATE, Kind::boolean, Source::standard, Making::taken, kFixed, kNo},
    {CKA_MODIFIABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_COPYABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_DESTROYABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_LABEL, Kind::bytes, Source::standard, Making::taken, kChangeable},
    {CKA_UNIQUE_ID, Kind::bytes, Source::carried},
    {CKA_CERTIFICATE_TYPE, Kind::number, Source::standard, Making::agrees, kFixed, CKC_X_509},
    {CKA_TRUSTED, Kind::boolean, Source::standard, Making::agrees, kFixed, kNo},
    {CKA_CERTIFICATE_CATEGORY, Kind::number, Source::standard, Making::taken, kFixed,
     CK_CERTIFICATE_CATEGORY_UNSPECIFIED},
    {CKA_CHECK_VALUE, Kind::bytes, Source::carried, Making::agrees},
    {CKA_START_DATE, Kind::date, Source::standard, Making::agrees},
    {CKA_END_DATE, Kind::date, Source::standard, Making::agrees},
    {CKA_PUBLIC_KEY_INFO, Kind::bytes, Source::carried, Making::agrees},
    {CKA_SUBJECT, Kind::bytes, Source::carried, Making::agrees},
    {CKA_ID, Kind::bytes, Source::standard, Making::taken, kChangeable},
    {CKA_ISSUER, Kind::bytes, Source::carried, Making::agrees},
    {CKA_SERIAL_NUMBER, Kind::bytes, Source::carried, Making::agrees},
    {CKA_VALUE, Kind::bytes, Source::carried, Making::required},
    {CKA_URL, Kind::bytes, Source::standard, Making::taken},
    {CKA_HASH_OF_SUBJECT_PUBLIC_KEY, Kind::bytes, Source::standard, Making::taken},
    {CKA_HASH_OF_ISSUER_PUBLIC_KEY, Kind::bytes, Source::standard, Making::taken},
    {CKA_JAVA_MIDP_SECURITY_DOMAIN, Kind::number, Source::standard, Making::taken, kFixed,
     CK_SECURITY_DOMAIN_UNSPECIFIED},
    {CKA_NAME_HASH_ALGORITHM, Kind::number, Source::standard, Making::taken, kFixed, CKM_SHA_1},
};

// Session objects only: an appliance keeps no data.
constexpr AttributeRule kData[] = {
    {CKA_CLASS, Kind::number, Source::standard, Making::required, kFixed, CKO_DATA},
    {CKA_TOKEN, Kind::boolean, Source::standard, Making::taken, kFixed, kNo},
    {CKA_PRIVATE, Kind::boolean, Source::standard, Making::taken, kFixed, kNo},
    {CKA_MODIFIABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_COPYABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_DESTROYABLE, Kind::boolean, Source::standard, Making::taken, kFixed, kYes},
    {CKA_LABEL, Kind::bytes, Source::standard, Making::taken, kChangeable},
    {CKA_UNIQUE_ID, Kind::bytes, Source::carried},
    {CKA_APPLICATION, Kind::bytes, Source::standard, Making::taken},
    {CKA_OBJECT_ID, Kind::bytes, Source::standard, Making::taken},
    {CKA_VALUE, Kind::bytes, Source::standard, Making::taken},
};

// The three classes that the token makes itself. They are no storage objects, but programs ask
// every object whether it is a token's, and whether it can be changed or destroyed.
constexpr AttributeRule kMechanism[] = {
    {CKA_CLASS, Kind::number, Source::standard, Making::refused, kFixed, CKO_MECHANISM},
    {CKA_TOKEN, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_PRIVATE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_MODIFIABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_COPYABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_DESTROYABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_MECHANISM_TYPE, Kind::number, Source::carried},
};

constexpr AttributeRule kProfile[] = {
    {CKA_CLASS, Kind::number, Source::standard, Making::refused, kFixed, CKO_PROFILE},
    {CKA_TOKEN, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_PRIVATE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_MODIFIABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_COPYABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_DESTROYABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_PROFILE_ID, Kind::number, Source::carried},
};

// The one feature shown is the user interface, and it says that there is none: no screen, no text.
// An appliance's clock can be read only over the network and its counters not at all, so they are
// not shown.
constexpr AttributeRule kHardwareFeature[] = {
    {CKA_CLASS, Kind::number, Source::standard, Making::refused, kFixed, CKO_HW_FEATURE},
    {CKA_TOKEN, Kind::boolean, Source::standard, Making::refused, kFixed, kYes},
    {CKA_PRIVATE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_MODIFIABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_COPYABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_DESTROYABLE, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_HW_FEATURE_TYPE, Kind::number, Source::standard, Making::refused, kFixed,
     CKH_USER_INTERFACE},
    {CKA_PIXEL_X, Kind::number},
    {CKA_PIXEL_Y, Kind::number},
    {CKA_RESOLUTION, Kind::number},
    {CKA_CHAR_ROWS, Kind::number},
    {CKA_CHAR_COLUMNS, Kind::number},
    {CKA_COLOR, Kind::boolean, Source::standard, Making::refused, kFixed, kNo},
    {CKA_BITS_PER_PIXEL, Kind::number},
    {CKA_CHAR_SETS, Kind::bytes},
    {CKA_ENCODING_METHODS, Kind::bytes},
    {CKA_MIME_TYPES, Kind::bytes},
};

// Of classes that have no objects here: enough to read any template safely.
constexpr AttributeRule kElsewhere[] = {
    {CKA_VALUE_LEN, Kind::number},      {CKA_VALUE_BITS, Kind::number},
    {CKA_PRIME_BITS, Kind::number},     {CKA_SUBPRIME_BITS, Kind::number},
    {CKA_RESET_ON_INIT, Kind::boolean}, {CKA_HAS_RESET, Kind::boolean},
};

constexpr std::span<const AttributeRule> kTables[] = {
    kPrivateKey, kPublicKey, kCertificate,     kData,
    kMechanism,  kProfile,   kHardwareFeature, kElsewhere};

}  // namespace

std::span<const std::span<const AttributeRule>> attribute_tables() {
  return kTables;
}

}  // namespace signet::object
