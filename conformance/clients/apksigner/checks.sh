# shellcheck shell=bash
# A package that was changed after it was signed.
python3 - <<'PYTHON'
package = open("rsa.apk", "rb").read()
assert package.count(b"a document") == 1
open("changed.apk", "wb").write(package.replace(b"a document", b"A document"))
PYTHON
if apksigner verify --min-sdk-version 21 changed.apk; then exit 1; fi
