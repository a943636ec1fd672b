#include "crypto/merkle_tile.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace signet::crypto {

namespace {

constexpr std::string_view kTileFolder = "tile/";
constexpr std::string_view kEntriesFolder = "entries/";
constexpr std::string_view kPartial = ".p/";
constexpr std::uint64_t kGroupBase = 1000;

// Decimal without sign and leading zeros.
std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return number;
}

std::string index_path(std::uint64_t index) {
  std::string path = fmt::format("{:03}", index % kGroupBase);
  for (index /= kGroupBase; index > 0; index /= kGroupBase)
    path.insert(0, fmt::format("x{:03}/", index % kGroupBase));
  return path;
}

// Of the written form it takes any; tile_of_path() compares.
std::optional<std::uint64_t> index_in(std::string_view path) {
  std::string digits;
  for (char c : path) {
    if (c != 'x' && c != '/') digits.push_back(c);
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  return number_in(digits);
}

// Nodes at a tile's level.
std::uint64_t nodes_at(std::uint64_t size, unsigned level) {
  return size >> (level * kTileHeight);
}

}  // namespace

std::string tile_path(const Tile& tile) {
  std::string path(kTileFolder);
  path += tile.entries ? std::string(kEntriesFolder) : fmt::format("{}/", tile.level);
  path += index_path(tile.index);
  if (tile.width < kTileWidth) path += fmt::format("{}{}", kPartial, tile.width);
  return path;
}

std::optional<Tile> tile_of_path(std::string_view path) {
  const std::string_view whole = path;
  if (!path.starts_with(kTileFolder)) return std::nullopt;
  path.remove_prefix(kTileFolder.size());
  Tile tile;
  if (const auto at = path.find(kPartial); at != std::string_view::npos) {
    const auto width = number_in(path.substr(at + kPartial.size()));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    tile.width = static_cast<unsigned>(*width);
    path = path.substr(0, at);
  }
  const auto slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto level = number_in(path.substr(0, slash));
  tile.entries = path.starts_with(kEntriesFolder);
  if (!tile.entries && (!level || *level >= kTileLevels)) return std::nullopt;
  tile.level = tile.entries ? 0 : static_cast<unsigned>(*level);
  path.remove_prefix(slash + 1);
  if (path.empty()) return std::nullopt;
  const auto index = index_in(path);
  if (!index) return std::nullopt;
  tile.index = *index;
  return tile_path(tile) == whole ? std::optional(tile) : std::nullopt;
}

bool tree_has_tile(std::uint64_t size, const Tile& tile) {
  const std::uint64_t nodes = nodes_at(size, tile.level);
  const std::uint64_t tiles = nodes / kTileWidth;
  if (tile.index != tiles) return tile.index < tiles;
  return tile.width <= nodes % kTileWidth;
}

std::vector<Tile> new_tiles(std::uint64_t before, std::uint64_t size) {
  std::vector<Tile> tiles;
  for (unsigned level = 0; level < kTileLevels && nodes_at(size, level) > 0; ++level) {
    const std::uint64_t nodes = nodes_at(size, level);
    if (nodes == nodes_at(before, level)) continue;
    for (std::uint64_t index = nodes_at(before, level) / kTileWidth; index < nodes / kTileWidth;
         ++index)
      tiles.push_back({.level = level, .index = index});
    const auto rest = static_cast<unsigned>(nodes % kTileWidth);
    if (rest > 0) tiles.push_back({.level = level, .index = nodes / kTileWidth, .width = rest});
  }
  return tiles;
}

}  // namespace signet::crypto
