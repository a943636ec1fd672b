#include "pdf/look/paragraph.h"

#include <fmt/format.h>
#include <linebreak.h>

#include <algorithm>
#include <mutex>
#include <new>
#include <string>
#include <utility>

#include "pdf/look/accent.h"

namespace signet::pdf::look {

namespace {

using BufferPtr = HarfBuzzPtr<hb_buffer_t, hb_buffer_destroy>;

bool is_real(hb_script_t script) {
  return script != HB_SCRIPT_COMMON && script != HB_SCRIPT_INHERITED && script != HB_SCRIPT_UNKNOWN;
}

// Each character's script; what belongs to none takes that of the character before it, at the beginning of the one after.
std::vector<hb_script_t> scripts_of(CharacterView text) {
  hb_unicode_funcs_t* const unicode = hb_unicode_funcs_get_default();
  std::vector<hb_script_t> scripts;
  scripts.reserve(text.size());
  for (const std::uint32_t c : text) {
    const hb_script_t own = hb_unicode_script(unicode, c);
    scripts.push_back(is_real(own) || scripts.empty() ? own : scripts.back());
  }
  const auto first = std::find_if(scripts.begin(), scripts.end(), is_real);
  if (first != scripts.end()) std::fill(scripts.begin(), first, *first);
  return scripts;
}

bool continues_letter(std::uint32_t c) {
  switch (hb_unicode_general_category(hb_unicode_funcs_get_default(), c)) {
    case HB_UNICODE_GENERAL_CATEGORY_NON_SPACING_MARK:
    case HB_UNICODE_GENERAL_CATEGORY_SPACING_MARK:
    case HB_UNICODE_GENERAL_CATEGORY_ENCLOSING_MARK:
    case HB_UNICODE_GENERAL_CATEGORY_FORMAT:
      return true;
    default:
      return false;
  }
}

// libunibreak's answer for each character: whether a line may end after it.
std::vector<char> line_ends_of(CharacterView text) {
  static std::once_flag once;
  std::call_once(once, init_linebreak);
  std::vector<char> ends(text.size());
  set_linebreaks_utf32(text.data(), text.size(), "", ends.data());
  return ends;
}

bool lacks_glyph(const Cluster& cluster) {
  return std::any_of(cluster.glyphs.begin(), cluster.glyphs.end(),
                     [](const Glyph& glyph) { return glyph.id == 0; });
}

std::int32_t width_of(const Cluster& cluster) {
  std::int32_t width = 0;
  for (const Glyph& glyph : cluster.glyphs) width += glyph.advance;
  return width;
}

// Of the first character from `at` on that is seen; those that are seen are counted.
Error missing(CharacterView text, std::size_t at, const Font& font, std::size_t line) {
  while (at + 1 < text.size() && is_ignorable(text[at])) ++at;
  const auto column = std::count_if(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at),
                                    [](std::uint32_t c) { return !is_ignorable(c); });
  return {Fault::glyph, fmt::format("the font {} has no glyph for {}, line {}, character {} of the "
                                    "text; choose a font that has it",
                                    font.name(), described(text[at]), line, column + 1)};
}

// HarfBuzz keeps a list of the languages that it was asked for; asked once, no thread reads it while another one adds to it.
hb_language_t undetermined() {
  static hb_language_t language = hb_language_from_string("und", -1);
  return language;
}

}  // namespace

Paragraph::Paragraph(Characters text, const Font& font)
    : text_(std::move(text)), font_(&font), directions_(directions_of(text_)), runs_(itemized()) {}

LookResult<Paragraph> Paragraph::make(Characters text, const Font& font, std::size_t number) {
  Paragraph paragraph(std::move(text), font);
  BOOST_OUTCOME_TRY(paragraph.measure(number));
  return paragraph;
}

std::vector<Paragraph::Run> Paragraph::itemized() const {
  const std::vector<hb_script_t> scripts = scripts_of(text_);
  std::vector<Run> runs;
  for (std::size_t i = 0; i < text_.size(); ++i) {
    const Level level = directions_.levels[i];
    if (runs.empty() || runs.back().level != level || runs.back().script != scripts[i]) {
      runs.push_back({i, i, level, scripts[i]});
    }
    runs.back().end = i + 1;
  }
  return runs;
}

