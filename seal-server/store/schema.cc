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

}  // namespace

std::span<const storage::SqlMigration> schema() {
  static const std::vector<storage::SqlMigration> steps{kRegister,   kClients,     kSeals,
                                                        kTimeStamps, kReconciling, kFormerLogs};
  return steps;
}

}  // namespace signet::sealserver
