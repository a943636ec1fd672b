import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.PdfDate;
import com.lowagie.text.pdf.PdfDictionary;
import com.lowagie.text.pdf.PdfName;
import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.PdfSignature;
import com.lowagie.text.pdf.PdfSignatureAppearance;
import com.lowagie.text.pdf.PdfStamper;
import com.lowagie.text.pdf.PdfString;
import com.lowagie.text.pdf.RandomAccessFileOrArray;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Calendar;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.CMSTypedData;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * PAdES B-B by OpenPDF and Bouncy Castle through SunPKCS11, the leanest way that they have: the document is read where it
 * lies, and the result is written into its file. Forms: pades, visible.
 *
 * <p>Environment: MODULE, PIN, KEY (the alias), CHAIN (PEM file with the issuer), TEXT (of a visible seal).
 */
final class OpenPdfSealer implements Peer {
  private static final int ROOM_FOR_CMS = 8 * 1024; // as examples for it have

  private final Provider token;
  private final PrivateKey key;
  private final X509Certificate[] chain;

  private OpenPdfSealer() throws Exception {
    token = Security.getProvider("SunPKCS11")
        .configure("--name = signet\nlibrary = " + System.getenv("MODULE") + "\nslotListIndex = 0\n");
    Security.addProvider(token);
    KeyStore keys = KeyStore.getInstance("PKCS11", token);
    keys.load(null, System.getenv("PIN").toCharArray());
    String alias = System.getenv("KEY");
    key = (PrivateKey) keys.getKey(alias, null);
    try (InputStream issuer = new FileInputStream(System.getenv("CHAIN"))) {
      chain = new X509Certificate[] {(X509Certificate) keys.getCertificate(alias),
          (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(issuer)};
    }
  }

  public static void main(String[] args) throws Exception {
    Peer.run(new OpenPdfSealer(), args);
  }

  @Override
  public void seal(String form, String document, String output) throws Exception {
    PdfReader reader = new PdfReader(new RandomAccessFileOrArray(document), null);
    PdfStamper stamper = PdfStamper.createSignature(reader, null, '\0', new File(output), true);
    PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
    if (form.equals("visible")) {
      appearance.setVisibleSignature(new Rectangle(36, 36, 216, 96), 1, "Seal");
      appearance.setLayer2Text(System.getenv("TEXT"));
    }
    appearance.setCrypto(null, chain, null, null);
    PdfSignature dictionary = new PdfSignature(new PdfName("Adobe.PPKLite"), new PdfName("ETSI.CAdES.detached"));
    dictionary.setDate(new PdfDate(Calendar.getInstance()));
    appearance.setCryptoDictionary(dictionary);
    appearance.preClose(Map.of(PdfName.CONTENTS, 2 * ROOM_FOR_CMS + 2));

    byte[] seal = cms(appearance.getRangeStream());
    byte[] padded = new byte[ROOM_FOR_CMS];
    System.arraycopy(seal, 0, padded, 0, seal.length);
    PdfDictionary contents = new PdfDictionary();
    contents.put(PdfName.CONTENTS, new PdfString(padded).setHexWriting(true));
    appearance.close(contents);
    reader.close();
  }

  /** Detached CMS with the signed attributes that PAdES asks for: no signing time, but the signer's certificate. */
  private byte[] cms(InputStream document) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(chain[0].getEncoded());
    ASN1EncodableVector added = new ASN1EncodableVector();
    added.add(new Attribute(PKCSObjectIdentifiers.id_aa_signingCertificateV2,
        new DERSet(new SigningCertificateV2(new ESSCertIDv2(digest)))));
    DefaultSignedAttributeTableGenerator usual = new DefaultSignedAttributeTableGenerator(new AttributeTable(added));
    JcaSignerInfoGeneratorBuilder signer =
        new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build());
    signer.setSignedAttributeGenerator(
        parameters -> usual.getAttributes(parameters).remove(PKCSObjectIdentifiers.pkcs_9_at_signingTime));
    String algorithm = "SHA256with" + (key.getAlgorithm().equals("EC") ? "ECDSA" : "RSA");
    CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
    generator.addSignerInfoGenerator(
        signer.build(new JcaContentSignerBuilder(algorithm).setProvider(token).build(key), chain[0]));
    generator.addCertificates(new JcaCertStore(List.of(chain)));
    return generator.generate(new Streamed(document), false).getEncoded();
  }

  /** Content that is read once and never held. */
  private record Streamed(InputStream stream) implements CMSTypedData {
    @Override
    public ASN1ObjectIdentifier getContentType() {
      return PKCSObjectIdentifiers.data;
    }

    @Override
    public void write(OutputStream out) throws IOException {
      stream.transferTo(out);
    }

    @Override
    public Object getContent() {
      return stream;
    }
  }
}
