# shellcheck shell=bash
check-pdf rsa.pdf document.pdf
check-pdf ec.pdf document.pdf
check-pdf --visible visible.pdf document.pdf
sed 's/A document/B document/' rsa.pdf >changed.pdf
if check-pdf changed.pdf document.pdf; then exit 1; fi
