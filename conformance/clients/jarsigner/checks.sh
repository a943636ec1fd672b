# shellcheck shell=bash
# The signature within, by OpenSSL; and an archive that was changed.
for key in rsa ec; do
  extension=RSA
  [[ $key == rsa ]] || extension=EC
  unzip -q -o "signed-$key.jar" 'META-INF/*'
  openssl cms -verify -binary -inform DER -in "META-INF/SEAL-${key^^}.$extension" -content "META-INF/SEAL-${key^^}.SF" \
    -CAfile ca/ca.pem -purpose any -out /dev/null
done

echo "another document" >document.txt
jar --update --file signed-rsa.jar document.txt
if jarsigner -verify -strict -keystore trust.p12 -storepass trial-trust signed-rsa.jar; then exit 1; fi
