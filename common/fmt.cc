// fmt's functions, compiled once and into our own files: its header-only form compiles them again in every source (a
// second and a megabyte each), and Debian's package has no static library, while a shared one beside the module could
// meet the host's.
#include <fmt/format-inl.h>

// What fmt/format.h declares `extern template`, and the templates that its inline functions call.
FMT_BEGIN_NAMESPACE
namespace detail {
template FMT_API auto thousands_sep_impl<char>(locale_ref) -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref) -> char;
template FMT_API std::locale locale_ref::get<std::locale>() const;
template FMT_API void buffer<char>::append(const char*, const char*);
template FMT_API void vformat_to(buffer<char>&, string_view,
                                 basic_format_args<buffer_context<char>>, locale_ref);
}  // namespace detail
FMT_END_NAMESPACE
