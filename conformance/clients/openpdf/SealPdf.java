import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.PdfDate;
import com.lowagie.text.pdf.PdfDictionary;
import com.lowagie.text.pdf.PdfName;
import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.PdfSignature;
import com.lowagie.text.pdf.PdfSignatureAppearance;
import com.lowagie.text.pdf.PdfStamper;
import com.lowagie.text.pdf.PdfString;
import java.io.FileOutputStream;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSAttributeTableGenerator;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** java SealPdf signet.cfg ALIAS DOCUMENT.pdf SEALED.pdf [visible]: a PAdES-B-B seal of a PDF file. */
final class SealPdf {
  private static final int ROOM_FOR_CMS = 16_000;

  public static void main(String[] args) throws Exception {
    Provider token = Security.getProvider("SunPKCS11").configure(args[0]);
    Security.addProvider(token);
    KeyStore keys = KeyStore.getInstance("PKCS11", token);
    keys.load(null, System.getenv("PIN").toCharArray());
    PrivateKey key = (PrivateKey) keys.getKey(args[1], null);
    Certificate[] chain = keys.getCertificateChain(args[1]);

    try (FileOutputStream out = new FileOutputStream(args[3])) {
      PdfReader reader = new PdfReader(args[2]);
      PdfStamper stamper = PdfStamper.createSignature(reader, out, '\0', null, true);
      PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
      if (args.length > 4) appearance.setVisibleSignature(new Rectangle(300, 60, 540, 120), 1, "Seal");
      appearance.setCrypto(null, chain, null, null);
      PdfSignature dictionary = new PdfSignature(new PdfName("Adobe.PPKLite"), new PdfName("ETSI.CAdES.detached"));
      dictionary.setDate(new PdfDate(Calendar.getInstance()));
      appearance.setCryptoDictionary(dictionary);
      appearance.preClose(Map.of(PdfName.CONTENTS, 2 * ROOM_FOR_CMS + 2));

      byte[] seal = cms(appearance.getRangeStream().readAllBytes(), key, chain, token);
      byte[] padded = new byte[ROOM_FOR_CMS];
      System.arraycopy(seal, 0, padded, 0, seal.length);
      PdfDictionary contents = new PdfDictionary();
      contents.put(PdfName.CONTENTS, new PdfString(padded).setHexWriting(true));
      appearance.close(contents);
    }
  }

  /** Detached CMS with the signed attributes that PAdES asks for: no signing time, but the signer's certificate. */
  private static byte[] cms(byte[] document, PrivateKey key, Certificate[] chain, Provider token) throws Exception {
    String algorithm = "SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA");
    JcaSignerInfoGeneratorBuilder signer =
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
    signer.setSignedAttributeGenerator(attributes((X509Certificate) chain[0]));
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(signer.build(
        new JcaContentSignerBuilder(algorithm).setProvider(token).build(key), (X509Certificate) chain[0]));
    generator.addCertificates(new JcaCertStore(List.of(chain)));
    return generator.generate(new CMSProcessableByteArray(document), false).getEncoded();
  }

  private static CMSAttributeTableGenerator attributes(X509Certificate certificate) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
    ASN1EncodableVector added = new ASN1EncodableVector();
    added.add(new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2,
        new DERSet(new SigningCertificateV2(new ESSCertIDv2(digest)))));
    DefaultSignedAttributeTableGenerator usual = new DefaultSignedAttributeTableGenerator(new AttributeTable(added));
    return parameters -> usual.getAttributes(parameters).remove(PKCSObjectIdentifiers.pkcs_9_at_signingTime);
  }
}
