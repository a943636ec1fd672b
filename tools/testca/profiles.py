"""What stands in the certificates and in the configuration of the openssl command."""

# The configuration lies in the authority's folder and names files relative to it: the folder can be moved.
CONFIGURATION = """
# Written by testca. Read by the openssl command, which runs in this folder.
[ca]
default_ca = issuing

[issuing]
database         = index.txt
new_certs_dir    = certs
certificate      = issuing.pem
private_key      = private/issuing.key
crlnumber        = issuing.crlnumber
default_md       = sha256
default_days     = 365
default_crl_days = 7
policy           = any_subject
email_in_dn      = yes
unique_subject   = no
rand_serial      = yes
copy_extensions  = none

[root]
database         = root-index.txt
new_certs_dir    = certs
certificate      = root.pem
private_key      = private/root.key
crlnumber        = root.crlnumber
default_md       = sha256
default_crl_days = 90
policy           = any_subject
unique_subject   = no
rand_serial      = yes

[any_subject]
commonName = optional

[tsa]
serial                 = tsa-serial
crypto_device          = builtin
signer_cert            = tsa.pem
certs                  = ca.pem
signer_key             = private/tsa.key
signer_digest          = sha256
default_policy         = 1.3.6.1.4.1.32473.1
other_policies         = 1.3.6.1.4.1.32473.2, 1.3.6.1.4.1.32473.3
digests                = sha256, sha384, sha512
accuracy               = secs:1
ordering               = no
tsa_name               = yes
ess_cert_id_chain      = no
ess_cert_id_alg        = sha256
"""

# ETSI EN 319 412-5: QcCompliance, QcSSCD, QcType eSeal.
QC_STATEMENTS = """
[qc_statements]
compliance = SEQUENCE:qc_compliance
sscd       = SEQUENCE:qc_sscd
type       = SEQUENCE:qc_type
[qc_compliance]
id = OID:0.4.0.1862.1.1
[qc_sscd]
id = OID:0.4.0.1862.1.4
[qc_type]
id    = OID:0.4.0.1862.1.6
types = SEQUENCE:qc_types
[qc_types]
eseal = OID:0.4.0.1862.1.6.2
"""

END_ENTITY = ["basicConstraints = critical,CA:FALSE"]

USES = {
    "seal": [
        "keyUsage = critical,digitalSignature,nonRepudiation",
        "extendedKeyUsage = emailProtection",
        "1.3.6.1.5.5.7.1.3 = ASN1:SEQUENCE:qc_statements",
    ],
    "mail": [
        "keyUsage = critical,digitalSignature,keyEncipherment",
        "extendedKeyUsage = emailProtection",
    ],
    "code": ["keyUsage = critical,digitalSignature", "extendedKeyUsage = codeSigning"],
    "tls-server": ["keyUsage = critical,digitalSignature", "extendedKeyUsage = serverAuth"],
    "tls-client": ["keyUsage = critical,digitalSignature", "extendedKeyUsage = clientAuth"],
    # A key that authenticates, and to which something is encrypted.
    "seal-client": ["keyUsage = critical,digitalSignature,keyAgreement", "extendedKeyUsage = clientAuth"],
    "seal-client-rsa": ["keyUsage = critical,digitalSignature,keyEncipherment", "extendedKeyUsage = clientAuth"],
    "ocsp": [
        "keyUsage = critical,digitalSignature",
        "extendedKeyUsage = OCSPSigning",
        "noCheck = ignored",
    ],
    "tsa": ["keyUsage = critical,digitalSignature", "extendedKeyUsage = critical,timeStamping"],
    "tsa-no-eku": ["keyUsage = critical,digitalSignature"],
    "tsa-eku-not-critical": ["keyUsage = critical,digitalSignature", "extendedKeyUsage = timeStamping"],
    "tsa-eku-extra": [
        "keyUsage = critical,digitalSignature",
        "extendedKeyUsage = critical,timeStamping,emailProtection",
    ],
    "tsa-no-signing": ["keyUsage = critical,keyAgreement", "extendedKeyUsage = critical,timeStamping"],
    "root": [],
    "issuing": [],
}

REQUESTABLE = ["seal", "mail", "code", "tls-server", "tls-client", "seal-client", "seal-client-rsa", "tsa"]


def extensions(profile, url, names=()):
    """The text of an extension file; `url` is where the authority's server answers."""
    if profile in ("root", "issuing"):
        lines = [
            "basicConstraints = critical,CA:TRUE" + (",pathlen:0" if profile == "issuing" else ""),
            "keyUsage = critical,keyCertSign,cRLSign",
        ]
    else:
        lines = END_ENTITY + USES[profile]
    lines.append("subjectKeyIdentifier = hash")
    if profile != "root":
        issuer = "root" if profile == "issuing" else "issuing"
        lines.append("authorityKeyIdentifier = keyid:always")
        lines.append(f"crlDistributionPoints = URI:{url}/{issuer}.crl")
        access = [f"caIssuers;URI:{url}/{issuer}.cer"]
        if profile in REQUESTABLE:
            access.append(f"OCSP;URI:{url}/ocsp")
        lines.append("authorityInfoAccess = " + ",".join(access))
    if names:
        lines.append("subjectAltName = " + ",".join(names))
    return "\n".join(lines) + "\n" + QC_STATEMENTS
