// node seal.cjs LABEL CERTIFICATE.pem ISSUERS.pem DOCUMENT.pdf SEALED.pdf: a PAdES-B-B seal of a PDF file.
//
// @signpdf lays out the file, pkijs makes the CMS signature, graphene lets the token sign. In the environment: MODULE
// and PIN.
"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const asn1js = require("asn1js");
const graphene = require("graphene-pk11");
const pkijs = require("pkijs");
const { plainAddPlaceholder } = require("@signpdf/placeholder-plain");
const { SignPdf } = require("@signpdf/signpdf");
const { Signer, SUBFILTER_ETSI_CADES_DETACHED } = require("@signpdf/utils");

const OID = {
  data: "1.2.840.113549.1.7.1",
  signedData: "1.2.840.113549.1.7.2",
  contentType: "1.2.840.113549.1.9.3",
  messageDigest: "1.2.840.113549.1.9.4",
  signingCertificateV2: "1.2.840.113549.1.9.16.2.47",
  sha256: "2.16.840.1.101.3.4.2.1",
  sha256WithRsa: "1.2.840.113549.1.1.11",
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
};

const sha256 = (bytes) => crypto.createHash("sha256").update(bytes).digest();
const der = (value) => Buffer.from(value.toBER(false));
const octets = (bytes) => new asn1js.OctetString({ valueHex: new Uint8Array(bytes).buffer });

function certificates(file) {
  const blocks = fs.readFileSync(file, "latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
  return blocks.map((block) => new crypto.X509Certificate(block).raw);
}

// What the token gives is r and s side by side; certificates and CMS want them in DER.
function derEcdsa(raw) {
  const integer = (bytes) => asn1js.Integer.fromBigInt(BigInt(`0x${bytes.toString("hex")}`));
  const half = raw.length / 2;
  return der(new asn1js.Sequence({ value: [integer(raw.subarray(0, half)), integer(raw.subarray(half))] }));
}

class Token {
  constructor(label) {
    this.module = graphene.Module.load(process.env.MODULE, "signet");
    this.module.initialize();
    this.session = this.module.getSlots(0, true).open(graphene.SessionFlag.SERIAL_SESSION);
    this.session.login(process.env.PIN);
    this.key = this.session.find({ class: graphene.ObjectClass.PRIVATE_KEY, label }).items(0).toType();
    this.isRsa = this.key.type === graphene.KeyType.RSA;
  }

  sign(data) {
    const made = this.session.createSign(this.isRsa ? "SHA256_RSA_PKCS" : "ECDSA_SHA256", this.key).once(data);
    return this.isRsa ? made : derEcdsa(made);
  }

  close() {
    this.session.logout();
    this.session.close();
    this.module.finalize();
  }
}

class TokenSigner extends Signer {
  constructor(token, chain) {
    super();
    this.token = token;
    this.chain = chain;
  }

  // In the order that DER asks of a set.
  attributes(document) {
    const issued = new asn1js.Sequence({ value: [octets(sha256(this.chain[0]))] });
    const certificate = new asn1js.Sequence({ value: [new asn1js.Sequence({ value: [issued] })] });
    return [
      new pkijs.Attribute({ type: OID.contentType, values: [new asn1js.ObjectIdentifier({ value: OID.data })] }),
      new pkijs.Attribute({ type: OID.messageDigest, values: [octets(sha256(document))] }),
      new pkijs.Attribute({ type: OID.signingCertificateV2, values: [certificate] }),
    ].sort((a, b) => Buffer.compare(der(a.toSchema()), der(b.toSchema())));
  }

  async sign(document) {
    const signer = pkijs.Certificate.fromBER(new Uint8Array(this.chain[0]));
    const attributes = this.attributes(document);
    const toSign = der(new asn1js.Set({ value: attributes.map((attribute) => attribute.toSchema()) }));
    const algorithm = this.token.isRsa ? OID.sha256WithRsa : OID.ecdsaWithSha256;
    const signed = new pkijs.SignedData({
      version: 1,
      digestAlgorithms: [new pkijs.AlgorithmIdentifier({ algorithmId: OID.sha256 })],
      encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: OID.data }),
      certificates: this.chain.map((raw) => pkijs.Certificate.fromBER(new Uint8Array(raw))),
      signerInfos: [
        new pkijs.SignerInfo({
          version: 1,
          sid: new pkijs.IssuerAndSerialNumber({ issuer: signer.issuer, serialNumber: signer.serialNumber }),
          digestAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: OID.sha256 }),
          signedAttrs: new pkijs.SignedAndUnsignedAttributes({ type: 0, attributes }),
          signatureAlgorithm: new pkijs.AlgorithmIdentifier({ algorithmId: algorithm }),
          signature: octets(this.token.sign(toSign)),
        }),
      ],
    });
    return der(new pkijs.ContentInfo({ contentType: OID.signedData, content: signed.toSchema(true) }).toSchema());
  }
}

async function main() {
  const [label, certificate, issuers, document, sealed] = process.argv.slice(2);
  const token = new Token(label);
  const pdf = plainAddPlaceholder({
    pdfBuffer: fs.readFileSync(document),
    reason: "Approved",
    contactInfo: "",
    name: label,
    location: "",
    signatureLength: 16000,
    subFilter: SUBFILTER_ETSI_CADES_DETACHED,
  });
  const signer = new TokenSigner(token, [...certificates(certificate), ...certificates(issuers)]);
  fs.writeFileSync(sealed, await new SignPdf().sign(pdf, signer));
  token.close();
}

main().catch((failure) => {
  console.error(failure);
  process.exitCode = 1;
});
