# shellcheck shell=bash
# Run by run-script.sh: what programs print of the objects is complete, field by field, before and after
# the login, and none of them complains.
set -euo pipefail

tool() { pkcs11-tool --module "$MODULE" --token-label seal "$@"; }

fail() {
  echo "objects.sh: $*" >&2
  exit 1
}

# object FILE HEADING LABEL: the lines of the one object that begins with HEADING and has this label.
object() {
  awk -v heading="$2" -v label="  label:      $3" '
    function flush() { if (mine && labelled) printf "%s", text; text = ""; labelled = 0 }
    /^[^ ]/ { flush(); mine = index($0, heading) == 1 }
    { text = text $0 "\n" }
    $0 == label { labelled = 1 }
    END { flush() }' "$1"
}

# has FILE HEADING LABEL FIELD...: each field is a regular expression for one whole line.
has() {
  local file=$1 heading=$2 label=$3 field text
  shift 3
  text=$(object "$file" "$heading" "$label")
  [[ -n $text ]] || fail "$file has no \"$heading\" with the label $label"
  for field in "$@"; do
    grep -qxE "  $field" <<<"$text" || fail "$heading $label in $file lacks: $field"$'\n'"$text"
  done
}

uuid='[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}'

public_objects() {
  has "$1" "Public Key Object; RSA 3072 bits" seal-rsa \
    "ID:         01" "Usage:      verify" "Access:     local" "Unique ID:  $uuid\.public"
  has "$1" "Public Key Object; RSA 4096 bits" seal-rsa4096 "ID:         03" "Usage:      verify"
  has "$1" "Public Key Object; EC  EC_POINT 256 bits" seal-ec \
    "ID:         02" "EC_POINT:   044104[0-9a-f]{128}" "EC_PARAMS:  06082a8648ce3d030107.*" \
    "Usage:      verify" "Access:     local" "Unique ID:  $uuid\.public"
  local key
  for key in "01 seal-rsa" "02 seal-ec" "03 seal-rsa4096"; do
    local id=${key% *} label=${key#* }
    has "$1" "Certificate Object; type = X.509 cert" "$label" \
      "ID:         $id" "subject:    DN: O=Signet trial, CN=$label" "serial:     [0-9A-F]+" \
      "Unique ID:  $uuid\.certificate"
  done
  [[ $(grep -c "^Profile object" "$1") == 4 ]] || fail "$1 has not the four profiles"
}

private_objects() {
  has "$1" "Private Key Object; RSA" seal-rsa \
    "ID:         01" "Usage:      sign" "Access:     sensitive, always sensitive, never extractable, local" \
    "Allowed mechanisms: .*SHA256-RSA-PKCS.*" "Unique ID:  $uuid\.private"
  has "$1" "Private Key Object; EC" seal-ec \
    "ID:         02" "Usage:      sign" "Access:     sensitive, always sensitive, never extractable, local" \
    "Allowed mechanisms: .*ECDSA-SHA256.*" "Unique ID:  $uuid\.private"
}

no_complaint() {
  if grep -iE "CKR_|error|warning|failed" "$@"; then fail "a program complained"; fi
}

tool --list-objects >public.txt 2>public.err
public_objects public.txt
if grep "^Private Key" public.txt; then fail "a private key is seen before the login"; fi

tool --login --pin env:PIN --list-objects >all.txt 2>all.err
public_objects all.txt
private_objects all.txt
[[ $(grep -c "^[PC][a-z]* Key Object\|^Certificate Object" all.txt) == 9 ]] || fail "not nine objects"

# The same, one attribute at a time.
export GNUTLS_PIN=$PIN
p11tool --provider "$MODULE" --list-all "pkcs11:token=seal" >p11-public.txt 2>p11-public.err
p11tool --provider "$MODULE" --login --list-all "pkcs11:token=seal" >p11-all.txt 2>p11-all.err
[[ $(grep -c "^Object" p11-all.txt) -ge 9 ]] || fail "p11tool lists fewer than nine objects"
grep -q "Type: X.509 Certificate (RSA-3072)" p11-public.txt
grep -q "Type: X.509 Certificate (EC/ECDSA-SECP256R1)" p11-public.txt
grep -q "Type: Private key (RSA-3072)" p11-all.txt
grep -q "Type: Private key (EC/ECDSA-SECP256R1)" p11-all.txt

tool --list-token-slots >token.txt 2>token.err
for line in "token label        : seal" "token manufacturer : Signet" "token model        : Appliance" \
  "token flags        : login required, rng, token initialized, PIN initialized(, other flags=0x4000000)?" "serial num         : [0-9a-f]{16}" \
  "pin min/max        : 1/255"; do
  grep -qxE "  $line" token.txt || fail "the token lacks: $line"
done

tool --list-mechanisms >mechanisms.txt 2>mechanisms.err
for line in "RSA-PKCS-KEY-PAIR-GEN, keySize=\{2048,4096\}, hw, generate_key_pair" \
  "RSA-PKCS, keySize=\{2048,4096\}, hw, sign, verify.*" "SHA256-RSA-PKCS, keySize=\{2048,4096\}, hw, sign, verify.*" \
  "ECDSA, keySize=\{256,521\}, hw, sign, verify, EC F_P, EC OID, EC uncompressed, EC curve name.*" "SHA256, digest"; do
  grep -qxE "  $line" mechanisms.txt || fail "the mechanisms lack: $line"
done

# It tries mechanisms that are not there, and the log says so once each.
tool --test --login --pin env:PIN >test.txt 2>tried.txt
grep -v " warn: C_[A-Za-z]*Init: CKR_MECHANISM_INVALID: " tried.txt >test.err || true
grep -qx "No errors" test.txt
for key in rsa ec; do
  p11tool --provider "$MODULE" --login --test-sign "pkcs11:token=seal;object=seal-$key;type=private" \
    >"sign-$key.txt" 2>&1
  [[ $(grep -c "ok$" "sign-$key.txt") -ge 2 ]] || fail "p11tool --test-sign: $(cat "sign-$key.txt")"
done
no_complaint ./*.err public.txt all.txt p11-*.txt token.txt mechanisms.txt sign-*.txt