void Paragraph::shape(const Run& run, hb_buffer_t* buffer) const {
  // The letters around a run say how its first and last letter are joined.
  hb_buffer_add_utf32(buffer, text_.data(), static_cast<int>(text_.size()),
                      static_cast<unsigned>(run.begin), static_cast<int>(run.end - run.begin));
  hb_buffer_set_direction(buffer,
                          is_right_to_left(run.level) ? HB_DIRECTION_RTL : HB_DIRECTION_LTR);
  hb_buffer_set_script(buffer, run.script);
  hb_buffer_set_language(buffer, undetermined());
  hb_buffer_set_cluster_level(buffer, HB_BUFFER_CLUSTER_LEVEL_MONOTONE_CHARACTERS);
  hb_buffer_set_flags(buffer, HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES);
  hb_shape(font_->font(), buffer, nullptr, 0);
  if (!hb_buffer_allocation_successful(buffer)) throw std::bad_alloc();
}

std::vector<Cluster> Paragraph::shaped(const Run& run) const {
  const BufferPtr buffer(hb_buffer_create());
  shape(run, buffer.get());
  unsigned count = 0;
  const hb_glyph_info_t* const infos = hb_buffer_get_glyph_infos(buffer.get(), &count);
  const hb_glyph_position_t* const positions = hb_buffer_get_glyph_positions(buffer.get(), &count);
  const bool right_to_left = is_right_to_left(run.level);
  std::vector<Cluster> clusters;
  for (unsigned i = 0; i < count; ++i) {
    if (clusters.empty() || clusters.back().first != infos[i].cluster) {
      clusters.push_back({{}, {}, right_to_left, infos[i].cluster});
    }
    const hb_glyph_position_t& at = positions[i];
    clusters.back().glyphs.push_back({infos[i].codepoint, at.x_advance, at.x_offset, at.y_offset});
  }
  // A cluster's characters reach to where the next one in the text begins.
  for (std::size_t i = 0; i < clusters.size(); ++i) {
    std::size_t end = run.end;
    if (right_to_left && i > 0) end = clusters[i - 1].first;
    if (!right_to_left && i + 1 < clusters.size()) end = clusters[i + 1].first;
    std::copy_if(text_.begin() + static_cast<std::ptrdiff_t>(clusters[i].first),
                 text_.begin() + static_cast<std::ptrdiff_t>(end),
                 std::back_inserter(clusters[i].text),
                 [](std::uint32_t c) { return !is_ignorable(c); });
  }
  return clusters;
}

LookResult<void> Paragraph::measure(std::size_t number) {
  advances_.assign(text_.size(), 0);
  std::vector<bool> cluster_begins(text_.size());
  for (const Run& run : runs_) {
    for (const Cluster& cluster : shaped(run)) {
      if (lacks_glyph(cluster) || lacks_place_for_accent(cluster, *font_)) {
        return missing(text_, cluster.first, *font_, number);
      }
      advances_[cluster.first] = width_of(cluster);
      cluster_begins[cluster.first] = true;
    }
  }
  find_breaks(cluster_begins);
  return success();
}

void Paragraph::find_breaks(const std::vector<bool>& cluster_begins) {
  const std::vector<char> ends = line_ends_of(text_);
  breaks_.assign(text_.size(), Break::no);
  for (std::size_t i = 1; i < text_.size(); ++i) {
    if (ends[i - 1] == LINEBREAK_ALLOWBREAK || ends[i - 1] == LINEBREAK_MUSTBREAK) {
      breaks_[i] = Break::yes;
    } else if (cluster_begins[i] && !continues_letter(text_[i]) && !is_ignorable(text_[i - 1])) {
      breaks_[i] = Break::within_word;
    }
  }
}

bool Paragraph::is_space(std::size_t character) const {
  const std::uint32_t c = text_[character];
  return is_ignorable(c) || hb_unicode_general_category(hb_unicode_funcs_get_default(), c) ==
                                HB_UNICODE_GENERAL_CATEGORY_SPACE_SEPARATOR;
}

Line Paragraph::line(std::size_t begin, std::size_t end) const {
  std::vector<Run> parts;
  std::vector<Level> levels;
  for (Run run : runs_) {
    run.begin = std::max(run.begin, begin);
    run.end = std::min(run.end, end);
    if (run.begin >= run.end) continue;
    levels.push_back(run.level);
    parts.push_back(run);
  }
  Line line;
  for (const std::size_t part : visual_order(levels)) {
    for (Cluster& cluster : shaped(parts[part])) {
      line.width += width_of(cluster);
      line.clusters.push_back(std::move(cluster));
    }
  }
  return line;
}

}  // namespace signet::pdf::look
