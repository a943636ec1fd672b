// The style sheet of a report in HTML: light and dark, wide and narrow, on a screen and on A4.
#ifndef SIGNET_VALIDATION_REPORT_HTML_STYLE_H_
#define SIGNET_VALIDATION_REPORT_HTML_STYLE_H_

#include <string_view>

namespace signet::validation {

// Text has a contrast of at least 4.5 to 1 on its ground in both themes (WCAG 2.2, 1.4.3); a verdict is a word and a sign, never a
// colour alone (1.4.1). A narrow page has each row of a table as a block, with its columns' names (1.4.10).
inline constexpr std::string_view kHtmlStyle = R"(
:root {
  color-scheme: light dark;
  --ground: #fff; --sheet: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d0d7de; --head: #f6f8fa; --link: #0550ae;
  --passed: #0b5a1e; --passed-ground: #e6f4ea; --open: #6b4700; --open-ground: #fff4d6; --failed: #8f1018; --failed-ground: #fdeaea;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1117; --sheet: #161b22; --text: #e6edf3; --quiet: #9ea7b3; --line: #3d444d; --head: #1f262e; --link: #79b8ff;
    --passed: #7ee2a0; --passed-ground: #10301b; --open: #f2cc60; --open-ground: #37290a; --failed: #ff9b94; --failed-ground: #43161a;
  }
}
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, "Noto Sans", "DejaVu Sans", sans-serif; color: var(--text); background: var(--ground); max-width: 60rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.25rem; font-weight: 600; color: var(--quiet); margin: 0 0 1rem; overflow-wrap: anywhere; unicode-bidi: isolate; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0; overflow-wrap: anywhere; unicode-bidi: isolate; }
h3 { font-size: 1rem; margin: 1.25rem 0 0.25rem; }
a { color: var(--link); }
.sum { border: 1px solid var(--line); border-left-width: 0.5rem; border-radius: 6px; padding: 1rem 1.25rem; margin: 0 0 2rem; background: var(--sheet); }
.sum.passed { border-left-color: var(--passed); }
.sum.indeterminate { border-left-color: var(--open); }
.sum.failed { border-left-color: var(--failed); }
.sum .verdict { font-size: 1.5rem; line-height: 1.3; }
.sum .reasons { margin: 0.75rem 0; }
.verdict { font-weight: 700; margin: 0; padding: 0.1em 0.6em 0.1em 0.5em; border-radius: 4px; display: block; width: fit-content; overflow-wrap: anywhere; }
.verdict.passed { color: var(--passed); background: var(--passed-ground); }
.verdict.indeterminate { color: var(--open); background: var(--open-ground); }
.verdict.failed { color: var(--failed); background: var(--failed-ground); }
.verdict::before { margin-right: 0.45em; }
.verdict.passed::before { content: "\2713" / ""; }
.verdict.indeterminate::before { content: "?" / ""; }
.verdict.failed::before { content: "\2715" / ""; }
section { border: 1px solid var(--line); border-radius: 6px; padding: 1rem 1.25rem 1.25rem; margin: 1.25rem 0; background: var(--sheet); }
section > .verdict { margin-top: 0.5rem; }
.plain { border: 0; padding: 0; background: none; margin: 2rem 0; }
dl { display: grid; grid-template-columns: minmax(8rem, max-content) 1fr; gap: 0.2rem 1.25rem; margin: 0.75rem 0 0; }
dt { color: var(--quiet); }
dt::first-letter, th::first-letter, .column::first-letter { text-transform: capitalize; }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
ul { margin: 0.25rem 0; padding-left: 1.25rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-size: 0.9rem; margin: 0; }
caption { text-align: left; font-weight: 600; padding: 1.25rem 0 0.4rem; overflow-wrap: anywhere; }
th, td { border-top: 1px solid var(--line); padding: 0.4rem 0.75rem 0.4rem 0; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th, thead td { border-top: 0; color: var(--quiet); font-weight: 400; width: 28%; }
thead th:nth-child(2), thead th:nth-child(3) { width: 22%; }
tbody th { font-weight: 600; }
.column { display: none; }
time { white-space: nowrap; }
img { max-width: 14rem; height: auto; border: 1px solid var(--line); margin: 0 0 1rem; }
@media (max-width: 42rem) {
  body { padding: 1rem 0.75rem 2rem; }
  .sum, section { padding-left: 0.75rem; padding-right: 0.75rem; }
  .plain { padding: 0; }
  .sum .verdict { font-size: 1.2rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin: 0 0 0.5rem; }
  table, tbody, tr, th, td, caption { display: block; min-width: 0; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border-top: 1px solid var(--line); padding: 0.4rem 0; }
  th, td { border: 0; padding: 0.1rem 0; }
  .column { display: inline-block; margin-right: 0.5em; color: var(--quiet); }
}
@page { size: A4; margin: 16mm 14mm; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  h1 { font-size: 12pt; }
  h2, h3, caption { break-after: avoid; }
  section { border-width: 0 0 0 2px; border-radius: 0; padding: 0 0 0 4mm; margin: 6mm 0; }
  .plain { padding: 0; }
  table { font-size: 8.5pt; }
  thead th:nth-child(2), thead th:nth-child(3) { width: 25%; }
  .sum, h2, h3, caption, dl, tr, li, img { break-inside: avoid; }
  .plain > h2 + ul, h3 + ul { break-before: avoid; }
  section > h2, section > .verdict { break-after: avoid; }
  thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; }
}
)";

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_HTML_STYLE_H_
