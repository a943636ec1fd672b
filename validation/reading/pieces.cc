#include "validation/reading/pieces.h"

#include <openssl/evp.h>

#include <algorithm>
#include <new>
#include <set>
#include <utility>

#include "crypto/algorithm_table.h"
#include "crypto/openssl.h"

namespace signet::validation {

namespace {

using DigestPtr = OpensslPtr<EVP_MD, EVP_MD_free>;

constexpr std::uint64_t kPiece = std::uint64_t{1024} * 1024;
constexpr std::uint64_t kMostWork = 32;  // times the bytes that are read

void require(bool done) {
  if (!done) throw std::bad_alloc();
}

// Jobs that have taken the same bytes so far.
struct Group {
  PieceDigest digest;
  std::vector<std::size_t> jobs;
};

class Pass {
 public:
  Pass(const std::vector<DigestJob>& jobs, std::uint64_t all) : jobs_(jobs), all_(all) {
    digests_.resize(jobs.size());
    std::set<crypto::Hash> hashes;
    for (const DigestJob& job : jobs) hashes.insert(job.hash);
    for (const crypto::Hash hash : hashes) {
      Group group{PieceDigest(hash), {}};
      for (std::size_t at = 0; at < jobs.size(); ++at)
        if (jobs[at].hash == hash) group.jobs.push_back(at);
      groups_.push_back(std::move(group));
    }
    for (const DigestJob& job : jobs)
      for (const std::uint64_t bound : {job.gap_begin, job.gap_end, job.end}) bounds_.insert(bound);
    settle(0);
  }

  // Bytes that no job's bound lies within.
  std::uint64_t next_bound(std::uint64_t position) const {
    const auto next = bounds_.upper_bound(position);
    return next == bounds_.end() ? all_ : *next;
  }

  void take(std::uint64_t position, ByteView bytes) {
    for (Group& group : groups_) {
      if (in_gap(group.jobs.front(), position)) continue;
      work_ += bytes.size();
      group.digest.update(bytes);
    }
    if (work_ > kMostWork * all_) groups_.clear();
  }

  // At a bound: groups part where one takes the next byte and another does not; those that are at their end are done.
  void settle(std::uint64_t position) {
    std::vector<Group> parted;
    for (Group& group : groups_) {
      std::vector<std::size_t> done;
      std::vector<std::size_t> passing;
      std::vector<std::size_t> taking;
      for (const std::size_t job : group.jobs)
        (jobs_[job].end <= position ? done
         : in_gap(job, position)    ? passing
                                    : taking)
            .push_back(job);
      if (!done.empty()) {
        const Bytes digest = PieceDigest(group.digest).finish();
        for (const std::size_t job : done) digests_[job] = digest;
      }
      // Those that pass over the same bytes go on together.
      std::ranges::sort(passing, {}, [this](std::size_t job) { return jobs_[job].gap_end; });
      for (std::size_t at = 0; at < passing.size();) {
        Group together{PieceDigest(group.digest), {}};
        const std::uint64_t end = jobs_[passing[at]].gap_end;
        for (; at < passing.size() && jobs_[passing[at]].gap_end == end; ++at)
          together.jobs.push_back(passing[at]);
        parted.push_back(std::move(together));
      }
      if (!taking.empty()) parted.push_back({std::move(group.digest), std::move(taking)});
    }
    groups_ = std::move(parted);
  }

  bool idle() const { return groups_.empty(); }
  std::vector<std::optional<Bytes>> digests() { return std::move(digests_); }

 private:
  bool in_gap(std::size_t job, std::uint64_t position) const {
    return jobs_[job].gap_begin <= position && position < jobs_[job].gap_end;
  }

  const std::vector<DigestJob>& jobs_;
  const std::uint64_t all_;
  std::uint64_t work_ = 0;
  std::set<std::uint64_t> bounds_;
  std::vector<Group> groups_;
  std::vector<std::optional<Bytes>> digests_;
};

}  // namespace

PieceDigest::PieceDigest(crypto::Hash hash) : state_(EVP_MD_CTX_new()) {
  const DigestPtr algorithm(
      EVP_MD_fetch(crypto::library_context(), crypto::hash_name(hash), nullptr));
  require(state_ && algorithm && EVP_DigestInit_ex2(state_.get(), algorithm.get(), nullptr) == 1);
}

PieceDigest::PieceDigest(const PieceDigest& other) : state_(EVP_MD_CTX_new()) {
  require(state_ && EVP_MD_CTX_copy_ex(state_.get(), other.state_.get()) == 1);
}

void PieceDigest::update(ByteView bytes) {
  require(EVP_DigestUpdate(state_.get(), bytes.data(), bytes.size()) == 1);
}

Bytes PieceDigest::finish() {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned size = 0;
  require(EVP_DigestFinal_ex(state_.get(), digest.data(), &size) == 1);
  digest.resize(size);
  return digest;
}

PassResult digest_all(const std::vector<DigestJob>& jobs,
                      const std::function<bool(std::uint64_t, std::span<std::uint8_t>)>& read,
                      const std::function<bool(std::uint64_t, std::uint64_t)>& progress) {
  std::uint64_t all = 0;
  for (const DigestJob& job : jobs) all = std::max(all, job.end);
  Pass pass(jobs, all);
  Bytes buffer(static_cast<std::size_t>(std::min(all, kPiece)));
  std::uint64_t filled = 0;  // bytes of the source that the buffer ends with
  std::uint64_t begin = 0;
  for (std::uint64_t position = 0; position < all && !pass.idle();) {
    if (position == filled) {
      begin = filled;
      const std::uint64_t size = std::min(kPiece, all - begin);
      if (!read(begin, std::span(buffer).first(static_cast<std::size_t>(size))))
        return {PassFault::unreadable, {}};
      filled += size;
    }
    const std::uint64_t to = std::min(filled, pass.next_bound(position));
    pass.take(position, ByteView(buffer).subspan(static_cast<std::size_t>(position - begin),
                                                 static_cast<std::size_t>(to - position)));
    position = to;
    pass.settle(position);
    if (position == filled && progress && !progress(position, all))
      return {PassFault::cancelled, {}};
  }
  return {std::nullopt, pass.digests()};
}

}  // namespace signet::validation
