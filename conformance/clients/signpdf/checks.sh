# shellcheck shell=bash
for key in rsa ec rsa4096; do check-pdf $key.pdf document.pdf; done
sed 's/A document/B document/' rsa.pdf >changed.pdf
if check-pdf changed.pdf document.pdf; then exit 1; fi
