#include "seal-server/store/schema.h"

#include <vector>

namespace signet::sealserver {

namespace {

// log: one row; its lock is that of the sequencer. event: content and random are NULL once they were thinned out. node: the
// hashes of every eighth level of the tree, from level 1, that of trees of 256 leaves; level 0 is event.leaf.
const storage::SqlMigration kRegister{
    "CREATE TABLE log (id BIGINT PRIMARY KEY, origin TEXT NOT NULL, public_key TEXT NOT NULL)",
    "CREATE TABLE event (sequence BIGINT PRIMARY KEY, client TEXT, seal TEXT, content TEXT,"
    " random TEXT, entry TEXT NOT NULL, leaf TEXT NOT NULL)",
    "CREATE INDEX event_by_seal ON event (seal)",
    "CREATE TABLE node (level BIGINT NOT NULL, position BIGINT NOT NULL, hash TEXT NOT NULL,"
    " PRIMARY KEY (level, position))",
    "CREATE TABLE checkpoint (size BIGINT PRIMARY KEY, note TEXT NOT NULL)"};

const storage::SqlMigration kClients{
    "CREATE TABLE client (id TEXT PRIMARY KEY, name TEXT NOT NULL, organisation TEXT NOT NULL,"
    " state TEXT NOT NULL, per_day BIGINT, in_all BIGINT, until TEXT, opened BIGINT NOT NULL)",
    "CREATE TABLE authentication_key (spki TEXT PRIMARY KEY, client TEXT NOT NULL,"
    " certificate TEXT NOT NULL, state TEXT NOT NULL, not_after TEXT NOT NULL)",
    "CREATE INDEX authentication_key_by_client ON authentication_key (client)",
    "CREATE TABLE cryptogram (spki TEXT PRIMARY KEY, cryptogram TEXT NOT NULL)",
    "CREATE TABLE credentials (client TEXT PRIMARY KEY, credentials TEXT NOT NULL)"};

// What is not given is the empty text. number: the sequence of the seal's first event.
const storage::SqlMigration kSeals{
    "CREATE TABLE seal (id TEXT PRIMARY KEY, client TEXT NOT NULL, number BIGINT NOT NULL,"
    " opened_at TEXT NOT NULL, ended_at TEXT NOT NULL, kind TEXT NOT NULL, reference TEXT NOT NULL,"
    " digest TEXT NOT NULL, format TEXT NOT NULL, level TEXT NOT NULL, certificate TEXT NOT NULL,"
    " state TEXT NOT NULL, signature_digest TEXT NOT NULL, sealed_digest TEXT NOT NULL,"
    " signed_at TEXT NOT NULL, timestamped_at TEXT NOT NULL, used_certificate TEXT NOT NULL,"
    " reason TEXT NOT NULL)",
    "CREATE INDEX seal_by_number ON seal (client, number)",
    "CREATE INDEX seal_by_time ON seal (client, opened_at)",
    "CREATE INDEX seal_by_digest ON seal (digest)",
    "CREATE INDEX seal_by_sealed_digest ON seal (sealed_digest)",
    "CREATE INDEX seal_by_reference ON seal (client, reference)",
    "CREATE INDEX seal_by_state ON seal (state, opened_at)",
    "CREATE TABLE answer (client TEXT NOT NULL, name TEXT NOT NULL, request TEXT NOT NULL,"
    " body TEXT NOT NULL, made_at TEXT NOT NULL, PRIMARY KEY (client, name))",
    "CREATE INDEX answer_by_time ON answer (made_at)"};

// checkpoint.previous: the size of the one before, 0 for the first, so that one that is missing shows. time_stamp.token: DER in
// base64, over the checkpoint of that size.
const storage::SqlMigration kTimeStamps{
    "ALTER TABLE checkpoint ADD COLUMN previous BIGINT",
    "UPDATE checkpoint SET previous = COALESCE((SELECT max(earlier.size) FROM checkpoint AS earlier"
    " WHERE earlier.size < checkpoint.size), 0)",
    "CREATE TABLE time_stamp (size BIGINT PRIMARY KEY, made_at TEXT NOT NULL, token TEXT NOT "
    "NULL)"};

const storage::SqlMigration kReconciling{
    "CREATE INDEX seal_by_signature_digest ON seal (signature_digest)"};

// size: of the last tree whose checkpoint that key has signed.
const storage::SqlMigration kFormerLogs{
    "CREATE TABLE former_log (size BIGINT PRIMARY KEY, origin TEXT NOT NULL,"
    " public_key TEXT NOT NULL)"};

// Ciphertexts that may have become a client's credentials, in the order in which they were added; the newest lease on their
// change, which may have lapsed; the newest signed statement about its appliance.
const storage::SqlMigration kCredentialChanges{
    "CREATE TABLE next_credentials (client TEXT NOT NULL, number BIGINT NOT NULL,"
    " credentials TEXT NOT NULL, PRIMARY KEY (client, number))",
    "CREATE TABLE credentials_lease (client TEXT PRIMARY KEY, id TEXT NOT NULL, spki TEXT NOT NULL,"
    " until TEXT NOT NULL)",
    "CREATE TABLE statement (client TEXT PRIMARY KEY, number BIGINT NOT NULL,"
    " statement TEXT NOT NULL)"};

// What is not given is the empty text. card, supersedes: 0 or 1. certificate_order.certificates: base64 of DER, a line each;
// due: when the authority is asked next. sealing_lease: the newest of a client.
const storage::SqlMigration kCertificates{
    "ALTER TABLE authentication_key ADD COLUMN card BIGINT NOT NULL DEFAULT 0",
    "ALTER TABLE authentication_key ADD COLUMN registered_by TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE authentication_key ADD COLUMN superseded_at TEXT NOT NULL DEFAULT ''",
    "ALTER TABLE authentication_key ADD COLUMN accepted_until TEXT NOT NULL DEFAULT ''",
    "CREATE INDEX authentication_key_by_registrar ON authentication_key (registered_by)",
    "CREATE TABLE certificate_order (id TEXT PRIMARY KEY, client TEXT NOT NULL,"
    " purpose TEXT NOT NULL, spki TEXT NOT NULL, made_by TEXT NOT NULL, state TEXT NOT NULL,"
    " request TEXT NOT NULL, certificates TEXT NOT NULL, reason TEXT NOT NULL,"
    " supersedes BIGINT NOT NULL, made_at TEXT NOT NULL, due TEXT NOT NULL)",
    "CREATE INDEX certificate_order_by_due ON certificate_order (state, due)",
    "CREATE INDEX certificate_order_by_key ON certificate_order (spki)",
    "CREATE TABLE sealing_certificate (name TEXT PRIMARY KEY, client TEXT NOT NULL,"
    " certificate TEXT NOT NULL, spki TEXT NOT NULL, state TEXT NOT NULL, not_after TEXT NOT NULL)",
    "CREATE INDEX sealing_certificate_by_client ON sealing_certificate (client)",
    "CREATE TABLE sealing_lease (client TEXT PRIMARY KEY, id TEXT NOT NULL, key_label TEXT NOT "
    "NULL,"
    " idempotency_key TEXT NOT NULL, until TEXT NOT NULL, certificate_order TEXT NOT NULL,"
    " spki TEXT NOT NULL)"};

// client.per_second: NULL where it is the server's. client.members: an address a line.
const storage::SqlMigration kAdministration{
    "ALTER TABLE client ADD COLUMN per_second BIGINT",
    "ALTER TABLE client ADD COLUMN members TEXT NOT NULL DEFAULT ''",
    "CREATE TABLE official (spki TEXT PRIMARY KEY, name TEXT NOT NULL, role TEXT NOT NULL,"
    " not_after TEXT NOT NULL)"};

// What the web pages need: users, their sessions, and an index for each order in which they list seals. Names of users are
// lower case. password: see pages/password.h.
const storage::SqlMigration kPages{
    "CREATE TABLE web_user (name TEXT PRIMARY KEY, role TEXT NOT NULL, client TEXT NOT NULL,"
    " spki TEXT NOT NULL, password TEXT NOT NULL, code_key TEXT NOT NULL,"
    " code_step BIGINT NOT NULL, failures BIGINT NOT NULL, locked_until TEXT NOT NULL)",
    "CREATE INDEX web_user_by_key ON web_user (spki)",
    "CREATE TABLE web_session (id TEXT PRIMARY KEY, user_name TEXT NOT NULL, spki TEXT NOT NULL,"
    " started_at TEXT NOT NULL, used_at TEXT NOT NULL)",
    "CREATE INDEX web_session_by_user ON web_session (user_name)",
    "CREATE UNIQUE INDEX seal_by_sequence ON seal (number)",
    "DROP INDEX seal_by_time",
    "CREATE INDEX seal_by_time ON seal (opened_at, number)",
    "CREATE INDEX seal_by_client ON seal (client, opened_at, number)",
    "DROP INDEX seal_by_state",
    "CREATE INDEX seal_by_state ON seal (state, opened_at, number)",
    "CREATE INDEX seal_by_certificate ON seal ((CASE WHEN used_certificate = '' THEN certificate"
    " ELSE used_certificate END), opened_at, number)"};

// References by their beginning, compared octet by octet, and by any part of them.
const storage::SqlMigration kReferencesInSqlite{
    "DROP INDEX seal_by_reference",
    "CREATE INDEX seal_by_reference ON seal (reference, number)",
    "CREATE INDEX seal_by_client_reference ON seal (client, reference, number)",
    "CREATE VIRTUAL TABLE seal_part USING fts5 (reference, content = '', tokenize = 'trigram',"
    " detail = 'none')",
    "INSERT INTO seal_part (rowid, reference) SELECT number, reference FROM seal",
    "CREATE TRIGGER seal_part_new AFTER INSERT ON seal WHEN new.reference <> '' BEGIN"
    " INSERT INTO seal_part (rowid, reference) VALUES (new.number, new.reference); END",
    "CREATE TRIGGER seal_part_gone AFTER DELETE ON seal WHEN old.reference <> '' BEGIN"
    " INSERT INTO seal_part (seal_part, rowid, reference)"
    " VALUES ('delete', old.number, old.reference); END"};
const storage::SqlMigration kReferencesInPostgresql{
    "DROP INDEX seal_by_reference",
    "CREATE INDEX seal_by_reference ON seal (reference COLLATE \"C\", number)",
    "CREATE INDEX seal_by_client_reference ON seal (client, reference COLLATE \"C\", number)",
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX seal_part ON seal USING gin (reference gin_trgm_ops)"};

// One table for people: an administrator or auditor who called with a certificate is a user, too. Who was both keeps the name
// and gets the larger of the two roles.
const storage::SqlMigration kPeople{
    "ALTER TABLE web_user ADD COLUMN not_after TEXT NOT NULL DEFAULT ''",
    "UPDATE web_user SET client = '',"
    " not_after = (SELECT official.not_after FROM official WHERE official.spki = web_user.spki),"
    " role = CASE WHEN role = 'administrator' THEN role"
    " ELSE (SELECT official.role FROM official WHERE official.spki = web_user.spki) END"
    " WHERE spki IN (SELECT official.spki FROM official)",
    "INSERT INTO web_user (name, role, client, spki, password, code_key, code_step, failures,"
    " locked_until, not_after) SELECT 'key-' || substr(spki, 1, 16), role, '', spki, '', '', 0, 0,"
    " '', not_after FROM official WHERE spki NOT IN (SELECT web_user.spki FROM web_user)",
    "DROP TABLE official"};

}  // namespace

std::span<const storage::SqlMigration> schema(storage::SqlConnection::Product product) {
  static const std::vector<storage::SqlMigration> common{
      kRegister,   kClients,           kSeals,        kTimeStamps,     kReconciling,
      kFormerLogs, kCredentialChanges, kCertificates, kAdministration, kPages};
  static const auto with = [](const storage::SqlMigration& references) {
    std::vector<storage::SqlMigration> steps = common;
    steps.push_back(references);
    steps.push_back(kPeople);
    return steps;
  };
  static const std::vector<storage::SqlMigration> sqlite = with(kReferencesInSqlite);
  static const std::vector<storage::SqlMigration> postgresql = with(kReferencesInPostgresql);
  return product == storage::SqlConnection::Product::sqlite ? sqlite : postgresql;
}

}  // namespace signet::sealserver
