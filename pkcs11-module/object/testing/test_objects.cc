#include "pkcs11-module/object/testing/test_objects.h"

namespace signet::object {

const Bytes& root_certificate() {
  static const Bytes kDer = *from_hex(
      "3082016b30820112a00302010202143d1cfa5db2919e08c54c6d22c4c8eff23df44c7f300a06082a8648ce3d"
      "040302301b3119301706035504030c105369676e6574207465737420726f6f743020170d3236303130313030"
      "303030305a180f32303535313233313233353935395a301b3119301706035504030c105369676e6574207465"
      "737420726f6f743059301306072a8648ce3d020106082a8648ce3d0301070342000487e51d84233ece16e4df"
      "d03bc7a4e288dc9a3d7666d918182cc09439c554adf86654408f6e8bb7c14b34578b925ae8f687dbb156de10"
      "b3d04bc7beb873620cfca3323030300f0603551d130101ff040530030101ff301d0603551d0e0416041438d0"
      "407018e5c4733e6df72d3bb40e61b2000d2d300a06082a8648ce3d040302034700304402204886e12965dda9"
      "4744b25ead2b2643af195bde5a36d27b1b1f2918d3a9265798022036ac39689cb36197b549772da777ee163c"
      "0b161c468c1e7b52bd0e7b407e0098");
  return kDer;
}

const Bytes& leaf_certificate() {
  static const Bytes kDer = *from_hex(
      "308201943082013ba00302010202141d553eac7c7fa4a91d6154f639c393f343922b7d300a06082a8648ce3d"
      "040302301b3119301706035504030c105369676e6574207465737420726f6f74301e170d3939313233313030"
      "303030305a170d3330313233313233353935395a301b3119301706035504030c105369676e65742074657374"
      "207365616c3059301306072a8648ce3d020106082a8648ce3d03010703420004c5fa41b64ce4211b3ba224aa"
      "0fca8eccb632c1478243f81d9ae9ed82d76fa26ba2b47849779c203f374f912fdc352eeb63be0653eba33400"
      "54d48d5ba75ceadea35d305b30090603551d1304023000300e0603551d0f0101ff040403020780301d060355"
      "1d0e04160414ffbe292f2656eeeb00e3f2681881bab174ffa036301f0603551d2304183016801438d0407018"
      "e5c4733e6df72d3bb40e61b2000d2d300a06082a8648ce3d0403020347003044022039c07e6bebaec0e5a6ab"
      "0fd36f31a2497f4c51664ca738932e19b30ff3ca773d022017d8b00d141c69d1916ef20a02dbc62285fd08e7"
      "f31d011610fd3946753ed0bc");
  return kDer;
}

transport::KeyInfo rsa_key(const std::string& id) {
  transport::KeyInfo key;
  key.id = id;
  key.label = copy_of(view_of("seal"));
  key.cka_id = {0x01};
  key.bits = 2048;
  key.public_key = crypto::TestKey::rsa(2048).spki();
  return key;
}

transport::KeyInfo ec_key(const std::string& id) {
  transport::KeyInfo key;
  key.id = id;
  key.label = copy_of(view_of("seal-ec"));
  key.cka_id = {0x02};
  key.type = transport::KeyType::ec;
  key.public_key = crypto::TestKey::on_curve("P-256").spki();
  return key;
}

transport::CertificateInfo certificate_info(const std::string& id, const Bytes& der) {
  transport::CertificateInfo certificate;
  certificate.id = id;
  certificate.label = copy_of(view_of("seal"));
  certificate.cka_id = {0x01};
  certificate.der = der;
  return certificate;
}

Wanted& Wanted::flag(CK_ATTRIBUTE_TYPE type, bool value) {
  attributes_.set_bool(type, value);
  return *this;
}

Wanted& Wanted::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  attributes_.set_number(type, value);
  return *this;
}

Wanted& Wanted::text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return bytes(type, view_of(value));
}

Wanted& Wanted::bytes(CK_ATTRIBUTE_TYPE type, ByteView value) {
  attributes_.set(type, value);
  return *this;
}

std::string text_in(const Object& object, CK_ATTRIBUTE_TYPE type) {
  const auto value = object.find(type);
  return value ? std::string(text_of(*value)) : "(absent)";
}

std::string hex_in(const Object& object, CK_ATTRIBUTE_TYPE type) {
  const auto value = object.find(type);
  return value ? to_hex(*value) : "(absent)";
}

}  // namespace signet::object
