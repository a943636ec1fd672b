#include "softhsm-backend/objects.h"

#include "softhsm-backend/accounts.h"
#include "softhsm-backend/encoding.h"
#include "softhsm-backend/key_types.h"

namespace signet::emulator {

namespace {

KeyRow key_in(const Rows& rows) {
  return {.seq = rows.number(0),
          .id = rows.text(1),
          .owner = rows.text(2),
          .label = rows.blob(3),
          .cka_id = rows.blob(4),
          .bits = rows.number(5),
          .curve = rows.text(6),
          .public_key = rows.blob(7),
          .created_at = rows.number(8),
          .active = rows.number(9) != 0};
}

std::optional<KeyRow> one_key(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return key_in(rows);
}

CertificateRow certificate_in(const Rows& rows) {
  return {.seq = rows.number(0),
          .id = rows.text(1),
          .owner = rows.text(2),
          .label = rows.blob(3),
          .cka_id = rows.blob(4),
          .der = rows.blob(5),
          .public_key = rows.blob(6),
          .key_id = rows.text(7)};
}

std::optional<CertificateRow> one_certificate(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return certificate_in(rows);
}

std::int64_t one_number(Rows rows) {
  return rows.next() ? rows.number(0) : 0;
}

const std::string kSelectKey =
    "SELECT seq, id, owner, label, cka_id, bits, curve, public_key, created_at, active FROM keys ";

// The key is looked up at every read: it may be made, or go, after the certificate came.
const std::string kSelectCertificate =
    "SELECT c.seq, c.id, c.owner, c.label, c.cka_id, c.der, c.public_key,"
    " coalesce((SELECT k.id FROM keys k WHERE k.owner = c.owner AND k.public_key = c.public_key"
    " LIMIT 1), '') FROM certificates c ";

}  // namespace

crypto::KeyParameters KeyRow::parameters() const {
  const CurveRow* row = named(kCurves, curve);
  if (row == nullptr) return {.bits = static_cast<unsigned>(bits)};
  return {.type = row_of(row->curve).type, .curve = row->curve};
}

KeyRow new_key(std::string_view owner, const crypto::KeyParameters& parameters) {
  KeyRow key;
  key.id = new_uuid();
  key.owner = owner;
  key.bits = parameters.bits;
  if (parameters.type != crypto::KeyType::rsa) key.curve = name_of(parameters.curve);
  return key;
}

std::optional<KeyRow> find_key(Database& database, std::string_view owner, std::string_view id) {
  return one_key(database.query(kSelectKey + "WHERE owner = ? AND id = ?", owner, id));
}

std::optional<KeyRow> find_key_by_public_key(Database& database, std::string_view owner,
                                             ByteView public_key) {
  return one_key(
      database.query(kSelectKey + "WHERE owner = ? AND public_key = ?", owner, public_key));
}

std::vector<KeyRow> keys_after(Database& database, std::string_view owner, std::int64_t seq,
                               std::int64_t limit) {
  auto rows = database.query(kSelectKey + "WHERE owner = ? AND seq > ? ORDER BY seq LIMIT ?", owner,
                             seq, limit);
  std::vector<KeyRow> keys;
  while (rows.next()) keys.push_back(key_in(rows));
  return keys;
}

std::vector<std::string> all_key_ids(Database& database) {
  auto rows = database.query("SELECT id FROM keys");
  std::vector<std::string> ids;
  while (rows.next()) ids.push_back(rows.text(0));
  return ids;
}

std::int64_t count_keys(Database& database, std::string_view owner) {
  return one_number(database.query("SELECT count(*) FROM keys WHERE owner = ?", owner));
}

void insert_key(Database& database, const KeyRow& key) {
  database.run(
      "INSERT INTO keys (id, owner, label, cka_id, bits, curve, public_key, created_at, active)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      key.id, key.owner, key.label, key.cka_id, key.bits, key.curve, key.public_key, key.created_at,
      std::int64_t{key.active});
  touch_set(database, key.owner);
}

void rename_key(Database& database, const KeyRow& key, const Naming& naming) {
  database.run("UPDATE keys SET label = ?, cka_id = ? WHERE id = ?",
               naming.label.value_or(key.label), naming.cka_id.value_or(key.cka_id), key.id);
  touch_set(database, key.owner);
}

void delete_key(Database& database, const KeyRow& key) {
  database.run("DELETE FROM keys WHERE id = ?", key.id);
  touch_set(database, key.owner);
}

bool set_key_active(Database& database, std::string_view owner, std::string_view id, bool active) {
  const bool found = database.run("UPDATE keys SET active = ? WHERE owner = ? AND id = ?",
                                  std::int64_t{active}, owner, id) == 1;
  if (found) touch_set(database, owner);
  return found;
}

std::optional<CertificateRow> find_certificate(Database& database, std::string_view owner,
                                               std::string_view id) {
  return one_certificate(
      database.query(kSelectCertificate + "WHERE c.owner = ? AND c.id = ?", owner, id));
}

std::optional<CertificateRow> find_same_certificate(Database& database, std::string_view owner,
                                                    ByteView der, const Naming& naming) {
  auto rows = database.query(kSelectCertificate + "WHERE c.owner = ? AND c.der = ? ORDER BY c.seq",
                             owner, der);
  while (rows.next()) {
    CertificateRow stored = certificate_in(rows);
    if (naming.label.value_or(stored.label) == stored.label &&
        naming.cka_id.value_or(stored.cka_id) == stored.cka_id)
      return stored;
  }
  return std::nullopt;
}

std::vector<CertificateRow> certificates_after(Database& database, std::string_view owner,
                                               std::int64_t seq, std::int64_t limit) {
  auto rows =
      database.query(kSelectCertificate + "WHERE c.owner = ? AND c.seq > ? ORDER BY c.seq LIMIT ?",
                     owner, seq, limit);
  std::vector<CertificateRow> certificates;
  while (rows.next()) certificates.push_back(certificate_in(rows));
  return certificates;
}

std::vector<CertificateRow> certificates_of_key(Database& database, const KeyRow& key) {
  auto rows = database.query(
      kSelectCertificate + "WHERE c.owner = ? AND c.public_key = ? ORDER BY c.seq DESC", key.owner,
      key.public_key);
  std::vector<CertificateRow> certificates;
  while (rows.next()) certificates.push_back(certificate_in(rows));
  return certificates;
}

std::vector<Bytes> certificates_without_key(Database& database) {
  auto rows = database.query(
      "SELECT der FROM certificates c WHERE NOT EXISTS (SELECT 1 FROM keys k WHERE k.owner = "
      "c.owner"
      " AND k.public_key = c.public_key) GROUP BY der ORDER BY min(seq)");
  std::vector<Bytes> certificates;
  while (rows.next()) certificates.push_back(rows.blob(0));
  return certificates;
}

std::vector<std::string> delete_objects(Database& database, std::string_view owner) {
  std::vector<std::string> ids;
  {
    auto rows = database.query("SELECT id FROM keys WHERE owner = ? ORDER BY seq", owner);
    while (rows.next()) ids.push_back(rows.text(0));
  }
  database.run("DELETE FROM certificates WHERE owner = ?", owner);
  database.run("DELETE FROM keys WHERE owner = ?", owner);
  return ids;
}

std::int64_t count_certificates(Database& database, std::string_view owner) {
  return one_number(database.query("SELECT count(*) FROM certificates WHERE owner = ?", owner));
}

void insert_certificate(Database& database, const CertificateRow& certificate) {
  database.run(
      "INSERT INTO certificates (id, owner, label, cka_id, der, public_key) VALUES (?, ?, ?, ?, ?, "
      "?)",
      certificate.id, certificate.owner, certificate.label, certificate.cka_id, certificate.der,
      certificate.public_key);
  touch_set(database, certificate.owner);
}

void rename_certificate(Database& database, const CertificateRow& certificate,
                        const Naming& naming) {
  database.run("UPDATE certificates SET label = ?, cka_id = ? WHERE id = ?",
               naming.label.value_or(certificate.label), naming.cka_id.value_or(certificate.cka_id),
               certificate.id);
  touch_set(database, certificate.owner);
}

void delete_certificate(Database& database, const CertificateRow& certificate) {
  database.run("DELETE FROM certificates WHERE id = ?", certificate.id);
  touch_set(database, certificate.owner);
}

}  // namespace signet::emulator
