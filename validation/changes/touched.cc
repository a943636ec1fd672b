#include "validation/changes/touched.h"

#include <algorithm>

namespace signet::validation {

namespace {

using Kind = pdf::Entry::Kind;

bool is_there(const pdf::Entry* entry) {
  return entry != nullptr && entry->kind != Kind::free;
}

bool same_place(const pdf::Entry& a, const pdf::Entry& b) {
  return a.kind == b.kind && a.where == b.where && a.generation == b.generation;
}

}  // namespace

Touched touched_between(const pdf::CrossReference& before, const pdf::CrossReference& after) {
  Touched found;
  // Object streams first: what lies in another one is another object, wherever it lies in there.
  const auto stream_moved = [&](const pdf::Entry& entry) {
    if (entry.kind != Kind::compressed) return false;
    const auto stream = static_cast<std::uint32_t>(entry.where);
    const pdf::Entry* const then = before.find(stream);
    const pdf::Entry* const now = after.find(stream);
    return !is_there(then) || !is_there(now) || !same_place(*then, *now);
  };
  for (const pdf::Entry& now : after.entries()) {
    if (now.kind == Kind::free) continue;
    const pdf::Entry* const then = before.find(now.object);
    const bool was_there = is_there(then);
    const bool moved = stream_moved(now);
    if (was_there && same_place(*then, now) && !moved) continue;
    found.objects.insert(now.object);
    if (was_there) found.old.push_back(now.object);
    if (now.kind == Kind::plain ? now.where < before.end() : !moved)
      found.swapped.push_back(now.object);
  }
  for (const pdf::Entry& then : before.entries()) {
    if (then.kind == Kind::free || is_there(after.find(then.object))) continue;
    found.objects.insert(then.object);
    found.old.push_back(then.object);
  }
  std::ranges::sort(found.old);
  return found;
}

}  // namespace signet::validation
